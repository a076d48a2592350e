"""The assessments tab by its keys."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from tests.kit.ward import advance, patient_id
from tests.kit.workplace import asked, shown_words, until
from workstation.clinical.assessment import SCALES
from workstation.clinical.vital_signs import VitalSigns
from workstation.services import assessments, escalation, vital_signs
from workstation.ui.screens.chart.scores_form import ScoresForm
from workstation.ui.screens.chart.scores_page import ScoresPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.toolkit.call_prompt import CallPrompt

PATIENT, OTHER = patient_id(1), patient_id(2)
ENTER = Qt.Key.Key_Return


@pytest.fixture
def screen(qtbot, place):
    made = ChartScreen(place)
    qtbot.addWidget(made)
    made.show()
    made.arrive(patient=PATIENT, tab="scores")
    made.activate()
    until(lambda: page_of(made)._found is not None)
    yield made
    page_of(made).flush()


def page_of(screen) -> ScoresPage:
    return screen.findChild(ScoresPage)


def form_of(screen) -> ScoresForm:
    return page_of(screen).findChild(ScoresForm)


def begin(screen, scale):
    page = page_of(screen)
    ids = [history.scale.id for history in page._found.scales]
    page._scale_view.selectRow(ids.index(scale))
    assert screen.perform("add_assessment")
    return form_of(screen)


def press(*keys):
    for key in keys:
        if isinstance(key, str):
            QTest.keyClicks(QApplication.focusWidget(), key)
        else:
            QTest.keyClick(QApplication.focusWidget(), key)


def last(desk, scale, patient=PATIENT):
    found = assessments.read(desk, patient).scales
    history = next(each for each in found if each.scale.id == scale)
    return history.last.record.assessment if history.last else None


def test_models_behave(screen):
    for model in (page_of(screen)._scales, page_of(screen)._rows):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_what_is_due_first_stands_in_focus(screen):
    page = page_of(screen)
    assert page._scale_view.hasFocus()
    assert page._current().scale.id == "braden"
    assert "late:" in page._scales.index(1, 4).data()


def test_glasgow_takes_a_key_a_line_and_enter(screen, desk):
    form = begin(screen, "glasgow")
    assert form._lines.lines()[0].entry.hasFocus()
    press("3")
    assert "2 lines to go" in shown_words(screen)
    press("4", "6")
    assert "13/15 · E3 V4 M6\nMildly reduced" in shown_words(screen)
    assert last(desk, "glasgow") is None
    press(ENTER)
    until(lambda: not form.isVisible())
    assert (last(desk, "glasgow").total, last(desk, "glasgow").formula) == (13, "E3 V4 M6")
    assert page_of(screen)._scale_view.hasFocus()


def test_what_is_saved_late_closes_no_assessment_that_was_begun_since(screen, desk, place):
    form = begin(screen, "glasgow")
    press("3", "4", "6")
    opened = threading.Event()
    place.tasks.query(opened.wait, done=lambda _: None)
    press(ENTER)
    form.give_up()
    page = page_of(screen)
    page._scale_view.selectRow([each.scale.id for each in page._found.scales].index("braden"))
    screen.perform("add_assessment")
    assert form.scale.id == "braden"
    opened.set()
    asked(place)
    asked(place)
    assert last(desk, "glasgow").total == 13
    assert form.isVisible()
    assert form._patient == PATIENT


def test_n_is_not_testable_and_has_no_total(screen, desk):
    form = begin(screen, "glasgow")
    press("4", "n", "6")
    assert "no total · E4 VNT M6" in shown_words(screen)
    press(ENTER)
    until(lambda: not form.isVisible())
    assert last(desk, "glasgow").total is None


def test_a_wrong_key_stays_in_its_line_and_is_refused_there(screen, desk):
    form = begin(screen, "braden")
    press("9")
    assert form._lines.lines()[0].entry.hasFocus()
    assert form._lines.lines()[0].entry.property("state") == "invalid"
    screen.perform("save")
    until(lambda: bool(form._note.text()))
    assert "1, 2, 3, 4" in form._note.text()
    press("3", "3", "3", "3", "3")
    screen.perform("save")
    until(lambda: "not answered" in form._note.text())
    assert form._lines.lines()[5].entry.hasFocus()
    press("3", ENTER)
    until(lambda: not form.isVisible())
    assert last(desk, "braden").total == 18


def test_a_mistake_is_typed_over_and_up_goes_back(screen):
    form = begin(screen, "braden")
    press("3", "3", Qt.Key.Key_Up, "1")
    assert form._lines.answers()["moisture"] == "1"
    assert form._lines.lines()[2].entry.hasFocus()
    press(Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
    assert form._lines.lines()[1].entry.hasFocus()


def test_what_is_typed_survives_another_patient_and_escape(screen, desk):
    form = begin(screen, "braden")
    press("3", "2")
    screen.arrive(patient=OTHER, tab="scores")
    screen.activate()
    until(lambda: assessments.read(desk, PATIENT).draft is not None)
    assert not form.isVisible()
    screen.arrive(patient=PATIENT, tab="scores")
    screen.activate()
    until(lambda: page_of(screen)._found is not None and page_of(screen)._found.draft is not None)
    begin(screen, "braden")
    assert form._lines.answers()["sensory"] == "3"
    assert form._lines.lines()[2].entry.hasFocus()
    press(Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert dict(assessments.read(desk, PATIENT).draft.answers) == {"sensory": "3", "moisture": "2"}


def test_undo_takes_it_back(screen, desk, place):
    form = begin(screen, "morse")
    press("1", "0", "0", "1", "0", "0", ENTER)
    until(lambda: not form.isVisible())
    assert last(desk, "morse").total == 45
    place.navigator.undo()
    until(lambda: last(desk, "morse") is None)


def test_a_correction_asks_for_its_reason_and_shows_it(screen, desk):
    scale = SCALES["morse"]
    answers = dict.fromkeys((item.id for item in scale.items), "0")
    assessments.record(desk, PATIENT, scale, answers, desk.now())
    advance(desk, hours=1)
    page_of(screen).refresh()
    page, form = page_of(screen), form_of(screen)
    until(lambda: page._found.scales[2].rows)
    page._scale_view.selectRow(2)
    page._row_view.setFocus()
    page._row_view.selectRow(0)
    press(ENTER)
    assert form.isVisible()
    press("1", *[Qt.Key.Key_Down] * 4, ENTER)
    assert form._reason.hasFocus()
    press(ENTER)
    until(lambda: bool(form._note.text()))
    press("Fell at home", ENTER)
    until(lambda: not form.isVisible())
    until(lambda: page._rows.rows[0].record.status == "corrected")
    assert last(desk, "morse").total == 25
    assert "Fell at home" in page._rows.index(0, 4).data()


def test_entered_in_error_is_struck_and_stays_in_the_list(screen, desk):
    scale = SCALES["braden"]
    answers = dict.fromkeys((item.id for item in scale.items), "1")
    assessments.record(desk, PATIENT, scale, answers, desk.now())
    page_of(screen).refresh()
    page, form = page_of(screen), form_of(screen)
    until(lambda: page._found.scales[1].rows)
    page._scale_view.selectRow(1)
    page._on_row(page._rows.rows[0])
    form._reason.setText("Wrong patient")
    QTest.mouseClick(form._wrong, Qt.MouseButton.LeftButton)
    until(lambda: not form.isVisible())
    until(lambda: page._rows.rows[0].record.status == "entered-in-error")
    assert last(desk, "braden") is None
    assert "Wrong patient" in page._rows.index(0, 4).data()


def test_a_call_is_written_down_and_answered_in_the_chart(screen, desk):
    vital_signs.record(desk, PATIENT, VitalSigns(at=desk.now(), heart_rate=Decimal(135)))
    assert screen.perform("record_call")
    prompt = screen.findChild(CallPrompt)
    until(lambda: QApplication.focusWidget() is prompt._text)
    press("BS Minh", ENTER)
    until(lambda: any(words.startswith("Called ") for words in shown_words(prompt)))
    advance(desk, minutes=10)
    assert screen.perform("record_call")
    press("Seen, fluids", ENTER)
    until(lambda: not prompt.isVisible())
    (call,) = escalation.situation(desk, PATIENT).calls
    assert (call.whom, call.answer) == ("BS Minh", "Seen, fluids")
    assert screen.perform("record_call")
    assert screen.workplace.navigator.toasts[-1] == "No call has to be written down now."


def test_the_maternity_chart_is_for_women_and_changes_the_score(screen, desk):
    assert "maternity_chart" not in screen.offers()
    screen.arrive(patient=OTHER, tab="scores")
    screen.activate()
    until(lambda: "maternity_chart" in screen.offers())
    vital_signs.record(desk, OTHER, VitalSigns(at=desk.now(), heart_rate=Decimal(125)))
    assert screen.perform("maternity_chart")
    until(lambda: escalation.situation(desk, OTHER).score.scale == "MEOWS")
    assert escalation.situation(desk, OTHER).wanted
    until(lambda: screen.workplace.navigator.undo)
    screen.workplace.navigator.undo()
    until(lambda: escalation.situation(desk, OTHER).score.scale == "NEWS2")
    assert not escalation.situation(desk, OTHER).wanted


def test_a_maternity_chart_that_is_refused_is_not_said_to_hold(screen, desk):
    screen.arrive(patient=OTHER, tab="scores")
    screen.activate()
    until(lambda: "maternity_chart" in screen.offers())
    with desk.store.write() as unit:
        stay = unit.get("Encounter", "stay-2")
        unit.update({**stay.resource(), "status": "finished"}, seen=stay)
    assert screen.perform("maternity_chart")
    toasts = screen.workplace.navigator.toasts
    until(lambda: toasts)
    assert not any("MEOWS" in said for said in toasts)


def test_the_summary_says_who_was_called_and_what_came_of_it(screen, desk):
    vital_signs.record(desk, PATIENT, VitalSigns(at=desk.now(), heart_rate=Decimal(135)))
    score = escalation.situation(desk, PATIENT).score
    made = escalation.call(desk, PATIENT, score, "BS Minh", desk.now())
    screen.open_tab("summary")
    until(lambda: any("BS Minh · no answer yet" in words for words in shown_words(screen)))
    task = next(iter(made.references)).removeprefix("Task/")
    escalation.answer(desk, task, "Seen", desk.now())
    screen._front().refresh()
    until(lambda: any("BS Minh · Seen" in words for words in shown_words(screen)))
