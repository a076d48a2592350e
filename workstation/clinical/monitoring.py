"""When the next set of vital signs is due: by the score, by the care level, and by order.

The shortest of them holds: an order to monitor makes sets come sooner, never later than score or
care level ask. A hospital sets its own intervals (``monitoring.json``); where its file says
nothing, `USUAL` holds. Sources:

* Score: NEWS2 chart 4 (Royal College of Physicians 2017); it asks for continuous monitoring from
  7 points on and names no interval for charting it: half an hour is half of the next lower level.
* Care level: Circular 31/2021/TT-BYT divides patients into three levels by severity and
  dependence and leaves the intervals to the hospital: hourly, every six hours and every twelve
  hours are what wards write into their own rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from workstation.clinical.care_level import CareLevel
from workstation.clinical.scores.warning import EarlyWarning, Monitoring

INTERVALS: Final[Mapping[Monitoring, timedelta]] = MappingProxyType(
    {
        Monitoring.EVERY_12_HOURS: timedelta(hours=12),
        Monitoring.EVERY_4_TO_6_HOURS: timedelta(hours=6),
        Monitoring.EVERY_HOUR: timedelta(hours=1),
        Monitoring.CONTINUOUS: timedelta(minutes=30),
    }
)
"""The longest time between two sets, by the score."""

CARE_INTERVALS: Final[Mapping[CareLevel, timedelta]] = MappingProxyType(
    {
        CareLevel.ONE: timedelta(hours=1),
        CareLevel.TWO: timedelta(hours=6),
        CareLevel.THREE: timedelta(hours=12),
    }
)
"""The longest time between two sets, by the care level."""

CARE: Final = "care-level-"
"""Begins the id of an interval by the care level."""
By = Literal["score", "care-level", "order"]


@dataclass(frozen=True, slots=True)
class Intervals:
    """The longest time between two sets, as a hospital sets it.

    Attributes:
        by_score: By what the score asks for.
        by_care: By the care level.
        hospital: Those of them that the hospital set itself.
    """

    by_score: Mapping[Monitoring, timedelta] = field(default_factory=lambda: INTERVALS)
    by_care: Mapping[CareLevel, timedelta] = field(default_factory=lambda: CARE_INTERVALS)
    hospital: frozenset[Monitoring | CareLevel] = frozenset()


@dataclass(frozen=True, slots=True)
class VitalSignsInterval:
    """The longest time between two sets of vital signs.

    Attributes:
        id: For what: a step of the score (`scores.warning.Monitoring`), or ``care-level-1`` to 3.
        minutes: So long at most.
        source: Key of the document, and the section in it.
    """

    id: str
    minutes: Decimal
    source: tuple[str, str]


USUAL: Final = Intervals()


def intervals_of(entries: Iterable[VitalSignsInterval], own: Collection[str]) -> Intervals:
    """The intervals that a hospital's files say; what no file sets is as usual.

    Args:
        entries: Of the files.
        own: Ids of those that are the hospital's own.
    """
    length = {each.id: timedelta(minutes=float(each.minutes)) for each in entries}
    scores = {step: length.get(step.value, usual) for step, usual in INTERVALS.items()}
    levels = {
        level: length.get(CARE + level.value, usual) for level, usual in CARE_INTERVALS.items()
    }
    steps = {step for step in Monitoring if step.value in own}
    grades = {level for level in CareLevel if CARE + level.value in own}
    return Intervals(scores, levels, frozenset[Monitoring | CareLevel](steps | grades))


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order to measure vital signs so often.

    Attributes:
        every: The time between two sets.
        since: From when on it holds (aware).
        words: The order as it is written.
    """

    every: timedelta
    since: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Due:
    """When the next set is due, and what says so.

    Attributes:
        at: At the latest (aware).
        by: What asks for it so soon.
        every: The time between two sets.
        words: The order as it is written; empty for any other.
        hospital: Whether the hospital set the interval itself.
    """

    at: datetime
    by: By
    every: timedelta
    words: str = ""
    hospital: bool = False


def next_due(
    score: EarlyWarning | None,
    care_level: CareLevel | None = None,
    ordered: Iterable[Ordered] = (),
    intervals: Intervals = USUAL,
) -> Due | None:
    """When the next set is due at the latest; ``None`` when there is no score: it is due now.

    Args:
        score: Of the newest values.
        care_level: Nursing care level of the stay.
        ordered: Orders of vital signs that hold; none is late before it was written.
        intervals: As the hospital sets them.
    """
    if score is None or score.at is None or score.monitoring is None:
        return None
    own = intervals.hospital
    every = intervals.by_score[score.monitoring]
    found = [Due(score.at + every, "score", every, hospital=score.monitoring in own)]
    if care_level is not None:
        every = intervals.by_care[care_level]
        found.append(Due(score.at + every, "care-level", every, hospital=care_level in own))
    for each in ordered:
        at = max(score.at + each.every, each.since)
        found.append(Due(at, "order", each.every, each.words))
    return min(found, key=lambda due: due.at)


def overdue_minutes(due: datetime | None, now: datetime) -> int:
    """Whole minutes since a set was due; 0 if it is not due yet, or if none was ever charted."""
    return 0 if due is None else max(0, int((now - due).total_seconds()) // 60)


def answer_due(score: EarlyWarning, called_at: datetime) -> datetime:
    """When somebody who was called must have answered.

    NEWS2 chart 4 asks for an immediate answer and names no minutes; a call that nobody has
    answered when the next set is due has failed.
    """
    step = score.monitoring or Monitoring.EVERY_HOUR
    return called_at + min(INTERVALS[step], INTERVALS[Monitoring.EVERY_HOUR])
