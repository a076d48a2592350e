"""How long the program takes to start, and from the last key of the PIN to the ward board."""

from __future__ import annotations

from statistics import median
from typing import Final

from benchmarks.driven import play
from benchmarks.measure import Result, slow
from benchmarks.years import years
from workstation.kernel import settings as table
from workstation.kernel.settings import Settings

START_MS: Final = 1_500
ENTER_MS: Final = 800


def measure(*, quick: bool) -> tuple[Result, Result]:
    """Start the real program several times."""
    kept = years(quick=quick)
    Settings(kept.folder / "settings").put(table.SERVER, "")
    starts, entries, used = [], [], []
    for turn in range(2 if quick else 11):
        began, moments = play(kept.folder)
        if turn or quick:  # the first brings the files into memory
            starts.append((moments["log-in"].at - began) * 1000)
            entries.append((moments["board"].at - moments["enter"].at) * 1000)
            used.append((moments["log-in"].cpu_s, moments["board"].cpu_s - moments["enter"].cpu_s))
    conditions = {
        "program": "a process of its own, offscreen, files in the page cache",
        "store": kept.words(),
    }
    return (
        slow(
            "start",
            "from starting the program to the painted log-in window with its people",
            starts,
            START_MS,
            measured="p99",
            conditions={**conditions, "CPU": f"{1000 * median(u[0] for u in used):.0f} ms"},
        ),
        slow(
            "log_in",
            "from the Enter after the PIN to the painted ward board",
            entries,
            ENTER_MS,
            measured="p99",
            conditions={
                **conditions,
                "CPU": f"{1000 * median(u[1] for u in used):.0f} ms",
                "PIN": "Argon2id at its real cost, typed 0.1 s a key",
            },
        ),
    )
