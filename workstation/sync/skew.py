"""How far this terminal's clock is from the server's, measured on the answers that come anyway.

A ``Date`` header has whole seconds; the true moment lies somewhere in that second and somewhere
between request and answer, so the middle of both is taken. Order and conflict decisions never use
a clock (promise P8); the skew is only shown and recorded.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

WORTH_SHOWING_S: Final = 120.0


def measure(sent: datetime, received: datetime, date: str) -> timedelta | None:
    """How far this terminal is ahead of the server.

    Args:
        sent: By this terminal's clock.
        received: By this terminal's clock.
        date: The answer's ``Date`` header.

    Returns:
        Positive when this terminal is ahead; None when the header is missing or unreadable.
    """
    try:
        server = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    if server.tzinfo is None:
        server = server.replace(tzinfo=UTC)
    return sent + (received - sent) / 2 - server - timedelta(seconds=0.5)


def worth_showing(skew: timedelta) -> bool:
    """Whether people must be told (over 120 s, either way)."""
    return abs(skew.total_seconds()) > WORTH_SHOWING_S
