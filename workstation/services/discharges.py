"""Discharge and death: the ending of a stay, its diagnoses, and the orders that end with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from workstation.clinical import stays as rules
from workstation.clinical.stays import Disposition, Outcome, Step
from workstation.fhir import condition, drug_order, order, stay_facts, stay_orders
from workstation.fhir import encounter as mapping
from workstation.fhir import stays as versions
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import EncounterId, PatientId
from workstation.kernel.words import tr
from workstation.security.rights import require
from workstation.services import infusions
from workstation.services.desk import Desk
from workstation.services.stays import checked_icd10, in_progress, open_stay, step_time
from workstation.store import Stored, Unit, View, drafts
from workstation.store.rows import Waiting, waiting_of

_NOTES = ("doctor-note", "nurse-note", "consultation")
_CARE = ("ServiceRequest", "NutritionOrder")
_CODED = re.compile(r"([A-Za-z][0-9]{2}(?:\.?[0-9]{1,2})?[†*]?)[\s:–-]+(.+)")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis in words, with its ICD-10 code when one was given."""

    text: str
    code: str = ""

    @classmethod
    def of(cls, line: str) -> Diagnosis:
        """A diagnosis out of a line that may begin with its code: ``I10 Tăng huyết áp``."""
        found = _CODED.fullmatch(line.strip())
        return cls(found[2].strip(), found[1]) if found else cls(line.strip())


@dataclass(frozen=True, slots=True)
class Departure:
    """How a stay ends.

    Attributes:
        disposition: How the patient leaves.
        outcome: Result of the treatment.
        main: Main diagnosis, or the cause of death.
        others: Diseases beside it.
        at: When (aware); now if none is given.
        confirmed: Whether an unusual time was looked at again.
    """

    disposition: Disposition
    outcome: Outcome
    main: Diagnosis
    others: tuple[Diagnosis, ...] = ()
    at: datetime | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is to be known before somebody is discharged.

    Attributes:
        encounter: The stay.
        admitted_at: When it began.
        diagnosis: Of the admission, to begin with.
        diagnosis_code: ICD-10; empty when none is known.
        orders: Drugs that are in force and end with the stay.
        care: Diet, oxygen and monitoring that are in force and end with it.
        running: Infusions that run, and are not ended by it: what runs is for hands to stop.
        unsent: Records of this patient that the hospital has not received.
        drafts: Notes that whoever is logged in has not signed.
    """

    encounter: EncounterId
    admitted_at: datetime | None
    diagnosis: str
    diagnosis_code: str
    orders: tuple[str, ...]
    care: tuple[str, ...]
    running: tuple[str, ...]
    unsent: int
    drafts: int


def leaving(desk: Desk, patient: PatientId) -> Leaving:
    """Look before discharging somebody.

    Raises:
        Refused: ``not-admitted``.
    """
    with desk.store.read() as view:
        stay = mapping.read(in_progress(view, patient).resource())
        orders = [drug_order.read(seen.resource()).name for seen in _orders(view, patient)]
        care = [words for seen in _care(view, patient, stay.id) if (words := _words(seen))]
        known = infusions.of_patient(view, patient)
        own = drafts.of_person(view, desk.person.id, patient=patient)
        waiting = waiting_of(view, [patient]).get(patient, Waiting())
    return Leaving(
        encounter=EncounterId(stay.id),
        admitted_at=stay.started_at,
        diagnosis=stay.diagnosis or "",
        diagnosis_code=stay.diagnosis_code or "",
        orders=tuple(orders),
        care=tuple(care),
        running=tuple(each.drug for each in known if each.running),
        unsent=waiting.unsent,
        drafts=sum(draft.kind in _NOTES for draft in own),
    )


def discharge(desk: Desk, stay: EncounterId, departure: Departure) -> Changes:
    """End a stay: its bed is free, its orders are ended, its diagnoses are written.

    Who died is marked so in the same unit of work.

    Raises:
        Refused: ``not-permitted``; ``stay-over``; ``in-future``, ``before-admission``,
            ``before-last-step``, ``unusual-time`` until confirmed (field ``at``);
            ``outcome-contradicts``; ``required``, ``not-icd10``.
    """
    require(desk.person, "discharge")
    rules.check_ending(departure.disposition, departure.outcome)
    with desk.store.write(desk.author) as unit:
        seen = open_stay(unit, stay, Step.DISCHARGE)
        resource = seen.resource()
        when = step_time(desk, resource, departure.at)
        if rules.unusual(when, desk.now()) and not departure.confirmed:
            raise Refused("unusual-time", field="at")
        patient = PatientId(mapping.read(resource).patient or "")
        ended = versions.discharged(
            resource, at=when, disposition=departure.disposition, outcome=departure.outcome
        )
        for rank, (use, diagnosis) in enumerate(_diagnoses(departure), start=1):
            entry = desk.entry(patient, None, at=when)
            found = condition.write(entry, diagnosis.text, diagnosis.code)
            unit.create(found)
            ended = versions.with_diagnosis(ended, found["id"], use, rank)
        unit.update(ended, seen=seen)
        why = _why(departure.disposition)
        _stop_orders(unit, patient, stay, when, why)
        _end_care(desk, unit, _care(unit, patient, stay), stay, at=when, reason=why)
        died = departure.disposition is Disposition.DIED
        if died:
            _mark_dead(unit, patient, when)
        desk.audit(unit, "record-death" if died else "discharge-patient", f"Encounter/{stay}")
        return unit.changes


def _diagnoses(departure: Departure) -> Iterator[tuple[str, Diagnosis]]:
    field = "cause" if departure.disposition is Disposition.DIED else "diagnosis"
    if not departure.main.text.strip():
        raise Refused("required", field=field)
    yield stay_facts.MAIN, _checked(departure.main, f"{field}_code")
    for other in departure.others:
        if other.text.strip():
            yield stay_facts.COMORBID, _checked(other, "others")


def _checked(diagnosis: Diagnosis, field: str) -> Diagnosis:
    return Diagnosis(diagnosis.text.strip(), checked_icd10(diagnosis.code, field))


def _orders(view: View, patient: PatientId) -> list[Stored]:
    """Drugs of the ward: what was prescribed for home begins when the stay ends."""
    return [
        seen
        for seen in view.find("MedicationRequest", patient=patient)
        if (read := drug_order.read(seen.resource())).current and not read.elsewhere
    ]


def _care(view: View, patient: PatientId, stay: str) -> list[Stored]:
    """Diet, oxygen and monitoring that would go on: a test or an operation is asked for once."""
    return [
        seen
        for type_ in _CARE
        for seen in view.find(type_, patient=patient)
        if (read := order.read(seen.resource())) is not None
        and read.current
        and read.goes_on
        and read.encounter in ("", stay)
    ]


def _words(seen: Stored) -> str:
    read = order.read(seen.resource())
    return order.words(read) if read is not None else ""


def _stop_orders(
    unit: Unit, patient: PatientId, stay: EncounterId, at: datetime, reason: str
) -> None:
    for seen in _orders(unit, patient):
        ended = stay_orders.stopped_with(seen.resource(), stay, at=at, reason=reason)
        unit.update(ended, seen=seen)


def _end_care(
    desk: Desk, unit: Unit, found: list[Stored], stay: EncounterId, *, at: datetime, reason: str
) -> None:
    for seen in found:
        ended = stay_orders.ended_with(
            seen.resource(), stay, by=desk.performer, at=at, reason=reason
        )
        unit.update(ended, seen=seen)


def _mark_dead(unit: Unit, patient: PatientId, at: datetime) -> None:
    seen = unit.get("Patient", patient)
    if seen is None or seen.deleted:
        raise Refused("no-such-patient", field="patient")
    unit.update(versions.deceased(seen.resource(), at), seen=seen)


def _why(disposition: Disposition) -> str:
    words: dict[Disposition, str] = {
        Disposition.DIED: tr("Patient died"),
        Disposition.REFERRED: tr("Referred to another hospital"),
    }
    return words.get(disposition, tr("Discharged"))
