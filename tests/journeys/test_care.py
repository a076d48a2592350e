"""A night with a cannula: put in, scored, taken out while the net is gone, and at the hospital."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from hospital.wire import Request
from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward import patient_id
from tests.kit.ward_window import CTRL, NURSE, WardWindow, until
from workstation.fhir import care_look, care_site
from workstation.fhir.json import parse
from workstation.services import care_sites
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

PATIENT = patient_id(1)
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def ward(qtbot, hospital, tmp_path):
    made = WardWindow(tmp_path / "a", hospital.base)
    yield made
    made.close()


def at_hospital(hospital: HospitalProcess, kind: str):
    """What the server has of the patient, of one type."""
    answer = hospital.handle(
        Request("GET", f"/fhir/{kind}", f"patient=Patient/{PATIENT}&_count=200", {}, b"")
    )
    assert answer.status == 200, answer.body
    return [entry["resource"] for entry in parse(answer.body).get("entry", [])]


def rows(ward: WardWindow):
    return care_sites.read(ward.desk, PATIENT).rows


def test_a_cannula_and_a_pressure_ulcer_while_the_net_is_gone(
    ward: WardWindow, hospital: HospitalProcess
):
    ward.log_in(NURSE)
    ward.online()
    hospital.stop()
    ward.screen(WardBoardScreen)
    ward.press(Qt.Key.Key_Return)
    ward.screen(ChartScreen)
    ward.press(Qt.Key.Key_0, ALT)
    until(lambda: "Chưa ghi đường truyền" in ward.words(), "the empty list")

    ward.press(Qt.Key.Key_B, CTRL)
    ward.keys("1")
    ward.press(Qt.Key.Key_Return)
    ward.keys("3")
    for _ in range(3):
        ward.press(Qt.Key.Key_Return)
    until(lambda: rows(ward), "the cannula")

    ward.press(Qt.Key.Key_B, CTRL)
    ward.compose("loét tì")
    ward.press(Qt.Key.Key_Return)
    ward.keys("cung cut")
    ward.press(Qt.Key.Key_Return)
    ward.compose("độ 2")
    ward.press(Qt.Key.Key_Return)
    ward.press(Qt.Key.Key_Return)
    until(lambda: len(rows(ward)) == 2, "the ulcer")

    cannula = next(n for n, row in enumerate(rows(ward)) if row.record.site.kind.phlebitis)
    ward.press(Qt.Key.Key_Home, CTRL)
    for _ in range(cannula):
        ward.press(Qt.Key.Key_Down)
    ward.press(Qt.Key.Key_Return)
    ward.keys("3")
    assert "thay kim luồn" in ward.words()
    for _ in range(3):
        ward.press(Qt.Key.Key_Return)
    until(lambda: any(row.looks for row in rows(ward)), "the score")
    ward.press(Qt.Key.Key_Delete)
    ward.compose("Viêm tĩnh mạch")
    ward.press(Qt.Key.Key_Return)
    ward.press(Qt.Key.Key_Return)
    until(lambda: not rows(ward)[1].record.present, "the cannula out")

    hospital.start()
    ward.online()
    (line,) = map(care_site.read, at_hospital(hospital, "Procedure"))
    assert (line.site.place.id, line.end_reason) == ("forearm-right", "Viêm tĩnh mạch")
    wounds = [care_site.read(each) for each in at_hospital(hospital, "Condition")]
    assert [each.site.detail for each in wounds if each] == ["độ 2"]
    looks = [care_look.read(each) for each in at_hospital(hospital, "Observation")]
    assert [(each.look.site_grade, each.of) for each in looks if each] == [("3", line.reference)]
    assert not any(row.unsent for row in rows(ward))
