"""Drugs: order, stop, give; a dose that was just given is refused with who and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.collisions import AS_NEEDED_WINDOW, LONGEST_DOSE_WINDOW
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.fhir import dose as doses
from workstation.fhir import drug_order, elements
from workstation.fhir.entry import Entry
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.services import stays
from workstation.services.desk import Desk
from workstation.store import Stored, Unit

MOST_A_DAY: Final = 24


def order(
    desk: Desk,
    patient: PatientId,
    drug: Mapping[str, object],
    *,
    amount: Amount,
    route: str,
    times_a_day: int,
) -> Changes:
    """Order a drug from now on.

    Args:
        desk: Who orders.
        patient: For whom.
        drug: CodeableConcept: generic name with strength, and codes.
        amount: Each time.
        route: In words.
        times_a_day: How often in 24 hours, 1 to 24.

    Raises:
        Refused: ``not-admitted``; ``dose-not-positive``; ``not-a-frequency``.
    """
    if amount.value <= 0:
        raise Refused("dose-not-positive", field="amount")
    if not 1 <= times_a_day <= MOST_A_DAY:
        raise Refused("not-a-frequency", field="times_a_day", most=MOST_A_DAY)
    with desk.store.write(desk.author) as unit:
        entry = _entry(desk, unit, patient)
        resource = drug_order.write(
            entry,
            Prescription(
                drug=elements.concept_text(drug) or "",
                codes=tuple((system or "", code) for system, code in elements.codings(drug)),
                amount=amount,
                route=route,
                timing=Timing(times_a_day=times_a_day),
            ),
        )
        unit.create(resource)
        desk.audit(unit, "order-drug", f"MedicationRequest/{entry.own}")
        return unit.changes


def stop(desk: Desk, order_id: str, *, reason: str) -> Changes:
    """Stop a drug order; no dose may be given from now on.

    Raises:
        Refused: ``reason-missing``; ``gone``; ``not-active``.
    """
    if not reason.strip():
        raise Refused("reason-missing", field="reason")
    with desk.store.write(desk.author) as unit:
        seen = _active(unit, order_id)
        resource = drug_order.stopped(seen.resource(), at=desk.now(), reason=reason.strip())
        unit.update(resource, seen=seen)
        desk.audit(unit, "stop-drug", f"MedicationRequest/{order_id}")
        return unit.changes


def give(desk: Desk, order_id: str, *, amount: Amount | None = None) -> Changes:
    """Record a dose that was given now.

    Args:
        desk: Who gave it.
        order_id: Id of the MedicationRequest.
        amount: What was given, if it is not what was ordered.

    Raises:
        Refused: ``gone``; ``not-active`` for an order that is stopped; ``dose-just-given``
            (``giver``, ``at``) inside half the interval of the order.
    """
    with desk.store.write(desk.author) as unit:
        seen = _active(unit, order_id)
        _refuse_second_dose(unit, drug_order.read(seen.resource()), desk.now())
        return _dose(desk, unit, seen, amount=amount)


def withhold(desk: Desk, order_id: str, *, reason: str) -> Changes:
    """Record a dose that was due and not given, or refused by the patient.

    Raises:
        Refused: ``reason-missing``; ``gone``; ``not-active``.
    """
    if not reason.strip():
        raise Refused("reason-missing", field="reason")
    with desk.store.write(desk.author) as unit:
        return _dose(desk, unit, _active(unit, order_id), reason=reason.strip())


def _dose(
    desk: Desk, unit: Unit, seen: Stored, *, amount: Amount | None = None, reason: str | None = None
) -> Changes:
    resource = seen.resource()
    patient = drug_order.read(resource).patient
    entry = _entry(desk, unit, PatientId(patient or ""))
    status: doses.DoseStatus = "completed" if reason is None else "not-done"
    dose = doses.write(entry, resource, amount=amount, status=status, reason=reason)
    unit.create(dose)
    action = "give-dose" if reason is None else "withhold-dose"
    desk.audit(unit, action, f"MedicationAdministration/{entry.own}")
    return unit.changes


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
    if status != "active":
        raise Refused("not-active", reference=f"MedicationRequest/{order_id}", status=status)
    return seen


def _refuse_second_dose(unit: Unit, ordered: drug_order.DrugOrder, now: datetime) -> None:
    since = now - _window(ordered)
    for stored in unit.find("MedicationAdministration", patient=ordered.patient):
        dose = doses.read(stored.resource())
        given = dose.status in ("completed", "in-progress")
        if given and dose.order == ordered.id and dose.at is not None and dose.at > since:
            raise Refused("dose-just-given", giver=dose.giver or "", at=dose.at)


def _window(ordered: drug_order.DrugOrder) -> timedelta:
    """As long as the collision rules call a second dose a double one."""
    if ordered.interval_hours is None or ordered.as_needed:
        return AS_NEEDED_WINDOW
    return min(timedelta(hours=float(ordered.interval_hours)) / 2, LONGEST_DOSE_WINDOW)
