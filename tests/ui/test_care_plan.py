"""Nursing problems in the care tab by their keys."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.kit.ward import make_desk, patient_id, save
from tests.kit.workplace import shown_words, until, workplace_at
from workstation.clinical.care_plan import Care, Goal, Outcome, Plan
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel import words
from workstation.kernel.changes import Changes
from workstation.services import care_plan_deeds, care_plans, care_sites, vital_signs
from workstation.sync.collisions import examine
from workstation.ui.screens.chart.care_page import CarePage
from workstation.ui.screens.chart.care_plan_acts import EvaluateForm
from workstation.ui.screens.chart.care_plan_form import PlanForm
from workstation.ui.screens.chart.care_plan_page import PlanPage
from workstation.ui.screens.chart.care_tab import CareTab
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.collisions.screen import CollisionsScreen

PATIENT, OTHER = patient_id(1), patient_id(2)
ENTER, SHIFT = Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=2)
    yield made
    made.store.close()


@pytest.fixture
def place(qtbot, desk, tmp_path):
    words.use("en")
    with workplace_at(desk, tmp_path) as made:
        yield made
    words.use("vi")


@pytest.fixture
def screen(qtbot, place):
    made = ChartScreen(place)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.arrive(patient=PATIENT, tab="care")
    made.activate()
    until(lambda: page_of(made)._found is not None)
    until(lambda: made.findChild(CarePage)._found is not None)
    yield made
    page_of(made).flush()


def page_of(screen) -> PlanPage:
    return screen.findChild(PlanPage)


def press(*keys, modifier=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        if isinstance(key, str):
            QTest.keyClicks(QApplication.focusWidget(), key)
        else:
            QTest.keyClick(QApplication.focusWidget(), key, modifier)


def rows(desk):
    return care_plans.read(desk, PATIENT).rows


def opened(desk, hours=3):
    care = (Care("Đánh giá", "pain.assess", 4), Care("Chườm"))
    goals = (Goal("Đau ≤ 3", "pain.mild"),)
    since = desk.now() - timedelta(hours=hours)
    plan = Plan("Đau", since, "pain", "Sau mổ", goals, care, 8)
    care_plan_deeds.open_problem(desk, PATIENT, plan, own="plan-1")


def shown(screen, count=1):
    """The problems in front, read again, with the keys."""
    page = page_of(screen)
    screen.findChild(CareTab)._show(page)
    page.refresh()
    until(lambda: len(page.lists.rows.rows) == count)
    page.focus_start()
    until(page.lists.view.hasFocus)


def form_of(screen, kind):
    until(lambda: isinstance(page_of(screen)._form, kind))
    return page_of(screen)._form


def closed(screen):
    until(lambda: page_of(screen)._form is None)


def test_models_behave(screen):
    lists = page_of(screen).lists
    for model in (lists.rows, lists.care, lists.facts):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_letters_walk_between_lines_and_problems(screen):
    tab = screen.findChild(CareTab)
    until(tab.lines.views()[0].hasFocus)
    press("p")
    assert tab.front is tab.plans
    until(page_of(screen).lists.view.hasFocus)
    press("l")
    assert tab.front is tab.lines
    until(tab.lines.views()[0].hasFocus)


def test_a_problem_that_is_known_takes_three_keys(screen, desk):
    shown(screen, 0)
    assert screen.perform("add_care")
    form = form_of(screen, PlanForm)
    press("3")
    assert len(form.care.ticked()) == 8
    screen.perform("save")
    closed(screen)
    (row,) = rows(desk)
    assert (row.record.plan.code, row.record.plan.words) == ("fall-risk", "Nguy cơ ngã")
    assert [each.care.code for each in row.care][:2] == ["fall-risk.bed", "fall-risk.bell"]
    until(page_of(screen).lists.view.hasFocus)


def test_enter_leads_through_the_fields_and_saves_at_the_end(screen, desk):
    assert screen.perform("add_problem")
    form_of(screen, PlanForm)
    press("const", ENTER, "No stool for 4 days", ENTER, ENTER, "Prune juice; Walk", ENTER)
    press(ENTER, ENTER)
    closed(screen)
    plan = rows(desk)[0].record.plan
    assert (plan.code, plan.because) == ("constipation", "No stool for 4 days")
    assert [each.words for each in plan.care][-2:] == ["Prune juice", "Walk"]


def test_own_words_that_hold_a_name_stay_own_words(screen, desk):
    screen.perform("add_problem")
    form = form_of(screen, PlanForm)
    press("Pain on passing water", ENTER)
    assert form._problem.key() == ""
    screen.perform("save")
    until(lambda: "at least one intervention" in form.note.text())
    press(Qt.Key.Key_Tab)
    form.fields.write("care", "Ask each shift")
    screen.perform("save")
    closed(screen)
    assert rows(desk)[0].record.plan.words == "Pain on passing water"


def test_tab_leads_from_the_fields_to_the_lists_and_then_to_save(screen):
    screen.perform("add_problem")
    form = form_of(screen, PlanForm)
    press("1")
    form.fields.last().setFocus()
    for each in (form.goals, form.care):
        press(Qt.Key.Key_Tab)
        assert each.hasFocus()
    press(Qt.Key.Key_Tab)
    assert isinstance(QApplication.focusWidget(), QPushButton)


def test_space_unticks_and_enter_in_the_list_saves(screen, desk):
    screen.perform("add_problem")
    form = form_of(screen, PlanForm)
    press("1")
    form.goals.setFocus()
    press(ENTER)
    assert form.care.hasFocus()
    press(Qt.Key.Key_Down, Qt.Key.Key_Space, ENTER)
    closed(screen)
    codes = [each.care.code for each in rows(desk)[0].care]
    assert "pain.position" not in codes
    assert len(codes) == 5


def test_a_digit_charts_what_was_done_once_and_undo_takes_it_back(screen, desk, place):
    opened(desk)
    shown(screen)
    press("1", "1", "2")
    until(lambda: len(rows(desk)[0].facts) == 2)
    done = {fact.record.what.care.key for fact in rows(desk)[0].facts}
    assert done == {"pain.assess", "chuom"}
    until(lambda: place.navigator.undo is not None)
    until(lambda: len(page_of(screen).lists.facts.rows) == 2)
    place.navigator.undo()
    until(lambda: sum(fact.record.valid for fact in rows(desk)[0].facts) == 1)


def test_enter_on_an_intervention_asks_when_and_what_came_of_it(screen, desk):
    opened(desk)
    shown(screen)
    page_of(screen).lists.care_view.setFocus()
    press(ENTER)
    until(lambda: page_of(screen)._form is not None)
    press("3/10", ENTER, ENTER)
    closed(screen)
    (fact,) = rows(desk)[0].facts
    assert fact.record.what.remark == "3/10"


def test_enter_on_a_problem_says_how_it_goes_and_three_closes_it(screen, desk):
    opened(desk)
    shown(screen)
    press(ENTER)
    form = form_of(screen, EvaluateForm)
    press("9", ENTER, ENTER, ENTER)
    until(lambda: bool(form.note.text()))
    assert rows(desk)[0].record.open
    press("3", ENTER, "No pain", ENTER, ENTER)
    closed(screen)
    (row,) = rows(desk)
    assert (row.record.status, row.evaluation.record.what.outcome) == (
        "completed", Outcome.ACHIEVED,
    )  # fmt: skip


def test_del_takes_back_with_a_reason_and_undo_brings_it_again(screen, desk, place):
    opened(desk)
    shown(screen)
    press(Qt.Key.Key_Delete)
    until(lambda: page_of(screen)._form is not None)
    press("2", ENTER, ENTER, ENTER)
    until(lambda: bool(page_of(screen)._form.note.text()))
    press("Opened twice", ENTER, ENTER)
    closed(screen)
    assert rows(desk)[0].record.status == "revoked"
    place.navigator.undo()
    until(lambda: rows(desk)[0].record.open)


def test_f2_changes_the_plan_with_a_reason(screen, desk):
    opened(desk)
    shown(screen)
    press(Qt.Key.Key_F2)
    form = form_of(screen, PlanForm)
    assert form.fields.text("because") == "Sau mổ"
    assert [each.key for each in form.care.ticked()] == ["pain.assess", "chuom"]
    form.care.setFocus()
    press(Qt.Key.Key_End, Qt.Key.Key_Space)
    form.fields.write("reason", "Doctor asks")
    screen.perform("save")
    closed(screen)
    (row,) = rows(desk)
    assert [each.care.key for each in row.care] == ["pain.assess", "chuom", "pain.tell"]
    assert row.record.reason == "Doctor asks"


def test_a_fact_is_corrected_by_enter_and_struck_out_by_shift_del(screen, desk):
    opened(desk)
    shown(screen)
    press("2")
    until(lambda: len(page_of(screen).lists.facts.rows) == 1)
    facts = page_of(screen).lists.fact_view
    facts.setFocus()
    facts.selectRow(0)
    press(ENTER)
    until(lambda: page_of(screen)._form is not None)
    press("10 min", ENTER, ENTER, "Forgot", ENTER)
    closed(screen)
    assert rows(desk)[0].facts[0].record.what.remark == "10 min"
    until(lambda: page_of(screen).lists.facts.rows[0].record.reason == "Forgot")
    facts.setFocus()
    facts.selectRow(0)
    press(Qt.Key.Key_Delete, modifier=SHIFT)
    until(lambda: page_of(screen)._form is not None)
    press("Wrong patient", ENTER)
    closed(screen)
    assert not rows(desk)[0].facts[0].record.valid


def test_what_the_chart_hints_at_is_a_line_and_opens_nothing_by_itself(screen, desk):
    signs = VitalSigns(at=desk.now(), temperature=Decimal("38.6"))
    vital_signs.record(desk, PATIENT, signs)
    shown(screen)
    assert "1 suggested" in screen.findChild(CareTab)._plans_button.text()
    assert rows(desk) == ()
    press(ENTER)
    form = form_of(screen, PlanForm)
    assert form._problem.key() == "fever"
    screen.perform("save")
    closed(screen)
    assert rows(desk)[0].record.plan.code == "fever"


def test_the_field_of_lines_finds_problems_too(screen, desk):
    screen.perform("add_care")
    press("anxi", ENTER)
    form = form_of(screen, PlanForm)
    assert form._problem.key() == "anxiety"
    screen.perform("save")
    closed(screen)
    assert rows(desk)[0].record.plan.code == "anxiety"
    assert care_sites.read(desk, PATIENT).drafts == {}


def test_escape_keeps_what_is_typed_with_its_ticks(screen, desk):
    screen.perform("add_problem")
    form = form_of(screen, PlanForm)
    press("1")
    form.care.setFocus()
    press(Qt.Key.Key_Space)
    form._problem.setFocus()
    press(Qt.Key.Key_Escape)
    closed(screen)
    until(lambda: bool(page_of(screen)._found.drafts))
    screen.perform("add_problem")
    form = form_of(screen, PlanForm)
    assert form._problem.key() == "pain"
    assert form.care.blank() == ("pain.assess",)


def test_another_patient_takes_the_form_away_and_keeps_it(screen, desk):
    opened(desk)
    shown(screen)
    screen.perform("add_problem")
    form_of(screen, PlanForm)
    press("2")
    screen.arrive(patient=OTHER, tab="care")
    screen.activate()
    assert page_of(screen)._form is None
    assert page_of(screen).lists.rows.rows == ()
    until(lambda: care_plans.read(desk, PATIENT).drafts)
    assert care_plans.read(desk, OTHER).drafts == {}


def test_printing_from_the_care_tab_offers_the_care_sheet(screen, place):
    asked = []
    place.navigator.open_screen = lambda *where, **what: asked.append((where, what))
    assert screen.perform("print")
    assert asked == [(("documents",), {"patient": PATIENT, "kind": "care"})]


def test_the_alert_of_a_problem_opened_twice_leads_to_the_problems(qtbot, desk, place):
    opened(desk)
    with desk.store.read() as view:
        (plan,) = view.find("CarePlan", patient=PATIENT)
    twin = {**plan.resource(), "id": "plan-2"}
    save(desk.store, twin)
    examine(desk.store, Changes(references=frozenset({"CarePlan/plan-1", "CarePlan/plan-2"})))
    alerts = CollisionsScreen(place)
    qtbot.addWidget(alerts)
    alerts.show()
    alerts.activate()
    until(lambda: "One nursing problem, opened twice" in shown_words(alerts))
    (chart,) = (
        each for each in alerts.findChildren(QPushButton) if each.text().startswith("Open chart")
    )
    chart.click()
    ((screen_id, where),) = place.navigator.screens
    assert (screen_id, where["patient"]) == ("chart", PATIENT)
    screen = ChartScreen(place)
    qtbot.addWidget(screen)
    screen.arrive(**where)
    assert screen.findChild(CareTab).front is page_of(screen)
