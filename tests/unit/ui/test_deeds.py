"""What can still be taken back: the newest first, for ten minutes, until the lock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workstation.kernel.clock import ManualClock
from workstation.ui.toolkit.deeds import LAST, MOST, Deeds

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def nothing() -> None: ...


def test_the_newest_comes_first_and_each_once() -> None:
    deeds = Deeds(ManualClock(NOW))
    first, second = deeds.add("a", "301-1", nothing), deeds.add("b", "301-2", nothing)
    assert deeds.last() is second
    assert deeds.drop(second)
    assert not deeds.drop(second)
    assert deeds.last() is first


def test_after_ten_minutes_it_is_too_late_even_when_the_clock_is_put_back() -> None:
    clock = ManualClock(NOW)
    deeds = Deeds(clock)
    deed = deeds.add("a", "301-1", nothing)
    clock.advance(LAST)
    assert deeds.last() is deed
    clock.jump(timedelta(hours=-1))
    clock.advance(timedelta(seconds=1))
    assert deeds.last() is None
    assert not deeds.drop(deed)


def test_a_lock_forgets_all() -> None:
    deeds = Deeds(ManualClock(NOW))
    deeds.add("a", "301-1", nothing)
    deeds.clear()
    assert deeds.last() is None


@given(st.lists(st.integers(0, 400), max_size=40))
def test_never_more_than_some_and_never_an_old_one(pauses: list[int]) -> None:
    clock = ManualClock(NOW)
    deeds = Deeds(clock)
    for seconds in pauses:
        clock.advance(timedelta(seconds=seconds))
        deeds.add("a", "", nothing)
    count = 0
    while (deed := deeds.last()) is not None:
        assert clock.now() - deed.at <= LAST
        deeds.drop(deed)
        count += 1
    assert count <= MOST
    assert bool(count) == bool(pauses)
