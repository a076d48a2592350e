"""How far back to ask, and what is an accident: the pure part of the pull."""

from __future__ import annotations

import pytest

from workstation.kernel.errors import Damaged
from workstation.store.sync_state import Cursor
from workstation.sync.pull.cursor import LONGEST_S, advanced, instant, newest, since
from workstation.sync.pull.guard import (
    Sentinel,
    check_losses,
    check_sentinels,
    check_shrinking,
    compare,
)
from workstation.sync.pull.scope import chunks, followed, patient_query, stays_query

EIGHT = "2026-11-20T08:00:00.500+07:00"
NINE = "2026-11-20T09:00:00+07:00"
TEN = "2026-11-20T10:00:00+07:00"


def test_a_pull_starts_an_overlap_before_the_watermark_in_the_servers_time() -> None:
    assert since(Cursor(watermark=EIGHT)) == "2026-11-20T00:58:00.500Z"
    assert since(Cursor(watermark=EIGHT, overlap_s=600)) == "2026-11-20T00:50:00.500Z"
    assert since(Cursor()) == ""


def test_stamps_are_compared_as_moments_and_kept_as_written() -> None:
    assert newest(["2026-11-20T01:30:00Z", EIGHT, "nonsense", ""]) == "2026-11-20T01:30:00Z"
    assert newest(["", "nonsense"]) == ""
    assert instant("2026-11-20T01:00:00") == instant("2026-11-20T01:00:00Z")


def test_the_cursor_moves_to_the_newest_match_and_never_back() -> None:
    assert advanced(Cursor(watermark=EIGHT), [NINE], [NINE]).watermark == NINE
    assert advanced(Cursor(watermark=NINE), [EIGHT], []).watermark == NINE


def test_what_comes_late_widens_the_overlap_up_to_an_hour() -> None:
    late = "2026-11-20T08:55:00+07:00"
    assert advanced(Cursor(watermark=NINE), [late], [late]).overlap_s == 600
    assert advanced(Cursor(watermark=NINE), [EIGHT], [EIGHT]).overlap_s == LONGEST_S
    assert advanced(Cursor(watermark=NINE), [late], []).overlap_s == 120
    assert advanced(Cursor(), [late], [late, "nonsense"]).overlap_s == 120


SAME = Sentinel("3", EIGHT, 200, "3", EIGHT)
NEWER = Sentinel("3", EIGHT, 200, "4", NINE)
OLDER = Sentinel("4", NINE, 200, "3", EIGHT)
TWIN = Sentinel("3", EIGHT, 200, "3", NINE)
FALLEN = Sentinel("4", EIGHT, 200, "3", NINE)
UUIDS = Sentinel("4f", EIGHT, 200, "3a", NINE)
UNHEARD = Sentinel("1", EIGHT, 404)
DELETED = Sentinel("1", EIGHT, 410)


@pytest.mark.parametrize(
    "sentinels",
    [
        [],
        [SAME],
        [NEWER, SAME],
        [DELETED] * 9,
        [UNHEARD],
        [UNHEARD, UNHEARD],
        [UNHEARD, SAME, SAME],
        [Sentinel("3", "", 200, "2", "")],
        [Sentinel("", EIGHT, 200, "", NINE)],
        [UUIDS],
    ],
)
def test_a_days_work_is_no_accident(sentinels: list[Sentinel]) -> None:
    check_sentinels(sentinels)


@pytest.mark.parametrize(
    ("sentinels", "code"),
    [
        ([OLDER], "server-restored"),
        ([SAME, OLDER, SAME], "server-restored"),
        ([UNHEARD, UNHEARD, SAME], "server-restored"),
        ([UNHEARD] * 3, "server-emptied"),
        ([TWIN], "server-restored"),
        ([FALLEN], "server-restored"),
    ],
)
def test_an_accident_is_recognised(sentinels: list[Sentinel], code: str) -> None:
    with pytest.raises(Damaged) as caught:
        check_sentinels(sentinels)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("sentinels", "now"),
    [
        ([SAME, NEWER, OLDER, DELETED], NINE),
        ([UNHEARD, SAME], EIGHT),
        ([UNHEARD], "2026-11-20T08:05:00+07:00"),
        ([], ""),
    ],
)
def test_where_deletions_are_told_nothing_is_lost_yet(sentinels: list[Sentinel], now: str) -> None:
    check_losses(sentinels, now)


@pytest.mark.parametrize(
    ("lost", "now"),
    [(UNHEARD, NINE), (UNHEARD, ""), (Sentinel("1", "", 404), NINE)],
)
def test_where_deletions_are_told_one_record_lost_is_an_accident(lost: Sentinel, now: str) -> None:
    with pytest.raises(Damaged, match="server-restored"):
        check_losses([SAME] * 19 + [lost], now)


def test_much_that_is_gone_at_once_stops_everything() -> None:
    check_shrinking(2, 2, "patients")
    check_shrinking(36, 18, "patients")
    with pytest.raises(Damaged) as caught:
        check_shrinking(36, 19, "patients")
    assert caught.value.code == "server-much-smaller"


def test_the_overlap_shrinks_with_the_servers_time_while_nothing_new_comes() -> None:
    first = advanced(Cursor(watermark=EIGHT), [NINE], [NINE], clock(2, 10, 0), clock(2, 9, 58))
    assert (first.seen_at, first.settled_s) == (clock(2, 10, 0), 0)
    assert since(first) == "2026-11-20T01:58:00.000Z"
    later = advanced(first, [NINE], [], clock(2, 11, 4), clock(2, 11, 2))
    assert later.settled_s == 60
    assert since(later) == "2026-11-20T01:59:00.000Z"
    assert advanced(later, [NINE], [], "", clock(2, 10, 30)).settled_s == 60
    settled = advanced(later, [NINE], [], clock(3, 0, 0), clock(3, 0, 0))
    assert since(settled) == "2026-11-20T02:00:00.000Z"
    assert advanced(Cursor(watermark=NINE), [NINE], [], "", "").settled_s == 0
    moved = advanced(settled, [NINE, TEN], [TEN], clock(3, 0, 1), clock(3, 0, 0))
    assert (moved.seen_at, moved.settled_s) == (clock(3, 0, 1), 0)


def clock(hour: int, minute: int, second: int) -> str:
    """The server's time, told by its ``Date``."""
    return f"2026-11-20T{hour:02}:{minute:02}:{second:02}+00:00"


def test_ids_and_versions_are_compared() -> None:
    found = compare({"A/1": "1", "A/2": "2", "A/3": "1"}, {"A/1": "1", "A/2": "1", "A/4": "1"})
    assert found.lacking == ("A/2", "A/3")
    assert found.vanished == ("A/4",)
    assert found
    assert not compare({"A/1": "1"}, {"A/1": "1"})


def test_queries_name_patients_and_places() -> None:
    assert patient_query("Patient", ["a", "b"]) == "Patient?_id=a,b"
    assert patient_query("Flag", ["a"]) == "Flag?patient=Patient/a"
    assert "location=Location/w,Location/b" in stays_query(["w", "b"])
    assert chunks(["a", "b", "c"], 2) == [["a", "b"], ["c"]]


def test_only_types_that_the_server_has_are_followed() -> None:
    assert followed(["Flag", "Patient"], ("Patient", "Task", "Flag")) == ["Patient", "Flag"]
    assert followed([], ("Patient", "Task")) == ["Patient", "Task"]
