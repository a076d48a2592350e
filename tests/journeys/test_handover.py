"""The day nurse hands her patients over at one terminal, offline; the other terminal sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.shift_ward import NIGHT, night_nurse
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    PIN,
    WardWindow,
    small_ward,
    store_at,
    two_terminals,
    until,
)  # fmt: skip
from workstation.ui.screens.handover.screen import HandoverScreen

pytestmark = pytest.mark.journey

WORDS = "Gọi bác sĩ nếu sốt lại"


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[HospitalProcess]:
    with running(tmp_path) as process:
        store_at(process, [*small_ward(), night_nurse()])
        yield process


def handover_of(at: WardWindow) -> HandoverScreen:
    at.press(Qt.Key.Key_5, CTRL)
    screen = at.screen(HandoverScreen)
    until(lambda: screen.model.rows and said(screen, "situation"), "the handover")
    return screen


def said(screen: HandoverScreen, section: str) -> str:
    return screen.side.sheet.texts[section].toPlainText()  # type: ignore[index]


def states(screen: HandoverScreen) -> list[str]:
    return [row.state for row in screen.model.rows]


def add_words(at: WardWindow, screen: HandoverScreen) -> None:
    """Into the last text of the first patient, and write at its end."""
    at.press(Qt.Key.Key_Return)
    for _ in range(3):
        at.press(Qt.Key.Key_Tab)
    assert at.focus() is screen.side.sheet.texts["recommendation"]
    at.press(Qt.Key.Key_End, CTRL)
    at.press(Qt.Key.Key_Return)
    at.compose(WORDS)
    at.press(Qt.Key.Key_Escape)
    until(lambda: states(screen)[0] == "draft", "the draft")


def hand_over(at: WardWindow, screen: HandoverScreen) -> None:
    """Ctrl+Enter, the next nurse, her PIN, Enter: for all three patients."""
    at.press(Qt.Key.Key_Return, CTRL)
    panel = screen.deeds.take_over
    until(panel.isVisible, "who takes over")
    while panel.person.currentText() != NIGHT:
        before = panel.person.currentIndex()
        at.press(Qt.Key.Key_Down)
        assert panel.person.currentIndex() != before, "she cannot be chosen"
    at.press(Qt.Key.Key_Tab)
    at.keys(PIN)
    at.press(Qt.Key.Key_Return)
    until(lambda: states(screen) == ["accepted"] * 3, "taken over")


def test_a_shift_is_handed_over_offline_and_known_elsewhere(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        a.online()
        hospital.kill()
        screen = handover_of(a)
        add_words(a, screen)
        hand_over(a, screen)
        assert f"{NIGHT} đã nhận 3 người bệnh." in a.words()
        assert WORDS in said(screen, "recommendation")

        hospital.start()
        a.online()
        b.log_in(DOCTOR)
        b.online()
        b.press(Qt.Key.Key_F, CTRL)
        b.keys("nguyen van an")
        until(lambda: "Tìm thấy 1" in b.words(), "the patient")
        b.press(Qt.Key.Key_Return)
        b.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
        until(lambda: WORDS in b.words(), "the handover among the notes")
        assert b.terminal.status().conflicts == 0


def test_what_waits_is_taken_over_at_the_other_terminal_in_english_too(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        a.online()
        screen = handover_of(a)
        a.press(Qt.Key.Key_Return, CTRL)
        panel = screen.deeds.take_over
        until(panel.isVisible, "who takes over")
        while a.focus() is not panel._wait:
            a.press(Qt.Key.Key_Tab)
        a.press(Qt.Key.Key_Space)
        until(lambda: states(screen) == ["given"] * 3, "waiting")
        a.online()

        b.log_in(NIGHT)
        b.press(Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
        b.online()
        there = handover_of(b)
        until(lambda: states(there) == ["given"] * 3, "the waiting patients")
        assert there.model.index(0, 3).data() == "◆ For you"
        b.press(Qt.Key.Key_Return, CTRL)
        until(there.deeds.take_over.isVisible, "her PIN")
        b.keys(PIN)
        b.press(Qt.Key.Key_Return)
        until(lambda: states(there) == ["open"] * 3, "taken over")
        b.online()
        a.online()
        until(lambda: states(handover_of(a)) == ["accepted"] * 3, "known to who gave it")
