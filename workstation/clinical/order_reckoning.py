"""Reckons amounts of one ordered drug for one patient, and keeps what could not be reckoned."""

from __future__ import annotations

from decimal import Decimal

from workstation.clinical.drug_amount import substance
from workstation.clinical.knowledge import Knowledge
from workstation.clinical.order_body import body
from workstation.clinical.order_safety import Facts, Proposed, Quantity, Unchecked


class Reckoning:
    """One order in the eyes of the knowledge; `unchecked` fills while rules ask.

    Attributes:
        order: The order.
        facts: What is known of the patient.
        knowledge: What is known of drugs.
        drugs: Ids of the drugs that it names; empty for one that is not known.
        body: Age, weight, kidneys.
        unchecked: What could not be checked.
    """

    def __init__(self, order: Proposed, facts: Facts, knowledge: Knowledge) -> None:
        self.order, self.facts, self.knowledge = order, facts, knowledge
        self.drugs = knowledge.drugs_in(order.drug, order.codes)
        self.body = body(facts)
        self.unchecked: set[Unchecked] = set() if self.drugs else {Unchecked.DRUG_UNKNOWN}
        self._route = knowledge.route(order.route)

    def by_route(self, routes: tuple[str, ...]) -> bool:
        """Whether a rule is about this route; one that acts where it is put has its own rules."""
        return self._route in routes if routes else self._route not in ("topical", "inhaled")

    def rate(self, wanted: str) -> Decimal | None:
        """What runs in one hour; of mL nobody knows here how the drug was diluted."""
        order = self.order
        if order.rate_per_hour is None or order.rate_unit.casefold() == "ml" != wanted.casefold():
            self.unchecked.add(Unchecked.UNIT)
            return None
        return self.amount(order.rate_per_hour, order.rate_unit, wanted)

    def times_a_day(self) -> Decimal | None:
        """Most doses in 24 hours; None where the order sets no bound."""
        if self.order.times_a_day is None:
            self.unchecked.add(Unchecked.FREQUENCY)
        return self.order.times_a_day

    def amount(self, amount: Decimal | None, unit: str, wanted: str) -> Decimal | None:
        """An amount of the one drug that is ordered; None where that is not certain."""
        if amount is None:
            self.unchecked.add(Unchecked.DOSE)
            return None
        found = None if len(self.drugs) > 1 else self._converted(amount, unit, wanted)
        if found is None:
            self.unchecked.add(Unchecked.UNIT)
        return found

    def _converted(self, amount: Decimal, unit: str, wanted: str) -> Decimal | None:
        """The amount of the one drug that is ordered; of a mixture the amount is that of all."""
        name = self.order.drug
        found = substance(amount, unit, name, wanted)
        mass = next(iter(self.knowledge.drug_by_id[drug].mg_per_mmol for drug in self.drugs))
        if found is not None or mass is None or wanted not in ("mg", "mmol"):
            return found
        other = substance(amount, unit, name, "mg" if wanted == "mmol" else "mmol")
        if other is None:
            return None
        return other / mass if wanted == "mmol" else other * mass

    def bound(
        self, unit: str, fixed: Decimal | None, per_kg: Decimal | None
    ) -> tuple[Quantity | None, Quantity | None]:
        """The lower of a fixed limit and one by weight, and the weight it was reckoned with."""
        if per_kg is None:
            return (None if fixed is None else Quantity(fixed, unit)), None
        weight = self.body.weight
        if weight is None:
            old = self.facts.weight is not None
            self.unchecked.add(Unchecked.WEIGHT_OLD if old else Unchecked.WEIGHT)
            return (None if fixed is None else Quantity(fixed, unit)), None
        by_weight = per_kg * weight
        if fixed is not None and fixed <= by_weight:
            return Quantity(fixed, unit), None
        return Quantity(by_weight, unit), Quantity(weight, "kg")
