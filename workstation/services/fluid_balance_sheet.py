"""The fluid sheet of one ward day: what went in and out by the hour, by the shift, in 24 hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final

from workstation.clinical import shifts
from workstation.clinical.fluid_balance import Fluid, Kind, Row, Totals, row_of, totals
from workstation.clinical.infusion import Infusion
from workstation.fhir import fluid_balance as mapping
from workstation.fhir import infusion as infusion_mapping
from workstation.fhir.fluid_balance import FluidEntry
from workstation.fhir.infusion import Infusion as Record
from workstation.kernel.ids import PatientId
from workstation.services import fluid_goal, infusions, patient_record
from workstation.services.desk import Desk
from workstation.services.fluid_goal import GoalLine
from workstation.store import Stored, View
from workstation.store import flowsheet as index

HOURS: Final = 24
_RECENT: Final = timedelta(days=3)
"""What was charted in these days is what one is likely to chart next."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a ward divides its day, by the settings of the house.

    Attributes:
        hours: Length of a shift.
        day_start: When the morning shift begins.
    """

    hours: int
    day_start: time

    def day(self, now: datetime) -> date:
        """The ward's day that a moment (aware, in the ward's zone) lies in."""
        return shifts.day_of(now, self.day_start)


@dataclass(frozen=True, slots=True)
class Span:
    """Some hours with what they add up to.

    Attributes:
        start: First moment (aware).
        end: First moment after it (aware).
        sums: What was charted in it.
    """

    start: datetime
    end: datetime
    sums: Totals


@dataclass(frozen=True, slots=True)
class Line:
    """One amount as it was charted.

    Attributes:
        entry: The amount.
        unsent: Whether the hospital has not received it yet.
    """

    entry: FluidEntry
    unsent: bool


@dataclass(frozen=True, slots=True)
class Running:
    """One infusion of the day.

    Attributes:
        record: The infusion.
        rate_ml_h: How fast it runs now.
        ran_ml: What ran in on this day.
        left_ml: What is left in the bag; None when that is not known.
        empty_at: When the bag should be empty; None when it does not run or nobody said.
    """

    record: Record
    rate_ml_h: Decimal
    ran_ml: Decimal
    left_ml: Decimal | None
    empty_at: datetime | None


@dataclass(frozen=True)
class FluidSheet:
    """One ward day of one patient.

    Attributes:
        day: The date on which its morning shift begins.
        now: When it was read (aware).
        hours: The 24 hours.
        shifts: The shifts.
        whole: The whole day.
        before: The day before.
        lines: Every amount of the day, the newest first; those made in error too.
        infusions: Every infusion that ran on this day.
        rows: What has been charted on this day and the days before it, in the order of the sheet.
        stay_start: When the stay began (aware), if it is known.
        goals: What is wanted of the day, and how it stands to that.
    """

    day: date
    now: datetime
    hours: tuple[Span, ...]
    shifts: tuple[Span, ...]
    whole: Span
    before: Span
    lines: tuple[Line, ...]
    infusions: tuple[Running, ...]
    rows: tuple[Row, ...]
    stay_start: datetime | None
    goals: tuple[GoalLine, ...] = ()

    @property
    def current(self) -> bool:
        """Whether the day has not ended yet."""
        return self.whole.start <= self.now < self.whole.end

    @cached_property
    def course(self) -> tuple[tuple[datetime, Decimal], ...]:
        """The balance since the day began, at the end of each hour that has begun."""
        found, sum_ml = [(self.whole.start, Decimal(0))], Decimal(0)
        for hour in self.hours:
            if hour.start > self.now:
                break
            sum_ml += hour.sums.balance_ml
            found.append((min(hour.end, self.now), sum_ml))
        return tuple(found)


def sheet(desk: Desk, patient: PatientId, plan: Plan, day: date | None = None) -> FluidSheet:
    """Read the sheet of one day.

    Args:
        desk: Who asks.
        patient: Whose.
        plan: How the ward divides its day.
        day: Which day; the present one when None.
    """
    now = desk.now()
    with desk.store.read() as view:
        return read_sheet(view, patient, plan, now, day)


def read_sheet(
    view: View, patient: PatientId, plan: Plan, now: datetime, day: date | None = None
) -> FluidSheet:
    """The same, inside a transaction."""
    chosen = day or plan.day(now)
    start, end = shifts.day_bounds(chosen, plan.day_start, now)
    stored = _lines(view, patient, start - _RECENT, end)
    counted = [line.entry.fluid for line in stored if line.entry.valid]
    records = infusions.of_patient(view, patient)
    sums = _Sums(counted, [infusion_mapping.course(record) for record in records], now)
    stay = patient_record.latest_stay(view, patient)
    begun = stay.started_at if stay else None
    first = plan.day(begun.astimezone(now.tzinfo)) if begun else None
    whole = sums.between(start, end)
    goals = fluid_goal.read_goals(view, patient, chosen, first)
    share = fluid_goal.share_of(start, end, now)
    return FluidSheet(
        day=chosen,
        now=now,
        hours=tuple(sums.span(start + timedelta(hours=n), hours=1) for n in range(HOURS)),
        shifts=tuple(
            sums.between(shift.start, shift.end)
            for shift in shifts.shifts(chosen, plan.hours, plan.day_start, now)
        ),
        whole=whole,
        before=sums.between(start - timedelta(days=1), start),
        lines=tuple(line for line in stored if start <= line.entry.fluid.at < end),
        infusions=_infusions(records, start, end, now),
        rows=_rows(counted, records),
        stay_start=begun,
        goals=fluid_goal.lines(goals, whole.sums, share),
    )


def read_totals(view: View, patient: PatientId, since: datetime, now: datetime) -> Totals:
    """What went in and came out from a moment on, up to now."""
    stored = _lines(view, patient, since, now + timedelta(seconds=1))
    counted = [line.entry.fluid for line in stored if line.entry.valid]
    records = infusions.of_patient(view, patient)
    courses = [infusion_mapping.course(record) for record in records]
    return totals(counted, courses, since, now, now=now)


def usual(desk: Desk, patient: PatientId) -> tuple[Row, ...]:
    """What was charted for a patient in the last days, what came last first."""
    now = desk.now()
    with desk.store.read() as view:
        lines = _lines(view, patient, now - _RECENT, now + timedelta(days=1))
    fluids = [line.entry.fluid for line in lines if line.entry.valid]
    return tuple(dict.fromkeys(row_of(fluid.kind, fluid.name) for fluid in fluids))


class _Sums:
    """Adds up the same amounts over many stretches of time."""

    def __init__(
        self, fluids: Sequence[Fluid], infusions: Sequence[Infusion], now: datetime
    ) -> None:
        self._fluids, self._infusions, self._now = fluids, infusions, now

    def between(self, start: datetime, end: datetime) -> Span:
        found = totals(self._fluids, self._infusions, start, end, now=self._now)
        return Span(start, end, found)

    def span(self, start: datetime, *, hours: int) -> Span:
        return self.between(start, start + timedelta(hours=hours))


def _lines(view: View, patient: PatientId, since: datetime, until: datetime) -> list[Line]:
    """Amounts of a time, the newest first: ours by their category, those of others by code."""
    ids = {
        each.observation
        for each in (
            *index.category(view, patient, mapping.CATEGORY, since=since, until=until),
            *index.values(view, patient, mapping.CODES, since=since, until=until),
        )
    }
    found = (_line(stored) for stored in view.these("Observation", sorted(ids)))
    lines = [line for line in found if line is not None]
    return sorted(lines, key=lambda line: (line.entry.fluid.at, line.entry.id), reverse=True)


def _line(stored: Stored) -> Line | None:
    entry = None if stored.deleted else stored.read(mapping.read)
    return None if entry is None else Line(entry, stored.pending)


def _infusions(
    records: Iterable[Record], start: datetime, end: datetime, now: datetime
) -> tuple[Running, ...]:
    found = []
    for record in records:
        course, until = infusion_mapping.course(record), min(end, now)
        ran_ml = course.ran_between(start, end, now=now)
        if record.started_at < end and (ran_ml or record.running):
            rate, left = course.rate_at(until), course.left_at(until)
            found.append(Running(record, rate, ran_ml, left, course.empty_at(until)))
    return tuple(found)


def _rows(fluids: Iterable[Fluid], records: Sequence[Record]) -> tuple[Row, ...]:
    found = {row_of(fluid.kind, fluid.name) for fluid in fluids}
    if records:
        found.add((Kind.IV_INFUSION, ""))
    order = list(Kind)
    return tuple(sorted(found, key=lambda row: (order.index(row[0]), row[1])))
