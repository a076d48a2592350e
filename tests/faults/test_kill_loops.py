"""F01, by chance: terminals and server are killed at random instants while all of them work.

A run is one kill -9 of one or two terminals, of the server, or of all. ``WARD_LONG=1`` makes
``WARD_LONG_RUNS`` of them (1,000 if not given); ``WARD_SEED=n`` starts from another seed.
"""

from __future__ import annotations

import os
import tempfile
import traceback
from collections import Counter
from pathlib import Path

import pytest

from tests.kit.kill_loop import KilledWard, Nursery

pytestmark = pytest.mark.fault
SEED = int(os.environ.get("WARD_SEED", "20261125"))
RUNS_OF_A_WARD = 10
"""Then a new ward: what a round reads again grows with all that was saved a minute ago."""


def kill(seed: int, runs: int, nursery: Nursery, facts: Counter[str]) -> None:
    """One ward, killed so many times; what came of it is added to `facts`."""
    print(f"seed {seed}: WARD_LONG=1 WARD_SEED={seed} WARD_LONG_RUNS={runs} repeats it", flush=True)
    with tempfile.TemporaryDirectory(prefix="ward-") as folder:
        ward = KilledWard(Path(folder), nursery, seed)
        try:
            for number in range(runs):
                ward.run(last=number == runs - 1)
        finally:
            ward.close()
            facts += ward.facts


def show(facts: Counter[str]) -> None:
    print(*(f"{count:7} {fact}" for fact, count in sorted(facts.items())), sep="\n", flush=True)


def test_killed_at_random_instants() -> None:
    facts: Counter[str] = Counter()
    with Nursery() as nursery:
        kill(SEED, 12, nursery, facts)
    show(facts)
    assert facts["runs"] == 12
    assert facts["said done"] > 0


@pytest.mark.long
@pytest.mark.timeout(0)
def test_killed_a_thousand_times() -> None:
    """A ward that fails does not end it: one wants to know how often."""
    if not os.environ.get("WARD_LONG"):
        pytest.skip("WARD_LONG=1 kills a thousand times")
    facts: Counter[str] = Counter()
    failed: list[int] = []
    with Nursery() as nursery:
        wards = int(os.environ.get("WARD_LONG_RUNS", "1000")) // RUNS_OF_A_WARD
        for seed in range(SEED, SEED + wards):
            try:
                kill(seed, RUNS_OF_A_WARD, nursery, facts)
            except AssertionError:
                traceback.print_exc()
                failed.append(seed)
            print(f"{facts['runs']} runs; failed: {failed}", flush=True)
    show(facts)
    assert not failed
