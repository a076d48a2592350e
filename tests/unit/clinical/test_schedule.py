"""When doses are due, against the ward's usual times and the bounds of an order."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.schedule import USUAL_TIMES, slots, times_of_day

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = datetime(2026, 11, 20, tzinfo=HANOI)
NEXT = DAY + timedelta(days=1)
NOON = DAY + timedelta(hours=12)


def hours(timing, since=DAY, until=NEXT, **given_usual):
    return [f"{at:%d %H:%M}" for at in slots(timing, since, until, HANOI, **given_usual)]


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        (Timing(times_a_day=1), ["20 08:00"]),
        (Timing(times_a_day=2), ["20 08:00", "20 20:00"]),
        (Timing(times_a_day=3), ["20 06:00", "20 14:00", "20 22:00"]),
        (Timing(times_a_day=4), ["20 06:00", "20 12:00", "20 18:00", "20 23:00"]),
        (Timing(times_a_day=6), [f"20 {hour:02}:00" for hour in (2, 6, 10, 14, 18, 22)]),
        (Timing(times_a_day=2, at=(time(21), time(9, 30))), ["20 09:30", "20 21:00"]),
        (Timing(at=(time(7),)), ["20 07:00"]),
        (Timing(times_a_day=1, weekdays=frozenset({4})), ["20 08:00"]),  # a Friday
        (Timing(times_a_day=1, weekdays=frozenset({0, 3, 5})), []),
        (Timing(every_hours=Decimal(8), starts_at=DAY - timedelta(hours=3)),
         ["20 05:00", "20 13:00", "20 21:00"]),
        (Timing(every_hours=Decimal(48), starts_at=NOON - timedelta(days=2)), ["20 12:00"]),
        (Timing(every_hours=Decimal(8)), []),
        (Timing(every_hours=Decimal("0.01"), starts_at=DAY), []),
        (Timing(once=True, starts_at=NOON), ["20 12:00"]),
        (Timing(once=True, at=(time(14),), starts_at=NOON), ["20 14:00"]),
        (Timing(once=True, at=(time(8),), starts_at=NOON), []),
        (Timing(once=True), []),
        (Timing(times_a_day=3, starts_at=NOON), ["20 14:00", "20 22:00"]),
        (Timing(times_a_day=3, ends_at=DAY + timedelta(hours=14)), ["20 06:00"]),
        (Timing(times_a_day=3, starts_at=NEXT), []),
        (Timing(times_a_day=0), []),
        (Timing(times_a_day=25), []),
        (Timing(as_needed=True, times_a_day=3), []),
        (Timing(starts_at=DAY), []),
    ],
)  # fmt: skip
def test_when_doses_are_due(timing, expected) -> None:
    assert hours(timing) == expected


def test_a_hospital_has_times_of_its_own() -> None:
    assert hours(Timing(times_a_day=1), usual={1: (time(9),)}) == ["20 09:00"]


def test_the_times_are_those_of_the_wards_zone_whatever_zone_is_asked_in() -> None:
    since, until = DAY.astimezone(UTC), NEXT.astimezone(UTC)
    assert hours(Timing(times_a_day=2), since, until) == ["20 08:00", "20 20:00"]


def test_a_bound_that_is_a_slot_belongs_to_the_later_of_two_windows() -> None:
    at = DAY + timedelta(hours=14)
    thrice = Timing(times_a_day=3)
    assert hours(thrice, DAY, at) == ["20 06:00"]
    assert hours(thrice, at, NEXT) == ["20 14:00", "20 22:00"]


moments = st.integers(-5000, 5000).map(lambda minutes: DAY + timedelta(minutes=minutes))
timings = st.builds(
    Timing,
    times_a_day=st.none() | st.integers(0, 26),
    at=st.lists(st.times().map(lambda t: t.replace(microsecond=0)), max_size=4).map(tuple),
    every_hours=st.none() | st.decimals("0.25", "72", places=2),
    once=st.booleans(),
    as_needed=st.booleans(),
    starts_at=st.none() | moments,
    ends_at=st.none() | moments,
)


@given(timings, moments, moments, moments)
def test_windows_add_up_and_no_slot_lies_outside(timing, one, two, three) -> None:
    first, middle, last = sorted((one, two, three))
    whole = slots(timing, first, last, HANOI)
    if timing.once and timing.starts_at is None:
        return  # due "now": that depends on when one asks only through `starts_at`
    assert whole == (*slots(timing, first, middle, HANOI), *slots(timing, middle, last, HANOI))
    assert list(whole) == sorted(set(whole))
    assert all(first <= at < last for at in whole)
    assert all(timing.starts_at is None or at >= timing.starts_at for at in whole)
    assert all(timing.ends_at is None or at < timing.ends_at for at in whole)


@given(st.integers(1, 24))
def test_so_many_times_a_day_are_so_many_slots(times) -> None:
    assert len(times_of_day(Timing(times_a_day=times))) == times
    assert len(slots(Timing(times_a_day=times), DAY, NEXT, HANOI)) == times


def test_the_usual_times_have_as_many_as_they_say() -> None:
    assert all(len(set(times)) == count for count, times in USUAL_TIMES.items())


@pytest.mark.parametrize(
    ("timing", "rate", "continuous"),
    [
        (Timing(), Rate(Decimal(5), "mL/h"), True),
        (Timing(), None, False),
        (Timing(times_a_day=2), Rate(Decimal(100), "mL/h"), False),
        (Timing(as_needed=True), Rate(Decimal(100), "mL/h"), False),
    ],
)
def test_what_runs_without_pause(timing, rate, continuous) -> None:
    amount = Amount(Decimal(500), "mL")
    ordered = Prescription(drug="NaCl", amount=amount, route="TM", timing=timing, rate=rate)
    assert ordered.continuous is continuous
