"""What is written when a patient comes: the stay, its diagnosis, warnings, allergies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from hospital.demo import places
from hospital.demo.stay import DemoStay
from hospital.demo.treatment import DRUG_CODES
from workstation.clinical.care_level import CareLevel
from workstation.fhir import allergy, condition, flag, stays, systems
from workstation.fhir.json import Resource

_PARTICIPATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_SUBSTANCES: Final = (
    ("penicillin", "Penicillin", "Phù mạch, khó thở", True),
    ("aspirin", "Aspirin", "Nổi mày đay", False),
    ("ibuprofen", "Ibuprofen", "Phù mi mắt", False),
    ("seafood", "Hải sản (tôm, cua)", "Ngứa, nổi mày đay", False),
    ("iodinated-contrast", "Thuốc cản quang có iốt", "Sốc phản vệ năm 2021", True),
)
_FALL_AGE: Final = 70


def admission(stay: DemoStay) -> Iterator[Resource]:
    """The patient first, then the stay and what belongs to it."""
    diagnosis = _diagnosis(stay)
    yield stay.patient.resource
    yield _encounter(stay, diagnosis["id"])
    yield diagnosis
    yield from _warnings(stay)
    yield from _allergies(stay)


def _diagnosis(stay: DemoStay) -> Resource:
    at = stay.course.start + timedelta(minutes=25)
    illness = stay.course.illness
    return condition.write(stay.entry(at, stay.doctor.reference), illness.text, illness.icd10)


def _encounter(stay: DemoStay, diagnosis: str) -> Resource:
    start = stay.course.start.isoformat(timespec="seconds")
    illness = stay.course.illness
    coding = {"system": systems.ICD10, "code": illness.icd10}
    attending = {"system": _PARTICIPATION, "code": "ATND"}
    return {
        "resourceType": "Encounter",
        "id": stay.id,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{stay.id}"}],
        "extension": [{"url": systems.CARE_LEVEL, "valueCode": _care_level(stay).value}],
        "status": "in-progress",
        "class": {"system": systems.ACT_CODE, "code": "IMP", "display": "inpatient encounter"},
        "serviceType": {"text": stay.ward.department},
        "subject": {"reference": f"Patient/{stay.patient.id}"},
        "participant": [{"type": [{"coding": [attending]}], "individual": stay.doctor.reference}],
        "period": {"start": start},
        "reasonCode": [{"coding": [coding], "text": illness.text}],
        "diagnosis": [
            {
                "condition": {"reference": f"Condition/{diagnosis}", "display": illness.text},
                "rank": 1,
            }
        ],
        "location": _places(stay, start),
        "serviceProvider": {"reference": f"Organization/{places.HOSPITAL}"},
    }


def _places(stay: DemoStay, start: str) -> list[Resource]:
    found = _beds(stay, start)
    if stay.to is not None:
        asked = stay.course.now - timedelta(minutes=25)
        found.append(stays.place_entry(stay.to.id, stay.to.name, "planned", asked))
    return found


def _beds(stay: DemoStay, start: str) -> list[Resource]:
    entry: Resource = {
        "location": {"reference": f"Location/{stay.bed.id}", "display": stay.bed.name},
        "status": "active",
        "period": {"start": start},
    }
    if stay.before is None:
        return [entry]
    middle = stay.course.start + (stay.course.now - stay.course.start) / 2
    moved = middle.isoformat(timespec="seconds")
    former = {
        "location": {"reference": f"Location/{stay.before.id}", "display": stay.before.name},
        "status": "completed",
        "period": {"start": start, "end": moved},
    }
    return [former, {**entry, "period": {"start": moved}}]


def _care_level(stay: DemoStay) -> CareLevel:
    severity = stay.course.severity(stay.course.now)
    if severity > 1:
        return CareLevel.ONE
    return CareLevel.TWO if severity > 0.4 else CareLevel.THREE  # noqa: PLR2004


def _warnings(stay: DemoStay) -> Iterator[Resource]:
    at = stay.course.start + timedelta(minutes=40)
    age = (stay.course.now.date() - stay.patient.birth_date).days // 365
    codes: tuple[tuple[flag.FlagCode, bool], ...] = (
        ("spo2-scale-2", stay.course.illness.hypercapnic),
        ("fall", age >= _FALL_AGE),
        ("isolation", stay.dice.chance(0.06)),
        ("no-cpr", age > 85 and stay.dice.chance(0.3)),  # noqa: PLR2004
    )
    for code, holds in codes:
        if holds:
            author = stay.doctor.reference if code != "fall" else stay.nurse()
            yield flag.write(stay.entry(at, author), code)


def _allergies(stay: DemoStay) -> Iterator[Resource]:
    at = stay.course.start + timedelta(minutes=35)
    if stay.dice.chance(0.25):
        code, name, reaction, high = stay.dice.pick(_SUBSTANCES)
        yield allergy.write(
            stay.entry(at, stay.nurse()),
            name,
            reaction=reaction,
            high_risk=high,
            coding={"system": DRUG_CODES, "code": code},
        )
    elif stay.dice.chance(0.8):
        yield allergy.write_none_known(stay.entry(at, stay.nurse()))
