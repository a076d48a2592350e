"""What waits for a person because two people changed one record: reading it, setting it aside.

The truth is in the Tasks (`workstation.fhir.conflict`), which travel like any resource; the table
``conflict`` only finds them (`workstation.store.conflict_index`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.fhir import conflict as fhir
from workstation.fhir.json import Resource, parse
from workstation.kernel.errors import Refused
from workstation.store.index import IndexRow, refresh
from workstation.store.record import Unit, View
from workstation.store.tables import from_milliseconds, to_milliseconds

SET_ASIDE: Final = 409
"""``change.answer_status`` of what a conflict Task holds since."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What one terminal meant and the server has not accepted.

    Attributes:
        base: What the edit started from.
        base_version: Its version on the server.
        body: What is meant; None when deleted here.
        author: ``Practitioner/<id>`` of the last one who edited.
        display: That person's name.
        device: The terminal.
        at: When it was last edited, by this terminal's clock, in UTC.
    """

    base: Resource | None
    base_version: str | None
    body: Resource | None
    author: str | None
    display: str | None
    device: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the index of conflicts."""

    id: str
    type: str
    resource_id: str
    patient: str | None
    state: str


def candidate(view: View, type_: str, id_: str) -> Pending | None:
    """What is pending for a resource, with the last author from the journal."""
    row = view.connection.exec_driver_sql(
        "SELECT p.operation, p.body, p.base_version, p.base_body, c.author, c.author_display,"
        " c.device, c.recorded_at FROM pending p JOIN change c ON c.seq = p.last_seq"
        " WHERE p.type = ? AND p.id = ?",
        (type_, id_),
    ).one_or_none()
    if row is None:
        return None
    return Pending(
        base=parse(row[3]) if row[3] else None,
        base_version=row[2],
        body=None if row[0] == "delete" else parse(row[1]),
        author=row[4],
        display=row[5],
        device=row[6],
        at=from_milliseconds(row[7]),
    )


def set_aside(unit: Unit, focus: str, task_id: str, now: datetime) -> None:
    """Take a candidate out of the queue once a Task holds it whole.

    The server's copy is the current one from here on.

    Args:
        unit: The unit of work in which the Task was saved.
        focus: ``Type/id`` of the record.
        task_id: The Task that holds the candidate.
        now: The time of this terminal.

    Raises:
        Refused: ``candidate-not-kept``: there is no such Task; nothing is removed (P2).
    """
    if unit.get("Task", task_id) is None:
        raise Refused("candidate-not-kept", reference=focus)
    type_, _, id_ = focus.partition("/")
    connection = unit.connection
    connection.exec_driver_sql(
        "UPDATE change SET answered_at = ?, answer_status = ? WHERE type = ? AND id = ?"
        " AND answered_at IS NULL",
        (to_milliseconds(now), SET_ASIDE, type_, id_),
    )
    for table in ("pending", "parked"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE type = ? AND id = ?", (type_, id_))
    current = unit.get(type_, id_)
    shown = None if current is None or current.deleted else current.resource()
    unit.flush()
    refresh(connection, [IndexRow(type_, id_, shown)])


def entries(view: View, *, state: str | None = "open", patient: str | None = None) -> list[Entry]:
    """Conflicts, oldest first; all states with None."""
    rows = view.connection.exec_driver_sql(
        "SELECT id, type, resource_id, patient, state FROM conflict"
        " WHERE state = coalesce(?, state) AND (? IS NULL OR patient = ?) ORDER BY opened_at, id",
        (state, patient, patient),
    )
    return [Entry(*row) for row in rows]


def load(view: View, entry_ids: Iterable[str]) -> list[fhir.Conflict]:
    """The conflicts themselves, whole."""
    tasks = (view.get("Task", id_) for id_ in entry_ids)
    return [fhir.from_task(task.resource()) for task in tasks if task is not None]
