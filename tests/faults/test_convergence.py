"""P3, P4, P6 on any history: nothing overwritten in silence, nothing twice, all the same at last.

Three to five terminals chart, edit and delete while lines are cut, answers get lost, processes are
killed and clocks are wrong, against servers of all kinds. Set ``WARD_LONG=1`` to go on with new
seeds for ``WARD_LONG_SECONDS`` (600 if not given); ``WARD_SEED=n`` starts from another seed.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.kit.hospital_double import SERVERS
from tests.kit.outage import EDITS, PATIENTS, Outage, Terminal

SEED = int(os.environ.get("WARD_SEED", "20261123"))
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where files need no disk: that they survive a power cut is another test's."""
terminals = st.integers(min_value=0, max_value=4)
patients = st.sampled_from(PATIENTS)


class Ward(RuleBasedStateMachine):
    """Everything that can happen on a ward whose network is not to be trusted."""

    outage: Outage

    def at(self, number: int) -> Terminal:
        return self.outage.all[number % len(self.outage.all)]

    @initialize(
        server=st.sampled_from(sorted(SERVERS)), count=st.integers(3, 5), seed=st.integers(0, 999)
    )
    def begin(self, server: str, count: int, seed: int) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="ward-", dir=MEMORY)
        self.outage = Outage(Path(self.folder.name), SERVERS[server](), count, seed)

    @rule(number=terminals, patient=patients)
    def somebody_charts(self, number: int, patient: str) -> None:
        self.outage.chart(self.at(number), patient)

    @rule(number=terminals, patient=patients)
    def somebody_gives_a_dose(self, number: int, patient: str) -> None:
        self.outage.give(self.at(number), patient)

    @rule(number=terminals, patient=patients, kind=st.sampled_from(sorted(EDITS)))
    def somebody_edits(self, number: int, patient: str, kind: str) -> None:
        self.outage.edit(self.at(number), kind, patient)

    @rule(first=terminals, second=terminals, patient=patients, kind=st.sampled_from(sorted(EDITS)))
    def two_edit_the_same(self, first: int, second: int, patient: str, kind: str) -> None:
        self.outage.edit(self.at(first), kind, patient)
        self.outage.edit(self.at(second), kind, patient)

    @rule(number=terminals, patient=patients)
    def somebody_deletes(self, number: int, patient: str) -> None:
        self.outage.delete(self.at(number), patient)

    @rule(number=terminals)
    def a_terminal_syncs(self, number: int) -> None:
        self.outage.pass_time()
        self.at(number).sync()

    @rule()
    def all_sync(self) -> None:
        self.outage.pass_time()
        for terminal in self.outage.all:
            terminal.sync()

    @rule(number=terminals, cut=st.booleans())
    def a_line_is_cut_or_mended(self, number: int, cut: bool) -> None:
        self.at(number).line.cut = cut

    @rule(number=terminals, answers=st.integers(1, 3))
    def answers_will_be_lost(self, number: int, answers: int) -> None:
        self.at(number).line.answers_to_lose = answers

    @rule(number=terminals, requests=st.integers(0, 12), answered=st.booleans())
    def a_process_is_killed_in_its_sync(self, number: int, requests: int, answered: bool) -> None:
        terminal = self.at(number)
        terminal.line.dies_after, terminal.line.dies_answered = requests, answered
        terminal.sync()
        terminal.line.dies_after = None

    @rule(number=terminals)
    def a_terminal_is_switched_off_and_on(self, number: int) -> None:
        self.at(number).restart()

    @rule(number=terminals, hours=st.sampled_from([-25, -1, 1, 24]))
    def a_clock_jumps(self, number: int, hours: int) -> None:
        self.at(number).clock.jump(timedelta(hours=hours))

    @rule(number=terminals)
    def somebody_decides(self, number: int) -> None:
        self.outage.decide(self.at(number))

    def teardown(self) -> None:
        if not hasattr(self, "outage"):
            return
        try:
            self.outage.check_honest()
            self.outage.calm_down()
            self.outage.check_converged()
            self.outage.check_nothing_lost()
            self.outage.check_once()
        finally:
            self.outage.close()
            self.folder.cleanup()


def run(seed: int, examples: int, steps: int) -> None:
    print(f"seed {seed}: WARD_SEED={seed} repeats it")
    bounded = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        database=None,
    )
    run_state_machine_as_test(hypothesis.seed(seed)(Ward), settings=bounded)


@pytest.mark.fault
def test_p3_p4_p6_hold_on_any_history() -> None:
    run(SEED, examples=6, steps=12)


@pytest.mark.fault
@pytest.mark.long
@pytest.mark.timeout(0)
def test_p3_p4_p6_hold_for_as_long_as_one_likes() -> None:
    if not os.environ.get("WARD_LONG"):
        run(SEED + 1, examples=1, steps=8)
        return
    end = time.monotonic() + float(os.environ.get("WARD_LONG_SECONDS", "600"))
    seed = SEED
    while time.monotonic() < end:
        run(seed, examples=20, steps=30)
        seed += 1
