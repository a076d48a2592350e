"""FHIR dates as spans of milliseconds since 1970, so that they can be compared."""

from __future__ import annotations

import re
from datetime import MAXYEAR, UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

HOSPITAL_ZONE: Final = timezone(timedelta(hours=7))
"""The zone of dates without one: a day in this hospital is a day in Vietnam."""

EARLIEST: Final = -(2**62)
LATEST: Final = 2**62

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_PARTS = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
_WHOLE = re.compile(r"[0-8]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
"""What Python reads by itself; a time near its last year is read part by part."""
_DECEMBER: Final = 12


@lru_cache(4096)
def span(text: str) -> tuple[int, int]:
    """First and last millisecond that a date, dateTime or instant may mean.

    Raises:
        ValueError: when it is none, or no day of the calendar.
    """
    quick = _whole(text) if _WHOLE.fullmatch(text) else None
    return quick or _part_by_part(text)


def _whole(text: str) -> tuple[int, int] | None:
    """The span of a time with seconds; none for a leap second and what is not in the calendar."""
    try:
        at = milliseconds(datetime.fromisoformat(text))
    except ValueError:
        return None
    return at, at if "." in text else at + 999


def _part_by_part(text: str) -> tuple[int, int]:
    found = _PARTS.fullmatch(text)
    if not found:
        raise ValueError("no FHIR date")
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    if not month:
        return _between(_at(int(year), 1, 1), _next_month(int(year), _DECEMBER))
    if not day:
        first = _at(int(year), int(month), 1)
        return _between(first, _next_month(int(year), int(month)))
    start = _at(int(year), int(month), int(day))
    if not hour:
        return _between(start, start + timedelta(days=1))
    at = milliseconds(start.replace(hour=int(hour), minute=int(minute), tzinfo=_zone(zone)))
    if not second:
        return at, at + 59_999
    at += int(second) * 1000
    if not fraction:
        return at, at + 999
    at += int(fraction[:3].ljust(3, "0"))
    return at, at


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970 of an aware time."""
    return (at - _EPOCH) // _MILLISECOND


@lru_cache(1024)
def instant(at: int) -> str:
    """The FHIR instant, in UTC with milliseconds, of milliseconds since 1970.

    Kept for a while: everything that is committed together has the same one.
    """
    moment = _EPOCH + timedelta(milliseconds=at)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _between(start: datetime, end: datetime) -> tuple[int, int]:
    return milliseconds(start), milliseconds(end) - 1


def _next_month(year: int, month: int) -> datetime:
    return _at(year + 1, 1, 1) if month == _DECEMBER else _at(year, month + 1, 1)


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(min(year, MAXYEAR - 1), month, day, tzinfo=HOSPITAL_ZONE)


@lru_cache(256)
def _zone(text: str | None) -> timezone:
    if not text:
        return HOSPITAL_ZONE
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1))
