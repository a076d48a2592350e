"""Checks one order against everything that is known: the rules put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workstation.clinical import order_doses, order_drugs, order_limits
from workstation.clinical.knowledge import Knowledge
from workstation.clinical.order_reckoning import Reckoning
from workstation.clinical.order_safety import (
    ActiveDrug,
    Alert,
    Checked,
    EarlierTest,
    Facts,
    Kind,
    Proposed,
    Severity,
    Source,
    Unchecked,
    strongest,
)
from workstation.clinical.repeat_interval import repeat_interval, same_test


def check(proposed: Proposed, facts: Facts, knowledge: Knowledge) -> Checked:
    """What speaks against an order.

    One alert for each cause, the strongest of it. What the same person accepted in this stay
    informs only. Where a fact is missing there is no alert; it is said what was not checked.

    Args:
        proposed: The order.
        facts: What is known of the patient.
        knowledge: What is known of drugs and tests.
    """
    if proposed.test:
        found = _tests(proposed, facts, knowledge)
        return Checked(_softened(found, facts))
    if not proposed.drug and not proposed.codes:
        return Checked()
    reckoning = Reckoning(proposed, facts, knowledge)
    alerts = [
        *order_drugs.alerts(proposed, facts, knowledge),
        *order_doses.alerts(reckoning),
        *order_limits.alerts(reckoning),
    ]
    unchecked = set(reckoning.unchecked)
    if not facts.allergies_asked:
        unchecked.add(Unchecked.ALLERGIES)
    ordered = tuple(sorted(unchecked, key=list(Unchecked).index))
    return Checked(_softened(alerts, facts), ordered)


def check_together(
    orders: Sequence[Proposed], facts: Facts, knowledge: Knowledge
) -> tuple[Checked, ...]:
    """Checks orders that are signed at once: each meets those before it as if they stood already.

    Returns:
        One for each order, in their order.
    """
    found: list[Checked] = []
    for number, order in enumerate(orders):
        found.append(check(order, facts, knowledge))
        facts = _with(facts, order, number)
    return tuple(found)


def _with(facts: Facts, order: Proposed, number: int) -> Facts:
    """The facts once an order stands, and what it replaces stands no longer."""
    own = f"#{number}"
    if order.test:
        earlier = EarlierTest(own, order.test, order.at or facts.now)
        return replace(facts, tests=(*facts.tests, earlier))
    drug = ActiveDrug(
        own,
        order.drug,
        order.codes,
        facts.now,
        amount=order.amount,
        unit=order.unit,
        route=order.route,
        times_a_day=order.times_a_day,
        once=order.once,
    )
    replaced = f"MedicationRequest/{order.replaces}"
    kept = (each for each in facts.drugs if each.record != replaced)
    return replace(facts, drugs=(*kept, drug))


def _tests(proposed: Proposed, facts: Facts, knowledge: Knowledge) -> Iterator[Alert]:
    """The same test was done, or is ordered, within its repeat interval.

    A result comes before an order of the same test, the newest before older ones.
    """
    at = proposed.at or facts.now
    interval = repeat_interval(proposed.test, knowledge)
    near = [
        test
        for test in facts.tests
        if same_test(proposed.test, test.code, knowledge)
        and abs(at - test.at) < interval
        and test.record != f"ServiceRequest/{proposed.replaces}"
    ]
    if not near:
        return
    newest = max(near, key=lambda test: (bool(test.result), test.at))
    rule = knowledge.test(proposed.test)
    source = knowledge.source(rule) if rule else Source("", "default")
    yield _same_test(proposed, newest, source)


def _same_test(proposed: Proposed, earlier: EarlierTest, source: Source) -> Alert:
    return Alert(
        Kind.SAME_TEST,
        Severity.REASON,
        f"same-test:{proposed.test}:{earlier.record}",
        proposed.test_words or proposed.test,
        source,
        result=earlier.result,
        facility=earlier.facility,
        at=earlier.at,
        by=earlier.by,
        records=(earlier.record,),
    )


def _softened(alerts: Iterable[Alert], facts: Facts) -> tuple[Alert, ...]:
    """The strongest of each cause; what was accepted before, as strong as it is, only informs."""
    confirmed = {key: before for key, before in facts.overrides if before.second}
    accepted = {**dict(facts.overrides), **confirmed}
    answers = {Severity.REASON: accepted, Severity.SECOND_PERSON: confirmed}
    return strongest(
        replace(alert, severity=Severity.INFORM, overridden=before)
        if (before := answers.get(alert.severity, {}).get(alert.key))
        else alert
        for alert in strongest(alerts)
    )
