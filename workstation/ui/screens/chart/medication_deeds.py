"""Which deed a key means at a place of the medication record, or why it means none."""

from __future__ import annotations

from dataclasses import replace

from workstation.clinical.dosage import Amount
from workstation.clinical.medication_record import REACHED, Outcome
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.services import infusions
from workstation.services.medication_record import Cell, Given, Row
from workstation.ui.screens.chart.medication_model import reached
from workstation.ui.toolkit.giving.deed import Deed, Verb

_LITRE_PARTS = ("ml",)


def deed_for(verb: Verb, patient: PatientId, row: Row | None, cell: Cell | None) -> Deed:
    """The deed.

    Args:
        verb: What the key asks for.
        patient: For whom.
        row: The order with the cursor; None where no order is known.
        cell: The place with the cursor, if there is one.

    Raises:
        Refused: ``nothing-here`` when it makes no sense at this place; ``not-active`` for an order
            that is over; ``dose-just-given`` for a slot that has its dose, unless the verb is
            ``earlier``, about which the service asks; ``not-running``.
    """
    if verb in ("effect", "correct", "error"):
        return _about_a_dose(verb, patient, row, cell)
    if row is None:
        raise Refused("nothing-here")
    ends = row.infusion is not None and verb in ("pause", "end")
    if verb != "earlier" and row.status != "active" and not ends:
        raise Refused("not-active")
    deed = Deed(
        verb,
        patient,
        row.drug,
        order=row.order,
        amount=row.amount,
        route=row.route,
        second_person=row.second_person,
    )
    if row.kind == "infusion":
        return _infusion(deed, row)
    if verb in ("start", "rate", "pause", "bag", "end"):
        raise Refused("nothing-here")
    return _slotted(deed, row, cell)


def _slotted(deed: Deed, row: Row, cell: Cell | None) -> Deed:
    slot = cell.place.slot if cell is not None else None
    if row.kind != "scheduled" or (deed.verb == "earlier" and slot is None):
        return deed
    if cell is None or slot is None:
        raise Refused("nothing-here")
    given, told = cell.shown, deed.verb != "earlier"
    if told and reached(cell) and given is not None and not _rest(deed, given):
        raise Refused("dose-just-given", giver=given.by, at=given.at or slot)
    return replace(deed, slot=slot)


def _rest(deed: Deed, given: Given) -> bool:
    """Whether it is the rest of a dose of which a part was given."""
    return deed.verb == "part" and given.outcome is Outcome.PARTIAL


def _infusion(deed: Deed, row: Row) -> Deed:
    """Enter starts one that does not run, and changes the rate of one that does."""
    runs, verb = row.infusion, deed.verb
    volume = row.amount if _is_volume(row.amount) else None
    if verb in ("withhold", "refuse", "unavailable"):
        return deed
    if runs is None:
        if verb not in ("give", "earlier", "start"):
            raise Refused("not-running")
        rate = infusions.ordered_ml_h(row.rate)
        return replace(deed, verb="start", amount=volume, rate_ml_h=rate)
    if verb == "start":
        raise Refused("runs-already", at=runs.started_at)
    made: Verb = "rate" if verb in ("give", "earlier", "part") else verb
    return replace(deed, verb=made, record=runs.id, amount=volume, rate_ml_h=runs.rate_ml_h)


def _about_a_dose(verb: Verb, patient: PatientId, row: Row | None, cell: Cell | None) -> Deed:
    given = _dose_here(verb, row, cell)
    if given is None:
        raise Refused("nothing-here")
    return Deed(
        verb,
        patient,
        given.drug,
        record=given.id,
        amount=given.amount,
        given_at=given.at if verb == "correct" else None,
    )


def _dose_here(verb: Verb, row: Row | None, cell: Cell | None) -> Given | None:
    if verb == "effect":
        places = (cell,) if cell is not None and reached(cell) else (row.cells if row else ())[::-1]
        doses = [given for place in places for given in place.doses if given.outcome in REACHED]
        wanted = [given for given in doses if given.effect_wanted]
        return next(iter(wanted or doses), None)
    doses = list(cell.doses) if cell is not None else []
    allowed = (Outcome.GIVEN, Outcome.PARTIAL)
    if verb == "correct":
        doses = [given for given in doses if given.outcome in allowed]
    return next((given for given in doses if given.outcome is not Outcome.ERROR), None)


def _is_volume(amount: Amount | None) -> bool:
    return amount is not None and amount.unit.casefold() in _LITRE_PARTS
