"""A small record of one invented patient for the tests of a chart."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from workstation.fhir import systems
from workstation.kernel.ids import PatientId, PersonId, WardId
from workstation.security.people import Person
from workstation.services.desk import Desk

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
PATIENT = PatientId("p1")
SUBJECT = {"reference": f"Patient/{PATIENT}"}


def desk_of(store, name="Đỗ Quang Huy", role="doctor"):
    return Desk(store, store.clock, Person(PersonId(f"{role}-1"), name, role), WardId("ward"))


def observation(id, code, value, *, hours=0, category="vital-signs", **more):
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"code": category}]}],
        "code": {"coding": [{"system": systems.LOINC, "code": code}], "text": f"test {code}"},
        "subject": SUBJECT,
        "effectiveDateTime": (NOW - timedelta(hours=hours)).isoformat(),
        "performer": [{"display": "Lê Thị Mai"}],
        "valueQuantity": {"value": Decimal(value), **more.pop("quantity", {})},
        **more,
    }


def vital(id, code, value, unit, hours=0):
    return observation(id, code, value, hours=hours, quantity={"code": unit, "unit": unit})


def place(id, kind, name, part_of=None):
    resource = {
        "resourceType": "Location",
        "id": id,
        "name": name,
        "physicalType": {"coding": [{"system": systems.PHYSICAL_TYPE, "code": kind}]},
    }
    if part_of:
        resource["partOf"] = {"reference": f"Location/{part_of}"}
    return resource


def record():
    """Patient with stay, bed, diagnosis, flag, allergy, two sets, two results, one drug."""
    return [
        {
            "resourceType": "Patient",
            "id": PATIENT,
            "name": [{"use": "official", "family": "Nguyễn", "given": ["Thị", "Thảo"]}],
            "gender": "female",
            "birthDate": "1948-02-03",
            "identifier": [{"system": systems.RECORD_NUMBER, "value": "26.0001234"}],
        },
        place("ward", "wa", "Khoa Nội"),
        place("bed", "bd", "N3-12", "ward"),
        {
            "resourceType": "Encounter",
            "id": "stay",
            "status": "in-progress",
            "class": {"code": "IMP"},
            "subject": SUBJECT,
            "period": {"start": (NOW - timedelta(days=2)).isoformat()},
            "location": [{"location": {"reference": "Location/bed"}, "status": "active"}],
            "diagnosis": [{"condition": {"reference": "Condition/main"}}],
        },
        {
            "resourceType": "Condition",
            "id": "main",
            "subject": SUBJECT,
            "code": {"coding": [{"system": systems.ICD10, "code": "J18.9"}], "text": "Viêm phổi"},
        },
        {
            "resourceType": "Flag",
            "id": "fall",
            "status": "active",
            "subject": SUBJECT,
            "code": {"coding": [{"system": systems.FLAG, "code": "fall"}]},
        },
        {
            "resourceType": "AllergyIntolerance",
            "id": "allergy",
            "patient": SUBJECT,
            "code": {"text": "Penicillin"},
        },
        vital("t1", "8310-5", "38.50", "Cel", hours=6),
        vital("h1", "8867-4", "112", "/min", hours=6),
        vital("t2", "8310-5", "37.2", "Cel", hours=1),
        vital("h2", "8867-4", "88", "/min", hours=1),
        observation(
            "k1", "2823-3", "3.1", hours=20, category="laboratory",
            quantity={"unit": "mmol/L"}, referenceRange=[{"low": {"value": Decimal("3.5")}}],
        ),
        observation(
            "k2", "2823-3", "3.9", hours=2, category="laboratory",
            quantity={"unit": "mmol/L"}, referenceRange=[{"low": {"value": Decimal("3.5")}}],
        ),
        {
            "resourceType": "MedicationRequest",
            "id": "drug",
            "status": "active",
            "intent": "order",
            "subject": SUBJECT,
            "medicationCodeableConcept": {"text": "Ceftriaxon"},
            "dosageInstruction": [
                {"doseAndRate": [{"doseQuantity": {"value": Decimal(2), "unit": "g"}}]}
            ],
        },
    ]  # fmt: skip


def fill(store, resources=None):
    with store.write() as unit:
        for resource in record() if resources is None else resources:
            unit.create(resource)
