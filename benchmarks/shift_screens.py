"""How long each screen of the shift takes to show, with a stay of sixty days on a full ward."""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from PySide6.QtCore import Qt

from benchmarks.long_stay import DAYS, prepare
from benchmarks.measure import Result, slow
from benchmarks.seat import TICK_MS, Seat, Ticks, until_painted
from benchmarks.years import BEDS, NOW
from workstation.kernel.clock import ManualClock
from workstation.ui.screens.chart.tabs import TAB_IDS
from workstation.ui.shell.work_area import WorkArea

TARGET_MS: Final = 150
STALL_MS: Final = 50
SCREENS: Final = (
    "ward_tasks",
    "medication_round",
    "vital_signs_round",
    "orders_to_acknowledge",
    "results_inbox",
    "stays",
    "handover",
    "ward_news",
)


@dataclass
class _Taken:
    """What the openings of one screen took, in ms: until painted, of a processor, longest gap."""

    painted: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    window: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    first: float = 0.0


def measure(*, quick: bool) -> list[Result]:
    """Open every screen and every tab of the long chart in turns with others."""
    records, turns = (1_000, 2) if quick else (30_000, 20)
    taken: dict[str, _Taken] = defaultdict(_Taken)
    with tempfile.TemporaryDirectory() as name:
        long, short = prepare(Path(name), records)
        os.sync()  # the writing of the store is not what the screens wait for
        seat = Seat(Path(name), ManualClock(NOW))
        try:
            seat.log_in()
            for turn in range(turns + 1):
                for screen in SCREENS:
                    _open(seat, partial(_area(seat).open_screen, screen), taken[screen], turn)
                for tab in TAB_IDS:
                    _rest(seat, partial(_area(seat).open_chart, short, tab))
                    act = partial(_area(seat).open_chart, long, tab)
                    _open(seat, act, taken[f"chart: {tab}"], turn)
                show_board = partial(_area(seat).open_screen, "ward_board")
                _open(seat, show_board, taken["ward_board"], turn)
                show_map = partial(seat.screen().perform, "toggle_view")
                _open(seat, show_map, taken["ward_board: map"], turn)
                _rest(seat, show_map)
        finally:
            seat.close()
    return [*_paints(taken, records), _stall(taken, records)]


def _area(seat: Seat) -> WorkArea:
    bench = seat.window.bench
    if bench is None:
        raise RuntimeError("nobody is logged in")
    return bench.area


def _open(seat: Seat, act: Callable[[], object], taken: _Taken, turn: int) -> None:
    """Measure one opening; the very first of a screen builds it, and is told apart."""
    gc.collect()
    seat.press(Qt.Key.Key_Shift)  # whoever opens a screen has just touched the keyboard
    ticks = Ticks()
    busy, window = time.process_time(), time.thread_time()
    painted = _rest(seat, act)
    spent = (time.process_time() - busy) * 1000, (time.thread_time() - window) * 1000
    seat.settle()
    gaps = ticks.end()
    if not turn:
        taken.first = painted
        return
    taken.painted.append(painted)
    taken.busy.append(spent[0])
    taken.window.append(spent[1])
    taken.gaps.append(max(gaps))


def _rest(seat: Seat, act: Callable[[], object]) -> float:
    """Open something, and wait until all that it asked the record is answered and painted."""
    answers: list[object] = []

    def asked() -> None:
        act()
        # One thread answers in the order of the questions: this is the last of them.
        seat.tasks.query(lambda: None, done=answers.append)

    return until_painted(asked, lambda: bool(answers))


def _paints(taken: dict[str, _Taken], records: int) -> list[Result]:
    return [
        slow(
            f"shift_screens ({screen})",
            f"open it with a ward of {BEDS} and a stay of {DAYS} days ({records:,} records)",
            found.painted,
            TARGET_MS,
            measured="p99",
            conditions={
                "busy": f"{median(found.busy):.0f} ms of a processor",
                "of them the window": f"{median(found.window):.0f} ms",
                "longest gap": f"median {median(found.gaps):.0f}, worst {max(found.gaps):.0f} ms",
                "very first": f"{found.first:.0f} ms",
            },
        )
        for screen, found in taken.items()
    ]


def _stall(taken: dict[str, _Taken], records: int) -> Result:
    return slow(
        "shift_screens (stall)",
        f"longest stall of the window while any of them opens ({records:,} records)",
        [gap for found in taken.values() for gap in found.gaps],
        STALL_MS,
        measured="worst",
        conditions={"tick": f"{TICK_MS} ms", "window": "real, offscreen, 1366 x 768"},
    )
