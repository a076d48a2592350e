"""Lays a pending change on a newer version of the server, or opens a conflict.

Called wherever the two meet: in a pull, and after a 409, 412, 404 or 410 in a push. In this order:
the server's version equals what was sent, then it was our own lost answer; both sides say the
same, then nothing needs sending; the merge decides everything else.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto
from http import HTTPStatus

from workstation.fhir.json import dump, equal, parse
from workstation.store.conflicts import candidate
from workstation.store.mirror import Pulled, apply
from workstation.store.queue import Answer, Waiting, acknowledge, rebase, settle_unsent, waiting
from workstation.store.record import Unit
from workstation.sync.conflicts import open_conflict
from workstation.sync.merge import Clash, Merged, merge
from workstation.sync.provenance import record_merge


class Meeting(Enum):
    """What came of a change that met a newer version."""

    OURS = auto()
    """It was our own change, whose answer was lost."""
    SAME = auto()
    """Both sides say the same: nothing to send."""
    MERGED = auto()
    """Laid on the new version, to be sent."""
    CONFLICT = auto()
    """A person has to decide."""


def is_ours(row: Waiting, theirs: Pulled) -> bool:
    """Whether the server's version is what was sent and never answered."""
    if row.frozen_body is None:
        return False
    if theirs.resource is None:
        return row.operation == "delete"
    return row.operation != "delete" and equal(parse(row.frozen_body), theirs.resource)


def meet(unit: Unit, theirs: Pulled, row: Waiting, now: datetime) -> Meeting:
    """Bring one pending change and the server's version together.

    Args:
        unit: A writing transaction in which `theirs` stands in the mirror.
        theirs: The server's version.
        row: The pending change, as it is in this transaction.
        now: The time of this terminal.
    """
    if is_ours(row, theirs):
        acknowledge(unit, [_as_answer(row, theirs)], now)
        return Meeting.OURS
    base = parse(row.base_body) if row.base_body else None
    mine = None if row.operation == "delete" else parse(row.body)
    result = merge(base, mine, theirs.resource)
    if isinstance(result, Clash):
        open_conflict(unit, row.reference, theirs.resource, result, now)
        return Meeting.CONFLICT
    return _take(unit, theirs, row, result, now)


def meet_after(unit: Unit, own: Pulled, theirs: Pulled, row: Waiting, now: datetime) -> Meeting:
    """As `meet`, where an older version on the server is known to be what was sent.

    Args:
        unit: A writing transaction.
        own: The older version that equals what was sent.
        theirs: The server's version now, made by somebody on top of it.
        row: The pending change.
        now: The time of this terminal.
    """
    acknowledge(unit, [_as_answer(row, own)], now)
    apply(unit, [theirs])
    left = waiting(unit, [row.key]).get(row.key)
    return Meeting.OURS if left is None else meet(unit, theirs, left, now)


def _take(unit: Unit, theirs: Pulled, row: Waiting, result: Merged, now: datetime) -> Meeting:
    merged = result.resource
    if merged is None:
        if theirs.deleted:
            settle_unsent(unit, row, now, HTTPStatus.GONE)
            return Meeting.SAME
        rebase(
            unit,
            row,
            version=theirs.version,
            base_body=theirs.body,
            body=row.body,
            operation="delete",
        )
        return Meeting.MERGED
    if theirs.resource is not None and equal(merged, theirs.resource):
        settle_unsent(unit, row, now, HTTPStatus.OK)
        return Meeting.SAME
    source = candidate(unit, row.type, row.id)
    rebase(
        unit,
        row,
        version=theirs.version,
        base_body=theirs.body,
        body=dump(merged),
        operation="update",
    )
    if source is not None:
        record_merge(unit, result, source, theirs.version, now)
    return Meeting.MERGED


def _as_answer(row: Waiting, theirs: Pulled) -> Answer:
    return Answer(
        row.type,
        row.id,
        theirs.version,
        theirs.last_updated,
        None if theirs.deleted else theirs.body,
        HTTPStatus.OK,
        deleted=theirs.deleted,
    )
