"""Filtration rates against values worked out from the published equations."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.renal import clearance, creatinine_mg_dl, egfr


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "expected"),
    [
        # CKD-EPI 2021 (Inker, NEJM 2021), as the calculator of the National Kidney Foundation
        ("1.0", 50, "male", 92),
        ("1.0", 50, "female", 69),
        ("0.8", 30, "female", 102),
        ("0.6", 30, "male", 133),
        ("2.5", 70, "male", 27),
        ("2.5", 70, "female", 20),
    ],
)
def test_egfr(creatinine, age, sex, expected):
    assert egfr(Decimal(creatinine), age, sex) == expected


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "weight", "expected"),
    [
        # (140 - age) x kg / (72 x mg/dL), of women times 0.85 (Cockcroft, Gault 1976)
        ("1.0", 60, "male", "72", 80),
        ("1.0", 60, "female", "72", 68),
        ("2.0", 80, "male", "48", 20),
    ],
)
def test_clearance(creatinine, age, sex, weight, expected):
    assert clearance(Decimal(creatinine), age, sex, Decimal(weight)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [("88.42", "umol/L", "1.00"), ("88.42", "µmol/L", "1.00"), ("1.3", "mg/dL", "1.30")],
)
def test_units_of_creatinine(value, unit, expected):
    found = creatinine_mg_dl(Decimal(value), unit)
    assert found is not None
    assert found.quantize(Decimal("0.01")) == Decimal(expected)


@pytest.mark.parametrize(("value", "unit"), [("88", "mmol/L"), ("88", ""), ("0", "mg/dL")])
def test_a_value_that_cannot_be_meant_is_none(value, unit):
    assert creatinine_mg_dl(Decimal(value), unit) is None


def test_children_and_unknown_sex_have_no_rate():
    assert egfr(Decimal(1), 17, "male") is None
    assert egfr(Decimal(1), 40, "unknown") is None
    assert clearance(Decimal(1), 17, "male", Decimal(50)) is None
    assert clearance(Decimal(1), 40, "male", Decimal(0)) is None


@given(
    st.decimals("0.2", "15", places=2),
    st.integers(18, 110),
    st.sampled_from(["male", "female"]),
)
def test_more_creatinine_never_means_better_kidneys(creatinine, age, sex):
    more = creatinine + Decimal("0.1")
    assert egfr(more, age, sex) <= egfr(creatinine, age, sex)
    weight = Decimal(60)
    assert clearance(more, age, sex, weight) <= clearance(creatinine, age, sex, weight)
