"""Drugs beside the plan of an illness: one when needed, one that two check, one that runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from hospital.demo.chance import Dice
from hospital.demo.staff import NURSES
from hospital.demo.stay import DemoStay
from hospital.demo.treatment import DRUG_CODES
from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.schedule import slots
from workstation.fhir import dose, drug_order, infusion
from workstation.fhir.dose import Circumstances
from workstation.fhir.json import Resource

WITH_THEM: Final = (2, 6)
"""Numbers of the patients who have them."""
_HOUR: Final = timedelta(hours=1)
_MORPHINE: Final = Prescription(
    drug="Morphin sulfat 10 mg/mL",
    codes=((DRUG_CODES, "morphine"),),
    amount=Amount(Decimal(5), "mg"),
    route="tiêm dưới da",
    timing=Timing(
        as_needed=True,
        as_needed_for="đau ≥ 7",
        shortest_interval=4 * _HOUR,
        most_a_day=4,
    ),
)
_INSULIN: Final = Prescription(
    drug="Insulin người tác dụng nhanh 100 đơn vị/mL",
    codes=((DRUG_CODES, "insulin"),),
    amount=Amount(Decimal(6), "đơn vị"),
    route="tiêm dưới da",
    timing=Timing(times_a_day=3),
)
_SALINE: Final = Prescription(
    drug="Natri clorid 0,9 % 500 mL",
    codes=((DRUG_CODES, "sodium-chloride"),),
    amount=Amount(Decimal(500), "mL"),
    route="truyền tĩnh mạch",
    timing=Timing(),
    rate=Rate(Decimal(60), "mL/h"),
)


def bedside_drugs(seed: int, number: int, stay: DemoStay) -> Iterator[Resource]:
    """The orders and their doses, for the few who have them; from the last day or less."""
    if number not in WITH_THEM:
        return
    own = replace(stay, dice=Dice(seed, "bedside-drugs", number))
    now = own.course.now
    begun = max(own.course.start + _HOUR, now - 20 * _HOUR)
    for prescription in (_MORPHINE, _INSULIN, _SALINE):
        order = drug_order.write(own.entry(begun, own.doctor.reference), prescription)
        yield order
        if prescription is _SALINE:
            yield from _running(own, order, max(begun, now - 3 * _HOUR))
        elif prescription is _INSULIN:
            zone = now.tzinfo
            assert zone is not None  # noqa: S101 - the demo's present is aware
            for slot in slots(prescription.timing, begun, now - _HOUR, zone):
                yield _checked(own, order, slot + timedelta(minutes=own.dice.whole(0, 20)), slot)
        elif begun < now - 2 * _HOUR:
            yield _checked(own, order, now - 2 * _HOUR, None)


def _checked(stay: DemoStay, order: Resource, at: datetime, slot: datetime | None) -> Resource:
    """A dose that two nurses answer for."""
    giver, witness = NURSES[0].reference, NURSES[1].reference
    beside = Circumstances(slot=slot, witness=witness, scanned="patient-and-drug")
    return dose.write(stay.entry(at, giver), order, beside=beside)


def _running(stay: DemoStay, order: Resource, at: datetime) -> Iterator[Resource]:
    first = infusion.start(
        stay.entry(at, stay.nurse()), order, bag=_SALINE.amount, rate_ml_h=Decimal(60)
    )
    yield first
    slower = at + (stay.course.now - at) / 2
    yield infusion.change(
        stay.entry(slower.replace(microsecond=0), stay.nurse()), first, rate_ml_h=Decimal(40)
    )
