"""A call for help as a FHIR Task: ``requested`` from the call on, ``completed`` once answered.

The Task is one thing that several people may decide about (ADR 0070): two answers from two
terminals are one conflict of its ``task-state``, and a person chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

CODE: Final = "escalation"
OPEN: Final = "requested"
_SCALE: Final = "escalation-scale"
_TOTAL: Final = "escalation-total"
_RISK: Final = "escalation-risk"
_ANSWER: Final = "escalation-answer"


@dataclass(frozen=True, slots=True)
class Call:
    """One call for help.

    Attributes:
        id: Id of the Task.
        patient: For whom.
        whom: Who was called, in words.
        scale: Name of the score that asked for it.
        total: Its total then.
        risk: Its risk then; empty if that was not written down.
        called_at: When (aware).
        answer_by: When somebody must have answered (aware).
        called_by: Who called, as shown.
        status: FHIR status.
        answer: What came of it, in words.
        answered_by: Who wrote that down, as shown.
        answered_at: When it was answered (aware).
    """

    id: str
    patient: str
    whom: str
    scale: str
    total: int | None
    risk: str
    called_at: datetime | None
    answer_by: datetime | None
    called_by: str
    status: str
    answer: str
    answered_by: str
    answered_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether nobody has answered yet."""
        return self.status == OPEN

    @property
    def counts(self) -> bool:
        """Whether it stands: open or answered, and not an error."""
        return self.status in (OPEN, "completed")


def write(
    entry: Entry,
    whom: str,
    *,
    scale: str,
    total: int,
    risk: str,
    called_at: datetime,
    answer_by: datetime,
) -> Resource:
    """Make a call that waits for its answer.

    Args:
        entry: For whom, by whom, when it was charted.
        whom: Who was called, in words.
        scale: Name of the score.
        total: Its total.
        risk: Its risk.
        called_at: When (aware).
        answer_by: When somebody must have answered (aware).
    """
    return {
        **entry.head("Task"),
        "status": OPEN,
        "intent": "order",
        "priority": "urgent",
        "code": {"coding": [{"system": systems.TASK, "code": CODE}]},
        "description": whom,
        "for": entry.subject,
        **entry.stay(),
        "executionPeriod": {"start": called_at.isoformat(timespec="seconds")},
        "authoredOn": entry.time,
        "requester": dict(entry.author),
        "restriction": {"period": {"end": answer_by.isoformat(timespec="seconds")}},
        "input": [
            {"type": _type(_SCALE), "valueString": scale},
            {"type": _type(_TOTAL), "valueInteger": total},
            {"type": _type(_RISK), "valueString": risk},
        ],
    }


def answered(resource: Resource, answer: str, *, by: Mapping[str, str], at: datetime) -> Resource:
    """A new version of a call that somebody has answered.

    Args:
        resource: The call.
        answer: What came of it, in words.
        by: Reference to who writes it down.
        at: When it was answered (aware).
    """
    patched = deepcopy(resource)
    period = elements.mapping(patched.get("executionPeriod"))
    patched["status"] = "completed"
    patched["owner"] = dict(by)
    patched["executionPeriod"] = {**period, "end": at.isoformat(timespec="seconds")}
    patched["output"] = [{"type": _type(_ANSWER), "valueString": answer}]
    return patched


def in_error(resource: Resource) -> Resource:
    """A new version of a call that never was made."""
    return {**deepcopy(resource), "status": "entered-in-error"}


def is_call(resource: Mapping[str, Any]) -> bool:
    """Whether a resource is one of these."""
    return resource.get("resourceType") == "Task" and elements.has_code(
        resource.get("code"), systems.TASK, CODE
    )


def read(resource: Mapping[str, Any]) -> Call:
    """Read a call; what is absent or odd is empty."""
    period = elements.mapping(resource.get("executionPeriod"))
    limit = elements.mapping(elements.mapping(resource.get("restriction")).get("period"))
    total = _said(resource.get("input"), _TOTAL).get("valueInteger")
    return Call(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("for"), "Patient") or "",
        whom=elements.text(resource.get("description")) or "",
        scale=elements.text(_said(resource.get("input"), _SCALE).get("valueString")) or "",
        total=int(total) if isinstance(total, int) else None,
        risk=elements.text(_said(resource.get("input"), _RISK).get("valueString")) or "",
        called_at=elements.instant(period.get("start"))
        or elements.instant(resource.get("authoredOn")),
        answer_by=elements.instant(limit.get("end")),
        called_by=elements.display(resource.get("requester")) or "",
        status=elements.text(resource.get("status")) or "",
        answer=elements.text(_said(resource.get("output"), _ANSWER).get("valueString")) or "",
        answered_by=elements.display(resource.get("owner")) or "",
        answered_at=elements.instant(period.get("end")),
    )


def _type(code: str) -> Resource:
    return {"coding": [{"system": systems.TASK_INPUT, "code": code}]}


def _said(parts: Any, code: str) -> Mapping[str, Any]:
    for part in elements.objects(parts):
        if elements.has_code(part.get("type"), systems.TASK_INPUT, code):
            return part
    return {}
