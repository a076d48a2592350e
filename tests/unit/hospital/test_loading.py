"""What others made is taken in as it is, shown, charted on, and given back unharmed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hospital.loading import load
from hospital.service import Hospital
from hospital.wire import Request
from workstation.fhir.json import Resource, dump_bytes, parse

FLAWED = {
    "resourceType": "MedicationAdministration",
    "id": "mar-1",
    "status": "completed",
    "medicationCodeableConcept": {"text": "Ringer lactat"},
    "subject": {"reference": "Patient/pt-1"},
    "effectiveDateTime": "2026-10-25T08:10:04.181203Z",
    "dosage": {"text": "500 mL", "doseAndRate": [{"rateQuantity": {"value": 80}}]},
}
PATIENT = {"resourceType": "Patient", "id": "pt-1", "birthDate": "1950"}


@pytest.fixture
def hospital() -> Iterator[Hospital]:
    made = Hospital("sqlite://", demo=True)
    yield made
    made.close()


def put(hospital: Hospital, resource: Resource) -> int:
    path = f"/fhir/{resource['resourceType']}/{resource['id']}"
    return hospital.handle(Request("PUT", path, "", {}, dump_bytes(resource))).status


def test_flawed_records_are_kept_counted_and_can_be_charted_on(hospital: Hospital):
    loaded = load(hospital.database, [PATIENT, FLAWED, {"resourceType": "Unheard", "id": "1"}])
    assert (loaded.stored, loaded.unusable) == (2, 1)
    assert loaded.flawed == {"MedicationAdministration": 1}
    stored = hospital.handle(Request("GET", "/fhir/MedicationAdministration/mar-1"))
    assert {**parse(stored.body), "meta": None} == {**FLAWED, "meta": None}
    noted = {**FLAWED, "note": [{"text": "Theo dõi"}]}
    assert put(hospital, noted) == 200
    assert put(hospital, {**noted, "shoeSize": 43}) == 422
    assert put(hospital, {**FLAWED, "id": "mar-2"}) == 422
