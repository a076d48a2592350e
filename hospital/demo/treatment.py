"""What is ordered, given and measured by the laboratory during a stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from hospital.demo import places, words
from hospital.demo.illnesses import TESTS, Drug
from hospital.demo.stay import DemoStay
from workstation.fhir import dose, drug_order, laboratory, systems
from workstation.fhir.json import Resource

DRUG_CODES: Final = f"{systems.BASE}/CodeSystem/demo-drug"
_SLOTS: Final = {1: (8,), 2: (8, 20), 3: (6, 14, 22), 4: (6, 12, 18, 23)}


def drugs(stay: DemoStay) -> Iterator[Resource]:
    """Each order, followed by its doses until now."""
    at = stay.course.start + timedelta(minutes=50)
    for drug in stay.course.illness.drugs:
        concept = {
            "coding": [{"system": DRUG_CODES, "code": drug.code}],
            "text": drug.name,
        }
        order = drug_order.write(
            stay.entry(at, stay.doctor.reference),
            concept,
            amount=drug_order.Amount(drug.amount, drug.unit),
            route=drug.route,
            times_a_day=drug.times_a_day,
        )
        yield order
        for due in _due(stay, drug, at):
            yield _dose(stay, order, due)


def _due(stay: DemoStay, drug: Drug, since: datetime) -> Iterator[datetime]:
    day = since.replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= stay.course.now:
        for hour in _SLOTS[drug.times_a_day]:
            due = day + timedelta(hours=hour)
            if since < due <= stay.course.now - timedelta(minutes=30):
                yield due
        day += timedelta(days=1)


def _dose(stay: DemoStay, order: Resource, due: datetime) -> Resource:
    if stay.dice.chance(0.02):
        return dose.write(
            stay.entry(due, stay.nurse()),
            order,
            status="not-done",
            reason=stay.dice.pick(words.NOT_GIVEN),
        )
    given = due + timedelta(minutes=stay.dice.whole(-10, 28))
    return dose.write(stay.entry(given, stay.nurse()), order)


def results(stay: DemoStay) -> Iterator[Resource]:
    """Results on admission, then every second morning, of the very ill every morning."""
    maker = {
        "reference": f"Organization/{places.LABORATORY}",
        "display": places.LABORATORY_NAME,
    }
    day = stay.course.start.replace(hour=0, minute=0, second=0, microsecond=0)
    at = stay.course.start + timedelta(minutes=45)
    while at <= stay.course.now - timedelta(hours=1):
        for key, (well, worst) in stay.course.illness.results.items():
            test = TESTS[key]
            middle = well + (worst - well) * min(stay.course.severity(at), 1.2)
            value = max(stay.dice.near(middle, abs(middle) * 0.03, test.digits), Decimal(0))
            yield laboratory.write(
                stay.entry(at, maker),
                {"coding": [{"system": systems.LOINC, "code": test.code}], "text": test.name},
                value=value,
                unit=test.unit,
                normal=(test.low, test.high),
            )
        day += timedelta(days=2 if stay.course.direction != "deteriorating" else 1)
        at = day + timedelta(hours=6, minutes=stay.dice.whole(5, 40))
