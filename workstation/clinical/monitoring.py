"""When the next set of vital signs is due: by the score and by the care level.

The shorter of them holds; an order to monitor is words that people read. Sources:

* Score: NEWS2 chart 4 (Royal College of Physicians 2017); it asks for continuous monitoring from
  7 points on and names no interval for charting it: half an hour is half of the next lower level.
* Care level: Circular 31/2021/TT-BYT divides patients into three levels by severity and
  dependence and leaves the intervals to the hospital: hourly, every six hours and every twelve
  hours are what wards write into their own rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from workstation.clinical.care_level import CareLevel
from workstation.clinical.scores.warning import EarlyWarning, Monitoring

INTERVALS: Final[Mapping[Monitoring, timedelta]] = {
    Monitoring.EVERY_12_HOURS: timedelta(hours=12),
    Monitoring.EVERY_4_TO_6_HOURS: timedelta(hours=6),
    Monitoring.EVERY_HOUR: timedelta(hours=1),
    Monitoring.CONTINUOUS: timedelta(minutes=30),
}
"""The longest time between two sets, by the score."""

CARE_INTERVALS: Final[Mapping[CareLevel, timedelta]] = MappingProxyType(
    {
        CareLevel.ONE: timedelta(hours=1),
        CareLevel.TWO: timedelta(hours=6),
        CareLevel.THREE: timedelta(hours=12),
    }
)
"""The longest time between two sets, by the care level."""


def interval(score: EarlyWarning, care_level: CareLevel | None = None) -> timedelta | None:
    """The longest time until the next set; ``None`` without a score.

    Args:
        score: Of the newest values.
        care_level: Nursing care level of the stay.
    """
    if score.monitoring is None:
        return None
    by_score = INTERVALS[score.monitoring]
    return by_score if care_level is None else min(by_score, CARE_INTERVALS[care_level])


def due_at(score: EarlyWarning | None, care_level: CareLevel | None = None) -> datetime | None:
    """When the next set is due at the latest; the arguments are those of `interval`.

    Returns:
        An aware time, or ``None`` when nothing was ever measured: a set is due now.
    """
    if score is None or score.at is None:
        return None
    longest = interval(score, care_level)
    return None if longest is None else score.at + longest


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
