"""Assessments by scales: filling one in, correcting it, taking it back, and what is due."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.clinical import assessment as rules
from workstation.clinical.age import age
from workstation.clinical.assessment import SCALES, Assessment
from workstation.clinical.early_warning import Facts
from workstation.clinical.scores.scale import AssessmentScale
from workstation.clinical.ward_tasks import DueItem
from workstation.fhir import assessment as mapping
from workstation.fhir import elements
from workstation.fhir.assessment import AssessmentRecord
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId, name_uuid
from workstation.kernel.words import tr
from workstation.security.rights import require
from workstation.services import charting, patient_record, stays
from workstation.services.desk import Desk
from workstation.store import Stored, Unit, View, drafts
from workstation.store import assessments as store

DRAFT: Final = "assessment"
LONGEST_REASON: Final = 500
_MOTHER_FROM_MONTHS: Final = 120


@dataclass(frozen=True, slots=True)
class Row:
    """One assessment as it is shown.

    Attributes:
        record: What was found.
        unsent: Whether the hospital has not received it yet.
    """

    record: AssessmentRecord
    unsent: bool


@dataclass(frozen=True, slots=True)
class ScaleHistory:
    """Everything by one scale.

    Attributes:
        scale: Which.
        rows: Newest first; errors are among them.
        due: When the next is due at the latest (aware); ``None`` when none is.
        offered: Whether it is made for a person of this age.
    """

    scale: AssessmentScale
    rows: tuple[Row, ...]
    due: datetime | None
    offered: bool

    @property
    def last(self) -> Row | None:
        """The newest one that counts."""
        return next((row for row in self.rows if row.record.valid), None)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and not saved: keys by id of the item."""

    scale: AssessmentScale
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Assessments:
    """All assessments of a patient.

    Attributes:
        scales: Those that are made for the person, then others that were used.
        draft: What was typed and not saved, by whoever is logged in.
        maternity: Whether a maternity chart is kept; ``None`` where none can be.
        now: When this was read, with the terminal's offset.
        whole: Whether nothing was left out.
    """

    scales: tuple[ScaleHistory, ...]
    draft: Draft | None
    maternity: bool | None
    now: datetime
    whole: bool = True


def read(desk: Desk, patient: PatientId, *, newest: int | None = None) -> Assessments:
    """Every assessment of a patient.

    Args:
        desk: Who asks.
        patient: Whose.
        newest: Only about so many, the newest, and the last that counts of each scale; None for
            all. A long stay has thousands.
    """
    now = desk.now()
    with desk.store.read() as view:
        facts = patient_record.facts(view, patient, now)
        stay = patient_record.latest_stay(view, patient)
        present = stay if stay and stay.present else None
        admitted = present.started_at if present else None
        rows, whole = _rows(view, patient, newest)
        sex = patient_record.read_banner(view, patient, now).sex
        kept = [
            draft
            for draft in drafts.of_person(view, desk.person.id, patient=patient)
            if draft.kind == DRAFT
        ]
    offered = rules.scales_for(facts)
    used = {row.record.assessment.scale.id for row in rows}
    scales = [*offered, *(s for s in SCALES.values() if s.id in used and s not in offered)]
    found = tuple(
        _history(scale, rows, admitted, offered=scale in offered, over=present is None)
        for scale in scales
    )
    possible = stay is not None and stay.present and _can_be_mother(sex, facts)
    return Assessments(
        scales=found,
        draft=_draft(kept[0]) if kept else None,
        maternity=facts.maternity if possible else None,
        now=now,
        whole=whole,
    )


def read_rows(view: View, patient: PatientId) -> tuple[Row, ...]:
    """The assessments of a patient inside a transaction, newest first."""
    return _rows(view, patient, None)[0]


def _rows(view: View, patient: PatientId, newest: int | None) -> tuple[tuple[Row, ...], bool]:
    """The same, with whether these are all; `newest` as in `read`."""
    if newest is None:
        wanted, whole = store.under(view, patient, mapping.ANY_INDEX_CODES), True
    else:
        latest = store.latest(view, patient, mapping.ANY_INDEX_CODES, newest)
        last = store.newest(view, [patient], mapping.INDEX_CODES)
        wanted = list({stored.id: stored for stored in (*last, *latest)}.values())
        whole = len(latest) < newest
    found = []
    for stored in wanted:
        record = mapping.read(stored.resource())
        if record is not None:
            found.append(Row(record, stored.pending))
    found.sort(key=lambda row: (row.record.assessment.at, row.record.id), reverse=True)
    return tuple(found), whole


def record(
    desk: Desk,
    patient: PatientId,
    scale: AssessmentScale,
    answers: Mapping[str, str],
    at: datetime,
) -> Changes:
    """Chart an assessment; the draft of it is forgotten with the same commit.

    Args:
        desk: Who assesses.
        patient: Whom.
        scale: By which scale.
        answers: Key of the answer by id of the item.
        at: When it was assessed (aware).

    Raises:
        Refused: ``not-permitted``; ``in-future`` (field ``at``); ``answer-missing`` and
            ``no-such-answer`` with the item as field; ``not-admitted``, ``on-leave``.
    """
    require(desk.person, "chart")
    _refuse(desk, scale, answers, at)
    with desk.store.write(desk.author) as unit:
        stay = stays.in_progress(unit, patient, at=at)
        entry = desk.entry(patient, stay.id)
        unit.create(mapping.write(entry, Assessment(scale, at, dict(answers))))
        drafts.discard(unit, draft_id(desk, patient))
        return unit.changes


def amend(desk: Desk, observation: str, answers: Mapping[str, str], *, reason: str) -> Changes:
    """Put the answers of an assessment right; the wrong ones stay in the history.

    Raises:
        Refused: As `record`, and ``reason-missing``, ``gone``.
    """
    require(desk.person, "chart")
    why = _why(desk, reason)
    with desk.store.write(desk.author) as unit:
        seen, found = _seen(unit, observation)
        before = found.assessment
        _refuse(desk, before.scale, answers, before.at)
        right = Assessment(before.scale, before.at, dict(answers))
        unit.update(mapping.amend(seen.resource(), right, **why), seen=seen)
        desk.audit(unit, "correct-assessment", f"Observation/{observation}")
        return unit.changes


def enter_in_error(desk: Desk, observation: str, *, reason: str) -> Changes:
    """Say that an assessment never was true, such as one of the wrong patient.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``gone``.
    """
    require(desk.person, "chart")
    why = _why(desk, reason)
    with desk.store.write(desk.author) as unit:
        seen, _ = _seen(unit, observation)
        unit.update(mapping.enter_in_error(seen.resource(), **why), seen=seen)
        desk.audit(unit, "assessment-in-error", f"Observation/{observation}")
        return unit.changes


def undo(desk: Desk, observation: str) -> Changes:
    """Take back what one has charted a moment ago oneself; it stays, as entered in error.

    Raises:
        Refused: ``not-own-entry``; ``too-late-to-undo`` (``minutes``); ``gone``.
    """
    with desk.store.write(desk.author) as unit:
        seen, found = _seen(unit, observation)
        charting.refuse_undo(desk, found.by_reference, found.issued)
        unit.update(mapping.enter_in_error(seen.resource(), **charting.taken_back(desk)), seen=seen)
        desk.audit(unit, "undo-assessment", f"Observation/{observation}")
        return unit.changes


def draft_id(desk: Desk, patient: PatientId) -> str:
    """Id of the one draft that somebody has of an assessment of one patient."""
    return name_uuid(DRAFT, desk.person.id, patient)


def keep_draft(
    desk: Desk, patient: PatientId, scale: AssessmentScale, answers: Mapping[str, str]
) -> Changes:
    """Keep what is typed so far; nothing typed is forgotten instead."""
    own = draft_id(desk, patient)
    typed = {item: key for item, key in answers.items() if key.strip()}
    with desk.store.write() as unit:
        if typed:
            body = json.dumps({"scale": scale.id, "answers": typed})
            now = desk.clock.now()
            drafts.keep(unit, drafts.Draft(own, desk.person.id, patient, DRAFT, body, now))
        else:
            drafts.discard(unit, own)
    return Changes()


def due(view: View, patients: Sequence[PatientId], now: datetime) -> list[DueItem]:
    """Each assessment of some patients that is due, or will be.

    Args:
        view: One snapshot.
        patients: Whose.
        now: The present, with the terminal's offset.
    """
    here = store.present(view, patients)
    last: dict[tuple[str, str], AssessmentRecord] = {}
    for stored in store.newest(view, here, mapping.INDEX_CODES):
        found, patient = stored.read(_whose)
        if found is not None and patient is not None:
            key = patient, found.assessment.scale.id
            other = last.get(key)
            if other is None or other.assessment.at < found.assessment.at:
                last[key] = found
    items = []
    for patient, person in here.items():
        for scale in rules.scales_for(_facts(person, now)):
            before = _of_stay(last.get((patient, scale.id)), person.admitted_at)
            at = rules.due_at(scale, before, person.admitted_at)
            if at is not None:
                items.append(DueItem("assessment", patient, at, tr(scale.words)))
    return items


def _whose(resource: Resource) -> tuple[AssessmentRecord | None, str | None]:
    return mapping.read(resource), elements.reference_id(resource.get("subject"), "Patient")


def _facts(person: store.Present, now: datetime) -> Facts:
    born = elements.earliest_day(person.born)
    return Facts.of(age(born, now.date()) if born else None, maternity="maternity" in person.flags)


def _of_stay(found: AssessmentRecord | None, admitted: datetime | None) -> Assessment | None:
    if found is None or (admitted is not None and found.assessment.at < admitted):
        return None
    return found.assessment


def _history(
    scale: AssessmentScale,
    rows: Sequence[Row],
    admitted: datetime | None,
    *,
    offered: bool,
    over: bool,
) -> ScaleHistory:
    own = tuple(row for row in rows if row.record.assessment.scale is scale)
    valid = next((row.record for row in own if row.record.valid), None)
    last = _of_stay(valid, admitted)
    due_next = None if over or not offered else rules.due_at(scale, last, admitted)
    return ScaleHistory(scale, own, due_next, offered)


def _can_be_mother(sex: str, facts: Facts) -> bool:
    """Women from 10 years on, as far as the age is known."""
    return sex == "female" and (facts.months is None or facts.months >= _MOTHER_FROM_MONTHS)


def _draft(kept: drafts.Draft) -> Draft | None:
    body = json.loads(kept.body)
    return Draft(SCALES[body["scale"]], body["answers"]) if body["scale"] in SCALES else None


def _refuse(desk: Desk, scale: AssessmentScale, answers: Mapping[str, str], at: datetime) -> None:
    scale.check(answers)
    charting.refuse_future(desk, at)


def _seen(unit: Unit, observation: str) -> tuple[Stored, AssessmentRecord]:
    stored = unit.get("Observation", observation)
    found = mapping.read(stored.resource()) if stored and not stored.deleted else None
    if stored is None or found is None:
        raise Refused("gone", reference=f"Observation/{observation}")
    return stored, found


def _why(desk: Desk, reason: str) -> dict[str, Any]:
    return charting.signed(desk, " ".join(reason.split())[:LONGEST_REASON])
