"""How far back to ask, so that nothing is missed: the cursor's arithmetic, without any I/O.

Servers stamp a row before they commit it, so the newest stamp seen says nothing about what is
still to appear with an older one. Every pull therefore starts an overlap before the watermark:
120 s, or twice the longest delay that was ever observed, at most an hour. Where the watermark
stands still the overlap shrinks as the server's own time goes on: what is older than the overlap
by then has appeared. Only the server's stamps and ``Date`` are used, never this terminal's clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from workstation.store.sync_state import Cursor

SHORTEST_S: Final = 120
LONGEST_S: Final = 3600
DATE_PRECISION_S: Final = 2
"""``Date`` tells whole seconds, at both ends of a span."""
_OUR_TIMES: Final = range(1900, 2200)


def instant(text: str) -> datetime | None:
    """A server's ``instant`` in UTC; None when it is empty, unreadable, or of no time of ours."""
    try:
        found = datetime.fromisoformat(text)
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in _OUR_TIMES else None


def since(cursor: Cursor) -> str:
    """From when on to ask; empty for everything."""
    mark = instant(cursor.watermark)
    if mark is None:
        return ""
    start = mark - timedelta(seconds=max(0, cursor.overlap_s - cursor.settled_s))
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{start.microsecond // 1000:03}Z"


def newest(stamps: Iterable[str]) -> str:
    """The latest of some stamps, as the server wrote it; empty if there is none."""
    known = [(found, text) for text in stamps if (found := instant(text)) is not None]
    return max(known)[1] if known else ""


def _no_later(stamp: str, latest: str) -> str:
    found, bound = instant(stamp), instant(latest)
    return stamp if found is None or bound is None or found <= bound else latest


def advanced(
    cursor: Cursor, seen: Iterable[str], fresh: Iterable[str], latest: str = "", began: str = ""
) -> Cursor:
    """The cursor after a complete pull.

    Args:
        cursor: Before it.
        seen: Stamps of all matches.
        fresh: Stamps of those that were new here; one older than the watermark came late.
        latest: The server's time now, which no watermark passes: a record stamped far in the
            future would hide all that comes after it. Empty where the server does not say.
        began: The server's time when the pull began; empty if it does not say.
    """
    mark = instant(cursor.watermark)
    late = [
        (mark - stamp).total_seconds()
        for text in fresh
        if mark is not None and (stamp := instant(text)) is not None and stamp < mark
    ]
    overlap = max(cursor.overlap_s, SHORTEST_S, int(2 * max(late, default=0.0)))
    watermark = _no_later(newest([cursor.watermark, *seen]), latest)
    moved = watermark != cursor.watermark
    return replace(
        cursor,
        watermark=watermark,
        overlap_s=min(overlap, LONGEST_S),
        seen_at=latest if moved or not cursor.seen_at else cursor.seen_at,
        settled_s=0 if moved else max(cursor.settled_s, _passed(cursor.seen_at, began)),
    )


def _passed(seen_at: str, began: str) -> int:
    """Seconds between two of the server's times, as many as are certain."""
    first, last = instant(seen_at), instant(began)
    if first is None or last is None:
        return 0
    return max(0, int((last - first).total_seconds()) - DATE_PRECISION_S)
