"""When two doses are one dose given twice: the window of an order, and the slot that both name."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from workstation.clinical.dosage import Amount
from workstation.kernel.folding import fold

LONGEST_DOSE_WINDOW: Final = timedelta(hours=6)
"""A dose once a day may come hours early on the second day, but not within this time."""
_SELDOM: Final = timedelta(hours=48)
"""What is not given every day; a dose every 36 hours may come hours early."""
AS_NEEDED_WINDOW: Final = timedelta(minutes=30)
"""Doses without a regular interval that are closer than this are one dose charted twice."""


@dataclass(frozen=True, slots=True)
class DoseRow:
    """A dose that was given (not one withheld): drug by codes (``system|code``) and words.

    Attributes:
        slot: The time of the plan that it fulfils, if it names one.
        partial: Whether only a part of it was taken.
        running: Whether it is an infusion that runs.
        amount: How much; None when it does not say.
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
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A drug order; `interval` is the time between doses, `None` if it is not regular.

    `version_of` is the order that it replaced, `decided_at` when its status was set last, `amount`
    how much is one dose.
    """

    id: str
    patient: str
    codes: frozenset[str]
    drug: str
    active: bool
    interval: timedelta | None = None
    ordered_at: datetime | None = None
    stopped_at: datetime | None = None
    version_of: str | None = None
    decided_at: datetime | None = None
    amount: Amount | None = None


def dose_window(interval: timedelta | None) -> timedelta:
    """How close two doses of one drug are the same dose: half of the interval.

    At most 6 hours, unless it is given less often than daily: then half of its long interval, as
    methotrexate twice in a week kills whatever the hours between.
    """
    if interval is None:
        return AS_NEEDED_WINDOW
    return interval / 2 if interval >= _SELDOM else min(interval / 2, LONGEST_DOSE_WINDOW)


def by_id(orders: Iterable[OrderRow]) -> dict[str, OrderRow]:
    """Each order by its id."""
    return {order.id: order for order in orders}


def first_versions(orders: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Of each order the one that it goes back to through all its changes, by its id.

    Args:
        orders: Id of each, and of the order that it replaced.
    """
    before = dict(orders)
    found = {}
    for own in before:
        first, seen = own, {own}
        while (earlier := before.get(first)) is not None and earlier not in seen:
            seen.add(earlier)
            first = earlier
        found[own] = first
    return found


def firsts_of(orders: Iterable[OrderRow]) -> dict[str, str]:
    """`first_versions` of rows."""
    return first_versions((order.id, order.version_of) for order in orders)


def drugs_of(dose: DoseRow, firsts: Mapping[str, str]) -> frozenset[Hashable]:
    """What names the drug of a dose: doses that share one of these are of one drug.

    Its codes, its words, its order (another program names a drug otherwise than the order did);
    and of an order that was changed the first word of its drug, as the strength may be another.
    """
    words = fold(dose.drug)
    named: set[Hashable] = {("code", code) for code in dose.codes}
    if words:
        named.add(("words", words))
    if dose.order is not None:
        named.add(("order", dose.order))
        first = firsts.get(dose.order, dose.order)
        named.add(("changed", first, words.partition(" ")[0]))
    return frozenset((dose.patient, each) for each in named)


def same_dose(one: DoseRow, two: DoseRow, known: Mapping[str, OrderRow]) -> bool:
    """Whether two doses of one drug to one patient are the same dose, given twice.

    They are when both fulfil one slot of one order, or both run on one order, however far apart,
    or when they are closer than the window of their orders. Two parts of one dose make it whole
    and are none too many, unless together they are more than the whole.
    """
    if one.running and two.running and one.order == two.order:
        return True
    if one.slot is not None and one.slot == two.slot and one.order == two.order:
        return not (one.partial and two.partial) or _exceed((one, two), known)
    window = min(_window_of(one, known), _window_of(two, known))
    return abs(one.at - two.at) < window


def parts_in_excess(
    doses: Iterable[DoseRow], orders: Iterable[OrderRow]
) -> list[tuple[DoseRow, ...]]:
    """Three or more parts of one dose that are more than the whole, of which no two are."""
    known = by_id(orders)
    parts: dict[Hashable, list[DoseRow]] = {}
    for dose in doses:
        if dose.partial and dose.slot is not None:
            parts.setdefault((dose.patient, dose.order, dose.slot), []).append(dose)
    return [
        tuple(several)
        for several in parts.values()
        if _exceed(several, known)
        and not any(_exceed(two, known) for two in combinations(several, 2))
    ]


def given_already(
    dose: DoseRow, others: Iterable[DoseRow], orders: Iterable[OrderRow]
) -> DoseRow | None:
    """The dose that a new one would repeat; the nearest, or None.

    Args:
        dose: The new one, with the time at which it would be given.
        others: What the patient was given.
        orders: Of the patient; an order that is not among them has no regular interval.
    """
    plans = tuple(orders)
    known, alike = by_id(plans), of_one_drug(dose, others, plans)
    parts = [other for other in alike if _parts_of_one(dose, other)]
    repeated = [other for other in alike if same_dose(dose, other, known)]
    if _exceed((dose, *parts), known):
        repeated += parts
    return min(repeated, key=lambda other: (abs(other.at - dose.at), other.id), default=None)


def of_one_drug(
    dose: DoseRow, others: Iterable[DoseRow], orders: Iterable[OrderRow]
) -> list[DoseRow]:
    """The other doses that are of the drug of a dose, through all changes of its order."""
    firsts = firsts_of(orders)
    drug = drugs_of(dose, firsts)
    return [
        other
        for other in others
        if other.id != dose.id and not drug.isdisjoint(drugs_of(other, firsts))
    ]


def _parts_of_one(one: DoseRow, two: DoseRow) -> bool:
    same_slot = one.slot is not None and one.slot == two.slot and one.order == two.order
    return same_slot and one.partial and two.partial


def _exceed(parts: Sequence[DoseRow], known: Mapping[str, OrderRow]) -> bool:
    """Whether parts of one dose are more than their order wants; not where nothing says so."""
    order = known.get(parts[0].order or "")
    if order is None or order.amount is None:
        return False
    amounts = [part.amount for part in parts if part.amount is not None]
    if any(amount.unit != order.amount.unit for amount in amounts):
        return False
    return sum(amount.value for amount in amounts) > order.amount.value


def _window_of(dose: DoseRow, known: Mapping[str, OrderRow]) -> timedelta:
    order = known.get(dose.order or "")
    return AS_NEEDED_WINDOW if order is None else dose_window(order.interval)
