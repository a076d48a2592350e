"""Every scene draws in both languages and themes, without a warning, in one language only."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QTableView,
    QWidget,
)

from tests.gallery import Scene, render, running, scenes
from workstation.kernel import words
from workstation.ui.toolkit.tasks import TaskRunner

ENGLISH = {
    key.rpartition("|")[2]
    for key, word in words.vietnamese().items()
    if word != key.rpartition("|")[2]
    and "{" not in key
    and re.search(r"[a-z]{3}", key.rpartition("|")[2])
}
VIETNAMESE = {
    word
    for key, word in words.vietnamese().items()
    if word != key.rpartition("|")[2]
    and "{" not in word
    and len(word) > 1  # a key of the keyboard is called by its letter in both languages
}
OF_THE_RECORD = VIETNAMESE & {"Khoa Nội tổng hợp"}


def shown(widget: QWidget) -> set[str]:
    texts: set[str] = set()
    for each in (widget, *widget.findChildren(QWidget)):
        if isinstance(each, QLabel | QAbstractButton):
            texts.add(each.text())
        if isinstance(each, QLineEdit):
            texts.add(each.placeholderText())
        if isinstance(each, QComboBox):
            texts |= {each.itemText(row) for row in range(each.count())}
        if isinstance(each, QTabBar):
            texts |= {each.tabText(tab) for tab in range(each.count())}
        if isinstance(each, QTableView) and each.model() is not None:
            texts |= headings(each.model())
        texts |= {each.toolTip(), each.accessibleName()}
    return texts - {""}


def headings(model: QAbstractItemModel) -> set[str]:
    return {
        str(model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole))
        for column in range(model.columnCount(QModelIndex()))
    }


FOREIGN = {"vi": ENGLISH, "en": VIETNAMESE - OF_THE_RECORD}


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
@pytest.mark.parametrize(("language", "theme"), [("vi", "light"), ("en", "dark")])
def test_a_scene_draws_without_a_warning_and_in_one_language(
    qtbot, scene: Scene, language: words.Language, theme: str
) -> None:
    texts: set[str] = set()
    image = render(scene, language, theme, look=lambda widget: texts.update(shown(widget)))  # type: ignore[arg-type]
    assert (image.width(), image.height()) == scene.size
    colours = {
        image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)
    }
    assert len(colours) > 3, "an empty picture"
    assert texts, "a scene without words proves nothing"
    assert not texts & FOREIGN[language]
    assert not running(), "a scene's threads end with it"


def test_a_word_of_the_other_language_would_be_seen(qtbot) -> None:
    label = QLabel("Ward board")
    qtbot.addWidget(label)
    assert shown(label) & ENGLISH


def test_what_a_scene_starts_ends_with_it_even_if_it_fails(qtbot) -> None:
    started: list[TaskRunner] = []

    def failing() -> QWidget:
        started.append(TaskRunner())
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the one from above
        render(Scene("failing", failing), "vi", "light")
    assert started[0].closed


def test_a_runner_of_somebody_else_goes_on(qtbot) -> None:
    others = TaskRunner()
    try:
        render(Scene("plain", lambda: QLabel("Ward board")), "vi", "light")
        assert running() == [others]
    finally:
        others.shutdown()
