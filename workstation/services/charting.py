"""What all charting shares: no time ahead, a reason for a change, one's own taken back at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from workstation.kernel.errors import Refused
from workstation.kernel.words import tr
from workstation.services.desk import Desk

FUTURE_TOLERANCE: Final = timedelta(minutes=2)
"""An entry may carry a time this far ahead: people round up, and clocks differ by a little."""
UNDO_WITHIN: Final = timedelta(minutes=10)
"""One's own entry can be taken back without a reason for this long."""


def refuse_future(desk: Desk, at: datetime, field: str = "at") -> None:
    """Refuse a time that has not come yet.

    Args:
        desk: Whose clock counts.
        at: What was typed (aware).
        field: Where it was typed.

    Raises:
        Refused: ``in-future``.
    """
    if at > desk.clock.now() + FUTURE_TOLERANCE:
        raise Refused("in-future", field=field)


def reason_given(reason: str) -> str:
    """The reason without blanks around it.

    Raises:
        Refused: ``reason-missing`` (field ``reason``).
    """
    given = reason.strip()
    if not given:
        raise Refused("reason-missing", field="reason")
    return given


def signed(desk: Desk, reason: str) -> dict[str, Any]:
    """Reason, author and time of a change, as `workstation.fhir` writes them down.

    Args:
        desk: Who changes.
        reason: Why, cut to what the record keeps.

    Raises:
        Refused: ``reason-missing`` (field ``reason``).
    """
    return {"reason": reason_given(reason), "author": desk.performer, "at": desk.now()}


def taken_back(desk: Desk) -> dict[str, Any]:
    """The same of an entry that one takes back oneself: nobody is asked why."""
    return signed(desk, tr("Taken back by the person who charted it"))


def refuse_undo(desk: Desk, by: str | None, at: datetime | None) -> None:
    """Let only one's own be taken back, and only for a few minutes.

    Args:
        desk: Who takes back.
        by: ``Practitioner/<id>`` of who charted it.
        at: When it was charted (aware).

    Raises:
        Refused: ``not-own-entry``; ``too-late-to-undo`` (``minutes``).
    """
    if by != desk.reference:
        raise Refused("not-own-entry")
    if at is None or desk.clock.now() - at > UNDO_WITHIN:
        raise Refused("too-late-to-undo", minutes=UNDO_WITHIN // timedelta(minutes=1))
