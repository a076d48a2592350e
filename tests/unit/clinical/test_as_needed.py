"""Drugs given when needed: not too soon, not too many, and somebody looks whether it helped."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.as_needed import earliest_again, effect_wanted

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(*hours: float) -> list[datetime]:
    return [AT + each * HOUR for each in hours]


@pytest.mark.parametrize(
    ("given_at", "shortest", "most", "hours"),
    [
        ((), 4, 4, None),
        ((0,), None, None, None),
        ((0, 3), 4, None, 7),
        ((0, 3), None, 2, 24),
        ((0, 3, 20), 6, 3, 26),
        ((0, 3), 4, 3, 7),
        ((0, 5, 10), None, 2, 29),
    ],
)
def test_when_it_may_be_given_again(given_at, shortest, most, hours):
    found = earliest_again(
        at(*given_at), shortest=None if shortest is None else shortest * HOUR, most_a_day=most
    )
    assert found == (None if hours is None else AT + hours * HOUR)


@given(
    st.lists(st.integers(0, 200), max_size=8),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 6),
)
def test_giving_as_soon_as_allowed_keeps_both_limits(hours, shortest, most):
    times = at(*hours)
    again = earliest_again(times, shortest=shortest and shortest * HOUR, most_a_day=most)
    if again is None:
        return
    if shortest is not None and times:
        assert again - max(times) >= shortest * HOUR
    if most is not None:
        assert sum(again - 24 * HOUR < each <= again for each in times) < most


@pytest.mark.parametrize(
    ("minutes", "wanted"), [(0, False), (59, False), (60, True), (479, True), (480, False)]
)
def test_the_effect_is_asked_for_after_an_hour_and_not_for_ever(minutes, wanted):
    assert effect_wanted(AT, AT + timedelta(minutes=minutes)) is wanted
