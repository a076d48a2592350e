"""F04: two people change one record; no change vanishes, on any order of edits and syncs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.kit.hospital_double import Behaviour
from tests.kit.outage import EDITS, PATIENTS, Outage
from workstation.services import conflicts
from workstation.services.desk import Desk
from workstation.store import conflicts as kept

edits = st.tuples(st.integers(0, 1), st.sampled_from(sorted(EDITS)), st.just(PATIENTS[0]))
syncs = st.tuples(st.integers(0, 1))


@pytest.mark.fault
@seed(4)
@settings(
    max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)  # fmt: skip
@given(st.lists(edits | syncs, min_size=4, max_size=14))
def test_f04_every_value_is_current_in_history_or_in_a_conflict(steps: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outage = Outage(Path(folder), _ours(), 2, 4)
        for step in steps:
            terminal = outage.all[step[0]]
            if len(step) == 1:
                outage.pass_time()
                terminal.sync()
            else:
                outage.edit(terminal, step[1], step[2])
        outage.calm_down()
        outage.check_nothing_lost()
        outage.check_converged()
        outage.close()


@pytest.mark.fault
def test_f04_the_second_of_two_edits_is_put_aside_whole_and_seen_everywhere(
    tmp_path: Path,
) -> None:
    outage = Outage(tmp_path, _ours(), 3, 4)
    first, second, third = outage.all
    outage.edit(first, "dose", "anh")
    outage.edit(second, "dose", "anh")
    for terminal in (first, second, third):
        outage.pass_time()
        terminal.sync()
    mine = outage.saved[1].token
    for terminal in (second, third):
        (waiting,) = conflicts.waiting(terminal.desk)
        shown = conflicts.detail(terminal.desk, waiting.id)
        line = shown.questions[0].lines[0]
        assert (line.theirs, line.mine) == (outage.saved[0].token, mine)
        assert shown.mine.by == second.person.name
    outage.close()


@pytest.mark.fault
def test_f04_decided_on_another_terminal_it_is_decided_on_all(tmp_path: Path) -> None:
    outage = Outage(tmp_path, _ours(), 2, 4)
    first, second = outage.all
    outage.edit(first, "dose", "anh")
    outage.edit(second, "dose", "anh")
    for terminal in (first, second, first):
        outage.pass_time()
        terminal.sync()
    _decide(first.desk, "mine")
    outage.calm_down()
    for terminal in outage.all:
        assert conflicts.waiting(terminal.desk) == ()
        order = terminal.resources()["MedicationRequest/order-anh"]
        assert order["dosageInstruction"] == [{"text": outage.saved[1].token}]
    outage.check_converged()
    outage.close()


@pytest.mark.fault
def test_f04_two_deciders_who_disagree_are_both_heard(tmp_path: Path) -> None:
    outage = Outage(tmp_path, _ours(), 2, 4)
    first, second = outage.all
    outage.edit(first, "dose", "anh")
    outage.edit(second, "dose", "anh")
    for terminal in (first, second, first):
        outage.pass_time()
        terminal.sync()
    _decide(first.desk, "mine")
    _decide(second.desk, "theirs")
    for terminal in (first, second, first):
        outage.pass_time()
        terminal.sync()
    for terminal in outage.all:
        with terminal.store.read() as view:
            (conflict,) = kept.load(view, [entry.id for entry in kept.entries(view)])
        assert [decision.display for decision in conflict.decisions] == ["Bs. 1", "Bs. 2"]
        assert conflict.state == "open"
    outage.calm_down()
    outage.check_converged()
    outage.check_nothing_lost()
    outage.close()


def _decide(desk: Desk, side: str) -> None:
    (waiting,) = conflicts.waiting(desk)
    found = conflicts.detail(desk, waiting.id)
    conflicts.decide(desk, waiting.id, [side] * len(found.questions), "asked")  # type: ignore[list-item]


def _ours() -> Behaviour:
    return Behaviour()
