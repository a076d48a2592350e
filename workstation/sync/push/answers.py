"""Decides what each answer of the server means for the change it belongs to."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from http import HTTPStatus


class Verdict(Enum):
    """What to do with a change after its answer."""

    ACCEPTED = auto()
    """The server has it."""
    CHANGED = auto()
    """The server has another version than expected: read it, then acknowledge or merge."""
    MISSING = auto()
    """The server does not know the record: deleted or moved."""
    PARK = auto()
    """The server refuses it for what it is: a person must look."""
    SIGN_IN = auto()
    """The server wants to know who we are: stop everything."""
    FORBIDDEN = auto()
    """The server does not let us do this: it refuses this one, or it wants a sign-in."""
    LATER = auto()
    """The server stumbled: try this one again later."""
    BUSY = auto()
    """The server did not get to this one: send it again with the next batch."""
    DOUBT = auto()
    """Nobody knows: look it up."""


_PLAIN: dict[int, Verdict] = {
    HTTPStatus.CONFLICT: Verdict.CHANGED,
    HTTPStatus.PRECONDITION_FAILED: Verdict.CHANGED,
    HTTPStatus.UNAUTHORIZED: Verdict.SIGN_IN,
    HTTPStatus.FORBIDDEN: Verdict.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS: Verdict.BUSY,
    HTTPStatus.SERVICE_UNAVAILABLE: Verdict.BUSY,
}
_MISSING = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_LATER = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.LOCKED,
    HTTPStatus.FAILED_DEPENDENCY,
)

GIVE_UP_AFTER = 5
"""A change on which the server stumbled this often is parked, so that a person hears of it."""


def verdict(status: int, operation: str, attempts: int) -> Verdict:
    """What an answer means.

    Args:
        status: HTTP status of the answer to this one change; 0 when it had none.
        operation: ``create``, ``update`` or ``delete``.
        attempts: How often this change was sent before without success.
    """
    if status in _PLAIN:
        return _PLAIN[status]
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Verdict.ACCEPTED
    if status < HTTPStatus.BAD_REQUEST:
        return Verdict.DOUBT
    if status in _MISSING and operation != "create":
        return Verdict.MISSING
    again = status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Verdict.LATER if again and attempts < GIVE_UP_AFTER else Verdict.PARK


def later(now: datetime, attempts: int) -> datetime:
    """When to try again what the server stumbled over, the longer the more often it did."""
    return now + timedelta(seconds=2.0 ** min(attempts + 1, 8))
