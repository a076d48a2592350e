"""Conflicts that wait for a person: the list, both sides in the words of the form, the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from workstation.fhir import conflict as fhir
from workstation.fhir import elements, location, patient, practitioner
from workstation.fhir.conflict import Candidate, Choice, Conflict, Decision
from workstation.fhir.differences import (
    RECORDS,
    UNKNOWN_RECORD,
    Line,
    Versions,
    elsewhere,
    lines,
    title,
)
from workstation.fhir.fields import read, same
from workstation.fhir.json import Resource, equal
from workstation.fhir.provenance import provenance
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import charting
from workstation.services.desk import Desk
from workstation.services.patient_record import Banner, read_banner
from workstation.store import Stored, Unit, View, conflicts, history

__all__ = ["Choice", "Detail", "Line", "Past", "Question", "Side", "Waiting"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conflict in the list.

    Attributes:
        id: Of the conflict.
        patient: Whose record it is; None for a place or a person of the staff.
        name: The patient's name, or the place's.
        record: Kind of the record; the key of its word.
        about: The drug, the substance, the test.
        by: Who wrote the side that was put aside.
        at: When.
        may_decide: Whether the person at this desk may decide it.
    """

    id: str
    patient: PatientId | None
    name: str
    record: str
    about: str
    by: str
    at: datetime | None
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Side:
    """Who wrote one side, where and when.

    Attributes:
        by: Name; empty where nobody said.
        here: Whether it was written at this terminal; None where nobody said.
        at: When.
    """

    by: str
    here: bool | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide, with the lines that make it.

    Attributes:
        lines: What differs.
        contradicts: Whether both sides changed it; else only the side put aside did.
        settled: Whether both say the same by now, so that there is nothing to choose.
        suggested: The side that is chosen to begin with; None where a person must choose.
    """

    lines: tuple[Line, ...]
    contradicts: bool
    settled: bool
    suggested: Choice | None


@dataclass(frozen=True, slots=True)
class Past:
    """A decision that was made before, in words."""

    by: str
    at: datetime | None
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One conflict, ready to be shown and decided.

    Attributes:
        id: Of the conflict.
        banner: Of the patient concerned; None when it is of no patient here.
        record: Kind of the record; the key of its word.
        about: The drug, the substance, the test.
        reason: ``both-changed``, ``other-subject``, ``deleted-here`` or ``deleted-there``.
        mine: Who wrote the side put aside.
        theirs: Who wrote what is current.
        questions: In the order of the record.
        elsewhere: What only the others changed; it stays.
        deciders: Roles that may decide.
        may_decide: Whether the person at this desk may.
        open: Whether it is still to be decided.
        past: Decisions made before.
    """

    id: str
    banner: Banner | None
    record: str
    about: str
    reason: str
    mine: Side
    theirs: Side
    questions: tuple[Question, ...]
    elsewhere: tuple[Line, ...]
    deciders: tuple[str, ...]
    may_decide: bool
    open: bool
    past: tuple[Past, ...]


def waiting(desk: Desk) -> tuple[Waiting, ...]:
    """All conflicts that wait on this ward, oldest first."""
    with desk.store.read() as view:
        found = conflicts.load(view, [entry.id for entry in conflicts.entries(view)])
        return tuple(_waiting(view, desk, each) for each in found)


def detail(desk: Desk, id: str) -> Detail:
    """One conflict.

    Raises:
        Refused: ``gone``: this terminal does not know it.
    """
    with desk.store.read() as view:
        conflict = _load(view, id)
        versions = _versions(view, conflict)
        return _detail(view, desk, conflict, versions)


def decide(desk: Desk, id: str, choices: Sequence[Choice], reason: str) -> Changes:
    """Decide a conflict; the decision is a change like any other.

    Args:
        desk: Who decides.
        id: Of the conflict.
        choices: A side for each of the questions, in their order.
        reason: Why, in the person's words.

    Raises:
        Refused: ``gone``, ``already-decided``, ``not-permitted``, ``reason-missing`` or
            ``choice-missing``.
    """
    with desk.store.write(desk.author) as unit:
        conflict = _load(unit, id)
        _check(desk, conflict, choices, reason)
        at = desk.now().isoformat()
        chosen = tuple(zip(conflict.touched, choices, strict=True))
        decision = Decision(chosen, reason.strip(), desk.reference, desk.person.name, at)
        _apply(unit, conflict, decision)
        _close(unit, fhir.decide(conflict, decision))
        _trace(unit, desk, conflict, decision)
        return unit.changes


def _check(desk: Desk, conflict: Conflict, choices: Sequence[Choice], reason: str) -> None:
    if conflict.state != "open":
        last = conflict.decisions[-1] if conflict.decisions else None
        raise Refused("already-decided", by=last.author if last else "")
    if desk.person.role not in conflict.deciders:
        raise Refused("not-permitted", roles=",".join(conflict.deciders))
    if len(choices) != len(conflict.touched) or not set(choices) <= set(get_args(Choice)):
        raise Refused("choice-missing", field="choice")
    charting.reason_given(reason)


def _apply(unit: Unit, conflict: Conflict, decision: Decision) -> None:
    type_, _, id_ = conflict.focus.partition("/")
    seen = unit.get(type_, id_)
    current = None if seen is None or seen.deleted else seen.resource()
    result = fhir.decided_resource(conflict, current, decision)
    if result is None:
        if seen is not None and current is not None:
            unit.delete(type_, id_, seen=seen)
    elif seen is None:
        unit.create(result)
    elif current is None or not equal(result, current):
        unit.update(result, seen=seen)


def _close(unit: Unit, conflict: Conflict) -> None:
    """Write the decision into the Task, keeping what others added to it."""
    seen = unit.get("Task", conflict.id)
    if seen is None:
        raise Refused("gone")
    unit.update({**seen.resource(), **fhir.to_task(conflict)}, seen=seen)


def _trace(unit: Unit, desk: Desk, conflict: Conflict, decision: Decision) -> None:
    unit.create(
        provenance(
            uuid7(),
            target=conflict.focus,
            recorded=decision.at,
            device=desk.store.device,
            person=(decision.author, decision.display),
            fields=[field.name for field, choice in decision.fields if choice == "mine"],
            reason=decision.reason,
            patient=conflict.patient,
        )
    )


def _load(view: View, id: str) -> Conflict:
    found = conflicts.load(view, [id])
    if not found:
        raise Refused("gone")
    return found[0]


def _versions(view: View, conflict: Conflict) -> Versions:
    """With what stands in the record now, which may be newer than when the conflict arose."""
    type_, _, id_ = conflict.focus.partition("/")
    stored = view.get(type_, id_)
    current = None if stored is None or stored.deleted else stored.resource()
    return Versions(type_, conflict.base, current, conflict.mine.resource)


def _waiting(view: View, desk: Desk, conflict: Conflict) -> Waiting:
    type_ = conflict.focus.partition("/")[0]
    known = conflict.mine.resource or conflict.theirs.resource or conflict.base
    return Waiting(
        id=conflict.id,
        patient=PatientId(conflict.patient) if conflict.patient else None,
        name=_name_of(view, f"Patient/{conflict.patient}" if conflict.patient else conflict.focus),
        record=RECORDS.get(type_, UNKNOWN_RECORD),
        about=title(known, tr),
        by=_writer(view, conflict.mine),
        at=elements.instant(conflict.mine.at),
        may_decide=desk.person.role in conflict.deciders,
    )


def _detail(view: View, desk: Desk, conflict: Conflict, versions: Versions) -> Detail:
    known = versions.theirs or versions.mine or versions.base
    names = _Names(view)
    return Detail(
        id=conflict.id,
        banner=_banner(view, desk, conflict),
        record=RECORDS.get(versions.type, UNKNOWN_RECORD),
        about=title(known, tr),
        reason=conflict.reason,
        mine=_side(view, desk, conflict.mine),
        theirs=_their_side(view, desk, conflict),
        questions=tuple(_question(conflict, n, versions, names) for n in _range(conflict)),
        elsewhere=elsewhere(conflict.touched, versions, tr, names),
        deciders=conflict.deciders,
        may_decide=desk.person.role in conflict.deciders,
        open=conflict.state == "open",
        past=tuple(
            Past(d.display, elements.instant(d.at), d.outcome, d.reason) for d in conflict.decisions
        ),
    )


def _range(conflict: Conflict) -> range:
    return range(len(conflict.touched))


def _question(conflict: Conflict, n: int, versions: Versions, names: _Names) -> Question:
    field = conflict.touched[n]
    contradicts = field in conflict.clashing
    here, there = read(versions.mine or {}, field), read(versions.theirs or {}, field)
    deletion = field.name == "record-deleted"
    settled = not deletion and same(here, there)
    before = read(versions.base or {}, field)
    free = settled or (not contradicts and not deletion and same(there, before))
    return Question(
        lines(field, versions, tr, names), contradicts, settled, "mine" if free else None
    )


def _side(view: View, desk: Desk, candidate: Candidate) -> Side:
    here = candidate.device == desk.store.device if candidate.device else None
    return Side(_writer(view, candidate), here, elements.instant(candidate.at))


def _their_side(view: View, desk: Desk, conflict: Conflict) -> Side:
    """What the Task does not tell, this terminal's journal may: the version may be its own."""
    said = _side(view, desk, conflict.theirs)
    meta = elements.mapping((conflict.theirs.resource or {}).get("meta"))
    version = elements.text(meta.get("versionId"))
    type_, _, id_ = conflict.focus.partition("/")
    for each in reversed(history.written(view, type_, id_) if version else []):
        if each.answer_version == version:
            return Side(each.author or said.by, here=True, at=each.recorded_at)
    return said


def _writer(view: View, candidate: Candidate) -> str:
    return candidate.display or _name_of(view, candidate.author or "")


def _banner(view: View, desk: Desk, conflict: Conflict) -> Banner | None:
    stored = view.get("Patient", conflict.patient) if conflict.patient else None
    if conflict.patient is None or stored is None or stored.deleted:
        return None
    return read_banner(view, PatientId(conflict.patient), desk.now())


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of what references point to, as far as this terminal knows them."""

    view: View

    def __call__(self, reference: str) -> str | None:
        return _name_of(self.view, reference) or None


def _name_of(view: View, reference: str) -> str:
    type_, _, id_ = reference.partition("/")
    stored: Stored | None = view.get(type_, id_) if id_ else None
    return _named(type_, stored.resource()) if stored is not None else ""


def _named(type_: str, resource: Resource) -> str:
    if type_ == "Patient":
        return patient.read(resource).name.formal
    if type_ == "Location":
        return location.read(resource).name
    if type_ == "Practitioner":
        return practitioner.read(resource).name.plain
    return title(resource, tr)
