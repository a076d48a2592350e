"""The versions of one resource that were saved at this terminal, out of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.store.record import View
from workstation.store.tables import from_milliseconds


@dataclass(frozen=True, slots=True)
class Written:
    """One save at this terminal, out of the journal.

    Attributes:
        seq: Place in the journal.
        operation: ``create``, ``update`` or ``delete``.
        body: JSON text as it was saved; None for a deletion.
        author: Name of who saved, as shown; None for the terminal itself.
        recorded_at: When (aware).
        answer_version: Version that the server gave to it; None while it is not received.
        answer_status: HTTP status of the answer; None while it is unsent.
    """

    seq: int
    operation: str
    body: str | None
    author: str | None
    recorded_at: datetime
    answer_version: str | None
    answer_status: int | None


def written(view: View, type: str, id: str) -> list[Written]:
    """What was saved at this terminal of one resource, oldest first."""
    rows = view.connection.exec_driver_sql(
        "SELECT seq, operation, body, author_display, recorded_at, answer_version, answer_status"
        " FROM change WHERE type = ? AND id = ? ORDER BY seq",
        (type, id),
    )
    return [
        Written(
            seq=row[0],
            operation=row[1],
            body=row[2],
            author=row[3],
            recorded_at=from_milliseconds(row[4]),
            answer_version=None if row[5] is None else str(row[5]),
            answer_status=row[6],
        )
        for row in rows
    ]
