"""Ages, in days, months and years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.age import Age, age


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), Age(0, "days", 0)),
        (date(2026, 10, 21), date(2026, 11, 20), Age(30, "days", 0)),
        (date(2026, 10, 20), date(2026, 11, 20), Age(1, "months", 0)),
        (date(2020, 11, 21), date(2026, 11, 20), Age(71, "months", 5)),
        (date(2020, 11, 20), date(2026, 11, 20), Age(6, "years", 6)),
        (date(1953, 8, 13), date(2026, 8, 12), Age(72, "years", 72)),
        (date(1953, 8, 13), date(2026, 8, 13), Age(73, "years", 73)),
        (date(2000, 2, 29), date(2026, 2, 28), Age(25, "years", 25)),
        (date(2000, 2, 29), date(2026, 3, 1), Age(26, "years", 26)),
    ],
)
def test_ages(born, on, expected):
    assert age(born, on) == expected


def test_not_yet_born():
    assert age(date(2026, 11, 21), date(2026, 11, 20)) is None


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 40_000))
def test_age_never_shrinks(born, days):
    later = date.fromordinal(born.toordinal() + days)
    one, two = age(born, later), age(born, date.fromordinal(later.toordinal() + 1))
    assert one.years <= two.years
    assert one.count >= 0
