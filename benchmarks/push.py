"""How fast a queue of Observations drains to the reference server, durable at both ends."""

from __future__ import annotations

from benchmarks.measure import Result, fast
from benchmarks.reconciling import chart, server_with_a_ward

TARGET = 3_000


def measure(*, quick: bool) -> Result:
    """Push the same number several times, each time another set."""
    count, repetitions = (500, 2) if quick else (10_000, 3)
    rates = []
    with server_with_a_ward() as place:
        terminal = place.terminal()
        terminal.settle()
        for _ in range(repetitions):
            chart(terminal, count)
            rates.append(count / terminal.timed_round())
            unsent = terminal.engine.status().unsent
            if unsent:
                raise RuntimeError(f"{unsent} were not sent")
    return fast(
        "push",
        f"push of {count:,} Observations (1 kB) to the reference server on the same machine",
        rates,
        TARGET,
        measured="median",
        conditions={
            "sender": "encrypted store, acknowledged durably",
            "receiver": "own process, SQLite, validated and durable",
            "round": "whole, with pull and comparison",
        },
    )
