"""How much memory the whole program takes with years of a hospital in its store."""

from __future__ import annotations

from typing import Final

from benchmarks.driven import play
from benchmarks.measure import Result, little
from benchmarks.years import BEDS, server_of_the_ward, years
from workstation.kernel import settings as table
from workstation.kernel.settings import Settings

TARGET_MB: Final = 350
_PATIENT: Final = "p0"


def measure(*, quick: bool) -> Result:
    """Start it beside a server, let it sync, look at the board, open a chart."""
    kept = years(quick=quick)
    base = server_of_the_ward(quick=quick).base
    Settings(kept.folder / "settings").put(table.SERVER, base)
    values = []
    for _ in range(1 if quick else 3):
        _, moments = play(kept.folder, _PATIENT)
        values += [moments["rest"].now_mb, moments["chart"].now_mb, moments["chart"].peak_mb]
    return little(
        "memory",
        f"resident memory with a store of {kept.words()} open",
        "MB",
        values,
        TARGET_MB,
        measured="worst",
        conditions={
            "at the log-in page": f"{moments['log-in'].now_mb:.0f} MB",
            f"on the ward board of {BEDS}, after a first sync": f"{values[-3]:.0f} MB",
            "with a chart open": f"{values[-2]:.0f} MB",
            "the most at any moment": f"{values[-1]:.0f} MB",
        },
    )
