"""The conflict screen, by keyboard: choose, say why, sign; and what it does when it may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from tests.kit.at_once import Going, workplace_of
from tests.kit.contradictions import contradict
from tests.kit.people import DOCTOR, NURSE
from tests.kit.ward import make_desk
from tests.scenes.conflict import ORDER, OTHER, THEIRS
from workstation.kernel.changes import Changes
from workstation.kernel.words import language, use
from workstation.security.people import Person
from workstation.services import conflicts
from workstation.ui.screens.conflict.heading import Heading
from workstation.ui.screens.conflict.screen import ConflictScreen


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    before = language()
    use("vi")
    yield
    use(before)


def opened(qtbot: QtBot, folder: Path, person: Person = DOCTOR) -> tuple[ConflictScreen, str]:
    desk = make_desk(folder, person=person)
    id_ = contradict(desk.store, ORDER, OTHER, THEIRS)
    screen = ConflictScreen(workplace_of(desk, folder))
    qtbot.addWidget(screen)
    screen.arrive(conflict=id_)
    screen.show()
    qtbot.waitExposed(screen)
    screen.activate()
    return screen, id_


def going(screen: ConflictScreen) -> Going:
    made = screen.workplace.navigator
    assert isinstance(made, Going)
    return made


def words(screen: ConflictScreen) -> str:
    return "\n".join(found.text() for found in screen.findChildren(QLabel))


def test_the_whole_task_by_keyboard(qtbot: QtBot, tmp_path: Path) -> None:
    screen, id_ = opened(qtbot, tmp_path)
    qtbot.keyClick(screen.comparison, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert screen.comparison.choices() == ["mine", "mine"]
    qtbot.keyClick(screen.comparison, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert screen.comparison.choices() == ["theirs", "theirs"]
    reason = screen.findChild(QLineEdit)
    assert isinstance(reason, QLineEdit)
    qtbot.keyClicks(reason, "da hoi")
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    assert going(screen).screens == [("sync_centre", {})]
    past = conflicts.detail(screen.workplace.desk, id_).past
    assert [(p.by, p.outcome, p.reason) for p in past] == [(DOCTOR.name, "theirs", "da hoi")]


def test_the_keyboard_starts_where_a_choice_is_missing(qtbot: QtBot, tmp_path: Path) -> None:
    screen, _ = opened(qtbot, tmp_path)
    focused = screen.focusWidget()
    assert isinstance(focused, QRadioButton)
    assert focused.isEnabled()
    assert screen.comparison.choices() == [None, "mine"]
    qtbot.keyClick(focused, Qt.Key.Key_Space)
    assert screen.comparison.choices() == ["theirs", "mine"]


def test_an_arrow_chooses_where_the_keyboard_is_and_control_chooses_all(
    qtbot: QtBot, tmp_path: Path
) -> None:
    screen, _ = opened(qtbot, tmp_path)
    qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_Right)
    assert screen.comparison.choices() == ["mine", "mine"]
    qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_Left)
    assert screen.comparison.choices() == ["theirs", "mine"]
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_Left, control)
    assert screen.comparison.choices() == ["theirs", "theirs"]


def test_without_choice_or_reason_it_is_not_signed(qtbot: QtBot, tmp_path: Path) -> None:
    screen, _ = opened(qtbot, tmp_path)
    assert screen.perform("sign")
    assert "Phải chọn" in words(screen)
    screen.comparison.choose(0, "mine")
    screen.perform("sign")
    assert "Phải ghi lý do" in words(screen)
    assert going(screen).screens == []


def test_who_may_not_decide_is_told_who_may(qtbot: QtBot, tmp_path: Path) -> None:
    screen, _ = opened(qtbot, tmp_path, NURSE)
    assert "bác sĩ" in words(screen)
    assert screen.offers() == {"refresh"}
    assert not screen.perform("sign")
    assert not any(radio.isEnabled() for radio in screen.findChildren(QRadioButton))


def test_a_decision_made_elsewhere_shows_and_mine_is_not_lost(qtbot: QtBot, tmp_path: Path) -> None:
    screen, id_ = opened(qtbot, tmp_path)
    screen.comparison.choose(0, "mine")
    screen.signing.say_reason("x")
    screen.on_changed(Changes(references=frozenset({"Patient/other"})))
    assert screen.comparison.choices() == ["mine", "mine"]
    conflicts.decide(screen.workplace.desk, id_, ["theirs", "theirs"], "đã khám")
    screen.perform("sign")
    assert "đã được quyết định" in words(screen)
    assert screen.signing.reason() == "x"
    assert screen.offers() == {"refresh"}


def test_the_banner_says_whose_record_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    screen, _ = opened(qtbot, tmp_path)
    assert "NGUYỄN Văn An" in words(screen)
    assert screen.patient() == "patient-1"


@pytest.mark.parametrize("conflict", ["nothing", ""])
def test_what_is_gone_is_said_so(qtbot: QtBot, tmp_path: Path, conflict: str) -> None:
    screen, _ = opened(qtbot, tmp_path)
    screen.arrive(conflict=conflict)
    screen.activate()
    assert "không còn trên máy này" in words(screen)


@pytest.mark.parametrize(
    ("here", "title"),
    [(True, "Bên này: được để riêng"), (False, "Được để riêng"), (None, "Được để riêng")],
)
def test_what_another_terminal_wrote_is_not_called_ours(
    qtbot: QtBot, tmp_path: Path, here: bool | None, title: str
) -> None:
    screen, id_ = opened(qtbot, tmp_path)
    found = conflicts.detail(screen.workplace.desk, id_)
    heading = Heading()
    qtbot.addWidget(heading)
    heading.show_conflict(replace(found, mine=replace(found.mine, here=here)))
    assert title in [each.text() for each in heading.findChildren(QLabel)]
