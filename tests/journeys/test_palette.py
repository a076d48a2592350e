"""A nurse finds charts by bed, with and without the network, and takes back what she did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward_window import (
    CTRL,
    NURSE,
    SHIFT,
    WardWindow,
    until,
)  # fmt: skip
from workstation.kernel import words
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.ward_tasks.screen import WardTasksScreen

pytestmark = pytest.mark.journey

WORDS = "Thay băng vết mổ"


@pytest.fixture
def at(qtbot, tmp_path: Path, hospital: HospitalProcess) -> Iterator[WardWindow]:
    opened = WardWindow(tmp_path / "a", hospital.base)
    yield opened
    opened.close()


def find(at: WardWindow, text: str) -> None:
    at.press(Qt.Key.Key_K, CTRL)
    at.keys(text)
    at.press(Qt.Key.Key_Return)


def written(screen: WardTasksScreen) -> list[str]:
    return [line.item.words for line in screen.model.rows if line.own_task]


def bed_of(at: WardWindow) -> str:
    chart = at.screen(ChartScreen)
    until(chart.about, "the banner")
    return chart.about()


def write_task(at: WardWindow) -> WardTasksScreen:
    at.press(Qt.Key.Key_6, CTRL)
    screen = at.screen(WardTasksScreen)
    until(lambda: screen.model.rows, "the tasks")
    at.press(Qt.Key.Key_N)
    at.compose(WORDS)
    at.press(Qt.Key.Key_Return)
    until(lambda: written(screen) == [WORDS], "the task")
    return screen


def test_by_bed_offline_and_back_again_in_both_languages(
    at: WardWindow, hospital: HospitalProcess
) -> None:
    at.log_in(NURSE)
    at.online()
    hospital.kill()

    find(at, "2")
    assert bed_of(at) == "02 · Tóm tắt"
    find(at, "3 dich vao")
    assert bed_of(at).startswith("03 · ")
    assert at.screen(ChartScreen).place() == {"tab": "fluids"}

    screen = write_task(at)
    assert at.window.bench is not None
    toast = at.window.bench.toast
    until(toast.words, "the toast")
    find(at, "1")  # an interruption: another chart, and the toast goes
    toast.hide()
    at.press(Qt.Key.Key_Z, CTRL)
    assert toast.words().startswith("Hoàn tác việc này?")
    assert "Việc cần làm" in toast.words()
    assert written(screen) == [WORDS]
    at.press(Qt.Key.Key_Z, CTRL)
    until(lambda: toast.words().startswith("Đã hoàn tác"), "what was taken back")
    at.press(Qt.Key.Key_6, CTRL)
    until(lambda: not written(screen), "the task off the list")
    toast.hide()
    at.press(Qt.Key.Key_Z, CTRL)
    assert toast.words() == "Không có gì để hoàn tác."

    at.press(Qt.Key.Key_L, CTRL | SHIFT)
    until(lambda: words.language() == "en", "English")
    hospital.start()
    at.online()
    find(at, "2 results")
    assert bed_of(at) == "02 · Results"
    at.press(Qt.Key.Key_L, CTRL | SHIFT)
    until(lambda: words.language() == "vi", "Vietnamese")


def test_a_lock_ends_what_can_be_undone(at: WardWindow) -> None:
    at.log_in(NURSE)
    at.online()
    screen = write_task(at)
    at.press(Qt.Key.Key_L, CTRL)
    at.log_in(NURSE)
    at.press(Qt.Key.Key_Z, CTRL)
    assert at.window.bench is not None
    assert at.window.bench.toast.words() == "Không có gì để hoàn tác."
    assert written(screen) == [WORDS]
