"""When the next set is due: the shortest of score, care level and order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.care_level import CareLevel
from workstation.clinical.early_warning import Facts, of_set
from workstation.clinical.monitoring import (
    CARE_INTERVALS,
    answer_due,
    due_at,
    interval,
    overdue_minutes,
)
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
    ("score", "level", "ordered", "hours"),
    [
        (WELL, None, None, 12),
        (WELL, CareLevel.THREE, None, 12),
        (WELL, CareLevel.TWO, None, 6),
        (WELL, CareLevel.ONE, None, 1),
        (WELL, CareLevel.THREE, 2 * HOUR, 2),
        (WELL, CareLevel.ONE, 24 * HOUR, 1),
        (RED, CareLevel.THREE, None, 1),
    ],
)
def test_the_shortest_holds(score, level, ordered, hours):
    assert interval(score, care_level=level, ordered=ordered) == hours * HOUR
    assert due_at(score, care_level=level, ordered=ordered) == AT + hours * HOUR


def test_a_hospital_may_have_its_own_intervals():
    own = {**CARE_INTERVALS, CareLevel.TWO: 4 * HOUR}
    assert interval(WELL, care_level=CareLevel.TWO, care_intervals=own) == 4 * HOUR


@given(st.sampled_from([None, *CareLevel]), st.integers(1, 48))
def test_an_order_never_lengthens(level, hours):
    without = interval(RED, care_level=level)
    assert interval(RED, care_level=level, ordered=hours * HOUR) == min(without, hours * HOUR)


def test_never_measured_is_due_now():
    assert due_at(None) is None
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
