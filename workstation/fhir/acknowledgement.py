"""That somebody took note of a record, as a completed Task: a thing that happened, never merged.

Two people who take note on two terminals make two Tasks, never a conflict (ADR 0070).
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

Code = Literal["acknowledge-order", "acknowledge-result"]
VALUE: Final = "acknowledged-value"
ACTION: Final = "action-taken"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One of them.

    Attributes:
        id: Id of the Task.
        patient: Id of the Patient; empty if it does not say.
        focus: ``Type/id`` of what was taken note of.
        value: What it said then; empty if that was not kept.
        done: What was done about it, in words.
        by: Name of the person.
        person: ``Practitioner/<id>``.
        at: When (aware).
        counts: Whether it was not taken back.
    """

    id: str
    patient: str
    focus: str
    value: str
    done: str
    by: str
    person: str
    at: datetime | None
    counts: bool


def write(entry: Entry, code: Code, focus: str, *, value: str = "", done: str = "") -> Resource:
    """Make one.

    Args:
        entry: Whose record, who takes note and when.
        code: Of what kind.
        focus: ``Type/id`` of the record.
        value: What the record says, so that a later correction is seen as something new.
        done: What was done about it, in words.
    """
    said = {
        "input": [{"type": _type(VALUE), "valueString": value}] if value else [],
        "output": [{"type": _type(ACTION), "valueString": done}] if done else [],
    }
    return {
        **entry.head("Task"),
        "status": "completed",
        "intent": "order",
        "code": {"coding": [{"system": systems.TASK, "code": code}]},
        "focus": {"reference": focus},
        "for": entry.subject,
        **entry.stay(),
        "executionPeriod": {"start": entry.time, "end": entry.time},
        "authoredOn": entry.time,
        "owner": dict(entry.author),
        **{name: parts for name, parts in said.items() if parts},
    }


def taken_back(resource: Resource, at: datetime) -> Resource:
    """The same, entered in error; nothing else of it changes."""
    found = deepcopy(resource)
    found["status"] = "entered-in-error"
    found["lastModified"] = at.isoformat(timespec="seconds")
    return found


def read(resource: Mapping[str, Any]) -> Acknowledgement:
    """Read one."""
    owner = elements.mapping(resource.get("owner"))
    return Acknowledgement(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("for"), "Patient") or "",
        focus=elements.reference(resource.get("focus")) or "",
        value=_said(resource.get("input"), VALUE),
        done=_said(resource.get("output"), ACTION),
        by=elements.display(owner) or elements.reference(owner) or "",
        person=elements.reference(owner) or "",
        at=elements.instant(elements.mapping(resource.get("executionPeriod")).get("end"))
        or elements.instant(resource.get("authoredOn")),
        counts=resource.get("status") == "completed",
    )


def is_one(resource: Mapping[str, Any]) -> bool:
    """Whether a resource is one of these; it stands beside what it is about, not for itself."""
    return resource.get("resourceType") == "Task" and elements.has_code(
        resource.get("code"), systems.TASK, *get_args(Code)
    )


def _type(code: str) -> Resource:
    return {"coding": [{"system": systems.TASK_INPUT, "code": code}]}


def _said(parts: Any, code: str) -> str:
    for part in elements.objects(parts):
        if elements.has_code(part.get("type"), systems.TASK_INPUT, code):
            return elements.text(part.get("valueString")) or ""
    return ""
