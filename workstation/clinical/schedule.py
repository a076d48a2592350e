"""When doses of an order are due: computed from its timing, never stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal
from math import ceil
from typing import Final

from workstation.clinical.dosage import Timing

Usual = Mapping[int, tuple[time, ...]]
USUAL_TIMES: Final[Usual] = {
    1: (time(8),),
    2: (time(8), time(20)),
    3: (time(6), time(14), time(22)),
    4: (time(6), time(12), time(18), time(23)),
}
"""Times of day at which wards here give what is ordered so often a day; a hospital has its own."""
MOST_A_DAY: Final = 24
SHORTEST_HOURS: Final = Decimal("0.25")
LONGEST_HOURS: Final = Decimal(24 * 366)
_FIRST: Final = timedelta(hours=6)
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


def times_of_day(timing: Timing, usual: Usual = USUAL_TIMES) -> tuple[time, ...]:
    """The times of day of an order so often a day; none for any other.

    What is ordered more often than the ward has usual times for is spread evenly from 06:00 on.
    """
    if timing.at:
        return tuple(sorted(set(timing.at)))
    times = timing.times_a_day
    if times is None or not 1 <= times <= MOST_A_DAY:
        return ()
    if times in usual:
        return tuple(sorted(usual[times]))
    spread = ((_FIRST + _DAY * place / times) % _DAY // _MINUTE for place in range(times))
    return tuple(sorted(time(*divmod(minute, 60)) for minute in spread))


def slots(
    timing: Timing, since: datetime, until: datetime, zone: tzinfo, usual: Usual = USUAL_TIMES
) -> tuple[datetime, ...]:
    """The times at which a dose is due, in order.

    Args:
        timing: Of the order.
        since: First time that counts (aware).
        until: First time that counts no more (aware).
        zone: Of the ward, for times of day.
        usual: The ward's times of day, by how often a day.

    Returns:
        Aware times in `zone`; none for what is given when needed or runs without pause. What is
        due once is due at the first of its times of day, else when the order starts.
    """
    if timing.as_needed:
        return ()
    start = since if timing.starts_at is None else max(since, timing.starts_at)
    end = until if timing.ends_at is None else min(until, timing.ends_at)
    if start >= end:
        return ()
    if timing.once:
        first = _once(timing, zone)
        found = [first] if first is not None and start <= first < end else []
    elif timing.every_hours is not None:
        found = list(_every(timing, timing.every_hours, start, end))
    else:
        each_day = _daily(times_of_day(timing, usual), start, end, zone)
        found = [at for at in each_day if not timing.weekdays or at.weekday() in timing.weekdays]
    return tuple(at.astimezone(zone) for at in found)


def taking_over(
    timing: Timing, now: datetime, *, last: datetime | None = None, pending: bool = False
) -> Timing:
    """The timing of an order that takes the place of another; what was due before is not its own.

    But for the last dose of that one, when it is still to be given: who changes an order in the
    hour of a dose wants it given as changed, and not left out. What is given every so many hours
    is counted from that last dose on, so that no two come closer than the new order says.

    Args:
        timing: As ordered; a beginning that is still to come was meant.
        now: When the new one is signed (aware).
        last: The last time at which the old one was due (aware), if there was one.
        pending: Whether that dose is still to be given.
    """
    start, hours = timing.starts_at, timing.every_hours
    if start is not None and start >= now:
        return timing
    regular = timing.scheduled and not timing.once
    if last is None or not regular:
        return replace(timing, starts_at=None)
    if pending:
        return replace(timing, starts_at=last)
    if hours is None or not SHORTEST_HOURS <= hours <= LONGEST_HOURS:
        return replace(timing, starts_at=None)
    step = timedelta(hours=float(hours))
    return replace(timing, starts_at=last + step * max(1, ceil((now - last) / step)))


def _once(timing: Timing, zone: tzinfo) -> datetime | None:
    start = timing.starts_at
    if start is None or not timing.at:
        return start
    return next(_daily(times_of_day(timing), start, start + 2 * _DAY, zone), start)


def _every(timing: Timing, hours: Decimal, start: datetime, end: datetime) -> Iterator[datetime]:
    if timing.starts_at is None or not SHORTEST_HOURS <= hours <= LONGEST_HOURS:
        return
    step = timedelta(hours=float(hours))
    at = timing.starts_at + step * ceil((start - timing.starts_at) / step)
    while at < end:
        if at >= start:
            yield at
        at += step


def _daily(
    times: tuple[time, ...], start: datetime, end: datetime, zone: tzinfo
) -> Iterator[datetime]:
    day = start.astimezone(zone).date()
    last = end.astimezone(zone).date()
    while times and day <= last:
        for each in times:
            at = datetime.combine(day, each, zone)
            if start <= at < end:
                yield at
        day += _DAY
