"""Whether the dose of an ordered drug suits age, weight, kidneys and pregnancy."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from workstation.clinical.drug_amount import substance
from workstation.clinical.knowledge import DoseLimit, Knowledge, RenalLimit
from workstation.clinical.order_body import body
from workstation.clinical.order_safety import (
    Alert,
    Facts,
    Kind,
    Proposed,
    Quantity,
    Severity,
    Unchecked,
)

_ADULT: Final = 18
TWOFOLD: Final = 2
"""From this multiple of a limit on it is more likely a slip of the pen than a decision, and a
second person looks: our own rule, after the tenfold errors that doubling rules are made to catch
(WHO, Medication Safety in High-risk Situations, 2019)."""


class Doses:
    """One check of one drug order; `unchecked` fills while `alerts` is read."""

    def __init__(self, proposed: Proposed, facts: Facts, knowledge: Knowledge) -> None:
        self._proposed, self._facts, self._knowledge = proposed, facts, knowledge
        self._drugs = knowledge.drugs_in(proposed.drug, proposed.codes)
        self._route = knowledge.route(proposed.route)
        self.unchecked: set[Unchecked] = set()
        self._body = body(facts)

    def alerts(self) -> Iterator[Alert]:
        """Alerts of dose, kidneys, age and pregnancy."""
        if not self._drugs:
            self.unchecked.add(Unchecked.DRUG_UNKNOWN)
        for drug in sorted(self._drugs):
            groups = self._knowledge.groups(drug)
            for limit in self._knowledge.doses:
                if limit.drug == drug and self._by(limit.routes):
                    yield from self._limit(limit)
            yield from self._renal(drug, groups)
            yield from self._young(drug, groups)
            yield from self._pregnant(drug, groups)

    def _by(self, routes: tuple[str, ...]) -> bool:
        """Whether a rule is about this route; one that acts where it is put has its own rules."""
        return self._route in routes if routes else self._route not in ("topical", "inhaled")

    def _limit(self, limit: DoseLimit) -> Iterator[Alert]:
        years, weight = self._body.years, self._body.weight
        if years is None:
            self.unchecked.add(Unchecked.AGE)
            return
        if not limit.from_years <= years < limit.to_years:
            return
        if limit.to_kg is not None and (weight is None or weight >= limit.to_kg):
            return
        for kind, found, fixed, per_kg in self._amounts(limit):
            bound, measure = self._bound(limit.unit, fixed, per_kg)
            if bound is None or found is None or found <= bound.value:
                continue
            yield self._too_much(limit, kind, Quantity(found, limit.unit), bound, measure)

    def _amounts(
        self, limit: DoseLimit
    ) -> Iterator[tuple[Kind, Decimal | None, Decimal | None, Decimal | None]]:
        """What is ordered beside what is allowed: for one time, a day, an hour."""
        order = self._proposed
        once = self._reckoned(order.amount, order.unit, limit.unit)
        if limit.single is not None or limit.single_per_kg is not None:
            yield Kind.DOSE_TOO_HIGH, once, limit.single, limit.single_per_kg
        if limit.day is not None or limit.day_per_kg is not None:
            yield Kind.DAY_TOO_HIGH, self._day(limit, once), limit.day, limit.day_per_kg
        if limit.hour is not None and order.rate_per_hour is not None:
            yield Kind.DOSE_TOO_HIGH, self._rate(limit.unit), limit.hour, None

    def _rate(self, wanted: str) -> Decimal | None:
        """What runs in one hour; of mL nobody knows here how the drug was diluted."""
        order = self._proposed
        if order.rate_per_hour is None or order.rate_unit.casefold() == "ml" != wanted.casefold():
            self.unchecked.add(Unchecked.UNIT)
            return None
        return self._reckoned(order.rate_per_hour, order.rate_unit, wanted)

    def _reckoned(self, amount: Decimal | None, unit: str, wanted: str) -> Decimal | None:
        if amount is None:
            self.unchecked.add(Unchecked.DOSE)
            return None
        found = None if len(self._drugs) > 1 else self._converted(amount, unit, wanted)
        if found is None:
            self.unchecked.add(Unchecked.UNIT)
        return found

    def _converted(self, amount: Decimal, unit: str, wanted: str) -> Decimal | None:
        """The amount of the one drug that is ordered; of a mixture the amount is that of all."""
        name = self._proposed.drug
        found = substance(amount, unit, name, wanted)
        mass = next(iter(self._knowledge.drug_by_id[drug].mg_per_mmol for drug in self._drugs))
        if found is not None or mass is None or wanted not in ("mg", "mmol"):
            return found
        other = substance(amount, unit, name, "mg" if wanted == "mmol" else "mmol")
        if other is None:
            return None
        return other / mass if wanted == "mmol" else other * mass

    def _day(self, limit: DoseLimit, once: Decimal | None) -> Decimal | None:
        """The most in 24 hours, together with what is ordered of the same drug already."""
        if once is None or self._proposed.times_a_day is None:
            return None
        return once * self._proposed.times_a_day + sum(
            (amount for amount in self._elsewhere(limit)), Decimal(0)
        )

    def _elsewhere(self, limit: DoseLimit) -> Iterator[Decimal]:
        replaced = f"MedicationRequest/{self._proposed.replaces}"
        for other in self._facts.drugs:
            if other.given_only or other.record == replaced or other.amount is None:
                continue
            theirs = self._knowledge.drugs_in(other.drug, other.codes)
            route = self._knowledge.route(other.route)
            if limit.drug not in theirs or (limit.routes and route not in limit.routes):
                continue
            once = substance(other.amount, other.unit, other.drug, limit.unit)
            if once is not None and other.times_a_day is not None:
                yield once * other.times_a_day

    def _bound(
        self, unit: str, fixed: Decimal | None, per_kg: Decimal | None
    ) -> tuple[Quantity | None, Quantity | None]:
        """The lower of a fixed limit and one by weight, and the weight it was reckoned with."""
        if per_kg is None:
            return (None if fixed is None else Quantity(fixed, unit)), None
        weight = self._body.weight
        if weight is None:
            old = self._facts.weight is not None
            self.unchecked.add(Unchecked.WEIGHT_OLD if old else Unchecked.WEIGHT)
            return (None if fixed is None else Quantity(fixed, unit)), None
        by_weight = per_kg * weight
        if fixed is not None and fixed <= by_weight:
            return Quantity(fixed, unit), None
        return Quantity(by_weight, unit), Quantity(weight, "kg")

    def _too_much(
        self, limit: DoseLimit, kind: Kind, found: Quantity, bound: Quantity,
        measure: Quantity | None,
    ) -> Alert:  # fmt: skip
        far = found.value >= TWOFOLD * bound.value
        return Alert(
            Kind.DOSE_FOR_WEIGHT if measure and kind is Kind.DOSE_TOO_HIGH else kind,
            Severity.SECOND_PERSON if far else Severity.REASON,
            f"dose:{limit.drug}:{self._ordered()}",
            self._proposed.drug,
            self._knowledge.source(limit),
            found=found,
            limit=bound,
            measure=measure,
        )

    def _ordered(self) -> str:
        """The dose as it is ordered: what was accepted holds for this dose and no other."""
        order = self._proposed
        numbers = (order.amount, order.times_a_day, order.rate_per_hour)
        told = ("-" if each is None else f"{each.normalize():f}" for each in numbers)
        return "x".join((*told, order.unit))

    def _renal(self, drug: str, groups: frozenset[str]) -> Iterator[Alert]:
        rules = [
            rule
            for rule in self._knowledge.renal
            if groups & set(rule.drugs) and self._by(rule.routes)
        ]
        for by in sorted({rule.by for rule in rules}):
            rate = self._body.egfr if by == "egfr" else self._body.crcl
            if rate is None:
                if self._body.years is None or self._body.years >= _ADULT:
                    self.unchecked.add(Unchecked.RENAL_FUNCTION)
                continue
            hold = [rule for rule in rules if rule.by == by and rate < rule.below]
            if hold:
                yield from self._kidneys(drug, min(hold, key=lambda rule: rule.below), rate)

    def _kidneys(self, drug: str, rule: RenalLimit, rate: Decimal) -> Iterator[Alert]:
        bound = found = None
        if rule.day is not None or rule.day_per_kg is not None:
            bound, _ = self._bound(rule.unit, rule.day, rule.day_per_kg)
            once = self._reckoned(self._proposed.amount, self._proposed.unit, rule.unit)
            times = self._proposed.times_a_day
            if bound is None or once is None or times is None or once * times <= bound.value:
                return
            found = Quantity(once * times, rule.unit)
        amount = f":{found.value.normalize():f}{found.unit}" if found else ""
        creatinine = self._facts.creatinine
        yield Alert(
            Kind.RENAL,
            rule.severity,
            f"renal:{drug}{amount}",
            self._proposed.drug,
            self._knowledge.source(rule),
            advice=rule.advice,
            found=found,
            limit=bound,
            measure=Quantity(rate, "mL/min/1.73 m²" if rule.by == "egfr" else "mL/min"),
            at=creatinine.at if creatinine else None,
        )

    def _young(self, drug: str, groups: frozenset[str]) -> Iterator[Alert]:
        for rule in self._knowledge.ages:
            if not groups & set(rule.drugs):
                continue
            if self._body.years is None:
                self.unchecked.add(Unchecked.AGE)
            elif self._body.years < rule.below_years:
                yield Alert(
                    Kind.AGE,
                    rule.severity,
                    f"age:{drug}",
                    self._proposed.drug,
                    self._knowledge.source(rule),
                    effect=rule.effect,
                    limit=Quantity(rule.below_years, "a"),
                )

    def _pregnant(self, drug: str, groups: frozenset[str]) -> Iterator[Alert]:
        if not self._facts.pregnant:
            return
        for rule in self._knowledge.pregnancy:
            if groups & set(rule.drugs):
                yield Alert(
                    Kind.PREGNANCY,
                    rule.severity,
                    f"pregnancy:{drug}",
                    self._proposed.drug,
                    self._knowledge.source(rule),
                    effect=rule.effect,
                )
