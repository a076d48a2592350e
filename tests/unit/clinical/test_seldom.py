"""Drugs that are given less often than daily: whole days decide, not hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.seldom import BesidePlan, Dose, Rhythm, beside_plan

MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKLY = Rhythm(most=1, days=7)
MONDAYS = Rhythm(most=1, days=7, weekdays=frozenset({0}))
THREE = Rhythm(most=3, days=7, weekdays=frozenset({0, 2, 4}), times=(time(22),))


def asked(rhythm, at, *given_at, slots=None):
    return beside_plan(rhythm, Dose(at), [Dose(each) for each in given_at], slots, UTC)


@pytest.mark.parametrize(
    ("rhythm", "at", "given_at", "beside"),
    [
        (MONDAYS, MONDAY, [], False),
        (MONDAYS, MONDAY + DAY, [], True),  # a wrong day, though none was given yet
        (MONDAYS, MONDAY + 10 * HOUR, [MONDAY], True),  # twice on its day
        (MONDAYS, MONDAY + 7 * DAY, [MONDAY], False),
        (MONDAYS, MONDAY + 7 * DAY, [MONDAY + DAY], False),  # a day late, then on its day
        (MONDAYS, MONDAY + 7 * DAY, [MONDAY + 3 * DAY], True),  # four days between
        (MONDAYS, MONDAY, [MONDAY - DAY], True),  # a day early, then on its day
        (MONDAYS, MONDAY, [MONDAY + DAY], True),  # charted later, one stands after it
        (WEEKLY, MONDAY, [], False),
        (WEEKLY, MONDAY, [MONDAY - 7 * DAY + 9 * HOUR], False),  # hours do not count
        (WEEKLY, MONDAY, [MONDAY - 5 * DAY], True),
        (THREE, MONDAY, [MONDAY - 3 * DAY, MONDAY - 5 * DAY], False),
        (THREE, MONDAY + DAY, [], True),
        (THREE, MONDAY + 16.5 * HOUR, [], False),  # 00:30, for the 22:00 of before midnight
        (Rhythm(most=3, days=7), MONDAY, [MONDAY - n * DAY for n in (2, 4)], False),
        (Rhythm(most=3, days=7), MONDAY, [MONDAY - n * DAY for n in (1, 2, 3)], True),
    ],
)
def test_a_wrong_day_and_one_too_many_are_beside_the_plan(rhythm, at, given_at, beside):
    assert (asked(rhythm, at, *given_at) is not None) is beside


def test_who_is_asked_sees_the_last_dose_and_the_next_planned_day():
    tuesday = asked(MONDAYS, MONDAY + DAY, MONDAY)
    assert tuesday == BesidePlan(MONDAY, date(2026, 12, 7), None)
    again = asked(WEEKLY, MONDAY + 2 * DAY, MONDAY)
    assert again == BesidePlan(MONDAY, date(2026, 12, 7), None)
    never = asked(THREE, MONDAY + DAY)
    assert never == BesidePlan(None, date(2026, 12, 2), time(22))


def test_times_that_are_reckoned_are_the_plan():
    slots = (MONDAY, MONDAY + 7 * DAY)
    assert asked(WEEKLY, MONDAY + 9 * HOUR, slots=slots) is None
    beside = asked(WEEKLY, MONDAY + 2 * DAY, slots=slots)
    assert beside == BesidePlan(None, date(2026, 12, 7), time(8))
    assert asked(WEEKLY, MONDAY + 2 * DAY, slots=()) == BesidePlan(None, None, None)


def test_the_rest_of_a_part_is_not_a_dose_of_its_own():
    part, rest = Dose(MONDAY, part=True), Dose(MONDAY + HOUR, part=True)
    assert beside_plan(MONDAYS, rest, [part], None, UTC) is None
    assert beside_plan(MONDAYS, Dose(MONDAY + HOUR), [part], None, UTC) is not None


@pytest.mark.parametrize(
    ("rhythm", "hours"),
    [(WEEKLY, 168), (MONDAYS, 168), (THREE, 48), (Rhythm(most=1, days=2), 48)],
)
def test_the_shortest_time_between_two_planned_doses(rhythm, hours):
    assert rhythm.shortest == hours * HOUR


@given(st.lists(st.integers(0, 60), max_size=12), st.integers(1, 3), st.integers(2, 28))
def test_what_never_asked_never_gave_more_than_ordered(days, most, length):
    """Whatever the order of charting: no week of unasked doses holds more, but for the leeway."""
    rhythm = Rhythm(most=most, days=length)
    kept: list[int] = []
    for day in days:
        if asked(rhythm, MONDAY + day * DAY, *(MONDAY + n * DAY for n in kept)) is None:
            kept.append(day)
    window = length - 1 if length >= 7 else length
    for first in kept:
        assert sum(first <= each < first + window for each in kept) <= most
