"""Vital signs: what is refused, asked twice and marked; how typed numbers are read."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.vital_signs import (
    LIMITS,
    Consciousness,
    Mark,
    Sign,
    VitalSigns,
    implausible,
    mark,
    normal_band,
    parse_blood_pressure,
    parse_consciousness,
    parse_number,
    refuse_impossible,
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


@pytest.mark.parametrize("sign", list(LIMITS))
def test_bounds_of_the_possible(sign):
    limits = LIMITS[sign]
    step = Decimal(1).scaleb(-limits.decimals)
    low, high = limits.possible
    for value in (low, high):
        refuse_impossible(VitalSigns(at=AT, **{sign.value: value}))
    for value in (low - step, high + step, Decimal("NaN")):
        with pytest.raises(Refused) as refused:
            refuse_impossible(VitalSigns(at=AT, **{sign.value: value}))
        assert refused.value.code == "impossible-value"
        assert refused.value.field == sign
        assert refused.value.data == {"low": low, "high": high, "unit": limits.unit}


@pytest.mark.parametrize("sign", list(LIMITS))
def test_bounds_of_the_plausible(sign):
    limits = LIMITS[sign]
    step = Decimal(1).scaleb(-limits.decimals)
    low, high = limits.plausible
    assert implausible(VitalSigns(at=AT, **{sign.value: low})) == ()
    assert implausible(VitalSigns(at=AT, **{sign.value: high})) == ()
    assert implausible(VitalSigns(at=AT, **{sign.value: low - step})) == (sign,)
    assert implausible(VitalSigns(at=AT, **{sign.value: high + step})) == (sign,)
    assert limits.possible[0] <= low < high <= limits.possible[1]


def test_digits_that_nobody_measures_are_refused():
    with pytest.raises(Refused) as refused:
        refuse_impossible(VitalSigns(at=AT, heart_rate=Decimal("72.5")))
    assert refused.value.code == "too-many-decimals"
    assert refused.value.data == {"decimals": 0}
    refuse_impossible(VitalSigns(at=AT, heart_rate=Decimal("72.0"), temperature=Decimal("36.5")))


def test_diastolic_lies_below_systolic():
    with pytest.raises(Refused) as refused:
        refuse_impossible(VitalSigns(at=AT, systolic=Decimal(80), diastolic=Decimal(80)))
    assert refused.value.code == "diastolic-not-below-systolic"
    refuse_impossible(VitalSigns(at=AT, systolic=Decimal(81), diastolic=Decimal(80)))


def test_letters_are_never_implausible():
    vitals = VitalSigns(at=AT, consciousness=Consciousness.UNRESPONSIVE)
    refuse_impossible(vitals)
    assert implausible(vitals) == ()


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        (Sign.HEART_RATE, Decimal(59), Mark.LOW),
        (Sign.HEART_RATE, Decimal(60), Mark.NORMAL),
        (Sign.HEART_RATE, Decimal(101), Mark.HIGH),
        (Sign.WEIGHT, Decimal(150), Mark.NORMAL),
        (Sign.CONSCIOUSNESS, Consciousness.ALERT, Mark.NORMAL),
        (Sign.CONSCIOUSNESS, Consciousness.CONFUSED, Mark.LOW),
    ],
)
def test_marks(sign, value, expected):
    assert mark(sign, value) is expected


def test_scale_2_moves_the_band_of_saturation():
    assert mark(Sign.SPO2, Decimal(90)) is Mark.LOW
    assert mark(Sign.SPO2, Decimal(90), spo2_scale_2=True) is Mark.NORMAL
    assert mark(Sign.SPO2, Decimal(97), spo2_scale_2=True) is Mark.HIGH
    assert normal_band(Sign.CONSCIOUSNESS) is None
