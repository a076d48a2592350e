"""P1 to P7 on any history: nothing lost, nothing twice, nothing glossed over, all the same at last.

Five terminals of two wards, with a doctor, a nurse and a head nurse at each, chart, edit, admit,
transfer and decide while lines are cut, answers get lost, processes are killed, clocks jump, and
the server, of any kind, refuses things or is set back. Set ``WARD_LONG=1`` to go on with new seeds
for ``WARD_LONG_SECONDS`` (600 if not given); ``WARD_SEED=n`` starts from another seed.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.kit.hospital_double import SERVERS
from tests.kit.outage import ACCIDENTS, EDITS, UNWELCOME, WARDS, Outage, Terminal
from workstation.kernel.ids import WardId

SEED = int(os.environ.get("WARD_SEED", "20261123"))
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where files need no disk: that they survive a power cut is another test's."""
TERMINALS = 5
terminals = st.integers(min_value=0, max_value=TERMINALS - 1)
wards = st.sampled_from(sorted(WARDS))
patients = st.sampled_from([name for names in WARDS.values() for name in names])
few = st.sampled_from(["anh", "binh", "dung"])
"""Whom most rules are about, so that they meet."""
beds = st.integers(1, 3)
kinds = st.sampled_from(sorted(EDITS))
marks = st.sampled_from(["", "", "", UNWELCOME])
TYPES = (
    *("Location", "Practitioner", "Patient", "Encounter", "Condition", "AllergyIntolerance"),
    *("Flag", "Observation", "MedicationRequest", "MedicationAdministration"),
    *("DetectedIssue", "Task", "Provenance", "Basic"),
)
"""What is used here; each more costs a question in every round."""
COUNTING = [name for name in sorted(SERVERS) if not SERVERS[name]().opaque_versions]
births = st.sampled_from(["1950-02-01", "1951-03-02"])


class Ward(RuleBasedStateMachine):
    """Everything that can happen in a hospital whose network is not to be trusted."""

    outage: Outage

    def at(self, number: int) -> Terminal:
        return self.outage.all[number]

    @initialize(server=st.sampled_from(sorted(SERVERS)), seed=st.integers(0, 999))
    def begin(self, server: str, seed: int) -> None:
        self.open(server, seed)

    def open(self, server: str, seed: int) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="ward-", dir=MEMORY)
        behaviour = SERVERS[server]()
        behaviour.refuses, behaviour.knows = UNWELCOME, TYPES
        self.outage = Outage(Path(self.folder.name), behaviour, TERMINALS, seed, tuple(WARDS))

    # What people do.

    @rule(number=terminals, who=st.integers(0, 2))
    def somebody_else_sits_down(self, number: int, who: int) -> None:
        self.at(number).person = self.at(number).people[who]

    @rule(number=terminals, patient=few, mark=marks)
    def somebody_charts(self, number: int, patient: str, mark: str) -> None:
        self.outage.chart(self.at(number), patient, mark)

    @rule(number=terminals, patient=few)
    def somebody_corrects(self, number: int, patient: str) -> None:
        self.outage.correct(self.at(number), patient)

    @rule(number=terminals, patient=few)
    def somebody_gives_a_dose(self, number: int, patient: str) -> None:
        self.outage.give(self.at(number), patient)

    @rule(number=terminals, patient=few, kind=kinds, mark=marks)
    def somebody_edits(self, number: int, patient: str, kind: str, mark: str) -> None:
        self.outage.edit(self.at(number), kind, patient, mark)

    @rule(first=terminals, second=terminals, patient=few, one=kinds, other=kinds)
    def two_edit_one_record(
        self, first: int, second: int, patient: str, one: str, other: str
    ) -> None:
        self.outage.edit(self.at(first), one, patient)
        self.outage.edit(self.at(second), other, patient)

    @rule(first=terminals, second=terminals, patient=few, kind=kinds)
    def two_edit_the_same(self, first: int, second: int, patient: str, kind: str) -> None:
        self.outage.edit(self.at(first), kind, patient)
        self.outage.edit(self.at(second), kind, patient)

    @rule(number=terminals, patient=few, kind=kinds, after=st.integers(0, 30))
    def somebody_edits_during_a_sync(
        self, number: int, patient: str, kind: str, after: int
    ) -> None:
        terminal = self.at(number)
        edit = lambda: self.outage.edit(terminal, kind, patient)  # noqa: E731
        terminal.line.meanwhile = (after, edit)
        self.outage.observed_sync(terminal)
        terminal.line.meanwhile = None

    @rule(first=terminals, second=terminals, after=st.integers(0, 30))
    def two_sync_at_once(self, first: int, second: int, after: int) -> None:
        if first == second:
            return
        one, other = self.at(first), self.at(second)
        one.line.meanwhile = (after, other.sync)
        one.sync()
        one.line.meanwhile = None

    @rule(number=terminals, patient=few)
    def somebody_deletes(self, number: int, patient: str) -> None:
        self.outage.delete(self.at(number), patient)

    @rule(first=terminals, second=terminals, patient=few)
    def one_deletes_what_another_edits(self, first: int, second: int, patient: str) -> None:
        self.outage.delete(self.at(first), patient)
        self.outage.edit(self.at(second), "flag", patient)

    @rule(number=terminals, bed=beds)
    def somebody_renames_a_bed(self, number: int, bed: int) -> None:
        self.outage.rename_bed(self.at(number), bed)

    @rule(number=terminals, bed=beds, born=births, mark=marks)
    def somebody_is_admitted(self, number: int, bed: int, born: str, mark: str) -> None:
        terminal = self.at(number)
        patient = self.outage.admit(terminal, bed, born, mark)
        self.outage.chart(terminal, patient)

    @rule(first=terminals, second=terminals, bed=beds, born=births)
    def one_person_is_admitted_twice(self, first: int, second: int, bed: int, born: str) -> None:
        self.outage.admit(self.at(first), bed, born)
        self.outage.admit(self.at(second), bed, born)

    @rule(number=terminals, patient=few, ward=wards, bed=beds)
    def somebody_is_transferred(self, number: int, patient: str, ward: str, bed: int) -> None:
        self.outage.transfer(self.at(number), patient, WardId(ward), bed)

    @rule(number=terminals, patient=patients)
    def somebody_is_discharged(self, number: int, patient: str) -> None:
        self.outage.discharge(self.at(number), patient)

    @rule(number=terminals, patient=patients, bed=beds)
    def somebody_is_taken_back(self, number: int, patient: str, bed: int) -> None:
        self.outage.take_back(self.at(number), patient, bed)

    @rule(number=terminals, nth=st.integers(0, 3), side=st.sampled_from([None, "mine", "theirs"]))
    def somebody_decides(self, number: int, nth: int, side: str | None) -> None:
        self.outage.decide(self.at(number), side, nth)

    @rule(first=terminals, second=terminals)
    def two_decide_differently(self, first: int, second: int) -> None:
        self.outage.decide(self.at(first), "mine")
        self.outage.decide(self.at(second), "theirs")

    @rule(first=terminals, second=terminals, patient=few, kind=kinds)
    def a_conflict_meets_a_newer_version(
        self, first: int, second: int, patient: str, kind: str
    ) -> None:
        self.outage.edit(self.at(second), kind, patient)
        self.at(second).sync()
        self.outage.decide(self.at(first))

    @rule(number=terminals)
    def somebody_takes_note_of_an_alert(self, number: int) -> None:
        self.outage.acknowledge(self.at(number))

    @rule(number=terminals)
    def somebody_tries_again(self, number: int) -> None:
        self.outage.retry(self.at(number))

    # What goes on.

    @rule(number=terminals)
    def a_terminal_syncs(self, number: int) -> None:
        self.outage.pass_time()
        self.outage.observed_sync(self.at(number))

    @rule()
    def all_sync(self) -> None:
        self.outage.pass_time()
        for terminal in self.outage.all:
            terminal.sync()

    @rule(number=terminals, hours=st.sampled_from([-25, -1, 1, 24]))
    def a_clock_jumps(self, number: int, hours: int) -> None:
        self.at(number).clock.jump(timedelta(hours=hours))

    @rule(hours=st.sampled_from([1, 25]))
    def hours_pass(self, hours: int) -> None:
        self.outage.pass_time(hours * 3600)

    # What goes wrong.

    @rule(number=terminals, cut=st.booleans())
    def a_line_is_cut_or_mended(self, number: int, cut: bool) -> None:
        self.at(number).line.cut = cut

    @rule(cut=st.booleans())
    def a_ward_is_cut_off_or_mended(self, cut: bool) -> None:
        for terminal in self.outage.all[1::2]:
            terminal.line.cut = cut

    @rule(number=terminals, requests=st.integers(0, 30))
    def a_line_is_cut_in_a_sync(self, number: int, requests: int) -> None:
        terminal = self.at(number)
        terminal.line.cut_after = requests
        self.outage.observed_sync(terminal)
        terminal.line.cut_after, terminal.line.cut = None, False

    @rule(number=terminals, answers=st.integers(1, 3))
    def answers_will_be_lost(self, number: int, answers: int) -> None:
        self.at(number).line.answers_to_lose = answers

    @rule(number=terminals, writes=st.integers(1, 3))
    def writes_will_arrive_twice(self, number: int, writes: int) -> None:
        self.at(number).line.writes_twice = writes

    @rule(number=terminals, requests=st.integers(0, 30), answered=st.booleans())
    def a_process_is_killed_in_its_sync(self, number: int, requests: int, answered: bool) -> None:
        terminal = self.at(number)
        terminal.line.dies_after, terminal.line.dies_answered = requests, answered
        terminal.sync()
        terminal.line.dies_after = None

    @rule(number=terminals)
    def a_terminal_is_switched_off_and_on(self, number: int) -> None:
        self.at(number).restart()

    @rule(down=st.booleans())
    def the_server_is_stopped_or_started(self, down: bool) -> None:
        self.outage.hospital.down = down

    @invariant()
    def what_is_said_is_true(self) -> None:
        if hasattr(self, "outage"):
            self.outage.check_honest()

    def teardown(self) -> None:
        if not hasattr(self, "outage"):
            return
        try:
            self.outage.calm_down()
            self.outage.check_converged()
            self.outage.check_nothing_lost()
            self.outage.check_once()
            self.outage.check_alerts()
        finally:
            self.outage.close()
            self.folder.cleanup()


class RestoredServer(Ward):
    """The same, and the server may be set back to a backup; a person decides at each terminal.

    Versions that do not count hide that another one stands in the place of a lost one.
    """

    @initialize(server=st.sampled_from(COUNTING), seed=st.integers(0, 999))
    def begin(self, server: str, seed: int) -> None:
        self.open(server, seed)

    @rule()
    def all_sync_and_the_server_is_set_back(self) -> None:
        self.outage.back_up()
        self.outage.edit(self.outage.all[0], "home phone", "dung")
        self.outage.chart(self.outage.all[1], "anh")
        self.all_sync()
        self.outage.restore()

    @rule()
    def the_server_is_backed_up(self) -> None:
        self.outage.back_up()

    @rule()
    def the_server_is_set_back(self) -> None:
        self.outage.restore()

    @rule(number=terminals)
    def somebody_sends_again_what_the_server_forgot(self, number: int) -> None:
        terminal = self.at(number)
        report = terminal.sync()
        if report is not None and report.outcome in ACCIDENTS:
            self.outage.send_again(terminal)


def run(machine: type[Ward], seed: int, examples: int, steps: int, *, shrink: bool = True) -> None:
    print(f"{machine.__name__} seed {seed}: WARD_SEED={seed} repeats it")
    bounded = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        database=None,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
    )
    run_state_machine_as_test(hypothesis.seed(seed)(machine), settings=bounded)


@pytest.mark.fault
@pytest.mark.parametrize(("machine", "examples"), [(Ward, 4), (RestoredServer, 2)])
def test_p1_to_p7_hold_on_any_history(machine: type[Ward], examples: int) -> None:
    run(machine, SEED, examples, steps=20)


@pytest.mark.fault
@pytest.mark.long
@pytest.mark.timeout(0)
def test_p1_to_p7_hold_for_as_long_as_one_likes() -> None:
    if not os.environ.get("WARD_LONG"):
        run(Ward, SEED + 1, examples=1, steps=8)
        return
    end = time.monotonic() + float(os.environ.get("WARD_LONG_SECONDS", "600"))
    seed = SEED
    while time.monotonic() < end:
        run(Ward, seed, examples=20, steps=40)
        run(RestoredServer, seed, examples=5, steps=40)
        seed += 1
