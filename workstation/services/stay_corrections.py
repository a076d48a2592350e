"""Taking back the last step of a stay: an authorised person with a reason, or who just took it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from workstation.clinical.stays import Disposition
from workstation.fhir import condition, elements, order, stay_facts, stay_orders, stay_reversals
from workstation.fhir import encounter as mapping
from workstation.fhir import stays as versions
from workstation.fhir.json import Resource
from workstation.fhir.stay_facts import Remark
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import EncounterId
from workstation.kernel.words import tr
from workstation.security.rights import require
from workstation.services import charting
from workstation.services.desk import Desk
from workstation.services.stays import free_bed
from workstation.store import Stored, Unit, stays


class LastStep(StrEnum):
    """What was done to a stay last."""

    ADMITTED = "admitted"
    MOVED = "moved"
    LEFT = "left"
    RETURNED = "returned"
    DISCHARGED = "discharged"
    DIED = "died"


def last_step(resource: Resource) -> LastStep | None:
    """The last step of a stay, read from the stay itself; None for one that has not begun."""
    stay = mapping.read(resource)
    if stay.status == "finished":
        died = stay_facts.ending(resource).disposition is Disposition.DIED
        return LastStep.DIED if died else LastStep.DISCHARGED
    if stay.status == "onleave":
        return LastStep.LEFT
    if not stay.present:
        return None
    moved, back = stay_facts.bed_before(resource), stay_facts.came_back_at(resource)
    if back is not None and (moved is None or back >= moved[1]):
        return LastStep.RETURNED
    return LastStep.MOVED if moved is not None else LastStep.ADMITTED


_ENDINGS: Final = (LastStep.DISCHARGED, LastStep.DIED)


def take_back(desk: Desk, stay: EncounterId, reason: str, *, bed: str = "") -> Changes:
    """Take back the last step of a stay: it never was.

    What was done with it is taken back with it: a discharge's diagnoses, the orders that it
    stopped, the mark of death.

    Args:
        desk: Who takes back.
        stay: Id of the Encounter.
        reason: Why, in the person's words.
        bed: Another bed of this ward, when somebody lies in the former one.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``nothing-to-take-back``;
            ``bed-occupied`` (field ``bed``); ``stay-has-records`` for an admission in which
            something was charted; ``already-admitted`` for the ending of a stay after which
            another began.
    """
    require(desk.person, "take-back-stays")
    why = charting.reason_given(reason)
    with desk.store.write(desk.author) as unit:
        _take_back(desk, unit, stay, why, bed)
        return unit.changes


def undo(desk: Desk, taken: Sequence[EncounterId]) -> Changes:
    """Take back the last step of some stays that one has taken a moment ago oneself.

    Raises:
        Refused: ``not-own-entry``; ``too-late-to-undo`` (``minutes``); as `take_back`.
    """
    with desk.store.write(desk.author) as unit:
        for stay in taken:
            _refuse_undo(desk, unit, stay)
        before = {stay: stays.lying_in(unit, _former(unit, stay) or "") for stay in taken}
        for stay in taken:
            others = set(before[stay]) - set(taken)
            if others:
                raise Refused("bed-occupied", field="bed")
            why = tr("Taken back by the person who charted it")
            _take_back(desk, unit, stay, why, "", check_bed=False)
        return unit.changes


def _take_back(
    desk: Desk, unit: Unit, stay: EncounterId, reason: str, bed: str, *, check_bed: bool = True
) -> None:
    seen = unit.get("Encounter", stay)
    step = last_step(seen.resource()) if seen is not None and not seen.deleted else None
    if seen is None or step is None:
        raise Refused("nothing-to-take-back")
    resource = seen.resource()
    if step is LastStep.ADMITTED and stays.has_records(unit, stay):
        raise Refused("stay-has-records")
    if step in _ENDINGS:
        _refuse_second_stay(unit, mapping.read(resource).patient or "")
    reversed_ = _REVERSALS[step](desk, unit, resource)
    former = _bed(unit, reversed_)
    if check_bed and former is not None and set(stays.lying_in(unit, former)) - {stay}:
        place = free_bed(unit, bed or former, ward=desk.ward)
        reversed_ = versions.moved(reversed_, place.id, display=place.name, at=desk.now())
    _strike_diagnoses(unit, resource, step)
    if step in _ENDINGS:
        _resume_orders(unit, mapping.read(resource).patient or "", stay)
    if step is LastStep.DIED:
        _revive(unit, mapping.read(resource).patient or "")
    remark = Remark(reason, desk.person.name, desk.now(), step)
    unit.update(versions.with_taken_back(reversed_, remark), seen=seen)
    desk.audit(unit, f"take-back-{step}", f"Encounter/{stay}")


def _not_admitted(desk: Desk, unit: Unit, resource: Resource) -> Resource:
    name = stays.wards(unit).get(desk.ward, "")
    return stay_reversals.not_admitted(resource, desk.ward, display=name)


_Reversal = Callable[[Desk, Unit, Resource], Resource]
_REVERSALS: Final[dict[LastStep, _Reversal]] = {
    LastStep.ADMITTED: _not_admitted,
    LastStep.MOVED: lambda _desk, _unit, resource: stay_reversals.not_moved(resource),
    LastStep.LEFT: lambda _desk, _unit, resource: stay_reversals.not_left(resource),
    LastStep.RETURNED: lambda _desk, _unit, resource: stay_reversals.not_returned(resource),
    LastStep.DISCHARGED: lambda _desk, _unit, resource: stay_reversals.not_discharged(resource),
    LastStep.DIED: lambda _desk, _unit, resource: stay_reversals.not_discharged(resource),
}


def _bed(unit: Unit, resource: Resource) -> str | None:
    """The bed of a stay as it will be."""
    places = mapping.read(resource).current_places
    rows = (unit.get("Location", each) for each in places)
    found = [each.id for each in rows if each is not None and _is_bed(each)]
    return found[0] if found else None


def _is_bed(seen: Stored) -> bool:
    return elements.any_code(seen.resource().get("physicalType")) == "bd"


def _former(unit: Unit, stay: EncounterId) -> str | None:
    """The bed that a stay goes back to when its last move is undone."""
    seen = unit.get("Encounter", stay)
    if seen is None or last_step(seen.resource()) is not LastStep.MOVED:
        return None
    before = stay_facts.bed_before(seen.resource())
    return before[0] if before else None


def _strike_diagnoses(unit: Unit, resource: Resource, step: LastStep) -> None:
    """The diagnoses that were written with the step never were."""
    ids: tuple[str, ...]
    if step is LastStep.ADMITTED:
        written = stay_facts.admission_diagnosis(resource)
        ids = () if written is None else (written,)
    elif step in _ENDINGS:
        ids = stay_facts.ending_diagnoses(resource)
    else:
        return
    for own in ids:
        seen = unit.get("Condition", own)
        if seen is not None and not seen.deleted:
            unit.update(condition.in_error(seen.resource()), seen=seen)


def _refuse_second_stay(unit: Unit, patient: str) -> None:
    """Who was admitted again has a stay already: two at once would each have half the orders."""
    found = unit.find("Encounter", patient=patient)
    if any(mapping.read(each.resource()).present for each in found):
        raise Refused("already-admitted")


def _resume_orders(unit: Unit, patient: str, stay: EncounterId) -> None:
    for type_ in order.TYPES:
        for seen in unit.find(type_, patient=patient):
            again = stay_orders.resumed(seen.resource(), stay)
            if again is not None:
                unit.update(again, seen=seen)


def _revive(unit: Unit, patient: str) -> None:
    seen = unit.get("Patient", patient)
    if seen is not None and not seen.deleted:
        unit.update(stay_reversals.alive(seen.resource()), seen=seen)


def _refuse_undo(desk: Desk, unit: Unit, stay: EncounterId) -> None:
    saved = stays.last_saved(unit, stay)
    charting.refuse_undo(desk, *(saved or (None, None)))
