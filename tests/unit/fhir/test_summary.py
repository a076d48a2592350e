"""One line of a timeline out of any resource."""

from datetime import UTC, datetime

import pytest

from tests.kit import foreign
from workstation.fhir.summary import kind_of, summarise

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LOINC = "http://loinc.org"


def concept(code, system=LOINC, **more):
    return {"coding": [{"system": system, "code": code}], **more}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"resourceType": "Observation", "category": [concept("vital-signs", "c")]}, "vital-signs"),
        ({"resourceType": "Observation", "category": [concept("laboratory", "c")]}, "laboratory"),
        ({"resourceType": "Observation", "category": [concept("LAB", "c")]}, "laboratory"),
        ({"resourceType": "Observation", "category": [concept("survey", "c")]}, "finding"),
        ({"resourceType": "Observation"}, "finding"),
        ({"resourceType": "DocumentReference", "type": concept("11506-3")}, "doctor-note"),
        ({"resourceType": "DocumentReference", "type": concept("34746-8")}, "nurse-note"),
        ({"resourceType": "DocumentReference", "type": concept("x")}, "document"),
        ({"resourceType": "DocumentReference"}, "document"),
        (
            {
                "resourceType": "Task",
                "code": concept(
                    "resolve-conflict", "https://ward-workstation.example/fhir/CodeSystem/task"
                ),
            },
            "conflict",
        ),
        ({"resourceType": "Task"}, "task"),
        ({"resourceType": "MedicationAdministration"}, "dose"),
        ({"resourceType": "Basic"}, "other"),
        ({"resourceType": ["?"]}, "other"),
        ({}, "other"),
    ],
)
def test_kinds(resource, expected):
    assert kind_of(resource) == expected


def test_a_note():
    found = summarise(
        {
            "resourceType": "DocumentReference",
            "status": "current",
            "type": concept("34746-8", text="Phiếu chăm sóc"),
            "subject": {"reference": "Patient/p1"},
            "context": {"encounter": [{"reference": "Encounter/e1"}]},
            "date": "2026-11-20T08:00:00Z",
            "author": [{"reference": "Practitioner/n1", "display": "ĐD Hoa"}],
        }
    )
    assert (found.kind, found.at, found.status) == ("nurse-note", AT, "current")
    assert (found.author, found.patient, found.encounter) == ("ĐD Hoa", "p1", "e1")
    assert found.title == "Phiếu chăm sóc"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"author": {"reference": "Practitioner/a"}}, "Practitioner/a"),
        ({"performer": [{"actor": {"reference": "Practitioner/a", "display": "A"}}]}, "A"),
        ({"participant": [{"individual": {"display": "B"}}]}, "B"),
        ({"agent": [{"who": {"reference": "Practitioner/c"}}]}, "Practitioner/c"),
        ({"performer": [{"actor": "odd"}, "odd"]}, None),
        ({}, None),
    ],
)
def test_authors(body, expected):
    assert summarise({"resourceType": "Procedure", **body}).author == expected


@pytest.mark.parametrize(
    "body",
    [
        {"effectiveDateTime": "2026-11-20T08:00:00Z"},
        {"performedPeriod": {"start": "2026-11-20T08:00:00Z", "end": "2026-11-21T08:00:00Z"}},
        {"performedPeriod": {"end": "2026-11-20T08:00:00Z"}},
        {"collection": {"collectedDateTime": "2026-11-20T08:00:00Z"}},
        {"meta": {"lastUpdated": "2026-11-20T08:00:00Z"}},
        {"date": "nonsense", "issued": "2026-11-20T08:00:00Z"},
    ],
)
def test_times(body):
    assert summarise({"resourceType": "Procedure", **body}).at == AT


def test_status_of_what_has_a_clinical_status():
    allergy = {"resourceType": "AllergyIntolerance", "clinicalStatus": concept("active")}
    assert summarise(allergy).status == "active"
    wrong = {**allergy, "verificationStatus": concept("entered-in-error")}
    assert summarise(wrong).status == "entered-in-error"
    assert summarise({"resourceType": "Patient"}).status is None


def test_titles():
    assert summarise({"resourceType": "Composition", "title": "Tóm tắt"}).title == "Tóm tắt"
    assert summarise({"resourceType": "ImagingStudy", "description": "CT ngực"}).title == "CT ngực"
    assert summarise({"resourceType": "Procedure"}).title is None


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
def test_every_foreign_record_has_a_kind_and_most_a_time():
    timeless = {
        "Device",
        "Endpoint",
        "FamilyMemberHistory",
        "Location",
        "Organization",
        "Patient",
        "Practitioner",
    }
    for resource in foreign.resources():
        found = summarise(resource)
        assert found.kind
        if resource["resourceType"] not in timeless:
            assert found.at is not None, resource["resourceType"]
            assert found.patient is not None
