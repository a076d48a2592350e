"""Allergies: record one, say that none is known, take one back."""

from __future__ import annotations

from workstation.clinical.allergies import Allergy, known
from workstation.fhir import allergy as mapping
from workstation.fhir import systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.folding import fold
from workstation.kernel.ids import PatientId
from workstation.security.rights import require
from workstation.services import charting
from workstation.services.desk import Desk
from workstation.services.still_there import still_there
from workstation.store import Unit, View


def of_patient(view: View, patient: PatientId) -> tuple[Allergy, ...]:
    """Every allergy record of a patient, "none known" among them."""
    found = (
        mapping.read(stored.resource())
        for stored in view.find("AllergyIntolerance", patient=patient)
    )
    return tuple(each for each in found if each is not None)


def record(
    desk: Desk,
    patient: PatientId,
    substance: str,
    *,
    reaction: str = "",
    high_risk: bool = False,
) -> Changes:
    """Record an allergy.

    Args:
        desk: Who records it.
        patient: Whose it is.
        substance: In words.
        reaction: What happened, in words.
        high_risk: Whether a reaction may threaten life.

    Raises:
        Refused: ``substance-missing``; ``no-such-patient``; ``already-recorded`` when the same
            substance stands there and holds.
    """
    require(desk.person, "chart")
    bare = " ".join(substance.split())
    if not bare:
        raise Refused("substance-missing", field="substance")
    with desk.store.write(desk.author) as unit:
        entry = _entry(desk, unit, patient)
        if fold(bare) in {fold(each.substance) for each in known(of_patient(unit, patient))}:
            raise Refused("already-recorded", field="substance")
        reacted = reaction.strip() or None
        unit.create(mapping.write(entry, bare, reaction=reacted, high_risk=high_risk))
        return unit.changes


def record_none_known(desk: Desk, patient: PatientId) -> Changes:
    """Record that the patient was asked and knows of no allergy.

    Raises:
        Refused: ``no-such-patient``; ``allergy-known`` while an allergy stands there.
    """
    require(desk.person, "chart")
    with desk.store.write(desk.author) as unit:
        entry = _entry(desk, unit, patient)
        if known(of_patient(unit, patient)):
            raise Refused("allergy-known")
        unit.create(mapping.write_none_known(entry))
        return unit.changes


def enter_in_error(desk: Desk, allergy_id: str, *, reason: str) -> Changes:
    """Say of an allergy that it never was one; it stays in the record.

    Raises:
        Refused: ``reason-missing``; ``gone``.
    """
    require(desk.person, "chart")
    why = charting.reason_given(reason)
    with desk.store.write(desk.author) as unit:
        seen = still_there(unit, f"AllergyIntolerance/{allergy_id}")
        unit.update(_in_error(seen.resource(), desk, why), seen=seen)
        desk.audit(unit, "allergy-in-error", f"AllergyIntolerance/{allergy_id}")
        return unit.changes


def _entry(desk: Desk, unit: Unit, patient: PatientId) -> Entry:
    if unit.get("Patient", patient) is None:
        raise Refused("no-such-patient", field="patient")
    return desk.entry(patient, None)


def _in_error(resource: Resource, desk: Desk, reason: str) -> Resource:
    """The record without clinical status, as FHIR's rule ait-2 asks of an entry in error."""
    error = {"system": systems.ALLERGY_VERIFICATION, "code": "entered-in-error"}
    note = {
        "authorReference": desk.performer,
        "time": desk.now().isoformat(timespec="seconds"),
        "text": reason,
    }
    kept = {name: value for name, value in resource.items() if name != "clinicalStatus"}
    notes = [*resource.get("note", ()), note]
    return {**kept, "verificationStatus": {"coding": [error]}, "note": notes}
