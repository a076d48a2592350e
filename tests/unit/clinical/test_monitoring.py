"""When the next set is due: the shorter of score and care level."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from workstation.clinical.care_level import CareLevel
from workstation.clinical.early_warning import Facts, of_set
from workstation.clinical.monitoring import (
    INTERVALS,
    Due,
    Intervals,
    Ordered,
    answer_due,
    next_due,
    overdue_minutes,
)
from workstation.clinical.scores.warning import Monitoring
from workstation.clinical.vital_signs import Consciousness, VitalSigns

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def scored(pulse):
    return of_set(
        Facts(),
        VitalSigns(
            at=AT, heart_rate=Decimal(pulse), respiratory_rate=Decimal(16), spo2=Decimal(98),
            oxygen_flow=Decimal(0), systolic=Decimal(120), temperature=Decimal("36.8"),
            consciousness=Consciousness.ALERT,
        ),
    )  # fmt: skip


WELL, RED = scored(70), scored(140)


@pytest.mark.parametrize(
    ("score", "level", "hours"),
    [
        (WELL, None, 12),
        (WELL, CareLevel.THREE, 12),
        (WELL, CareLevel.TWO, 6),
        (WELL, CareLevel.ONE, 1),
        (RED, CareLevel.THREE, 1),
    ],
)
def test_the_shorter_holds(score, level, hours):
    due = next_due(score, level)
    assert (due.every, due.at) == (hours * HOUR, AT + hours * HOUR)


def test_never_measured_is_due_now():
    assert next_due(None) is None
    assert overdue_minutes(None, AT) == 0


def test_overdue_in_whole_minutes():
    due = AT + HOUR
    assert overdue_minutes(due, AT) == 0
    assert overdue_minutes(due, due + timedelta(seconds=59)) == 0
    assert overdue_minutes(due, due + timedelta(minutes=61, seconds=30)) == 61


def test_a_call_is_answered_before_the_next_set_is_due():
    assert answer_due(RED, AT) == AT + HOUR
    emergency = of_set(
        Facts(), VitalSigns(at=AT, heart_rate=Decimal(140), spo2=Decimal(80), systolic=Decimal(80))
    )
    assert answer_due(emergency, AT) == AT + HOUR / 2


def order(hours, since=AT - HOUR):
    return Ordered(hours * HOUR, since, "Theo dõi mạch, huyết áp")


@pytest.mark.parametrize(
    ("score", "level", "hours", "by"),
    [
        (WELL, CareLevel.TWO, 2, "order"),
        (WELL, CareLevel.TWO, 8, "care-level"),  # an order never lengthens
        (WELL, None, 24, "score"),
        (RED, CareLevel.THREE, 2, "score"),
    ],
)
def test_an_order_makes_it_sooner_and_never_later(score, level, hours, by):
    due = next_due(score, level, [order(hours), order(23)])
    assert due.by == by
    assert due.at <= next_due(score, level).at
    assert due.words == ("Theo dõi mạch, huyết áp" if by == "order" else "")


def test_an_order_is_not_late_before_it_was_written():
    written = AT + 5 * HOUR
    assert next_due(WELL, None, [order(1, since=written)]).at == written


def test_the_hospital_sets_the_intervals_and_it_is_said_so():
    own = {**INTERVALS, Monitoring.EVERY_12_HOURS: 4 * HOUR}
    intervals = Intervals(by_score=own, hospital=frozenset({Monitoring.EVERY_12_HOURS}))
    assert next_due(WELL, None, (), intervals) == Due(
        AT + 4 * HOUR, "score", 4 * HOUR, hospital=True
    )
    assert not next_due(RED, None, (), intervals).hospital
