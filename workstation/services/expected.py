"""Who is expected on the ward: planned, changed; struck from the list with `transfers`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.names import one_line
from workstation.clinical.stays import Step
from workstation.fhir import encounter as mapping
from workstation.fhir import location, planned
from workstation.fhir import stays as versions
from workstation.fhir.planned import Plan
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import EncounterId, PatientId
from workstation.security.rights import require
from workstation.services import registration
from workstation.services.desk import Desk
from workstation.services.registration import Registrant
from workstation.services.stays import MOVE_RIGHT, checked_icd10, open_stay, refuse_dead
from workstation.store import Unit, View, stays

FARTHEST: Final = timedelta(days=366)
_GRACE: Final = timedelta(minutes=5)
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is known of an admission that is planned.

    Attributes:
        at: When (aware).
        reason: Why, in words.
        code: ICD-10; empty when not known.
        origin: From where, in words; empty when nobody said.
        bed: Id of the bed that is wished for; empty for any.
    """

    at: datetime
    reason: str
    code: str = ""
    origin: str = ""
    bed: str = ""


def expect(desk: Desk, patient: PatientId, expectation: Expectation) -> Changes:
    """Plan the admission of somebody known.

    Raises:
        Refused: ``not-permitted``; ``no-such-patient``, ``deceased``, ``already-admitted``,
            ``expected-already`` (field ``patient``); ``required``, ``not-icd10``;
            ``expected-in-past``, ``expected-too-far`` (field ``at``); ``no-such-bed``.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        _expect(desk, unit, patient, expectation)
        return unit.changes


def expect_new(
    desk: Desk, person: Registrant, expectation: Expectation, *, despite_duplicates: bool = False
) -> Changes:
    """Register somebody and plan the admission, both or neither.

    Raises:
        Refused: As `expect` and `registration.register`.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        who = registration.register_in(desk, unit, person, despite_duplicates=despite_duplicates)
        _expect(desk, unit, who, expectation)
        return unit.changes


def change(desk: Desk, stay: EncounterId, expectation: Expectation) -> Changes:
    """Change what is planned; a time that is over by now may stand as it was.

    Raises:
        Refused: ``not-permitted``; ``already-admitted``, ``stay-over``; as `expect`.
    """
    require(desk.person, MOVE_RIGHT)
    with desk.store.write(desk.author) as unit:
        seen = open_stay(unit, stay, Step.CANCEL)
        resource = seen.resource()
        before = mapping.read(resource).started_at
        if before is None or expectation.at != before.replace(second=0, microsecond=0):
            _refuse_time(desk, expectation.at)
        changed = planned.changed(resource, _plan(desk, unit, expectation))
        if changed == resource:
            raise Refused("nothing-changed")
        unit.update(changed, seen=seen)
        desk.audit(unit, "change-expected", f"Encounter/{stay}")
        return unit.changes


def of_patient(view: View, patient: PatientId, ward: str) -> Expectation | None:
    """What is planned for a patient; None when nothing is.

    Args:
        view: One snapshot.
        patient: For whom.
        ward: The ward whose beds may be wished for.
    """
    beds = stays.beds_of(view, ward)
    for stored in view.find("Encounter", patient=patient):
        resource = stored.resource()
        stay = mapping.read(resource)
        if stay.expected and stay.started_at is not None:
            return Expectation(
                at=stay.started_at,
                reason=stay.diagnosis or "",
                code=stay.diagnosis_code or "",
                origin=planned.origin(resource),
                bed=next((place for place in stay.planned_places if place in beds), ""),
            )
    return None


def _expect(desk: Desk, unit: Unit, patient: PatientId, expectation: Expectation) -> None:
    _refuse_time(desk, expectation.at)
    refuse_dead(unit, patient)
    for stored in unit.find("Encounter", patient=patient):
        stay = mapping.read(stored.resource())
        if stay.present:
            raise Refused("already-admitted", field="patient")
        if stay.expected:
            raise Refused("expected-already", field="patient")
    plan = _plan(desk, unit, expectation)
    entry = desk.entry(patient, None, at=expectation.at)
    at_ward = versions.place_entry(desk.ward, plan.ward_name, "planned", expectation.at)
    bare = versions.new(entry, at_ward, status="planned", reason={})
    unit.create(planned.changed(bare, plan))
    desk.audit(unit, "expect-patient", f"Encounter/{entry.own}")


def _plan(desk: Desk, unit: Unit, expectation: Expectation) -> Plan:
    reason = one_line(expectation.reason)[:_LONGEST]
    if not reason:
        raise Refused("required", field="diagnosis")
    bed = bed_name = ""
    if expectation.bed:
        stored = unit.get("Location", expectation.bed)
        if stored is None or expectation.bed not in stays.beds_of(unit, desk.ward):
            raise Refused("no-such-bed", field="bed")
        bed, bed_name = expectation.bed, location.read(stored.resource()).name
    return Plan(
        at=expectation.at,
        reason=reason,
        code=checked_icd10(expectation.code, "diagnosis_code"),
        origin=one_line(expectation.origin)[:_LONGEST],
        ward=desk.ward,
        ward_name=stays.wards(unit).get(desk.ward, ""),
        bed=bed,
        bed_name=bed_name,
    )


def _refuse_time(desk: Desk, at: datetime) -> None:
    now = desk.now()
    if at < now - _GRACE:
        raise Refused("expected-in-past", field="at")
    if at > now + FARTHEST:
        raise Refused("expected-too-far", field="at", days=FARTHEST.days)
