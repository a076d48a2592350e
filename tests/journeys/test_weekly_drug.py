"""A drug for one day of the week: ordered by keys, due on that day alone, beside it asked twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    PIN,
    WardWindow,
    two_terminals,
    until,
)
from tests.kit.witness import shown
from workstation.clinical.medication_record import State
from workstation.fhir import dose as doses
from workstation.fhir.dose import Dose
from workstation.kernel.clock import SystemClock
from workstation.ui.screens.chart.medication_page import MedicationPage
from workstation.ui.screens.chart.orders_page import OrdersPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

ALT = Qt.KeyboardModifier.AltModifier
ENTER = Qt.Key.Key_Return
DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
TODAYS, LATER = "Methotrexat 2,5 mg", "Alendronat 70 mg"


def open_tab(at: WardWindow, key: Qt.Key) -> object:
    """From the board to a tab of the first bed's chart."""
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)
    until(lambda: board.model.rowCount() == 4, "the beds")
    at.press(Qt.Key.Key_B, CTRL | ALT)
    at.press(Qt.Key.Key_Home, CTRL)
    at.press(ENTER)
    chart = at.screen(ChartScreen)
    at.press(key, ALT)
    return chart._front()


def order_weekly(at: WardWindow, drug: str, unit: str, day: int, clock: str) -> None:
    """One a week on a day, at a time, by keys alone."""
    page = open_tab(at, Qt.Key.Key_8)
    assert isinstance(page, OrdersPage)
    at.press(Qt.Key.Key_O, CTRL)
    at.compose(drug)
    for typed in ("10", unit):
        at.press(ENTER)
        at.keys(typed)
    at.press(ENTER)
    at.compose("uống")
    at.press(ENTER)
    at.press(Qt.Key.Key_Down)
    at.press(ENTER)
    lines = page._composer.writing.form.rows.lines
    while at.focus() is not lines["on_days"]:
        at.press(ENTER)
    at.compose(DAYS[day])
    while at.focus() is not lines["at"]:
        at.press(ENTER)
    at.keys(clock)
    at.press(ENTER, CTRL)
    until(lambda: not page._composing(), "the signature")


def open_record(at: WardWindow) -> MedicationPage:
    page = open_tab(at, Qt.Key.Key_7)
    assert isinstance(page, MedicationPage)
    until(lambda: page._model.lines and page._grid.hasFocus(), "the record")
    return page


def planned(page: MedicationPage, drug: str) -> list[State]:
    """What stands in the places of an order."""
    (line,) = [each for each in page._model.lines if each.drug.startswith(drug[:9])]
    return [cell.place.state for cell in line.cells]


def go(at: WardWindow, page: MedicationPage, drug: str) -> None:
    wanted = [n for n, each in enumerate(page._model.lines) if each.drug.startswith(drug[:9])]
    while page._grid.currentIndex().row() != wanted[0]:
        down = page._grid.currentIndex().row() < wanted[0]
        at.press(Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def given(at: WardWindow) -> dict[str, Dose]:
    bodies = shown(at.desk.store).values()
    found = [each for each in bodies if each["resourceType"] == "MedicationAdministration"]
    return {dose.drug: dose for dose in map(doses.read, found)}


def sign_with(at: WardWindow, reason: str) -> None:
    """A usual reason by its number, the person proposed as the second one, and that one's PIN."""
    at.keys(reason)
    at.press(ENTER)
    at.press(ENTER)
    at.keys(PIN)
    at.press(ENTER)


def test_due_on_its_day_alone_and_beside_it_with_a_reason_and_a_second_person(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        b.log_in(DOCTOR)
        a.online()
        b.online()
        slot = SystemClock().now().astimezone() + timedelta(minutes=3)
        order_weekly(b, TODAYS, "mg", slot.weekday(), f"{slot:%H:%M}")
        order_weekly(b, LATER, "mg", (slot.weekday() + 1) % 7, f"{slot:%H:%M}")
        b.online()
        a.online()
        hospital.kill()

        page = open_record(a)
        assert planned(page, TODAYS) == [State.DUE]
        assert planned(page, LATER) == []
        go(a, page, TODAYS)
        a.press(ENTER)
        assert page._form.fields.asked == ("witness",), "high risk, and as planned"
        a.press(ENTER)
        a.keys(PIN)
        a.press(ENTER)
        until(lambda: State.GIVEN in planned(page, TODAYS), "the dose of the day")
        until(page._grid.hasFocus, "the record again")
        go(a, page, LATER)
        while not planned(page, LATER):
            a.press(Qt.Key.Key_PageDown)
        go(a, page, LATER)
        for _ in range(30):
            if page._grid.chosen()[1] is None:
                a.press(Qt.Key.Key_Right)
        a.press(ENTER)
        assert page._form._warning.text().startswith("▲ Ngoài kế hoạch")
        sign_with(a, "")
        assert "Phải ghi lý do" in a.words()
        assert LATER not in given(a)
        a.press(Qt.Key.Key_Escape)
        a.press(ENTER)
        sign_with(a, "4")
        until(lambda: LATER in given(a), "the dose beside the plan")

        hospital.start()
        a.online()
        b.online()
        there = given(b)
        assert there[TODAYS].timing_reason == ""
        assert (there[LATER].witness, there[LATER].timing_reason) == (DOCTOR, "Bác sĩ đồng ý")
        assert b.terminal.status().collisions == 0
