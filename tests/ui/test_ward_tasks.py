"""The task list by its keys, on a real store."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from tests.kit.ward import advance, make_desk, patient_id
from tests.kit.workplace import BrokenStore, asked, shown_words, until
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel.errors import Damaged
from workstation.services import assignment, task_list, vital_signs, ward_tasks
from workstation.services.assignment import Nurse
from workstation.services.task_list import TaskDraft
from workstation.ui.screens.ward_tasks.screen import WardTasksScreen
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.moment import moment_text

ENTER, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Space


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=3)
    for number in (1, 2):
        vital_signs.record(
            made, patient_id(number), VitalSigns(at=made.now(), respiratory_rate=Decimal(16))
        )
    ward_tasks.add(made, patient_id(2), "Thay băng", made.now() + timedelta(minutes=10))
    yield made
    made.store.close()


@pytest.fixture
def screen(qtbot, workplace):
    made = WardTasksScreen(workplace)
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    made.activate()
    until(lambda: made.model.rows)
    return made


def shown(screen):
    """Without the scales, which are due from admission on."""
    lines = [line for line in screen.model.rows if line.item.kind != "assessment"]
    return [(line.item.kind, line.who.bed_name, line.state) for line in lines]


def cells(screen, row):
    return [screen.model.index(row, column).data() for column in range(7)]


def walk_to(qtbot, screen, kind):
    row = [line.item.kind for line in screen.model.rows].index(kind)
    screen.view.selectRow(0)
    for _ in range(row):
        qtbot.keyClick(screen.view, Qt.Key.Key_Down)


def test_model_behaves(screen, qtmodeltester):
    qtmodeltester.check(screen.model)


def test_it_is_in_order_of_time_and_what_is_far_away_is_left_out(screen):
    assert shown(screen) == [
        ("vital-signs", "03", "late"), ("task", "02", "later"), ("vital-signs", "01", "later"),
        ("vital-signs", "02", "later"),
    ]  # fmt: skip
    assert cells(screen, 0)[:3] == ["never yet", "▲▲ Late", "03"]
    row = [line.item.kind for line in screen.model.rows].index("task")
    assert cells(screen, row)[1] == "Later"
    assert cells(screen, row)[5] == "Thay băng"


def test_enter_opens_where_it_is_done(qtbot, screen, workplace):
    screen.view.selectRow(0)
    qtbot.keyClick(screen.view, ENTER)
    assert workplace.navigator.charts == [(patient_id(3), "vitals")]


def test_space_marks_a_task_done_and_it_comes_back_by_undo(qtbot, screen, workplace):
    walk_to(qtbot, screen, "task")
    qtbot.keyClick(screen.view, SPACE)
    until(lambda: workplace.navigator.toasts)
    assert workplace.navigator.toasts == ["Done: Thay băng"]
    screen.perform("refresh")
    until(lambda: len(shown(screen)) == 3)
    workplace.navigator.undo()
    screen.perform("refresh")
    until(lambda: len(shown(screen)) == 4)


def test_what_is_charted_is_not_ticked_off(qtbot, screen, workplace):
    screen.view.selectRow(0)
    qtbot.keyClick(screen.view, SPACE)
    assert workplace.navigator.toasts == ["This is done by charting it: Enter opens it."]


def test_a_task_that_a_colleague_has_done_meanwhile_says_who(qtbot, screen, workplace, desk):
    walk_to(qtbot, screen, "task")
    line = screen.model.rows[screen.view.currentIndex().row()]
    ward_tasks.done(desk, line.own_task)
    qtbot.keyClick(screen.view, SPACE)
    until(lambda: workplace.navigator.toasts)
    assert desk.person.name in workplace.navigator.toasts[0]
    until(lambda: len(shown(screen)) == 3)


def test_a_new_task_is_written_by_keys_with_a_way_back(qtbot, screen, workplace, desk):
    screen.view.selectRow(0)
    qtbot.keyClick(screen.view, Qt.Key.Key_N)
    assert not screen.new.isHidden()
    qtbot.keyClicks(screen.new.words, "Can nang")
    qtbot.keyClick(screen.new.words, ENTER)
    until(lambda: workplace.navigator.toasts)
    screen.perform("refresh")
    until(lambda: ("task", "03", "later") in shown(screen))
    workplace.navigator.undo()
    screen.perform("refresh")
    until(lambda: ("task", "03", "later") not in shown(screen))


def test_a_time_that_is_over_is_refused_beside_the_field(qtbot, screen, desk):
    qtbot.keyClick(screen.view, Qt.Key.Key_N)
    qtbot.keyClicks(screen.new.words, "Can nang")
    screen.new.due.setText(moment_text(desk.now() - timedelta(hours=2)))
    qtbot.keyClick(screen.new.due, ENTER)
    until(screen.new._note.text)
    assert screen.new._note.text().startswith("▲ This time is over.")
    screen.new.due.setText("tomorrow")
    qtbot.keyClick(screen.new.due, ENTER)
    assert screen.new._note.text() == f"▲ {explain_code(screen)}"


def explain_code(screen):
    return explain(screen.new.due.problem()).line


def test_what_is_half_written_is_there_again(qtbot, screen):
    screen.view.selectRow(0)
    qtbot.keyClick(screen.view, Qt.Key.Key_N)
    qtbot.keyClicks(screen.new.words, "Can nang")
    qtbot.keyClick(screen.new.words, Qt.Key.Key_Escape)
    assert screen.new.isHidden()
    screen.new.words.clear()
    qtbot.keyClick(screen.view, Qt.Key.Key_N)
    until(lambda: screen.new.words.text() == "Can nang")


def test_what_is_not_needed_any_more_needs_a_reason(qtbot, screen, workplace):
    walk_to(qtbot, screen, "task")
    qtbot.keyClick(screen.view, Qt.Key.Key_X)
    qtbot.keyClick(screen.not_needed.reason, ENTER)
    until(screen.not_needed._note.text)
    qtbot.keyClicks(screen.not_needed.reason, "Da ra vien")
    qtbot.keyClick(screen.not_needed.reason, ENTER)
    until(lambda: workplace.navigator.toasts)
    screen.perform("refresh")
    until(lambda: len(shown(screen)) == 3)


def test_my_patients_alone(screen, workplace, desk):
    shift, _ = assignment.shifts_to_assign(desk.now(), 12, "07:00")
    assignment.assign(desk, {"stay-2": [Nurse(desk.person.id, desk.person.name)]}, shift)
    screen.perform("refresh")
    screen.perform("my_patients")
    until(lambda: {bed for _, bed, _ in shown(screen)} == {"02"})
    screen.perform("my_patients")
    assert len(shown(screen)) == 4


def test_time_alone_makes_it_due(screen, desk):
    advance(desk, minutes=15)
    screen.perform("refresh")
    until(lambda: ("task", "02", "due") in shown(screen))
    assert "1 due" in shown_words(screen)


def test_a_record_that_cannot_be_read_is_told_on_the_page(qtbot, workplace, desk):
    made = WardTasksScreen(replace(workplace, desk=replace(desk, store=BrokenStore())))
    qtbot.addWidget(made)
    made.activate()
    expected = explain(Damaged("damaged-page")).title
    until(lambda: expected in shown_words(made))


def test_a_task_for_the_patient_of_the_chart_one_comes_from(qtbot, screen, workplace):
    screen.arrive(patient=patient_id(3))
    screen.activate()
    until(lambda: not screen.new.isHidden())
    assert screen.new.patient.currentData() == patient_id(3)
    qtbot.keyClicks(screen.new.words, "Can nang")
    qtbot.keyClick(screen.new.words, ENTER)
    until(lambda: workplace.navigator.toasts)
    screen.perform("refresh")
    until(lambda: ("task", "03", "later") in shown(screen))


def test_a_chart_of_another_ward_offers_no_neighbour_for_its_task(qtbot, screen, workplace):
    screen.arrive(patient="elsewhere")
    screen.activate()
    until(lambda: not screen.new.isHidden())
    assert screen.new.patient.currentData() is None
    assert "not on this ward" in workplace.navigator.toasts[-1]
    before = shown(screen)
    qtbot.keyClicks(screen.new.words, "Can nang")
    qtbot.keyClick(screen.new.words, ENTER)
    assert screen.new.patient.hasFocus()
    screen.perform("refresh")
    assert shown(screen) == before
    qtbot.keyClick(screen.new.patient, Qt.Key.Key_Down)
    assert screen.new._for == patient_id(1)


def test_a_draft_that_comes_late_is_not_put_beside_another_patient(screen, workplace, desk):
    task_list.keep_draft(desk, patient_id(1), TaskDraft("for the first", "10:00"))
    opened, card = threading.Event(), screen.new
    workplace.tasks.query(opened.wait, done=lambda _: None)
    card.open_for(screen._list.people, patient_id(1))
    place = card.patient.findData(patient_id(2))
    card.patient.setCurrentIndex(place)
    card.patient.activated.emit(place)
    opened.set()
    asked(workplace)
    assert card.words.text() == ""
    card.close_card()
    asked(workplace)
    assert task_list.draft(desk, patient_id(2)) is None


def test_a_task_that_is_written_late_takes_nothing_that_is_typed_for_the_next(
    screen, workplace, desk, qtbot
):
    opened, card = threading.Event(), screen.new
    card.open_for(screen._list.people, patient_id(1))
    asked(workplace)
    qtbot.keyClicks(card.words, "first")
    workplace.tasks.query(opened.wait, done=lambda _: None)
    card.save()
    card.close_card()
    card.open_for(screen._list.people, patient_id(2))
    qtbot.keyClicks(card.words, "second")
    opened.set()
    asked(workplace)
    assert (card.isVisible(), card.words.text()) == (True, "second")
    card.close_card()
    asked(workplace)
    assert task_list.draft(desk, patient_id(2)).words == "second"
    assert task_list.draft(desk, patient_id(1)) is None
