"""How a day on the ward is divided: when it starts, and its shifts.

A ward's day starts with its morning shift, not at midnight: what is counted "in 24 hours" (fluids,
care, doses) is counted from there. Shifts have one length, which divides 24.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

SHIFT_HOURS: Final = (6, 8, 12)
"""The lengths of a shift that a ward can choose."""


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One shift.

    Attributes:
        start: Its first moment (aware).
        end: The first moment after it (aware).
        number: Its place in the ward's day; 0 is the morning shift.
    """

    start: datetime
    end: datetime
    number: int

    def __contains__(self, at: datetime) -> bool:
        """Whether a moment lies in it; its end belongs to the next one."""
        return self.start <= at < self.end


def day_of(at: datetime, day_start: time) -> date:
    """The ward's day that a moment belongs to.

    Args:
        at: Aware, in the zone of the ward.
        day_start: When the morning shift begins, by the clock on the wall.
    """
    return (at.replace(tzinfo=None) - _since_midnight(day_start)).date()


def day_bounds(day: date, day_start: time, like: datetime) -> tuple[datetime, datetime]:
    """First moment of a ward's day and first moment after it.

    Args:
        day: The date on which the morning shift begins.
        day_start: When it begins.
        like: Any moment in the zone of the ward.
    """
    start = datetime.combine(day, day_start, like.tzinfo)
    return start, start + timedelta(days=1)


def shifts(day: date, hours: int, day_start: time, like: datetime) -> tuple[Shift, ...]:
    """All shifts of a ward's day, the morning shift first.

    Args:
        day: The date on which the morning shift begins.
        hours: Length of a shift, one of `SHIFT_HOURS`.
        day_start: When the morning shift begins.
        like: Any moment in the zone of the ward.

    Raises:
        ValueError: `hours` does not divide the day as a ward does.
    """
    if hours not in SHIFT_HOURS:
        raise ValueError(hours)
    start, _ = day_bounds(day, day_start, like)
    edges = [start + timedelta(hours=gone) for gone in range(0, 25, hours)]
    return tuple(
        Shift(since, until, number) for number, (since, until) in enumerate(pairwise(edges))
    )


def shift_of(at: datetime, hours: int, day_start: time) -> Shift:
    """The shift that a moment lies in; the arguments are those of `day_of` and `shifts`."""
    day = day_of(at, day_start)
    return next(shift for shift in shifts(day, hours, day_start, at) if at in shift)


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)
