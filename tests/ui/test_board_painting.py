"""The board is painted anew wherever it would look another way, and nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.kit.ward import advance, discharge, make_desk, patient_id
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel import words
from workstation.services import vital_signs as charting
from workstation.services import ward_board, ward_tasks
from workstation.services.desk import Desk
from workstation.services.ward_board import Bed
from workstation.ui.screens.ward_board.bed_list import BedList
from workstation.ui.screens.ward_board.bed_map import BedMap
from workstation.ui.screens.ward_board.model import BoardModel

BEDS = 6


def measure(desk: Desk, number: int, breaths: int) -> None:
    now = desk.now()
    signs = VitalSigns(at=now, respiratory_rate=Decimal(breaths), spo2=Decimal(96))
    charting.record(desk, patient_id(number), signs)


def shown(qtbot: QtBot, view_of: type[BedList | BedMap]) -> tuple[BoardModel, BedList | BedMap]:
    model = BoardModel()
    view = view_of(model)
    model.setParent(view)
    qtbot.addWidget(view)
    view.resize(1366, 700)
    view.show()
    return model, view


def rows(model: BoardModel, view: BedList | BedMap) -> list[QImage]:
    """How each bed looks, every one of them painted now."""
    picture = view.viewport().grab().toImage()
    rects = [view.visualRect(model.index(row, 0)) for row in range(model.rowCount())]
    if isinstance(view, BedList):
        rects = [each.adjusted(0, 0, picture.width(), 0) for each in rects]
    return [picture.copy(each) for each in rects]


def steps(desk: Desk) -> list[tuple[tuple[Bed, ...], datetime]]:
    """The board as it was read after each of some things that happen on a ward."""
    found = []

    def look() -> None:
        read = ward_board.board(desk)
        found.append((read.beds, read.as_of))

    for number in (1, 2, 3):
        measure(desk, number, 12 + 5 * number)
    ward_tasks.add(desk, patient_id(4), "Thay băng", desk.now() + timedelta(minutes=3, seconds=30))
    look()
    look()
    for pause in (10, 30, 59, 60, 61, 180, 3_600, 40_000):
        advance(desk, seconds=pause)
        look()
    measure(desk, 2, 28)
    look()
    ward_tasks.add(desk, patient_id(1), "Cân", desk.now() + timedelta(hours=1))
    look()
    discharge(desk, 3)
    look()
    return found


@pytest.mark.parametrize("view_of", [BedList, BedMap])
def test_every_row_that_looks_another_way_is_told(
    qtbot: QtBot, tmp_path: Path, view_of: type[BedList | BedMap]
) -> None:
    words.use("vi")
    desk = make_desk(tmp_path / "store", beds=BEDS, taken=4)
    seen = steps(desk)
    desk.store.close()
    model, view = shown(qtbot, view_of)
    model.show_beds(*seen[0])
    told: set[int] = set()
    model.dataChanged.connect(lambda first, _last: told.add(first.row()))
    kept = changed = 0
    for beds, now in seen[1:]:
        before = rows(model, view)
        told.clear()
        model.show_beds(beds, now)
        other = {row for row, was in enumerate(before) if rows(model, view)[row] != was}
        assert other <= told
        changed += len(other)
        kept += BEDS - len(told)
    assert changed >= BEDS
    assert kept > BEDS
