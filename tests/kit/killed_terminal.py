"""A terminal that syncs and is killed by itself, without any warning, at a given step."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kit.store import reopen
from tests.kit.ward import WARD
from workstation.fhir import systems
from workstation.kernel.clock import SystemClock
from workstation.kernel.identity import uuid7
from workstation.store import Author, Store
from workstation.store.record import Unit
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.sync.transport import HttpTransport, Request, Response

SAVES = 3


class Fuse:
    """Kills this process when it is passed for the n-th time, once it is lit."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.lit = False

    def passed(self) -> None:
        if self.lit:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class FusedTransport(HttpTransport):
    fuse: Fuse

    def send(self, request: Request) -> Response:
        self.fuse.passed()
        response = super().send(request)
        self.fuse.passed()
        return response


def fused(store: Store, fuse: Fuse) -> Store:
    """The same store, whose every write passes the fuse before and after its commit."""
    write = store.write

    @contextmanager
    def watched(author: Author | None = None) -> Iterator[Unit]:
        with write(author) as unit:
            yield unit
            fuse.passed()
        fuse.passed()

    store.write = watched  # type: ignore[method-assign]
    return store


def reading(number: int) -> dict[str, object]:
    own = uuid7()
    return {
        "resourceType": "Observation",
        "id": own,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
        "status": "final",
        "code": {"coding": [{"system": systems.LOINC, "code": "8867-4"}]},
        "subject": {"reference": "Patient/patient-1"},
        "effectiveDateTime": "2026-11-20T07:00:00+07:00",
        "valueQuantity": {"value": 60 + number, "unit": "/min"},
    }


def main(folder: Path, base: str, steps: int) -> None:
    fuse = Fuse(steps)
    store = fused(reopen(folder, clock=SystemClock()), fuse)
    transport = FusedTransport(base)
    transport.fuse = fuse
    engine = SyncEngine(store, transport, Scope(WARD), SystemClock(), numbers=())
    engine.run_once()
    fuse.lit = True
    for number in range(SAVES):
        made = reading(number)
        with store.write() as unit:
            unit.create(made)
        sys.stdout.write(f"{made['id']}\n")
        sys.stdout.flush()
    engine.run_once()
    sys.stdout.write("survived\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
