"""Whether the dose of an ordered drug is too much: at one time, in a day, in an hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from workstation.clinical.drug_amount import substance
from workstation.clinical.knowledge import DoseLimit
from workstation.clinical.order_reckoning import Reckoning
from workstation.clinical.order_safety import Alert, Kind, Quantity, Severity, Unchecked

TWOFOLD: Final = 2
"""From this multiple of a limit on it is more likely a slip of the pen than a decision, and a
second person looks: our own rule, after the tenfold errors that doubling rules are made to catch
(WHO, Medication Safety in High-risk Situations, 2019)."""


@dataclass(frozen=True, slots=True)
class _Excess:
    """An amount above its limit, and the weight that the limit was reckoned with."""

    kind: Kind
    found: Quantity
    bound: Quantity
    measure: Quantity | None


def alerts(reckoning: Reckoning) -> Iterator[Alert]:
    """Doses above what is usual for age, weight and route."""
    for limit in reckoning.knowledge.doses:
        if limit.drug in reckoning.drugs and reckoning.by_route(limit.routes):
            yield from _limit(reckoning, limit)


def _limit(reckoning: Reckoning, limit: DoseLimit) -> Iterator[Alert]:
    years, weight = reckoning.body.years, reckoning.body.weight
    if years is None:
        reckoning.unchecked.add(Unchecked.AGE)
        return
    if not limit.from_years <= years < limit.to_years:
        return
    if limit.to_kg is not None and (weight is None or weight >= limit.to_kg):
        return
    for kind, found, fixed, per_kg in _amounts(reckoning, limit):
        bound, measure = reckoning.bound(limit.unit, fixed, per_kg)
        if bound is None or found is None or found <= bound.value:
            continue
        excess = _Excess(kind, Quantity(found, limit.unit), bound, measure)
        yield _too_much(reckoning, limit, excess)


def _amounts(
    reckoning: Reckoning, limit: DoseLimit
) -> Iterator[tuple[Kind, Decimal | None, Decimal | None, Decimal | None]]:
    """What is ordered beside what is allowed: for one time, a day, an hour."""
    order = reckoning.order
    once = reckoning.amount(order.amount, order.unit, limit.unit)
    if limit.single is not None or limit.single_per_kg is not None:
        yield Kind.DOSE_TOO_HIGH, once, limit.single, limit.single_per_kg
    if limit.day is not None or limit.day_per_kg is not None:
        yield Kind.DAY_TOO_HIGH, _day(reckoning, limit, once), limit.day, limit.day_per_kg
    if limit.hour is not None and order.rate_unit:
        yield Kind.DOSE_TOO_HIGH, reckoning.rate(limit.unit), limit.hour, None


def _day(reckoning: Reckoning, limit: DoseLimit, once: Decimal | None) -> Decimal | None:
    """The most in 24 hours, together with what is ordered of the same drug already."""
    times = reckoning.times_a_day()
    if once is None or times is None:
        return None
    return once * times + sum((amount for amount in _elsewhere(reckoning, limit)), Decimal(0))


def _elsewhere(reckoning: Reckoning, limit: DoseLimit) -> Iterator[Decimal]:
    replaced = f"MedicationRequest/{reckoning.order.replaces}"
    for other in reckoning.facts.drugs:
        if other.given_only or other.record == replaced or other.amount is None:
            continue
        theirs = reckoning.knowledge.drugs_in(other.drug, other.codes)
        route = reckoning.knowledge.route(other.route)
        if limit.drug not in theirs or (limit.routes and route not in limit.routes):
            continue
        once = substance(other.amount, other.unit, other.drug, limit.unit)
        if once is not None and other.times_a_day is not None:
            yield once * other.times_a_day


def _too_much(reckoning: Reckoning, limit: DoseLimit, excess: _Excess) -> Alert:
    far = excess.found.value >= TWOFOLD * excess.bound.value
    by_weight = excess.measure is not None and excess.kind is Kind.DOSE_TOO_HIGH
    return Alert(
        Kind.DOSE_FOR_WEIGHT if by_weight else excess.kind,
        Severity.SECOND_PERSON if far else Severity.REASON,
        f"dose:{limit.drug}:{_ordered(reckoning)}",
        reckoning.order.drug,
        reckoning.knowledge.source(limit),
        found=excess.found,
        limit=excess.bound,
        measure=excess.measure,
    )


def _ordered(reckoning: Reckoning) -> str:
    """The dose as it is ordered: what was accepted holds for this dose and no other."""
    order = reckoning.order
    numbers = (order.amount, order.times_a_day, order.rate_per_hour)
    told = ("-" if each is None else f"{each.normalize():f}" for each in numbers)
    return "x".join((*told, order.unit))
