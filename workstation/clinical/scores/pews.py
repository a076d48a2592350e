"""Bedside Paediatric Early Warning System score, exact to its published table.

Source: Parshuram CS, Hutchison J, Middaugh K. Development and initial validation of the Bedside
Paediatric Early Warning System score. Critical Care 2009;13:R135 (open access), table 1: seven
items of 0, 1, 2 or 4 points, 0 to 26 in all, in five bands of age. Where table 1 has ``>150`` for
the pulse of 4 to 12 years beside ``≥`` everywhere else, and ``<50`` beside ``≤``, the sign of the
other rows is taken: at most one beat earlier.

Bands of risk: from 8 points on the paper finds 82 % sensitivity and 93 % specificity for urgent
admission to intensive care; the later trial (Parshuram CS et al. JAMA 2018;319:1002) calls the
most senior help from 7 on, which is the safer of the two and taken here; 5 and 6 call a doctor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from workstation.clinical.scores.warning import (
    STALE_AFTER,
    EarlyWarning,
    Monitoring,
    Part,
    Readings,
    Risk,
    Scale,
    known,
    newest,
)
from workstation.clinical.vital_signs import Sign, Value

PARAMETERS: Final = (
    Sign.RESPIRATORY_RATE,
    Sign.RESPIRATORY_EFFORT,
    Sign.SPO2,
    Sign.OXYGEN_FLOW,
    Sign.HEART_RATE,
    Sign.SYSTOLIC,
    Sign.CAPILLARY_REFILL,
)
BAND_ENDS: Final = (3, 12, 48, 144)
"""Months at which the next band of age begins: under 3 months, under 1 year, 1 to 4 years,
over 4 to 12 years, over 12 years."""

_Row = tuple[int, int, int, int, int, int]
"""Highest values with 4, 2 and 1 points below; lowest with 1, 2 and 4 points above."""

_TABLE: Final[Mapping[Sign, tuple[_Row, ...]]] = {
    Sign.HEART_RATE: (
        (80, 90, 110, 150, 180, 190),
        (70, 80, 100, 150, 170, 180),
        (60, 70, 90, 120, 150, 170),
        (50, 60, 70, 110, 130, 150),
        (40, 50, 60, 100, 120, 140),
    ),
    Sign.SYSTOLIC: (
        (45, 50, 60, 80, 100, 130),
        (60, 70, 80, 100, 120, 150),
        (65, 75, 90, 110, 125, 160),
        (70, 80, 90, 120, 140, 170),
        (75, 85, 100, 130, 150, 190),
    ),
    Sign.RESPIRATORY_RATE: (
        (15, 19, 29, 61, 81, 91),
        (15, 19, 24, 51, 71, 81),
        (12, 15, 19, 41, 61, 71),
        (10, 14, 19, 31, 41, 51),
        (9, 10, 11, 17, 23, 30),
    ),
}
_EFFORT: Final = (0, 1, 2, 4)
_OTHERS: Final[Mapping[Sign, Callable[[Decimal], int]]] = {
    Sign.RESPIRATORY_EFFORT: lambda grade: _EFFORT[min(int(grade), 3)],
    Sign.CAPILLARY_REFILL: lambda seconds: 4 if seconds >= 3 else 0,  # noqa: PLR2004 - table 1
    Sign.OXYGEN_FLOW: lambda flow: 0 if flow <= 0 else 2 if flow < 4 else 4,  # noqa: PLR2004
    Sign.SPO2: lambda share: 0 if share > 94 else 1 if share > 90 else 2,  # noqa: PLR2004
}
_DOCTOR: Final = 5
_EMERGENCY: Final = 7
_WATCH: Final = 3


def score(readings: Readings, *, months: int, at: datetime) -> EarlyWarning:
    """Score the newest value of each sign.

    Args:
        readings: The newest value of each sign; others than `PARAMETERS` are ignored.
        months: Age in whole months.
        at: The moment that the score is for (aware).
    """
    parts = tuple(_part(sign, readings, months, at) for sign in PARAMETERS)
    sums = known(parts)
    total = sum(sums) if sums else None
    return EarlyWarning(
        scale=Scale.PEWS,
        parts=parts,
        total=total,
        at=newest(parts),
        risk=None if total is None else _risk(total),
        monitoring=None if total is None else _monitoring(total),
        calls=total is not None and total >= _DOCTOR,
    )


def points(sign: Sign, value: Value, *, months: int) -> int | None:
    """The points of one value; ``None`` for a sign that the score does not look at.

    Args:
        sign: One of `PARAMETERS`.
        value: In the unit of `workstation.clinical.vital_signs.LIMITS`.
        months: Age in whole months.
    """
    if not isinstance(value, Decimal):
        return None
    if sign in _TABLE:
        return _from_table(_TABLE[sign][band(months)], value.quantize(Decimal(1), ROUND_HALF_UP))
    return _OTHERS[sign](value) if sign in _OTHERS else None


def band(months: int) -> int:
    """Which of the five bands of age an age in months is in."""
    return sum(months >= end for end in BAND_ENDS)


def normal(sign: Sign, months: int) -> tuple[Decimal, Decimal] | None:
    """The values without points of a sign at an age; ``None`` where the table has none."""
    if sign not in _TABLE:
        return None
    _, _, below, above, _, _ = _TABLE[sign][band(months)]
    return Decimal(below + 1), Decimal(above - 1)


def _from_table(row: _Row, value: Decimal) -> int:
    low4, low2, low1, high1, high2, high4 = row
    if value <= low4 or value >= high4:
        return 4
    if value <= low2 or value >= high2:
        return 2
    return 1 if value <= low1 or value >= high1 else 0


def _part(sign: Sign, readings: Readings, months: int, at: datetime) -> Part:
    reading = readings.get(sign)
    if reading is None:
        return Part(sign, None)
    found = points(sign, reading.value, months=months)
    return Part(sign, found, reading.value, reading.at, stale=reading.at < at - STALE_AFTER)


def _risk(total: int) -> Risk:
    if total >= _EMERGENCY:
        return Risk.HIGH
    if total >= _DOCTOR:
        return Risk.MEDIUM
    return Risk.LOW_MEDIUM if total >= _WATCH else Risk.LOW


def _monitoring(total: int) -> Monitoring:
    """Steps of this program: the papers name none that can be taken over for a ward here."""
    if total >= _EMERGENCY:
        return Monitoring.CONTINUOUS
    if total >= _WATCH:
        return Monitoring.EVERY_HOUR
    return Monitoring.EVERY_4_TO_6_HOURS
