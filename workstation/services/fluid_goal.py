"""Goals for the fluids of 24 hours: a doctor sets and ends them, the sheet shows how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from workstation.clinical import fluid_goal as rules
from workstation.clinical.fluid_balance import Totals
from workstation.clinical.fluid_goal import Measure, Target, Track, track
from workstation.fhir import fluid_goal as mapping
from workstation.fhir.fluid_goal import FluidGoal
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.security.rights import require
from workstation.services import stays
from workstation.services.desk import Desk
from workstation.store import Stored, View


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal of a day, and how the day stands to it.

    Attributes:
        goal: What is wanted.
        value_ml: What it comes to so far.
        track: How that stands to what is wanted.
    """

    goal: FluidGoal
    value_ml: Decimal
    track: Track


def set_goal(desk: Desk, patient: PatientId, target: Target, day: date) -> Changes:
    """Set a goal from a day of the ward on, in the place of the one for the same thing.

    Args:
        desk: Who sets it.
        patient: For whom.
        target: What is wanted.
        day: The present day of the ward.

    Raises:
        Refused: ``not-permitted``; as `rules.refuse_impossible`; ``nothing-changed`` when just
            this is wanted already; ``not-admitted``.
    """
    require(desk.person, "order")
    rules.refuse_impossible(target)
    with desk.store.write(desk.author) as unit:
        stay = stays.in_progress(unit, patient)
        held = [
            (stored, goal)
            for stored, goal in _stored(unit, patient)
            if goal.ended is None and goal.target.measure is target.measure
        ]
        if any(goal.target == target for _, goal in held):
            raise Refused("nothing-changed")
        for stored, _ in held:
            unit.update(mapping.ended(stored.resource(), day, reason=""), seen=stored)
        entry = desk.entry(patient, stay.id)
        unit.create(mapping.write(entry, target, day))
        desk.audit(unit, "set-fluid-goal", f"Goal/{entry.own}")
        return unit.changes


def end_goal(desk: Desk, patient: PatientId, measure: Measure, day: date) -> Changes:
    """End what is wanted of something; days before keep their goal.

    Raises:
        Refused: ``not-permitted``; ``gone`` when nothing is wanted of it.
    """
    require(desk.person, "order")
    with desk.store.write(desk.author) as unit:
        for stored, goal in _stored(unit, patient):
            if goal.ended is None and goal.target.measure is measure:
                unit.update(mapping.ended(stored.resource(), day, reason=""), seen=stored)
                desk.audit(unit, "end-fluid-goal", f"Goal/{goal.id}")
        if not unit.changes.references:
            raise Refused("gone")
        return unit.changes


def read_goals(
    view: View, patient: PatientId, day: date, first: date | None
) -> tuple[FluidGoal, ...]:
    """The goals of a day of the ward, in the order of `Measure`.

    Args:
        view: One snapshot.
        patient: Whose.
        day: Which day.
        first: The first day of the stay; a goal of an earlier stay holds no more.
    """
    order = list(Measure)
    found = [
        goal
        for _, goal in _stored(view, patient)
        if goal.holds_on(day) and (first is None or goal.first >= first)
    ]
    return tuple(sorted(found, key=lambda goal: (order.index(goal.target.measure), goal.id)))


def lines(goals: Iterable[FluidGoal], sums: Totals, share: Decimal) -> tuple[GoalLine, ...]:
    """How a day stands to its goals.

    Args:
        goals: What is wanted of it.
        sums: What it comes to.
        share: How much of it is over, 0 to 1.
    """
    return tuple(
        GoalLine(goal, goal.target.measure.of(sums), track(goal.target, sums, share))
        for goal in goals
    )


def share_of(start: datetime, end: datetime, now: datetime) -> Decimal:
    """How much of a stretch of time is over: 0 before it, 1 after it."""
    over = Decimal((now - start).total_seconds()) / Decimal((end - start).total_seconds())
    return min(max(over, Decimal(0)), Decimal(1))


def _stored(view: View, patient: PatientId) -> list[tuple[Stored, FluidGoal]]:
    found = view.find("Goal", patient=patient)
    read = ((stored, mapping.read(stored.resource())) for stored in found)
    return [(stored, goal) for stored, goal in read if goal is not None]
