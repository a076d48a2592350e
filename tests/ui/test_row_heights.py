"""Rows of wrapped words are as high as Qt would make them, though few are measured at a time."""

from __future__ import annotations

import random

import pytest
from pytestqt.qtbot import QtBot

from tests.kit.workplace import until
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView

WORDS = ("Ceftriaxon", "1 g", "truyền tĩnh mạch", "mỗi 12 giờ", "theo dõi", "phản vệ", "khi sốt")
LEAST = 34
Row = tuple[str, str]


def rows(count: int, seed: int) -> list[Row]:
    chance = random.Random(seed)
    said = [" ".join(chance.choices(WORDS, k=chance.randint(1, 30))) for _ in range(count)]
    return [
        (f"N3-{number}", f"{words}\nmới" if number % 9 == 0 else words)
        for number, words in enumerate(said)
    ]


def table(qtbot: QtBot, found: list[Row]) -> tuple[RowsModel[Row], RowsView]:
    columns: tuple[Column[Row], ...] = (
        Column("Bed", lambda row: row[0], 90),
        Column("Order", lambda row: row[1], role="strong"),
    )
    model: RowsModel[Row] = RowsModel(columns)
    model.replace(found)
    view = RowsView(model)
    model.setParent(view)
    view.wrap_rows(LEAST)
    qtbot.addWidget(view)
    view.resize(420, 300)
    view.show()
    qtbot.waitExposed(view)
    return model, view


def as_qt_would(view: RowsView) -> list[int]:
    count = view.model().rowCount()
    return [max(theme.px(LEAST), view.sizeHintForRow(row)) for row in range(count)]


def heights(view: RowsView) -> list[int]:
    return [view.rowHeight(row) for row in range(view.model().rowCount())]


@pytest.mark.parametrize("seed", range(3))
def test_every_row_gets_the_height_that_its_words_need(qtbot: QtBot, seed: int) -> None:
    model, view = table(qtbot, rows(150, seed))
    until(lambda: heights(view) == as_qt_would(view))
    assert len(set(heights(view))) > 3
    model.replace(rows(90, seed + 10))
    until(lambda: heights(view) == as_qt_would(view))
    model.replace(rows(90, seed + 20))
    until(lambda: heights(view) == as_qt_would(view))
    view.resize(700, 300)
    until(lambda: heights(view) == as_qt_would(view))


def test_the_cursor_stays_in_sight_while_rows_grow(qtbot: QtBot) -> None:
    model, view = table(qtbot, rows(20, 1))
    many = rows(200, 2)
    model.replace(many)
    view.selectRow(120)
    until(lambda: heights(view) == as_qt_would(view))
    seen = view.viewport().rect()
    assert seen.contains(view.visualRect(view.currentIndex()).center())
    assert view.rowAt(0) <= 120


def test_rows_out_of_sight_are_measured_once_they_are_shown(qtbot: QtBot) -> None:
    model, view = table(qtbot, rows(5, 1))
    view.hide()
    model.replace(rows(60, 4))
    view.show()
    until(lambda: heights(view) == as_qt_would(view))
