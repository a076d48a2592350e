"""Safety at ordering: what speaks against an order of this patient, and a person's answer to it."""

from __future__ import annotations

from workstation.clinical.order_safety import Alert, Checked, Proposed, Severity, Unchecked
from workstation.kernel.ids import PatientId
from workstation.security.people import Person
from workstation.services.desk import Desk
from workstation.store import Unit

__all__ = ["Alert", "Checked", "Proposed", "Severity", "Unchecked", "check", "record_override"]


def check(desk: Desk, patient: PatientId, proposed: Proposed) -> Checked:
    """What speaks against an order that is about to be signed.

    Args:
        desk: Who orders.
        patient: For whom.
        proposed: A drug or a test.

    Returns:
        Alerts, the strongest first; and what could not be checked for want of a fact.
    """
    del desk, patient, proposed
    return Checked()


def record_override(
    unit: Unit,
    desk: Desk,
    patient: PatientId,
    order: str,
    alert: Alert,
    *,
    reason: str,
    second_person: Person | None = None,
) -> None:
    """Keep that an alert was seen and the order signed all the same, in the order's unit of work.

    Args:
        unit: The unit of work that creates the order.
        desk: Who orders.
        patient: For whom.
        order: ``MedicationRequest/<id>`` or ``ServiceRequest/<id>``.
        alert: As `check` gave it.
        reason: The person's words.
        second_person: Who confirmed with their PIN, for an alert that asks for one.

    Raises:
        Refused: ``reason-missing``; ``second-person-missing``; ``same-person``.
    """
    del unit, desk, patient, order, alert, reason, second_person
