"""Vital signs: what is refused, asked twice and marked; how typed numbers are read."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.vital_signs import (
    Consciousness,
    Sign,
    VitalSigns,
    normal_band,
    parse_blood_pressure,
    parse_consciousness,
    parse_number,
)
from workstation.kernel.errors import Refused

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("37,5", "37.5"),
        ("37.5", "37.5"),
        (" 120 ", "120"),
        ("0,125", "0.125"),
        ("007", "7"),
        ("36.80", "36.80"),
        ("1234", "1234"),
        ("12,3456", "12.3456"),
    ],
)
def test_comma_and_point_are_the_same(typed, expected):
    assert str(parse_number(typed)) == expected


@pytest.mark.parametrize("typed", ["", "   "])
def test_blank_is_no_number(typed):
    assert parse_number(typed) is None


@pytest.mark.parametrize(
    "typed", ["1.234", "1,234", "12 345", "1.234.567", "1.234,5", "12'345", "1\u202f234"]
)
def test_group_separators_are_refused(typed):
    with pytest.raises(Refused) as refused:
        parse_number(typed, field="weight")
    assert refused.value.code == "group-separator"
    assert refused.value.field == "weight"


@pytest.mark.parametrize(
    "typed", ["-1", "+1", "1e3", "12.", ".5", "abc", "1,2,3", "NaN", "٣٧", "37 5", "37°"]
)
def test_other_text_is_not_a_number(typed):
    with pytest.raises(Refused) as refused:
        parse_number(typed)
    assert refused.value.code == "not-a-number"


@given(st.decimals(0, 999, places=2), st.sampled_from([",", "."]))
def test_parsing_is_exact(number, separator):
    assert parse_number(str(number).replace(".", separator)) == number


@given(st.text(max_size=12))
def test_any_text_gives_a_number_nothing_or_a_refusal(typed):
    try:
        found = parse_number(typed)
    except Refused:
        return
    assert found is None or (found.is_finite() and found >= 0)


def test_blood_pressure():
    assert parse_blood_pressure("120/80") == (Decimal(120), Decimal(80))
    assert parse_blood_pressure("120") == (Decimal(120), None)
    assert parse_blood_pressure("") == (None, None)
    with pytest.raises(Refused) as refused:
        parse_blood_pressure("120/x")
    assert refused.value.field == "diastolic"


def test_consciousness():
    assert parse_consciousness(" c ") is Consciousness.CONFUSED
    assert parse_consciousness("") is None
    with pytest.raises(Refused) as refused:
        parse_consciousness("X")
    assert refused.value.code == "not-acvpu"


def test_a_set_knows_what_was_measured():
    vitals = VitalSigns(at=AT, spo2=Decimal(97), consciousness=Consciousness.ALERT)
    assert list(vitals.measured()) == [
        (Sign.SPO2, Decimal(97)),
        (Sign.CONSCIOUSNESS, Consciousness.ALERT),
    ]
    assert vitals
    assert not VitalSigns(at=AT)


def test_letters_have_no_normal_band():
    assert normal_band(Sign.CONSCIOUSNESS) is None
