"""What a look at the server costs when nothing is new there, beside little and much history."""

from __future__ import annotations

import statistics
import time
from typing import Final

from benchmarks.hospital_at_hand import HospitalAtHand
from benchmarks.measure import Result, little, slow
from benchmarks.years import BEDS, WARD, Years, server_of_the_ward, value, ward_alone, years
from workstation.fhir import json
from workstation.kernel.clock import SystemClock
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.cursor import SHORTEST_S
from workstation.sync.pull.scope import Scope
from workstation.sync.transport import HttpTransport
from workstation.sync.wire import Request, Response

TARGET_MS: Final = 300
TARGET_REQUESTS: Final = 5


class CountingTransport:
    """Carries requests by HTTP and counts them; those inside a batch are counted apart."""

    def __init__(self, base: str) -> None:
        self._inner = HttpTransport(base)
        self.base = self._inner.base
        self.requests = 0
        self.inside = 0

    def send(self, request: Request) -> Response:
        """Carry one request."""
        self.requests += 1
        if request.method == "POST" and not request.path:
            self.inside += len(json.parse(request.body.decode()).get("entry", ()))
        return self._inner.send(request)

    def send_openly(self, request: Request) -> Response:
        """Carry one request without credentials."""
        self.requests += 1
        return self._inner.send_openly(request)

    def close(self) -> None:
        """Give the sockets back."""
        self._inner.close()


def measure(*, quick: bool) -> tuple[Result, Result]:
    """Rounds of sync with nothing new: beside a short history, then beside all of it."""
    repetitions = 5 if quick else 60
    server = server_of_the_ward(quick=quick)
    kept, base = years(quick=quick), server.base
    if not quick:
        _let_the_ward_grow_old(server)
    taken, requests, inside, share = _rounds(kept, base, repetitions)
    without, _, _, its_share = _rounds(ward_alone(quick=quick), base, repetitions)
    conditions = {
        "ward": f"{BEDS} patients",
        "server": "own process on the same machine, SQLite",
        "round": "whole: send, pull, comparison of numbers, log",
        "CPU of this process": f"{share:.1f} ms",
        "with the ward's records alone in the store": f"{statistics.median(without):.0f} ms",
        "CPU of that": f"{its_share:.1f} ms",
    }
    return (
        slow(
            "delta",
            f"sync with nothing new, ward of {BEDS}, store of {kept.words()}",
            taken,
            TARGET_MS,
            measured="p99",
            conditions=conditions,
        ),
        little(
            "delta_requests",
            f"requests of a sync with nothing new, ward of {BEDS}",
            "requests",
            requests,
            TARGET_REQUESTS,
            measured="worst",
            conditions={"entries inside their batches": f"{statistics.median(inside):.0f}"},
        ),
    )


def _let_the_ward_grow_old(server: HospitalAtHand) -> None:
    """Wait until what was taken in at once lies before the overlap of the cursors, as on a ward.

    Every look asks again for the last two minutes before the newest record; a ward does not chart
    6,000 values in them. Then one more value is charted.
    """
    time.sleep(max(0.0, server.taken_in_at + SHORTEST_S + 1 - time.monotonic()))
    server.take_in([value("newest", 0, 0, SystemClock().now())])


def _rounds(
    kept: Years, base: str, repetitions: int
) -> tuple[list[float], list[float], list[float], float]:
    """Milliseconds, requests and batched entries of each round, and CPU ms of the median one."""
    desk = kept.open(SystemClock())
    transport = CountingTransport(base)
    engine = SyncEngine(desk.store, transport, Scope(WARD), desk.clock)
    taken, requests, inside, used = [], [], [], []
    try:
        _settle(engine)
        for _ in range(repetitions):
            transport.requests = transport.inside = 0
            started, spent = time.perf_counter(), time.process_time()
            report = engine.run_once()
            taken.append((time.perf_counter() - started) * 1000)
            used.append((time.process_time() - spent) * 1000)
            if not report.complete or report.pulled or report.sent:
                raise RuntimeError(f"this round was not without news: {report}")
            requests.append(float(transport.requests))
            inside.append(float(transport.inside))
    finally:
        engine.stop()
        transport.close()
        desk.store.close()
    return taken, requests, inside, statistics.median(used)


def _settle(engine: SyncEngine) -> None:
    """Sync until nothing is new, and once more, so that the cursors rest."""
    still = 0
    while still < 2:
        report = engine.run_once()
        if not report.complete:
            raise RuntimeError(report.outcome)
        still = 0 if report.pulled or report.sent else still + 1
