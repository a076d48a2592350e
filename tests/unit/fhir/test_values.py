"""Any FHIR value is readable on a form, and every word of the form is there in Vietnamese."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from workstation.fhir import differences, systems, values
from workstation.fhir.differences import Versions, elsewhere, lines, title
from workstation.fhir.fields import Field
from workstation.fhir.json import Resource
from workstation.kernel.words import say, vietnamese

UTC_THERE = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)


def english(key: str) -> str:
    return key.rpartition("|")[2]


def shown(value: Any) -> str:
    return values.shown(value, english, {"Location/b1": "Giường 1"}.get)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ([], ""),
        (True, "Yes"),
        (False, "No"),
        (7, "7"),
        (Decimal("1.10"), "1.10"),
        ("male", "Male"),
        ("2026-11-20", "20/11/2026"),
        ("2026-11-20T07:05:00+07:00", "20/11/2026 07:05"),
        ("2026-11", "11/2026"),
        ("2026-11-20T03:15:00Z", UTC_THERE.astimezone().strftime("%d/%m/%Y %H:%M")),
        ("2026-99-99", "2026-99-99"),
        ("free text", "free text"),
        ({"text": "Morphine", "coding": [{"code": "x"}]}, "Morphine"),
        ({"coding": [{"code": "A01", "display": "Typhoid"}, {"code": "high"}]}, "Typhoid, High"),
        (
            {"system": systems.ACT_CODE, "code": "IMP", "display": "inpatient encounter"},
            "Inpatient stay",
        ),
        ({"value": Decimal("5.0"), "unit": "mg"}, "5.0 mg"),
        ({"value": 5, "comparator": "<", "code": "mg"}, "< 5 mg"),
        ({"reference": "Location/b1"}, "Giường 1"),
        ({"reference": "Practitioner/x", "display": "Lan"}, "Lan"),
        ({"reference": "Practitioner/x"}, "Practitioner/x"),
        ({"start": "2026-11-20", "end": "2026-11-21"}, "20/11/2026 – 21/11/2026"),
        ({"start": "2026-11-20"}, "20/11/2026 – …"),
        ({"family": "Nguyễn", "given": ["Văn", "An"]}, "Nguyễn Văn An"),
        ({"system": "phone", "use": "mobile", "value": "090"}, "090 (Telephone, Mobile)"),
        ({"system": "phone", "value": "090"}, "090"),
        ({"text": "5 mg ngày 2 lần"}, "5 mg ngày 2 lần"),
        (
            {
                "doseAndRate": [{"doseQuantity": {"value": 5, "unit": "mg"}}],
                "route": {"text": "IV"},
            },
            "5 mg, IV",
        ),
        ({"contentType": "text/plain", "data": "xJHhu6E="}, "đỡ"),
        ({"contentType": "text/plain", "data": "%%%"}, "text/plain"),
        ({"attachment": {"contentType": "application/pdf", "title": "Scan"}}, "Scan"),
        ({"attachment": {"contentType": "application/pdf", "data": "AA=="}}, "application/pdf"),
        ({"location": {"reference": "Location/b1"}, "status": "active"}, "Giường 1, Active"),
        ({"url": "x", "valueCode": "2"}, "2"),
        ({"code": {"text": "Systolic"}, "valueQuantity": {"value": 120}}, "Systolic 120"),
        ({"code": "A", "display": "Alert"}, "Alert"),
        ([{"text": "a"}, {"text": "b"}], "a; b"),
        ({"unheard": {"of": 1}}, "1"),
        ({"url": "only"}, '{"url":"only"}'),
    ],
)
def test_a_value_in_words(value: Any, text: str) -> None:
    assert shown(value) == text


def test_every_word_of_the_form_is_there_in_vietnamese() -> None:
    said: list[str] = []

    def note(key: str) -> str:
        said.append(key)
        return key

    values.shown([True, False], note)
    keys = {*values.CODES.values(), *differences.RECORDS.values(), *differences.LABELS.values()}
    keys |= {*differences._CODE.values(), *differences._EXTENSIONS.values(), *said}
    keys |= {differences.OTHER, differences.UNKNOWN_RECORD, "field|Kind", "field|Record"}
    assert keys <= set(vietnamese())


ORDER: Resource = {
    "resourceType": "MedicationRequest",
    "id": "m",
    "status": "active",
    "medicationCodeableConcept": {"text": "Morphine"},
}


def test_only_what_differs_has_a_line() -> None:
    mine = {**ORDER, "status": "stopped"}
    found = lines(
        Field("drug-prescription", ("status", "medication", "dosageInstruction")),
        Versions("MedicationRequest", ORDER, ORDER, mine),
        english,
        lambda _reference: None,
    )
    assert [(english(f.label), f.before, f.mine) for f in found] == [
        ("Status", "Active", "Stopped")
    ]


def test_what_others_added_elsewhere_is_told() -> None:
    theirs = {**ORDER, "priority": "urgent", "meta": {"versionId": "2"}}
    versions = Versions("MedicationRequest", ORDER, theirs, ORDER)
    (line,) = elsewhere((Field("x", ("status",)),), versions, english, lambda _reference: None)
    assert (english(line.label), line.before, line.theirs) == ("Priority", "", "Urgent")


def test_a_record_has_a_title_and_an_unknown_one_none() -> None:
    assert title(ORDER, english) == "Morphine"
    assert title(None, english) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.10"), "1,10"),
        ({"value": Decimal("37.8"), "unit": "°C"}, "37,8 °C"),
        ({"doseAndRate": [{"doseQuantity": {"value": Decimal("0.5"), "unit": "mg"}}]}, "0,5 mg"),
        ({"component": [], "code": {"text": "pH"}, "valueQuantity": {"value": Decimal("7.40")}},
         "pH 7,40"),
        ("2026-11-20T07:05:00+07:00", "20/11/2026 07:05"),
    ],
)  # fmt: skip
def test_numbers_have_the_sign_of_the_language(value: Any, text: str) -> None:
    assert values.shown(value, lambda key: say("vi", key)) == text
    assert values.shown(value, lambda key: say("en", key)) == text.replace(",", ".")


def test_a_number_before_a_word_is_left_as_it_was_typed() -> None:
    assert values.shown({"text": "0.5 mg"}, lambda key: say("vi", key)) == "0.5 mg"
