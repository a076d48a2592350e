"""Make the whole demo hospital, lazily and the same for a seed, in any size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Final

from hospital.demo import (
    admission,
    arrivals,
    bedside_drugs,
    charting,
    consulting,
    findings,
    fluids,
    illnesses,
    lines,
    nursing,
    ordering,
    places,
    shift,
    staff,
    treatment,
    watching,
)
from hospital.demo.chance import Dice
from hospital.demo.course import Course, Direction
from hospital.demo.people import DemoPatient, invent
from hospital.demo.places import Bed, Ward
from hospital.demo.stay import DemoStay
from workstation.clinical.vital_signs import VitalSigns
from workstation.fhir import condition, systems, vital_signs
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

ZONE: Final = timezone(timedelta(hours=7))
"""Viet Nam's time; it has no summer time."""
IN_WARDS: Final = sum(ward.occupied for ward in places.WARDS)
_LONGEST_DAYS: Final = 5
_DETERIORATING: Final = (1, 17, 21)
_LEAVES_OUT: Final = (7, 19)
_MOVED_EVERY: Final = 9


def generate(seed: int, now: datetime, patients: int = IN_WARDS) -> Iterator[Resource]:
    """Make every resource of the hospital, each after what it refers to.

    Args:
        seed: The same seed and time give the same hospital.
        now: The present (aware); nothing is later.
        patients: How many in all. The first fill the beds, the others have been here before.
    """
    present = now.astimezone(ZONE).replace(microsecond=0)
    yield from places.resources()
    yield from staff.resources()
    number = 0
    for ward in places.WARDS:
        beds = _beds(seed, ward)
        for place in range(min(ward.occupied, patients - number)):
            number += 1
            yield from _stay(seed, number, present, ward=ward, beds=beds, place=place)
    if number == IN_WARDS:
        yield from arrivals.arrivals(seed, present)
    for past in range(number + 1, patients + 1):
        yield from _past(seed, past, present)


def _beds(seed: int, ward: Ward) -> list[Bed]:
    """The beds in a random order: the last ones stay empty."""
    dice = Dice(seed, "beds", ward.id)
    return sorted(ward.beds, key=lambda bed: (dice.whole(0, 10**9), bed.name))


def _stay(
    seed: int, number: int, now: datetime, *, ward: Ward, beds: list[Bed], place: int
) -> Iterator[Resource]:
    dice = Dice(seed, "patient", number)
    patient = invent(dice, number, now, age_years=dice.whole(22, 92))
    start = now - timedelta(hours=dice.whole(5, _LONGEST_DAYS * 24 - 1), minutes=dice.whole(0, 59))
    choices = illnesses.CARDIOLOGY if ward is places.CARDIOLOGY else illnesses.GENERAL
    course = Course(
        illness=choices[number % len(choices)],
        direction=_direction(dice, number),
        start=start,
        now=now,
        systolic=dice.whole(102, 138),
        heart_rate=dice.whole(66, 96),
        spo2=dice.whole(95, 98),
        leaves_out=number in _LEAVES_OUT,
    )
    empty = beds[ward.occupied :]
    moved = number % _MOVED_EVERY == 0 and now - start > timedelta(days=1)
    stay = DemoStay(
        patient=patient,
        ward=ward,
        bed=beds[place],
        before=dice.pick(empty) if moved else None,
        to=places.GENERAL if ward is places.CARDIOLOGY and not place else None,
        course=course,
        dice=dice,
        id=dice.uuid(start),
        doctor=dice.pick(staff.DOCTORS),
    )
    yield from _charted(seed, number, stay)


def _charted(seed: int, number: int, stay: DemoStay) -> Iterator[Resource]:
    """Everything that is written down during a stay, from admission on."""
    for resource in admission.admission(stay):
        stays = resource["resourceType"] == "Encounter"
        yield shift.with_nurse(stay, resource) if stays else resource
    signs = list(charting.measured(stay))
    yield from signs
    drugs = list(treatment.drugs(stay))
    yield from drugs
    others = list(ordering.ordered(seed, number, stay))
    yield from others
    yield from shift.noted(seed, number, stay, (*drugs, *others))
    yield from shift.tasks(seed, number, stay)
    yield from treatment.results(stay)
    yield from charting.notes(stay)
    yield from consulting.consulted(seed, number, stay)
    yield from fluids.fluids(seed, number, stay)
    yield from bedside_drugs.bedside_drugs(seed, number, stay)
    yield from lines.lines(seed, number, stay)
    yield from nursing.problems(seed, number, stay)
    yield from watching.watched(seed, number, stay, signs)
    yield from findings.findings(stay, number)


def _direction(dice: Dice, number: int) -> Direction:
    if number in _DETERIORATING:
        return "deteriorating"
    choices: tuple[Direction, ...] = ("recovering", "recovering", "steady", "mild")
    return dice.pick(choices)


def _past(seed: int, number: int, now: datetime) -> Iterator[Resource]:
    """Somebody who was here once: one finished stay, its diagnosis, two sets of two signs."""
    dice = Dice(seed, "patient", number)
    patient = invent(dice, number, now, age_years=dice.whole(1, 95))
    yield patient.resource
    start = now - timedelta(days=dice.whole(20, 700), hours=dice.whole(0, 23))
    end = start + timedelta(days=dice.whole(1, 9), hours=dice.whole(0, 8))
    stay = dice.uuid(start)
    doctor = dice.pick(staff.DOCTORS).reference
    illness = dice.pick(illnesses.GENERAL)
    yield _finished(patient, stay, start, end, illness)
    entry = Entry(own=dice.uuid(start), patient=patient.id, encounter=stay, author=doctor, at=start)
    yield condition.write(entry, illness.text, illness.icd10)
    for at in (start + timedelta(minutes=20), end - timedelta(hours=2)):
        signs = VitalSigns(
            at=at,
            heart_rate=dice.near(82, 8),
            temperature=dice.near(37.0, 0.4, 1),
            weight=dice.near(54, 8, 1) if at < end - timedelta(hours=3) else None,
            pain=Decimal(1),
        )
        yield from vital_signs.write(
            signs,
            patient=patient.id,
            encounter=stay,
            performer=dice.pick(staff.NURSES).reference,
            new_id=lambda at=at: dice.uuid(at),  # type: ignore[misc]
        )


def _finished(
    patient: DemoPatient, own: str, start: datetime, end: datetime, illness: illnesses.Illness
) -> Resource:
    coding = {"system": systems.ICD10, "code": illness.icd10}
    return {
        "resourceType": "Encounter",
        "id": own,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
        "status": "finished",
        "class": {"system": systems.ACT_CODE, "code": "IMP", "display": "inpatient encounter"},
        "subject": {"reference": f"Patient/{patient.id}"},
        "period": {
            "start": start.isoformat(timespec="seconds"),
            "end": end.isoformat(timespec="seconds"),
        },
        "reasonCode": [{"coding": [coding], "text": illness.text}],
        "serviceProvider": {"reference": f"Organization/{places.HOSPITAL}"},
    }
