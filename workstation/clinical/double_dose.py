"""When two doses are one dose given twice: the window of an order, and the slot that both name."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workstation.kernel.folding import fold

LONGEST_DOSE_WINDOW: Final = timedelta(hours=6)
"""A dose once a day may come hours early on the second day, but not within this time."""
AS_NEEDED_WINDOW: Final = timedelta(minutes=30)
"""Doses without a regular interval that are closer than this are one dose charted twice."""


@dataclass(frozen=True, slots=True)
class DoseRow:
    """A dose that was given (not one withheld): drug by codes (``system|code``) and words.

    Attributes:
        slot: The time of the plan that it fulfils, if it names one.
        partial: Whether only a part of it was taken.
        running: Whether it is an infusion that runs.
    """

    id: str
    patient: str
    order: str | None
    codes: frozenset[str]
    drug: str
    at: datetime
    slot: datetime | None = None
    partial: bool = False
    running: bool = False


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A drug order; `interval` is the time between doses, `None` if it is not regular."""

    id: str
    patient: str
    codes: frozenset[str]
    drug: str
    active: bool
    interval: timedelta | None = None
    ordered_at: datetime | None = None
    stopped_at: datetime | None = None


def dose_window(interval: timedelta | None) -> timedelta:
    """How close two doses of one drug are the same dose: half of the interval, at most 6 hours."""
    if interval is None:
        return AS_NEEDED_WINDOW
    return min(interval / 2, LONGEST_DOSE_WINDOW)


def windows(orders: Iterable[OrderRow]) -> dict[str, timedelta]:
    """The window of each order, by its id."""
    return {order.id: dose_window(order.interval) for order in orders}


def same_drug(dose: DoseRow) -> Hashable:
    """Patient and drug; None for a dose of an unnamed drug, which is compared with none."""
    drug = min(dose.codes) if dose.codes else fold(dose.drug)
    return (dose.patient, drug) if drug else None


def same_dose(one: DoseRow, two: DoseRow, known: Mapping[str, timedelta]) -> bool:
    """Whether two doses of one drug to one patient are the same dose, given twice.

    They are when both fulfil one slot of one order, or both run on one order, however far apart,
    or when they are closer than the window of their orders. Two parts of one dose make it whole
    and are none too many.
    """
    if one.running and two.running and one.order == two.order:
        return True
    if one.slot is not None and one.slot == two.slot and one.order == two.order:
        return not (one.partial and two.partial)
    window = min(_window_of(one, known), _window_of(two, known))
    return abs(one.at - two.at) < window


def given_already(
    dose: DoseRow, others: Iterable[DoseRow], orders: Iterable[OrderRow]
) -> DoseRow | None:
    """The dose that a new one would repeat; the nearest, or None.

    Args:
        dose: The new one, with the time at which it would be given.
        others: What the patient was given.
        orders: Of the patient; an order that is not among them has no regular interval.
    """
    known, drug = windows(orders), same_drug(dose)
    repeated = [
        other
        for other in others
        if other.id != dose.id and same_drug(other) == drug and same_dose(dose, other, known)
    ]
    return min(repeated, key=lambda other: (abs(other.at - dose.at), other.id), default=None)


def _window_of(dose: DoseRow, known: Mapping[str, timedelta]) -> timedelta:
    return known.get(dose.order or "", AS_NEEDED_WINDOW)
