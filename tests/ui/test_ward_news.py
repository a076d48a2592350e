"""What changed on the ward, by its keys, on a real store."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, make_desk, patient_id
from tests.kit.workplace import BrokenStore, shown_words, until
from workstation.kernel.errors import Damaged
from workstation.services import assignment, notes, vital_signs_round
from workstation.services.assignment import Nurse
from workstation.services.notes import NoteDraft, NoteText
from workstation.ui.screens.ward_news.screen import WardNewsScreen
from workstation.ui.toolkit.messages import explain


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=3)
    advance(made, minutes=30)
    for number in (1, 3):
        draft = NoteDraft(f"n{number}", "doctor", NoteText("Khám", ""), made.now())
        notes.sign(colleague(made, DOCTOR), patient_id(number), draft)
        advance(made, minutes=5)
    yield made
    made.store.close()


def test_the_newest_stands_first_and_enter_opens_its_timeline(qtbot, workplace, qtmodeltester):
    screen = WardNewsScreen(workplace)
    qtbot.addWidget(screen)
    screen.show()
    screen.activate()
    until(lambda: screen.model.rows)
    assert [news.who.bed_name for news in screen.model.rows] == ["03", "01"]
    assert screen.model.index(0, 3).data() == "Doctor's note 1"
    qtbot.keyClick(screen.view, Qt.Key.Key_Down)
    qtbot.keyClick(screen.view, Qt.Key.Key_Return)
    assert workplace.navigator.charts == [(patient_id(1), "timeline")]
    qtmodeltester.check(screen.model)


def test_nothing_new_and_an_error_are_told_on_the_page(qtbot, workplace, desk):
    for place, expected in (
        (colleague(desk, DOCTOR), "Nothing new on the ward."),
        (replace(desk, store=BrokenStore()), explain(Damaged("damaged-page")).title),
    ):
        made = WardNewsScreen(replace(workplace, desk=place))
        qtbot.addWidget(made)
        made.activate()
        until(lambda: expected in shown_words(made))  # noqa: B023


def test_the_round_goes_to_ones_own_patients_alone_when_there_are_any(desk):
    shift, _ = assignment.shifts_to_assign(desk.now(), 12, "07:00")
    assert len(vital_signs_round.read(desk, mine=True).patients) == 3
    assignment.assign(desk, {"stay-2": [Nurse(desk.person.id, "")]}, shift)
    mine = vital_signs_round.read(desk, mine=True).patients
    assert [each.who.bed_name for each in mine] == ["02"]
    assert len(vital_signs_round.read(desk).patients) == 3
