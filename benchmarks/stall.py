"""The longest time the window does not answer while sync has its hands full."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt

from benchmarks.hospital_at_hand import HospitalAtHand
from benchmarks.measure import Result, percentile, slow
from benchmarks.seat import TICK_MS, Seat, Ticks, until
from benchmarks.small_ward import NURSE
from benchmarks.years import BEDS, PIN, WARD, house, person, value
from workstation.fhir.json import Resource
from workstation.founding import found_terminal
from workstation.kernel import settings as table
from workstation.kernel.clock import SystemClock
from workstation.kernel.settings import Settings
from workstation.services.desk import Desk
from workstation.sync.status import SyncStatus

TARGET_MS: Final = 50
_AT_REST_S: Final = 3.0
_A_SAVE: Final = 8


def measure(*, quick: bool) -> Result:
    """Pull and push at once with the ward board in front, several times."""
    pulled, pushed, repetitions = (600, 200, 1) if quick else (10_000, 2_000, 3)
    each = 20 if quick else 100
    with tempfile.TemporaryDirectory() as name:
        hospital = HospitalAtHand(Path(name) / "hospital")
        hospital.take_in(_ward(each))
        seat = _seat(Path(name) / "terminal", hospital.base)
        try:
            seat.log_in()
            until(lambda: _at_rest(seat.terminal.status()))
            seat.settle()
            rest = _gaps_at_rest()
            gaps: list[float] = []
            seconds = 0.0
            for turn in range(repetitions):
                hospital.take_in(_news(turn, pulled))
                _chart(seat.desk, turn, pushed)
                started = time.perf_counter()
                gaps += _gaps_while_syncing(seat, pulled)
                seconds += time.perf_counter() - started
        finally:
            seat.close()
            hospital.stop()
    return slow(
        "stall",
        f"longest stall of the window while {pulled:,} changes are pulled and {pushed:,} pushed",
        gaps,
        TARGET_MS,
        measured="worst",
        conditions={
            "tick": f"{TICK_MS} ms",
            "p99.9": f"{percentile(gaps, 0.999):.1f} ms",
            "longest of the same window at rest": f"{max(rest):.1f} ms",
            "seconds of each round": round(seconds / repetitions, 1),
            "window": f"real, offscreen, ward board of {BEDS}; sync in its own thread",
            "server": "own process on the same machine",
        },
    )


def _gaps_while_syncing(seat: Seat, pulled: int) -> list[float]:
    """Press F9 and count until everything is sent and pulled, and the board shows it."""
    before = seat.terminal.status().data_as_of
    wanted = _observations(seat.desk) + pulled
    ticks = Ticks()
    seat.press(Qt.Key.Key_F9)

    def through() -> bool:
        status = seat.terminal.status()
        return _at_rest(status) and status.data_as_of != before

    until(through)
    seat.settle()
    gaps = ticks.end()
    arrived = _observations(seat.desk)
    if arrived < wanted:
        raise RuntimeError(f"{wanted - arrived} were not pulled")
    return gaps


def _gaps_at_rest() -> list[float]:
    ticks = Ticks()
    end = time.perf_counter() + _AT_REST_S
    until(lambda: time.perf_counter() > end)
    return ticks.end()


def _at_rest(status: SyncStatus) -> bool:
    return status.link == "online" and status.synced and status.sending is None


def _observations(desk: Desk) -> int:
    """How many Observations the server is known to have."""
    with desk.store.read() as view:
        rows = view.connection.exec_driver_sql(
            "SELECT count(*) FROM resource WHERE type = 'Observation'"
        )
        return int(rows.scalar_one())


def _seat(folder: Path, base: str) -> Seat:
    """An empty terminal of the ward."""
    settings = Settings(folder / "settings")
    settings.put(table.WARD, WARD)
    settings.put(table.WARD_NAME, "Khoa Nội")
    found_terminal(folder, [(NURSE, PIN)], SystemClock()).close()
    gc.collect()
    return Seat(folder, SystemClock(), server=base)


def _ward(each: int) -> Iterator[Resource]:
    yield from house()
    for number in range(BEDS):
        yield from person(number, each, inside=True)


def _news(turn: int, count: int) -> Iterator[Resource]:
    """What other terminals have charted meanwhile, all over the ward."""
    now = SystemClock().now()
    for number in range(count):
        at = now - timedelta(seconds=count - number)
        yield value(f"n{turn}-{number}", number % BEDS, number // BEDS, at)


def _chart(desk: Desk, turn: int, count: int) -> None:
    """What was saved here while the network was away."""
    now = SystemClock().now()
    for start in range(0, count, _A_SAVE):
        with desk.store.write(desk.author) as unit:
            for number in range(start, min(count, start + _A_SAVE)):
                at = now - timedelta(seconds=count - number)
                unit.create(value(f"m{turn}-{number}", number % BEDS, number // BEDS, at))
