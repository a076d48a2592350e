"""Reading single elements: strange values give nothing and never raise."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.fhir import elements
from workstation.fhir.json import parse

strange = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["coding", "code", "system", "text", "reference", "use", "value"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(strange)
def test_nothing_raises(value):
    elements.text(value)
    elements.objects(value)
    elements.first(value)
    elements.decimal(value)
    elements.boolean(value)
    elements.instant(value)
    elements.day(value)
    list(elements.codings(value))
    elements.any_code(value)
    elements.concept_text(value)
    elements.has_code(value, "a", "b")
    elements.code_of(value, "a")
    elements.reference(value)
    elements.reference_id(value, "Patient")
    elements.display(value)
    elements.identifier(value, "a")
    elements.identifier({"identifier": value}, "a")
    elements.extension(value, "a")
    elements.extension({"extension": value}, "a")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T08:00:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T08:00:00.123456Z", datetime(2026, 11, 20, 8, 0, 0, 123456, tzinfo=UTC)),
        (
            "2026-11-20T08:00:00+07:00",
            datetime(2026, 11, 20, 8, tzinfo=timezone(timedelta(hours=7))),
        ),
        ("yesterday", None),
        ("2026-13-40", None),
        ("", None),
        (20261120, None),
    ],
)
def test_times(written, expected):
    assert elements.instant(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1953-08-13", date(1953, 8, 13)),
        ("1953-08-13T10:00:00Z", date(1953, 8, 13)),
        ("1953-08", None),
        ("1953", None),
        ("1953-88-99", None),
        (None, None),
    ],
)
def test_days(written, expected):
    assert elements.day(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Patient/p1", "Patient/p1"),
        ("https://elsewhere.example/fhir/Patient/p1", "Patient/p1"),
        ("Patient/p1/_history/3", "Patient/p1"),
        ("#contained", None),
        ("urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a", None),
        ("p1", None),
        ("Patient/", None),
        (7, None),
    ],
)
def test_references(written, expected):
    assert elements.reference({"reference": written}) == expected


def test_words_of_a_concept():
    assert elements.concept_text({"text": "Sốt"}) == "Sốt"
    assert elements.concept_text({"coding": [{"code": "x"}, {"display": "Fever"}]}) == "Fever"
    assert elements.concept_text({"coding": [{"code": "x"}]}) == "x"
    assert elements.concept_text([{"coding": []}, {"text": "second"}]) == "second"
    assert elements.concept_text({}) is None


def test_codes():
    concept = {"coding": [{"system": "s", "code": "a"}, {"system": "t", "code": "b"}]}
    assert elements.code_of(concept, "t") == "b"
    assert elements.code_of(concept, "u") is None
    assert elements.any_code(concept) == "a"
    assert elements.has_code(concept, "s", "z", "a")
    assert not elements.has_code(concept, "s", "b")


def test_numbers_are_exact_and_truth_is_no_number():
    assert str(elements.decimal(Decimal("1.10"))) == "1.10"
    assert elements.decimal(3) == 3
    assert elements.decimal(True) is None
    assert elements.decimal(Decimal("Infinity")) is None
    assert elements.boolean(False) is False
    assert elements.boolean("true") is None


def test_identifiers_and_extensions():
    resource = {
        "identifier": [
            {"system": "a", "value": "1", "use": "old"},
            {"system": "a"},
            {"system": "b", "value": "2"},
            {"system": "a", "value": "3"},
        ],
        "extension": [{"url": "x", "valueCode": "1"}],
    }
    assert elements.identifier(resource, "a") == "3"
    assert elements.identifier(resource, "c", "b") == "2"
    assert elements.identifier(resource, "c") is None
    assert elements.extension(resource, "x") == {"url": "x", "valueCode": "1"}
    assert elements.extension(resource, "y") == {}


@pytest.mark.parametrize("text", ["1e999999", "-1e-999999", "9" * 400, "0." + "1" * 400])
def test_a_number_that_no_paper_holds_is_none(text):
    assert elements.decimal(parse('{"a":' + text + "}")["a"]) is None


@pytest.mark.parametrize("when", ["0001-01-01", "9999-12-31T23:59:59-14:00", "0001"])
def test_a_time_at_the_end_of_the_calendar_is_none(when):
    assert elements.instant(when) is None


def test_extensions_are_found_by_addresses_that_are_text():
    odd = {"extension": [{"url": ["x"], "valueCode": "a"}, 7, {"url": "y", "valueCode": "b"}]}
    assert elements.extensions(odd) == {"y": {"url": "y", "valueCode": "b"}}
    assert elements.extensions({"extension": 7}) == {}
    assert elements.extensions(None) == {}
