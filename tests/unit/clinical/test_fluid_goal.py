"""Goals for the fluids of a day: what cannot be wanted, and whether a day is on its way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.fluid_balance import Kind, Totals
from workstation.clinical.fluid_goal import Measure, Target, Track, refuse_impossible, track
from workstation.kernel.errors import Refused

HALF, WHOLE = Decimal("0.5"), Decimal(1)


def ml(value):
    return None if value is None else Decimal(value)


def target(measure, low=None, high=None):
    return Target(measure, ml(low), ml(high))


def sums(taken, passed):
    return Totals({(Kind.ORAL, ""): Decimal(taken), (Kind.URINE, ""): Decimal(passed)})


B, IN, OUT = Measure.BALANCE, Measure.INTAKE, Measure.OUTPUT


@pytest.mark.parametrize(
    ("goal", "taken", "passed", "share", "found"),
    [
        # a restriction of 1200 mL: at noon 600 and 250 of leeway
        (target(IN, high=1200), 850, 0, HALF, Track.ON),
        (target(IN, high=1200), 851, 0, HALF, Track.HIGH),
        (target(IN, high=1200), 1200, 0, WHOLE, Track.ON),
        (target(IN, high=1200), 1201, 0, WHOLE, Track.HIGH),
        (target(IN, high=1200), 1201, 0, Decimal("0.99"), Track.HIGH),  # it never comes back
        # more out than in: -1000 to -500 mL
        (target(B, -1000, -500), 400, 400, HALF, Track.ON),
        (target(B, -1000, -500), 401, 400, HALF, Track.HIGH),
        (target(B, -1000, -500), 0, 750, HALF, Track.ON),
        (target(B, -1000, -500), 0, 751, HALF, Track.LOW),
        (target(B, -1000, -500), 0, 750, WHOLE, Track.ON),
        (target(B, -1000, -500), 0, 499, WHOLE, Track.HIGH),
        (target(B, -1000, -500), 0, 1001, WHOLE, Track.LOW),
        # a balance above its bound in the morning can still come down
        (target(B, high=0), 240, 0, Decimal("0.1"), Track.ON),
        (target(OUT, low=1500), 0, 500, HALF, Track.ON),
        (target(OUT, low=1500), 0, 499, HALF, Track.LOW),
        (target(OUT, low=1500), 0, 1499, WHOLE, Track.LOW),
    ],
)
def test_the_share_of_the_day_with_some_leeway(goal, taken, passed, share, found):
    assert track(goal, sums(taken, passed), share) is found


def test_a_day_with_nothing_charted_is_not_off_its_way():
    assert track(target(OUT, low=1500), Totals(), WHOLE) is Track.UNKNOWN


@pytest.mark.parametrize(
    ("goal", "code", "field"),
    [
        (target(IN), "required", "low"),
        (target(IN, low=-1), "impossible-value", "low"),
        (target(IN, high=20001), "impossible-value", "high"),
        (target(B, low=-20001), "impossible-value", "low"),
        (target(B, low=-500, high=-1000), "goal-upside-down", "high"),
        (target(B, low="0.5"), "too-many-decimals", "low"),
    ],
)
def test_what_nothing_can_meet_is_refused(goal, code, field):
    with pytest.raises(Refused) as caught:
        refuse_impossible(goal)
    assert (caught.value.code, caught.value.field) == (code, field)


@given(st.integers(0, 9000), st.integers(0, 9000), st.decimals(0, 1, places=2))
def test_what_is_met_exactly_at_any_hour_is_on_its_way(taken, passed, share):
    charted = sums(taken, passed)
    for measure in Measure:
        value = measure.of(charted)
        goal = Target(measure, value, value)
        assert track(goal, charted, Decimal(1)) is Track.ON
        if share:
            evenly = Target(measure, value / share, value / share)
            assert track(evenly, charted, share) is Track.ON
