"""Backoff, skew, status: the small parts that people see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workstation.sync.backoff import LONGEST_S, Backoff
from workstation.sync.pull.scope import patient_query
from workstation.sync.skew import measure, worth_showing
from workstation.sync.status import RoundReport, SyncStatus

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_backoff_doubles_its_bound_up_to_five_minutes_and_starts_anew() -> None:
    backoff = Backoff(chance=lambda: 1.0)
    waits = [backoff.failed() for _ in range(12)]
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert waits[-1] == LONGEST_S
    backoff.succeeded()
    assert backoff.failed() == 1


def test_backoff_has_full_jitter() -> None:
    backoff = Backoff(chance=lambda: 0.5)
    assert [backoff.failed() for _ in range(4)] == [1, 1, 2, 4]


def test_backoff_honours_the_server_but_not_for_ever() -> None:
    backoff = Backoff(chance=lambda: 0.25)
    assert backoff.failed(30.0) == 30.25
    assert backoff.failed(86_400.0) == LONGEST_S + 0.25


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Mon, 23 Nov 2026 12:00:00 GMT", 0.5),
        ("Mon, 23 Nov 2026 12:00:00 -0000", 0.5),
        ("Sun, 22 Nov 2026 12:00:00 GMT", 86_400.5),
        ("Mon, 23 Nov 2026 13:00:00 GMT", -3599.5),
    ],
)
def test_skew_is_this_clock_minus_the_servers(date: str, seconds: float) -> None:
    found = measure(NOON, NOON + timedelta(seconds=2), date)
    assert found == timedelta(seconds=seconds)


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_no_date_no_skew(date: str) -> None:
    assert measure(NOON, NOON, date) is None


def test_skew_over_two_minutes_is_shown_either_way() -> None:
    assert worth_showing(timedelta(seconds=-121))
    assert worth_showing(timedelta(days=1))
    assert not worth_showing(timedelta(seconds=119))


@pytest.mark.parametrize(
    ("minutes", "age"), [(0, "fresh"), (9, "fresh"), (10, "amber"), (29, "amber"), (30, "red")]
)
def test_the_age_of_the_data_has_a_colour(minutes: int, age: str) -> None:
    assert SyncStatus(data_as_of=NOON).age(NOON + timedelta(minutes=minutes)) == age


def test_without_a_pull_there_is_no_age_and_nothing_is_synced() -> None:
    assert SyncStatus().age(NOON) == "never"
    assert not SyncStatus().synced
    assert not SyncStatus(unsent=1, data_as_of=NOON).synced
    assert SyncStatus(data_as_of=NOON).synced


def test_a_round_is_complete_or_says_why_not() -> None:
    assert RoundReport().complete
    assert not RoundReport(outcome="offline").complete


def test_a_patient_is_searched_for_by_a_whole_reference() -> None:
    """An id alone is R4 too, but Medplum's repository finds nothing by it."""
    assert patient_query("Task", ["a", "b"]) == "Task?patient=Patient/a,Patient/b"
    assert patient_query("Patient", ["a", "b"]) == "Patient?_id=a,b"
