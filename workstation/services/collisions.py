"""Safety alerts: what collided, the records involved, what to do, and a person's word on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.fhir import elements, location, patient
from workstation.fhir.detected_issue import Alert, acknowledged, from_issue, is_alert
from workstation.fhir.differences import RECORDS, UNKNOWN_RECORD, title
from workstation.fhir.json import Resource
from workstation.fhir.summary import summarise
from workstation.fhir.values import moment
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.security.rights import require
from workstation.services import charting
from workstation.services.desk import Desk
from workstation.services.patient_record import latest_stay, places
from workstation.store import View, collisions


@dataclass(frozen=True, slots=True)
class Involved:
    """One of the records that collide.

    Attributes:
        record: Kind; the key of its word.
        about: The drug, the substance, the test; of a stay or person, the patient's name.
        by: Who charted it.
        at: When it happened.
        patient: Whose it is.
        here: Whether this terminal has it.
    """

    record: str
    about: str
    by: str
    at: datetime | None
    patient: PatientId | None
    here: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One alert that is not resolved.

    Attributes:
        id: Of the alert on this terminal.
        rule: Code of the rule that found it.
        severity: ``high``, ``moderate`` or ``low``.
        patient: In whose chart it stands.
        names: Formal names of the patients involved.
        beds: Their beds, in the same order; empty where unknown.
        numbers: Their record numbers, in the same order; empty where unknown.
        involved: The records.
        since: When it came about.
        acknowledged_by: Who has seen it; empty when nobody has.
        acknowledged_at: When.
        reason: That person's words.
    """

    id: str
    rule: str
    severity: str
    patient: PatientId | None
    names: tuple[str, ...]
    beds: tuple[str, ...]
    numbers: tuple[str, ...]
    involved: tuple[Involved, ...]
    since: datetime | None
    acknowledged_by: str
    acknowledged_at: datetime | None
    reason: str


_RANK = {"high": 0, "moderate": 1, "low": 2}


def standing(desk: Desk) -> tuple[Standing, ...]:
    """All alerts that are not resolved: those nobody has seen first, then by severity, newest."""
    with desk.store.read() as view:
        stored = (view.get("DetectedIssue", id_) for id_ in collisions.unresolved(view))
        issues = [found.resource() for found in stored if found is not None]
        found = [_standing(view, issue) for issue in issues if is_alert(issue)]
    return tuple(sorted(found, key=_order))


def acknowledge(desk: Desk, id: str, reason: str) -> Changes:
    """Say that an alert was seen, and what was done about it.

    Raises:
        Refused: ``not-permitted``, ``gone`` or ``reason-missing``.
    """
    require(desk.person, "chart")
    why = charting.reason_given(reason)
    with desk.store.write(desk.author) as unit:
        seen = unit.get("DetectedIssue", id)
        if seen is None or seen.deleted:
            raise Refused("gone")
        person = (desk.reference, desk.person.name)
        at = desk.now().isoformat()
        done = acknowledged(seen.resource(), person=person, at=at, reason=why)
        unit.update(done, seen=seen)
        return unit.changes


def _order(each: Standing) -> tuple[bool, int, float, str]:
    newest = -each.since.timestamp() if each.since else 0.0
    return bool(each.acknowledged_by), _RANK.get(each.severity, 0), newest, each.id


def _standing(view: View, issue: Resource) -> Standing:
    alert = from_issue(issue)
    involved = tuple(_involved(view, reference) for reference in alert.records)
    people = list(dict.fromkeys(each.patient for each in involved if each.patient))
    return Standing(
        id=str(issue["id"]),
        rule=alert.rule,
        severity=alert.severity,
        patient=_chart(alert, people),
        names=tuple(_name(view, each) for each in people),
        beds=tuple(places(view, latest_stay(view, each))[0] for each in people),
        numbers=tuple(_number(view, each) for each in people),
        involved=involved,
        since=elements.instant(alert.since),
        acknowledged_by=alert.acknowledged_by or "" if alert.state == "acknowledged" else "",
        acknowledged_at=elements.instant(alert.acknowledged_at),
        reason=alert.reason,
    )


def _chart(alert: Alert, people: list[PatientId]) -> PatientId | None:
    if alert.patient is not None:
        return PatientId(alert.patient)
    return people[0] if people else None


def _involved(view: View, reference: str) -> Involved:
    type_, _, id_ = reference.partition("/")
    stored = view.get(type_, id_)
    if stored is None or stored.deleted:
        return Involved(RECORDS.get(type_, UNKNOWN_RECORD), "", "", None, None, here=False)
    resource = stored.resource()
    told = summarise(resource)
    owner = PatientId(told.patient) if told.patient else None
    about = title(resource, tr)
    if type_ in ("Patient", "Encounter") and owner is not None:
        about = _name(view, owner)
    if type_ == "Patient":
        about = " · ".join(filter(None, (about, _born(resource))))
    if type_ == "Encounter":
        about = f"{about} · {_bed(view, resource)}".rstrip(" ·")
    return Involved(
        RECORDS.get(type_, UNKNOWN_RECORD), about, told.author or "", told.at, owner, here=True
    )


def _bed(view: View, stay: Resource) -> str:
    for entry in elements.objects(stay.get("location")):
        place = elements.reference_id(entry.get("location"), "Location")
        stored = view.get("Location", place) if place else None
        if stored is not None:
            found = location.read(stored.resource())
            if found.kind == "bed" and entry.get("status") != "completed":
                return found.name
    return ""


def _born(person: Resource) -> str:
    return moment(patient.read(person).born or "")


def _number(view: View, id_: PatientId) -> str:
    stored = view.get("Patient", id_)
    return patient.read(stored.resource()).record_number or "" if stored is not None else ""


def _name(view: View, id_: PatientId) -> str:
    stored = view.get("Patient", id_)
    return patient.read(stored.resource()).name.formal if stored is not None else ""
