"""How long the ward board takes to be read out of a store that holds years of a hospital."""

from __future__ import annotations

from benchmarks.measure import Result, durations, slow
from benchmarks.years import years
from workstation.services import ward_board

TARGET_MS = 100


def measure(*, quick: bool) -> Result:
    """Read the board again and again."""
    kept = years(quick=quick)
    desk = kept.open()
    occupied = sum(bed.occupant is not None for bed in ward_board.board(desk).beds)
    taken = durations(lambda: ward_board.board(desk), 10 if quick else 50, warm=3)
    desk.store.close()
    return slow(
        "ward_board",
        f"ward board of {occupied} patients out of {kept.words()}",
        taken,
        TARGET_MS,
        measured="p99",
        conditions={"values for each patient": kept.each, "cache": "warm"},
    )
