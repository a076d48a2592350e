"""The sync centre and the safety alerts: one finds what needs a person, and gets there by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.kit.at_once import Going, workplace_of
from tests.kit.people import DOCTOR
from tests.kit.store import START
from tests.kit.ward import make_desk
from tests.scenes.sync_centre import LOST, Backup, eventful, log, struck
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Unavailable
from workstation.kernel.ids import PatientId
from workstation.kernel.words import LANGUAGES, Language, language, tr, use
from workstation.services import collisions, patient_record, sync_centre, ward_board
from workstation.store import unreadable
from workstation.store.unreadable import Came
from workstation.sync.capabilities import NOT_KEPT
from workstation.sync.status import Loss
from workstation.ui.screens.collisions.screen import CollisionsScreen
from workstation.ui.screens.sync_centre.screen import SyncCentreScreen
from workstation.ui.screens.sync_centre.server_page import lack_of
from workstation.ui.toolkit import patient_facts
from workstation.ui.toolkit.messages import explain


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = language()
    use("en")
    yield
    use(before)


def centre(qtbot: QtBot, folder: Path, *, full: bool = True) -> SyncCentreScreen:
    desk = make_desk(folder, person=DOCTOR)
    if full:
        eventful(desk)
        log(desk)
    screen = SyncCentreScreen(workplace_of(desk, folder))
    qtbot.addWidget(screen)
    screen.activate()
    return screen


def alerts(qtbot: QtBot, folder: Path) -> CollisionsScreen:
    desk = make_desk(folder, person=DOCTOR)
    eventful(desk)
    screen = CollisionsScreen(workplace_of(desk, folder))
    qtbot.addWidget(screen)
    screen.activate()
    return screen


def going(screen: SyncCentreScreen | CollisionsScreen) -> Going:
    made = screen.workplace.navigator
    assert isinstance(made, Going)
    return made


def in_front(qtbot: QtBot, screen: QWidget) -> None:
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()


def words(widget: QWidget) -> str:
    return "\n".join(found.text() for found in widget.findChildren(QLabel))


def press(widget: QWidget, text: str) -> None:
    buttons = [b for b in widget.findChildren(QPushButton) if b.text() == text]
    buttons[-1].click()


def kinds(screen: SyncCentreScreen) -> list[str]:
    model = screen.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_what_is_dangerous_stands_first(qtbot: QtBot, tmp_path: Path) -> None:
    screen = centre(qtbot, tmp_path)
    assert kinds(screen) == ["Safety alert", "Safety alert", "Conflict", "Refused"]
    assert "Ceftriaxon" in screen.list.model().index(0, 2).data(), "an alert names the drug"
    assert "not yet at the hospital" in words(screen)


def test_enter_opens_the_conflict(qtbot: QtBot, tmp_path: Path) -> None:
    screen = centre(qtbot, tmp_path)
    screen.list.selectRow(2)
    qtbot.keyClick(screen.list, Qt.Key.Key_Return)
    ((name, arguments),) = going(screen).screens
    assert name == "conflict"
    assert arguments["conflict"]


def test_a_refused_change_shows_the_server_s_words_and_is_sent_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    screen = centre(qtbot, tmp_path)
    screen.list.selectRow(3)
    assert "bắt buộc" in words(screen.detail)
    press(screen.detail, "Send again")
    assert going(screen).said == ["It is sent again with the next sync."]
    assert sync_centre.read(screen.workplace.desk).stuck == ()
    assert "Refused" not in kinds(screen)


def test_a_record_that_cannot_be_read_is_told_with_its_number_and_asked_for_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    screen = centre(qtbot, tmp_path)
    desk = screen.workplace.desk
    with desk.store.write() as unit:
        odd = Came("AllergyIntolerance", "a-17", "3", "patient-2", "too-deep", b"{")
        unreadable.keep(unit, [odd], START)
    screen.activate()
    assert kinds(screen)[2] == "Cannot be read"
    screen.list.selectRow(2)
    told = words(screen.detail)
    assert "Number for IT: AllergyIntolerance/a-17 · too-deep" in told
    assert "An allergy may be missing: ask the patient, look at the paper." in told
    assert screen.list.model().index(2, 2).data() == "Allergy", "no number where people read"
    assert "TRẦN" in told.upper()
    bed = ward_board.board(desk).beds[1].occupant
    assert bed is not None
    assert bed.unreadable == 1
    facts = patient_facts.facts(patient_record.banner(desk, PatientId("patient-2")))
    assert facts.unreadable == 1
    press(screen.detail, "Ask the hospital again")
    assert going(screen).said == ["The hospital is asked again with the next sync."]
    assert "Cannot be read" not in kinds(screen)


def test_a_report_of_sync_never_takes_the_keyboard_from_a_passphrase(
    qtbot: QtBot, tmp_path: Path
) -> None:
    screen = centre(qtbot, tmp_path)
    in_front(qtbot, screen)
    assert screen.list.hasFocus()
    screen.tabs.setCurrentWidget(screen.safety)
    phrase = screen.safety.backup.phrase
    screen.safety.choices.button(2).setChecked(True)
    phrase.setFocus()
    qtbot.keyClicks(phrase, "river ")
    screen.on_changed(Changes(frozenset({"Task"}), queue=True))
    assert phrase.hasFocus()
    assert screen.perform("refresh")
    assert phrase.hasFocus()
    screen.activate()
    assert screen.tabs.tabBar().hasFocus()


def test_a_reason_is_typed_on_while_another_alert_comes(qtbot: QtBot, tmp_path: Path) -> None:
    screen = alerts(qtbot, tmp_path)
    in_front(qtbot, screen)
    card = screen.cards()[0]
    card.reason.setFocus()
    qtbot.keyClicks(card.reason, "doctor ")
    other = screen.cards()[1].alert.id
    collisions.acknowledge(screen.workplace.desk, other, "seen")
    screen.on_changed(Changes(frozenset({"DetectedIssue"})))
    again = next(each for each in screen.cards() if each.alert.id == card.alert.id)
    assert again is not card
    assert again.reason.hasFocus()
    qtbot.keyClicks(again.reason, "told")
    assert again.reason.text() == "doctor told"


def test_an_alert_leads_to_the_alerts_and_the_chart(qtbot: QtBot, tmp_path: Path) -> None:
    screen = centre(qtbot, tmp_path)
    screen.list.selectRow(0)
    press(screen.detail, "Open the alert")
    press(screen.detail, "Open the chart")
    assert going(screen).screens == [("collisions", {})]
    assert len(going(screen).charts) == 1


def test_rounds_that_failed_alike_are_one_line(qtbot: QtBot, tmp_path: Path) -> None:
    screen = centre(qtbot, tmp_path)
    rounds = sync_centre.read(screen.workplace.desk).rounds
    assert [(r.outcome, r.times) for r in rounds] == [
        ("complete", 1),
        ("cut", 1),
        ("offline", 2),
        ("complete", 1),
        ("complete", 1),
    ]
    assert (rounds[2].sent, rounds[2].pulled) == (5, 5), "what was sent before it failed counts"


def test_it_reads_again_only_when_the_queue_moved(qtbot: QtBot, tmp_path: Path) -> None:
    screen = centre(qtbot, tmp_path, full=False)
    assert "Nothing needs you." in words(screen)
    eventful(screen.workplace.desk)
    screen.on_changed(Changes(references=frozenset({"Observation/1"})))
    assert kinds(screen) == []
    screen.on_changed(Changes(queue=True))
    assert len(kinds(screen)) == 4


def after_accident(qtbot: QtBot, folder: Path, server: Backup | None) -> SyncCentreScreen:
    desk = make_desk(folder, person=DOCTOR)
    struck(desk, "server-restored")
    screen = SyncCentreScreen(workplace_of(desk, folder, server))
    qtbot.addWidget(screen)
    screen.activate()
    return screen


def test_what_a_restored_server_lost_is_seen_first_and_then_sent_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    server = Backup(LOST)
    screen = after_accident(qtbot, tmp_path, server)
    assert screen.accident.isVisibleTo(screen)
    assert "restored from a backup" in words(screen.accident)
    press(screen.accident, "See what it lost")
    assert "does not know 15 records and has 2 in an older version" in words(screen.accident)
    assert "Measurement: 14" in words(screen.accident)
    assert server.sent_by == []
    press(screen.accident, "Send it again")
    assert server.sent_by == [DOCTOR.id]
    assert going(screen).said == ["17 records are sent again."]


def test_the_card_goes_when_sync_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    screen = after_accident(qtbot, tmp_path, Backup(LOST))
    struck(screen.workplace.desk, "complete")
    screen.on_changed(Changes(queue=True))
    assert not screen.accident.isVisibleTo(screen)


def test_a_restored_server_that_lost_nothing_lets_sync_go_on(qtbot: QtBot, tmp_path: Path) -> None:
    server = Backup(Loss())
    screen = after_accident(qtbot, tmp_path, server)
    press(screen.accident, "See what it lost")
    assert "has every record" in words(screen.accident)
    press(screen.accident, "Go on syncing")
    assert server.sent_by == [DOCTOR.id]


def test_a_server_that_cannot_be_asked_is_asked_again(qtbot: QtBot, tmp_path: Path) -> None:
    server = Backup(LOST, Unavailable("offline"))
    screen = after_accident(qtbot, tmp_path, server)
    press(screen.accident, "See what it lost")
    assert explain(Unavailable("offline")).line in words(screen.accident)
    server.failure = None
    press(screen.accident, "See what it lost")
    assert "does not know 15 records" in words(screen.accident)


def test_a_terminal_without_a_server_only_tells(qtbot: QtBot, tmp_path: Path) -> None:
    screen = after_accident(qtbot, tmp_path, None)
    assert "Call hospital IT" in words(screen.accident)
    assert screen.accident.findChildren(QPushButton) == []


def test_an_alert_is_acknowledged_with_a_word(qtbot: QtBot, tmp_path: Path) -> None:
    screen = alerts(qtbot, tmp_path)
    first = screen.cards()[0]
    qtbot.keyClick(first.reason, Qt.Key.Key_Return)
    assert "reason must be given" in words(first)
    qtbot.keyClicks(first.reason, "doctor told")
    qtbot.keyClick(first.reason, Qt.Key.Key_Return)
    last = screen.cards()[-1]
    assert last.alert.id == first.alert.id
    assert (last.alert.acknowledged_by, last.alert.reason) == (DOCTOR.name, "doctor told")


def test_an_alert_names_people_beds_and_records(qtbot: QtBot, tmp_path: Path) -> None:
    screen = alerts(qtbot, tmp_path)
    told = words(screen)
    assert "Two patients in one bed" in told
    assert "(bed 03)" in told
    assert "Ceftriaxon 1 g" in told
    shared = next(c for c in screen.cards() if c.alert.rule == "two-patients-in-one-bed")
    assert len([b for b in shared.findChildren(QPushButton) if "Open chart" in b.text()]) == 2


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_the_server_at_hand_cannot_keep_is_told_in_both_languages(
    qtbot: QtBot, tmp_path: Path, spoken: Language
) -> None:
    use(spoken)
    desk = make_desk(tmp_path, person=DOCTOR)
    server = Backup(LOST, lacks=None)
    screen = SyncCentreScreen(workplace_of(desk, tmp_path, server))
    qtbot.addWidget(screen)
    screen.activate()
    assert tr("The server was not asked yet.") in words(screen.server)
    server.lacks = ()
    screen.activate()
    assert tr("This server meets every requirement.") in words(screen.server)
    server.lacks = tuple(NOT_KEPT.values())
    screen.activate()
    told = words(screen.server)
    for code in server.lacks:
        lack = lack_of(code)
        assert lack.instead, "no bare code"
        assert lack.what in told
        assert lack.instead in told
    assert len(server.lacks) == 8
    assert screen.tabs.tabText(3) == tr("This server")
