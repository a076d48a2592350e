"""The house of the demo: the hospital, two wards, their beds, the laboratory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.kernel.ids import WardId, name_uuid

_ORGANIZATION_TYPE: Final = "http://terminology.hl7.org/CodeSystem/organization-type"


@dataclass(frozen=True, slots=True)
class Bed:
    """One bed: id of its Location and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Ward:
    """One ward.

    Attributes:
        id: Id of its Location.
        name: As written on the door.
        department: As written on papers.
        beds: In the order of the rooms.
        occupied: How many patients the demo puts there.
    """

    id: WardId
    name: str
    department: str
    beds: tuple[Bed, ...]
    occupied: int


def _id(*parts: str) -> str:
    return name_uuid("demo-hospital", *parts)


def _ward(key: str, name: str, rooms: range, beds_a_room: int, occupied: int) -> Ward:
    beds = tuple(
        Bed(_id("bed", key, str(room), str(place)), f"{room}-{place}")
        for room in rooms
        for place in range(1, beds_a_room + 1)
    )
    return Ward(WardId(_id("ward", key)), f"Khoa {name}", name, beds, occupied)


HOSPITAL: Final = _id("organization")
LABORATORY: Final = _id("laboratory")
LABORATORY_NAME: Final = "Khoa Xét nghiệm"
ELSEWHERE: Final = _id("elsewhere")
ELSEWHERE_NAME: Final = "Trung tâm Y tế huyện Cửa Suối (hư cấu)"
"""Another facility, from which patients bring results along."""
GENERAL: Final = _ward("general", "Nội tổng hợp", range(301, 310), 4, 32)
CARDIOLOGY: Final = _ward("cardiology", "Nội tim mạch", range(201, 205), 2, 4)
WARDS: Final = (GENERAL, CARDIOLOGY)


def resources() -> Iterator[Resource]:
    """The hospital, its laboratory, wards and beds."""
    yield _organization(HOSPITAL, "Bệnh viện Đa khoa Sông Mẫu (hư cấu)", "prov")
    yield _organization(ELSEWHERE, ELSEWHERE_NAME, "prov")
    laboratory = _organization(LABORATORY, LABORATORY_NAME, "dept")
    yield {**laboratory, "partOf": {"reference": f"Organization/{HOSPITAL}"}}
    for ward in WARDS:
        yield _location(ward.id, ward.name, "wa")
        for bed in ward.beds:
            yield {
                **_location(bed.id, bed.name, "bd"),
                "partOf": {"reference": f"Location/{ward.id}", "display": ward.name},
            }


def _organization(own: str, name: str, kind: str) -> Resource:
    return {
        "resourceType": "Organization",
        "id": own,
        "active": True,
        "type": [{"coding": [{"system": _ORGANIZATION_TYPE, "code": kind}]}],
        "name": name,
    }


def _location(own: str, name: str, kind: str) -> Resource:
    return {
        "resourceType": "Location",
        "id": own,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
        "status": "active",
        "name": name,
        "mode": "instance",
        "physicalType": {"coding": [{"system": systems.PHYSICAL_TYPE, "code": kind}]},
        "managingOrganization": {"reference": f"Organization/{HOSPITAL}"},
    }
