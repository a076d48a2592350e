"""Nursing problems as CarePlans: problem and goals are contained, so that a plan is one decision.

``addresses`` leads to the contained Condition with the problem, ``goal`` to the contained Goals,
``activity.detail`` says what is done and how often. What was done and how it went are resources of
their own (`workstation.fhir.care_deed`), which name the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.care_plan import Care, Goal, Plan, PlanRow, State
from workstation.fhir import decision, elements, systems
from workstation.fhir.annotation import annotated
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

CATEGORY: Final = "nursing"
_PROBLEM: Final = "problem"
_TITLE: Final = "Nursing care plan"


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A nursing problem in the record.

    Attributes:
        id: Id of the CarePlan.
        patient: Id of the Patient.
        stay: Id of the Encounter in which it was opened; None when the record does not say.
        plan: What it says.
        status: FHIR status.
        by: Who opened it, as shown.
        by_reference: ``Practitioner/<id>``.
        recorded: When it was charted (aware).
        ended: When it was over (aware); None while it goes on.
        decided: Who charted its end, when and why; None while it goes on.
        reason: The newest remark, such as why it was changed.
    """

    id: str
    patient: str | None
    stay: str | None
    plan: Plan
    status: str
    by: str
    by_reference: str
    recorded: datetime | None
    ended: datetime | None
    decided: decision.Decision | None
    reason: str

    @property
    def reference(self) -> str:
        """``CarePlan/<id>``."""
        return f"CarePlan/{self.id}"

    @property
    def open(self) -> bool:
        """Whether nobody has ended it; it may have outlived its stay."""
        return self.status == State.ACTIVE

    def goes_on(self, stay: str | None) -> bool:
        """Whether it is open in a stay: what an earlier one left open is over.

        Args:
            stay: Id of the Encounter in progress; None when there is none.
        """
        return self.open and stay is not None and self.stay in (None, stay)

    @property
    def valid(self) -> bool:
        """False when it was entered in error."""
        return self.status != "entered-in-error"


def write(entry: Entry, plan: Plan) -> Resource:
    """Make the CarePlan of a problem."""
    category = {"system": systems.WARD_CATEGORY, "code": CATEGORY, "display": _TITLE}
    return {
        **entry.head("CarePlan"),
        **_said(plan, entry.subject),
        "status": State.ACTIVE.value,
        "intent": "plan",
        "category": [{"coding": [category]}],
        "subject": entry.subject,
        **entry.stay(),
        "period": {"start": plan.since.isoformat(timespec="seconds")},
        "created": entry.time,
        "author": dict(entry.author),
    }


def amend(
    resource: Resource, plan: Plan, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version with other goals or interventions; what is not ours stays."""
    patched = annotated(resource, str(resource.get("status")), reason=reason, author=author, at=at)
    for name in ("description", "goal", "activity"):
        patched.pop(name, None)
    foreign = [
        each
        for each in elements.objects(resource.get("contained"))
        if each.get("resourceType") not in ("Condition", "Goal")
    ]
    said = _said(plan, dict(elements.mapping(resource.get("subject"))))
    return {**patched, **said, "contained": [*said["contained"], *foreign]}


def ended(
    resource: Resource,
    state: State,
    *,
    end: datetime,
    reason: str,
    author: Mapping[str, str],
    at: datetime,
) -> Resource:
    """A version that is over: the problem is solved, or the plan is taken back.

    Args:
        resource: The stored resource; it is not touched.
        state: Completed or revoked.
        end: When it was over (aware).
        reason: Why, in the person's words; may be empty.
        author: Reference to the person.
        at: When it is charted (aware).
    """
    patched = deepcopy(resource)
    patched["status"] = state.value
    period = elements.mapping(patched.get("period"))
    patched["period"] = {**period, "end": end.isoformat(timespec="seconds")}
    return decision.decided(patched, by=author, at=at, reason=reason)


def reopened(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version that goes on again."""
    patched = annotated(resource, State.ACTIVE.value, reason=reason, author=author, at=at)
    period = dict(elements.mapping(patched.get("period")))
    period.pop("end", None)
    return decision.put_back({**patched, "period": period}, [])


def enter_in_error(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version that says that it never was true."""
    return annotated(resource, "entered-in-error", reason=reason, author=author, at=at)


def read(resource: Mapping[str, Any]) -> PlanRecord | None:
    """Read a CarePlan; None for one that is no nursing problem."""
    nursing = elements.has_code(resource.get("category"), systems.WARD_CATEGORY, CATEGORY)
    period = elements.mapping(resource.get("period"))
    created = elements.instant(resource.get("created"))
    since = elements.instant(period.get("start")) or created
    if resource.get("resourceType") != "CarePlan" or not nursing or since is None:
        return None
    author = elements.first(resource.get("author"))
    notes = elements.objects(resource.get("note"))
    return PlanRecord(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("subject"), "Patient"),
        stay=elements.reference_id(resource.get("encounter"), "Encounter"),
        plan=_plan(resource, since),
        status=elements.text(resource.get("status")) or "unknown",
        by=elements.display(author) or "",
        by_reference=elements.reference(author) or "",
        recorded=created,
        ended=elements.instant(period.get("end")),
        decided=decision.read(resource),
        reason=(elements.text(notes[-1].get("text")) or "") if notes else "",
    )


def row(resource: Mapping[str, Any]) -> PlanRow | None:
    """A problem that is open, for the rule about the same one twice; None for any other."""
    found = read(resource)
    if found is None or not found.open or found.patient is None:
        return None
    return PlanRow(found.id, found.patient, found.plan.key, found.recorded, found.stay)


def _said(plan: Plan, subject: Mapping[str, Any]) -> Resource:
    """The problem with its goals and interventions."""
    problem: Resource = {
        "resourceType": "Condition",
        "id": _PROBLEM,
        "code": concept(plan.code, plan.words),
        "subject": dict(subject),
    }
    goals = [_goal(number, goal, plan, subject) for number, goal in enumerate(plan.goals, start=1)]
    said: Resource = {
        "contained": [problem, *goals],
        "title": plan.words,
        "addresses": [{"reference": f"#{_PROBLEM}"}],
        "activity": [_activity(care) for care in plan.care],
    }
    if plan.because:
        said["description"] = plan.because
    if goals:
        said["goal"] = [
            {"reference": f"#{made['id']}", "display": goal.words}
            for made, goal in zip(goals, plan.goals, strict=True)
        ]
    return said


def _goal(number: int, goal: Goal, plan: Plan, subject: Mapping[str, Any]) -> Resource:
    hours = Decimal(plan.within_hours)
    due = {"value": hours, "unit": "h", "system": systems.UCUM, "code": "h"}
    return {
        "resourceType": "Goal",
        "id": f"goal-{number}",
        "lifecycleStatus": "active",
        "description": concept(goal.code, goal.words),
        "subject": dict(subject),
        "startDate": plan.since.date().isoformat(),
        "target": [{"dueDuration": due}],
    }


def _activity(care: Care) -> Resource:
    detail: Resource = {"status": "in-progress", "code": concept(care.code, care.words)}
    if care.every_hours is not None:
        repeat = {"frequency": 1, "period": Decimal(care.every_hours), "periodUnit": "h"}
        detail["scheduledTiming"] = {"repeat": repeat}
    return {"detail": detail}


def concept(code: str, words: str) -> Resource:
    """A problem, goal or intervention: its code where it has one, its words always."""
    if not code:
        return {"text": words}
    return {"coding": [{"system": systems.NURSING_PROBLEM, "code": code}], "text": words}


def _plan(resource: Mapping[str, Any], since: datetime) -> Plan:
    inside = {
        elements.text(each.get("id")): each for each in elements.objects(resource.get("contained"))
    }
    problem = next(
        (each for each in inside.values() if each.get("resourceType") == "Condition"), {}
    )
    targets = [
        inside.get((elements.text(each.get("reference")) or "")[1:], {})
        for each in elements.objects(resource.get("goal"))
    ]
    details = [
        elements.mapping(each.get("detail")) for each in elements.objects(resource.get("activity"))
    ]
    words = elements.concept_text(problem.get("code")) or elements.text(resource.get("title"))
    return Plan(
        words=words or "?",
        since=since,
        code=_code(problem.get("code")),
        because=elements.text(resource.get("description")) or "",
        goals=tuple(
            Goal(elements.concept_text(goal.get("description")) or "?", _code(goal["description"]))
            for goal in targets
            if "description" in goal
        ),
        care=tuple(
            Care(elements.concept_text(each.get("code")) or "?", _code(each["code"]), _every(each))
            for each in details
            if "code" in each
        ),
        within_hours=next((hours for each in targets if (hours := _within(each))), 24),
    )


def _code(value: Any) -> str:
    return elements.code_of(value, systems.NURSING_PROBLEM) or ""


def _within(goal: Mapping[str, Any]) -> int | None:
    due = elements.mapping(elements.first(goal.get("target")).get("dueDuration"))
    hours = elements.decimal(due.get("value")) if due.get("code") == "h" else None
    return int(hours) if hours is not None and hours >= 1 else None


def _every(detail: Mapping[str, Any]) -> int | None:
    repeat = elements.mapping(elements.mapping(detail.get("scheduledTiming")).get("repeat"))
    hours = elements.decimal(repeat.get("period")) if repeat.get("periodUnit") == "h" else None
    return int(hours) if hours is not None and hours >= 1 else None
