"""Half a note survives a lock, another person at the terminal, and a kill; in two languages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.typing_nurse import begin_note, open_first_chart
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    SHIFT,
    WardWindow,
    small_ward,
    store_at,
    until,
)
from workstation.kernel import words
from workstation.services import notes
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

HALF = "Người bệnh kêu đau ngực trái, đã đo điện tim, đang"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[HospitalProcess]:
    with running(tmp_path) as process:
        store_at(process, small_ward(beds=2, taken=2))
        yield process


@pytest.fixture
def at(qtbot, tmp_path: Path, hospital: HospitalProcess) -> Iterator[WardWindow]:
    window = WardWindow(tmp_path / "a", hospital.base)
    yield window
    window.close()


def written(at: WardWindow) -> str:
    """What stands in the note editor that has the keys."""
    chart = open_first_chart(at)
    at.press(Qt.Key.Key_N, CTRL)
    editor = chart.findChild(NoteEditor)
    at.settle()
    assert at.focus() is editor._course
    return editor._course.toPlainText()


def lock(at: WardWindow) -> None:
    at.press(Qt.Key.Key_L, CTRL)
    assert at.window.bench is None
    assert HALF not in at.words()


def test_half_a_note_waits_for_its_writer_and_nobody_else(at: WardWindow) -> None:
    at.log_in(NURSE)
    at.online()
    begin_note(at, HALF)
    lock(at)

    at.log_in(DOCTOR)
    assert written(at) == ""
    lock(at)

    at.log_in(NURSE)
    assert written(at) == HALF
    at.compose(" chờ bác sĩ.")
    at.press(Qt.Key.Key_Return, CTRL)
    until(lambda: f"{HALF} chờ bác sĩ." in at.words(), "the signed note")
    (note,) = notes.notes(at.desk, open_first_chart(at).patient())
    assert note.author == NURSE
    assert notes.my_drafts(at.desk, open_first_chart(at).patient()) == ()


def test_half_a_note_survives_a_kill_of_the_program(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    folder = tmp_path / "a"
    command = [sys.executable, "-m", "tests.kit.typing_nurse", str(folder), hospital.base, HALF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "kept\n"
        finally:
            process.kill()
    at = WardWindow(folder, hospital.base)
    try:
        at.log_in(NURSE)
        assert written(at) == HALF
    finally:
        at.close()


_AWAY = r"Offline since \d\d:\d\d( · next try at \d\d:\d\d:\d\d)?"


def test_the_way_in_and_the_ward_speak_both_languages(
    at: WardWindow, hospital: HospitalProcess
) -> None:
    at.entrance()
    assert "Ai đang làm việc?" in at.words()
    at.press(Qt.Key.Key_L, CTRL | SHIFT)
    at.entrance()
    assert "Who is working?" in at.words()
    try:
        at.log_in(NURSE)
        at.online()
        until(lambda: at.strip()[0] == "Synced", "the strip in English")
        assert at.screen(WardBoardScreen).title() == "Ward board"
        at.press(Qt.Key.Key_L, CTRL | SHIFT)
        assert at.strip()[0] == "Đã đồng bộ"
        assert at.screen(WardBoardScreen).title() == "Bảng khoa"
        at.press(Qt.Key.Key_L, CTRL | SHIFT)
        hospital.kill()
        at.sync(lambda status: status.link == "offline", "offline")
        until(lambda: re.fullmatch(_AWAY, at.strip()[0]), "the strip")
        assert "Go on working: everything is saved here." in at.window.bench.news()
    finally:
        words.use("vi")
