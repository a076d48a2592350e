"""Consultations and second signatures in the chart, by keys, on a real store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.kit.people import DOCTOR, NURSE, PIN
from tests.kit.typing import compose
from tests.kit.ward import colleague, make_desk, patient_id, save
from tests.kit.ward_window import staff
from tests.kit.workplace import shown_words, until, workplace_at
from workstation.clinical.co_signature import Wanted
from workstation.clinical.consultation import Consultation, Member
from workstation.kernel import words
from workstation.services import note_signatures, notes
from workstation.services.notes import NoteDraft, NoteText
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.notes_page import NotesPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.ward_tasks.screen import WardTasksScreen

PATIENT = patient_id(1)
CHAIR = Member(DOCTOR.name, DOCTOR.id)
CONCLUSION = "Viêm phổi nặng, theo dõi áp xe"


@pytest.fixture
def desk(tmp_path: Path):
    made = make_desk(tmp_path / "store", beds=2)
    save(made.store, *staff())
    yield made
    made.store.close()


@pytest.fixture
def place(desk, tmp_path: Path):
    words.use("en")
    with workplace_at(desk, tmp_path) as made:
        yield made
    words.use("vi")


@pytest.fixture
def doctors(desk, tmp_path: Path):
    words.use("en")
    with workplace_at(colleague(desk, DOCTOR), tmp_path / "doctor") as made:
        yield made
    words.use("vi")


def chart(qtbot, place, **arguments) -> ChartScreen:
    screen = ChartScreen(place)
    qtbot.addWidget(screen)
    place.tasks.changed.connect(lambda changes, _who: screen.on_changed(changes))
    screen.resize(1366, 768)
    screen.show()
    screen.arrive(patient=PATIENT, tab="notes", **arguments)
    screen.activate()
    until(screen.isActiveWindow)
    return screen


def minutes(desk, **more) -> None:
    met = Consultation(at=desk.now(), chair=CHAIR, conclusion=CONCLUSION, **more)
    notes.sign(
        desk, PATIENT, NoteDraft("c", "consultation", NoteText(consultation=met), desk.now())
    )


def waiting(desk, wanted=None) -> None:
    wanted = wanted or Wanted(role="doctor")
    notes.sign(
        desk, PATIENT, NoteDraft("n", "nurse", NoteText("Đau ngực"), desk.now(), wanted=wanted)
    )


def only(place):
    (note,) = notes.notes(place.desk, PATIENT)
    return note


def press(key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def test_minutes_are_written_by_keys_and_wait_for_the_chair(qtbot, place) -> None:
    screen = chart(qtbot, place)
    assert screen.perform("add_consultation")
    editor = screen.findChild(NoteEditor)
    form = editor._minutes
    until(lambda: form.chair.count() == 2)
    assert form.chair.hasFocus()
    assert "Lê Thị Mai" in shown_words(screen), "the secretary is whoever writes"

    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Tab)
    compose(QApplication.focusWidget(), "GS Trần Văn Nam (BV Bạch Mai)")
    for _ in range(3):
        press(Qt.Key.Key_Tab)
    assert form._parts["conclusion"].hasFocus()
    compose(QApplication.focusWidget(), CONCLUSION)
    screen.perform("sign")
    until(lambda: notes.notes(place.desk, PATIENT))

    said = only(place)
    met = said.text.consultation
    assert (met.chair, met.conclusion, said.under.state) == (CHAIR, CONCLUSION, "waiting")
    assert met.members == (Member("GS Trần Văn Nam (BV Bạch Mai)"),)
    until(lambda: f"Waiting for the chair's signature: {DOCTOR.name}" in shown_words(screen))


def test_minutes_without_a_chair_are_refused_beside_the_field(qtbot, place) -> None:
    screen = chart(qtbot, place)
    screen.perform("add_consultation")
    editor = screen.findChild(NoteEditor)
    compose(editor._minutes._parts["conclusion"], CONCLUSION)
    screen.perform("sign")
    until(lambda: editor._minutes.chair.property("state") == "invalid")
    assert editor._minutes.chair.hasFocus()
    assert notes.notes(place.desk, PATIENT) == ()


def test_a_draft_of_minutes_is_there_again(qtbot, place) -> None:
    screen = chart(qtbot, place)
    screen.perform("add_consultation")
    form = screen.findChild(NoteEditor)._minutes
    until(lambda: form.chair.count() == 2)
    form.members.setText(f"{DOCTOR.name}; Người ngoài")
    compose(form._parts["opinions"], "Chụp CT")
    assert screen.can_leave()
    until(lambda: notes.my_drafts(place.desk, PATIENT))

    again = chart(qtbot, place)
    again.perform("add_consultation")
    found = again.findChild(NoteEditor)._minutes
    until(lambda: found._parts["opinions"].toPlainText() == "Chụp CT")
    assert found.members.text() == f"{DOCTOR.name}; Người ngoài"
    (kept,) = notes.my_drafts(place.desk, PATIENT)
    assert kept.text.consultation.members == (CHAIR, Member("Người ngoài"))


def test_the_last_name_of_a_line_is_completed(qtbot, place) -> None:
    screen = chart(qtbot, place)
    screen.perform("add_consultation")
    form = screen.findChild(NoteEditor)._minutes
    until(lambda: form.chair.count() == 2)
    form.members.setText("GS Nam; quang")
    names = form.members.completer()
    names.setCompletionPrefix(names.splitPath(form.members.text())[0])
    assert names.completionCount() == 1
    assert names.pathFromIndex(names.currentIndex()) == f"GS Nam; {DOCTOR.name}"


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
def test_letters_without_marks_and_enter_take_a_colleague(qtbot, place) -> None:
    screen = chart(qtbot, place)
    screen.perform("add_consultation")
    form = screen.findChild(NoteEditor)._minutes
    until(lambda: form.chair.count() == 2)
    form.members.setFocus()
    compose(form.members, "GS Nam")
    QTest.keyClicks(form.members, "; do q")
    popup = form.members.completer().popup()
    until(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert form.members.text() == f"GS Nam; {DOCTOR.name}"
    assert not popup.isVisible()


def test_a_note_and_minutes_are_drafts_side_by_side(qtbot, place) -> None:
    screen = chart(qtbot, place)
    screen.perform("add_note")
    editor = screen.findChild(NoteEditor)
    compose(editor._course, "Đau ngực")
    screen.perform("add_consultation")
    compose(editor._minutes._parts["summary"], "Sốt")
    screen.perform("add_note")
    until(lambda: editor._course.toPlainText() == "Đau ngực")
    screen.can_leave()
    until(lambda: len(notes.my_drafts(place.desk, PATIENT)) == 2)


def test_values_and_snippets_go_into_the_part_with_the_keys(qtbot, place) -> None:
    screen = chart(qtbot, place)
    screen.perform("add_consultation")
    editor = screen.findChild(NoteEditor)
    until(lambda: editor.aids._model.rows)
    part = editor._minutes._parts["treatment"]
    part.setFocus()
    QTest.keyClicks(part, ";soap")
    press(Qt.Key.Key_Space)
    assert "S:" in part.toPlainText() or "___" in part.toPlainText()


def test_the_author_asks_for_a_doctor_and_the_doctor_signs_by_pin(qtbot, place) -> None:
    screen = chart(qtbot, place)
    screen.perform("add_note")
    editor = screen.findChild(NoteEditor)
    compose(editor._course, "Đau ngực")
    editor._plain.wanted.setFocus()
    press(Qt.Key.Key_Down)
    screen.perform("sign")
    until(lambda: notes.notes(place.desk, PATIENT))
    until(lambda: "co_sign" in screen.offers())

    screen.perform("co_sign")
    signing = screen.findChild(NotesPage)._side.signing
    until(lambda: signing.person._people == (DOCTOR,))
    until(signing.person._pin.hasFocus)
    QTest.keyClicks(signing.person._pin, "000000")
    press(Qt.Key.Key_Return)
    until(signing.person._note.text)
    assert only(place).under.given == ()
    QTest.keyClicks(signing.person._pin, PIN)
    press(Qt.Key.Key_Return)
    until(lambda: only(place).under.state == "signed")
    assert only(place).under.given[0].person == DOCTOR.id
    until(lambda: "co_sign" not in screen.offers())
    assert any(text.startswith("Second signature: ") for text in shown_words(screen))


def test_escape_closes_the_pin_and_nothing_is_signed(qtbot, place) -> None:
    waiting(place.desk)
    screen = chart(qtbot, place)
    until(lambda: "co_sign" in screen.offers())
    screen.perform("co_sign")
    signing = screen.findChild(NotesPage)._side.signing
    until(signing.person._pin.hasFocus)
    press(Qt.Key.Key_Escape)
    assert signing.person is None
    assert screen.findChild(NotesPage)._view.hasFocus()
    assert only(place).under.given == ()


def test_a_pin_half_typed_is_forgotten_with_the_page(qtbot, place) -> None:
    waiting(place.desk)
    screen = chart(qtbot, place)
    until(lambda: "co_sign" in screen.offers())
    screen.perform("co_sign")
    signing = screen.findChild(NotesPage)._side.signing
    until(signing.person._pin.hasFocus)
    QTest.keyClicks(signing.person._pin, PIN[:3])
    screen.perform("chart_summary")
    screen.perform("chart_notes")
    assert signing.person is None
    assert only(place).under.given == ()


def test_whoever_is_asked_signs_at_their_own_log_in_with_one_key_and_can_undo(
    qtbot, doctors, desk
) -> None:
    waiting(desk)
    screen = chart(qtbot, doctors)
    until(lambda: "co_sign" in screen.offers())
    screen.perform("co_sign")
    screen.perform("co_sign")
    until(lambda: only(doctors).under.state == "signed")
    until(lambda: f"Signed by {DOCTOR.name}." in doctors.navigator.toasts)
    assert len(only(doctors).under.given) == 1
    doctors.navigator.undo()
    until(lambda: only(doctors).under.state == "waiting")


def test_nobody_is_offered_for_a_note_of_their_own(qtbot, doctors, desk) -> None:
    waiting(colleague(desk, DOCTOR))
    screen = chart(qtbot, doctors)
    until(lambda: "co_sign" in screen.offers())
    screen.perform("co_sign")
    signing = screen.findChild(NotesPage)._side.signing
    until(signing.person._note.text)
    assert signing.person._people == ()


def test_words_changed_after_the_chair_signed_say_so(qtbot, place) -> None:
    minutes(place.desk)
    note = only(place)
    note_signatures.sign(place.desk, note.id, note.version, by=DOCTOR)
    text = replace(note.text, consultation=replace(note.text.consultation, place="Phòng 3"))
    again = NoteDraft("a", "consultation", text, place.clock.now(), note.id, note.digest, "sai")
    notes.sign(place.desk, PATIENT, again)
    screen = chart(qtbot, place)
    until(lambda: any("not these words." in text for text in shown_words(screen)))
    assert any(text.startswith("Waiting for the chair's") for text in shown_words(screen))


def test_amending_minutes_shows_them_and_asks_the_chair_again(qtbot, place) -> None:
    minutes(place.desk, summary="Sốt")
    note = only(place)
    note_signatures.sign(place.desk, note.id, note.version, by=DOCTOR)
    screen = chart(qtbot, place)
    page = screen.findChild(NotesPage)
    until(lambda: page._model.rows)
    QTest.keyClick(page._view, Qt.Key.Key_Return)
    editor = screen.findChild(NoteEditor)
    assert editor._minutes._parts["summary"].toPlainText() == "Sốt"
    assert editor._minutes.chair.chair() == CHAIR
    compose(editor._minutes._parts["opinions"], "Chụp CT")
    compose(editor._reason, "thiếu ý kiến")
    screen.perform("sign")
    until(lambda: only(place).state == "amended")
    assert only(place).under.state == "outdated"
    assert only(place).text.consultation.opinions == "Chụp CT"


def test_the_list_of_tasks_leads_to_the_note(qtbot, doctors, desk) -> None:
    waiting(desk)
    note = only(doctors)
    screen = WardTasksScreen(doctors)
    qtbot.addWidget(screen)
    screen.show()
    screen.activate()
    until(lambda: screen.model.rows)
    row = next(n for n, r in enumerate(screen.model.rows) if r.item.kind == "signature")
    screen.view.selectRow(row)
    QTest.keyClick(screen.view, Qt.Key.Key_Return)
    assert doctors.navigator.screens == [
        (
            "chart",
            {"patient": PATIENT, "tab": "notes", "record": f"DocumentReference/{note.id}"},
        )
    ]


def test_a_note_of_several_is_the_one_that_was_meant(qtbot, doctors, desk) -> None:
    waiting(desk)
    meant = only(doctors).id
    for number in range(3):
        newer = NoteDraft(f"m{number}", "nurse", NoteText(f"Ghi {number}"), desk.now())
        notes.sign(desk, PATIENT, newer)
    screen = chart(qtbot, doctors, record=f"DocumentReference/{meant}")
    page = screen.findChild(NotesPage)
    until(lambda: page._current() is not None and page._current().id == meant)
    until(lambda: "co_sign" in screen.offers())


def test_a_nurse_has_no_task_to_sign_what_a_doctor_is_asked_for(qtbot, place) -> None:
    waiting(place.desk)
    screen = WardTasksScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    screen.activate()
    until(lambda: screen.model.rows)
    assert NURSE.role == "nurse"
    assert not [row for row in screen.model.rows if row.item.kind == "signature"]


def test_minutes_have_their_own_page_of_the_guide(qtbot, place) -> None:
    minutes(place.desk)
    screen = chart(qtbot, place)
    until(lambda: screen.guide() == "consultation")
    screen.perform("add_note")
    until(lambda: screen.guide() == "")
    screen.perform("add_consultation")
    until(lambda: screen.guide() == "consultation")
