"""Drugs that are given less often than daily: whether a dose is beside their plan.

Methotrexate once a week that is given daily kills (ISMP List of High-Alert Medications; ISMP
Targeted Medication Safety Best Practices for Hospitals 2024-2025, no. 2: weekly by default, and a
hard stop for daily). What a clock can say of such an order are whole days, so whole days are
counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final

WEEK: Final = 7
_NEAR: Final = timedelta(hours=6)
"""A dose so near to its time belongs to it, though midnight lies between."""
_LEEWAY_DAYS: Final = 1
"""On a planned day of a long plan the dose before may have come so late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How seldom a drug is given.

    Attributes:
        most: At most so many doses in `days`.
        days: Length of the period, in days; at least 1.
        weekdays: Days of the week that are named, Monday is 0; empty for any.
        times: Times of day that are named.
    """

    most: int
    days: int
    weekdays: frozenset[int] = frozenset()
    times: tuple[time, ...] = ()

    @property
    def most_on_a_day(self) -> int | None:
        """At most so many doses on a named day; None when no day is named."""
        return -(-self.most // len(self.weekdays)) if self.weekdays else None

    @property
    def shortest(self) -> timedelta:
        """The shortest time between two doses that are both on the plan."""
        many = self.most_on_a_day
        if many is None:
            return timedelta(days=self.days) / self.most
        named = sorted(self.weekdays)
        gaps = [after - day for day, after in pairwise((*named, named[0] + WEEK))]
        return timedelta(days=min(gaps) if many == 1 else 1) / many


@dataclass(frozen=True, slots=True)
class Dose:
    """One that reached the patient: when (aware), and whether it was only a part."""

    at: datetime
    part: bool = False


@dataclass(frozen=True, slots=True)
class BesidePlan:
    """Why a dose is beside the plan.

    Attributes:
        last: When it was given last (aware), or the dose that is nearest; None for never.
        next_on: The next day on which it is planned; None when nothing is planned any more.
        next_at: At what time of day; None when nothing says.
    """

    last: datetime | None
    next_on: date | None
    next_at: time | None


def beside_plan(
    rhythm: Rhythm, new: Dose, given: Iterable[Dose], slots: Sequence[datetime] | None, zone: tzinfo
) -> BesidePlan | None:
    """Whether a dose is on a wrong day or one too many in its period; None when neither.

    Args:
        rhythm: Of the order.
        new: The dose that would be given.
        given: What the patient got of this drug around it.
        slots: When it is planned (aware), where times are reckoned from the order; else None.
        zone: Of the ward, for days.
    """
    others = sorted(given, key=lambda dose: dose.at)
    planned = _is_planned(rhythm, new.at, slots, zone)
    if planned and not _too_many(rhythm, new, others, zone):
        return None
    before = [dose.at for dose in others if dose.at <= new.at]
    nearest = min((dose.at for dose in others), key=lambda at: abs(at - new.at), default=None)
    on, at = _next(rhythm, new.at, others, slots, zone)
    return BesidePlan(before[-1] if before else nearest, on, at)


def _is_planned(
    rhythm: Rhythm, at: datetime, slots: Sequence[datetime] | None, zone: tzinfo
) -> bool:
    day = at.astimezone(zone).date()
    if slots is not None:
        return any(slot.astimezone(zone).date() == day or abs(slot - at) <= _NEAR for slot in slots)
    if not rhythm.weekdays or day.weekday() in rhythm.weekdays:
        return True
    near = (day + timedelta(days=step) for step in (-1, 1))
    return any(
        abs(datetime.combine(each, when, zone) - at) <= _NEAR
        for each in near
        if each.weekday() in rhythm.weekdays
        for when in rhythm.times
    )


def _too_many(rhythm: Rhythm, new: Dose, others: Sequence[Dose], zone: tzinfo) -> bool:
    """Whether some period that holds the new dose would hold more than are ordered."""
    day = new.at.astimezone(zone).date()
    days = _days(others, zone)
    if new.part and (day, True) in days:  # the rest of a dose that was begun
        return False
    taken = [each for each, _ in days]
    if rhythm.most_on_a_day is not None and taken.count(day) >= rhythm.most_on_a_day:
        return True
    length = rhythm.days - (_LEEWAY_DAYS if rhythm.days >= WEEK else 0)
    ordinals = sorted([*(each.toordinal() for each in taken), day.toordinal()])
    return any(
        last - first < length
        for first, last in zip(ordinals, ordinals[rhythm.most :], strict=False)
        if first <= day.toordinal() <= last
    )


def _days(doses: Iterable[Dose], zone: tzinfo) -> list[tuple[date, bool]]:
    """The day of each dose; parts of one day are one dose."""
    found: list[tuple[date, bool]] = []
    for dose in doses:
        one = (dose.at.astimezone(zone).date(), dose.part)
        if not dose.part or one not in found:
            found.append(one)
    return found


def _next(
    rhythm: Rhythm,
    at: datetime,
    others: Sequence[Dose],
    slots: Sequence[datetime] | None,
    zone: tzinfo,
) -> tuple[date | None, time | None]:
    if slots is not None:
        after = min((slot for slot in slots if slot > at), default=None)
        if after is None:
            return None, None
        local = after.astimezone(zone)
        return local.date(), local.time()
    day = at.astimezone(zone).date()
    when = min(rhythm.times, default=None)
    if rhythm.weekdays:
        days = (day + timedelta(days=step) for step in range(WEEK + 1))
        free = {each for each, _ in _days(others, zone)}
        named = (each for each in days if each.weekday() in rhythm.weekdays and each not in free)
        return next(named, None), when
    taken = sorted(each for each, _ in _days(others, zone) if each <= day)
    oldest = taken[-rhythm.most :][0] if taken else day
    return oldest + timedelta(days=rhythm.days), when
