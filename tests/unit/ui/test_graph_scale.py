"""Where things lie in the graph."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.ui.screens.chart.graph_paint import unbroken
from workstation.ui.screens.chart.graph_scale import TimeScale, ValueScale, extent, nearest

START = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)


def test_a_time_lies_in_proportion() -> None:
    times = TimeScale(START, START + timedelta(hours=10), 100, 500)

    assert times.x(START) == 100
    assert times.x(START + timedelta(hours=5)) == 350


@pytest.mark.parametrize("hours", [6, 24, 72, 24 * 7, 24 * 90])
def test_ticks_are_full_hours_with_room_between_them(hours: int) -> None:
    times = TimeScale(START, START + timedelta(hours=hours), 0, 900)
    ticks = list(times.ticks())

    assert ticks
    assert all(tick.minute == 0 and START <= tick <= times.end for tick in ticks)
    gaps = [times.x(b) - times.x(a) for a, b in pairwise(ticks)]
    assert all(gap >= 60 for gap in gaps) or hours > 24 * 80


@given(st.decimals(0, 300, places=1))
def test_a_value_off_the_usual_scale_widens_it(value: Decimal) -> None:
    low, high = extent([value], (40, 180))

    assert low <= float(value) <= high
    assert low <= 40
    assert high >= 180


def test_higher_is_higher() -> None:
    scale = ValueScale(35, 40, 200, 100)

    assert (scale.y(35), scale.y(Decimal(40))) == (200, 100)


def test_the_nearest_set() -> None:
    times = [START, START + timedelta(hours=4), START + timedelta(hours=8)]

    assert nearest(times, START + timedelta(hours=5)) == 1
    assert nearest(times, START - timedelta(days=1)) == 0


def test_no_line_is_drawn_over_a_day_without_values() -> None:
    curve = [(START + timedelta(hours=h), Decimal(80)) for h in (0, 4, 40, 44)]

    assert [len(piece) for piece in unbroken(curve)] == [2, 2]
