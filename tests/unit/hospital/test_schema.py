"""The derived R4 definitions are whole, small, and drive validation, index and capability alike."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from hospital import schema
from hospital.interactions.capability import _resource
from hospital.schema.primitives import PRIMITIVES, is_reference
from hospital.schema.r4 import r4, resource_types
from hospital.schema.validate import Invalid, validate
from hospital.search.parameters import ALSO, index_paths, parameters
from hospital.search.times import instant, span

FOLDER = Path(schema.__file__).parent


def test_it_is_small_and_says_whose_it_is():
    assert (FOLDER / "r4.json.gz").stat().st_size < 400_000
    assert "Apache" in (FOLDER / "NOTICE.md").read_text("utf-8")
    assert "Apache License" in (FOLDER / "LICENSE-Apache-2.0.txt").read_text("utf-8")


def test_every_type_is_known_to_the_last_element():
    known = r4()
    assert len(resource_types()) == 147
    for type_, elements in known.types.items():
        for name, element in elements.items():
            found = element.kind in known.types or element.kind in PRIMITIVES
            assert found or element.kind == "Resource", (type_, name)
            assert element.codes < len(known.codes)


def test_the_capability_tells_of_what_is_indexed_and_of_nothing_else():
    for type_ in resource_types():
        told = {item["name"] for item in _resource(type_)["searchParam"]}
        assert told == {"_id", "_lastUpdated", *parameters(type_)}
        indexed = {path.label for path in index_paths(type_)}
        for parameter in parameters(type_).values():
            assert set(parameter.labels) <= indexed
    for type_, names in ALSO.items():
        assert set(names) <= set(parameters(type_))


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "date",
            ["2026", "2026-11", "2026-02-28"],
            ["26", "2026-13", "2026-02-30", "0000", 2026, "٢٠٢٦", "٢٠٢٦-11"],
        ),
        (
            "dateTime",
            ["2026", "2026-11-20T07:30:00+07:00", "2026-11-20T07:30:00.123456Z"],
            ["2026-11-20T07:30:00", "2026-11-20T25:00:00Z", "2026-11-20 07:30:00Z"],
        ),
        ("instant", ["2026-11-20T07:30:00Z"], ["2026-11-20", ""]),
        ("time", ["07:30:00"], ["7:30", "24:00:00"]),
        ("decimal", [1, Decimal("1.10")], ["1", 1.5, True, None]),
        ("integer", [0, -(2**31)], [2**31, True, "0"]),
        ("positiveInt", [1], [0, -1]),
        ("unsignedInt", [0], [-1]),
        ("boolean", [True, False], [0, "true"]),
        ("string", ["Đặng"], ["", "  ", "a\x00b", 1]),
        ("code", ["a b"], ["", " a", "a  b"]),
        ("id", ["A-1.b"], ["a_b", "a" * 65, "", "đ"]),
        ("uri", ["urn:x"], ["a b", ""]),
        ("base64Binary", ["QUJD", "QQ=="], ["!", 1]),
        ("oid", ["urn:oid:1.2.3"], ["1.2.3"]),
        ("uuid", ["urn:uuid:0198f5a2-0000-7000-8000-000000000000"], ["urn:uuid:1"]),
    ],
)
def test_primitives(kind: str, good: list, bad: list):
    assert [value for value in good if not PRIMITIVES[kind](value)] == []
    assert [value for value in bad if PRIMITIVES[kind](value)] == []


@pytest.mark.parametrize(
    ("text", "well_formed"),
    [
        ("Patient/1", True),
        ("Patient/1/_history/2", True),
        ("#inner", True),
        ("https://elsewhere.example/fhir/Patient/1", True),
        ("urn:uuid:0198f5a2-0000-7000-8000-000000000000", True),
        ("Unheard/1", False),
        ("Patient/", False),
        ("patient/1", False),
        ("Patient?name=a", False),
        ("ftp://x/y", False),
    ],
)
def test_references(text: str, well_formed: bool):
    assert is_reference(text) is well_formed


def test_codes_in_concepts_with_a_required_binding():
    allergy = {
        "resourceType": "AllergyIntolerance",
        "patient": {"reference": "Patient/1"},
        "clinicalStatus": {"coding": [{"code": "unheard-of"}]},
    }
    with pytest.raises(Invalid) as invalid:
        validate(allergy)
    assert invalid.value.problems[0][::2] == ("code-invalid", "AllergyIntolerance.clinicalStatus")
    validate({**allergy, "clinicalStatus": {"coding": [{"code": "active"}]}})
    validate({**allergy, "clinicalStatus": {"text": "hết"}})


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2025-12-31T17:00:00.000Z", "2026-12-31T16:59:59.999Z"),
        ("2026-12", "2026-11-30T17:00:00.000Z", "2026-12-31T16:59:59.999Z"),
        ("2026-11-20", "2026-11-19T17:00:00.000Z", "2026-11-20T16:59:59.999Z"),
        ("2026-11-20T07:30Z", "2026-11-20T07:30:00.000Z", "2026-11-20T07:30:59.999Z"),
        ("2026-11-20T07:30:00-05:30", "2026-11-20T13:00:00.000Z", "2026-11-20T13:00:00.999Z"),
        ("2026-11-20T07:30:00.12Z", "2026-11-20T07:30:00.120Z", "2026-11-20T07:30:00.120Z"),
    ],
)
def test_what_time_a_date_may_mean(text: str, first: str, last: str):
    assert tuple(map(instant, span(text))) == (first, last)
