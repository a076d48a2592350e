"""Admission, transfer, leave, discharge and death by keys, offline and against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from tests.kit.expected_patients import expected
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.ward import WARD, patient, patient_id
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    WardWindow,
    found_on,
    small_ward,
    store_at,
    until,
)  # fmt: skip
from workstation.fhir import encounter, systems
from workstation.fhir.json import Resource
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused
from workstation.services import registration
from workstation.store import numbers
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.collisions.screen import CollisionsScreen
from workstation.ui.screens.stays.screen import StaysScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen
from workstation.ui.toolkit.messages import explain

pytestmark = pytest.mark.journey

OTHER = "ward-b"
DOWN, ENTER, SPACE, TAB = Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Tab


def place(own: str, name: str, kind: str, part_of: str = "") -> Resource:
    coding = {"system": systems.PHYSICAL_TYPE, "code": kind}
    made: Resource = {
        "resourceType": "Location",
        "id": own,
        "status": "active",
        "name": name,
        "physicalType": {"coding": [coding]},
    }
    return {**made, "partOf": {"reference": f"Location/{part_of}"}} if part_of else made


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[HospitalProcess]:
    with running(tmp_path) as process:
        store_at(process, small_ward(beds=5, taken=2))
        store_at(process, [place(OTHER, "Khoa Tim mạch", "wa")])
        store_at(process, [place("bed-b1", "B1", "bd", OTHER), place("bed-b2", "B2", "bd", OTHER)])
        store_at(process, [patient(3), expected(3), patient(4), expected(4)])
        yield process


class Windows:
    """Opens terminals; all of them close with the test."""

    def __init__(self, folder: Path, hospital: HospitalProcess, stack: ExitStack) -> None:
        self._folder, self._hospital, self._stack = folder, hospital, stack

    def __call__(self, name: str, ward: str = WARD) -> WardWindow:
        folder = self._folder / name
        found_on(folder, self._hospital.base, ward, ward)
        made = WardWindow(folder, self._hospital.base)
        self._stack.callback(made.close)
        made.log_in(DOCTOR)
        made.online()
        return made


@pytest.fixture
def window(tmp_path: Path, hospital: HospitalProcess, qtbot) -> Iterator[Windows]:
    with ExitStack() as stack:
        yield Windows(tmp_path, hospital, stack)


def admissions(at: WardWindow, *kinds: str) -> StaysScreen:
    """Ctrl+7, until the list shows lines of these kinds."""
    at.press(Qt.Key.Key_7, CTRL)
    screen = at.screen(StaysScreen)
    until(lambda: [line.kind for line in screen.list.model.rows] == list(kinds), f"{kinds}")
    until(lambda: at.focus() is screen.list.view, "the keys on the list")
    return screen


def form(at: WardWindow, deed: str) -> StaysScreen:
    """Wait until a form is open and has the keys."""
    screen = at.screen(StaysScreen)
    until(lambda: screen.form is not None and screen.form.deed_id == deed, f"the form {deed}")
    until(lambda: screen.form is not None and screen.form.isAncestorOf(at.focus()), "its keys")
    return screen


def saved(at: WardWindow, screen: StaysScreen) -> None:
    at.press(Qt.Key.Key_S, CTRL)
    until(lambda: screen.form is None, "the form, done")
    at.settle()


def command(at: WardWindow, words: str) -> None:
    """A command by its Vietnamese words, without diacritics."""
    at.press(Qt.Key.Key_K, CTRL)
    at.keys(words)
    at.press(ENTER)


def stay(at: WardWindow, own: str) -> encounter.Stay:
    with at.desk.store.read() as view:
        found = view.get("Encounter", own)
    assert found is not None
    return encounter.read(found.resource())


def on_board(at: WardWindow) -> WardBoardScreen:
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)
    until(board.model.rowCount, "the beds")
    at.press(Qt.Key.Key_B, CTRL | Qt.KeyboardModifier.AltModifier)
    at.settle()
    return board


def go_to(at: WardWindow, bed: str) -> None:
    """Walk to a bed on the board."""
    board = on_board(at)
    at.press(Qt.Key.Key_Home, CTRL)
    names = [each.name for each in board.model.beds()]
    for _ in range(names.index(bed)):
        at.press(DOWN)


def test_somebody_expected_comes_and_a_newcomer_while_the_server_is_away(
    window: Windows, hospital: HospitalProcess
) -> None:
    a = window("a")
    with a.desk.store.read() as view:
        assert numbers.left(view, registration.RECORD), "numbers leased while online"
    screen = admissions(a, "expected", "expected")
    a.press(ENTER)
    form(a, "admit")
    for key in (DOWN, ENTER, ENTER, ENTER, DOWN):  # bed, over the diagnosis, care level
        a.press(key)
    saved(a, screen)
    assert stay(a, "planned-3").current_places == ("bed-3",)
    a.online()

    hospital.kill()
    a.sync(lambda status: status.link == "offline", "offline")
    admissions(a, "expected")
    a.keys("n")
    form(a, "admit_new")
    a.compose("Hồ Thị Kỷ")
    for key in (ENTER, DOWN, DOWN, ENTER):
        a.press(key)
    a.keys("01/02/1960")
    for _ in range(4):
        a.press(ENTER)
    for key in (DOWN, ENTER):
        a.press(key)
    a.compose("Sốt chưa rõ nguyên nhân")
    for key in (ENTER, ENTER, DOWN):
        a.press(key)
    saved(a, screen)
    board = on_board(a)
    until(lambda: len([1 for each in board.model.beds() if each.occupant]) == 4, "the newcomer")
    until(lambda: a.terminal.status().unsent >= 3, "the unsent entries in the strip")

    hospital.start()
    a.online()
    b = window("b")
    there = on_board(b)
    names = {each.occupant.who.name.plain for each in there.model.beds() if each.occupant}
    assert "Hồ Thị Kỷ" in names


def test_a_transfer_is_asked_for_on_one_ward_and_accepted_on_the_other(window: Windows) -> None:
    a, b = window("a"), window("b", OTHER)
    go_to(a, "01")
    command(a, "chuyen khoa")
    screen = form(a, "transfer")
    a.press(DOWN)
    saved(a, screen)
    a.online()
    b.online()
    there = admissions(b, "incoming")
    b.press(ENTER)
    form(b, "accept")
    b.press(DOWN)
    saved(b, there)
    b.online()
    a.online()
    assert stay(a, "stay-1").current_places == ("bed-b1",)
    board = on_board(a)
    until(lambda: board.model.beds()[0].occupant is None, "the empty bed")
    ward = on_board(b)
    until(lambda: ward.model.beds()[0].occupant is not None, "the new patient")


def test_a_patient_goes_on_leave_comes_back_is_discharged_and_taken_back(window: Windows) -> None:
    a = window("a")
    go_to(a, "01")
    command(a, "nghi phep")
    screen = form(a, "leave")
    tomorrow = SystemClock().now().astimezone() + timedelta(days=1)
    a.keys(tomorrow.strftime("%d/%m/%Y %H:%M"))
    saved(a, screen)
    assert stay(a, "stay-1").status == "onleave"
    admissions(a, "expected", "expected", "leave")
    a.press(DOWN)
    a.press(DOWN)
    a.press(ENTER)
    form(a, "return")
    saved(a, screen)
    assert stay(a, "stay-1").status == "in-progress"

    go_to(a, "01")
    command(a, "cho nguoi benh ra vien")
    form(a, "discharge")
    for key in (DOWN, ENTER, DOWN):
        a.press(key)
    saved(a, screen)
    a.online()
    assert stay(a, "stay-1").status == "finished"
    admissions(a, "expected", "expected", "left")
    a.press(DOWN)
    a.press(DOWN)
    a.press(ENTER)
    form(a, "take_back")
    a.compose("Nhầm người bệnh cùng tên")
    saved(a, screen)
    a.online()
    found = stay(a, "stay-1")
    assert (found.status, found.current_places) == ("in-progress", ("bed-1",))


def test_a_death_stands_on_the_banner_after_its_cause_was_asked_for(window: Windows) -> None:
    a = window("a")
    go_to(a, "02")
    command(a, "ghi nhan tu vong")
    screen = form(a, "death")
    a.press(Qt.Key.Key_S, CTRL)
    until(lambda: explain(Refused("required")).line in a.words(), "the missing cause")
    assert stay(a, "stay-2").present
    a.compose("Sốc nhiễm khuẩn")
    saved(a, screen)
    a.online()
    admissions(a, "expected", "expected", "left")
    a.press(DOWN)
    a.press(DOWN)
    a.keys("c")
    chart = a.screen(ChartScreen)
    assert chart.patient() == patient_id(2)
    today = SystemClock().now().astimezone().strftime("%d/%m/%Y")
    until(lambda: today in a.words() and "Tử vong" in a.words(), "the death on the banner")


def test_two_people_admitted_to_one_bed_apart_are_told_and_one_is_moved(
    window: Windows, hospital: HospitalProcess
) -> None:
    a, b = window("a"), window("b")
    hospital.kill()
    for at, lines in ((a, 0), (b, 1)):
        at.sync(lambda status: status.link == "offline", "offline")
        screen = admissions(at, "expected", "expected")
        for _ in range(lines):
            at.press(DOWN)
        at.press(ENTER)
        form(at, "admit")
        for key in (DOWN, ENTER, ENTER, ENTER, DOWN):
            at.press(key)
        saved(at, screen)
    hospital.start()
    for at in (a, b, a, b, a):
        at.online()
    assert a.terminal.status().collisions == 1
    a.press(Qt.Key.Key_3, CTRL)
    a.press(ENTER)
    alerts = a.screen(CollisionsScreen)
    until(alerts.cards, "the alert")
    for _ in range(12):
        found = a.focus()
        if isinstance(found, QPushButton) and found.text().startswith("Chuyển giường cho"):
            break
        a.press(TAB)
    a.press(SPACE)
    screen = form(a, "move")
    a.press(DOWN)
    saved(a, screen)
    for at in (a, b, a):
        at.online()
    assert a.terminal.status().collisions == 0
    beds = {stay(a, f"planned-{number}").current_places for number in (3, 4)}
    assert len(beds) == 2


def test_an_admission_is_planned_changed_and_struck_while_the_server_is_away(
    window: Windows, hospital: HospitalProcess
) -> None:
    a, b = window("a"), window("b")
    hospital.kill()
    a.sync(lambda status: status.link == "offline", "offline")
    screen = admissions(a, "expected", "expected")
    a.keys("p")
    form(a, "expect_new")
    a.compose("Hồ Thị Kỷ")
    for key in (ENTER, DOWN, DOWN, ENTER):
        a.press(key)
    a.keys("01/02/1960")
    for _ in range(4):
        a.press(ENTER)
    tomorrow = SystemClock().now().astimezone() + timedelta(days=1)
    a.keys(tomorrow.strftime("%d/%m/%Y %H:%M"))
    for key in (ENTER, DOWN, DOWN, ENTER):  # the second bed, in which somebody lies
        a.press(key)
    a.compose("Mổ phiên")
    for _ in range(2):
        a.press(ENTER)
    a.compose("Phòng khám")
    saved(a, screen)
    admissions(a, "expected", "expected", "expected")
    for _ in range(2):
        a.press(DOWN)
    a.keys("e")
    form(a, "change_expected")
    at = screen.form.fields["diagnosis"].input if screen.form else None
    assert at is not None
    at.setFocus()
    a.press(Qt.Key.Key_End)
    a.compose(" thoát vị")
    saved(a, screen)
    hospital.start()
    a.online()
    b.online()
    there = admissions(b, "expected", "expected", "expected")
    line = there.list.model.rows[2]
    assert (line.name.plain, line.where, line.other) == ("Hồ Thị Kỷ", "02", "Phòng khám")
    assert line.diagnosis == "Mổ phiên thoát vị"
    for _ in range(2):
        b.press(DOWN)
    b.keys("r")
    form(b, "cancel")
    b.compose("Hoãn")
    saved(b, there)
    b.online()
    a.online()
    admissions(a, "expected", "expected")
