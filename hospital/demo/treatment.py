"""What is ordered, given and measured by the laboratory during a stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from hospital.demo import places, words
from hospital.demo.illnesses import TESTS
from hospital.demo.stay import DemoStay
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.medication_record import Outcome
from workstation.clinical.schedule import slots
from workstation.fhir import dose, drug_order, laboratory, systems
from workstation.fhir.dose import Circumstances
from workstation.fhir.json import Resource

DRUG_CODES: Final = f"{systems.BASE}/CodeSystem/demo-drug"


def drugs(stay: DemoStay) -> Iterator[Resource]:
    """Each order, followed by its doses until now."""
    at = stay.course.start + timedelta(minutes=50)
    for drug in stay.course.illness.drugs:
        timing = Timing(times_a_day=drug.times_a_day)
        prescription = Prescription(
            drug=drug.name,
            codes=((DRUG_CODES, drug.code),),
            amount=Amount(drug.amount, drug.unit),
            route=drug.route,
            timing=timing,
        )
        order = drug_order.write(stay.entry(at, stay.doctor.reference), prescription)
        yield order
        until = stay.course.now - timedelta(minutes=30)
        for due in slots(timing, at, until, stay.course.now.tzinfo or UTC):
            yield _dose(stay, order, due)


def _dose(stay: DemoStay, order: Resource, due: datetime) -> Resource:
    if stay.dice.chance(0.02):
        return dose.write(
            stay.entry(due, stay.nurse()),
            order,
            outcome=Outcome.WITHHELD,
            reason=stay.dice.pick(words.NOT_GIVEN),
            beside=Circumstances(slot=due),
        )
    given = due + timedelta(minutes=stay.dice.whole(-10, 28))
    return dose.write(stay.entry(given, stay.nurse()), order, beside=Circumstances(slot=due))


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
