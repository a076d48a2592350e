"""A desk with one person in one bed: the least that charting needs."""

from __future__ import annotations

from pathlib import Path

from workstation.fhir import systems
from workstation.kernel.clock import SystemClock
from workstation.kernel.ids import DeviceId, PatientId, PersonId, WardId
from workstation.security.people import Person
from workstation.services.desk import Desk
from workstation.store import Store

KEY = bytes(range(32))
PATIENT = PatientId("patient-1")
WARD = WardId("ward-1")
NURSE = Person(PersonId("nurse-1"), "Lê Thị Mai", "nurse")


def open_desk(folder: Path) -> Desk:
    """Make a store with one stay in progress, and sit down at it."""
    store = Store.create(folder, KEY, device=DeviceId("terminal-1"), clock=SystemClock())
    with store.write() as unit:
        for resource in (
            _place(WARD, "wa", None),
            _place("bed-1", "bd", WARD),
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
        ):
            unit.create(resource)
    return Desk(store, store.clock, NURSE, WARD)


def _place(id_: str, kind: str, part_of: str | None) -> dict[str, object]:
    place: dict[str, object] = {
        "resourceType": "Location",
        "id": id_,
        "name": id_,
        "physicalType": {"coding": [{"system": systems.PHYSICAL_TYPE, "code": kind}]},
    }
    return place | ({"partOf": {"reference": f"Location/{part_of}"}} if part_of else {})
