"""Calls for help as FHIR Tasks: golden JSON, the answer, what survives."""

from datetime import UTC, datetime, timedelta

from workstation.fhir import escalation as mapping
from workstation.fhir.entry import Entry

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NURSE = {"reference": "Practitioner/nurse-1", "display": "ĐD Lan"}
DOCTOR = {"reference": "Practitioner/doctor-1", "display": "BS Minh"}


def called():
    entry = Entry(own="t-1", patient="p-1", encounter="e-1", author=NURSE, at=AT)
    return mapping.write(
        entry, "BS Minh", scale="NEWS2", total=7, risk="high",
        called_at=AT - timedelta(minutes=5), answer_by=AT + timedelta(minutes=25),
    )  # fmt: skip


def test_golden_call():
    inputs = "https://ward-workstation.example/fhir/CodeSystem/task-input"
    assert called() == {
        "resourceType": "Task",
        "id": "t-1",
        "identifier": [
            {
                "system": "https://ward-workstation.example/fhir/sid/workstation-uuid",
                "value": "urn:uuid:t-1",
            }
        ],
        "status": "requested",
        "intent": "order",
        "priority": "urgent",
        "code": {
            "coding": [
                {
                    "system": "https://ward-workstation.example/fhir/CodeSystem/task",
                    "code": "escalation",
                }
            ]
        },
        "description": "BS Minh",
        "for": {"reference": "Patient/p-1"},
        "encounter": {"reference": "Encounter/e-1"},
        "executionPeriod": {"start": "2026-11-20T07:55:00+00:00"},
        "authoredOn": "2026-11-20T08:00:00+00:00",
        "requester": NURSE,
        "restriction": {"period": {"end": "2026-11-20T08:25:00+00:00"}},
        "input": [
            {
                "type": {"coding": [{"system": inputs, "code": "escalation-scale"}]},
                "valueString": "NEWS2",
            },
            {
                "type": {"coding": [{"system": inputs, "code": "escalation-total"}]},
                "valueInteger": 7,
            },
            {
                "type": {"coding": [{"system": inputs, "code": "escalation-risk"}]},
                "valueString": "high",
            },
        ],
    }


def test_a_call_is_read_and_then_its_answer():
    found = mapping.read(called())
    assert (found.whom, found.scale, found.open) == ("BS Minh", "NEWS2", True)
    assert (found.total, found.risk) == (7, "high")
    assert found.answer_by - found.called_at == timedelta(minutes=30)

    resource = {**called(), "extension": [{"url": "http://x"}]}
    after = mapping.answered(resource, "Đến khám, thở oxy", by=DOCTOR, at=AT)
    found = mapping.read(after)
    assert (found.status, found.answer, found.answered_by, found.answered_at) == (
        "completed", "Đến khám, thở oxy", "BS Minh", AT,
    )  # fmt: skip
    assert found.called_at == AT - timedelta(minutes=5)
    assert after["extension"] == [{"url": "http://x"}]
    assert "output" not in resource


def test_a_call_in_error_does_not_count():
    found = mapping.read(mapping.in_error(called()))
    assert not found.counts
    assert not found.open


def test_odd_tasks_are_read_as_empty():
    assert not mapping.is_call({"resourceType": "Task", "code": {"text": "x"}})
    found = mapping.read({"resourceType": "Task"})
    assert (found.whom, found.total, found.called_at, found.counts) == ("", None, None, False)
