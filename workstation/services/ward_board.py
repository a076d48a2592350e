"""The ward at one glance: who lies in which bed, how sick, what is due, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from workstation.clinical.early_warning import early_warning
from workstation.clinical.monitoring import Due, overdue_minutes
from workstation.clinical.scores.warning import EarlyWarning, Reading
from workstation.clinical.ward_tasks import DueItem
from workstation.services import assignment, escalation, inpatients, monitoring_orders, ward_tasks
from workstation.services.assignment import Nurse
from workstation.services.desk import Desk
from workstation.services.inpatients import Inpatient
from workstation.services.monitoring_orders import Watch
from workstation.services.result_table import NEW_WITHOUT_MARK
from workstation.store import ward_board as store

BEDSIDE: Final = frozenset({"dose", "vital-signs", "assessment", "care-site", "escalation"})
"""Kinds of what is due that wait while the patient is on leave."""

Trend = Literal["up", "down", "level"]


@dataclass(frozen=True, slots=True)
class Occupant:
    """A person in a bed, with all that the board tells about them.

    Attributes:
        who: The person.
        score: Early-warning score of the newest values; none when nothing was measured.
        previous_total: Points of the set before.
        due: When the next vital signs are due and why; none when they were never measured.
        overdue_minutes: Minutes since then; 0 when not yet due.
        new_results: Results and reports that came since the person at the desk last looked; of a
            patient at whom they never looked, those of the last 24 h.
        abnormal_results: Those of them that are flagged.
        unsent: Changes of this person's record that the hospital has not received.
        conflicts: Those of them that wait for a decision.
        unreadable: Records of the hospital that nobody here can read.
        tasks: What is due or will be, one line of a kind, in order.
        nurses: Who cares for the person now.
    """

    who: Inpatient
    score: EarlyWarning | None
    previous_total: int | None
    due: Due | None
    overdue_minutes: int
    new_results: int
    abnormal_results: int
    unsent: int
    conflicts: int
    unreadable: int = 0
    tasks: tuple[DueItem, ...] = ()
    nurses: tuple[Nurse, ...] = ()

    @property
    def due_at(self) -> datetime | None:
        """When the next vital signs are due; none when they were never measured."""
        return self.due.at if self.due else None

    @property
    def critical_results(self) -> int:
        """Critical results that nobody has taken note of."""
        return sum(each.count for each in self.tasks if each.kind == "critical-result")

    def belongs_to(self, person: str) -> bool:
        """Whether somebody (id) cares for this patient now."""
        return any(nurse.id == person for nurse in self.nurses)

    @property
    def trend(self) -> Trend | None:
        """Where the score goes, when there are two to compare."""
        total = self.score.total if self.score else None
        if total is None or self.previous_total is None:
            return None
        if total == self.previous_total:
            return "level"
        return "up" if total > self.previous_total else "down"


@dataclass(frozen=True, slots=True)
class Bed:
    """A bed and who lies in it; a bed that two people share stands on the board twice."""

    id: str
    name: str
    occupant: Occupant | None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class WardBoard:
    """The whole ward as it was at `as_of`."""

    ward: str
    as_of: datetime
    beds: tuple[Bed, ...]


def board(desk: Desk) -> WardBoard:
    """Read the ward of a desk."""
    now = desk.now()
    with desk.store.read() as view:
        ward = store.read(
            view, desk.ward, results_since=now - NEW_WITHOUT_MARK, reader=desk.person.id
        )
        names = {bed.id: bed.name for bed in ward.beds}
        people = inpatients.of_ward(ward.occupants, names, now)
        pairs = zip(ward.occupants, people, strict=True)
        watch = monitoring_orders.watch(desk, view, [who.patient for who in people], now)
        found = [_occupant(row, who, now, watch) for row, who in pairs]
        here = [each for each in found if not each.who.on_leave]
        signs = [_vital_signs(each, now) for each in here]
        signs += escalation.uncalled(view, ((e.who.patient, e.score) for e in here), now)
        due = ward_tasks.due_items(view, [who.patient for who in people], now, signs)
        nurses = assignment.carers(view, [who.encounter for who in people], now)
    taken: dict[str, list[Occupant]] = {bed: [] for bed in names}
    for each in found:
        who = each.who
        mine = (t for t in due[who.patient] if t.concerns(desk.person.id, desk.person.role))
        tasks = tuple(t for t in mine if not who.on_leave or t.kind not in BEDSIDE)
        own = replace(each, tasks=tasks, nurses=nurses.get(who.encounter, ()))
        taken.setdefault(who.bed, []).append(own)
    beds: list[Bed] = []
    for bed, occupants in taken.items():
        shared = len(occupants) > 1 and bed in names
        beds += [Bed(bed, names.get(bed, ""), each, shared) for each in occupants]
        if not occupants:
            beds.append(Bed(bed, names[bed], None))
    return WardBoard(ward.name or "", now, tuple(beds))


def score_of(
    values: Sequence[store.Measured], who: Inpatient, now: datetime
) -> EarlyWarning | None:
    """The early-warning score of the newest values, which may come from several sets."""
    if not values:
        return None
    readings = {each.sign: Reading(each.value, each.at) for each in values}
    return early_warning(who.facts, readings, at=now)


def _occupant(row: store.Occupant, who: Inpatient, now: datetime, watch: Watch) -> Occupant:
    score = score_of(row.vitals, who, now)
    before = score_of(row.previous, who, now)
    due = None if who.on_leave else watch.due(score, who)
    return Occupant(
        who=who,
        score=score,
        previous_total=before.total if before else None,
        due=due,
        overdue_minutes=overdue_minutes(due.at if due else None, now),
        new_results=row.results.new,
        abnormal_results=row.results.abnormal,
        unsent=row.waiting.unsent,
        conflicts=row.waiting.conflicts,
        unreadable=row.waiting.unreadable,
    )


def _vital_signs(occupant: Occupant, now: datetime) -> DueItem:
    """When they are due; of somebody never measured, since admission."""
    at = occupant.due_at or occupant.who.admitted_at or now
    return DueItem("vital-signs", occupant.who.patient, min(at, now) if not occupant.due_at else at)
