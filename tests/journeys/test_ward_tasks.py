"""A shift begins: patients are assigned, tasks written, done and seen elsewhere, by keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    WardWindow,
    two_terminals,
    until,
)  # fmt: skip
from workstation.ui.screens.ward_board.screen import WardBoardScreen
from workstation.ui.screens.ward_tasks.screen import WardTasksScreen

pytestmark = pytest.mark.journey

ALT = Qt.KeyboardModifier.AltModifier
WORDS = "Thay băng vết mổ"


def board_of(at: WardWindow) -> WardBoardScreen:
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)
    until(board.model.rowCount, "the beds")
    return board


def nurses(board: WardBoardScreen) -> dict[str, list[str]]:
    taken = [bed for bed in board.model.beds() if bed.occupant]
    return {bed.name: [n.name for n in bed.occupant.nurses] for bed in taken}


def tasks_of(at: WardWindow) -> WardTasksScreen:
    at.press(Qt.Key.Key_6, CTRL)
    found = at.screen(WardTasksScreen)
    until(lambda: found.model.rows, "the tasks")
    return found


def written(screen: WardTasksScreen) -> list[str]:
    return [line.item.words for line in screen.model.rows if line.own_task]


def take_patients(at: WardWindow) -> None:
    """Tick the first two beds and take them, then see nobody else: eight keys."""
    board = board_of(at)
    at.press(Qt.Key.Key_B, CTRL | ALT)
    at.press(Qt.Key.Key_Home, CTRL)
    at.press(Qt.Key.Key_Space)
    at.press(Qt.Key.Key_Space)
    at.press(Qt.Key.Key_A, CTRL | ALT)
    until(board.assigning.isVisible, "the nurses")
    assert board.assigning.nurse.currentText() == NURSE
    at.press(Qt.Key.Key_Return)
    until(lambda: nurses(board)["01"] == [NURSE], "the assignment")
    at.press(Qt.Key.Key_M, CTRL | ALT)
    assert list(nurses(board)) == ["01", "02"]


def write_task(at: WardWindow) -> None:
    screen = tasks_of(at)
    assert {line.who.bed_name for line in screen.model.rows} == {"01", "02"}
    at.press(Qt.Key.Key_N)
    at.compose(WORDS)
    at.press(Qt.Key.Key_Return)
    until(lambda: written(screen) == [WORDS], "the task")


def walk_to_the_task(at: WardWindow, screen: WardTasksScreen) -> None:
    at.press(Qt.Key.Key_Home, CTRL)
    while not screen.model.rows[screen.view.currentIndex().row()].own_task:
        at.press(Qt.Key.Key_Down)


def test_patients_and_tasks_go_from_one_terminal_to_the_other(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        a.online()
        hospital.kill()
        take_patients(a)
        write_task(a)
        hospital.start()
        a.online()

        b.log_in(DOCTOR)
        b.online()
        assert nurses(board_of(b)) == {"01": [NURSE], "02": [NURSE], "03": []}
        screen = tasks_of(b)
        until(lambda: written(screen) == [WORDS], "the task at the other terminal")
        walk_to_the_task(b, screen)
        b.press(Qt.Key.Key_Space)
        until(lambda: not written(screen), "the task done")
        b.press(Qt.Key.Key_Z, CTRL)
        until(lambda: written(screen) == [WORDS], "the task open again")
        walk_to_the_task(b, screen)
        b.press(Qt.Key.Key_Space)
        until(lambda: not written(screen), "the task done again")
        b.online()
        a.online()
        until(lambda: not written(tasks_of(a)), "the task done at the first terminal")
        assert a.terminal.status().conflicts == 0
