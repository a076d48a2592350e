"""Whether an ordered drug suits kidneys, age and pregnancy at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workstation.clinical.knowledge import RenalLimit
from workstation.clinical.order_reckoning import Reckoning
from workstation.clinical.order_safety import Alert, Kind, Quantity, Unchecked
from workstation.clinical.renal import ADULT


def alerts(reckoning: Reckoning) -> Iterator[Alert]:
    """What the kidneys, the age or a pregnancy say against the order."""
    for drug in sorted(reckoning.drugs):
        groups = reckoning.knowledge.groups(drug)
        yield from _renal(reckoning, drug, groups)
        yield from _young(reckoning, drug, groups)
        yield from _pregnant(reckoning, drug, groups)


def _renal(reckoning: Reckoning, drug: str, groups: frozenset[str]) -> Iterator[Alert]:
    rules = [
        rule
        for rule in reckoning.knowledge.renal
        if groups & set(rule.drugs) and reckoning.by_route(rule.routes)
    ]
    for by in sorted({rule.by for rule in rules}):
        rate = reckoning.body.egfr if by == "egfr" else reckoning.body.crcl
        if rate is None:
            if reckoning.body.years is None or reckoning.body.years >= ADULT:
                reckoning.unchecked.add(Unchecked.RENAL_FUNCTION)
            continue
        hold = [rule for rule in rules if rule.by == by and rate < rule.below]
        if hold:
            yield from _kidneys(reckoning, drug, min(hold, key=lambda rule: rule.below), rate)


def _kidneys(reckoning: Reckoning, drug: str, rule: RenalLimit, rate: Decimal) -> Iterator[Alert]:
    bound = found = None
    if rule.day is not None or rule.day_per_kg is not None:
        bound, _ = reckoning.bound(rule.unit, rule.day, rule.day_per_kg)
        once = reckoning.amount(reckoning.order.amount, reckoning.order.unit, rule.unit)
        times = reckoning.times_a_day()
        if bound is None or once is None or times is None or once * times <= bound.value:
            return
        found = Quantity(once * times, rule.unit)
    amount = f":{found.value.normalize():f}{found.unit}" if found else ""
    creatinine = reckoning.facts.creatinine
    yield Alert(
        Kind.RENAL,
        rule.severity,
        f"renal:{drug}{amount}",
        reckoning.order.drug,
        reckoning.knowledge.source(rule),
        advice=rule.advice,
        found=found,
        limit=bound,
        measure=Quantity(rate, "mL/min/1.73 m²" if rule.by == "egfr" else "mL/min"),
        at=creatinine.at if creatinine else None,
    )


def _young(reckoning: Reckoning, drug: str, groups: frozenset[str]) -> Iterator[Alert]:
    for rule in reckoning.knowledge.ages:
        if not groups & set(rule.drugs):
            continue
        if reckoning.body.years is None:
            reckoning.unchecked.add(Unchecked.AGE)
        elif reckoning.body.years < rule.below_years:
            yield Alert(
                Kind.AGE,
                rule.severity,
                f"age:{drug}",
                reckoning.order.drug,
                reckoning.knowledge.source(rule),
                effect=rule.effect,
                limit=Quantity(rule.below_years, "a"),
            )


def _pregnant(reckoning: Reckoning, drug: str, groups: frozenset[str]) -> Iterator[Alert]:
    if not reckoning.facts.pregnant:
        return
    for rule in reckoning.knowledge.pregnancy:
        if groups & set(rule.drugs):
            yield Alert(
                Kind.PREGNANCY,
                rule.severity,
                f"pregnancy:{drug}",
                reckoning.order.drug,
                reckoning.knowledge.source(rule),
                effect=rule.effect,
            )
