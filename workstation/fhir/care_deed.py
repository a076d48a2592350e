"""What was done by a nursing plan, as Procedures, and how the plan went, as Observations.

Both are facts: each names the plan (``basedOn``, ``focus``), is never changed into another one, and
stays when another nurse charts the same at the same time on another terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.clinical.care_plan import Care, Deed, Evaluation, Outcome
from workstation.fhir import elements, systems
from workstation.fhir.annotation import annotated
from workstation.fhir.care_plan import CATEGORY, concept
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

EVALUATION: Final = "evaluation"
_WORDS: Final = "evaluation-words"
INDEX_CODES: Final = (EVALUATION, _WORDS)
"""Codes under which an evaluation stands in the index of observations."""
_VOID: Final = ("entered-in-error", "cancelled", "not-done")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something done, or an evaluation, in the record.

    Attributes:
        reference: ``Procedure/<id>`` or ``Observation/<id>``.
        plan: ``CarePlan/<id>``.
        what: What was done or found.
        status: FHIR status.
        by: Who did it, as shown.
        by_reference: ``Practitioner/<id>``.
        recorded: When it was charted (aware).
        reason: Why it was corrected or struck out.
    """

    reference: str
    plan: str
    what: Deed | Evaluation
    status: str
    by: str
    by_reference: str
    recorded: datetime | None
    reason: str

    @property
    def valid(self) -> bool:
        """Whether it counts."""
        return self.status not in _VOID


def write_deed(entry: Entry, plan: str, deed: Deed) -> Resource:
    """Make the Procedure of something done.

    Args:
        entry: Whose, by whom, when it was charted.
        plan: ``CarePlan/<id>``.
        deed: What was done.
    """
    category = {"system": systems.WARD_CATEGORY, "code": CATEGORY}
    made: Resource = {
        **entry.head("Procedure"),
        "extension": [{"url": systems.RECORDED_AT, "valueDateTime": entry.time}],
        "basedOn": [{"reference": plan}],
        "status": "completed",
        "category": {"coding": [category]},
        "code": concept(deed.care.code, deed.care.words),
        "subject": entry.subject,
        **entry.stay(),
        "performedDateTime": deed.at.isoformat(timespec="seconds"),
        "performer": [{"actor": dict(entry.author)}],
    }
    return {**made, "outcome": {"text": deed.remark}} if deed.remark else made


def amend_deed(
    resource: Resource, deed: Deed, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version with another time or remark; what was done stays what it was."""
    patched = annotated(resource, "completed", reason=reason, author=author, at=at)
    patched["performedDateTime"] = deed.at.isoformat(timespec="seconds")
    patched.pop("outcome", None)
    return {**patched, "outcome": {"text": deed.remark}} if deed.remark else patched


def write_evaluation(entry: Entry, plan: str, problem: str, found: Evaluation) -> Resource:
    """Make the Observation of an evaluation.

    Args:
        entry: Whose, by whom, when it was charted.
        plan: ``CarePlan/<id>``.
        problem: Its words, for readers that do not follow references.
        found: How it went.
    """
    category = {"system": systems.WARD_CATEGORY, "code": CATEGORY}
    return {
        **entry.head("Observation"),
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"coding": [{"system": systems.NURSING, "code": EVALUATION}], "text": problem},
        "subject": entry.subject,
        "focus": [{"reference": plan}],
        **entry.stay(),
        "issued": entry.time,
        "performer": [dict(entry.author)],
        **_found(found),
    }


def amend_evaluation(
    resource: Resource, found: Evaluation, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version with another outcome, time or words."""
    patched = annotated(resource, "amended", reason=reason, author=author, at=at)
    patched.pop("component", None)
    return {**patched, **_found(found)}


def enter_in_error(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version that says that it never was true."""
    return annotated(resource, "entered-in-error", reason=reason, author=author, at=at)


def read(resource: Mapping[str, Any]) -> Fact | None:
    """Read a Procedure or Observation; None for one that belongs to no nursing plan."""
    procedure = resource.get("resourceType") == "Procedure"
    what = _deed(resource) if procedure else _evaluation(resource)
    of = elements.reference(elements.first(resource.get("basedOn" if procedure else "focus")))
    if what is None or of is None or not of.startswith("CarePlan/"):
        return None
    person = elements.first(resource.get("performer"))
    if procedure:
        person = elements.mapping(person.get("actor"))
    recorded = elements.extension(resource, systems.RECORDED_AT).get("valueDateTime")
    notes = elements.objects(resource.get("note"))
    return Fact(
        reference=f"{resource['resourceType']}/{elements.text(resource.get('id')) or ''}",
        plan=of,
        what=what,
        status=elements.text(resource.get("status")) or "unknown",
        by=elements.display(person) or "",
        by_reference=elements.reference(person) or "",
        recorded=elements.instant(recorded if procedure else resource.get("issued")),
        reason=(elements.text(notes[-1].get("text")) or "") if notes else "",
    )


def _found(found: Evaluation) -> Resource:
    answer = {"system": systems.NURSING, "code": found.outcome.value}
    said: Resource = {
        "effectiveDateTime": found.at.isoformat(timespec="seconds"),
        "valueCodeableConcept": {"coding": [answer]},
    }
    if found.remark:
        words = {"coding": [{"system": systems.NURSING, "code": _WORDS}]}
        said["component"] = [{"code": words, "valueString": found.remark}]
    return said


def _deed(resource: Mapping[str, Any]) -> Deed | None:
    nursing = elements.has_code(resource.get("category"), systems.WARD_CATEGORY, CATEGORY)
    at = elements.instant(resource.get("performedDateTime"))
    if not nursing or at is None:
        return None
    code = elements.code_of(resource.get("code"), systems.NURSING_PROBLEM) or ""
    care = Care(elements.concept_text(resource.get("code")) or "?", code)
    return Deed(care, at, elements.concept_text(resource.get("outcome")) or "")


def _evaluation(resource: Mapping[str, Any]) -> Evaluation | None:
    at = elements.instant(resource.get("effectiveDateTime"))
    is_one = elements.has_code(resource.get("code"), systems.NURSING, EVALUATION)
    if resource.get("resourceType") != "Observation" or not is_one or at is None:
        return None
    answer = elements.code_of(resource.get("valueCodeableConcept"), systems.NURSING)
    if answer not in set(Outcome):
        return None
    parts = elements.objects(resource.get("component"))
    said = [each for each in parts if elements.has_code(each.get("code"), systems.NURSING, _WORDS)]
    remark = elements.text(elements.first(said).get("valueString")) or ""
    return Evaluation(Outcome(answer), at, remark)
