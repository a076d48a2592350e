"""An accepted alert as DetectedIssue and back."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from workstation.clinical.order_safety import Alert, Kind, Quantity, Severity, Source
from workstation.fhir import detected_issue, order_override
from workstation.fhir.entry import Entry

ENTRY = Entry(
    own="0199-issue",
    patient="p1",
    encounter=None,
    author={"reference": "Practitioner/d1", "display": "Đỗ Quang Huy"},
    at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
)
ALERT = Alert(
    Kind.INTERACTION,
    Severity.SECOND_PERSON,
    "interaction:nitroglycerin~sildenafil",
    "Nitroglycerin 0,5 mg",
    Source("Label of sildenafil", "4", "interactions.json", "1"),
    other="Sildenafil 50 mg",
    found=Quantity(Decimal(5), "mg"),
    records=("MedicationRequest/o1", "#0"),
)
SECOND = {"reference": "Practitioner/n1", "display": "Lê Thị Mai"}

GOLDEN = {
    "resourceType": "DetectedIssue",
    "id": "0199-issue",
    "identifier": [
        {
            "system": "https://ward-workstation.example/fhir/sid/workstation-uuid",
            "value": "urn:uuid:0199-issue",
        }
    ],
    "extension": [
        {
            "url": "https://ward-workstation.example/fhir/StructureDefinition/alert-cause",
            "valueString": "interaction:nitroglycerin~sildenafil",
        }
    ],
    "status": "final",
    "code": {
        "coding": [
            {
                "system": "https://ward-workstation.example/fhir/CodeSystem/order-alert",
                "code": "interaction",
            }
        ],
        "text": "Nitroglycerin 0,5 mg – Sildenafil 50 mg",
    },
    "severity": "high",
    "patient": {"reference": "Patient/p1"},
    "identifiedDateTime": "2026-11-20T08:00:00+00:00",
    "author": {"reference": "Practitioner/d1", "display": "Đỗ Quang Huy"},
    "implicated": [
        {"reference": "MedicationRequest/new"},
        {"reference": "MedicationRequest/o1"},
    ],
    "detail": "Label of sildenafil, 4",
    "mitigation": [
        {
            "action": {"text": "Đã ngừng 3 ngày"},
            "date": "2026-11-20T08:00:00+00:00",
            "author": {"reference": "Practitioner/d1", "display": "Đỗ Quang Huy"},
        },
        {
            "action": {
                "coding": [
                    {
                        "system": "https://ward-workstation.example/fhir/CodeSystem/order-alert",
                        "code": "second-person",
                    }
                ],
                "text": "Đã ngừng 3 ngày",
            },
            "date": "2026-11-20T08:00:00+00:00",
            "author": {"reference": "Practitioner/n1", "display": "Lê Thị Mai"},
        },
    ],
}


def made(alert=ALERT, second=SECOND):
    return order_override.write(
        ENTRY, "MedicationRequest/new", alert, reason="Đã ngừng 3 ngày", second=second
    )


def test_the_record():
    assert made() == GOLDEN


def test_and_back():
    found = order_override.read(made())
    assert found is not None
    assert found.key == ALERT.key
    assert (found.person, found.by, found.second) == (
        "Practitioner/d1",
        "Đỗ Quang Huy",
        "Lê Thị Mai",
    )
    assert (found.order, found.reason, found.at) == (
        "MedicationRequest/new",
        "Đã ngừng 3 ngày",
        ENTRY.at,
    )


def test_without_a_second_person():
    alert = replace(ALERT, severity=Severity.REASON)
    resource = made(alert, second=None)
    assert resource["severity"] == "moderate"
    assert len(resource["mitigation"]) == 1
    found = order_override.read(resource)
    assert found is not None
    assert found.second == ""


def test_is_no_collision_and_a_collision_is_none_of_it():
    assert not detected_issue.is_alert(made())
    issue = detected_issue.to_issue(
        detected_issue.Alert("x", "dose-twice", "high", ("A/1",), "p1", None)
    )
    assert order_override.read(issue) is None


def test_entered_in_error_counts_for_nothing():
    assert order_override.read({**made(), "status": "entered-in-error"}) is None
