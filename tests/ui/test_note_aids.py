"""Values and snippets in the note editor, by keys."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.kit.people import DOCTOR
from tests.kit.ward import colleague, make_desk, patient_id
from tests.kit.workplace import until
from workstation.clinical.vital_signs import VitalSigns
from workstation.services import notes, snippets, vital_signs
from workstation.ui.screens.chart.note_aids import NoteAids
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.screen import ChartScreen

PATIENT = patient_id(1)


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=1)
    yield colleague(made, DOCTOR)
    made.store.close()


@pytest.fixture
def editor(qtbot, place):
    screen = ChartScreen(place)
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    screen.show()
    screen.arrive(patient=PATIENT, tab="notes")
    screen.activate()
    assert screen.perform("add_note")
    made = screen.findChild(NoteEditor)
    until(lambda: made.aids._model.rows)
    until(made._course.hasFocus)
    yield made
    made.flush()


def press(text="", *keys):
    for letter in text:
        QTest.keyClicks(QApplication.focusWidget(), letter)
    for key in keys:
        QTest.keyClick(QApplication.focusWidget(), key)


def written(editor):
    return editor._course.toPlainText()


def perform(editor, action):
    screen = editor.window()
    assert screen.perform(action)


def test_a_word_and_space_become_the_text_and_its_first_blank_is_chosen(editor):
    press("ok ;soap ")
    assert written(editor).startswith("ok S (subjective): ___\nO (objective): ___")
    assert editor._course.textCursor().selectedText() == "___"
    press("dizzy", Qt.Key.Key_Tab)
    assert written(editor).startswith("ok S (subjective): dizzy\nO (objective): ___")
    press("alert")
    assert "O (objective): alert" in written(editor)


def test_tab_grows_too_and_leaves_the_field_when_nothing_grows(editor):
    press(";TIM", Qt.Key.Key_Tab)
    assert written(editor) == "Heart: regular, S1 S2 clear, no murmur heard."
    press("", Qt.Key.Key_Tab)
    assert editor._orders.hasFocus()


def test_what_is_no_snippet_stays_as_typed(editor):
    press("a;b ;nothing x; tim ")
    assert written(editor) == "a;b ;nothing x; tim "


def test_values_come_at_the_cursor_and_one_undo_takes_them_back(editor, desk):
    vital_signs.record(desk, PATIENT, VitalSigns(at=desk.now(), heart_rate=Decimal(112)))
    press("Before ")
    perform(editor, "insert_values")
    until(lambda: "Pulse 112 /min" in written(editor))
    assert written(editor).startswith(f"Before {desk.now():%d/%m/%Y %H:%M}: ")
    editor._course.undo()
    assert written(editor) == "Before "


def test_no_values_are_said_and_nothing_is_written(editor):
    perform(editor, "insert_values")
    toasts = editor.workplace.navigator.toasts
    until(lambda: toasts)
    assert toasts == ["There are no values of this patient yet."]
    assert written(editor) == ""


def test_values_go_into_the_field_in_use(editor, desk):
    vital_signs.record(desk, PATIENT, VitalSigns(at=desk.now(), heart_rate=Decimal(112)))
    editor._orders.setFocus()
    perform(editor, "insert_values")
    until(lambda: "Pulse 112 /min" in editor._orders.toPlainText())
    assert written(editor) == ""


def test_enter_in_the_list_puts_one_in_and_escape_goes_back(editor):
    perform(editor, "snippets")
    assert editor.aids._view.hasFocus()
    press("", Qt.Key.Key_Return)
    assert written(editor) == editor.aids._model.rows[0].text
    assert editor._course.hasFocus()
    perform(editor, "snippets")
    press("", Qt.Key.Key_Escape)
    assert editor._course.hasFocus()
    assert not editor.aids._list.isVisible()


def test_one_s_own_is_kept_used_and_deleted(editor, desk):
    perform(editor, "snippets")
    aids: NoteAids = editor.aids
    aids._key.setText("sot cao")
    aids._text.setPlainText("Fever ___ °C")
    aids._keep()
    until(lambda: bool(aids._note.text()))
    assert aids._key.hasFocus()
    aids._key.setText("sot")
    aids._keep()
    until(lambda: any(row.own for row in aids._model.rows))
    perform(editor, "snippets")
    press(";sot ")
    assert written(editor) == "Fever ___ °C"
    aids._key.setText("sot")
    aids._forget()
    until(lambda: not any(row.own for row in aids._model.rows))
    assert "sot" not in {each.key for each in snippets.snippets(desk)}


def test_a_note_with_a_blank_is_signed_only_when_asked_twice(editor, desk):
    press("dizzy")
    editor._orders.setPlainText("Rest ___ days")
    editor.sign()
    until(lambda: "___" in editor._note.text())
    assert notes.notes(desk, PATIENT) == ()
    assert editor._orders.hasFocus()
    assert editor._orders.textCursor().selectedText() == "___"
    press("2 or ___")
    editor.sign()
    until(lambda: editor._orders.textCursor().selectedText() == "___")
    assert notes.notes(desk, PATIENT) == (), "another text is asked about anew"
    editor.sign()
    until(lambda: editor.draft is None)
    (signed,) = notes.notes(desk, PATIENT)
    assert signed.text.orders == "Rest 2 or ___ days"
