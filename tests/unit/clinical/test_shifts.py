"""The ward's day and its shifts: no moment is without one, none is in two."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.shifts import SHIFT_HOURS, day_bounds, day_of, shift_of, shifts

HANOI = timezone(timedelta(hours=7))
STARTS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(HANOI))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@pytest.mark.parametrize(
    ("moment", "hours", "start", "day", "since", "until", "number"),
    [
        ("2026-03-02 07:00", 12, "07:00", "2026-03-02", "03-02 07:00", "03-02 19:00", 0),
        ("2026-03-02 18:59", 12, "07:00", "2026-03-02", "03-02 07:00", "03-02 19:00", 0),
        ("2026-03-02 19:00", 12, "07:00", "2026-03-02", "03-02 19:00", "03-03 07:00", 1),
        ("2026-03-03 06:59", 12, "07:00", "2026-03-02", "03-02 19:00", "03-03 07:00", 1),
        ("2026-03-03 00:30", 8, "06:30", "2026-03-02", "03-02 22:30", "03-03 06:30", 2),
        ("2026-03-01 05:00", 6, "06:00", "2026-02-28", "03-01 00:00", "03-01 06:00", 3),
        ("2026-01-01 00:00", 6, "00:00", "2026-01-01", "01-01 00:00", "01-01 06:00", 0),
    ],
)
def test_which_day_and_shift_a_moment_belongs_to(
    moment: str, hours: int, start: str, day: str, since: str, until: str, number: int
) -> None:
    begins = time.fromisoformat(start)
    shift = shift_of(at(moment), hours, begins)
    assert day_of(at(moment), begins) == date.fromisoformat(day)
    assert f"{shift.start:%m-%d %H:%M}" == since
    assert f"{shift.end:%m-%d %H:%M}" == until
    assert shift.number == number


@given(MOMENTS, st.sampled_from(SHIFT_HOURS), STARTS)
def test_each_moment_is_in_exactly_one_shift_of_its_day(moment, hours, start) -> None:
    day = day_of(moment, start)
    since, until = day_bounds(day, start, moment)
    own = shifts(day, hours, start, moment)
    assert since <= moment < until
    assert [shift for shift in own if moment in shift] == [shift_of(moment, hours, start)]
    assert (own[0].start, own[-1].end) == (since, until)
    assert all(before.end == after.start for before, after in pairwise(own))


@pytest.mark.parametrize("hours", [0, 5, 7, 24])
def test_a_day_is_not_divided_otherwise(hours: int) -> None:
    with pytest.raises(ValueError, match=str(hours)):
        shifts(date(2026, 3, 2), hours, time(7), at("2026-03-02 07:00"))
