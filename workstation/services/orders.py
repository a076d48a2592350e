"""Orders: sign, hold, resume, stop, complete; a change is a new order that ends the old one."""

from __future__ import annotations

from typing import Final

from workstation.clinical.dosage import Prescription
from workstation.clinical.schedule import MOST_A_DAY
from workstation.fhir import drug_order
from workstation.fhir.entry import Entry
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.security.rights import require
from workstation.services import stays
from workstation.services.desk import Desk
from workstation.store import Stored, Unit

RIGHT: Final = "order"


def order_drug(desk: Desk, patient: PatientId, prescription: Prescription) -> Changes:
    """Order a drug from now on.

    Raises:
        Refused: ``not-permitted``; ``not-admitted``; ``dose-not-positive``; ``not-a-frequency``.
    """
    require(desk.person, RIGHT)
    _refuse_impossible(prescription)
    with desk.store.write(desk.author) as unit:
        entry = _entry(desk, unit, patient)
        unit.create(drug_order.write(entry, prescription))
        desk.audit(unit, "order-drug", f"MedicationRequest/{entry.own}")
        return unit.changes


def stop(desk: Desk, order_id: str, *, reason: str) -> Changes:
    """Stop a drug order; no dose may be given from now on.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``gone``; ``not-active``.
    """
    require(desk.person, RIGHT)
    if not reason.strip():
        raise Refused("reason-missing", field="reason")
    with desk.store.write(desk.author) as unit:
        seen = _active(unit, order_id)
        resource = drug_order.stopped(seen.resource(), at=desk.now(), reason=reason.strip())
        unit.update(resource, seen=seen)
        desk.audit(unit, "stop-drug", f"MedicationRequest/{order_id}")
        return unit.changes


def _refuse_impossible(prescription: Prescription) -> None:
    amount, times = prescription.amount, prescription.timing.times_a_day
    if amount is not None and amount.value <= 0:
        raise Refused("dose-not-positive", field="amount")
    if times is not None and not 1 <= times <= MOST_A_DAY:
        raise Refused("not-a-frequency", field="times_a_day", most=MOST_A_DAY)


def _entry(desk: Desk, unit: Unit, patient: PatientId) -> Entry:
    stay = stays.in_progress(unit, patient)
    return Entry(
        own=uuid7(), patient=patient, encounter=stay.id, author=desk.performer, at=desk.now()
    )


def _active(unit: Unit, order_id: str) -> Stored:
    seen = unit.get("MedicationRequest", order_id)
    if seen is None or seen.deleted:
        raise Refused("gone", reference=f"MedicationRequest/{order_id}")
    status = drug_order.read(seen.resource()).status
    if status not in ("active", "on-hold"):
        raise Refused("not-active", reference=f"MedicationRequest/{order_id}", status=status)
    return seen
