"""How long a downtime pack of a full ward takes to make, and how long others wait for its steps."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final, TypeVar

from benchmarks.measure import Result, slow
from benchmarks.small_ward import NURSE
from benchmarks.years import BEDS, NOW, PIN, WARD, house, person, take_in
from workstation.founding import found_terminal
from workstation.kernel.clock import ManualClock
from workstation.services import assignment, downtime_pack
from workstation.services.desk import Desk
from workstation.services.documents import House
from workstation.services.safe import Safe

MOST_BEDS: Final = 60
STEP_TARGET_MS: Final = 50
WHOLE_TARGET_MS: Final = 10_000
_PAGES: Final = 4

T = TypeVar("T")


def measure(*, quick: bool) -> list[Result]:
    """Make packs as the window does, step by step, and take the time of each step."""
    beds, repetitions = (3, 2) if quick else (min(BEDS, MOST_BEDS), 10)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = found_terminal(folder, [(NURSE, PIN)], ManualClock(NOW))
        try:
            take_in(store, house())
            for number in range(beds):
                take_in(store, person(number, 100, inside=True))
            safe = Safe(folder, bytes(32), store.clock)
            desk = Desk(store, ManualClock(NOW), NURSE, WARD, safe)
            rounds = [_made(desk, safe) for _ in range(repetitions)]
        finally:
            store.close()
    pages, size, _, _ = rounds[-1]
    conditions = {"patients": beds, "pages": pages, "size": f"{size / 1024:.0f} KiB"}
    return [
        slow(
            "downtime_pack_step", "wait for one step of a pack on the store thread",
            [step for each in rounds for step in each[3]], STEP_TARGET_MS, measured="p99",
            conditions=conditions,
        ),
        slow(
            "downtime_pack", f"make the downtime pack of a ward of {beds}",
            [each[2] for each in rounds], WHOLE_TARGET_MS, measured="p95", conditions=conditions,
        ),
    ]  # fmt: skip


def _made(desk: Desk, safe: Safe) -> tuple[int, int, float, list[float]]:
    """Pages, bytes, time in all, and time of each step that needs the store (ms)."""
    steps: list[float] = []
    start = perf_counter()
    shift = assignment.shifts_to_assign(desk.now(), 12, "07:00")[0]
    frame = downtime_pack.Frame(House(), shift, "vi", desk.now())
    found = _timed(lambda: downtime_pack.census(desk), steps)
    people = []
    for each in found.occupants:
        read = _timed(partial(downtime_pack.person, desk, each, frame), steps)
        people += [read] if read is not None else []
    maker = downtime_pack.maker(desk, found, people, frame)
    while maker.step(_PAGES):
        pass
    pack = downtime_pack.keep(safe, maker, found, frame.data_as_of)
    return len(pack.sheets), len(pack.pdf), (perf_counter() - start) * 1000, steps


def _timed(work: Callable[[], T], steps: list[float]) -> T:
    start = perf_counter()
    found = work()
    steps.append((perf_counter() - start) * 1000)
    return found
