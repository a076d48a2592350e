"""What the person at a desk has seen of a patient: marks that stay on this terminal."""

from __future__ import annotations

from datetime import datetime

from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.store import View
from workstation.store import seen as store


def mark(desk: Desk, patient: PatientId, what: str, *, at: datetime | None = None) -> None:
    """Note that the person at a desk has seen something of a patient.

    Args:
        desk: Who looked.
        patient: At whose record.
        what: A short name of what was looked at, such as ``results``; one for each feature.
        at: When that which was shown was read (aware); now if it is not given.
    """
    with desk.store.write() as unit:
        store.mark(unit, desk.person.id, patient, what, at or desk.clock.now())


def since(view: View, person: str, patient: PatientId, what: str) -> datetime | None:
    """Up to when a person has seen something of a patient (aware); None if never."""
    return store.since(view, person, patient, what)


def arrived(view: View, patient: PatientId, moment: datetime) -> tuple[tuple[str, str], ...]:
    """Type and id of what came from the hospital of a patient after a moment, oldest first.

    Vital signs are not in it: they are found by their own time.
    """
    return tuple((type_, id_) for type_, id_, _ in store.arrived_since(view, patient, moment))
