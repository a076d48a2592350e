"""The composition root: the only place that builds the parts of a terminal and ties them.

What the log-in window does not need (store, sync, cryptography) is imported on the store thread,
after the window shows.
"""

from __future__ import annotations

import argparse
import logging
import signal
from collections.abc import Callable, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from workstation.kernel.clock import Clock, SystemClock
from workstation.kernel.crash_reports import CrashReports
from workstation.kernel.errors import Damaged
from workstation.kernel.settings import Settings
from workstation.terminal import WardTerminal, warm_up
from workstation.ui.shell import faults
from workstation.ui.shell.window import Window
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.tasks import TaskRunner

BOTTOM: Final = Qt.ToolBarArea.BottomToolBarArea
_AFTER_SAVE_MS: Final = 400
_LOG_BYTES: Final = 1_000_000


def run(
    arguments: Sequence[str] = (), *, adorn: Callable[[Window], object] = lambda _window: None
) -> int:
    """Open the window and stay until it is closed.

    Args:
        arguments: ``--folder DIR`` puts the record of this terminal elsewhere.
        adorn: Adds to the window before it shows; the demo's bar comes so.

    Returns:
        0 when the person ended the program; 2 when the settings could not be read.
    """
    folder = _folder(arguments)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _log_into(folder / "logs")
    application = QApplication.instance() or QApplication(["Ward Workstation"])
    if not isinstance(application, QApplication):
        raise TypeError("a window needs a QApplication")
    application.setApplicationDisplayName("Ward Workstation")
    try:
        settings = Settings(folder / "settings")
    except Damaged as error:
        return _show_alone(application, error)
    clock = SystemClock()
    terminal = WardTerminal(folder, settings, clock)
    tasks = TaskRunner()
    window = tie(terminal, tasks, settings, clock)
    CrashReports(
        folder / "logs", lambda number: tasks.call(lambda: window.show_crash(number))
    ).install()
    terminal.on_opened = lambda: tasks.call(_forbid_sql)
    window.resize(1366, 768)
    adorn(window)
    window.showMaximized()
    tasks.query(warm_up, done=lambda _: tasks.settle())
    try:
        return int(application.exec())
    finally:
        tasks.query(terminal.close, done=lambda _: None)
        tasks.shutdown()


def tie(terminal: WardTerminal, tasks: TaskRunner, settings: Settings, clock: Clock) -> Window:
    """Build the window and let sync, saves and screens hear of each other.

    Args:
        terminal: What stands behind the window.
        tasks: The bridge to the store thread.
        settings: The values in force.
        clock: Where times come from.
    """
    window = Window(terminal, tasks, settings, clock)
    terminal.on_changes = tasks.publish
    terminal.on_status = lambda status: tasks.call(lambda: window.show_status(status))
    soon = QTimer(window, singleShot=True, interval=_AFTER_SAVE_MS)
    soon.timeout.connect(lambda: tasks.query(terminal.after_save, done=lambda _: None))

    def on_changed(_changes: object, initiator: object) -> None:
        if initiator is not TaskRunner.SYNC:
            soon.start()

    tasks.changed.connect(on_changed)
    return window


def _forbid_sql() -> None:
    """The window's thread must never wait for a disk."""
    from workstation.store import forbid_thread

    forbid_thread()


def _show_alone(application: QApplication, error: Damaged) -> int:
    theme.use(application, "light")
    page = faults.damaged_page(error, application.quit, application.quit)
    page.resize(1000, 640)
    page.show()
    application.exec()
    return 2


def _folder(arguments: Sequence[str]) -> Path:
    parser = argparse.ArgumentParser(prog="workstation start")
    parser.add_argument("--folder", type=Path, help="where the record of this terminal is")
    chosen: Path | None = parser.parse_args(list(arguments)).folder
    if chosen is not None:
        return chosen
    import platformdirs

    return platformdirs.user_data_path("ward-workstation", appauthor=False)


def _log_into(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "workstation.log", maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("workstation")
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
