"""What a nurse does with problems: open, change, tick what was done, evaluate, end, put right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any, Final

from workstation.clinical import care_plan as rules
from workstation.clinical.care_plan import Deed, Evaluation, Plan, State
from workstation.clinical.names import one_line
from workstation.fhir import care_deed, elements
from workstation.fhir import care_plan as mapping
from workstation.fhir.care_deed import Fact
from workstation.fhir.care_plan import PlanRecord
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId, name_uuid
from workstation.security.rights import require
from workstation.services import charting, stays
from workstation.services.care_sites import draft_id
from workstation.services.desk import Desk
from workstation.services.still_there import still_there
from workstation.store import Stored, Unit, drafts

OPEN: Final = "open-problem"
"""Names what is typed for a new problem."""


def open_problem(desk: Desk, patient: PatientId, plan: Plan, *, own: str) -> Changes:
    """Open a nursing problem.

    Args:
        desk: Who opens it.
        patient: Whose.
        plan: The problem with goals and interventions.
        own: Id of the plan; saved twice with one id, it is opened once.

    Raises:
        Refused: ``not-permitted``; what `rules.refuse_impossible` says; ``in-future`` (field
            ``since``); ``problem-open`` (field ``problem``) when it is open already;
            ``not-admitted``, ``on-leave``.
    """
    require(desk.person, "chart")
    rules.refuse_impossible(plan)
    charting.refuse_future(desk, plan.since, "since")
    with desk.store.write(desk.author) as unit:
        if unit.get("CarePlan", own) is not None:
            return Changes()
        stay = stays.in_progress(unit, patient, at=plan.since)
        _refuse_open(unit, patient, stay, plan)
        unit.create(mapping.write(desk.entry(patient, stay.id, own=own), plan))
        drafts.discard(unit, draft_id(desk, patient, OPEN))
        desk.audit(unit, "open-nursing-problem", f"CarePlan/{own}")
        return unit.changes


def amend(desk: Desk, reference: str, plan: Plan, *, reason: str) -> Changes:
    """Change goals, interventions or what a problem comes from; earlier versions stay.

    Raises:
        Refused: As `open_problem`; ``reason-missing``; ``plan-over``; ``gone``.
    """
    require(desk.person, "chart")
    rules.refuse_impossible(plan)
    why = charting.signed(desk, _short(reason))
    with desk.store.write(desk.author) as unit:
        stored, record = _going(unit, reference)
        kept = replace(plan, words=record.plan.words, code=record.plan.code,
                       since=record.plan.since)  # fmt: skip
        unit.update(mapping.amend(stored.resource(), kept, **why), seen=stored)
        _forget(desk, unit, record, f"amend {reference}")
        desk.audit(unit, "change-nursing-problem", reference)
        return unit.changes


def done(desk: Desk, reference: str, deed: Deed) -> Changes:
    """Chart that an intervention was done; a key pressed twice within a minute charts it once.

    Args:
        desk: Who did it.
        reference: ``CarePlan/<id>``.
        deed: What, when, what came of it.

    Raises:
        Refused: ``not-permitted``; ``in-future``, ``not-there-then`` (field ``at``);
            ``words-too-long`` (field ``remark``); ``plan-over``; ``gone``; ``not-admitted``,
            ``on-leave``.
    """
    require(desk.person, "chart")
    _refuse_fact(desk, deed)
    with desk.store.write(desk.author) as unit:
        _, record = _at(unit, reference, deed.at)
        patient = _patient(record)
        own = _free(desk, unit, record, deed)
        if own is None:
            return Changes()
        stay = stays.in_progress(unit, patient, at=deed.at)
        unit.create(care_deed.write_deed(desk.entry(patient, stay.id, own=own), reference, deed))
        _forget(desk, unit, record, f"done {reference} {deed.care.key}")
        return unit.changes


def evaluate(
    desk: Desk, reference: str, found: Evaluation, *, own: str, close: bool = False
) -> Changes:
    """Chart how far the goals were reached, and end the problem where it is solved.

    Args:
        desk: Who evaluates.
        reference: ``CarePlan/<id>``.
        found: How it went.
        own: Id of the evaluation; saved twice with one id, it is charted once.
        close: Whether the problem is solved.

    Raises:
        Refused: As `done`.
    """
    require(desk.person, "chart")
    _refuse_fact(desk, found)
    with desk.store.write(desk.author) as unit:
        if unit.get("Observation", own) is not None:
            return Changes()
        stored, record = _at(unit, reference, found.at)
        patient = _patient(record)
        stay = stays.in_progress(unit, patient, at=found.at)
        entry = desk.entry(patient, stay.id, own=own)
        unit.create(care_deed.write_evaluation(entry, reference, record.plan.words, found))
        if close:
            over = mapping.ended(
                stored.resource(), State.COMPLETED, end=found.at, reason=found.remark,
                author=desk.performer, at=desk.now(),
            )  # fmt: skip
            unit.update(over, seen=stored)
            desk.audit(unit, "end-nursing-problem", reference)
        _forget(desk, unit, record, f"evaluate {reference}")
        return unit.changes


def end(desk: Desk, reference: str, state: State, at: datetime, *, reason: str) -> Changes:
    """End a problem: solved, or taken back as not needed or opened twice.

    Raises:
        Refused: ``not-permitted``; ``in-future``, ``not-there-then`` (field ``at``);
            ``reason-missing`` for one that is taken back; ``plan-over``; ``gone``.
    """
    require(desk.person, "chart")
    charting.refuse_future(desk, at)
    if state is State.REVOKED and not reason.strip():
        raise Refused("reason-missing", field="reason")
    with desk.store.write(desk.author) as unit:
        stored, record = _at(unit, reference, at)
        over = mapping.ended(
            stored.resource(), state, end=at, reason=_short(reason), author=desk.performer,
            at=desk.now(),
        )  # fmt: skip
        unit.update(over, seen=stored)
        _forget(desk, unit, record, f"end {reference}")
        desk.audit(unit, "end-nursing-problem", reference)
        return unit.changes


def correct(desk: Desk, reference: str, what: Deed | Evaluation, *, reason: str) -> Changes:
    """Put time, outcome or words of a deed or evaluation right; the wrong version stays.

    Raises:
        Refused: As `done`, and ``reason-missing``.
    """
    require(desk.person, "chart")
    _refuse_fact(desk, what)
    why = charting.signed(desk, _short(reason))
    with desk.store.write(desk.author) as unit:
        stored, fact = _fact(unit, reference)
        _refuse_before(_plan(unit, fact.plan)[1], what.at)
        if isinstance(what, Deed):
            changed = care_deed.amend_deed(stored.resource(), what, **why)
        else:
            changed = care_deed.amend_evaluation(stored.resource(), what, **why)
        unit.update(changed, seen=stored)
        _forget_of(desk, unit, stored, f"correct {reference}")
        desk.audit(unit, "correct-nursing-care", reference)
        return unit.changes


def enter_in_error(desk: Desk, reference: str, *, reason: str) -> Changes:
    """Say of a problem, a deed or an evaluation that it never was true.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``gone``.
    """
    require(desk.person, "chart")
    why = charting.signed(desk, _short(reason))
    with desk.store.write(desk.author) as unit:
        stored = _stored(unit, reference)
        _strike(unit, stored, why)
        _forget_of(desk, unit, stored, f"strike {reference}")
        desk.audit(unit, "nursing-care-in-error", reference)
        return unit.changes


def undo(desk: Desk, references: Iterable[str]) -> Changes:
    """Take back what one has charted oneself a moment ago: a problem, its end, a deed, a word.

    Raises:
        Refused: ``not-own-entry``; ``too-late-to-undo`` (``minutes``); ``gone``.
    """
    why = charting.taken_back(desk)
    with desk.store.write(desk.author) as unit:
        for reference in references:
            stored = _stored(unit, reference)
            _refuse_foreign(desk, stored)
            record = mapping.read(stored.resource())
            if record is not None and record.valid and not record.open:
                unit.update(mapping.reopened(stored.resource(), **why), seen=stored)
            else:
                _strike(unit, stored, why)
            desk.audit(unit, "undo-nursing-care", reference)
        return unit.changes


def _free(desk: Desk, unit: Unit, record: PlanRecord, deed: Deed) -> str | None:
    """An id for a deed by what it is; None when it is charted already and counts."""
    minute = deed.at.astimezone().strftime("%Y%m%d%H%M")
    for turn in count():
        own = name_uuid("nursing-care", record.id, deed.care.key, desk.person.id, minute, str(turn))
        stored = unit.get("Procedure", own)
        if stored is None:
            return own
        fact = care_deed.read(stored.resource())
        if fact is not None and fact.valid:
            return None
    return None


def _refuse_open(unit: Unit, patient: PatientId, stay: Stored, plan: Plan) -> None:
    for stored in unit.find("CarePlan", patient=patient):
        record = mapping.read(stored.resource())
        same = record is not None and record.plan.key == plan.key
        if record is not None and same and record.goes_on(stay.id):
            raise Refused("problem-open", field="problem", since=record.plan.since)


def _refuse_fact(desk: Desk, what: Deed | Evaluation) -> None:
    charting.refuse_future(desk, what.at)
    if len(what.remark) > rules.LONGEST_WORDS:
        raise Refused("words-too-long", field="remark", most=rules.LONGEST_WORDS)


def _refuse_before(record: PlanRecord, at: datetime) -> None:
    if at < record.plan.since.replace(second=0, microsecond=0):
        raise Refused("not-there-then", field="at", since=record.plan.since)


def _refuse_foreign(desk: Desk, stored: Stored) -> None:
    """One's own, and only for a few minutes."""
    record, fact = mapping.read(stored.resource()), care_deed.read(stored.resource())
    by, at = "", None
    if record is not None and record.decided is not None and not record.open:
        by, at = record.decided.person, record.decided.at
    elif record is not None:
        by, at = record.by_reference, record.recorded
    elif fact is not None:
        by, at = fact.by_reference, fact.recorded
    charting.refuse_undo(desk, by, at)


def _strike(unit: Unit, stored: Stored, why: dict[str, Any]) -> None:
    plan = stored.type == "CarePlan"
    struck = mapping.enter_in_error if plan else care_deed.enter_in_error
    unit.update(struck(stored.resource(), **why), seen=stored)


def _stored(unit: Unit, reference: str) -> Stored:
    """A plan, deed or evaluation that counts."""
    stored = still_there(unit, reference)
    found = mapping.read(stored.resource()) or care_deed.read(stored.resource())
    if found is None or not found.valid:
        raise Refused("gone", reference=reference)
    return stored


def _fact(unit: Unit, reference: str) -> tuple[Stored, Fact]:
    stored = _stored(unit, reference)
    fact = care_deed.read(stored.resource())
    if fact is None:
        raise Refused("gone", reference=reference)
    return stored, fact


def _plan(unit: Unit, reference: str) -> tuple[Stored, PlanRecord]:
    stored = _stored(unit, reference)
    record = mapping.read(stored.resource())
    if record is None:
        raise Refused("gone", reference=reference)
    return stored, record


def _going(unit: Unit, reference: str) -> tuple[Stored, PlanRecord]:
    stored, record = _plan(unit, reference)
    if not record.goes_on(stays.in_progress(unit, _patient(record)).id):
        by = record.decided.by if record.decided else ""
        raise Refused("plan-over", by=by)
    return stored, record


def _at(unit: Unit, reference: str, at: datetime) -> tuple[Stored, PlanRecord]:
    """A plan that goes on, and went on at a time."""
    stored, record = _going(unit, reference)
    _refuse_before(record, at)
    return stored, record


def _patient(record: PlanRecord) -> PatientId:
    if record.patient is None:
        raise Refused("gone", reference=record.reference)
    return PatientId(record.patient)


def _forget(desk: Desk, unit: Unit, record: PlanRecord, deed: str) -> None:
    drafts.discard(unit, draft_id(desk, record.patient or "", deed))


def _forget_of(desk: Desk, unit: Unit, stored: Stored, deed: str) -> None:
    patient = elements.reference_id(stored.resource().get("subject"), "Patient") or ""
    drafts.discard(unit, draft_id(desk, patient, deed))


def _short(words: str) -> str:
    return one_line(words)[: rules.LONGEST_WORDS]
