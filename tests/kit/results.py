"""Results as a laboratory sends them, coming to a store as a pull brings them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from workstation.fhir import report, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource, dump
from workstation.fhir.laboratory import INTERPRETATION
from workstation.store import Store, mirror

LABORATORY = {"reference": "Organization/lab", "display": "Khoa Xét nghiệm"}
ELSEWHERE = {"reference": "Organization/elsewhere", "display": "Khoa Xét nghiệm"}
HOUSES: tuple[Resource, ...] = (
    {"resourceType": "Organization", "id": "house", "name": "Bệnh viện Sông Mẫu (hư cấu)"},
    {
        "resourceType": "Organization",
        "id": "lab",
        "name": "Khoa Xét nghiệm",
        "partOf": {"reference": "Organization/house"},
    },
    {"resourceType": "Organization", "id": "elsewhere", "name": "Bệnh viện Cửa Suối (hư cấu)"},
)


def result(
    id_: str,
    patient: str,
    at: datetime,
    value: str,
    *,
    code: str = "2823-3",
    name: str = "Kali (K⁺)",
    unit: str = "mmol/L",
    normal: tuple[str, str] = ("3.5", "5.0"),
    mark: str = "",
    maker: Resource = LABORATORY,
    status: str = "final",
) -> Resource:
    """One number of the laboratory; potassium if nothing else is said."""

    def quantity(number: str) -> Resource:
        return {"value": Decimal(number), "unit": unit, "system": systems.UCUM, "code": unit}

    found: Resource = {
        "resourceType": "Observation",
        "id": id_,
        "status": status,
        "category": [{"coding": [{"system": systems.OBSERVATION_CATEGORY, "code": "laboratory"}]}],
        "code": {"coding": [{"system": systems.LOINC, "code": code}], "text": name},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": at.isoformat(timespec="seconds"),
        "performer": [dict(maker)],
        "valueQuantity": quantity(value),
        "referenceRange": [{"low": quantity(normal[0]), "high": quantity(normal[1])}],
    }
    if mark:
        found["interpretation"] = [{"coding": [{"system": INTERPRETATION, "code": mark}]}]
    return found


def imaging(id_: str, patient: str, at: datetime, text: str) -> Resource:
    """A report of the radiologists."""
    entry = Entry(own=id_, patient=patient, encounter=None, author=LABORATORY, at=at)
    return report.write(
        entry, {"text": "X-quang ngực thẳng"}, section="RAD", text=text, conclusion="Viêm phổi"
    )


def arrive(store: Store, *resources: Resource, version: str = "1") -> None:
    """Let a pull bring resources."""
    pulled = [
        mirror.Pulled(
            each["resourceType"], each["id"], version, f"2026-11-20T01:0{version}:00Z", dump(each)
        )
        for each in resources
    ]
    with store.write() as unit:
        mirror.apply(unit, pulled)
