"""Stays on the ward: admit to a bed, move, swap beds, set the care level, leave and return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workstation.clinical import identity
from workstation.clinical import stays as rules
from workstation.clinical.care_level import CareLevel
from workstation.clinical.stays import Step
from workstation.fhir import condition, elements, location, stay_facts
from workstation.fhir import encounter as mapping
from workstation.fhir import stays as versions
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import EncounterId, PatientId
from workstation.security.rights import require
from workstation.services import registration
from workstation.services.desk import Desk
from workstation.services.registration import Registrant
from workstation.store import Stored, Unit, View, stays

MOVE_RIGHT = "move-patients"


@dataclass(frozen=True, slots=True)
class Admission:
    """What is decided when somebody is admitted.

    Attributes:
        bed: Id of the Location.
        diagnosis: In words.
        diagnosis_code: ICD-10; empty when not known yet.
        care_level: Nursing care level (Circular 31/2021/TT-BYT).
        at: When (aware); now if none is given.
        confirmed: Whether an unusual time was looked at again.
    """

    bed: str
    diagnosis: str
    diagnosis_code: str = ""
    care_level: CareLevel = CareLevel.THREE
    at: datetime | None = None
    confirmed: bool = False


def in_progress(view: View, patient: str, *, at: datetime | None = None) -> Stored:
    """The stay of a patient that is not over; the newest if there should be two.

    Args:
        view: Where to read.
        patient: Id of the patient.
        at: When something was measured or given at the bed (aware), if that is what is charted:
            nobody measures who is on leave. None for what may be written at any time, as a note.

    Raises:
        Refused: ``not-admitted``; ``on-leave``.
    """
    open_stays = [
        (stay.started_at, stored)
        for stored in view.find("Encounter", patient=patient)
        if (stay := mapping.read(stored.resource())).present
    ]
    if not open_stays:
        raise Refused("not-admitted", reference=f"Patient/{patient}")
    found = max(open_stays, key=lambda pair: (pair[0] is not None, pair[0]))[1]
    if at is not None and mapping.read(found.resource()).status == "onleave":
        left = stay_facts.status_since(found.resource())
        if left is None or at >= left:
            raise Refused("on-leave", field="at")
    return found


def at_the_time(view: View, patient: str, at: datetime) -> Stored:
    """The stay of a patient at a time: the one in progress, else the one that ended after it.

    What was given before a discharge or a death may be written down after it.

    Args:
        view: Where to read.
        patient: Id of the patient.
        at: When something was given (aware).

    Raises:
        Refused: ``not-admitted``; ``on-leave``.
    """
    for stored in view.find("Encounter", patient=patient):
        stay = mapping.read(stored.resource())
        start, end = stay.started_at, stay.ended_at
        if stay.status == "finished" and start and end and start <= at < end:
            return stored
    return in_progress(view, patient, at=at)


def admit(desk: Desk, patient: PatientId, admission: Admission) -> Changes:
    """Begin a stay in a bed of the ward; of somebody expected here, the stay that was planned.

    Raises:
        Refused: ``not-permitted``; ``no-such-patient``, ``deceased``, ``already-admitted`` (field
            ``patient``); ``required``, ``not-icd10``; ``no-such-bed``, ``bed-closed``,
            ``bed-occupied``; ``in-future``, ``before-birth``; ``unusual-time`` until confirmed.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        _admit(desk, unit, patient, admission)
        return unit.changes


def admit_new(
    desk: Desk, person: Registrant, admission: Admission, *, despite_duplicates: bool = False
) -> Changes:
    """Register somebody and begin the stay, both or neither.

    Raises:
        Refused: As `admit` and `registration.register`.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        who = registration.register_in(desk, unit, person, despite_duplicates=despite_duplicates)
        _admit(desk, unit, who, admission)
        return unit.changes


def move(desk: Desk, stay: EncounterId, bed: str, *, at: datetime | None = None) -> Changes:
    """Put a patient into another bed of the ward.

    Raises:
        Refused: ``not-permitted``; ``stay-over``, ``on-leave``; ``no-such-bed``, ``bed-closed``,
            ``bed-occupied``; ``in-future``, ``before-admission``, ``before-last-step``.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        seen = open_stay(unit, stay, Step.MOVE)
        place = free_bed(unit, bed, ward=desk.ward)
        when = step_time(desk, seen.resource(), at)
        unit.update(versions.moved(seen.resource(), bed, display=place.name, at=when), seen=seen)
        desk.audit(unit, "move-patient", f"Encounter/{stay}")
        return unit.changes


def swap(
    desk: Desk, one: EncounterId, other: EncounterId, *, seen_in: tuple[str, str] | None = None
) -> Changes:
    """Let two patients change beds, both or neither.

    Args:
        desk: Who lets them.
        one: Id of the Encounter of the one.
        other: Of the other.
        seen_in: Ids of the beds in which they were seen, in the same order; None for wherever
            they lie.

    Raises:
        Refused: ``not-permitted``; ``stay-over``, ``on-leave``; ``no-such-bed``; ``bed-changed``
            when one of them lies elsewhere by now.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        both = [open_stay(unit, each, Step.MOVE) for each in (one, other)]
        beds = [bed_of(unit, seen) for seen in both]
        if seen_in is not None and tuple(place.id for place in beds) != seen_in:
            raise Refused("bed-changed", field="bed")
        for seen, place in zip(both, reversed(beds), strict=True):
            resource = seen.resource()
            when = step_time(desk, resource, None)
            moved = versions.moved(resource, place.id, display=place.name, at=when)
            unit.update(moved, seen=seen)
            desk.audit(unit, "move-patient", f"Encounter/{seen.id}")
        return unit.changes


def set_care_level(desk: Desk, stay: EncounterId, level: CareLevel) -> Changes:
    """Set how much of the care the staff does.

    Raises:
        Refused: ``not-permitted``; ``stay-over``.
    """
    require(desk.person, "chart")
    with desk.store.write(desk.author) as unit:
        seen = open_stay(unit, stay)
        unit.update(versions.with_care_level(seen.resource(), level), seen=seen)
        return unit.changes


def leave(
    desk: Desk, stay: EncounterId, *, until: datetime, at: datetime | None = None
) -> Changes:  # fmt: skip
    """Let a patient go on leave; the bed is kept.

    Args:
        desk: Who lets go.
        stay: Id of the Encounter.
        until: When the patient is expected back (aware).
        at: When the patient left; now if none is given.

    Raises:
        Refused: ``not-permitted``; ``stay-over``, ``on-leave``; ``in-future`` and the like;
            ``return-before-leave``, ``leave-too-long`` (field ``until``).
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        seen = open_stay(unit, stay, Step.LEAVE)
        when = step_time(desk, seen.resource(), at)
        rules.check_leave(when, until)
        unit.update(versions.on_leave(seen.resource(), at=when, until=until), seen=seen)
        desk.audit(unit, "leave-of-absence", f"Encounter/{stay}")
        return unit.changes


def come_back(desk: Desk, stay: EncounterId, *, at: datetime | None = None) -> Changes:
    """A patient is back from leave.

    Raises:
        Refused: ``not-permitted``; ``stay-over``, ``not-on-leave``; ``in-future`` and the like.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        seen = open_stay(unit, stay, Step.RETURN)
        when = step_time(desk, seen.resource(), at)
        unit.update(versions.returned(seen.resource(), at=when), seen=seen)
        desk.audit(unit, "return-from-leave", f"Encounter/{stay}")
        return unit.changes


def open_stay(unit: Unit, stay: str, step: Step | None = None) -> Stored:
    """A stay that is not over, or one from which a step may be taken.

    Raises:
        Refused: ``stay-over``, or as `workstation.clinical.stays.allow`.
    """
    seen = unit.get("Encounter", stay)
    if seen is None or seen.deleted:
        raise Refused("stay-over", reference=f"Encounter/{stay}")
    found = mapping.read(seen.resource())
    if step is not None:
        rules.allow(step, found.status)
    elif not found.present:
        raise Refused("stay-over", reference=f"Encounter/{stay}")
    return seen


def free_bed(unit: Unit, bed: str, *, ward: str) -> location.Place:
    """A bed that somebody may be put into.

    Args:
        unit: A unit of work.
        bed: Id of the Location.
        ward: The ward it must stand on.

    Raises:
        Refused: ``no-such-bed``, ``bed-closed``, ``bed-occupied``, with field ``bed``.
    """
    stored = unit.get("Location", bed) if bed else None
    if stored is None or stored.deleted:
        raise Refused("no-such-bed", field="bed")
    place = location.read(stored.resource())
    if place.kind != "bed" or not place.usable:
        raise Refused("bed-closed", field="bed", bed=place.name)
    if bed not in stays.beds_of(unit, ward):
        raise Refused("no-such-bed", field="bed")
    if stays.lying_in(unit, bed):
        raise Refused("bed-occupied", field="bed", bed=place.name)
    return place


def bed_of(unit: Unit, seen: Stored) -> location.Place:
    """The bed in which somebody lies.

    Raises:
        Refused: ``no-such-bed``.
    """
    for own in mapping.read(seen.resource()).current_places:
        stored = unit.get("Location", own)
        place = location.read(stored.resource()) if stored is not None else None
        if place is not None and place.kind == "bed":
            return place
    raise Refused("no-such-bed", field="bed")


def step_time(desk: Desk, resource: Resource, at: datetime | None) -> datetime:
    """When a step was taken: now, or what was typed, if it can be.

    Raises:
        Refused: ``in-future``, ``before-admission``, ``before-last-step``.
    """
    now = desk.now()
    when = at or now
    stay = mapping.read(resource)
    steps = (stay_facts.status_since(resource), stay_facts.last_place_start(resource))
    last = max((each for each in steps if each is not None), default=None)
    if at is None and last is not None and last > when:
        return last  # another terminal's clock is ahead: the order of what happened is kept
    rules.check_step(when, now=now, admitted=stay.started_at, last=last)
    return when


def _admit(desk: Desk, unit: Unit, patient: PatientId, admission: Admission) -> None:
    now = desk.now()
    when = admission.at or now
    rules.check_admission(when, now=now, born=refuse_dead(unit, patient))
    planned = _planned(unit, patient)
    words, code = _diagnosis(admission)
    place = free_bed(unit, admission.bed, ward=desk.ward)
    if rules.unusual(when, now) and not admission.confirmed:
        raise Refused("unusual-time", field="at")
    own = planned.id if planned is not None else uuid7()
    entry = desk.entry(patient, None, own=own, at=when)
    if planned is None:
        at_bed = versions.place_entry(place.id, place.name, "active", when)
        stay = versions.new(entry, at_bed, status="in-progress", reason={"text": words})
    else:
        stay = versions.admitted(planned.resource(), place.id, display=place.name, at=when)
    # The diagnosis does not name the stay that names it: they would circle.
    found = condition.write(desk.entry(patient, None, at=when), words, code)
    stay["reasonCode"] = [found["code"]]
    stay = versions.with_diagnosis(stay, found["id"])
    stay = versions.with_care_level(stay, admission.care_level)
    if planned is None:
        unit.create(found, stay)
    else:
        unit.create(found)
        unit.update(stay, seen=planned)
    desk.audit(unit, "admit-patient", f"Encounter/{own}")


def _diagnosis(admission: Admission) -> tuple[str, str]:
    words, code = admission.diagnosis.strip(), admission.diagnosis_code.strip()
    if not words:
        raise Refused("required", field="diagnosis")
    return words, checked_icd10(code, "diagnosis_code")


def checked_icd10(code: str, field: str) -> str:
    """An ICD-10 code with its point, or nothing.

    Raises:
        Refused: ``not-icd10`` with the field.
    """
    try:
        return identity.icd10(code) if code.strip() else ""
    except Refused as refused:
        raise Refused(refused.code, field=field) from refused


def refuse_dead(unit: Unit, patient: PatientId) -> date | None:
    """The birth date of somebody who can be admitted."""
    stored = unit.get("Patient", patient)
    if stored is None or stored.deleted:
        raise Refused("no-such-patient", field="patient")
    resource = stored.resource()
    if resource.get("deceasedBoolean") is True or resource.get("deceasedDateTime"):
        raise Refused("deceased", field="patient")
    return elements.day(resource.get("birthDate"))


def _planned(unit: Unit, patient: PatientId) -> Stored | None:
    """The stay that was planned for a patient; the one that begins first if there are several."""
    found: list[tuple[str, Stored]] = []
    for stored in unit.find("Encounter", patient=patient):
        stay = mapping.read(stored.resource())
        if stay.present and stay.status != "arrived":
            raise Refused("already-admitted", field="patient")
        if stay.expected or stay.status == "arrived":
            start: Any = elements.mapping(stored.resource().get("period")).get("start")
            found.append((str(start or ""), stored))
    return min(found, key=lambda pair: pair[0], default=("", None))[1]
