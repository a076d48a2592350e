"""Doses that were charted wrongly: taken back at once, corrected with a reason, or an error."""

from __future__ import annotations

from datetime import datetime

from workstation.clinical.dosage import Amount
from workstation.clinical.medication_record import Outcome
from workstation.fhir import dose as doses
from workstation.fhir.dose import Dose
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.security.rights import require
from workstation.services import charting
from workstation.services.desk import Desk
from workstation.services.medication import RIGHT
from workstation.services.still_there import still_there
from workstation.store import Stored, Unit, history


def undo(desk: Desk, dose_id: str) -> Changes:
    """Take back what one has charted a moment ago oneself; it stays, as entered in error.

    Raises:
        Refused: ``not-permitted``; ``not-own-entry``; ``too-late-to-undo`` (``minutes``); ``gone``.
    """
    require(desk.person, RIGHT)
    why = charting.taken_back(desk)
    with desk.store.write(desk.author) as unit:
        seen, dose = _seen(unit, dose_id)
        charted = (each.recorded_at for each in history.written(unit, seen.type, seen.id))
        charting.refuse_undo(desk, dose.giver_reference, min(charted, default=None))
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
    why = charting.signed(desk, reason)
    if amount is not None and amount.value <= 0:
        raise Refused("dose-not-positive", field="amount")
    if at is not None:
        charting.refuse_future(desk, at)
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
    why = charting.signed(desk, reason)
    with desk.store.write(desk.author) as unit:
        seen, _ = _seen(unit, dose_id)
        unit.update(doses.enter_in_error(seen.resource(), why=why), seen=seen)
        desk.audit(unit, "dose-in-error", f"MedicationAdministration/{dose_id}")
        return unit.changes


def _seen(unit: Unit, dose_id: str) -> tuple[Stored, Dose]:
    stored = still_there(unit, f"MedicationAdministration/{dose_id}")
    dose = doses.read(stored.resource())
    if dose.outcome is Outcome.ERROR:
        raise Refused("gone", reference=f"MedicationAdministration/{dose_id}")
    return stored, dose
