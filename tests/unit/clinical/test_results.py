"""What is critical, what may be compared, what is a change: against the published lists."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.results import Flag, change, series, stronger
from workstation.services.result_lists import catalogue

LISTS = catalogue()
NUMBERS = st.decimals(min_value="0.01", max_value="9999", places=2)


@pytest.mark.parametrize(
    ("code", "value", "unit", "flag"),
    [
        # Kost, JAMA 1990;263:704-707
        ("2823-3", "2.7", "mmol/L", "critical-low"),
        ("2823-3", "2.8", "mmol/L", ""),
        ("2823-3", "6.2", "mmol/L", ""),
        ("2823-3", "6.3", "mmol/L", "critical-high"),
        ("2823-3", "6.3", "meq/L", "critical-high"),
        ("2951-2", "119", "mmol/L", "critical-low"),
        ("2951-2", "159", "mmol/L", "critical-high"),
        ("14749-6", "2.5", "mmol/L", "critical-low"),
        ("2345-7", "46", "mg/dL", "critical-low"),
        ("2345-7", "47", "mg/dL", ""),
        ("2345-7", "485", "mg/dL", "critical-high"),
        ("718-7", "65", "g/L", "critical-low"),
        ("718-7", "6.5", "g/dL", "critical-low"),
        ("777-3", "36", "10*9/L", "critical-low"),
        ("777-3", "36", "10*3/uL", "critical-low"),
        ("2744-1", "7.20", "1", "critical-low"),
        ("2019-8", "68", "mm[Hg]", "critical-high"),
        ("2019-8", "9.0", "kPa", "critical-high"),
        # telephone limits that take the limit in
        ("2601-3", "0.4", "mmol/L", "critical-low"),
        ("1988-5", "300", "mg/L", "critical-high"),
        # nothing is judged in a unit that nobody knows, nor what is not in the list
        ("2823-3", "69", "furlong", ""),
        ("14682-9", "900", "umol/L", ""),
        ("99999-9", "900", "mmol/L", ""),
    ],
)
def test_critical_by_the_list(code: str, value: str, unit: str, flag: Flag) -> None:
    assert LISTS.critical(code, Decimal(value), unit) == flag


@pytest.mark.parametrize(
    ("code", "comparator", "value", "unit", "flag"),
    [
        ("14749-6", ">", "33.3", "mmol/L", "critical-high"),  # glucose above what a meter can show
        ("14749-6", ">", "26.9", "mmol/L", "critical-high"),  # limit: above 26.9
        ("14749-6", ">=", "26.9", "mmol/L", ""),
        ("14749-6", ">", "20", "mmol/L", ""),  # may be, is not known to be
        ("14749-6", "<", "33.3", "mmol/L", ""),
        ("14749-6", ">", "1.1", "mmol/L", ""),
        ("14749-6", "<", "1.1", "mmol/L", "critical-low"),
        ("777-3", "<", "37", "10*9/L", "critical-low"),  # limit: below 37
        ("777-3", "<=", "37", "10*9/L", ""),
        ("2601-3", "<", "0.4", "mmol/L", "critical-low"),  # limit: 0.4 and below
    ],
)
def test_what_is_beyond_a_number_is_critical_where_that_is_certain(
    code: str, comparator: str, value: str, unit: str, flag: Flag
) -> None:
    assert LISTS.critical(code, Decimal(value), unit, comparator) == flag


def test_the_search_finds_all_that_is_critical() -> None:
    bounds = {(code, unit): (low, high) for code, unit, low, high in LISTS.bounds()}
    assert len(bounds) > 100

    @given(st.sampled_from(sorted(bounds)), NUMBERS)
    def found(where: tuple[str, str], value: Decimal) -> None:
        code, unit = where
        low, high = bounds[where]
        if LISTS.critical(code, value, unit) == "critical-low":
            assert low is not None
            assert float(value) <= low
        if LISTS.critical(code, value, unit) == "critical-high":
            assert high is not None
            assert float(value) >= high

    found()


@pytest.mark.parametrize(
    ("told", "found", "flag"),
    [
        ("high", "critical-high", "critical-high"),
        ("", "critical-low", "critical-low"),
        ("critical", "critical-high", "critical"),
        ("critical-low", "", "critical-low"),
        ("high", "", "high"),
    ],
)
def test_a_value_beyond_a_limit_is_critical_whatever_the_laboratory_says(
    told: Flag, found: Flag, flag: Flag
) -> None:
    assert stronger(told, found) == flag


@pytest.mark.parametrize(
    ("code", "before", "now", "direction", "notable"),
    [
        # potassium: CVi 4.6 %, reference change value 14.3 %
        ("2823-3", ("4.0", "mmol/L"), ("4.5", "mmol/L"), "up", False),
        ("2823-3", ("4.0", "mmol/L"), ("4.6", "mmol/L"), "up", True),
        ("2823-3", ("4.0", "mmol/L"), ("4.0", "meq/L"), "level", False),
        # creatinine: 88.42 µmol/L are 1 mg/dL; CVi 5.95 %, 18.4 %
        ("14682-9", ("88.42", "umol/L"), ("1.0", "mg/dL"), "level", False),
        ("14682-9", ("88", "umol/L"), ("1.3", "mg/dL"), "up", True),
        ("14682-9", ("88", "umol/L"), ("60", "umol/L"), "down", True),
        ("2823-3", ("4.0", "mmol/L"), ("4.0", "furlong"), "", False),
        ("99999-9", ("1", "x"), ("2", "x"), "up", False),
    ],
)
def test_a_change(
    code: str, before: tuple[str, str], now: tuple[str, str], direction: str, *, notable: bool
) -> None:
    old, new = ((Decimal(value), unit) for value, unit in (before, now))
    found = change(LISTS.analyte(code), old, new)
    assert (found.direction, found.notable) == (direction, notable)


def test_the_first_value_has_no_change() -> None:
    assert change(LISTS.analyte("2823-3"), None, (Decimal(4), "mmol/L")).direction == ""


@given(NUMBERS)
def test_there_and_back_is_the_same_value(value: Decimal) -> None:
    creatinine = LISTS.analyte("14682-9")
    (there,) = series(creatinine, [(value, "umol/L")], "mg/dL")
    assert there is not None
    (back,) = series(creatinine, [(there, "mg/dL")], "umol/L")
    assert back is not None
    assert abs(back - value) < Decimal("1e-9")


def test_one_curve_leaves_a_gap_for_what_cannot_be_compared() -> None:
    values = [(Decimal("5.0"), "mmol/L"), (Decimal(90), "mg/dL"), (Decimal(3), "?")]
    first, second, third = series(LISTS.analyte("14749-6"), values, "mmol/L")
    assert first == Decimal("5.0")
    assert second is not None
    assert round(second, 1) == Decimal("5.0")
    assert third is None


def test_no_code_names_two_analytes_and_every_limit_names_one() -> None:
    codes = [code for analyte in LISTS.analytes for code in analyte.codes]
    assert len(codes) == len(set(codes))
    ids = {analyte.id for analyte in LISTS.analytes}
    assert {limit.analyte for limit in LISTS.limits} <= ids
    assert {analyte.panel for analyte in LISTS.analytes} <= {panel.id for panel in LISTS.panels}
    assert all(limit.source for limit in LISTS.limits)
