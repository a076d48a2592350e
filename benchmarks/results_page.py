"""How long the results of a very long chart take to show, from the key to the paint."""

from __future__ import annotations

from functools import partial
from typing import Final

from benchmarks.measure import Result, slow
from benchmarks.open_chart import in_turns
from benchmarks.seat import Seat, until_painted
from workstation.kernel.ids import PatientId
from workstation.ui.screens.chart.results_page import ResultsPage
from workstation.ui.screens.chart.screen import ChartScreen

TARGET_MS: Final = 150


def measure(*, quick: bool) -> Result:
    """Open the results of the long chart in turns with those of a short one."""
    observations, repetitions = (500, 4) if quick else (30_000, 40)
    first, taken = in_turns(observations, repetitions, _open)
    return slow(
        "results_page",
        f"open the results of a chart with {observations:,} Observations, to the first paint",
        taken,
        TARGET_MS,
        measured="p99",
        conditions={
            "results in the table": observations // 10,
            "first chart opened after the log-in": f"{first:.0f} ms",
            "window": "real, offscreen, 1366 x 768",
            "cache": "warm",
        },
    )


def _open(seat: Seat, patient: PatientId) -> float:
    """Open the results from anywhere and wait for them; then let everything come to rest."""
    bench = seat.window.bench
    if bench is None:
        raise RuntimeError("nobody is logged in")

    def ready() -> bool:
        screen = seat.screen()
        pages = screen.findChildren(ResultsPage) if isinstance(screen, ChartScreen) else []
        return bool(pages) and pages[0].isVisible() and pages[0].shown() == patient

    taken = until_painted(partial(bench.area.open_chart, patient, "results"), ready)
    seat.settle()
    return taken
