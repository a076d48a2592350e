"""Drugs given when needed: how soon again, how many a day, and when to look whether it helped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

EFFECT_AFTER: Final = timedelta(minutes=60)
"""When to look whether it helped. Pain is assessed again when the drug should work at its best:
after about 1 hour by mouth, earlier into a vein (Pasero, McCaffery: Pain Assessment and
Pharmacologic Management, 2011). One time for all, so that it is kept."""
EFFECT_FORGOTTEN_AFTER: Final = timedelta(hours=8)
"""A shift later nobody can say any more whether it helped: it is not asked for any longer."""
_DAY: Final = timedelta(hours=24)


class Effect(StrEnum):
    """Whether it helped."""

    GOOD = "good"
    SOME = "some"
    NONE = "none"
    HARM = "harm"


def earliest_again(
    given: Iterable[datetime], *, shortest: timedelta | None, most_a_day: int | None
) -> datetime | None:
    """From when on it may be given again; None if at any time.

    Args:
        given: When doses reached the patient (aware).
        shortest: Interval between two doses that the order allows, if it says.
        most_a_day: How many doses in any 24 hours, if the order says.
    """
    times = sorted(given)
    limits = []
    if times and shortest is not None:
        limits.append(times[-1] + shortest)
    if most_a_day is not None and most_a_day > 0 and len(times) >= most_a_day:
        limits.append(times[-most_a_day] + _DAY)
    return max(limits, default=None)


def effect_wanted(given_at: datetime, now: datetime) -> bool:
    """Whether to ask now if a dose helped, when nobody has said yet."""
    return EFFECT_AFTER <= now - given_at < EFFECT_FORGOTTEN_AFTER
