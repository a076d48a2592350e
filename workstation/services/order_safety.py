"""Safety at ordering: what speaks against an order of this patient, and a person's answer to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workstation.clinical import order_check
from workstation.clinical.order_safety import (
    ActiveDrug,
    Alert,
    Checked,
    EarlierTest,
    Facts,
    Kind,
    Override,
    Proposed,
    Quantity,
    Severity,
    Source,
    Unchecked,
    Words,
)
from workstation.fhir import order_override
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.security.people import Person
from workstation.security.rights import require
from workstation.services import charting, order_facts
from workstation.services.desk import Desk
from workstation.store import Unit, View

__all__ = [
    "Accepted",
    "ActiveDrug",
    "Alert",
    "Checked",
    "EarlierTest",
    "Facts",
    "Kind",
    "Override",
    "Proposed",
    "Quantity",
    "Severity",
    "Source",
    "Unchecked",
    "Words",
    "accepted",
    "check",
    "check_all",
    "facts",
    "record_override",
]

SECOND_RIGHT: Final = "administer"
"""Who may confirm: doctors and nurses. Two doctors are seldom on a ward at night."""


def check(desk: Desk, patient: PatientId, proposed: Proposed) -> Checked:
    """What speaks against an order that is about to be signed.

    Args:
        desk: Who orders.
        patient: For whom.
        proposed: A drug or a test.

    Returns:
        Alerts, the strongest first; and what could not be checked for want of a fact.
    """
    return check_all(desk, patient, [proposed])[0]


def check_all(desk: Desk, patient: PatientId, proposed: Sequence[Proposed]) -> tuple[Checked, ...]:
    """The same for several orders that are signed together, which meet each other as well.

    Returns:
        In the order of `proposed`; a pair among them is told at the later one.
    """
    with desk.store.read() as view:
        known = facts(view, desk, patient, proposed)
    return order_check.check_together(proposed, known, desk.knowledge)


def facts(view: View, desk: Desk, patient: PatientId, proposed: Sequence[Proposed] = ()) -> Facts:
    """What the record says that matters for some orders.

    Args:
        view: One snapshot.
        desk: Who asks: their earlier answers count.
        patient: Whose record.
        proposed: Earlier results are read of the tests among these.
    """
    tests = frozenset(each.test for each in proposed if each.test)
    return order_facts.read(view, desk, patient, tests)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An alert that stands beside an order because it was signed all the same.

    Attributes:
        about: What was ordered and what it met, in words.
        reason: The words of who ordered.
        by: Who ordered.
        second: Who confirmed; empty when nobody had to.
    """

    about: str
    reason: str
    by: str
    second: str


def accepted(view: View, patient: PatientId) -> dict[str, tuple[Accepted, ...]]:
    """The accepted alerts of a patient, by ``Type/id`` of the order."""
    found: dict[str, list[Accepted]] = {}
    for stored in view.find("DetectedIssue", patient=patient):
        read = order_override.read(stored.resource())
        if read is not None:
            told = Accepted(read.about, read.reason, read.by, read.second)
            found.setdefault(read.order, []).append(told)
    return {order: tuple(alerts) for order, alerts in found.items()}


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
        Refused: ``reason-missing``; ``second-person-missing``; ``second-person-same``;
            ``not-permitted``, when the second person is no clinician.
    """
    if not alert.severity.interrupts:
        return
    why = charting.reason_given(reason)
    second = _second(desk, alert, second_person)
    entry = desk.entry(patient, None)
    unit.create(order_override.write(entry, order, alert, reason=why, second=second))
    desk.audit(unit, "override-alert", order)


def _second(desk: Desk, alert: Alert, person: Person | None) -> dict[str, str] | None:
    if alert.severity is not Severity.SECOND_PERSON:
        return None
    if person is None:
        raise Refused("second-person-missing", field="second_person", drug=alert.proposed)
    if person.id == desk.person.id:
        raise Refused("second-person-same", field="second_person")
    require(person, SECOND_RIGHT)
    return {"reference": f"Practitioner/{person.id}", "display": person.name}
