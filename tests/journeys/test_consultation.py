"""Minutes of a consultation and a second signature, by keys: offline, and over two terminals."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt

from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    PIN,
    SHIFT,
    WardWindow,
    two_terminals,
    until,
)  # fmt: skip
from workstation.services import notes
from workstation.services.notes import Note
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.notes_page import NotesPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.documents.screen import DocumentsScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen
from workstation.ui.screens.ward_tasks.screen import WardTasksScreen

pytestmark = pytest.mark.journey

ALT = Qt.KeyboardModifier.AltModifier
CONCLUSION = "Viêm phổi nặng, theo dõi áp xe"
TREATMENT = "Đổi kháng sinh sau cấy đờm"
WORDS = "Đau ngực khi ho"
MORE = ", đã báo bác sĩ"


def open_notes(at: WardWindow) -> ChartScreen:
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)
    until(board.model.rowCount, "the beds")
    at.press(Qt.Key.Key_Home, CTRL)
    at.press(Qt.Key.Key_Return)
    chart = at.screen(ChartScreen)
    at.press(Qt.Key.Key_3, ALT)
    return chart


def only(at: WardWindow) -> Note:
    patient = at.screen(ChartScreen).patient()
    assert patient is not None
    (note,) = notes.notes(at.desk, patient)
    return note


def write_minutes(at: WardWindow) -> None:
    """Ctrl+Shift+H, the chair by an arrow, three Tabs, two texts, Ctrl+Enter."""
    at.press(Qt.Key.Key_H, CTRL | SHIFT)
    form = at.screen(ChartScreen).findChild(NoteEditor)._minutes
    until(lambda: form.chair.count() == 2, "the doctors")
    at.press(Qt.Key.Key_Down)
    assert form.chair.currentText() == DOCTOR
    for _ in range(4):
        at.press(Qt.Key.Key_Tab)
    at.compose(CONCLUSION)
    at.press(Qt.Key.Key_Tab)
    at.compose(TREATMENT)
    at.press(Qt.Key.Key_Return, CTRL)
    until(lambda: f"Chờ chủ tọa ký: {DOCTOR}" in at.words(), "the minutes wait")


def paper_of(at: WardWindow) -> str:
    at.press(Qt.Key.Key_P, CTRL)
    papers = at.screen(DocumentsScreen)
    until(lambda: papers._paper is not None, "the paper")
    assert papers._paper is not None
    assert papers._paper.kind == "consultation"
    with pypdfium2.PdfDocument(papers._paper.pdf) as pdf:
        found = " ".join(pdf[0].get_textpage().get_text_bounded().split())
    at.press(Qt.Key.Key_Left, ALT)
    at.screen(ChartScreen)
    return found


def test_minutes_are_written_offline_signed_by_the_chair_and_printed(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        a.online()
        hospital.kill()
        open_notes(a)
        write_minutes(a)
        assert "CHỜ CHỦ TỌA KÝ" in paper_of(a)
        until(lambda: "co_sign" in a.screen(ChartScreen).offers(), "the minutes in sight")
        a.press(Qt.Key.Key_G, CTRL | SHIFT)
        person = a.screen(ChartScreen).findChild(NotesPage)._side.signing.person
        until(person._pin.hasFocus, "the PIN of the chair")
        a.keys(PIN)
        a.press(Qt.Key.Key_Return)
        until(lambda: f"Chủ tọa đã ký: {DOCTOR}" in a.words(), "signed by the chair")
        said = paper_of(a)
        assert CONCLUSION in said
        assert "CHỜ CHỦ TỌA KÝ" not in said

        hospital.start()
        a.online()
        assert a.terminal.status().parked == 0
        b.log_in(DOCTOR)
        b.online()
        open_notes(b)
        until(lambda: f"Chủ tọa đã ký: {DOCTOR}" in b.words(), "signed at the other terminal")
        until(lambda: TREATMENT in b.words(), "what was decided")


def write_note(at: WardWindow) -> None:
    """A nurse's note that a doctor is to sign: one arrow in the list below it."""
    open_notes(at)
    at.press(Qt.Key.Key_N, CTRL)
    at.compose(WORDS)
    at.press(Qt.Key.Key_Tab)
    at.press(Qt.Key.Key_Down)
    at.press(Qt.Key.Key_Return, CTRL)
    until(lambda: "Waiting for a second signature: Any doctor" in at.words(), "it waits")


def sign_from_the_list(at: WardWindow) -> None:
    at.press(Qt.Key.Key_6, CTRL)
    tasks = at.screen(WardTasksScreen)
    until(lambda: [r for r in tasks.model.rows if r.item.kind == "signature"], "the note to sign")
    at.press(Qt.Key.Key_Home, CTRL)
    while tasks.model.rows[tasks.view.currentIndex().row()].item.kind != "signature":
        at.press(Qt.Key.Key_Down)
    at.press(Qt.Key.Key_Return)
    until(lambda: WORDS in at.words(), "the note itself")
    at.press(Qt.Key.Key_G, CTRL | SHIFT)
    until(lambda: only(at).under.state == "signed", "signed with one key")


def amend(at: WardWindow) -> None:
    at.press(Qt.Key.Key_Return)
    editor = at.screen(ChartScreen).findChild(NoteEditor)
    until(lambda: editor.draft is not None and editor._course.hasFocus(), "the note in the fields")
    at.press(Qt.Key.Key_End, CTRL)
    at.compose(MORE)
    for _ in range(2):
        at.press(Qt.Key.Key_Tab)
    assert at.focus() is editor._reason
    at.compose("bổ sung")
    at.press(Qt.Key.Key_Return, CTRL)
    until(lambda: only(at).state == "amended", "the amendment")


def test_an_amendment_and_a_signature_cross_and_both_are_kept(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        a.press(Qt.Key.Key_L, CTRL | SHIFT)
        a.online()
        write_note(a)
        a.online()
        b.log_in(DOCTOR)
        b.online()
        hospital.kill()

        sign_from_the_list(b)
        amend(a)

        hospital.start()
        for each in (b, a, b):
            each.online()
        for each in (a, b):
            note = only(each)
            assert (note.text.course, note.under.state) == (WORDS + MORE, "outdated")
            assert [signed.name for signed in note.under.earlier] == [DOCTOR]
            assert each.terminal.status().conflicts == 0
            until(lambda: f"{DOCTOR} signed an earlier version" in each.words(), "told")  # noqa: B023
        b.press(Qt.Key.Key_G, CTRL | SHIFT)
        until(lambda: only(b).under.state == "signed", "signed anew")
        b.online()
        a.online()
        until(lambda: f"Second signature: {DOCTOR}" in a.words(), "known to the author")
