"""What no order can say, and the day of a course."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.ordering import (
    OrderKind,
    Request,
    day_of_course,
    kind_of,
    most_in_a_day,
    refuse_impossible,
)
from workstation.kernel.errors import Refused

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
DRUG = Prescription(
    drug="Ceftriaxon 1 g",
    amount=Amount(Decimal(2), "g"),
    route="truyền tĩnh mạch",
    timing=Timing(times_a_day=1),
)
TEST = Request(kind=OrderKind.LABORATORY, words="CRP")


def timed(**timing):
    return replace(DRUG, timing=Timing(**timing))


@pytest.mark.parametrize(
    "item",
    [
        DRUG,
        TEST,
        timed(every_hours=Decimal(8)),
        timed(once=True),
        timed(as_needed=True, most_a_day=4),
        timed(times_a_day=2, at=(time(9), time(21))),
        timed(times_a_day=1, starts_at=NOW - timedelta(hours=24)),
        replace(DRUG, timing=Timing(), rate=Rate(Decimal(5), "mL/h")),
    ],
)
def test_what_can_be_ordered(item) -> None:
    refuse_impossible(item, NOW)


@pytest.mark.parametrize(
    ("item", "code", "field"),
    [
        (replace(TEST, words=" "), "order-empty", "words"),
        (replace(TEST, at=NOW - timedelta(days=2)), "start-long-ago", "starts_at"),
        (replace(DRUG, drug=""), "order-empty", "words"),
        (replace(DRUG, amount=None), "dose-missing", "amount"),
        (replace(DRUG, amount=Amount(Decimal(0), "g")), "dose-not-positive", "amount"),
        (replace(DRUG, amount=Amount(Decimal(1), " ")), "unit-missing", "unit"),
        (replace(DRUG, route=""), "route-missing", "route"),
        (replace(DRUG, rate=Rate(Decimal(0), "mL/h")), "dose-not-positive", "rate"),
        (timed(), "frequency-missing", "frequency"),
        (timed(times_a_day=0), "not-a-frequency", "frequency"),
        (timed(times_a_day=25), "not-a-frequency", "frequency"),
        (timed(as_needed=True, most_a_day=99), "not-a-frequency", "frequency"),
        (timed(every_hours=Decimal("0.1")), "not-an-interval", "frequency"),
        (timed(times_a_day=3, at=(time(9),)), "times-do-not-match", "at"),
        (timed(times_a_day=1, ends_at=NOW), "ends-before-start", "ends_at"),
        (timed(times_a_day=1, starts_at=NOW - timedelta(hours=25)), "start-long-ago", "starts_at"),
    ],
)
def test_what_cannot(item, code, field) -> None:
    with pytest.raises(Refused) as caught:
        refuse_impossible(item, NOW)
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    ("timing", "most"),
    [
        (Timing(times_a_day=3), 3),
        (Timing(once=True), 1),
        (Timing(times_a_day=1, weekdays=frozenset({3})), Decimal(1) / 7),
        (Timing(times_a_day=2, weekdays=frozenset({0, 3})), 2),
        (Timing(every_hours=Decimal(6)), 4),
        (Timing(as_needed=True, most_a_day=2, shortest_interval=timedelta(hours=4)), 2),
        (Timing(as_needed=True, shortest_interval=timedelta(hours=4)), 6),
        (Timing(as_needed=True), None),
        (Timing(), None),
    ],
)
def test_most_doses_in_a_day(timing, most) -> None:
    assert most_in_a_day(timing) == most


def day(number: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, number, hour, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([(day(20), None)], 1),
        ([(day(18, 23), None)], 3),
        ([(day(15), day(18)), (day(18), None)], 6),
        ([(day(15), day(18)), (day(19), None)], 6),
        ([(day(15), day(18)), (day(20), None)], 1),
        ([(day(15), day(20, 8))], 6),
        ([(day(15), day(19))], None),
        ([(day(21), None)], None),
        ([(day(10), None), (day(12), day(13))], 11),
        ([], None),
    ],
)
def test_the_day_of_a_course(periods, expected) -> None:
    assert day_of_course(periods, day(20, 15), HANOI) == expected


@given(st.lists(st.tuples(st.integers(1, 28), st.integers(0, 5)), max_size=6), st.integers(1, 28))
def test_the_count_goes_up_by_one_a_day_or_begins_anew(spans, number) -> None:
    periods = [(day(first), day(first) + timedelta(days=length)) for first, length in spans]
    today = day_of_course(periods, day(number, 23), HANOI)
    tomorrow = day_of_course(periods, day(number, 23) + timedelta(days=1), HANOI)
    assert tomorrow is None or tomorrow == 1 or (today is not None and tomorrow == today + 1)


def test_kinds() -> None:
    assert (kind_of(DRUG), kind_of(TEST)) == (OrderKind.DRUG, OrderKind.LABORATORY)
