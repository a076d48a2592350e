"""From the moment a chart is of another patient, nothing of the one before is shown or done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.kit.demo_ward import demo_desk
from tests.kit.people import DOCTOR, NURSE
from tests.kit.workplace import asked, until, workplace_at
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.security.people import Person
from workstation.services import notes, ward_board
from workstation.services.notes import NoteDraft, NoteText, OwnKind
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.note_side import NoteSide
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.chart.tabs import PARTS, TAB_IDS, WRITES
from workstation.ui.toolkit.workplace import Workplace

KEYS = (
    *(Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_F2),
    *(getattr(Qt.Key, f"Key_{letter}") for letter in "ACDEGHIKLNPRSTUWX123"),
)
_FORMS = ("Form", "Editor", "Composer")


@pytest.fixture(params=[NURSE, DOCTOR], ids=["nurse", "doctor"])
def person(request: pytest.FixtureRequest) -> Person:
    found: Person = request.param
    return found


@pytest.fixture
def place(tmp_path: Path, person: Person) -> Iterator[Workplace]:
    with workplace_at(demo_desk(tmp_path / "store", person), tmp_path) as made:
        yield made


@pytest.fixture
def people(place: Workplace) -> tuple[PatientId, PatientId]:
    beds = ward_board.board(place.desk).beds
    first, second, *_ = (bed.occupant.who.patient for bed in beds if bed.occupant is not None)
    return first, second


@pytest.fixture
def chart(qtbot: QtBot, place: Workplace) -> Iterator[ChartScreen]:
    made = ChartScreen(place)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    until(made.isActiveWindow)
    yield made
    made.can_leave()


def turn(chart: ChartScreen, place: Workplace, people: tuple[PatientId, PatientId], tab: str):
    """Read one patient, then turn to the other, of whom nothing is read yet."""
    chart.arrive(patient=people[0], tab=tab)
    chart.activate()
    asked(place)
    asked(place)
    chart.arrive(patient=people[1], tab=tab)
    chart.activate()


def writing(chart: ChartScreen) -> set[QWidget]:
    """Every form and field that is open."""
    return {
        each
        for each in chart.findChildren(QWidget)
        if each.isVisible()
        and (isinstance(each, QLineEdit | QPlainTextEdit) or type(each).__name__.endswith(_FORMS))
    }


@pytest.mark.parametrize("tab", TAB_IDS)
def test_no_key_does_anything_to_the_one_before(
    chart: ChartScreen, place: Workplace, people: tuple[PatientId, PatientId], tab: str
) -> None:
    turn(chart, place, people, tab)
    before = writing(chart)
    for key in KEYS:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        assert writing(chart) == before, key


@pytest.mark.parametrize(("action", "tab"), [*WRITES.items(), *PARTS.items()])
def test_what_is_written_anew_stands_beside_nothing_of_the_one_before(
    chart: ChartScreen,
    place: Workplace,
    people: tuple[PatientId, PatientId],
    action: str,
    tab: str,
) -> None:
    turn(chart, place, people, tab)
    chart.perform(action)
    shown = [
        view.accessibleName()
        for view in chart.findChildren(QAbstractItemView)
        if view.isVisible() and view.model() is not None and view.model().rowCount()
    ]
    assert not shown
    asked(place)


@pytest.mark.parametrize("tab", TAB_IDS)
def test_no_command_does_anything_to_the_one_before(
    chart: ChartScreen, place: Workplace, people: tuple[PatientId, PatientId], tab: str
) -> None:
    turn(chart, place, people, tab)
    before = writing(chart)
    elsewhere = {*WRITES, *PARTS}
    for action in sorted(chart._front().offers() - elsewhere):
        chart.perform(action)
        assert writing(chart) == before, action
        assert chart._front() is chart._page_in_front(), action


def test_a_draft_of_the_one_before_that_comes_late_is_not_written_on_about_the_next(
    chart: ChartScreen, place: Workplace, people: tuple[PatientId, PatientId]
) -> None:
    kind: OwnKind = "doctor" if place.desk.person.role == "doctor" else "nurse"
    left = NoteDraft(uuid7(), kind, NoteText("of the one before"), place.desk.now())
    notes.keep_draft(place.desk, people[0], left)
    chart.arrive(patient=people[0], tab="notes")
    chart.activate()
    asked(place)
    opened = threading.Event()
    place.tasks.query(opened.wait, done=lambda _: None)
    chart.perform("add_note")
    chart.arrive(patient=people[1], tab="notes")
    chart.activate()
    chart.perform("add_note")
    opened.set()
    asked(place)
    asked(place)
    editor = chart.findChild(NoteEditor)
    assert editor.draft is not None
    assert editor.draft.text.course != "of the one before"
    chart.can_leave()
    asked(place)
    assert "of the one before" not in {
        each.text.course for each in notes.my_drafts(place.desk, people[1])
    }


def test_a_note_that_is_signed_late_takes_nothing_that_is_written_about_the_next(
    chart: ChartScreen, place: Workplace, people: tuple[PatientId, PatientId]
) -> None:
    editor = note_about(chart, place, people[0], "of the first")
    opened = threading.Event()
    place.tasks.query(opened.wait, done=lambda _: None)
    chart.perform("sign")
    chart.arrive(patient=people[1], tab="notes")
    chart.activate()
    chart.perform("add_note")
    QTest.keyClicks(QApplication.focusWidget(), "of the second")
    opened.set()
    asked(place)
    asked(place)
    assert editor.isVisible()
    chart.can_leave()
    asked(place)
    kept = [each.text.course for each in notes.my_drafts(place.desk, people[1])]
    assert kept == ["of the second"]
    assert not notes.my_drafts(place.desk, people[0])


def note_about(chart: ChartScreen, place: Workplace, patient: PatientId, text: str) -> NoteEditor:
    chart.arrive(patient=patient, tab="notes")
    chart.activate()
    asked(place)
    chart.perform("add_note")
    asked(place)
    QTest.keyClicks(QApplication.focusWidget(), text)
    found = chart.findChild(NoteEditor)
    assert found is not None
    return found


def test_no_note_of_the_one_before_stands_behind_the_editor(
    chart: ChartScreen, place: Workplace, people: tuple[PatientId, PatientId]
) -> None:
    turn(chart, place, people, "notes")
    side = chart.findChild(NoteSide)
    assert isinstance(side, NoteSide)
    assert side._row is None
    assert not [each.text() for each in side._reader.findChildren(QLabel) if each.text()]
    assert not side._wrong.isEnabled()
