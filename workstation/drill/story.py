"""The story of a drill: a ward charts, the server goes away, the ward charts on, all reconcile."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workstation import __version__
from workstation.drill import judgement, work
from workstation.drill.crew import Crew
from workstation.drill.newcomer import newcomer
from workstation.drill.report import Report, proof_rows, write
from workstation.drill.server_side import ServerSide
from workstation.drill.stage import Stage
from workstation.drill.survey import survey
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.toolkit.messages import explain

_PER_MINUTE = 2.0
_FEWEST_TERMINALS = 2
_BEFORE = 4
_MOST_MINUTES = 24 * 60


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
        Refused: ``too-few-terminals``; ``not-so-many-minutes``; ``folder-in-use``: `out` holds
            something that is no drill.
    """
    if plan.terminals < _FEWEST_TERMINALS:
        raise Refused("too-few-terminals", fewest=_FEWEST_TERMINALS)
    if not 0 < plan.minutes <= _MOST_MINUTES:
        raise Refused("not-so-many-minutes", most=_MOST_MINUTES)
    _clear(plan.out)
    report = Report(
        seed=plan.seed,
        terminals=plan.terminals,
        minutes=plan.minutes,
        server=plan.server or tr("reference server"),
        date=SystemClock().now().astimezone().isoformat(sep=" ", timespec="minutes"),
        program=__version__,
    )
    server = ServerSide(plan.server, plan.out / "hospital", seed=plan.seed)
    stage = Stage(server, report, plan.out, say)
    try:
        Drill(plan, stage).run()
    except WorkstationError as error:
        report.failure = f"{explain(error).line} [{error.code}]"
    finally:
        stage.stop()
        write(report, plan.out)
    _conclude(report, plan.out, say)
    return report


class Drill:
    """One drill, from the first log-in to the proof."""

    def __init__(self, plan: Plan, stage: Stage) -> None:
        self._plan = plan
        self._stage = stage
        self._report = stage.report
        self._chance = random.Random(plan.seed)  # noqa: S311 - a rehearsal must be repeatable

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

    def _prepare(self) -> None:
        with self._stage.step(tr("The hospital opens")) as told:
            found = survey(self._stage.server)
            self._report.software = found.software
            ward = found.ward
            self._newcomer = newcomer(found.client, self._plan.seed)
            told.append(tr("{ward} with {count} patients.", ward=ward.name, count=ward.patients))
            crew = Crew(
                self._plan.out,
                base=self._stage.server.base,
                ward=ward,
                staff=found.staff,
                size=self._plan.terminals,
            )
            self._stage.enter(crew)
        with self._stage.step(tr("The terminals fetch their ward")) as told:
            for terminal in self._stage.crew.terminals:
                self._stage.crew.open(terminal)
            for number in range(len(self._stage.crew)):
                self._stage.crew.sit(number, "doctor" if number == 1 else "nurse")
            done = self._stage.crew.reconcile()
            told.append(tr("{count} records fetched and encrypted.", count=done["pulled"]))

    def _ward(self) -> work.Ward:
        beds = self._stage.crew.terminals[0].ask("ward")
        ward = work.Ward.of(beds)
        if len(ward.people) < work.FEWEST_PEOPLE:
            raise Refused("ward-too-empty", fewest=work.FEWEST_PEOPLE)
        return ward

    def _chart_online(self, ward: work.Ward) -> None:
        with self._stage.step(tr("The round begins, with the server there")) as told:
            values = [work.vital_signs(self._chance) for _ in range(_BEFORE)]
            for person, each in zip(ward.people, values, strict=False):
                arguments = {"patient": person.patient, "minutes_ago": 0, "values": each}
                self._stage.do(work.Task(0, "vital-signs", arguments))
            self._stage.do(work.drug_order(ward, self._newcomer.arguments()))
            done = self._stage.reconcile()
            told.append(tr("{count} changes reached the server.", count=done["sent"]))
            self._stage.picture(0, "ward_board", "1-ward-board", tr("The ward, online"))

    def _outage(self, ward: work.Ward) -> None:
        started = time.monotonic()
        with self._stage.step(tr("The server goes away")) as told:
            self._stage.server.cut(self._stage.crew)
            outcomes = {each["outcome"] for each in self._stage.crew.all("sync")}
            if outcomes & {"complete"}:
                raise Refused("still-online")
            links = {_link_words(each["link"]) for each in self._stage.crew.all("status")}
            told.append(tr("Every terminal says: {link}.", link=", ".join(sorted(links))))
        with self._stage.step(tr("The ward charts on")) as told:
            for task in self._tasks(ward):
                self._stage.do(task)
            told.append(
                tr("{count} saves, all acknowledged.", count=sum(self._report.written.values()))
            )
            waiting = self._stage.crew.all("status")
            told.append(tr("{count} records unsent.", count=sum(e["unsent"] for e in waiting)))
            self._stage.picture(0, "ward_board", "2-offline", tr("The ward, without the server"))
        with self._stage.step(tr("One terminal loses its power")) as told:
            self._lose_power(told)
        self._report.seconds_offline = time.monotonic() - started

    def _tasks(self, ward: work.Ward) -> Sequence[work.Task]:
        everyday = work.shift(
            self._plan.seed,
            terminals=len(self._stage.crew),
            minutes=self._plan.minutes,
            patients=[person.patient for person in ward.people],
            per_minute=_PER_MINUTE,
        )
        newcomer = self._newcomer.arguments()
        orders = self._orders_of(ward.people[3].patient)
        return [*everyday, *work.contradictions(ward, orders, newcomer)]

    def _orders_of(self, patient: str) -> list[str]:
        terminals = self._stage.crew.terminals[:_FEWEST_TERMINALS]
        return [terminal.ask("orders", patient=patient)[0] for terminal in terminals]

    def _lose_power(self, told: list[str]) -> None:
        victim = self._stage.crew.terminals[-1]
        before = len(victim.ask("saves"))
        victim.kill()
        self._stage.crew.open(victim)
        self._stage.server.keep_away(victim)
        after = len(victim.ask("saves"))
        if after != before:
            raise Refused("saves-lost-at-power-cut", before=before, after=after)
        told.append(tr("Killed and started again: all {count} saves are there.", count=after))

    def _return(self) -> None:
        with self._stage.step(tr("The server is back, all reconcile")) as told:
            self._stage.server.mend(self._stage.crew)
            done = self._stage.reconcile()
            told.append(tr("{count} changes reached the server.", count=done["sent"]))
            told.append(tr("Records joined without asking: {count}.", count=done["merged"]))
            first = self._stage.crew.terminals[0]
            waiting = len(first.ask("conflicts"))
            told.append(tr("Conflicts for a person: {count}.", count=waiting))
            kinds = Counter(
                each["rule"] for each in self._stage.crew.terminals[0].ask("collisions")
            )
            self._report.collisions = dict(kinds)
            self._report.collisions_found = sum(kinds.values())
            told.append(tr("Safety alerts raised: {count}.", count=sum(kinds.values())))
            self._stage.picture(0, "sync_centre", "3-sync-centre", tr("What waits for a person"))
            self._stage.picture(0, "collisions", "4-collisions", tr("Safety alerts"))

    def _decide(self) -> None:
        with self._stage.step(tr("A person decides, at another terminal")) as told:
            last = len(self._stage.crew) - 1
            who = self._stage.crew.sit(last, "doctor")
            self._report.conflicts_decided = 0
            for number, conflict in enumerate(self._stage.crew.terminals[-1].ask("conflicts")):
                if number == 0:
                    title = tr("A conflict, as it is put to a person")
                    self._stage.picture(
                        last, "conflict", "5-conflict", title, conflict=conflict["id"]
                    )
                side = ("mine", "theirs")[number % 2]
                arguments = {
                    "conflict": conflict["id"],
                    "side": side,
                    "reason": "Đã khám lại người bệnh tại giường",
                }
                self._stage.do(work.Task(last, "decide", arguments))
                self._report.conflicts_decided += 1
                told.append(tr("{who} decided one.", who=who))
            self._stage.reconcile()
            statuses = self._stage.crew.all("status")
            self._report.parked = sum(each["parked"] for each in statuses)
            self._report.promises_not_kept = tuple(
                sorted({code for each in statuses for code in each["unsafe"]})
            )
            left = sum(each["unsent"] for each in statuses)
            told.append(tr("{count} records unsent.", count=left))

    def _prove(self) -> None:
        with self._stage.step(tr("The proof")) as told:
            self._report.proof = judgement.judge(self._stage.crew, self._stage.server.client())
            told.append(
                tr(
                    "{saves} saves compared with the server: {lost} lost.",
                    saves=self._report.proof.acknowledged_writes,
                    lost=len(self._report.proof.lost),
                )
            )

    def _papers(self, ward: work.Ward) -> None:
        with self._stage.step(tr("Paper and pictures")) as told:
            patient = ward.people[0].patient
            names = self._stage.crew.terminals[0].ask(
                "documents", patient=patient, folder=str(self._plan.out)
            )
            self._report.documents = [(name, name) for name in names]
            self._stage.picture(0, "ward_board", "6-ward-board", tr("The ward, reconciled"))
            self._stage.picture(0, "chart", "7-chart", tr("A chart"), patient=patient)
            count = len(self._report.documents) + len(self._report.pictures)
            told.append(tr("{count} files.", count=count))


def _clear(out: Path) -> None:
    """Make room for a drill, without touching anything that is not an earlier drill."""
    if out.exists() and any(out.iterdir()):
        if not (out / "report.json").exists() and not (out / "hospital").exists():
            raise Refused("folder-in-use")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)


def _link_words(link: str) -> str:
    known = {
        "online": tr("connected"),
        "offline": tr("no connection"),
        "sign-in": tr("not signed in"),
        "stopped": tr("stopped"),
        "never": tr("never connected"),
    }
    return known.get(link, link)


def _conclude(report: Report, out: Path, say: Callable[[str], object]) -> None:
    say("")
    if report.proof is not None:
        for words, number in proof_rows(report):
            say(f"  {number:>6}  {words}")
        say("")
    if report.failure:
        say(report.failure)
    say(tr("Nothing was lost") if report.passed else tr("The drill did not pass"))
    say(str(out / "report.html"))
