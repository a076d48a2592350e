"""The wards, and who lies in them when everything begins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from tests.kit.records import admit, allergy, flag, place_beds
from workstation.fhir import systems
from workstation.kernel.ids import WardId

Json = dict[str, Any]

WARD: Final = WardId("ward")
SURGERY: Final = WardId("surgery")
BEGIN: Final = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
PATIENTS: Final = ("anh", "binh", "chi")
WARDS: Final[dict[WardId, tuple[str, ...]]] = {
    WARD: PATIENTS,
    SURGERY: ("dung", "em", "giang"),
}
"""Who lies where in the beginning, in the beds ``bed-1`` … and ``surgery-bed-1`` …"""


def bed_of(ward: WardId, number: int) -> str:
    """Id of a bed, from 1."""
    return f"bed-{number}" if ward == WARD else f"{ward}-bed-{number}"


def furnished(ward: WardId) -> list[Json]:
    """A ward and its patients, each with an order, an allergy and a flag."""
    names = WARDS[ward]
    places = place_beds(ward, len(names))
    for number, place in enumerate(places[1:], start=1):
        place["id"] = bed_of(ward, number)
    found = places
    for number, name in enumerate(names, start=1):
        found += _patient(ward, name, bed_of(ward, number))
    return found


def ward_resources() -> list[Json]:
    """The first ward alone."""
    return furnished(WARD)


def _patient(ward: WardId, name: str, bed: str) -> list[Json]:
    patient, stay = admit(name, "Nguyễn", f"Thị {name}", bed=bed, ward=ward)
    patient["telecom"] = [
        {"system": "phone", "use": use, "value": "0"} for use in ("home", "mobile")
    ]
    order = {
        "resourceType": "MedicationRequest",
        "id": f"order-{name}",
        "status": "active",
        "intent": "order",
        "subject": {"reference": f"Patient/{name}"},
        "medicationCodeableConcept": {"text": "Paracetamol"},
        "dosageInstruction": [{"text": "1 g"}],
    }
    warning = allergy(f"allergy-{name}", name, "Penicillin")
    return [patient, stay, order, warning, flag(f"flag-{name}", name, "fall")]


def newcomer(token: str, own: str, ward: WardId, bed: str, at: datetime, born: str) -> list[Json]:
    """Somebody who is admitted: the person, the stay, and a diagnosis, each referring to others."""

    def known(type_: str) -> Json:
        id_ = f"{own}-{type_.lower()}"
        key = {"system": systems.OWN_ID, "value": f"urn:uuid:{id_}"}
        return {"resourceType": type_, "id": id_, "identifier": [key]}

    patient = known("Patient") | {
        "name": [{"use": "official", "family": "Trần", "given": ["Mới"]}],
        "gender": "male",
        "birthDate": born,
        "address": [{"use": "home", "text": token}],
    }
    subject = {"reference": f"Patient/{patient['id']}"}
    condition = known("Condition") | {
        "subject": subject,
        "code": {"text": token},
        "clinicalStatus": {"coding": [{"system": systems.CONDITION_CLINICAL, "code": "active"}]},
    }
    stay = known("Encounter") | {
        "status": "in-progress",
        "class": {"system": systems.ACT_CODE, "code": "IMP"},
        "subject": subject,
        "period": {"start": at.isoformat()},
        "diagnosis": [{"condition": {"reference": f"Condition/{condition['id']}"}}],
        "location": [
            {
                "location": {"reference": f"Location/{place}"},
                "status": "active",
                "period": {"start": at.isoformat()},
                "physicalType": {"text": token},
            }
            for place in (bed, ward)
        ],
    }
    return [patient, condition, stay]
