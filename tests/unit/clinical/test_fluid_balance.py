"""What a stretch of time adds up to: additive, whatever the order, and honest about gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.fluid_balance import (
    INTAKE,
    OUTPUT,
    Fluid,
    Kind,
    Totals,
    implausible,
    refuse_impossible,
    totals,
)
from workstation.clinical.infusion import Infusion, Step
from workstation.kernel.errors import Refused

START = datetime(2026, 3, 2, 0, tzinfo=UTC)
LATER = START + timedelta(days=2)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def fluid(kind: Kind, minutes: int, ml: str | None, name: str = "", times: int = 1) -> Fluid:
    return Fluid(kind, after(minutes), None if ml is None else Decimal(ml), times, name)


FLUIDS = st.lists(
    st.builds(
        Fluid,
        st.sampled_from(Kind),
        st.integers(0, 1439).map(after),
        st.none() | st.decimals(0, 5000, places=1),
        st.integers(1, 3),
        st.sampled_from(["", "Redon", "ngực phải "]),
    ),
    max_size=12,
)
RUNNING = Infusion((Step(after(7), Decimal(83), Decimal(500)), Step(after(200), Decimal("41.5"))))


def test_in_and_out_are_told_apart_and_nothing_is_left_over() -> None:
    assert {*INTAKE, *OUTPUT} == set(Kind)
    assert not {*INTAKE} & {*OUTPUT}
    assert Kind.BLOOD_PRODUCT.intake
    assert not Kind.BLOOD_LOSS.intake


def test_a_day_by_hand() -> None:
    found = totals(
        [
            fluid(Kind.ORAL, 10, "200"),
            fluid(Kind.ORAL, 70, "150.5"),
            fluid(Kind.URINE, 80, "300"),
            fluid(Kind.DRAIN, 90, "40", "Redon"),
            fluid(Kind.DRAIN, 91, "10", " Redon "),
            fluid(Kind.DRAIN, 92, "5", "ngực"),
            fluid(Kind.ORAL, 1440, "999"),
        ],
        [RUNNING],
        START,
        after(1440),
        now=after(127),
    )
    assert found.measured == {
        (Kind.ORAL, ""): Decimal("350.5"),
        (Kind.URINE, ""): Decimal(300),
        (Kind.DRAIN, "Redon"): Decimal(50),
        (Kind.DRAIN, "ngực"): Decimal(5),
        (Kind.IV_INFUSION, ""): Decimal(166),
    }
    assert (found.intake_ml, found.output_ml) == (Decimal("516.5"), Decimal(355))
    assert found.balance_ml == Decimal("161.5")
    assert found.complete


def test_what_was_not_measured_is_counted_by_itself_and_makes_the_balance_incomplete() -> None:
    found = totals(
        [
            fluid(Kind.URINE, 1, None),
            fluid(Kind.URINE, 2, None, times=2),
            fluid(Kind.URINE, 3, "100"),
        ],
        [],
        START,
        LATER,
        now=LATER,
    )
    assert found.unmeasured == {(Kind.URINE, ""): 3}
    assert found.output_ml == 100
    assert not found.complete


def test_nothing_charted_is_not_zero() -> None:
    assert not Totals()
    assert totals([fluid(Kind.URINE, 1, "0")], [], START, LATER, now=LATER)


@given(FLUIDS, st.lists(st.integers(0, 1440), max_size=6), st.integers(0, 2000))
def test_any_partition_adds_up_to_the_whole(fluids, cuts, now) -> None:
    edges = [START, *map(after, sorted(cuts)), after(1440)]
    parts = [totals(fluids, [RUNNING], a, b, now=after(now)) for a, b in pairwise(edges)]
    whole = totals(fluids, [RUNNING], START, after(1440), now=after(now))
    assert sum(parts, Totals()) == whole
    assert whole.balance_ml == sum((part.balance_ml for part in parts), Decimal(0))


@given(FLUIDS, st.randoms())
def test_the_order_of_entries_does_not_matter(fluids, random) -> None:
    shuffled = list(fluids)
    random.shuffle(shuffled)
    args = ([], START, LATER)
    assert totals(fluids, *args, now=LATER) == totals(shuffled, *args, now=LATER)


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (fluid(Kind.URINE, 1, "-1"), "impossible-value", "volume"),
        (fluid(Kind.URINE, 1, "20000.1"), "impossible-value", "volume"),
        (fluid(Kind.URINE, 1, "NaN"), "impossible-value", "volume"),
        (fluid(Kind.URINE, 1, "0.25"), "too-many-decimals", "volume"),
        (fluid(Kind.URINE, 1, None, times=0), "impossible-value", "times"),
        (fluid(Kind.URINE, 1, None, times=21), "impossible-value", "times"),
        (fluid(Kind.DRAIN, 1, "20", " "), "drain-without-name", "name"),
    ],
)
def test_what_cannot_be_true_is_refused(wrong: Fluid, code: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse_impossible(wrong)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("ml", "doubtful"), [("0", False), ("5000", False), ("5000.1", True), (None, False)]
)
def test_a_very_large_amount_is_possible_but_doubtful(ml: str | None, doubtful: bool) -> None:
    entry = fluid(Kind.ULTRAFILTRATION, 1, ml)
    refuse_impossible(entry)
    assert implausible(entry) is doubtful
