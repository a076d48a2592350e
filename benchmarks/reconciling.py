"""A reference server as a process and terminals beside it, for push and pull."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.small_ward import NURSE, WARD, observations, open_desk, stay_in_progress
from workstation.drill.hospital_process import HospitalProcess
from workstation.fhir.json import Resource
from workstation.services.desk import Desk
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.sync.transport import HttpTransport

_STAFF: Resource = {
    "resourceType": "Practitioner",
    "id": NURSE.id,
    "name": [{"text": NURSE.name}],
}


@dataclass(frozen=True, slots=True)
class Terminal:
    """A store and the engine that keeps it together with the server."""

    desk: Desk
    engine: SyncEngine

    def settle(self) -> None:
        """Sync until nothing is new."""
        while True:
            report = self.engine.run_once()
            if report.outcome != "complete":
                raise RuntimeError(report.outcome)
            if not report.sent and not report.pulled:
                return

    def timed_round(self) -> float:
        """Seconds that one round takes.

        Raises:
            RuntimeError: The round did not go through.
        """
        started = time.perf_counter()
        report = self.engine.run_once()
        taken = time.perf_counter() - started
        if report.outcome != "complete":
            raise RuntimeError(report.outcome)
        return taken


class Place:
    """Where a benchmark's server and terminals live."""

    def __init__(self, folder: Path, base: str) -> None:
        self._folder = folder
        self._base = base
        self._count = 0
        self._open: list[Terminal] = []

    def terminal(self) -> Terminal:
        """A new terminal with an empty store."""
        self._count += 1
        name = f"terminal-{self._count}"
        desk = open_desk(self._folder / name, device=name)
        engine = SyncEngine(desk.store, HttpTransport(self._base), Scope(WARD), desk.clock)
        made = Terminal(desk, engine)
        self._open.append(made)
        return made

    def close(self) -> None:
        """Close every store."""
        for terminal in self._open:
            terminal.engine.stop()
            terminal.desk.store.close()


@contextmanager
def server_with_a_ward() -> Iterator[Place]:
    """An empty reference server that has taken in one ward with one person."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hospital = HospitalProcess(folder / "hospital", seed=1, empty=True)
        place = Place(folder, hospital.start())
        try:
            first = place.terminal()
            save(first.desk, [_STAFF, *stay_in_progress()])
            first.settle()
            yield place
        finally:
            place.close()
            hospital.stop()


def save(desk: Desk, resources: list[Resource]) -> None:
    """Write resources as the nurse, in transactions of 8, as charting does."""
    for start in range(0, len(resources), 8):
        with desk.store.write(desk.author) as unit:
            for resource in resources[start : start + 8]:
                unit.create(resource)


def chart(terminal: Terminal, count: int) -> None:
    """Chart Observations that are not yet sent."""
    save(terminal.desk, observations(count))
