"""What is refused, what is asked twice, and the unit that a value was probably read in."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.early_warning import Facts
from workstation.clinical.plausibility import doubts, other_unit, plausible_band, refuse_impossible
from workstation.clinical.vital_signs import LIMITS, Consciousness, Sign, VitalSigns
from workstation.kernel.errors import Refused

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ADULT = Facts()


def rare(facts=ADULT, **values):
    return tuple(doubt.sign for doubt in doubts(VitalSigns(at=AT, **values), facts))


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
        assert refused.value.field == sign
        if other_unit(sign, value) is None:
            assert refused.value.code == "impossible-value"
            assert refused.value.data == {"low": low, "high": high, "unit": limits.unit}
        else:
            assert refused.value.code == "other-unit"


@pytest.mark.parametrize("sign", list(LIMITS))
def test_bounds_of_the_plausible(sign):
    limits = LIMITS[sign]
    step = Decimal(1).scaleb(-limits.decimals)
    low, high = limits.plausible
    assert rare(**{sign.value: low}) == ()
    assert rare(**{sign.value: high}) == ()
    assert rare(**{sign.value: low - step}) == (sign,)
    assert rare(**{sign.value: high + step}) == (sign,)
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
    assert doubts(vitals, ADULT) == ()


@pytest.mark.parametrize(
    ("sign", "typed", "unit", "instead"),
    [
        (Sign.TEMPERATURE, "98.6", "[degF]", "37.0"),
        (Sign.TEMPERATURE, "101.3", "[degF]", "38.5"),
        (Sign.TEMPERATURE, "95", "[degF]", "35.0"),
        (Sign.HEIGHT, "1.65", "m", "165"),
        (Sign.HEIGHT, "0.5", "m", "50"),
        (Sign.WEIGHT, "3200", "g", "3.2"),
        (Sign.GLUCOSE, "126", "mg/dL", "7.0"),
        (Sign.GLUCOSE, "600", "mg/dL", "33.3"),
    ],
)
def test_the_unit_that_explains_a_value_is_named_and_the_value_offered(sign, typed, unit, instead):
    with pytest.raises(Refused) as refused:
        refuse_impossible(VitalSigns(at=AT, **{sign.value: Decimal(typed)}))
    assert refused.value.code == "other-unit"
    assert refused.value.field == sign
    data = refused.value.data
    assert (data["unit"], str(data["instead"])) == (unit, instead)
    refuse_impossible(VitalSigns(at=AT, **{sign.value: data["instead"]}))


@pytest.mark.parametrize(
    ("sign", "typed"),
    [
        (Sign.TEMPERATURE, "85"),
        (Sign.TEMPERATURE, "120"),
        (Sign.HEIGHT, "3"),
        (Sign.WEIGHT, "9001"),
        (Sign.GLUCOSE, "601"),
        (Sign.GLUCOSE, "0.5"),
    ],
)
def test_a_value_that_no_unit_explains_is_just_impossible(sign, typed):
    with pytest.raises(Refused) as refused:
        refuse_impossible(VitalSigns(at=AT, **{sign.value: Decimal(typed)}))
    assert refused.value.code == "impossible-value"


@given(st.sampled_from(list(LIMITS)), st.decimals(-1000, 10_000, places=1))
def test_what_is_offered_instead_is_possible(sign, value):
    found = other_unit(sign, value)
    if found is not None:
        refuse_impossible(VitalSigns(at=AT, **{sign.value: found[1]}))


@pytest.mark.parametrize(
    ("before", "now", "asked"),
    [
        ("60", "42.0", True),
        ("60", "42.1", False),
        ("60", "77.9", False),
        ("60", "78.0", True),
        ("60", "60", False),
        ("50", "65", True),
    ],
)
def test_a_weight_that_changed_by_three_tenths_is_asked_twice(before, now, asked):
    vitals = VitalSigns(at=AT, weight=Decimal(now))
    found = doubts(vitals, ADULT, weight_before=Decimal(before))
    assert [(each.sign, each.why, each.before) for each in found] == (
        [(Sign.WEIGHT, "changed", Decimal(before))] if asked else []
    )


@pytest.mark.parametrize(
    ("months", "values", "signs"),
    [
        (1, {"heart_rate": "150", "respiratory_rate": "55", "weight": "3.4"}, ()),
        (1, {"weight": "34"}, (Sign.WEIGHT,)),
        (72, {"weight": "20", "height": "116", "heart_rate": "110", "systolic": "95"}, ()),
        (72, {"weight": "200"}, (Sign.WEIGHT,)),
        (72, {"heart_rate": "30"}, (Sign.HEART_RATE,)),
        (600, {"glucose": "2.8"}, ()),
        (600, {"glucose": "2.7"}, (Sign.GLUCOSE,)),
        (600, {"glucose": "33"}, (Sign.GLUCOSE,)),  # a life-threateningly low one, in mg/dL?
        (191, {"weight": "52"}, ()),
        (192, {"weight": "24"}, (Sign.WEIGHT,)),
    ],
)
def test_what_is_rare_depends_on_the_age(months, values, signs):
    assert rare(Facts(months), **{k: Decimal(v) for k, v in values.items()}) == signs


@pytest.mark.parametrize("months", [0, 2, 3, 11, 12, 47, 48, 143, 144, 191])
@pytest.mark.parametrize("sign", list(LIMITS))
def test_the_plausible_lies_within_the_possible_at_every_age(sign, months):
    low, high = plausible_band(Facts(months), sign)
    least, most = LIMITS[sign].possible
    assert least <= low < high <= most
