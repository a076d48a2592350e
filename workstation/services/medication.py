"""Doses: give, withhold; a dose that was just given is refused with who and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from workstation.clinical.dosage import Amount
from workstation.clinical.double_dose import AS_NEEDED_WINDOW, LONGEST_DOSE_WINDOW
from workstation.clinical.medication_record import Outcome
from workstation.fhir import dose as doses
from workstation.fhir import drug_order
from workstation.fhir.entry import Entry
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.services import stays
from workstation.services.desk import Desk
from workstation.store import Stored, Unit


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
    outcome = Outcome.GIVEN if reason is None else Outcome.WITHHELD
    dose = doses.write(entry, resource, amount=amount, outcome=outcome, reason=reason)
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
