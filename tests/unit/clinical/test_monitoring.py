"""When the next set is due: the shorter of score and care level."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from workstation.clinical.care_level import CareLevel
from workstation.clinical.early_warning import Facts, of_set
from workstation.clinical.monitoring import answer_due, due_at, interval, overdue_minutes
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
    assert interval(score, level) == hours * HOUR
    assert due_at(score, level) == AT + hours * HOUR


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
