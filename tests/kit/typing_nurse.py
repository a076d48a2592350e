"""A terminal in a process of its own where somebody types half a note and is never done.

``python -m tests.kit.typing_nurse FOLDER SERVER TEXT`` says ``kept`` once the draft is kept.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.kit.ward_window import CTRL, NURSE, WardWindow, until, work
from workstation.kernel.words import tr
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

_LONGEST_S = 60.0


def open_first_chart(at: WardWindow) -> ChartScreen:
    """From the board into the chart of the first bed, by keys."""
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)
    until(board.model.rowCount, "the beds")
    at.press(Qt.Key.Key_B, CTRL | Qt.KeyboardModifier.AltModifier)
    at.press(Qt.Key.Key_Home, CTRL)
    at.press(Qt.Key.Key_Return)
    return at.screen(ChartScreen)


def begin_note(at: WardWindow, text: str) -> None:
    """Type a note and stop in the middle."""
    open_first_chart(at)
    at.press(Qt.Key.Key_N, CTRL)
    at.compose(text)


def main(folder: Path, base: str, text: str) -> None:
    """Type, say that it is kept, and wait for the end."""
    _application = QApplication(["terminal"])
    at = WardWindow(folder, base)
    at.log_in(NURSE)
    at.online()
    begin_note(at, text)
    kept = tr("Draft kept at {time}", time="").strip()
    until(lambda: kept in at.words(), "the kept draft")
    print("kept", flush=True)
    end = time.monotonic() + _LONGEST_S
    while time.monotonic() < end:
        work()
        time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
