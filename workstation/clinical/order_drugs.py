"""What a drug that is ordered meets: allergies, other drugs, the same drug once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from workstation.clinical.drug_classes import allergy_matches, meant
from workstation.clinical.knowledge import Knowledge
from workstation.clinical.order_safety import (
    ActiveDrug,
    Alert,
    Facts,
    Kind,
    KnownAllergy,
    Proposed,
    Severity,
    Source,
)
from workstation.kernel.folding import fold

LOCAL: Final = frozenset({"topical", "inhaled"})


@dataclass(frozen=True, slots=True)
class _Order:
    """What is ordered, by the knowledge."""

    proposed: Proposed
    drugs: frozenset[str]
    groups: frozenset[str]
    local: bool


@dataclass(frozen=True, slots=True)
class _Other:
    """A drug that it meets, by the knowledge, and the name of the pair."""

    active: ActiveDrug
    drugs: frozenset[str]
    groups: frozenset[str]
    pair: str


def alerts(proposed: Proposed, facts: Facts, knowledge: Knowledge) -> Iterator[Alert]:
    """Alerts of allergies, interactions and duplicates."""
    drugs = knowledge.drugs_in(proposed.drug, proposed.codes)
    groups = frozenset(group for drug in drugs for group in knowledge.groups(drug))
    order = _Order(proposed, drugs, groups, knowledge.route(proposed.route) in LOCAL)
    for allergy in facts.allergies:
        yield from _allergy(order, allergy, knowledge)
    for other in _others(proposed, facts):
        yield from _pair(order, other, facts, knowledge)


def _others(proposed: Proposed, facts: Facts) -> Iterator[ActiveDrug]:
    replaced = f"MedicationRequest/{proposed.replaces}" if proposed.replaces else ""
    return (drug for drug in facts.drugs if not replaced or drug.record != replaced)


def _allergy(order: _Order, allergy: KnownAllergy, knowledge: Knowledge) -> Iterator[Alert]:
    """The substance itself, else what cross-reacts with it, the strongest rule of those."""
    key = fold(allergy.substance)
    name = "+".join(sorted(order.drugs)) or fold(order.proposed.drug)
    if allergy.codes & order.proposed.codes or _is(order, allergy, knowledge):
        yield Alert(
            Kind.ALLERGY,
            Severity.SECOND_PERSON if allergy.severe else Severity.REASON,
            f"allergy:{name}:{key}",
            order.proposed.drug,
            Source("", "AllergyIntolerance"),
            other=allergy.substance,
            result=allergy.reaction,
            records=(f"AllergyIntolerance/{allergy.id}",),
        )
        return
    stands_for = meant(allergy.substance, knowledge)
    meant_groups = stands_for | knowledge.classes_in(allergy.substance)
    if not knowledge.classes_in(allergy.substance):
        meant_groups |= {group for drug in stands_for for group in knowledge.groups(drug)}
    for rule in knowledge.cross_allergies:
        if not (meant_groups & set(rule.allergy) and order.groups & set(rule.drugs)):
            continue
        yield Alert(
            Kind.CROSS_ALLERGY,
            rule.severity if allergy.severe else rule.mild,
            f"allergy:{name}:{key}",
            order.proposed.drug,
            knowledge.source(rule),
            other=allergy.substance,
            effect=rule.effect,
            result=allergy.reaction,
            records=(f"AllergyIntolerance/{allergy.id}",),
        )
        return


def _is(order: _Order, allergy: KnownAllergy, knowledge: Knowledge) -> bool:
    return allergy_matches(allergy.substance, order.proposed.drug, knowledge) or bool(
        meant(allergy.substance, knowledge) & order.drugs
    )


def _pair(order: _Order, active: ActiveDrug, facts: Facts, knowledge: Knowledge) -> Iterator[Alert]:
    """What comes of two drugs; one that acts where it is put meets no other."""
    if order.local or knowledge.route(active.route) in LOCAL:
        return
    drugs = knowledge.drugs_in(active.drug, active.codes)
    groups = frozenset(group for drug in drugs for group in knowledge.groups(drug))
    other = _Other(active, drugs, groups, _names(order.drugs, drugs))
    same = _same(order, other, knowledge)
    if same is not None:
        yield same
    elif not order.drugs & drugs:
        yield from _class_twice(order, other, knowledge)
        yield from _interactions(order, other, facts, knowledge)


def _same(order: _Order, other: _Other, knowledge: Knowledge) -> Alert | None:
    """The same drug is ordered already; one that was only given is no order twice.

    One dose beside a regular order, as to load or to bridge, only informs.
    """
    shared = order.drugs & other.drugs
    alike = bool(order.proposed.codes & other.active.codes) or (
        not order.drugs and not other.drugs and fold(order.proposed.drug) == fold(other.active.drug)
    )
    if other.active.given_only or not (shared or alike):
        return None
    if shared and all(knowledge.drug_by_id[drug].repeatable for drug in shared):
        return None
    name = "+".join(sorted(shared)) or fold(order.proposed.drug)
    return Alert(
        Kind.SAME_DRUG,
        Severity.INFORM if order.proposed.once != other.active.once else Severity.REASON,
        f"same-drug:{name}",
        order.proposed.drug,
        Source("", "MedicationRequest"),
        other=other.active.drug,
        at=other.active.at,
        by=other.active.by,
        records=(other.active.record,),
    )


def _class_twice(order: _Order, other: _Other, knowledge: Knowledge) -> Iterator[Alert]:
    if other.active.given_only:
        return
    for each in knowledge.classes:
        if each.twice is None or each.id not in order.groups or each.id not in other.groups:
            continue
        yield Alert(
            Kind.SAME_CLASS,
            each.twice,
            f"same-class:{each.id}:{other.pair}",
            order.proposed.drug,
            knowledge.source(each),
            other=other.active.drug,
            effect=each.words,
            at=other.active.at,
            by=other.active.by,
            records=(other.active.record,),
        )


def _interactions(
    order: _Order, other: _Other, facts: Facts, knowledge: Knowledge
) -> Iterator[Alert]:
    """Every rule of the pair has the same key: one alert for one pair, the strongest of them."""
    days = (facts.now.date() - facts.birth_date).days if facts.birth_date else None
    for rule in knowledge.interactions:
        one, two = set(rule.one), set(rule.two)
        if not _meet(order.groups, other.groups, one, two):
            continue
        if rule.most_days is not None and (days is None or days > rule.most_days):
            continue
        yield Alert(
            Kind.INTERACTION,
            rule.severity,
            f"interaction:{other.pair}",
            order.proposed.drug,
            knowledge.source(rule),
            other=other.active.drug,
            effect=rule.effect,
            advice=rule.advice,
            at=other.active.at,
            by=other.active.by,
            records=(other.active.record,),
        )


def _meet(ours: frozenset[str], theirs: frozenset[str], one: set[str], two: set[str]) -> bool:
    return bool((one & ours and two & theirs) or (two & ours and one & theirs))


def _names(ours: Iterable[str], theirs: Iterable[str]) -> str:
    """A pair of drugs, the same from either side."""
    return "~".join(sorted(("+".join(sorted(ours)), "+".join(sorted(theirs)))))
