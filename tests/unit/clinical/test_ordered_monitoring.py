"""How often an order asks for vital signs, as doctors write it."""

from datetime import timedelta

import pytest

from workstation.clinical.ordered_monitoring import interval, names_vital_signs

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("6 giờ một lần", 6),
        ("6 giờ/lần", 6),
        ("2h/lần", 2),
        ("mỗi giờ", 1),
        ("mỗi 2 giờ", 2),
        ("mỗi 30 phút", 0.5),
        ("15 phút/lần trong 2 giờ đầu", 0.25),
        ("15 phút/lần trong 2 giờ đầu, sau đó mỗi giờ", 0.25),
        ("4 lần/ngày", 6),
        ("ngày 2 lần", 12),
        ("every 2 hours", 2),
        ("q4h", 4),
        ("hourly", 1),
        ("liên tục trên monitor", None),
        ("trước 3 bữa ăn và lúc đi ngủ", None),
        ("mỗi sáng", None),
        ("trong 24 giờ", None),
        ("mỗi 48 giờ", None),
        ("1 phút một lần", None),
        ("", None),
    ],
)
def test_intervals(words, hours):
    assert interval(words) == (None if hours is None else hours * HOUR)


@pytest.mark.parametrize(
    ("words", "signs"),
    [
        ("Theo dõi mạch, nhiệt độ, huyết áp, nhịp thở, SpO₂", True),
        ("Theo dõi dấu hiệu sinh tồn", True),
        ("Đo HUYẾT ÁP", True),
        ("Vital signs", True),
        ("Theo dõi đường huyết mao mạch", False),
        ("Theo dõi lượng nước tiểu", False),
        ("Theo dõi đau (thang 0–10)", False),
    ],
)
def test_only_orders_of_vital_signs_count(words, signs):
    assert names_vital_signs(words) is signs
