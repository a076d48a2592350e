"""F09 as an experiment: what several cursors miss while many write, and that counting tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.cursor_experiment import Outcome, concurrently, interleaved, table
from tests.kit.hospital_double import Behaviour
from tests.kit.hospital_process import running
from tests.kit.late_server import mostly_short
from workstation.sync.transport import HttpTransport

pytestmark = pytest.mark.fault
SEED = 20261125


def judge(outcomes: list[Outcome]) -> dict[str, Outcome]:
    """What must hold whatever the server does: counting flags exactly the cursors that lose."""
    print(table(outcomes))
    for outcome in outcomes:
        assert outcome.written > 0
        assert outcome.flagged == (outcome.missed > 0), outcome
    by_name = {outcome.cursor: outcome for outcome in outcomes}
    assert by_name["our pull"].missed == 0
    return by_name


@pytest.mark.parametrize("history", ["system", "instance"])
def test_late_rows_with_equal_times_are_lost_by_others_and_not_by_ours(
    tmp_path: Path, history: str
) -> None:
    found = judge(
        interleaved(
            tmp_path,
            lag=mostly_short(90),
            seed=SEED,
            writes=120,
            behaviour=Behaviour(history=history),
        )
    )
    assert found["gt newest"].missed > found["ge newest"].missed > 0
    assert found["our cursor"].missed == 0


def test_rows_later_than_any_overlap_are_found_by_counting(tmp_path: Path) -> None:
    found = judge(
        interleaved(
            tmp_path,
            lag=mostly_short(1500),
            seed=SEED,
            writes=120,
            pace_s=20,
            behaviour=Behaviour(history="instance"),
        )
    )
    assert found["ge newest - 120 s"].missed > 0


def test_many_writers_at_once_on_the_true_server(tmp_path: Path) -> None:
    with running(tmp_path) as hospital:
        found = judge(
            concurrently(
                lambda _number: HttpTransport(hospital.base), tmp_path, writers=4, writes=25
            )
        )
    assert found["our cursor"].missed == 0
