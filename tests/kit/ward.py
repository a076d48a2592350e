"""A small ward at a desk: beds, people in them, a nurse, on a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.kit.people import DOCTOR, NURSE
from tests.kit.store import KEY, START, make_store
from workstation.clinical.stays import Disposition, Outcome
from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import EncounterId, PatientId, WardId
from workstation.security.people import Person
from workstation.services import discharges
from workstation.services.desk import Desk
from workstation.services.discharges import Departure, Diagnosis
from workstation.services.safe import Safe
from workstation.store import Store

WARD = WardId("ward-a")
PEOPLE = (
    ("Nguyễn", "Văn An", "male", "1951-03-07"),
    ("Trần", "Thị Bình", "female", "1968-11-30"),
    ("Lê", "Hữu Phước", "male", "1988-12-30"),
    ("Đỗ", "Thị Ánh Tuyết", "female", "1999-02-14"),
    ("Phạm", "Quốc Đạt", "male", "1942-07-19"),
    ("Hoàng", "Thị Kim Oanh", "female", "1975-05-05"),
    ("Vũ", "Đình Khôi", "male", "2003-09-01"),
    ("Đặng", "Thị Hồng Nhung", "female", "1960-01-22"),
    ("Bùi", "Minh Trí", "male", "1957-10-11"),
    ("Ngô", "Thị Thanh Hà", "female", "1981-06-28"),
    ("Dương", "Văn Lợi", "male", "1949-04-03"),
    ("Tôn Nữ", "Thị Ngọc Huyền Trân", "female", "1936-08-17"),
)
SAME_NAME = 15
"""The person in this bed has the name of another one on the ward."""
FAMILIES = ("Lý", "Hồ", "Phan", "Huỳnh", "Võ", "Trương", "Đinh")


def patient_id(number: int) -> PatientId:
    """Id of the patient in bed `number`, from 1."""
    return PatientId(f"patient-{number}")


def places(beds: int) -> list[Resource]:
    """The ward and its beds, named 1, 2, 3…"""
    ward = _location(WARD, "Khoa Nội tổng hợp", "wa")
    found = [_location(f"bed-{n}", f"{n:02d}", "bd") for n in range(1, beds + 1)]
    for bed in found:
        bed["partOf"] = {"reference": f"Location/{WARD}"}
    return [ward, *found]


def patient(number: int) -> Resource:
    """An invented person."""
    round_, place = divmod(number - 1, len(PEOPLE))
    family, given, sex, born = PEOPLE[place]
    if round_ and number != SAME_NAME:
        family = FAMILIES[(number + round_) % len(FAMILIES)]
        born = f"{1930 + number * 7 % 70}-{born[5:]}"
    return {
        "resourceType": "Patient",
        "id": patient_id(number),
        "identifier": [{"system": systems.RECORD_NUMBER, "value": f"26.{number:06d}"}],
        "name": [{"use": "official", "family": family, "given": given.split()}],
        "gender": sex,
        "birthDate": born,
    }


def stay(number: int, *, days: int = 2) -> Resource:
    """The stay of the person in bed `number`, that began some days before the tests' present."""
    return {
        "resourceType": "Encounter",
        "id": f"stay-{number}",
        "status": "in-progress",
        "class": {"system": systems.ACT_CODE, "code": "IMP"},
        "extension": [{"url": systems.CARE_LEVEL, "valueCode": "2"}],
        "subject": {"reference": f"Patient/{patient_id(number)}"},
        "period": {"start": (START - timedelta(days=days)).isoformat()},
        "reasonCode": [{"text": "Viêm phổi", "coding": [{"system": systems.ICD10, "code": "J18"}]}],
        "location": [{"location": {"reference": f"Location/bed-{number}"}, "status": "active"}],
    }


def save(store: Store, *resources: Resource) -> None:
    """Write resources, as the terminal itself."""
    with store.write() as unit:
        for resource in resources:
            unit.create(resource)


def make_desk(
    folder: Path, *, beds: int = 4, taken: int | None = None, person: Person = NURSE
) -> Desk:
    """A desk on a new store.

    Args:
        folder: Where the store lies.
        beds: How many beds the ward has.
        taken: How many of them are taken, from the first on; all if not given.
        person: Who is logged in.
    """
    store = make_store(folder)
    save(store, *places(beds))
    for number in range(1, (beds if taken is None else taken) + 1):
        save(store, patient(number), stay(number))
    return Desk(store, store.clock, person, WARD, Safe(folder, KEY, store.clock))


def colleague(desk: Desk, person: Person) -> Desk:
    """The same desk with somebody else at it."""
    return replace(desk, person=person)


def discharge(desk: Desk, number: int) -> Changes:
    """Let a doctor discharge the person in bed `number`, cured."""
    departure = Departure(Disposition.DISCHARGED, Outcome.CURED, Diagnosis("Viêm phổi", "J18.9"))
    return discharges.discharge(colleague(desk, DOCTOR), EncounterId(f"stay-{number}"), departure)


def advance(desk: Desk, **step: float) -> None:
    """Let time pass at a desk of a test."""
    clock = desk.clock
    assert isinstance(clock, ManualClock)
    clock.advance(timedelta(**step))


def _location(own: str, name: str, kind: str) -> Resource:
    return {
        "resourceType": "Location",
        "id": own,
        "status": "active",
        "name": name,
        "physicalType": {"coding": [{"system": systems.PHYSICAL_TYPE, "code": kind}]},
    }
