"""Small FHIR resources of an invented ward."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from workstation.fhir import systems
from workstation.fhir.json import Resource


def place_beds(ward: str, count: int) -> list[Resource]:
    """A ward named ``Khoa Nội`` and its beds ``bed-1`` …"""

    def place(id_: str, name: str, kind: str) -> Resource:
        physical = {"coding": [{"system": systems.PHYSICAL_TYPE, "code": kind}]}
        return {"resourceType": "Location", "id": id_, "name": name, "physicalType": physical}

    beds = [place(f"bed-{n}", f"Giường {n}", "bd") for n in range(1, count + 1)]
    for bed in beds:
        bed["partOf"] = {"reference": f"Location/{ward}"}
    return [place(ward, "Khoa Nội", "wa"), *beds]


def admit(
    patient: str,
    family: str,
    given: str,
    *,
    bed: str | None,
    ward: str | None,
    birth: str = "1970-05-06",
) -> tuple[Resource, Resource]:
    """A Patient and their stay ``stay-<patient>``, in a bed if one is given."""
    places = [f"Location/{place}" for place in (bed, ward) if place]
    return (
        {
            "resourceType": "Patient",
            "id": patient,
            "name": [{"use": "official", "family": family, "given": given.split()}],
            "gender": "female",
            "birthDate": birth,
        },
        {
            "resourceType": "Encounter",
            "id": f"stay-{patient}",
            "status": "in-progress",
            "class": {"system": systems.ACT_CODE, "code": "IMP"},
            "subject": {"reference": f"Patient/{patient}"},
            "period": {"start": "2026-11-18T09:00:00+07:00"},
            "location": [
                {"location": {"reference": place}, "status": "active"} for place in places
            ],
            "extension": [{"url": systems.CARE_LEVEL, "valueCode": "2"}],
        },
    )


def sign(
    id_: str,
    patient: str,
    code: str,
    value: str,
    at: datetime,
    *,
    status: str = "final",
    unit: str | None = None,
) -> Resource:
    """One vital sign; the unit follows from the code."""
    own = unit or {"8310-5": "Cel", "59408-5": "%", "3151-8": "L/min"}.get(code, "/min")
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": status,
        "category": [{"coding": [{"system": systems.OBSERVATION_CATEGORY, "code": "vital-signs"}]}],
        "code": {"coding": [{"system": systems.LOINC, "code": code}]},
        "subject": {"reference": f"Patient/{patient}"},
        "encounter": {"reference": f"Encounter/stay-{patient}"},
        "effectiveDateTime": at.isoformat(),
        "valueQuantity": {
            "value": Decimal(value),
            "unit": own,
            "system": systems.UCUM,
            "code": own,
        },
    }


def laboratory(
    id_: str, patient: str, code: str, value: str, at: datetime, *, mark: str | None = None
) -> Resource:
    """One laboratory result, with its interpretation if one is given."""
    found = sign(id_, patient, code, value, at, unit="mmol/L")
    found["category"] = [
        {"coding": [{"system": systems.OBSERVATION_CATEGORY, "code": "laboratory"}]}
    ]
    if mark:
        found["interpretation"] = [{"coding": [{"code": mark}]}]
    return found


def allergy(id_: str, patient: str, substance: str | None) -> Resource:
    """An allergy, or, without a substance, that none is known."""
    code: Resource = {"text": substance}
    if substance is None:
        code = {"coding": [{"system": systems.ALLERGY, "code": "no-known-allergy"}]}
    return {
        "resourceType": "AllergyIntolerance",
        "id": id_,
        "clinicalStatus": {"coding": [{"system": systems.ALLERGY_CLINICAL, "code": "active"}]},
        "code": code,
        "patient": {"reference": f"Patient/{patient}"},
    }


def flag(id_: str, patient: str, code: str, *, status: str = "active") -> Resource:
    """A flag such as ``fall``."""
    return {
        "resourceType": "Flag",
        "id": id_,
        "status": status,
        "code": {"coding": [{"system": systems.FLAG, "code": code}]},
        "subject": {"reference": f"Patient/{patient}"},
    }
