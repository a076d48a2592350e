"""A real window with a person logged in, and how long it takes until something is painted in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.years import PIN
from workstation import app
from workstation.kernel import settings as table
from workstation.kernel.clock import Clock
from workstation.kernel.settings import Settings
from workstation.services.desk import Desk
from workstation.terminal import WardTerminal, warm_up
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.window import Window
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.tasks import TaskRunner

_PATIENCE_S: Final = 600.0
_LOOK_MS: Final = 1
TICK_MS: Final = 2


class Seat:
    """One window of the whole program, in this process.

    Args:
        folder: Of a terminal with keys and a store.
        clock: Where times come from.
        server: Address of its server; empty for none.
    """

    def __init__(self, folder: Path, clock: Clock, *, server: str = "") -> None:
        self._application = QApplication.instance() or QApplication(["benchmark"])
        settings = Settings(folder / "settings")
        settings.put(table.SERVER, server)
        settings.put(table.IDLE_LOCK, 60)
        settings.put(table.SYNC_SECONDS, 600)
        self.tasks = TaskRunner()
        self.terminal = WardTerminal(folder, settings, clock)
        self.window: Window = app.tie(self.terminal, self.tasks, settings, clock)
        self.window.resize(1366, 768)
        self.window.show()
        self.tasks.query(warm_up, done=lambda _: self.tasks.settle())

    def log_in(self) -> None:
        """Type the PIN of the one person and come to the ward board, painted whole."""

        def waiting() -> bool:
            page = self.window.findChild(LogInPage)
            return page is not None and page.isVisible() and page.picked() is not None

        until(waiting)
        self.window.activateWindow()
        until(self.window.isActiveWindow)
        for letter in PIN:
            self.press(letter)
        self.press(Qt.Key.Key_Return)
        until(lambda: self.window.bench is not None)
        self.settle()

    def press(self, key: Qt.Key | str) -> None:
        """One key to whatever has the focus."""
        inside: QWidget | None = self.window.focusWidget()
        focus = inside if inside is not None else self.window
        if isinstance(key, str):
            QTest.keyClicks(focus, key)
        else:
            QTest.keyClick(focus, key)

    def settle(self) -> None:
        """Wait until everything asked so far is answered and shown."""
        for _ in range(3):
            answers: list[object] = []
            self.tasks.query(lambda: None, done=answers.append)
            until(lambda: answers)  # noqa: B023 - it is asked in this turn only
        QCoreApplication.processEvents()

    @property
    def desk(self) -> Desk:
        """Who sits here, on which record."""
        return self.screen().workplace.desk

    def screen(self) -> Screen:
        """The screen in front.

        Raises:
            RuntimeError: Nobody is logged in.
        """
        bench = self.window.bench
        current = bench.area.current() if bench is not None else None
        if current is None:
            raise RuntimeError("there is no screen")
        return current

    def close(self) -> None:
        """Close the window and give the record back."""
        self.window.close()
        self.terminal.on_status = lambda _status: None
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.tasks.query(self.terminal.close, done=lambda _: None)
        self.tasks.shutdown()


class Ticks(QObject):
    """Measures the time between the turns of the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()

    def end(self) -> list[float]:
        """Milliseconds between every two ticks, and from the last one until now."""
        self._timer.stop()
        self._on_tick()
        return self.gaps

    @Slot()
    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


def until_painted(act: Callable[[], object], ready: Callable[[], bool]) -> float:
    """Do something and wait for its picture.

    Args:
        act: Such as a key press.
        ready: Whether the widgets hold what `act` was to bring.

    Returns:
        Milliseconds from before `act` until all of it is painted.

    Raises:
        RuntimeError: It never was.
    """
    started = time.perf_counter()
    act()
    until(ready)
    taken = time.perf_counter() - started
    return taken * 1000


def until(done: Callable[[], object]) -> None:
    """Let the window work until `done()` holds and what changed is painted.

    Raises:
        RuntimeError: It never did.
    """
    loop = QEventLoop()
    looking = QTimer(loop, interval=_LOOK_MS, timerType=Qt.TimerType.PreciseTimer)

    def look() -> None:
        if done():
            looking.stop()
            # Qt paints from its queue of events, which it empties before it turns to timers.
            QTimer.singleShot(0, loop.quit)

    looking.timeout.connect(look)
    looking.start()
    late = QTimer(loop, singleShot=True, interval=round(_PATIENCE_S * 1000))
    late.timeout.connect(loop.quit)
    late.start()
    loop.exec()
    looking.stop()
    late.stop()
    if not done():
        raise RuntimeError("it never came")
