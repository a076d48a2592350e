"""Reports and acknowledgements, to and from FHIR JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hospital.schema.validate import validate
from workstation.fhir import acknowledgement, report
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump, parse

AT = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
NURSE = {"reference": "Practitioner/n1", "display": "Lê Thị Mai"}
ENTRY = Entry(own="a1", patient="p1", encounter="e1", author=NURSE, at=AT)
GOLDEN = {
    "resourceType": "Task",
    "id": "a1",
    "identifier": [
        {
            "system": "https://ward-workstation.example/fhir/sid/workstation-uuid",
            "value": "urn:uuid:a1",
        }
    ],
    "status": "completed",
    "intent": "order",
    "code": {
        "coding": [
            {
                "system": "https://ward-workstation.example/fhir/CodeSystem/task",
                "code": "acknowledge-result",
            }
        ]
    },
    "focus": {"reference": "Observation/o1"},
    "for": {"reference": "Patient/p1"},
    "encounter": {"reference": "Encounter/e1"},
    "executionPeriod": {
        "start": "2026-11-20T07:00:00+00:00",
        "end": "2026-11-20T07:00:00+00:00",
    },
    "authoredOn": "2026-11-20T07:00:00+00:00",
    "owner": {"reference": "Practitioner/n1", "display": "Lê Thị Mai"},
    "input": [
        {
            "type": {
                "coding": [
                    {
                        "system": "https://ward-workstation.example/fhir/CodeSystem/task-input",
                        "code": "acknowledged-value",
                    }
                ]
            },
            "valueString": "6.9",
        }
    ],
    "output": [
        {
            "type": {
                "coding": [
                    {
                        "system": "https://ward-workstation.example/fhir/CodeSystem/task-input",
                        "code": "action-taken",
                    }
                ]
            },
            "valueString": "Đã báo bác sĩ",
        }
    ],
}


def test_an_acknowledgement_as_it_is_written() -> None:
    made = acknowledgement.write(
        ENTRY, "acknowledge-result", "Observation/o1", value="6.9", done="Đã báo bác sĩ"
    )
    assert made == GOLDEN
    validate(made)


def test_an_acknowledgement_is_read_back() -> None:
    found = acknowledgement.read(parse(json.dumps(GOLDEN)))
    assert found == acknowledgement.Acknowledgement(
        id="a1",
        patient="p1",
        focus="Observation/o1",
        value="6.9",
        done="Đã báo bác sĩ",
        by="Lê Thị Mai",
        person="Practitioner/n1",
        at=AT,
        counts=True,
    )


def test_what_is_taken_back_stays_and_does_not_count() -> None:
    back = acknowledgement.taken_back({**GOLDEN, "unknown": 1}, AT)
    assert back["unknown"] == 1
    assert not acknowledgement.read(back).counts
    assert acknowledgement.read(back).done == "Đã báo bác sĩ"


def test_a_report_is_written_and_read() -> None:
    made = report.write(
        ENTRY,
        {"text": "X-quang ngực thẳng"},
        section="RAD",
        conclusion="Viêm phổi thùy dưới phải",
        text="Đám mờ đáy phổi phải.",
        pdf=b"%PDF-1.4",
        results=("o1",),
    )
    validate(made)
    found = report.read(parse(dump(made)))
    assert (found.title, found.section, found.status) == ("X-quang ngực thẳng", "RAD", "final")
    assert found.text == "Đám mờ đáy phổi phải."
    assert found.conclusion == "Viêm phổi thùy dưới phải"
    assert found.results == ("o1",)
    assert [(each.kind, each.data) for each in found.attachments] == [
        ("application/pdf", b"%PDF-1.4")
    ]


def test_a_strange_report_is_still_shown() -> None:
    found = report.read(
        {"presentedForm": [{"contentType": 3, "data": "***"}, 7], "result": "x", "code": []}
    )
    assert found.title == "?"
    assert found.attachments[0].data is None
    assert found.attachments[0].unreadable


def test_base64_may_be_broken_into_lines_and_a_file_may_lie_elsewhere() -> None:
    broken, elsewhere = report.read(
        {"presentedForm": [
            {"contentType": "application/pdf", "data": "JVBE\r\nRi0x\nLjQ="},
            {"contentType": "application/pdf", "url": "https://example.org/a.pdf"},
        ]}
    ).attachments  # fmt: skip
    assert (broken.data, broken.unreadable) == (b"%PDF-1.4", False)
    assert (elsewhere.data, elsewhere.unreadable) == (None, False)
