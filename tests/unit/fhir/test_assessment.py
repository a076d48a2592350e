"""Assessments as FHIR: golden JSON, codes, what survives, what others write."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.assessment import SCALES, Assessment
from workstation.fhir import assessment as mapping
from workstation.fhir.entry import Entry

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NURSE = {"reference": "Practitioner/nurse-1", "display": "ĐD Lan"}
ENTRY = Entry(own="a-1", patient="p-1", encounter="e-1", author=NURSE, at=AT)


def filled(scale, keys, at=AT):
    items = [item.id for item in SCALES[scale].items]
    return Assessment(SCALES[scale], at, dict(zip(items, keys, strict=True)))


def test_golden_glasgow_with_a_part_that_could_not_be_tested():
    assert mapping.write(ENTRY, filled("glasgow", "4N6")) == {
        "resourceType": "Observation",
        "id": "a-1",
        "identifier": [
            {
                "system": "https://ward-workstation.example/fhir/sid/workstation-uuid",
                "value": "urn:uuid:a-1",
            }
        ],
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "survey",
                    }
                ]
            }
        ],
        "code": code("9269-2", "glasgow", "Glasgow coma scale"),
        "subject": {"reference": "Patient/p-1"},
        "encounter": {"reference": "Encounter/e-1"},
        "effectiveDateTime": "2026-11-20T08:00:00+00:00",
        "issued": "2026-11-20T08:00:00+00:00",
        "performer": [NURSE],
        "dataAbsentReason": ABSENT,
        "component": [
            {"code": code("9267-6", "glasgow-eye", "Eyes open"), **points(4)},
            {
                "code": code("9270-0", "glasgow-verbal", "Verbal response"),
                "dataAbsentReason": ABSENT,
            },
            {"code": code("9268-4", "glasgow-motor", "Motor response"), **points(6)},
        ],
    }


OWN = "https://ward-workstation.example/fhir/CodeSystem/assessment"
ABSENT = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
            "code": "not-performed",
        }
    ],
    "text": "Không đánh giá được",
}


def code(loinc, own, words):
    coding = [{"system": "http://loinc.org", "code": loinc}] if loinc else []
    return {
        "coding": [*coding, {"system": OWN, "code": own, "display": words}],
        "text": words,
    }


def points(number):
    unit = "{score}"
    system = "http://unitsofmeasure.org"
    return {
        "valueQuantity": {"value": Decimal(number), "unit": unit, "system": system, "code": unit}
    }


@pytest.mark.parametrize(
    ("scale", "keys", "total", "loinc"),
    [
        ("glasgow", "456", 15, "9269-2"),
        ("glasgow-child", "345", 12, "9269-2"),
        ("braden", "333332", 17, "38227-5"),
        ("morse", "110100", 60, "59460-6"),
        ("flacc", "21012", 6, None),
    ],
)
def test_the_total_stands_under_its_code(scale, keys, total, loinc):
    resource = mapping.write(ENTRY, filled(scale, keys))
    assert resource["valueQuantity"]["value"] == total
    first = resource["code"]["coding"][0]
    assert first["code"] == (loinc or scale)


@given(st.sampled_from(list(SCALES.values())), st.data())
def test_what_is_written_is_read(scale, data):
    answers = {i.id: data.draw(st.sampled_from([o.key for o in i.options])) for i in scale.items}
    written = Assessment(scale, AT, answers)
    record = mapping.read(mapping.write(ENTRY, written))
    assert record.assessment == written
    assert (record.by, record.by_reference, record.valid) == (
        "ĐD Lan", "Practitioner/nurse-1", True,
    )  # fmt: skip


def test_a_correction_keeps_what_is_not_ours_and_says_why():
    resource = mapping.write(ENTRY, filled("braden", "333332"))
    resource["extension"] = [{"url": "http://x", "valueString": "kept"}]
    resource["component"].append({"code": {"text": "Heels"}, "valueString": "red"})
    changed = mapping.amend(
        resource, filled("braden", "133332"), reason="Xem lại", author=NURSE, at=AT
    )
    record = mapping.read(changed)
    assert record.assessment.total == 15
    assert (record.status, record.reason) == ("corrected", "Xem lại")
    assert changed["extension"] == resource["extension"]
    assert changed["component"][-1] == {"code": {"text": "Heels"}, "valueString": "red"}
    assert resource["valueQuantity"]["value"] == 17


def test_a_correction_of_what_could_not_be_tested_leaves_no_reason_of_absence():
    resource = mapping.write(ENTRY, filled("glasgow", "4N6"))
    changed = mapping.amend(resource, filled("glasgow", "456"), reason="x", author=NURSE, at=AT)
    assert "dataAbsentReason" not in changed
    assert changed["valueQuantity"]["value"] == 15


def test_in_error_it_does_not_count_and_stays_readable():
    resource = mapping.write(ENTRY, filled("morse", "100100"))
    wrong = mapping.enter_in_error(resource, reason="Nhầm người", author=NURSE, at=AT)
    record = mapping.read(wrong)
    assert not record.valid
    assert (record.assessment.total, record.reason) == (45, "Nhầm người")


def test_the_scale_of_another_program_is_read_by_its_loinc_codes():
    foreign = {
        "resourceType": "Observation",
        "id": "x",
        "status": "final",
        "effectiveDateTime": "2026-11-20T08:00:00Z",
        "code": {"coding": [{"system": "http://loinc.org", "code": "9269-2"}]},
        "component": [
            {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, **value}
            for code, value in (
                ("9267-6", {"valueInteger": 3}),
                ("9270-0", {"valueQuantity": {"value": Decimal(4)}}),
                ("9268-4", {"valueQuantity": {"value": Decimal(9)}}),
            )
        ],
    }
    record = mapping.read(foreign)
    assert record.assessment.scale.id == "glasgow"
    assert record.assessment.answers == {"eye": "3", "verbal": "4"}
    assert record.assessment.total is None


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"resourceType": "Observation", "status": "final"},
        {"resourceType": "Observation", "effectiveDateTime": "2026-11-20T08:00:00Z",
         "code": {"coding": [{"system": OWN, "code": "unheard-of"}]}},
        {"resourceType": "Observation", "effectiveDateTime": "2026-11-20T08:00:00Z",
         "code": {"text": "x"}},
        {"resourceType": "Condition", "effectiveDateTime": "2026-11-20T08:00:00Z",
         "code": {"coding": [{"system": OWN, "code": "morse"}]}},
    ],
)  # fmt: skip
def test_anything_else_is_no_assessment(resource):
    assert mapping.read(resource) is None
