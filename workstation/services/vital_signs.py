"""Vital signs at the bedside: charting a set, correcting it, taking it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.plausibility import doubts, refuse_impossible
from workstation.clinical.vital_signs import Sign, Value, VitalSigns
from workstation.fhir import elements, encounter
from workstation.fhir import vital_signs as mapping
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.security.rights import require
from workstation.services import charting, patient_record, stays
from workstation.services.desk import Desk
from workstation.services.still_there import still_there
from workstation.store import Stored, Unit, drafts, flowsheet

_VOID: Final = ("entered-in-error", "cancelled")


@dataclass(frozen=True, slots=True)
class Correction:
    """One value that was wrong.

    Attributes:
        observation: Id of the Observation.
        sign: Which of its values.
        was: What the person saw when they decided to correct it.
        value: What it should have been.
    """

    observation: str
    sign: Sign
    was: Value
    value: Value


def record(
    desk: Desk,
    patient: PatientId,
    vitals: VitalSigns,
    *,
    confirmed: Collection[Sign] = frozenset(),
    draft: str | None = None,
) -> Changes:
    """Chart one set of vital signs, as one unit of work.

    Args:
        desk: Who charts, and where.
        patient: Whose they are.
        vitals: What was measured, and when.
        confirmed: Signs whose implausible value the person entered twice.
        draft: Id of the draft that becomes this set; it is forgotten with the same commit.

    Returns:
        What was written: up to 8 Observations.

    Raises:
        Refused: ``nothing-measured``; ``in-future``; ``impossible-value`` and the like with the
            sign as field; ``implausible-value`` (``signs``) and ``weight-changed`` (``signs``,
            ``before`` in kg) until it is confirmed;
            ``not-admitted`` when the patient has no stay in progress.
    """
    require(desk.person, "chart")
    if not vitals:
        raise Refused("nothing-measured")
    charting.refuse_future(desk, vitals.at)
    refuse_impossible(vitals)
    with desk.store.write(desk.author) as unit:
        _refuse_doubtful(desk, unit, patient, vitals, confirmed)
        _create(desk, unit, patient, vitals)
        _forget(unit, draft)
        return unit.changes


def amend(
    desk: Desk,
    patient: PatientId,
    observations: Collection[str],
    vitals: VitalSigns,
    *,
    confirmed: Collection[Sign] = frozenset(),
    reason: str,
    draft: str | None = None,
) -> Changes:
    """Put a whole set right: values that differ are corrected, new ones added, others struck out.

    Args:
        desk: Who corrects.
        patient: Whose set it is.
        observations: Ids of the set's Observations as they were charted.
        vitals: What the set should have been, with the time it was measured.
        confirmed: Signs whose implausible value the person entered twice.
        reason: Why, in the person's words.
        draft: As in `record`.

    Raises:
        Refused: As `record` and `correct`.
    """
    require(desk.person, "chart")
    if not vitals:
        raise Refused("nothing-measured")
    refuse_impossible(vitals)
    why = charting.signed(desk, reason)
    missing: dict[str, Any] = {sign.value: value for sign, value in vitals.measured()}
    with desk.store.write(desk.author) as unit:
        _refuse_doubtful(desk, unit, patient, vitals, confirmed)
        for observation in observations:
            seen = still_there(unit, f"Observation/{observation}")
            for sign in _amend_one(unit, seen, vitals, why):
                missing.pop(sign.value, None)
        _create(desk, unit, patient, VitalSigns(at=vitals.at, **missing))
        desk.audit(unit, "correct-vital-signs", f"Patient/{patient}")
        _forget(unit, draft)
        return unit.changes


def correct(desk: Desk, corrections: Iterable[Correction], *, reason: str) -> Changes:
    """Put values right that were charted wrongly; the wrong ones stay in the history.

    Args:
        desk: Who corrects.
        corrections: The wrong values, of any number of Observations.
        reason: Why, in the person's words.

    Raises:
        Refused: ``reason-missing``; ``impossible-value`` and the like; ``stale-edit`` when a
            value is no longer what the person saw; ``gone``.
    """
    require(desk.person, "chart")
    wanted: dict[str, list[Correction]] = {}
    for correction in corrections:
        wanted.setdefault(correction.observation, []).append(correction)
    why = charting.signed(desk, reason)
    with desk.store.write(desk.author) as unit:
        for observation, wrong in wanted.items():
            seen = still_there(unit, f"Observation/{observation}")
            _refuse_stale(seen.resource(), wrong)
            values = {correction.sign: correction.value for correction in wrong}
            desk.audit(unit, "correct-vital-signs", f"Observation/{observation}")
            corrected = mapping.correct(seen.resource(), values, **why)
            for vitals in mapping.sets([corrected]):
                refuse_impossible(vitals)
            unit.update(corrected, seen=seen)
        return unit.changes


def enter_in_error(desk: Desk, observations: Collection[str], *, reason: str) -> Changes:
    """Say of whole Observations that they never were true, such as a set of the wrong patient.

    Raises:
        Refused: ``reason-missing``; ``gone``.
    """
    require(desk.person, "chart")
    why = charting.signed(desk, reason)
    with desk.store.write(desk.author) as unit:
        for observation in observations:
            seen = still_there(unit, f"Observation/{observation}")
            unit.update(mapping.enter_in_error(seen.resource(), **why), seen=seen)
            desk.audit(unit, "vital-signs-in-error", f"Observation/{observation}")
        return unit.changes


def undo(desk: Desk, observations: Collection[str]) -> Changes:
    """Take back a set that one has charted a moment ago oneself.

    Nothing vanishes: the Observations stay, as entered in error.

    Raises:
        Refused: ``not-own-entry``; ``too-late-to-undo`` (``minutes``); ``gone``.
    """
    why = charting.taken_back(desk)
    with desk.store.write(desk.author) as unit:
        for observation in observations:
            seen = still_there(unit, f"Observation/{observation}")
            resource = seen.resource()
            _refuse_undo(desk, resource)
            unit.update(mapping.enter_in_error(resource, **why), seen=seen)
            desk.audit(unit, "undo-vital-signs", f"Observation/{observation}")
        return unit.changes


def _forget(unit: Unit, draft: str | None) -> None:
    if draft is not None:
        drafts.discard(unit, draft)


def _create(desk: Desk, unit: Unit, patient: PatientId, vitals: VitalSigns) -> None:
    stay = stays.in_progress(unit, patient, at=vitals.at)
    made = mapping.write(
        vitals, patient=patient, encounter=stay.id, performer=desk.performer, new_id=uuid7
    )
    issued = desk.now().isoformat(timespec="seconds")
    unit.create(*({**resource, "issued": issued} for resource in made))


def _amend_one(
    unit: Unit, seen: Stored, vitals: VitalSigns, why: dict[str, Any]
) -> tuple[Sign, ...]:
    """Bring one Observation in line with the set; the signs that it holds from now on."""
    resource = seen.resource()
    held = [reading for reading in mapping.read(resource) if reading.valid]
    wanted = {reading.sign: vitals.value(reading.sign) for reading in held}
    kept = {sign: value for sign, value in wanted.items() if value is not None}
    if held and len(kept) < len(wanted):
        unit.update(mapping.enter_in_error(resource, **why), seen=seen)
        return ()
    wrong = {r.sign: kept[r.sign] for r in held if kept[r.sign] != r.value}
    if wrong:
        unit.update(mapping.correct(resource, wrong, **why), seen=seen)
    return tuple(kept)


def _refuse_doubtful(
    desk: Desk,
    unit: Unit,
    patient: PatientId,
    vitals: VitalSigns,
    confirmed: Collection[Sign],
) -> None:
    facts = patient_record.facts(unit, patient, desk.now())
    before = _weight_before(unit, patient, vitals) if vitals.weight is not None else None
    found = doubts(vitals, facts, weight_before=before)
    doubtful = [doubt for doubt in found if doubt.sign not in confirmed]
    if not doubtful:
        return
    signs = tuple(doubt.sign for doubt in doubtful)
    first = doubtful[0]
    if first.why == "changed":
        raise Refused("weight-changed", field=first.sign, signs=signs, before=str(first.before))
    raise Refused("implausible-value", field=first.sign, signs=signs)


def _weight_before(unit: Unit, patient: PatientId, vitals: VitalSigns) -> Decimal | None:
    """The last weight of the stay that was measured before this set, kg."""
    stay = encounter.read(stays.in_progress(unit, patient).resource())
    since = stay.started_at or vitals.at
    charted = flowsheet.vital_signs(
        unit, patient, since=since, until=vitals.at, signs=(Sign.WEIGHT,)
    )
    valid = [Decimal(each.digits) for each in charted if each.digits and each.status not in _VOID]
    return valid[-1] if valid else None


def _refuse_stale(resource: Resource, wrong: Iterable[Correction]) -> None:
    now = {reading.sign: reading.value for reading in mapping.read(resource)}
    for correction in wrong:
        if now.get(correction.sign) != correction.was:
            raise Refused("stale-edit", reference=f"Observation/{correction.observation}")


def _refuse_undo(desk: Desk, resource: Resource) -> None:
    performer = elements.reference(elements.first(resource.get("performer")))
    charting.refuse_undo(desk, performer, elements.instant(resource.get("issued")))
