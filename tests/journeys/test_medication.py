"""Drugs at the bedside by keys: by scanner or without, withheld, given twice apart, stopped."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward import patient_id
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    PIN,
    WardWindow,
    two_terminals,
    until,
)  # fmt: skip
from tests.kit.witness import shown
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.medication_record import State
from workstation.fhir import dose as doses
from workstation.fhir.dose import Dose
from workstation.kernel.clock import SystemClock
from workstation.services import orders
from workstation.ui.screens.chart.medication_page import MedicationPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.medication_round.screen import MedicationRoundScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

ALT = Qt.KeyboardModifier.AltModifier
CEFTRIAXONE, MORPHINE = "Ceftriaxon 1 g", "Morphin 10 mg/mL"


class Presses:
    """Counts what a person does: a key is one press, a scan is one."""

    def __init__(self, at: WardWindow) -> None:
        self.at, self.count = at, 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
        self.at.press(key, modifier)
        self.count += 1

    def scan(self, code: str) -> None:
        """What a keyboard wedge sends: all characters, then Enter."""
        self.at.keys(code)
        QTest.keyClick(self.at.focus(), Qt.Key.Key_Return)
        self.at.settle()
        self.count += 1


def order(at: WardWindow, patient: int, drug: str, code: str, timing: Timing) -> None:
    """The doctor orders a drug at her terminal."""
    prescription = Prescription(
        drug=drug,
        codes=(("https://hospital.example/drugs", code),),
        amount=Amount(Decimal(2), "g") if drug == CEFTRIAXONE else Amount(Decimal(5), "mg"),
        route="tiêm tĩnh mạch chậm",
        timing=timing,
    )
    at.act(lambda desk: orders.order_drug(desk, patient_id(patient), prescription))


def now_and_daily() -> Timing:
    """Once a day, at this minute."""
    local = SystemClock().now().astimezone()
    return Timing(
        times_a_day=1, at=(local.time().replace(second=0, microsecond=0),),
        starts_at=local - timedelta(minutes=5),
    )  # fmt: skip


def given(at: WardWindow) -> list[Dose]:
    """Every dose that a terminal shows, by who gave it."""
    bodies = shown(at.desk.store).values()
    found = [each for each in bodies if each["resourceType"] == "MedicationAdministration"]
    return sorted(map(doses.read, found), key=lambda dose: dose.giver or "")


def on_board(at: WardWindow) -> Presses:
    """Stand on the ward board with the first bed chosen; counting begins here."""
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)
    until(lambda: board.model.rowCount() == 4, "the beds")
    at.press(Qt.Key.Key_B, CTRL | ALT)
    at.press(Qt.Key.Key_Home, CTRL)
    return Presses(at)


def open_record(at: WardWindow, keys: Presses) -> MedicationPage:
    """From the board to the medication record of the first bed."""
    keys.press(Qt.Key.Key_Return)
    chart = at.screen(ChartScreen)
    keys.press(Qt.Key.Key_7, ALT)
    page = chart._stack.front()
    assert isinstance(page, MedicationPage)
    until(lambda: page._model.lines and page._grid.hasFocus(), "the record")
    return page


def states(page: MedicationPage) -> list[State]:
    return [cell.place.state for line in page._model.lines for cell in line.cells]


def prepared(a: WardWindow, b: WardWindow, *drugs: tuple[int, str, str]) -> None:
    """Nurse at A, doctor at B; what the doctor orders is known at both."""
    a.log_in(NURSE)
    b.log_in(DOCTOR)
    a.online()
    b.online()
    for patient, drug, code in drugs:
        order(b, patient, drug, code, now_and_daily())
    b.online()
    a.online()


def test_one_drug_with_a_scanner_and_without(
    qtbot, tmp_path: Path, hospital: HospitalProcess, capsys
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        prepared(a, b, (1, CEFTRIAXONE, "8936001234567"), (2, CEFTRIAXONE, "8936001234567"))
        hospital.kill()

        scanning = on_board(a)
        scanning.press(Qt.Key.Key_4, CTRL)
        screen = a.screen(MedicationRoundScreen)
        until(lambda: len(screen.model.rows) == 2 and screen.scan.hasFocus(), "the round")
        scanning.scan("26000002")
        scanning.scan("8936001234567")
        until(lambda: not screen.scan.burst.isActive(), "the scanner's end")
        scanning.press(Qt.Key.Key_Return)
        until(lambda: len(given(a)) == 1, "the dose")
        (dose,) = given(a)
        assert (dose.patient, dose.scanned) == (patient_id(2), "patient-and-drug")

        walking = on_board(a)
        page = open_record(a, walking)
        walking.press(Qt.Key.Key_Return)
        until(lambda: State.GIVEN in states(page), "the dose in its place")
        assert scanning.count <= 4
        assert walking.count <= 7
        with capsys.disabled():
            print(f"\none drug: {scanning.count} presses with a scanner, {walking.count} without")

        hospital.start()
        for at in (a, b):
            at.online()
        assert {dose.patient for dose in given(b)} == {patient_id(1), patient_id(2)}
        assert b.terminal.status().collisions == 0


def test_withheld_offline_and_a_second_person_online(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        prepared(a, b, (1, CEFTRIAXONE, "1"), (1, MORPHINE, "2"))
        hospital.kill()
        page = open_record(a, on_board(a))
        a.press(Qt.Key.Key_W)
        a.press(Qt.Key.Key_2)
        a.press(Qt.Key.Key_Return)
        until(lambda: State.WITHHELD in states(page), "the dose withheld")
        a.press(Qt.Key.Key_Down)
        assert "Morphin" in a.words()
        a.press(Qt.Key.Key_Return)
        assert "NGUYỄN Văn An" in a.words()
        a.press(Qt.Key.Key_Return)
        a.keys(PIN)
        a.press(Qt.Key.Key_Return)
        until(lambda: State.GIVEN in states(page), "the dose that two checked")

        hospital.start()
        a.online()
        b.online()
        found = {dose.drug: dose for dose in given(b)}
        assert found[CEFTRIAXONE].reason == "Huyết áp hoặc mạch quá thấp"
        assert found[MORPHINE].witness == DOCTOR


def test_the_same_dose_at_two_terminals_and_a_stop_meanwhile(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        prepared(a, b, (1, CEFTRIAXONE, "1"))
        hospital.kill()
        for at in (a, b):
            page = open_record(at, on_board(at))
            at.press(Qt.Key.Key_Return)
            until(lambda: State.GIVEN in states(page), "the dose")  # noqa: B023
        at.press(Qt.Key.Key_Return)
        until(lambda: DOCTOR in page._problem.text(), "the refusal by name")
        (order_id,) = {dose.order for dose in given(a)}
        b.act(partial(orders.stop, reference=order_id, reason="Nổi mẩn"))

        hospital.start()
        for at in (a, b, a, b):
            at.online()
        for at in (a, b):
            assert [dose.giver for dose in given(at)] == [NURSE, DOCTOR]
            assert at.terminal.status().collisions == 1
            at.press(Qt.Key.Key_F5)
            page = open_record(at, on_board(at))
            until(lambda: State.GIVEN in states(page), "both doses")  # noqa: B023
            (cell,) = [c for line in page._model.lines for c in line.cells if c.place.twice]
            assert len(cell.doses) == 2
            assert "Đã dùng hai lần" in at.words()
