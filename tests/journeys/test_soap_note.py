"""A nurse's note with snippet and values pulled in, without net, and at the hospital afterwards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from hospital.wire import Request
from tests.kit.ward import patient_id
from tests.kit.ward_window import CTRL, NURSE, SHIFT, WardWindow, until
from workstation.fhir import note
from workstation.fhir.json import parse
from workstation.services import flowsheet, notes
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

PATIENT = patient_id(1)


@pytest.fixture
def ward(qtbot, hospital, tmp_path):
    made = WardWindow(tmp_path / "a", hospital.base)
    yield made
    made.close()


def test_values_are_pulled_in_survive_a_lock_and_arrive(ward: WardWindow, hospital):
    ward.log_in(NURSE)
    ward.online()
    hospital.stop()
    ward.screen(WardBoardScreen)
    ward.press(Qt.Key.Key_Return)
    chart = ward.screen(ChartScreen)
    ward.press(Qt.Key.Key_D, CTRL)
    ward.keys("96")
    ward.press(Qt.Key.Key_Return)
    ward.press(Qt.Key.Key_S, CTRL)
    until(lambda: flowsheet.flowsheet(ward.desk, PATIENT).columns, "the pulse")

    ward.press(Qt.Key.Key_N, CTRL)
    editor = chart.findChild(NoteEditor)
    assert editor is not None
    until(lambda: editor.aids._model.rows, "the snippets")
    ward.keys(";nd ")
    ward.press(Qt.Key.Key_V, CTRL | SHIFT)
    until(lambda: "Mạch 96" in editor._course.toPlainText(), "the values")
    ward.press(Qt.Key.Key_Tab)
    ward.compose("nằm đầu cao")
    ward.press(Qt.Key.Key_Tab)
    ward.press(Qt.Key.Key_L, CTRL)
    ward.log_in(NURSE)
    ward.screen(ChartScreen)
    ward.press(Qt.Key.Key_N, CTRL)
    until(lambda: notes.my_drafts(ward.desk, PATIENT), "the draft")
    until(lambda: ward.screen(ChartScreen).findChild(NoteEditor).draft, "the editor")
    ward.press(Qt.Key.Key_Return, CTRL)
    editor = ward.screen(ChartScreen).findChild(NoteEditor)
    until(lambda: "chỗ trống" in editor._note.text(), "the question about the blank")
    ward.press(Qt.Key.Key_Return, CTRL)
    until(lambda: notes.notes(ward.desk, PATIENT), "the signed note")

    hospital.start()
    ward.online()
    query = f"patient=Patient/{PATIENT}"
    answer = hospital.handle(Request("GET", "/fhir/DocumentReference", query, {}, b""))
    (found,) = [note.read(entry["resource"]) for entry in parse(answer.body)["entry"]]
    assert found.course.startswith("Nhận định: ")
    assert "Mạch 96" in found.course
    assert "Can thiệp: nằm đầu cao\nĐánh giá: ___" in found.course
