"""Nursing problems of a patient as they are shown: plans, what was done, how it went, hints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical import care_plan as rules
from workstation.clinical import nursing_problem
from workstation.clinical.care_plan import Care, Deed, Evaluation
from workstation.clinical.care_site import Group
from workstation.clinical.knowledge import Knowledge
from workstation.clinical.nursing_problem import Findings, Suggestion
from workstation.clinical.order_safety import Words
from workstation.clinical.scores.warning import STALE_AFTER
from workstation.fhir import assessment as assessment_mapping
from workstation.fhir import care_deed
from workstation.fhir import care_plan as mapping
from workstation.fhir.care_deed import Fact
from workstation.fhir.care_plan import PlanRecord
from workstation.kernel.ids import PatientId
from workstation.kernel.words import Language, language
from workstation.services import care_due, care_sites, flowsheet, patient_record
from workstation.services.desk import Desk
from workstation.store import View, assessments, drafts
from workstation.store import care_sites as store

SHOWN: Final = timedelta(days=14)
"""What was done earlier stands in the timeline and on the sheet: twice the longest interval."""

__all__ = ["CarePlans", "Fact", "PlanRecord", "Suggestion"]


@dataclass(frozen=True, slots=True)
class FactRow:
    """Something done, or an evaluation, as it is shown.

    Attributes:
        record: What, when, by whom.
        words: What was done; of an evaluation empty, its outcome says it.
        unsent: Whether the hospital has not received it yet.
    """

    record: Fact
    words: str
    unsent: bool


@dataclass(frozen=True, slots=True)
class CareRow:
    """One intervention of a plan as it is shown.

    Attributes:
        number: Its key on the keyboard, from 1 on.
        care: What.
        words: In the language spoken.
        last: When it was done last; None when it was not.
        due: When it is due again (aware); None when it is done when needed, or the plan is over.
    """

    number: int
    care: Care
    words: str
    last: FactRow | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One problem as it is shown.

    Attributes:
        record: What the record has.
        words: Its name in the language spoken.
        goals: In the language spoken.
        care: What is done.
        going: Whether it goes on in this stay.
        facts: What was done and how it went, newest first; errors are among them.
        evaluation_due: When the goals are to be looked at (aware); None when it is over.
        unsent: Whether the hospital has not received it yet.
    """

    record: PlanRecord
    words: str
    goals: tuple[str, ...]
    care: tuple[CareRow, ...]
    going: bool
    facts: tuple[FactRow, ...]
    evaluation_due: datetime | None
    unsent: bool

    @property
    def evaluation(self) -> FactRow | None:
        """The newest evaluation that counts."""
        return _newest(self.facts, Evaluation)

    @property
    def deed(self) -> FactRow | None:
        """What was done last."""
        return _newest(self.facts, Deed)


@dataclass(frozen=True, slots=True)
class CarePlans:
    """All of one patient.

    Attributes:
        rows: Those that go on, the oldest first, then those that are over, newest first.
        suggestions: What the chart hints at and nobody opened.
        drafts: What was typed and not saved by whoever is logged in: texts by field, of each deed.
        now: When this was read, with the terminal's offset.
    """

    rows: tuple[PlanRow, ...]
    suggestions: tuple[Suggestion, ...]
    drafts: Mapping[str, Mapping[str, str]]
    now: datetime


def read(desk: Desk, patient: PatientId) -> CarePlans:
    """Every nursing problem of a patient, with what the chart hints at."""
    now = desk.now()
    with desk.store.read() as view:
        rows = read_rows(view, desk.knowledge, patient, language(), since=now - SHOWN)
        opened = {row.record.plan.code for row in rows if row.going}
        hinted = _suggestions(view, desk.knowledge, patient, opened, now)
        kept = drafts.of_person(view, desk.person.id, patient=patient)
    typed = (json.loads(draft.body) for draft in kept if draft.kind == care_sites.DRAFT)
    return CarePlans(rows, hinted, {each["deed"]: each["texts"] for each in typed}, now)


def read_rows(
    view: View,
    known: Knowledge,
    patient: PatientId,
    tongue: Language,
    *,
    since: datetime | None = None,
) -> tuple[PlanRow, ...]:
    """The same problems inside a transaction.

    Args:
        view: The transaction.
        known: What is known of problems.
        patient: Whose.
        tongue: Of the words.
        since: What was done before this (aware) is left out; None for all of it.
    """
    plans = [
        (record, stored.pending)
        for stored in view.find("CarePlan", patient=patient)
        if (record := mapping.read(stored.resource())) is not None
    ]
    if not plans:
        return ()
    facts = _facts(view, known, patient, tongue, since)
    stay = patient_record.latest_stay(view, patient)
    present = stay.id if stay is not None and stay.present else None
    rows = [
        _row(
            record, facts.get(record.reference, ()), known, tongue,
            going=record.goes_on(present), unsent=unsent,
        )
        for record, unsent in plans
    ]  # fmt: skip
    there = sorted((row for row in rows if row.going), key=_since)
    over = sorted((row for row in rows if not row.going), key=_ended, reverse=True)
    return (*there, *over)


def said(words: Words, tongue: Language) -> str:
    """A text of the knowledge in one language."""
    return words.en if tongue == "en" else words.vi


def problem_words(known: Knowledge, code: str, recorded: str, tongue: Language) -> str:
    """The name of a problem: of one that is known in the language, else as it was recorded."""
    problem = known.nursing_by_id.get(code)
    return said(problem.words, tongue) if problem is not None else recorded


def care_words(known: Knowledge, code: str, recorded: str, tongue: Language) -> str:
    """The words of a goal or an intervention; its code begins with that of its problem."""
    for problem in known.nursing_problems if code else ():
        found = problem.care(code) or problem.goal(code)
        if found is not None:
            return said(found.words, tongue)
    return recorded


def _facts(
    view: View, known: Knowledge, patient: PatientId, tongue: Language, since: datetime | None
) -> dict[str, tuple[FactRow, ...]]:
    """What was done and how it went by plan, newest first."""
    stored = [
        *store.procedures(view, patient, nursing=True, since=since),
        *assessments.under(view, patient, care_deed.INDEX_CODES),
    ]
    found: dict[str, list[FactRow]] = {}
    for each in stored:
        fact = care_deed.read(each.resource())
        if fact is not None:
            care = fact.what.care if isinstance(fact.what, Deed) else None
            words = care_words(known, care.code, care.words, tongue) if care else ""
            found.setdefault(fact.plan, []).append(FactRow(fact, words, each.pending))
    return {
        plan: tuple(
            sorted(rows, key=lambda row: (row.record.what.at, row.record.reference), reverse=True)
        )
        for plan, rows in found.items()
    }


def _row(
    record: PlanRecord,
    facts: tuple[FactRow, ...],
    known: Knowledge,
    tongue: Language,
    *,
    going: bool,
    unsent: bool,
) -> PlanRow:
    plan = record.plan
    last: dict[str, FactRow] = {}
    for fact in reversed(facts):
        if fact.record.valid and isinstance(fact.record.what, Deed):
            last[fact.record.what.care.key] = fact
    care = []
    for number, each in enumerate(plan.care, start=1):
        done = last.get(each.key)
        at = done.record.what.at if done else None
        due = rules.care_due(each, plan.since, at) if going else None
        words = care_words(known, each.code, each.words, tongue)
        care.append(CareRow(number, each, words, done, due))
    evaluated = _newest(facts, Evaluation)
    looked = evaluated.record.what.at if evaluated else None
    return PlanRow(
        record=record,
        words=problem_words(known, plan.code, plan.words, tongue),
        goals=tuple(care_words(known, goal.code, goal.words, tongue) for goal in plan.goals),
        care=tuple(care),
        going=going,
        facts=facts,
        evaluation_due=rules.evaluation_due(plan, looked) if going else None,
        unsent=unsent,
    )


def _newest(facts: Iterable[FactRow], kind: type[Deed] | type[Evaluation]) -> FactRow | None:
    return next((row for row in facts if row.record.valid and isinstance(row.record.what, kind)),
                None)  # fmt: skip


def _since(row: PlanRow) -> tuple[datetime, str]:
    return row.record.plan.since, row.record.id


def _ended(row: PlanRow) -> tuple[datetime, str]:
    return row.record.ended or row.record.plan.since, row.record.id


def _suggestions(
    view: View, known: Knowledge, patient: PatientId, opened: set[str], now: datetime
) -> tuple[Suggestion, ...]:
    stay = patient_record.latest_stay(view, patient)
    if stay is None or not stay.present:
        return ()
    signs = flowsheet.read_flowsheet(view, patient, now, newest=1)
    fresh = {
        sign: cell.value
        for column in signs.columns
        if column.at >= now - STALE_AFTER
        for sign, cell in column.cells.items()
    }
    totals = {}
    for stored in assessments.newest(view, [patient], assessment_mapping.INDEX_CODES):
        record = assessment_mapping.read(stored.resource())
        if record is not None and record.valid:
            totals[record.assessment.scale.id] = record.assessment.total
    kinds = [
        row.record.site.kind for row in care_due.in_place(view, [patient], now).get(patient, [])
    ]
    found = Findings(
        signs=fresh,
        warning=signs.now,
        morse=totals.get("morse"),
        braden=totals.get("braden"),
        line=any(kind.group in (Group.LINE, Group.CATHETER) for kind in kinds),
        feeding_tube=any(kind.group is Group.TUBE and "gastr" in kind.id for kind in kinds),
        wound=any(kind.group is Group.WOUND for kind in kinds),
        level=stay.care_level,
    )
    return nursing_problem.suggested(known.nursing_problems, found, opened)
