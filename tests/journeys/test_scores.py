"""A child gets worse: scored as a child, a call, its answer, Glasgow, with and without net."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from hospital.wire import Request
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.ward import patient_id
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    SHIFT,
    WardWindow,
    small_ward,
    store_at,
    until,
)
from workstation.fhir import assessment, escalation
from workstation.fhir.json import parse
from workstation.services import assessments
from workstation.services import escalation as calls
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

CHILD = patient_id(1)
SICK = ("150", "392", "90/50", "45", "91", "3", "a")


def ward_with_a_child():
    """The small ward, with a six-year-old in its first bed."""
    found = small_ward()
    for resource in found:
        if resource["id"] == CHILD:
            resource["birthDate"] = "2020-05-01"
    return found


@pytest.fixture
def hospital(tmp_path):
    with running(tmp_path) as process:
        store_at(process, ward_with_a_child())
        yield process


@pytest.fixture
def ward(qtbot, hospital, tmp_path):
    made = WardWindow(tmp_path / "a", hospital.base)
    yield made
    made.close()


def at_hospital(hospital: HospitalProcess, kind: str):
    """What the server has of the child, of one type."""
    url = f"/fhir/{kind}?patient=Patient/{CHILD}&_count=200"
    answer = hospital.handle(Request("GET", url.partition("?")[0], url.partition("?")[2], {}, b""))
    assert answer.status == 200, answer.body
    return [entry["resource"] for entry in parse(answer.body).get("entry", [])]


def test_a_child_gets_worse_while_the_net_is_gone(ward: WardWindow, hospital: HospitalProcess):
    ward.log_in(NURSE)
    ward.online()
    hospital.stop()

    ward.press(Qt.Key.Key_2, CTRL)
    grid = ward.screen(VitalSignsRoundScreen)
    until(lambda: grid.grid.currentIndex().isValid(), "the round")
    for text in SICK:
        ward.keys(text)
        ward.press(Qt.Key.Key_Return)
    ward.press(Qt.Key.Key_Down)
    until(lambda: "PEWS" in ward.words() and "gọi bác sĩ ngay" in ward.words(), "the prompt")

    ward.press(Qt.Key.Key_E, CTRL | SHIFT)
    ward.compose("BS Huy")
    ward.press(Qt.Key.Key_Return)
    until(lambda: "gọi bác sĩ ngay" not in ward.words(), "the call written down")

    ward.press(Qt.Key.Key_1, CTRL)
    ward.screen(WardBoardScreen)
    ward.press(Qt.Key.Key_Return)
    ward.screen(ChartScreen)
    ward.press(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    until(lambda: "Thang điểm" in ward.words() or "Glasgow" in ward.words(), "the scales")
    pressed = 0
    for key in ("ctrl-e", "3", "4", "6", "enter"):
        if key == "ctrl-e":
            ward.press(Qt.Key.Key_E, CTRL)
        elif key == "enter":
            ward.press(Qt.Key.Key_Return)
        else:
            ward.keys(key)
        pressed += 1
    until(lambda: glasgow(ward), "the Glasgow saved")
    assert (glasgow(ward).formula, pressed) == ("E3 V4 M6", 5)

    hospital.start()
    ward.online()
    ward.press(Qt.Key.Key_L, CTRL)
    ward.log_in(DOCTOR)
    ward.press(Qt.Key.Key_Return)
    ward.screen(ChartScreen)
    ward.press(Qt.Key.Key_E, CTRL | SHIFT)
    until(lambda: "BS Huy" in ward.words(), "the call that waits")
    ward.compose("Đã khám, thở oxy mặt nạ")
    ward.press(Qt.Key.Key_Return)
    until(lambda: not calls.situation(ward.desk, CHILD).open, "the answer")
    ward.online()

    (call,) = (escalation.read(r) for r in at_hospital(hospital, "Task") if escalation.is_call(r))
    assert (call.scale, call.whom, call.answer) == ("PEWS", "BS Huy", "Đã khám, thở oxy mặt nạ")
    assert call.answered_by == DOCTOR
    scales = [assessment.read(r) for r in at_hospital(hospital, "Observation")]
    assert [each.assessment.total for each in scales if each is not None] == [13]


def glasgow(ward: WardWindow):
    """The newest Glasgow of the child in the record."""
    found = next(h for h in assessments.read(ward.desk, CHILD).scales if "glasgow" in h.scale.id)
    return found.last.record.assessment if found.last else None
