"""Doses that were charted wrongly: taken back at once, corrected with a reason, or an error."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from workstation.clinical.dosage import Amount
from workstation.clinical.medication_record import Outcome
from workstation.fhir import dose as doses
from workstation.fhir.dose import Dose
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.words import tr
from workstation.security.rights import require
from workstation.services.desk import Desk
from workstation.services.medication import FUTURE_TOLERANCE, RIGHT
from workstation.store import Stored, Unit, history

UNDO_WITHIN: Final = timedelta(minutes=10)
"""One's own entry can be taken back without a reason for this long."""


def undo(desk: Desk, dose_id: str) -> Changes:
    """Take back what one has charted a moment ago oneself; it stays, as entered in error.

    Raises:
        Refused: ``not-permitted``; ``not-own-entry``; ``too-late-to-undo`` (``minutes``); ``gone``.
    """
    require(desk.person, RIGHT)
    why = _note(desk, tr("Taken back by the person who charted it"))
    with desk.store.write(desk.author) as unit:
        seen, dose = _seen(unit, dose_id)
        if dose.giver_reference != desk.reference:
            raise Refused("not-own-entry")
        charted = [each.recorded_at for each in history.written(unit, seen.type, seen.id)]
        if not charted or desk.clock.now() - min(charted) > UNDO_WITHIN:
            raise Refused("too-late-to-undo", minutes=int(UNDO_WITHIN.total_seconds()) // 60)
        unit.update(doses.enter_in_error(seen.resource(), why=why), seen=seen)
        desk.audit(unit, "undo-dose", f"MedicationAdministration/{dose_id}")
        return unit.changes


def correct(
    desk: Desk,
    dose_id: str,
    *,
    amount: Amount | None = None,
    at: datetime | None = None,
    reason: str,
) -> Changes:
    """Put amount or time right; what was charted wrongly stays in the history.

    Args:
        desk: Who corrects.
        dose_id: Id of the MedicationAdministration.
        amount: What was really given; as charted when None.
        at: When it really was given (aware); as charted when None.
        reason: Why, in the person's words.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``dose-not-positive`` (field ``amount``);
            ``in-future`` (field ``at``); ``nothing-changed``; ``not-given``: what was not given
            has no amount; ``gone``.
    """
    require(desk.person, RIGHT)
    why = _note(desk, reason)
    if amount is not None and amount.value <= 0:
        raise Refused("dose-not-positive", field="amount")
    if at is not None and at > desk.clock.now() + FUTURE_TOLERANCE:
        raise Refused("in-future", field="at")
    with desk.store.write(desk.author) as unit:
        seen, dose = _seen(unit, dose_id)
        if dose.outcome not in (Outcome.GIVEN, Outcome.PARTIAL):
            raise Refused("not-given")
        if amount in (None, dose.amount) and at in (None, dose.at):
            raise Refused("nothing-changed", field="amount")
        made = doses.corrected(seen.resource(), amount=amount, at=at, why=why)
        unit.update(made, seen=seen)
        desk.audit(unit, "correct-dose", f"MedicationAdministration/{dose_id}")
        return unit.changes


def enter_in_error(desk: Desk, dose_id: str, *, reason: str) -> Changes:
    """Say of a dose that it never was given, such as one charted for the wrong patient.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``gone``.
    """
    require(desk.person, RIGHT)
    why = _note(desk, reason)
    with desk.store.write(desk.author) as unit:
        seen, _ = _seen(unit, dose_id)
        unit.update(doses.enter_in_error(seen.resource(), why=why), seen=seen)
        desk.audit(unit, "dose-in-error", f"MedicationAdministration/{dose_id}")
        return unit.changes


def _seen(unit: Unit, dose_id: str) -> tuple[Stored, Dose]:
    stored = unit.get("MedicationAdministration", dose_id)
    if stored is None or stored.deleted:
        raise Refused("gone", reference=f"MedicationAdministration/{dose_id}")
    dose = doses.read(stored.resource())
    if dose.outcome is Outcome.ERROR:
        raise Refused("gone", reference=f"MedicationAdministration/{dose_id}")
    return stored, dose


def _note(desk: Desk, reason: str) -> dict[str, Any]:
    if not reason.strip():
        raise Refused("reason-missing", field="reason")
    return {"reason": reason.strip(), "author": desk.performer, "at": desk.now()}
