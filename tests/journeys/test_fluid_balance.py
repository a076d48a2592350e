"""A nurse charts fluids while the server is away; another terminal then has the same sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.kit.hospital_process import HospitalProcess
from tests.kit.people import DOCTOR
from tests.kit.ward import patient_id
from tests.kit.ward_window import (
    CTRL,
    NO,
    NURSE,
    SHIFT,
    WardWindow,
    two_terminals,
    until,
)
from workstation.clinical.fluid_balance import Kind
from workstation.clinical.fluid_goal import Measure, Target
from workstation.services import fluid_balance_sheet, fluid_goal
from workstation.ui.screens.chart.fluid_balance_grid import FluidGrid
from workstation.ui.screens.chart.fluid_balance_lines import FluidLines
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.documents.screen import DocumentsScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

ALT = Qt.KeyboardModifier.AltModifier


def open_fluids(at: WardWindow) -> None:
    """From the board to the fluids of the first bed, by keys."""
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)
    until(lambda: board.model.rowCount() == 4, "the beds")
    at.press(Qt.Key.Key_B, CTRL | ALT)
    at.press(Qt.Key.Key_Home, CTRL)
    at.press(Qt.Key.Key_Return)
    assert at.screen(ChartScreen).patient() == patient_id(1)
    at.press(Qt.Key.Key_9, ALT)


class Counted:
    """Counts the keys that a task takes."""

    def __init__(self, at: WardWindow) -> None:
        self.at, self.count = at, 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO) -> None:
        self.count += 1
        self.at.press(key, modifier)

    def keys(self, text: str) -> None:
        self.count += len(text)
        self.at.keys(text)

    def enter(self, *texts: str) -> None:
        for text in texts:
            self.keys(text)
            self.press(Qt.Key.Key_Return)


def charted(at: WardWindow) -> dict[Kind, Decimal | None]:
    plan = fluid_balance_sheet.Plan(12, time(7))
    found = fluid_balance_sheet.sheet(at.desk, patient_id(1), plan)
    return {
        line.entry.fluid.kind: line.entry.fluid.volume_ml
        for line in found.lines
        if line.entry.valid
    }


def sums(at: WardWindow) -> str:
    """What the line above the sheet says."""
    return next(
        label.text()
        for label in at.window.findChildren(QLabel)
        if label.isVisible() and label.text().startswith(("Vào ", "In "))
    )


def chart_offline(a: WardWindow) -> None:
    """Three amounts in one go, then an hourly urine with what stands ready."""
    by = Counted(a)
    by.press(Qt.Key.Key_I, CTRL)
    by.enter("1", "200", "8", "3500", "9", "x")
    by.press(Qt.Key.Key_S, CTRL)
    assert charted(a) == {
        Kind.ORAL: Decimal(200),
        Kind.CATHETER: Decimal(3500),
        Kind.STOOL: None,
    }
    print(f"\n3 amounts of 3 kinds: {by.count} keys")
    assert by.count <= 19  # 11 of them are the kinds and amounts themselves
    assert sums(a) == "Vào 200 · ra 3500 · cân bằng −3300 mL"
    assert "▲ chưa đủ: 1 lần không đo" in a.words()


def correct_offline(a: WardWindow) -> None:
    """The catheter was misread: found in the sheet, put right with a reason."""
    assert isinstance(a.focus(), FluidGrid)
    a.press(Qt.Key.Key_Tab)
    until(lambda: isinstance(a.focus(), FluidLines), "the amounts")
    while "Tiểu qua ống thông" not in a.focus().currentIndex().siblingAtColumn(1).data():
        a.press(Qt.Key.Key_Down)
    a.press(Qt.Key.Key_Return)
    a.keys("350")
    for _ in range(2):
        a.press(Qt.Key.Key_Return)
    a.compose("Đọc nhầm vạch")
    a.press(Qt.Key.Key_Return)
    until(lambda: sums(a) == "Vào 200 · ra 350 · cân bằng −150 mL", "the corrected sum")


def hourly(a: WardWindow) -> None:
    """The next hour: what was charted last stands ready."""
    by = Counted(a)
    by.press(Qt.Key.Key_I, CTRL)
    assert a.focus().accessibleName() == "Lượng (mL)"
    while a.focus().parent().kind_entry.kind() is not Kind.CATHETER:
        by.press(Qt.Key.Key_Return)
    by.keys("60")
    by.press(Qt.Key.Key_S, CTRL)
    print(f"an hourly urine: {by.count} keys")
    assert by.count <= 8
    until(lambda: "ra 410" in sums(a), "the new sum")


def want(a: WardWindow) -> None:
    """A doctor's goal, set while the hospital cannot be reached."""
    day = fluid_balance_sheet.Plan(12, time(7)).day(a.desk.now())
    most = Target(Measure.INTAKE, None, Decimal(1500))
    fluid_goal.set_goal(replace(a.desk, person=DOCTOR), patient_id(1), most, day)


def print_it(b: WardWindow) -> str:
    """Ctrl+P from the fluids: the sheet of today, in the language spoken."""
    b.press(Qt.Key.Key_P, CTRL)
    screen = b.screen(DocumentsScreen)
    until(lambda: screen._paper is not None, "the paper")
    assert screen._paper is not None
    with pypdfium2.PdfDocument(screen._paper.pdf) as document:
        assert len(document) == 1
        return document[0].get_textpage().get_text_bounded()


def test_fluids_through_an_outage(qtbot, tmp_path: Path, hospital: HospitalProcess) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        for each in (a, b):
            each.log_in(NURSE)
            each.online()
        hospital.stop()
        open_fluids(a)
        assert "Chưa ghi dịch vào – ra" in a.words()
        chart_offline(a)
        correct_offline(a)
        hourly(a)
        want(a)
        assert len(charted(a)) == 3
        hospital.start()
        a.online()
        assert not a.terminal.status().unsent
        b.online()
        open_fluids(b)
        until(lambda: sums(b) == "Vào 200 · ra 410 · cân bằng −210 mL", "the same sums")
        assert "ra 410" in sums(a)
        goal = "Mục tiêu 24 giờ: tổng vào nhiều nhất 1500 mL · đến nay 200 mL"
        assert goal in b.words()
        b.press(Qt.Key.Key_L, CTRL | SHIFT)
        open_fluids(b)
        until(lambda: sums(b) == "In 200 · out 410 · balance −210 mL", "the same in English")
        text = print_it(b)
        assert "FLUID" in text
        assert "−210*" in text
        assert "Goal for 24 h: all in at most 1500 mL" in text
        b.press(Qt.Key.Key_L, CTRL | SHIFT)
