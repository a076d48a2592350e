"""Alerts that people of the ward put up and take down: the maternity chart."""

from __future__ import annotations

from workstation.fhir import flag
from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.security.rights import require
from workstation.services import stays
from workstation.services.desk import Desk


def set_maternity(desk: Desk, patient: PatientId, *, on: bool) -> Changes:
    """Let the obstetric score hold for a woman, or no longer.

    Args:
        desk: Who decides: a nurse or a doctor.
        patient: For whom.
        on: Whether she is pregnant or gave birth in the last six weeks.

    Raises:
        Refused: ``not-permitted``; ``not-admitted``.
    """
    require(desk.person, "chart")
    with desk.store.write(desk.author) as unit:
        stay = stays.in_progress(unit, patient)
        standing = [
            stored
            for stored in unit.find("Flag", patient=patient)
            if flag.active_codes([stored.resource()]) == {"maternity"}
        ]
        if on and not standing:
            entry = desk.entry(patient, stay.id)
            unit.create(flag.write(entry, "maternity"))
        for seen in () if on else standing:
            unit.update(flag.ended(seen.resource(), at=desk.now()), seen=seen)
        desk.audit(unit, f"maternity-chart-{'on' if on else 'off'}", f"Patient/{patient}")
        return unit.changes
