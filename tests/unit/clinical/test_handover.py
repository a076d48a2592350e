"""What the next person must hear first."""

from datetime import UTC, datetime, timedelta

import pytest

from workstation.clinical.handover import SECTIONS, concerns
from workstation.clinical.scores.warning import EarlyWarning, Part, Risk, Scale
from workstation.clinical.vital_signs import Sign
from workstation.clinical.ward_tasks import DueItem

NOW = datetime(2026, 11, 20, 18, 45, tzinfo=UTC)


def score(risk, total=3, *, complete=True):
    parts = (Part(Sign.HEART_RATE, 1 if complete else None),)
    return EarlyWarning(
        scale=Scale.NEWS2, parts=parts, total=total, at=NOW, risk=risk, monitoring=None,
        calls=False,
    )  # fmt: skip


def item(kind, minutes):
    return DueItem(kind, "p1", NOW - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("found", "previous", "due", "expected"),
    [
        (None, None, (), ()),
        (score(Risk.LOW), 3, (), ()),
        (score(Risk.HIGH, 9), 5, (), ("high-risk", "rising")),
        (score(Risk.MEDIUM, 5), 7, (), ("medium-risk",)),
        (score(Risk.LOW_MEDIUM), None, (), ("medium-risk",)),
        (score(Risk.LOW, complete=False), 3, (), ("not-complete",)),
        (None, None, (item("escalation", 1),), ("uncalled",)),
        (None, None, (item("critical-result", 1),), ("critical-result",)),
        (None, None, (item("dose", 59),), ()),
        (None, None, (item("dose", 61), item("task", 31)), ("late",)),
        (
            score(Risk.HIGH, 9, complete=False), 5,
            (item("dose", 61), item("critical-result", 31), item("escalation", 1)),
            ("high-risk", "rising", "uncalled", "critical-result", "late", "not-complete"),
        ),
    ],
)  # fmt: skip
def test_the_gravest_stands_in_front(found, previous, due, expected) -> None:
    assert concerns(found, previous, due, NOW) == expected


def test_the_sections_are_those_of_sbar() -> None:
    assert [section[0] for section in SECTIONS] == ["s", "b", "a", "r"]
