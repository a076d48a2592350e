"""A workplace for the tests of screens: real desk, real threads, a navigator that remembers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.kit.people import AtHand
from workstation.kernel.errors import Damaged
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import Settings
from workstation.services.desk import Desk
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace


class RememberingNavigator:
    """Goes nowhere and remembers where it was sent."""

    def __init__(self) -> None:
        self.charts: list[tuple[PatientId, str]] = []
        self.screens: list[tuple[str, dict[str, object]]] = []
        self.toasts: list[str] = []
        self.undo: Callable[[], None] | None = None

    def open_chart(self, patient: PatientId, tab: str = "summary") -> None:
        self.charts.append((patient, tab))

    def open_screen(self, screen_id: str, **arguments: object) -> None:
        self.screens.append((screen_id, arguments))

    def toast(
        self, text: str, undo: Callable[[], None] | None = None, *, lasting: bool = True
    ) -> None:
        del lasting
        self.toasts.append(text)
        self.undo = undo


@contextmanager
def workplace_at(desk: Desk, folder: Path) -> Iterator[Workplace]:
    """A workplace at a desk; its threads end with the block."""
    tasks = TaskRunner()
    settings = Settings(folder / "settings")
    try:
        here = RememberingNavigator()
        yield Workplace(desk, tasks, here, settings, desk.clock, colleagues=AtHand())
    finally:
        tasks.shutdown()


def until(done: Callable[[], object], seconds: float = 30.0) -> None:
    """Let the window work until `done` holds."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        QApplication.processEvents()
        time.sleep(0.001)


def answered(tasks: TaskRunner) -> None:
    """Wait until the store has answered what was asked so far, and what the answers led to.

    A probe is answered after all that was asked before it. What an answer makes a screen ask is
    behind the probe, so it takes one for each step from a key to the last thing read because of it.
    """
    for _ in range(4):
        probe: list[object] = []
        tasks.query(lambda: None, done=probe.append)
        until(probe.__len__)


def asked(place: Workplace) -> None:
    """`answered`, at a workplace."""
    answered(place.tasks)


class BrokenStore:
    """A store with a damaged page."""

    def read(self) -> None:
        raise Damaged("damaged-page")

    write = read


def shown_words(widget: QWidget) -> set[str]:
    """The texts of all labels in sight."""
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)}
