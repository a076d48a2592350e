"""Whose record a resource is part of."""

import pytest

from tests.kit import foreign
from workstation.fhir.compartment import encounter_of, patient_of

P1 = {"reference": "Patient/p1"}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"resourceType": "Patient", "id": "p1"}, "p1"),
        ({"resourceType": "Patient", "id": "p1", "link": [{"other": {"reference": "x"}}]}, "p1"),
        ({"resourceType": "Observation", "subject": P1}, "p1"),
        ({"resourceType": "Observation", "subject": {"reference": "Group/g1"}}, None),
        ({"resourceType": "Immunization", "patient": P1}, "p1"),
        ({"resourceType": "Coverage", "beneficiary": P1}, "p1"),
        ({"resourceType": "Task", "for": P1, "focus": {"reference": "Flag/f"}}, "p1"),
        ({"resourceType": "ResearchSubject", "individual": P1}, "p1"),
        ({"resourceType": "Account", "subject": [{"display": "x"}, P1]}, "p1"),
        (
            {"resourceType": "Provenance", "target": [{"reference": "Flag/f"}, P1]},
            "p1",
        ),
        (
            {
                "resourceType": "Appointment",
                "participant": [{"actor": {"reference": "Practitioner/n"}}, {"actor": P1}],
            },
            "p1",
        ),
        ({"resourceType": "AuditEvent", "entity": [{"what": P1}]}, "p1"),
        (
            {
                "resourceType": "Observation",
                "subject": {"reference": "https://x.example/Patient/p1"},
            },
            "p1",
        ),
        ({"resourceType": "Location", "id": "w"}, None),
        ({"resourceType": "Observation", "subject": "Patient/p1"}, None),
        ({"resourceType": "Observation", "subject": [P1]}, "p1"),
    ],
)
def test_patient(resource, expected):
    assert patient_of(resource) == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"resourceType": "Encounter", "id": "e1"}, "e1"),
        ({"resourceType": "Observation", "encounter": {"reference": "Encounter/e1"}}, "e1"),
        (
            {"resourceType": "MedicationAdministration", "context": {"reference": "Encounter/e1"}},
            "e1",
        ),
        (
            {
                "resourceType": "DocumentReference",
                "context": {"encounter": [{"reference": "Encounter/e1"}]},
            },
            "e1",
        ),
        ({"resourceType": "DocumentReference", "context": {"encounter": 7}}, None),
        ({"resourceType": "Patient", "id": "p"}, None),
        ({"resourceType": "Observation", "encounter": {"reference": "EpisodeOfCare/e1"}}, None),
    ],
)
def test_encounter(resource, expected):
    assert encounter_of(resource) == expected


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
def test_foreign_records_belong_to_somebody():
    alone = {
        "Device",
        "Endpoint",
        "Location",
        "Organization",
        "Practitioner",
    }
    patients = {r["id"] for r in foreign.resources() if r["resourceType"] == "Patient"}
    for resource in foreign.resources():
        owner = patient_of(resource)
        if resource["resourceType"] in alone:
            assert owner is None
        else:
            assert owner in patients
