"""Invented records for the contract."""

from __future__ import annotations

from typing import Any

from workstation.kernel.identity import uuid7

LOINC = "http://loinc.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
NATIONAL = "http://fhir.ehealth.gov.vn/core/sid/national_id"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

Json = dict[str, Any]


def patient(id_: str | None = None, **more: Any) -> Json:
    return {
        "resourceType": "Patient",
        "id": id_ or uuid7(),
        "name": [{"use": "official", "family": "Đặng", "given": ["Thị", "Bưởi"]}],
        "gender": "female",
        "birthDate": "1958-03-21",
        **more,
    }


def pulse(of: Json, value: int = 72, at: str = "2026-11-20T07:30:00+07:00", **more: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": uuid7(),
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}],
        "code": {"coding": [{"system": LOINC, "code": "8867-4"}]},
        "subject": {"reference": f"Patient/{of['id']}"},
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": "/min"},
        **more,
    }


def stay(of: Json, bed: str, **more: Any) -> Json:
    return {
        "resourceType": "Encounter",
        "id": uuid7(),
        "status": "in-progress",
        "class": {"system": ACT, "code": "IMP"},
        "subject": {"reference": f"Patient/{of['id']}"},
        "period": {"start": "2026-11-18T09:00:00+07:00"},
        "location": [{"location": {"reference": f"Location/{bed}"}, "status": "active"}],
        **more,
    }


def place(kind: str, part_of: str = "") -> Json:
    system = "http://terminology.hl7.org/CodeSystem/location-physical-type"
    made: Json = {
        "resourceType": "Location",
        "id": uuid7(),
        "name": f"Giường {uuid7()[-4:]}",
        "physicalType": {"coding": [{"system": system, "code": kind}]},
    }
    return {**made, "partOf": {"reference": f"Location/{part_of}"}} if part_of else made


def bundle(kind: str, *entries: Json) -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def put(resource: Json, **more: str) -> Json:
    url = f"{resource['resourceType']}/{resource['id']}"
    return {"resource": resource, "request": {"method": "PUT", "url": url, **more}}


def post(resource: Json, full_url: str = "", **more: str) -> Json:
    kept = {name: value for name, value in resource.items() if name != "id"}
    asked = {"method": "POST", "url": resource["resourceType"], **more}
    entry: Json = {"resource": kept, "request": asked}
    return {"fullUrl": full_url, **entry} if full_url else entry
