"""The medication record: slots and doses find each other, and no dose is ever out of sight."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical import medication_record as rules
from workstation.clinical.medication_record import DoseFact, Outcome, Plan, State, record

EIGHT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TWICE = Plan("o", (EIGHT, EIGHT + 12 * HOUR), 12 * HOUR)


def dose(own, hours, outcome=Outcome.GIVEN, slot=None, order="o"):
    return DoseFact(own, order, outcome, EIGHT + hours * HOUR, slot)


def states(plan, doses, now=0.0):
    places = record([plan], doses, EIGHT + now * HOUR).rows[plan.order]
    return [(place.state, place.doses) for place in places]


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        (-61, State.FUTURE),
        (-60, State.DUE),
        (0, State.DUE),
        (60, State.DUE),
        (61, State.LATE),
        (359, State.LATE),
        (360, State.MISSED),
    ],
)
def test_an_empty_slot_by_the_clock(minutes, state):
    assert rules.open_state(TWICE, EIGHT, EIGHT + minutes * MINUTE) is state


def test_a_time_critical_drug_is_late_after_half_an_hour():
    plan = Plan("o", (EIGHT,), 12 * HOUR, window=rules.TIME_CRITICAL_WINDOW)
    assert rules.open_state(plan, EIGHT, EIGHT + 30 * MINUTE) is State.DUE
    assert rules.open_state(plan, EIGHT, EIGHT + 31 * MINUTE) is State.LATE
    assert rules.open_state(plan, EIGHT, EIGHT - 31 * MINUTE) is State.FUTURE


def test_after_a_stop_and_on_hold_nothing_is_due():
    stopped = Plan("o", TWICE.slots, 12 * HOUR, stopped_at=EIGHT + HOUR)
    assert [state for state, _ in states(stopped, [])] == [State.DUE, State.STOPPED]
    held = Plan("o", TWICE.slots, 12 * HOUR, held=True)
    assert {state for state, _ in states(held, [])} == {State.HELD}


def test_a_dose_stands_in_the_slot_that_it_names_even_if_another_is_nearer():
    late = dose("d", 9, slot=EIGHT)
    assert states(TWICE, [late], 9) == [(State.GIVEN, ("d",)), (State.FUTURE, ())]


def test_a_dose_that_names_no_slot_takes_the_nearest_free_one():
    doses = [dose("b", 1), dose("a", 0, slot=EIGHT), dose("c", 11.5)]
    assert states(TWICE, doses, 12) == [
        (State.GIVEN, ("a",)),
        (State.GIVEN, ("b",)),
        (State.GIVEN, ("c",)),
    ]


def test_refused_and_then_given_is_given_and_both_are_there():
    doses = [dose("a", 0, Outcome.REFUSED, EIGHT), dose("b", 0.5, slot=EIGHT)]
    assert states(TWICE, doses)[0] == (State.GIVEN, ("a", "b"))


@pytest.mark.parametrize(
    ("one", "two", "twice"),
    [
        (Outcome.GIVEN, Outcome.GIVEN, True),
        (Outcome.GIVEN, Outcome.PARTIAL, True),
        (Outcome.PARTIAL, Outcome.PARTIAL, False),
        (Outcome.GIVEN, Outcome.WITHHELD, False),
    ],
)
def test_one_slot_given_twice_says_so(one, two, twice):
    doses = [dose("a", 0, one, EIGHT), dose("b", 1, two, EIGHT)]
    assert record([TWICE], doses, EIGHT).rows["o"][0].twice is twice


def test_an_error_leaves_the_slot_open_and_stays_in_sight():
    found = states(TWICE, [dose("a", 0, Outcome.ERROR, EIGHT)])
    assert found[0] == (State.DUE, ())
    assert (State.ERROR, ("a",)) in found


def test_a_step_of_an_infusion_takes_no_slot():
    assert (State.CHANGED, ("a",)) in states(TWICE, [dose("a", 0, Outcome.CHANGED)])


@pytest.mark.parametrize(("at", "said"), [(-61, "early"), (-60, ""), (60, ""), (61, "late")])
def test_early_and_late(at, said):
    assert rules.timing(EIGHT, EIGHT + at * MINUTE, rules.DUE_WINDOW) == said


TIMES = st.integers(-48, 48).map(lambda hours: EIGHT + hours * HOUR)
PLANS = st.builds(
    Plan,
    st.sampled_from(["o1", "o2"]),
    st.lists(TIMES, max_size=6).map(tuple),
    st.sampled_from([None, 6 * HOUR, 24 * HOUR]),
    held=st.booleans(),
    stopped_at=st.none() | TIMES,
)
DOSES = st.builds(
    DoseFact,
    st.uuids().map(str),
    st.sampled_from(["o1", "o2", "gone", None]),
    st.sampled_from(Outcome),
    st.none() | TIMES,
    st.none() | TIMES,
)


@given(st.lists(PLANS, max_size=3), st.lists(DOSES, max_size=12, unique_by=lambda d: d.id), TIMES)
def test_every_dose_stands_in_exactly_one_place_whatever_its_order(plans, doses, now):
    found = record(plans, doses, now)
    shown = [own for row in found.rows.values() for place in row for own in place.doses]
    assert Counter([*shown, *found.others]) == Counter(each.id for each in doses)


@given(st.lists(PLANS, max_size=2), st.lists(DOSES, max_size=8, unique_by=lambda d: d.id), TIMES)
def test_the_order_in_which_records_came_does_not_matter(plans, doses, now):
    plans = list({plan.order: plan for plan in plans}.values())
    assert record(plans, doses, now) == record(plans[::-1], doses[::-1], now)


@given(st.lists(PLANS, max_size=1), TIMES)
def test_every_slot_stands_once_in_the_record(plans, now):
    for order, places in record(plans, [], now).rows.items():
        plan = next(each for each in plans if each.order == order)
        assert [place.slot for place in places] == sorted(set(plan.slots))
