"""What of a patient doses depend on: age, weight, how well the kidneys work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from workstation.clinical import renal
from workstation.clinical.order_safety import Facts, Measured

_YEAR: Final = Decimal("365.25")
CREATININE_HOLDS: Final = timedelta(days=30)
"""An older creatinine says nothing about the kidneys of somebody acutely ill."""
_WEIGHT_HOLDS: Final = ((Decimal(1), 7), (Decimal(18), 30), (Decimal(200), 90))
"""Below an age in years, a weight holds for so many days: the young grow fast."""


@dataclass(frozen=True, slots=True)
class Body:
    """What of the patient doses depend on; None where it is not known, or too old."""

    years: Decimal | None
    weight: Decimal | None
    egfr: Decimal | None
    crcl: Decimal | None


def body(facts: Facts) -> Body:
    """Age, weight and renal function, as far as they are known and still hold."""
    today = facts.now.date()
    years = Decimal((today - facts.birth_date).days) / _YEAR if facts.birth_date else None
    weight = _weight(facts.weight, years, facts)
    level = _creatinine(facts)
    if level is None or facts.birth_date is None:
        return Body(years, weight, None, None)
    whole = _whole_years(facts.birth_date, today)
    clearance = None if weight is None else renal.clearance(level, whole, facts.sex, weight)
    return Body(years, weight, renal.egfr(level, whole, facts.sex), clearance)


def _weight(weight: Measured | None, years: Decimal | None, facts: Facts) -> Decimal | None:
    if weight is None or weight.value <= 0:
        return None
    age = Decimal(0) if years is None else years
    days = next((days for below, days in _WEIGHT_HOLDS if age < below), 0)
    if facts.now - weight.at > timedelta(days=days):
        return None
    return {"kg": weight.value, "g": weight.value / 1000}.get(weight.unit)


def _creatinine(facts: Facts) -> Decimal | None:
    found = facts.creatinine
    if found is None or facts.now - found.at > CREATININE_HOLDS:
        return None
    return renal.creatinine_mg_dl(found.value, found.unit)


def _whole_years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
