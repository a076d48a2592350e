"""Fills a test's ward with days of plausible vital signs, allergies, flags and results."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from tests.kit.ward import patient_id
from workstation.clinical.vital_signs import Consciousness, VitalSigns
from workstation.fhir import systems, vital_signs
from workstation.fhir.json import Resource
from workstation.kernel.identity import uuid7
from workstation.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Course:
    """Where a person's values lie on average."""

    pulse: float = 80
    breaths: float = 17
    spo2: float = 97
    oxygen: int = 0
    systolic: float = 125
    temperature: float = 36.9
    level: Consciousness = Consciousness.ALERT


WELL: Final = Course()
FEVER: Final = Course(pulse=104, breaths=21, temperature=38.6)
LUNG: Final = Course(pulse=98, breaths=24, spo2=92, oxygen=3, temperature=38.2)
SHOCK: Final = Course(pulse=124, breaths=27, spo2=90, oxygen=6, systolic=92,
                      level=Consciousness.CONFUSED)  # fmt: skip
COURSES: Final = (WELL, WELL, FEVER, WELL, LUNG, WELL, WELL, WELL, SHOCK, WELL, FEVER, WELL)


def fill(desk: Desk, *, days: int = 2) -> None:
    """Give everybody on the ward a record.

    Args:
        desk: Its store already has patients and stays.
        days: How many days of vital signs, six sets a day.
    """
    chance = random.Random(7)
    with desk.store.write() as unit:
        people = len(unit.find("Patient"))
        for number in range(1, people + 1):
            for resource in _record(desk, number, days, chance):
                unit.create(resource)


def _record(desk: Desk, number: int, days: int, chance: random.Random) -> list[Resource]:
    found: list[Resource] = []
    course = COURSES[number % len(COURSES)]
    last = desk.now() - timedelta(minutes=chance.choice((20, 50, 95, 180, 410)))
    for step in range(days * 6):
        at = last - timedelta(hours=4 * step)
        vitals = _vitals(course, at, chance)
        found += vital_signs.write(
            vitals,
            patient=patient_id(number),
            encounter=f"stay-{number}",
            performer=desk.performer,
            new_id=uuid7,
        )
    return found + _around(desk, number)


def _vitals(course: Course, at: datetime, chance: random.Random) -> VitalSigns:
    def near(value: float, spread: float) -> Decimal:
        return Decimal(round(chance.gauss(value, spread)))

    return VitalSigns(
        at=at,
        heart_rate=near(course.pulse, 5),
        respiratory_rate=near(course.breaths, 1.2),
        spo2=min(near(course.spo2, 1), Decimal(100)),
        oxygen_flow=Decimal(course.oxygen),
        systolic=near(course.systolic, 7),
        diastolic=near(course.systolic * 0.62, 4),
        temperature=Decimal(str(round(chance.gauss(course.temperature, 0.2), 1))),
        consciousness=course.level,
        pain=near(2, 1).max(0),
    )


def _around(desk: Desk, number: int) -> list[Resource]:
    """Allergies, flags and results of some of the people."""
    shared = {"subject": {"reference": f"Patient/{patient_id(number)}"}}
    found: list[Resource] = []
    if number % 4 == 1:
        found.append(_allergy(number, {"text": "Penicillin"}))
    elif number % 4 != 2:
        none = {"system": systems.ALLERGY, "code": "no-known-allergy"}
        found.append(_allergy(number, {"coding": [none]}))
    for code, every in (("fall", 3), ("isolation", 11), ("spo2-scale-2", 17)):
        if number % every == 2 % every:
            coding = [{"system": systems.FLAG, "code": code}]
            flag = {"resourceType": "Flag", "id": uuid7(), "status": "active"}
            found.append({**flag, "code": {"coding": coding}, **shared})
    if number % 3 == 0:
        found += [_result(desk, number, "Kali", high=number % 2 == 0), _result(desk, number, "CRP")]
    return found


def _allergy(number: int, code: Resource) -> Resource:
    status = {"coding": [{"system": systems.ALLERGY_CLINICAL, "code": "active"}]}
    return {
        "resourceType": "AllergyIntolerance",
        "id": uuid7(),
        "clinicalStatus": status,
        "code": code,
        "patient": {"reference": f"Patient/{patient_id(number)}"},
    }


def _result(desk: Desk, number: int, words: str, *, high: bool = False) -> Resource:
    category = {"system": systems.OBSERVATION_CATEGORY, "code": "laboratory"}
    resource: Resource = {
        "resourceType": "Observation",
        "id": uuid7(),
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"text": words},
        "subject": {"reference": f"Patient/{patient_id(number)}"},
        "effectiveDateTime": (desk.now() - timedelta(hours=3)).isoformat(),
        "valueQuantity": {"value": Decimal("5.9"), "unit": "mmol/L"},
    }
    if high:
        resource["interpretation"] = [{"coding": [{"code": "H"}]}]
    return resource
