"""What ran in: the rate holds until it is changed, and no bag gives more than it holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.infusion import Infusion, Step

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def after(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def infusion(*steps: tuple[float, str | None, str | None], ended: float | None = None) -> Infusion:
    made = tuple(
        Step(after(at), rate and Decimal(rate), bag and Decimal(bag)) for at, rate, bag in steps
    )
    return Infusion(made, None if ended is None else after(ended))


@pytest.mark.parametrize(
    ("case", "at", "ml"),
    [
        (infusion((0, "60", "500")), 2, "120"),
        (infusion((0, "60", "500")), -1, "0"),
        (infusion((0, "60", "500")), 8.5, "500"),
        (infusion((0, "60", "500")), 100, "500"),
        (infusion((0, "60", None)), 100, "6000"),
        (infusion((0, "60", "500"), (2, "0", None), (3, "100", None)), 4, "220"),
        (infusion((3, "100", None), (0, "60", "500"), (2, "0", None)), 4, "220"),
        (infusion((0, "100", "500"), (2, None, "500")), 3, "300"),
        (infusion((0, "100", "100"), (4, None, "500")), 5, "200"),
        (infusion((0, "100", "500"), ended=2.5), 9, "250"),
        (infusion((0, "50", None)), 0.999, "49"),
        (infusion((0, "83", "500"), (1, "41.5", None)), 3, "166"),
        (infusion((0, None, "500")), 3, "0"),
    ],
)
def test_what_has_run_in(case: Infusion, at: float, ml: str) -> None:
    assert case.ran_until(after(at)) == Decimal(ml)


@pytest.mark.parametrize(
    ("case", "now", "empty"),
    [
        (infusion((0, "100", "500")), 1, 5),
        (infusion((0, "100", "500")), 7, 5),
        (infusion((0, "100", "500"), (1, "50", None)), 2, 9),
        (infusion((0, "100", "500"), (1, "0", None)), 2, None),
        (infusion((0, "100", None)), 2, None),
        (infusion((0, "100", "500"), ended=2), 3, None),
        (infusion((0, "100", "100"), (4, None, "500")), 5, 9),
        (infusion((0, "100", "500")), -1, None),
    ],
)
def test_when_the_bag_should_be_empty(case: Infusion, now: float, empty: float | None) -> None:
    assert case.empty_at(after(now)) == (None if empty is None else after(empty))


def test_what_is_left_and_how_fast_it_runs() -> None:
    case = infusion((0, "100", "500"), (2, "40", None), ended=3)
    assert case.left_at(after(1)) == 400
    assert [case.rate_at(after(at)) for at in (-1, 1, 2, 3)] == [0, 100, 40, 0]
    assert infusion((0, "100", None)).left_at(after(1)) is None


HOURS = st.integers(-4, 60).map(lambda quarter: quarter / 4)
STEPS = st.lists(
    st.tuples(
        HOURS,
        st.none() | st.integers(0, 999).map(str),
        st.none() | st.integers(1, 1000).map(str),
    ),
    min_size=1,
    max_size=6,
)


@given(STEPS, st.none() | HOURS, st.lists(HOURS, min_size=2, max_size=8), HOURS)
def test_parts_add_up_to_the_whole_in_whole_millilitres(steps, ended, edges, now) -> None:
    case = infusion(*steps, ended=ended)
    edges = sorted(edges)
    parts = [case.ran_between(after(a), after(b), now=after(now)) for a, b in pairwise(edges)]
    whole = [min(after(edge), after(now)) for edge in (edges[0], edges[-1])]
    assert sum(parts) == case.ran_until(whole[1]) - case.ran_until(whole[0])
    assert sum(parts) == case.ran_between(after(edges[0]), after(edges[-1]), now=after(now))
    assert all(part >= 0 for part in parts)
    assert case.ran_between(after(now), after(now + 9), now=after(now)) == 0


@given(STEPS, st.randoms())
def test_the_order_in_which_steps_come_does_not_matter(steps, random) -> None:
    shuffled = list(steps)
    random.shuffle(shuffled)
    assert infusion(*steps).ran_until(after(9)) == infusion(*shuffled).ran_until(after(9))


@given(st.lists(st.tuples(HOURS, st.integers(0, 999).map(str)), max_size=5), st.integers(1, 900))
def test_one_bag_never_gives_more_than_it_holds(changes, bag) -> None:
    steps = [(-5.0, "100", str(bag)), *((at, rate, None) for at, rate in changes)]
    assert infusion(*steps).ran_until(after(99)) <= bag
