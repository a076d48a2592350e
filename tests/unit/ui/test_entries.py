"""Numbers and times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.kernel import words
from workstation.kernel.errors import Refused
from workstation.ui.toolkit.widgets.moment import age_text, moment_text, parse_moment
from workstation.ui.toolkit.widgets.number_entry import number_text, parse_number


@pytest.fixture(autouse=True)
def _vietnamese():
    words.use("vi")


@pytest.mark.parametrize(
    ("typed", "value"), [("38,5", "38.5"), ("38.5", "38.5"), ("38,50", "38.50"), (" 7 ", "7"),
                         ("-2", "-2"), ("0", "0")]
)  # fmt: skip
def test_comma_and_point_are_read_with_the_digits_as_typed(typed: str, value: str) -> None:
    assert str(parse_number(typed, 2)) == value


@pytest.mark.parametrize(
    ("typed", "code"), [("1.234", "too-many-decimals"), ("1.234,5", "not-a-number"),
                        ("1 234", "not-a-number"), ("1,2,3", "not-a-number"),
                        ("٣٨", "not-a-number"), ("3e1", "not-a-number"), (",5", "not-a-number"),
                        ("5,", "not-a-number"), ("NaN", "not-a-number")]
)  # fmt: skip
def test_groups_and_other_scripts_are_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_number(typed, 1)
    assert refused.value.code == code


def test_nothing_typed_is_no_number() -> None:
    assert parse_number("  ", 1) is None


@given(st.decimals(min_value=-9999, max_value=9999, places=2))
def test_a_number_shown_is_read_back_the_same(value: Decimal) -> None:
    shown = number_text(value)
    assert parse_number(shown, 2) == value
    assert str(parse_number(shown, 2)) == format(value, "f")


def test_decimals_show_in_the_language_spoken() -> None:
    assert number_text(Decimal("38.5")) == "38,5"
    words.use("en")
    assert number_text(Decimal("38.5")) == "38.5"


NOW = datetime(2026, 11, 23, 7, 42, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["05/01/2026 06:07", "5/1/2026 6h07", "05-01-2026 06:07"])
def test_a_day_and_time_are_read(typed: str) -> None:
    read = parse_moment(typed, NOW)
    assert moment_text(read) == "05/01/2026 06:07"
    assert read.tzinfo is not None


def test_a_time_alone_is_of_today() -> None:
    assert moment_text(parse_moment("0605", NOW)).endswith("06:05")
    assert parse_moment("6h05", NOW).date() == NOW.astimezone().date()


@pytest.mark.parametrize("typed", ["31/02/2026 10:00", "10:75", "05/01/26 06:07", "yesterday", ""])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="not-a-date"):
        parse_moment(typed, NOW)


def test_ages_are_told_in_words() -> None:
    ages = [timedelta(seconds=20), timedelta(minutes=59), timedelta(hours=47), timedelta(hours=48)]
    assert [age_text(age) for age in ages] == ["vừa xong", "59 phút trước", "47 giờ trước",
                                               "2 ngày trước"]  # fmt: skip
