"""The journal as a whole: every save that a person was told is safe."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.store.record import View


@dataclass(frozen=True, slots=True)
class Save:
    """One save of a person at this terminal.

    Attributes:
        seq: Place in the journal.
        type: FHIR resource type.
        id: Logical id.
        operation: ``create``, ``update`` or ``delete``.
        body: JSON text as it was saved; None for a deletion.
        sent: Whether the server has acknowledged it.
    """

    seq: int
    type: str
    id: str
    operation: str
    body: str | None
    sent: bool


def saves_of_people(view: View) -> list[Save]:
    """Every save that a person made here, oldest first; the terminal's own are left out."""
    rows = view.connection.exec_driver_sql(
        "SELECT seq, type, id, operation, body, answer_status FROM change"
        " WHERE author IS NOT NULL ORDER BY seq"
    )
    return [
        Save(seq, type_, id_, operation, body, status is not None)
        for seq, type_, id_, operation, body, status in rows
    ]
