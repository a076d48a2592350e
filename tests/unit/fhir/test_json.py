"""JSON that keeps every digit, and the comparison that looks only at content."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.fhir.json import (
    canonical,
    dump,
    dump_bytes,
    equal,
    parse,
    reference,
    references,
)
from workstation.kernel.errors import Refused


@pytest.mark.parametrize("number", ["1.10", "0.0", "-0.50", "120", "1.0000000000000000001"])
def test_every_digit_survives(number):
    text = f'{{"value":{number}}}'
    assert dump(parse(text)) == text
    assert dump_bytes(parse(text.encode())) == text.encode()


@pytest.mark.parametrize("text", ["", "[]", "7", "{", "<html>", b"\xff\xfe", "[" * 100_000])
def test_what_is_no_object_is_refused(text):
    with pytest.raises(Refused) as refused:
        parse(text)
    assert refused.value.code == "not-json"


def test_the_order_of_elements_does_not_count_that_of_lists_does():
    assert equal({"a": 1, "b": [1, 2]}, {"b": [1, 2], "a": 1})
    assert not equal({"b": [1, 2]}, {"b": [2, 1]})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1.10", "1.1", True),
        ("100", "1e2", True),
        ("0", "-0.00", True),
        ("0.001", "1E-3", True),
        ("1.1", "1.11", False),
        ("1", "-1", False),
        ("1", '"1"', False),
        ("1", "true", False),
    ],
)
def test_numbers_are_compared_by_value(one, other, same):
    assert equal(parse(f'{{"x":{one}}}'), parse(f'{{"x":{other}}}')) is same


def test_what_the_server_writes_is_no_content():
    mine = {"resourceType": "Flag", "status": "active"}
    theirs = {
        **mine,
        "meta": {"versionId": "7", "lastUpdated": "2026-11-20T08:00:00Z", "source": "#x"},
        "text": {"status": "generated"},
    }
    assert equal(mine, theirs)
    assert not equal(mine, {**mine, "meta": {"tag": [{"code": "x"}]}})
    assert equal(mine, {**mine, "meta": "odd"})


def test_references_anywhere():
    resource = {
        "resourceType": "Flag",
        "id": "f1",
        "subject": {"reference": "Patient/p1/_history/3"},
        "contained": [{"author": {"reference": "Practitioner/n1"}}],
        "other": [
            {"reference": "#inner"},
            {"reference": "urn:uuid:x"},
            {"reference": "https://elsewhere.example/Patient/2"},
            {"reference": {"reference": "Location/l1"}},
            {"reference": "alone"},
        ],
    }
    assert references(resource) == {"Patient/p1", "Practitioner/n1", "Location/l1"}
    assert reference(resource) == "Flag/f1"


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.decimals(-99, 99, places=3)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(min_size=1, max_size=4), values, max_size=4))
def test_what_is_written_is_read_with_the_same_content(resource):
    again = parse(dump(resource))
    assert equal(again, resource)
    assert canonical(again) == canonical(resource)


@given(st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False))
def test_canonical_numbers_agree_with_arithmetic(number):
    written = json.loads(canonical({"x": number}))["x"]
    assert written[0] == "number"
    assert Decimal(written[1]) == number


def test_a_narrative_that_somebody_wrote_is_content_and_a_generated_one_is_not():
    bare = {"resourceType": "Patient", "id": "p"}
    assert equal(bare, bare | {"text": {"status": "generated", "div": "<div>p</div>"}})
    assert not equal(bare, bare | {"text": {"status": "additional", "div": "<div>deaf</div>"}})
