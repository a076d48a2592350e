"""How late a thing is, in as few words as it needs."""

from datetime import UTC, datetime, timedelta

import pytest

from workstation.clinical.ward_tasks import DueItem
from workstation.kernel import words
from workstation.ui.toolkit.task_words import late_words

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(minutes=35), "trễ 35 phút"),
        (timedelta(hours=2, minutes=5), "trễ 2 giờ 05 phút"),
        (timedelta(hours=9, minutes=59), "trễ 9 giờ 59 phút"),
        (timedelta(hours=20, minutes=8), "trễ 20 giờ"),
        (timedelta(hours=49), "trễ 2 ngày"),
    ],
)
def test_minutes_are_not_told_after_ten_hours(late, said):
    words.use("vi")
    item = DueItem("task", "p1", NOW - late, tolerance=timedelta())
    assert late_words(item, NOW) == said
