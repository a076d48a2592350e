"""This terminal's own page: enrolment while it waits, the ward once let in, people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.kit.terminal import KNOWN, PIN, FakeTerminal, make_window, settle
from workstation.kernel import settings as table
from workstation.kernel.errors import Damaged, Unavailable
from workstation.kernel.ids import PersonId
from workstation.ui.shell.enrolment_card import EnrolmentCard
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.people_card import PeopleCard
from workstation.ui.shell.set_up import SetUpPage
from workstation.ui.shell.window import Window
from workstation.ui.toolkit.actions import BY_ID

WAITING = replace(KNOWN, admission="waiting", wards=(), ward="", problem="sign-in")


@pytest.fixture
def terminal() -> FakeTerminal:
    return FakeTerminal(known=WAITING)


@pytest.fixture
def window(qtbot, tmp_path: Path, terminal: FakeTerminal):
    made = make_window(tmp_path, terminal, server=WAITING.server)
    qtbot.addWidget(made)
    made.show()
    page = made.findChild(LogInPage)
    settle(until=lambda: page.picked() is not None)
    page._pin.setText(PIN)
    page._on_enter()
    settle(until=lambda: made.bench is not None)
    yield made
    settle()
    made._tasks.shutdown()
    if terminal.store is not None:
        terminal.store.close()


def enrolment(window: Window) -> EnrolmentCard:
    card = window.findChild(EnrolmentCard)
    settle(until=lambda: card._known is not None)
    return card


def people(window: Window, count: int = 5) -> PeopleCard:
    card = window.findChild(PeopleCard)
    settle(until=lambda: card._rows.count() == 2 * count - 1)
    return card


def fill(card: PeopleCard, **texts: str) -> None:
    for name, text in texts.items():
        card._fields[name].setText(text)


def test_a_terminal_that_waits_opens_at_its_enrolment(window: Window) -> None:
    card = enrolment(window)
    assert "chưa ghi danh" in card._state.text()
    assert card._values["thumbprint"].text() == WAITING.thumbprint
    assert card._steps.isVisible()
    assert not card._choice.isVisible()
    assert card._timer.isActive()
    window.lock()
    assert not card._timer.isActive()


def test_the_key_is_saved_and_the_command_can_be_copied(
    window: Window, terminal: FakeTerminal
) -> None:
    card = enrolment(window)
    assert not card._copy.isEnabled()
    card.save_to(Path("khoa.json"))
    settle(until=card._copy.isEnabled)
    card._on_copy()
    assert f"--id {WAITING.client}" in QApplication.clipboard().text()
    assert Path("khoa.json") in terminal.asked


def test_a_key_that_cannot_be_written_is_told(window: Window, terminal: FakeTerminal) -> None:
    card = enrolment(window)
    terminal.failure = Damaged("file-not-written")
    card.save_to(Path("khoa.json"))
    settle(until=lambda: card._note.text() != "")
    assert not card._copy.isEnabled()


def test_once_let_in_a_ward_is_chosen_and_the_next_log_in_is_for_it(
    window: Window, terminal: FakeTerminal
) -> None:
    card = enrolment(window)
    terminal.known = replace(KNOWN, ward="")
    card.look()
    settle(until=card._choice.isVisible)
    assert not card._steps.isVisible()
    assert not card._timer.isActive()
    card._wards.setCurrentIndex(1)
    card._on_join()
    settle(until=lambda: window.bench is None)
    assert terminal.asked[-1] == (KNOWN.server, KNOWN.wards[1])


def test_a_ward_that_is_chosen_already_is_not_asked_for_again(
    window: Window, terminal: FakeTerminal
) -> None:
    card = enrolment(window)
    terminal.known = KNOWN
    card.look()
    settle(until=lambda: card._known is KNOWN)
    assert not card._choice.isVisible()


def test_an_unreachable_server_is_told_with_its_reason(
    window: Window, terminal: FakeTerminal
) -> None:
    card = enrolment(window)
    terminal.known = replace(KNOWN, admission="unreachable", problem="untrusted-server")
    card.look()
    settle(until=lambda: card._known is terminal.known)
    assert "chứng minh" in card._detail.text()


def test_a_colleague_is_added_by_somebody_who_proves_it(
    window: Window, terminal: FakeTerminal
) -> None:
    card = people(window)
    card._on_add()
    assert card._note.text()
    fill(card, name="  Mai   Thị Sáu", pin="582047", again="582048", own="000000")
    card._on_add()
    assert card._fields["pin"].text()
    fill(card, again="582047")
    card._on_add()
    settle(until=card._add.isEnabled)
    assert "PIN" in card._note.text()
    assert len(terminal.people) == 5
    fill(card, own=PIN)
    card._on_add()
    people(window, 6)
    assert terminal.asked[-1].name == "Mai Thị Sáu"
    assert not any(field.text() for field in card._fields.values())


def test_a_person_is_removed_and_a_pin_changed_only_with_ones_own(
    window: Window, terminal: FakeTerminal
) -> None:
    card = people(window)
    card._remove(terminal.people[1])
    assert len(terminal.people) == 5
    fill(card, own=PIN)
    card._remove(terminal.people[1])
    people(window, 4)
    fill(card, own=PIN, pin="975310", again="1")
    card._on_change()
    fill(card, again="975310")
    card._on_change()
    settle(until=lambda: card._note.text().startswith("✓") and not card._fields["pin"].text())
    assert terminal.asked[-1] == (PersonId("p1"), "975310")


def test_a_person_is_removed_although_the_window_is_built_anew_at_once(
    window: Window, terminal: FakeTerminal
) -> None:
    card = people(window)
    fill(card, own=PIN)
    card._remove(terminal.people[1])
    window._turn(table.LANGUAGE, "vi", "en")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    settle(until=lambda: len(terminal.people) == 4)


def test_from_settings_and_palette_the_page_is_one_command_away(window: Window) -> None:
    window.do(BY_ID["ward_board"])
    window.do(BY_ID["terminal"])
    settle()
    assert window.windowTitle().startswith("Máy này")


def test_set_up_goes_on_at_a_server_that_lets_in_only_whom_it_knows(qtbot, tmp_path: Path) -> None:
    terminal = FakeTerminal(people=(), failure=Unavailable("sign-in"))
    made = make_window(tmp_path, terminal)
    qtbot.addWidget(made)
    made.show()
    page = made.findChild(SetUpPage)
    settle(until=page.isVisible)
    page._server.setText("https://fhir.benhvien.example/fhir")
    page._on_test()
    settle(until=lambda: page._server_note.text() != "")
    assert page._server_note.text().startswith("✓")
    assert page._go.isEnabled()
    made._tasks.shutdown()
