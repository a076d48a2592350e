"""Drafts: what a person has typed and not yet saved. They stay on this terminal, encrypted.

A draft belongs to one person, is about one patient (or none) and of one kind; there is at most one
of each. It never enters the journal and is never sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.store.record import Unit, View
from workstation.store.tables import from_milliseconds, to_milliseconds

_COLUMNS = "id, person, patient, kind, body, saved_at"


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft.

    Attributes:
        id: Made by the writer; the same at each pause.
        person: Id of whoever types.
        patient: Id of the patient it is about, if any.
        kind: What it will become, such as ``doctor-note``.
        body: JSON text; its form is known to the service of that kind.
        saved_at: When it was last kept (aware).
    """

    id: str
    person: str
    patient: str | None
    kind: str
    body: str
    saved_at: datetime


def keep(unit: Unit, draft: Draft) -> None:
    """Keep a draft, in place of the one with its id."""
    unit.connection.exec_driver_sql(
        f"INSERT INTO draft ({_COLUMNS}) VALUES (?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE"
        " SET body = excluded.body, saved_at = excluded.saved_at",
        (
            *(draft.id, draft.person, draft.patient, draft.kind, draft.body),
            to_milliseconds(draft.saved_at),
        ),
    )


def discard(unit: Unit, id: str) -> None:
    """Forget a draft, because it was saved as a record or its writer gave it up."""
    unit.connection.exec_driver_sql("DELETE FROM draft WHERE id = ?", (id,))


def of_person(view: View, person: str, *, patient: str | None = None) -> list[Draft]:
    """A person's drafts, newest first.

    Args:
        view: Where to read.
        person: Id of the person; nobody sees another's drafts.
        patient: Only those about this patient.
    """
    rows = view.connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM draft WHERE person = ?"
        " AND (? IS NULL OR patient = ?) ORDER BY saved_at DESC, id",
        (person, patient, patient),
    )
    return [
        Draft(id, writer, about, kind, body, from_milliseconds(saved_at))
        for id, writer, about, kind, body, saved_at in rows
    ]
