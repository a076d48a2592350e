"""A desk with one person in one bed: the least that charting needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.kernel.clock import SystemClock
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import DeviceId, PatientId, PersonId, WardId
from workstation.security.people import Person
from workstation.services.desk import Desk
from workstation.store import Store

KEY = bytes(range(32))
PATIENT = PatientId("patient-1")
WARD = WardId("ward-1")
NURSE = Person(PersonId("nurse-1"), "Lê Thị Mai", "nurse")


def open_desk(folder: Path, *, device: str = "terminal-1") -> Desk:
    """Make an empty store, and sit down at it."""
    store = Store.create(folder, KEY, device=DeviceId(device), clock=SystemClock())
    return Desk(store, store.clock, NURSE, WARD)


def admit(desk: Desk) -> None:
    """Let one person lie in the one bed of the ward."""
    with desk.store.write() as unit:
        for resource in stay_in_progress():
            unit.create(resource)


def stay_in_progress() -> list[Resource]:
    """A ward, its bed, a person and their stay."""
    return [
        place(WARD, "wa", None),
        place("bed-1", "bd", WARD),
        {
            "resourceType": "Patient",
            "id": PATIENT,
            "name": [{"family": "Nguyễn", "given": ["Văn", "An"]}],
            "gender": "male",
            "birthDate": "1951-03-07",
        },
        {
            "resourceType": "Encounter",
            "id": "stay-1",
            "status": "in-progress",
            "class": {"system": systems.ACT_CODE, "code": "IMP"},
            "subject": {"reference": f"Patient/{PATIENT}"},
            "period": {"start": "2026-11-18T08:00:00+07:00"},
            "location": [{"location": {"reference": "Location/bed-1"}, "status": "active"}],
        },
    ]


def observations(count: int) -> list[Resource]:
    """Heart rates of that person, about 1 kB of JSON each, a minute apart."""
    start = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
    return [
        {
            "resourceType": "Observation",
            "id": (own := uuid7()),
            "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
            "status": "final",
            "category": [_concept(systems.OBSERVATION_CATEGORY, "vital-signs", "Vital Signs")],
            "code": _concept(systems.LOINC, "8867-4", "Heart rate"),
            "subject": {"reference": f"Patient/{PATIENT}"},
            "encounter": {"reference": "Encounter/stay-1"},
            "effectiveDateTime": (start + timedelta(seconds=number)).isoformat(),
            "performer": [{"reference": f"Practitioner/{NURSE.id}", "display": NURSE.name}],
            "valueQuantity": {
                "value": 60 + number % 60,
                "unit": "/min",
                "system": systems.UCUM,
                "code": "/min",
            },
            "note": [{"text": "Đo khi người bệnh nằm nghỉ. " * 8}],
        }
        for number in range(count)
    ]


def _concept(system: str, code: str, display: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def place(id_: str, kind: str, part_of: str | None) -> Resource:
    """A ward (``wa``) or a bed (``bd``)."""
    made: Resource = {
        "resourceType": "Location",
        "id": id_,
        "status": "active",
        "name": id_,
        "physicalType": {"coding": [{"system": systems.PHYSICAL_TYPE, "code": kind}]},
    }
    return made | ({"partOf": {"reference": f"Location/{part_of}"}} if part_of else {})
