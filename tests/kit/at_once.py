"""A workplace whose tasks are done at once, on the calling thread, and that remembers the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import Settings
from workstation.services.desk import Desk
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Restorer, Workplace


@dataclass
class Going:
    """Where a screen sent the person, and what it said."""

    charts: list[tuple[PatientId, str]] = field(default_factory=list)
    screens: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def open_chart(self, patient: PatientId, tab: str = "summary") -> None:
        self.charts.append((patient, tab))

    def open_screen(self, screen_id: str, **arguments: object) -> None:
        self.screens.append((screen_id, arguments))

    def toast(
        self, text: str, undo: Callable[[], None] | None = None, *, lasting: bool = True
    ) -> None:
        del lasting
        del undo
        self.said.append(text)


class Heard:
    """The progress of work that is done at once."""

    def __init__(self, heard: Callable[[int, int], object] | None) -> None:
        self.report = heard or (lambda _finished, _total: None)


class AtOnce:
    """A task runner without threads."""

    def __init__(self) -> None:
        self.written: list[Changes] = []

    def query(self, read: Any, *, done: Any, failed: Any = None, owner: Any = None) -> None:
        del owner
        self._do(read, done, failed)

    def command(
        self, write: Any, *, failed: Any = None, done: Any = None, initiator: Any = None,
        owner: Any = None,
    ) -> None:  # fmt: skip
        del initiator, owner

        def announce(changes: Changes) -> None:
            self.written.append(changes)
            if done is not None:
                done(changes)

        self._do(write, announce, failed)

    def slow(
        self, work: Any, *, done: Any, failed: Any = None, progress: Any = None, owner: Any = None
    ) -> None:
        del owner
        self._do(lambda: work(Heard(progress)), done, failed)

    def _do(self, work: Any, done: Any, failed: Any) -> None:
        try:
            result = work()
        except WorkstationError as error:
            if failed is None:
                raise
            failed(error)
        else:
            done(result)


def workplace_of(desk: Desk, folder: Path, restorer: Restorer | None = None) -> Workplace:
    """A workplace at a desk; `folder` holds its settings."""
    tasks = cast(TaskRunner, AtOnce())
    return Workplace(desk, tasks, Going(), Settings(folder), desk.clock, restorer)
