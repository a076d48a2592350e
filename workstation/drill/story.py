"""The story of a drill: a ward charts, the server goes away, the ward charts on, all reconcile."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workstation.drill import judgement, work
from workstation.drill.crew import Crew
from workstation.drill.remote import TerminalFailed
from workstation.drill.report import Report, Step, write
from workstation.drill.server_side import ServerSide
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.sync import directory
from workstation.ui.toolkit.messages import explain

_PER_MINUTE = 2.0
_FEWEST_TERMINALS = 2
_BEFORE = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How a drill is to be played.

    Attributes:
        seed: The story follows from it.
        terminals: How many take part, at least 2.
        minutes: Of ward work during the outage, played as fast as the machine can.
        server: A FHIR R4 test server; None starts the reference server.
        out: Where report, pictures and documents go; what an earlier drill left is removed.
    """

    seed: int
    terminals: int
    minutes: float
    server: str | None
    out: Path


def play(plan: Plan, say: Callable[[str], object]) -> Report:
    """Play a drill and write its report.

    Args:
        plan: How.
        say: Gets each step as it is done, in words.

    Returns:
        The report, also when the drill failed.

    Raises:
        Refused: ``too-few-terminals``; ``folder-in-use``: `out` holds something that is no drill.
    """
    if plan.terminals < _FEWEST_TERMINALS:
        raise Refused("too-few-terminals", fewest=_FEWEST_TERMINALS)
    _clear(plan.out)
    report = Report(
        seed=plan.seed,
        terminals=plan.terminals,
        minutes=plan.minutes,
        server=plan.server or tr("reference server"),
    )
    drill = Drill(plan, report, say)
    try:
        drill.run()
    except WorkstationError as error:
        report.failure = f"{explain(error).line} [{error.code}]"
    finally:
        drill.stop()
        write(report, plan.out)
    _conclude(report, plan.out, say)
    return report


class Drill:
    """One drill, from the first log-in to the proof."""

    def __init__(self, plan: Plan, report: Report, say: Callable[[str], object]) -> None:
        self._plan = plan
        self._report = report
        self._say = say
        self._chance = random.Random(plan.seed)  # noqa: S311 - a rehearsal must be repeatable
        self._server = ServerSide(plan.server, plan.out / "hospital", seed=plan.seed)
        self._crew: Crew | None = None

    @property
    def crew(self) -> Crew:
        """The terminals, once they are there."""
        if self._crew is None:
            raise Refused("not-started")
        return self._crew

    def run(self) -> None:
        """Play the whole story."""
        self._prepare()
        beds = self._ward()
        self._chart_online(beds)
        self._outage(beds)
        self._return()
        self._decide()
        self._prove()
        self._papers(beds)

    def stop(self) -> None:
        """End every process."""
        if self._crew is not None:
            self._crew.stop()
        self._server.stop()

    @contextmanager
    def _step(self, title: str) -> Iterator[list[str]]:
        """One step: what is put in the list is told and kept in the report."""
        told: list[str] = []
        started = time.monotonic()
        yield told
        taken = time.monotonic() - started
        text = " ".join(told)
        self._report.steps.append(Step(title, text, taken))
        self._say(f"[{taken:5.1f} s] {title}: {text}")

    def _prepare(self) -> None:
        with self._step(tr("The hospital opens")) as told:
            client = self._server.open()
            found = directory.wards(client)
            if not found:
                raise Refused("no-ward")
            ward = found[0]
            told.append(tr("{ward} with {count} patients.", ward=ward.name, count=ward.patients))
            self._crew = Crew(
                self._plan.out,
                base=self._server.base,
                ward=ward.id,
                staff=directory.staff(client),
                size=self._plan.terminals,
            )
        with self._step(tr("The terminals fetch their ward")) as told:
            for terminal in self.crew.terminals:
                self.crew.open(terminal)
            for number in range(len(self.crew)):
                self.crew.sit(number, "doctor" if number == 1 else "nurse")
            done = self.crew.reconcile()
            told.append(tr("{count} records fetched and encrypted.", count=done["pulled"]))

    def _ward(self) -> work.Ward:
        beds = self.crew.terminals[0].ask("ward")
        ward = work.Ward.of(beds)
        if len(ward.people) < work.FEWEST_PEOPLE:
            raise Refused("ward-too-empty", fewest=work.FEWEST_PEOPLE)
        return ward

    def _chart_online(self, ward: work.Ward) -> None:
        with self._step(tr("The round begins, with the server there")) as told:
            values = [work.vital_signs(self._chance) for _ in range(_BEFORE)]
            for person, each in zip(ward.people, values, strict=False):
                arguments = {"patient": person.patient, "minutes_ago": 0, "values": each}
                self._do(work.Task(0, "vital-signs", arguments))
            done = self.crew.reconcile()
            self._report.sent += done["sent"]
            told.append(tr("{count} changes reached the server.", count=done["sent"]))

    def _outage(self, ward: work.Ward) -> None:
        started = time.monotonic()
        with self._step(tr("The server goes away")) as told:
            self._server.cut(self.crew)
            outcomes = {each["outcome"] for each in self.crew.all("sync")}
            if outcomes & {"complete"}:
                raise Refused("still-online")
            links = {each["link"] for each in self.crew.all("status")}
            told.append(tr("Every terminal says: {link}.", link=", ".join(sorted(links))))
        with self._step(tr("The ward charts on")) as told:
            for task in self._tasks(ward):
                self._do(task)
            told.append(
                tr("{count} saves, all acknowledged.", count=sum(self._report.written.values()))
            )
            waiting = self.crew.all("status")
            told.append(tr("{count} records unsent.", count=sum(e["unsent"] for e in waiting)))
        with self._step(tr("One terminal loses its power")) as told:
            self._lose_power(told)
        self._report.seconds_offline = time.monotonic() - started

    def _tasks(self, ward: work.Ward) -> Sequence[work.Task]:
        everyday = work.shift(
            self._plan.seed,
            terminals=len(self.crew),
            minutes=self._plan.minutes,
            patients=[person.patient for person in ward.people],
            per_minute=_PER_MINUTE,
        )
        return [*everyday, *work.contradictions(ward)]

    def _lose_power(self, told: list[str]) -> None:
        victim = self.crew.terminals[-1]
        before = len(victim.ask("saves"))
        victim.kill()
        self.crew.open(victim)
        self._server.keep_away(victim)
        after = len(victim.ask("saves"))
        if after != before:
            raise Refused("saves-lost-at-power-cut", before=before, after=after)
        told.append(tr("Killed and started again: all {count} saves are there.", count=after))

    def _return(self) -> None:
        with self._step(tr("The server is back, all reconcile")) as told:
            self._server.mend(self.crew)
            done = self.crew.reconcile()
            self._report.sent += done["sent"]
            self._report.merged += done["merged"]
            told.append(tr("{count} changes reached the server.", count=done["sent"]))
            told.append(tr("{count} records joined without asking.", count=done["merged"]))
            waiting = len(self.crew.terminals[0].ask("conflicts"))
            told.append(tr("{count} conflicts for a person.", count=waiting))

    def _decide(self) -> None:
        with self._step(tr("A person decides, at another terminal")) as told:
            for number, conflict in enumerate(self.crew.terminals[-1].ask("conflicts")):
                who = self.crew.sit(len(self.crew) - 1, "doctor")
                side = ("mine", "theirs")[number % 2]
                arguments = {
                    "conflict": conflict["id"],
                    "side": side,
                    "reason": "Đã khám lại người bệnh tại giường",
                }
                self._do(work.Task(len(self.crew) - 1, "decide", arguments))
                self._report.conflicts_decided += 1
                told.append(tr("{who} decided one.", who=who))
            done = self.crew.reconcile()
            self._report.sent += done["sent"]
            statuses = self.crew.all("status")
            self._report.parked = sum(each["parked"] for each in statuses)
            self._report.promises_not_kept = tuple(
                sorted({code for each in statuses for code in each["unsafe"]})
            )
            left = sum(each["unsent"] for each in statuses)
            told.append(tr("{count} records unsent.", count=left))

    def _prove(self) -> None:
        with self._step(tr("The proof")) as told:
            self._report.proof = judgement.judge(self.crew, self._server.client())
            told.append(
                tr(
                    "{saves} saves compared with the server: {lost} lost.",
                    saves=self._report.proof.acknowledged_writes,
                    lost=len(self._report.proof.lost),
                )
            )

    def _papers(self, ward: work.Ward) -> None:
        with self._step(tr("Paper and pictures")) as told:
            patient = ward.people[0].patient
            names = self.crew.terminals[0].ask(
                "documents", patient=patient, folder=str(self._plan.out)
            )
            self._report.documents = [(name, name) for name in names]
            count = len(self._report.documents) + len(self._report.pictures)
            told.append(tr("{count} files.", count=count))

    def _do(self, task: work.Task) -> None:
        terminal = self.crew.terminals[task.terminal % len(self.crew)]
        try:
            terminal.ask("act", name=task.act, arguments=dict(task.arguments))
        except TerminalFailed as failure:
            raise Refused("act-failed", act=task.act, reason=failure.code) from failure
        self._report.written[task.act] = self._report.written.get(task.act, 0) + 1


def _clear(out: Path) -> None:
    """Make room for a drill, without touching anything that is not an earlier drill."""
    if out.exists() and any(out.iterdir()):
        if not (out / "report.json").exists() and not (out / "hospital").exists():
            raise Refused("folder-in-use")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)


def _conclude(report: Report, out: Path, say: Callable[[str], object]) -> None:
    numbers = report.numbers()
    say("")
    for name in ("acknowledged_writes", "sent", "merged", "conflicts_decided", "collisions_found"):
        say(f"  {name:22} {numbers[name]}")
    for name in ("parked", "lost", "duplicated", "silently_overwritten", "converged"):
        say(f"  {name:22} {numbers[name]}")
    say("")
    if report.failure:
        say(report.failure)
    say(tr("Nothing was lost") if report.passed else tr("The drill did not pass"))
    say(str(out / "report.html"))
