"""When the next set of vital signs is due, by the early-warning score.

Source: Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017;
chart 4 (clinical response to the NEWS trigger thresholds).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.news2 import Monitoring, News2

INTERVALS: Final[Mapping[Monitoring, timedelta]] = {
    Monitoring.EVERY_12_HOURS: timedelta(hours=12),
    Monitoring.EVERY_4_TO_6_HOURS: timedelta(hours=6),
    Monitoring.EVERY_HOUR: timedelta(hours=1),
    Monitoring.CONTINUOUS: timedelta(minutes=30),
}
"""The longest time between two sets.

Chart 4 asks for continuous monitoring from 7 points on and names no interval for charting it;
half an hour is half of the next lower level.
"""


def due_at(score: News2 | None) -> datetime | None:
    """When the next set is due at the latest.

    Args:
        score: The score of the newest values.

    Returns:
        An aware time, or ``None`` when nothing was ever measured: a set is due now.
    """
    if score is None or score.at is None or score.monitoring is None:
        return None
    return score.at + INTERVALS[score.monitoring]


def overdue_minutes(due: datetime | None, now: datetime) -> int:
    """Whole minutes since a set was due; 0 if it is not due yet, or if none was ever charted."""
    return 0 if due is None else max(0, int((now - due).total_seconds()) // 60)
