"""When two doses are one: by the slot that they name, else by the window of their order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.dosage import Amount
from workstation.clinical.double_dose import (
    AS_NEEDED_WINDOW,
    LONGEST_DOSE_WINDOW,
    DoseRow,
    OrderRow,
    by_id,
    dose_window,
    given_already,
    same_dose,
)

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAILY = OrderRow("daily", "p", frozenset({"x|a"}), "A", active=True, interval=24 * HOUR)
KNOWN = by_id([DAILY])


def dose(own: str, hours: float, **more: object) -> DoseRow:
    row = DoseRow(own, "p", "daily", frozenset({"x|a"}), "A", AT + hours * HOUR)
    return replace(row, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("interval", "window"),
    [
        (None, AS_NEEDED_WINDOW),
        (6 * HOUR, 3 * HOUR),
        (8 * HOUR, 4 * HOUR),
        (24 * HOUR, LONGEST_DOSE_WINDOW),
        (36 * HOUR, LONGEST_DOSE_WINDOW),
        (48 * HOUR, 24 * HOUR),
        (168 * HOUR, 84 * HOUR),
    ],
)
def test_the_window_is_half_of_the_interval_and_six_hours_at_most_when_daily(interval, window):
    assert dose_window(interval) == window


def test_one_slot_given_twice_is_one_dose_however_far_apart():
    early, late = dose("a", 0, slot=AT), dose("b", 9, slot=AT)
    assert same_dose(early, late, KNOWN)
    assert not same_dose(dose("a", 0), dose("b", 9), KNOWN)


def test_the_same_time_of_another_order_is_another_slot():
    assert not same_dose(dose("a", 0, slot=AT), dose("b", 9, slot=AT, order="other"), KNOWN)


def test_two_parts_of_one_dose_make_it_whole():
    first, rest = (dose(own, 0, slot=AT, partial=True) for own in "ab")
    assert not same_dose(first, rest, KNOWN)
    assert same_dose(first, replace(rest, partial=False), KNOWN)


MG_500 = replace(DAILY, amount=Amount(Decimal(500), "mg"))


@pytest.mark.parametrize(
    ("amounts", "twice"),
    [
        (["250 mg", "250 mg"], False),
        (["250 mg", "251 mg"], True),
        (["250 mg", "1 viên"], False),
        (["600 mg", ""], True),
        (["", ""], False),
    ],
)
def test_two_parts_that_are_more_than_the_whole_are_one_too_many(amounts, twice):
    first, rest = (
        dose(own, 0, slot=AT, partial=True, amount=measured(amount))
        for own, amount in zip("ab", amounts, strict=True)
    )
    assert same_dose(first, rest, by_id([MG_500])) == twice
    assert not same_dose(first, rest, KNOWN), "nothing says how much one dose is"


def test_parts_are_added_up_however_many_they_are():
    given_ = [
        dose(own, hours, slot=AT, partial=True, amount=measured("200 mg"))
        for own, hours in (("a", 0), ("b", 1))
    ]
    rest = dose("c", 2, slot=AT, partial=True, amount=measured("100 mg"))
    assert given_already(rest, given_, [MG_500]) is None
    assert given_already(replace(rest, amount=measured("150 mg")), given_, [MG_500]) == given_[1]


def measured(text: str) -> Amount | None:
    value, _, unit = text.partition(" ")
    return Amount(Decimal(value), unit) if unit else None


def test_one_order_runs_once():
    first, second = (dose(own, hours, running=True) for own, hours in (("a", 0), ("b", 9)))
    assert same_dose(first, second, KNOWN)
    assert not same_dose(first, replace(second, running=False), KNOWN)
    assert not same_dose(first, replace(second, order="other"), KNOWN)


def test_the_nearest_dose_is_named():
    new = dose("new", 4)
    assert given_already(new, [dose("a", 0), dose("b", 3), dose("c", 9)], [DAILY]).id == "b"
    other = dose("other", 4, drug="B", codes=frozenset(), order="another")
    assert given_already(new, [other], [DAILY]) is None
    assert given_already(new, [replace(new)], [DAILY]) is None


def test_a_dose_of_the_order_before_its_change_counts_too():
    changed = replace(DAILY, id="changed")
    new = dose("new", 1, order="changed", slot=AT)
    assert given_already(new, [dose("a", 0, slot=AT)], [DAILY, changed]).id == "a"


@pytest.mark.parametrize(
    ("other", "twice"),
    [
        ({"drug": "ROCEPHIN", "codes": frozenset({"y|7"})}, True),
        ({"order": "changed", "drug": "A 10 mg", "codes": frozenset({"y|7"})}, True),
        ({"order": "changed", "drug": "B 10 mg", "codes": frozenset({"y|7"})}, False),
        ({"order": None, "drug": "a", "codes": frozenset()}, True),
        ({"order": None, "drug": "B", "codes": frozenset({"x|a", "y|7"})}, True),
        ({"order": None, "drug": "B", "codes": frozenset()}, False),
    ],
)
def test_one_drug_has_many_names(other, twice):
    changed = replace(DAILY, id="changed", version_of="daily")
    new = dose("new", 0.2)
    found = given_already(new, [dose("a", 0, **other)], [DAILY, changed])
    assert (found is not None) is twice


def test_changes_that_go_in_a_circle_end():
    circle = [
        replace(DAILY, version_of="changed"),
        replace(DAILY, id="changed", version_of="daily"),
    ]
    assert given_already(dose("new", 0.2), [dose("a", 0)], circle).id == "a"


@given(st.floats(0, 20), st.floats(0, 20), st.booleans(), st.booleans())
def test_it_does_not_matter_which_dose_came_first(one, two, slotted, partial):
    a = dose("a", one, slot=AT if slotted else None, partial=partial)
    b = dose("b", two, slot=AT)
    assert same_dose(a, b, KNOWN) == same_dose(b, a, KNOWN)
