"""A key pressed twice in haste charts once, in every form; and for whom the banner names."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.kit.results import arrive, result
from tests.kit.store import START
from tests.kit.ward import make_desk, patient_id
from tests.kit.workplace import asked, until, workplace_at
from workstation.clinical.assessment import SCALES
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel import words
from workstation.services import assessments, vital_signs, vital_signs_draft
from workstation.store import drafts
from workstation.ui.screens.chart.entry_form import EntryForm
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.scores_form import ScoresForm
from workstation.ui.screens.chart.scores_page import ScoresPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.stays.screen import StaysScreen
from workstation.ui.screens.ward_tasks.screen import WardTasksScreen
from workstation.ui.toolkit.call_prompt import CallPrompt
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.acknowledge_form import AcknowledgeForm

PATIENT, OTHER = patient_id(1), patient_id(2)
ENTER = Qt.Key.Key_Return


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=3, taken=2)
    yield made
    made.store.close()


OPENED: list[Screen] = []


@pytest.fixture
def place(qtbot, desk, tmp_path):
    words.use("en")
    with workplace_at(desk, tmp_path) as made:
        yield made
        while OPENED:  # what they keep they keep while there is a store
            screen = OPENED.pop()
            screen.can_leave()
            screen.hide()
    words.use("vi")


def show(qtbot, place, screen, **arguments):
    qtbot.addWidget(screen)
    OPENED.append(screen)
    screen.resize(1366, 768)
    screen.show()
    screen.arrive(**arguments)
    screen.activate()
    asked(place)
    return screen


def chart(qtbot, place, tab):
    return show(qtbot, place, ChartScreen(place), patient=PATIENT, tab=tab)


def go_to(place, screen, patient):
    screen.arrive(patient=patient, tab=screen.place()["tab"])
    screen.activate()
    asked(place)


def press(*keys):
    for key in keys:
        if isinstance(key, str):
            QTest.keyClicks(QApplication.focusWidget(), key)
        else:
            QTest.keyClick(QApplication.focusWidget(), key)


def charted(desk, type_, patient=PATIENT):
    with desk.store.read() as view:
        return [each.resource() for each in view.find(type_, patient=patient)]


def kept(desk):
    with desk.store.read() as view:
        return [draft.body for draft in drafts.of_person(view, desk.person.id)]


def saved_twice_and_left(place, screen):
    """Saved, saved again, and gone elsewhere before the record has answered."""
    screen.perform("save")
    screen.perform("save")
    screen.can_leave()
    screen.hide()
    asked(place)


def begin(place, screen, action):
    assert screen.perform(action)
    asked(place)


class TestSavedTwice:
    def test_vital_signs(self, qtbot, place, desk):
        screen = chart(qtbot, place, "vitals")
        begin(place, screen, "add_vital_signs")
        press("88")
        saved_twice_and_left(place, screen)
        assert len(charted(desk, "Observation")) == 1
        assert kept(desk) == []

    def test_an_assessment(self, qtbot, place, desk):
        screen = chart(qtbot, place, "scores")
        page = screen.findChild(ScoresPage)
        places = [history.scale.id for history in page._found.scales]
        page._scale_view.selectRow(places.index("glasgow"))
        begin(place, screen, "add_assessment")
        press("3", "4", "6", ENTER, ENTER)
        saved_twice_and_left(place, screen)
        assert len(charted(desk, "Observation")) == 1
        assert kept(desk) == []

    def test_a_cannula(self, qtbot, place, desk):
        screen = chart(qtbot, place, "care")
        begin(place, screen, "add_care")
        press("1", ENTER, "left fore", ENTER, ENTER)
        saved_twice_and_left(place, screen)
        assert len(charted(desk, "Procedure")) == 1
        assert kept(desk) == []

    def test_a_note(self, qtbot, place, desk):
        screen = chart(qtbot, place, "notes")
        begin(place, screen, "add_note")
        editor = screen.findChild(NoteEditor)
        editor._course.setPlainText("Tỉnh, tiếp xúc tốt")
        editor.sign()
        editor.sign()
        screen.can_leave()
        screen.hide()
        asked(place)
        assert len(charted(desk, "DocumentReference")) == 1
        assert kept(desk) == []

    def test_a_task(self, qtbot, place, desk):
        screen = show(qtbot, place, WardTasksScreen(place), patient=PATIENT)
        begin(place, screen, "add_task")
        screen.new.patient.setCurrentIndex(0)
        screen.new.patient.activated.emit(0)
        screen.new.words.setFocus()
        press("Thay bang", ENTER, ENTER)
        screen.hide()
        asked(place)
        assert len(charted(desk, "Task")) == 1
        assert kept(desk) == []

    def test_a_move(self, qtbot, place, desk):
        screen = show(qtbot, place, StaysScreen(place), patient=PATIENT, deed="move")
        until(lambda: screen.form is not None)
        screen.form.fill({"bed": "bed-3"})
        screen.form.save()
        screen.form.save()
        asked(place)
        assert place.navigator.toasts == ["Moved. Saved on this terminal."]
        assert kept(desk) == []

    def test_a_call(self, qtbot, place, desk):
        low = VitalSigns(at=desk.now(), spo2=Decimal(84), respiratory_rate=Decimal(30))
        vital_signs.record(desk, PATIENT, low)
        screen = chart(qtbot, place, "vitals")
        prompt = screen.findChild(CallPrompt)
        assert prompt.begin()
        press("Bs. Huy")
        prompt.record()
        prompt.record()
        asked(place)
        assert len(charted(desk, "Task")) == 1

    def test_an_acknowledgement(self, qtbot, place, desk):
        arrive(desk.store, result("k", PATIENT, START - timedelta(hours=1), "6.9"))
        form = AcknowledgeForm(place)
        qtbot.addWidget(form)
        form.ask("k", "Kali 6,9", "6.9")
        form.line.setText("Gọi bác sĩ")
        QTest.keyClick(form.line, ENTER)
        QTest.keyClick(form.line, ENTER)
        asked(place)
        assert len(charted(desk, "Task")) == 1


class TestGoneOn:
    """What is typed or under way about one patient never lands on the next."""

    def test_vital_signs_stay_with_their_patient(self, qtbot, place, desk):
        screen = chart(qtbot, place, "vitals")
        begin(place, screen, "add_vital_signs")
        press("88")
        go_to(place, screen, OTHER)
        screen.perform("save")
        asked(place)
        assert charted(desk, "Observation") == [], "nobody sees any more what is saved"
        begin(place, screen, "add_vital_signs")
        press("99")
        screen.perform("save")
        asked(place)
        (found,) = charted(desk, "Observation", OTHER)
        assert found["valueQuantity"]["value"] == 99
        go_to(place, screen, PATIENT)
        begin(place, screen, "add_vital_signs")
        screen.perform("save")
        asked(place)
        (found,) = charted(desk, "Observation")
        assert found["valueQuantity"]["value"] == 88

    def test_the_answer_about_one_patient_leaves_what_is_typed_of_the_next(
        self, qtbot, place, desk
    ):
        screen = chart(qtbot, place, "vitals")
        begin(place, screen, "add_vital_signs")
        press("88")
        screen.perform("save")
        screen.arrive(patient=OTHER, tab="vitals")
        screen.perform("add_vital_signs")
        press("99")
        asked(place)
        assert len(charted(desk, "Observation")) == 1
        assert next(iter(screen.findChild(EntryForm)._entries.values())).text() == "99"

    def test_half_an_assessment_stays_with_its_patient(self, qtbot, place, desk):
        assessments.keep_draft(desk, PATIENT, SCALES["glasgow"], {"eye": "4"})
        screen = chart(qtbot, place, "scores")
        screen.arrive(patient=OTHER, tab="scores")
        screen.perform("add_assessment")
        asked(place)
        assert set(screen.findChild(ScoresForm)._lines.answers().values()) <= {""}

    def test_an_acknowledgement_under_way_leaves_the_next_question_open(self, qtbot, place, desk):
        arrive(desk.store, result("k", PATIENT, START - timedelta(hours=1), "6.9"))
        form = AcknowledgeForm(place)
        qtbot.addWidget(form)
        form.ask("k", "Kali 6,9", "6.9")
        form.line.setText("Gọi bác sĩ")
        QTest.keyClick(form.line, ENTER)
        form.ask("other", "Natri 112", "112")
        form.line.setText("Đã")
        asked(place)
        assert (form.isVisible(), form.line.text()) == (True, "Đã")


class TestKept:
    def test_vital_signs_are_kept_at_a_pause(self, qtbot, place, desk):
        screen = chart(qtbot, place, "vitals")
        begin(place, screen, "add_vital_signs")
        press("88")
        until(lambda: vital_signs_draft.kept(desk, PATIENT))
        again = chart(qtbot, place, "vitals")
        begin(place, again, "add_vital_signs")
        assert next(iter(again.findChild(EntryForm)._entries.values())).text() == "88"

    def test_a_task_is_kept_at_a_pause_for_whom_it_is_meant(self, qtbot, place, desk):
        screen = show(qtbot, place, WardTasksScreen(place), patient=PATIENT)
        begin(place, screen, "add_task")
        screen.new.words.setFocus()
        press("Thay bang")
        until(lambda: kept(desk))
        screen.new.patient.setCurrentIndex(1)
        screen.new.patient.activated.emit(1)
        press(" 2")
        until(lambda: len(kept(desk)) == 1 and "Thay bang 2" in kept(desk)[0])

    def test_what_is_refused_once_the_page_is_left_is_kept(self, qtbot, place, desk):
        screen = chart(qtbot, place, "vitals")
        begin(place, screen, "add_vital_signs")
        press("230")
        screen.perform("save")
        go_to(place, screen, OTHER)
        assert vital_signs_draft.kept(desk, PATIENT)
        assert place.navigator.toasts, "the person is told"
