"""Dates as spans: the quick way and the way part by part say the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital.search import times
from hospital.search.times import instant, milliseconds, span

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(
    min_value=datetime(2, 1, 1), max_value=datetime(8999, 12, 30), timezones=zones
)


@given(at=moments, digits=st.integers(0, 9))
def test_a_whole_time_is_a_second_or_a_millisecond(at: datetime, digits: int) -> None:
    text = at.replace(microsecond=0).isoformat()
    fraction = f"{at.microsecond:06d}000"[:digits]
    if fraction:
        text = f"{text[:19]}.{fraction}{text[19:]}"
    low, high = span(text)
    whole = milliseconds(at.replace(microsecond=0))
    if fraction:
        assert low == high == whole + int(fraction[:3].ljust(3, "0"))
    else:
        assert (low, high) == (whole, whole + 999)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-11-25T10:00:60Z", "2026-11-25T10:01:00Z"),
        ("2026-11-25T10:00:00Z", "2026-11-25T17:00:00+07:00"),
    ],
)
def test_two_ways_to_write_one_second(text: str, same: str) -> None:
    assert span(text) == span(same)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T10:00:00Z",
        "2026-11-25T10:00:00+0700",
        "2026-W48-3T10:00:00Z",
        "2026-11-25T10:00:00,5Z",
        "2026-11-25T10:00:00Zx",
        "٢٠٢٦-11-25T10:00:00Z",
        "0000-01-01T00:00:00Z",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        span(text)


@given(at=st.integers(0, 200_000_000_000_000))
def test_an_instant_is_read_back(at: int) -> None:
    assert span(instant(at)) == (at, at)
    assert instant(at).endswith("Z")
    assert milliseconds(datetime.fromisoformat(instant(at))) == at
    assert times.EARLIEST < at < times.LATEST
    assert datetime.fromisoformat(instant(at)).tzinfo == UTC
