"""How fast a ward's record fills an empty encrypted store, index rows included."""

from __future__ import annotations

from benchmarks.measure import Result, fast
from benchmarks.reconciling import chart, server_with_a_ward

TARGET = 5_000


def measure(*, quick: bool) -> Result:
    """Pull into several empty stores."""
    count, repetitions = (500, 2) if quick else (10_000, 3)
    with server_with_a_ward() as place:
        source = place.terminal()
        source.settle()
        chart(source, count)
        source.settle()
        rates = [count / place.terminal().timed_round() for _ in range(repetitions)]
    return fast(
        "pull",
        f"pull of {count:,} Observations into an empty encrypted store, index rows included",
        rates,
        TARGET,
        measured="median",
        conditions={
            "sender": "reference server on the same machine, own process, SQLite",
            "round": "whole: acquaintance with the server, first fill, comparison",
        },
    )
