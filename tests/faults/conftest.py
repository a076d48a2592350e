"""What every fault test stands on: a hospital with bad days, and terminals on its ward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kit.hospital_double import HospitalDouble
from tests.kit.store import START
from tests.kit.ward_terminal import Terminal, admit
from workstation.kernel.clock import ManualClock


@pytest.fixture
def hospital() -> Iterator[HospitalDouble]:
    double = HospitalDouble(clock=ManualClock(START))
    admit(double)
    yield double
    double.close()


@pytest.fixture
def terminals(hospital: HospitalDouble, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Makes terminals by number; they are closed at the end."""
    made: list[Terminal] = []

    def make(number: int = 1) -> Terminal:
        made.append(Terminal(tmp_path / f"terminal-{number}", hospital, number))
        return made[-1]

    yield make
    for terminal in made:
        terminal.close()


@pytest.fixture
def terminal(terminals: Callable[..., Terminal]) -> Terminal:
    """A terminal that has synced once."""
    one = terminals(1)
    one.sync()
    return one
