"""The real program in a process of its own, driven as by a person; it says when what was painted.

Run by `benchmarks.start` and `benchmarks.memory`: ``python -m benchmarks.driven FOLDER PATIENT``.
Each line that it prints is a moment: a name, seconds by the clock of `time.monotonic` (which all
processes of a machine share), how much memory is in use, and how long a processor was.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from workstation import app
from workstation.kernel.ids import PatientId
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.window import Window

PIN: Final = "246810"
_KEY_MS: Final = 100
"""Between two keys of a person who types fast."""
_LOOK_MS: Final = 1
_REST_MS: Final = 2_000
_PATIENCE_S: Final = 300


@dataclass(frozen=True, slots=True)
class Moment:
    """Something was painted.

    Attributes:
        at: By the clock of `time.monotonic`.
        now_mb: Resident memory then.
        peak_mb: The most until then.
        cpu_s: Seconds of a processor that the process has used until then, in all its threads.
    """

    at: float
    now_mb: float
    peak_mb: float
    cpu_s: float


def play(folder: Path, patient: str = "") -> tuple[float, dict[str, Moment]]:
    """Let the program start, log in, rest, open the chart of a patient, and end.

    Args:
        folder: Of a terminal with one person.
        patient: Whose chart; nobody's when it is empty.

    Returns:
        When the process was started, and the moments by name: ``log-in`` the log-in page is
        painted, ``enter`` the last key of the PIN is pressed, ``board`` the ward board is painted,
        ``rest`` some seconds later, ``chart`` some seconds after the chart was painted.

    Raises:
        RuntimeError: It did not go through.
    """
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.driven", str(folder), patient],
        capture_output=True, text=True, timeout=_PATIENCE_S, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    lines = [line.split() for line in done.stdout.splitlines()]
    return started, {name: Moment(*map(float, rest)) for name, *rest in lines}


class Driver:
    """Presses keys in a window and tells what came of them."""

    def __init__(self, window: Window, patient: str) -> None:
        self._window = window
        self._patient = PatientId(patient)
        self._keys = list(PIN)
        self._when(self._people_shown, self._type)

    def _when(self, ready: Callable[[], bool], then: Callable[[], None]) -> None:
        """Go on once something is painted: Qt paints before it turns to timers."""
        timer = QTimer(self._window, interval=_LOOK_MS, timerType=Qt.TimerType.PreciseTimer)

        def look() -> None:
            if ready():
                timer.stop()
                QTimer.singleShot(0, self._window, then)

        timer.timeout.connect(look)
        timer.start()

    def _people_shown(self) -> bool:
        page = self._window.findChild(LogInPage)
        return page is not None and page.isVisible() and page.picked() is not None

    def _type(self) -> None:
        _tell("log-in")
        self._window.activateWindow()
        self._next_key()

    def _next_key(self) -> None:
        focus = self._window.focusWidget()
        if self._keys:
            QTest.keyClicks(focus, self._keys.pop(0))
            QTimer.singleShot(_KEY_MS, self._window, self._next_key)
            return
        _tell("enter")
        QTest.keyClick(focus, Qt.Key.Key_Return)
        self._when(self._board_shown, self._on_board)

    def _board_shown(self) -> bool:
        from workstation.ui.screens.ward_board.screen import WardBoardScreen

        bench = self._window.bench
        screen = bench.area.current() if bench is not None else None
        return isinstance(screen, WardBoardScreen) and screen.model.rowCount() > 0

    def _on_board(self) -> None:
        _tell("board")
        if not self._patient:
            self._window.close()
            return
        QTimer.singleShot(_REST_MS, self._window, self._open_chart)

    def _open_chart(self) -> None:
        _tell("rest")
        bench = self._window.bench
        if bench is None:
            raise RuntimeError("nobody is logged in")
        bench.area.open_chart(self._patient)
        self._when(self._chart_shown, self._on_chart)

    def _chart_shown(self) -> bool:
        from workstation.ui.screens.chart.summary_page import SummaryPage

        page = self._window.findChild(SummaryPage)
        return page is not None and page.isVisible() and page.shown() == self._patient

    def _on_chart(self) -> None:
        QTimer.singleShot(_REST_MS, self._window, self._end)

    def _end(self) -> None:
        _tell("chart")
        self._window.close()


def _tell(name: str) -> None:
    at = time.monotonic()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(name, at, pages * resource.getpagesize() / 2**20, peak, time.process_time(), flush=True)


def main(arguments: list[str]) -> int:
    folder, patient = arguments
    kept: list[Driver] = []
    return app.run(["--folder", folder], adorn=lambda window: kept.append(Driver(window, patient)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
