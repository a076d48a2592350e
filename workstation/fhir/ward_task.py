"""Tasks that people on the ward write for each other: FHIR Task with the code ``ward-task``."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

CODE: Final = "ward-task"
OPEN: Final = "requested"


@dataclass(frozen=True, slots=True)
class WardTask:
    """One task.

    Attributes:
        id: Id of the Task.
        patient: For whom; None for a record that does not say.
        words: What is to be done.
        due: When (aware).
        status: ``requested``, ``completed``, ``cancelled`` or ``entered-in-error``.
        asked_by: Who wrote it, as shown.
        done_by: Who did it or cancelled it, as shown.
        ended_at: When that was.
        reason: Why it was cancelled.
    """

    id: str
    patient: str | None
    words: str
    due: datetime | None
    status: str
    asked_by: str
    done_by: str
    ended_at: datetime | None
    reason: str

    @property
    def open(self) -> bool:
        """Whether it still is to be done."""
        return self.status == OPEN


def is_ward_task(resource: Mapping[str, Any]) -> bool:
    """Whether a resource is one of these."""
    return resource.get("resourceType") == "Task" and elements.has_code(
        resource.get("code"), systems.TASK, CODE
    )


def read(resource: Mapping[str, Any]) -> WardTask:
    """Read a Task of ours; what is absent or odd is empty."""
    restriction = elements.mapping(elements.mapping(resource.get("restriction")).get("period"))
    done = elements.mapping(resource.get("executionPeriod"))
    return WardTask(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("for"), "Patient"),
        words=elements.text(resource.get("description")) or "",
        due=elements.instant(restriction.get("end")),
        status=elements.text(resource.get("status")) or "",
        asked_by=elements.display(resource.get("requester")) or "",
        done_by=elements.display(resource.get("owner")) or "",
        ended_at=elements.instant(done.get("end")),
        reason=elements.concept_text(resource.get("statusReason")) or "",
    )


def write(entry: Entry, words: str, due: datetime) -> Resource:
    """Make a task.

    Args:
        entry: For whom, by whom, when it was written.
        words: What is to be done.
        due: When (aware).
    """
    return {
        **entry.head("Task"),
        "status": OPEN,
        "intent": "order",
        "code": {"coding": [{"system": systems.TASK, "code": CODE}]},
        "description": words,
        "for": entry.subject,
        **entry.stay(),
        "authoredOn": entry.time,
        "requester": dict(entry.author),
        "restriction": {"period": {"end": due.isoformat(timespec="seconds")}},
    }


def done(resource: Resource, *, by: Mapping[str, str], at: datetime) -> Resource:
    """A new version of a task that somebody has done."""
    return _ended(resource, "completed", by, at)


def cancelled(resource: Resource, *, by: Mapping[str, str], at: datetime, reason: str) -> Resource:
    """A new version of a task that is not to be done any more."""
    return {**_ended(resource, "cancelled", by, at), "statusReason": {"text": reason}}


def reopened(resource: Resource) -> Resource:
    """A new version of a task that was ended by mistake and is to be done again."""
    patched = deepcopy(resource)
    for name in ("owner", "executionPeriod", "statusReason"):
        patched.pop(name, None)
    return {**patched, "status": OPEN}


def _ended(resource: Resource, status: str, by: Mapping[str, str], at: datetime) -> Resource:
    now = at.isoformat(timespec="seconds")
    period = elements.mapping(resource.get("executionPeriod"))
    return {
        **deepcopy(resource),
        "status": status,
        "owner": dict(by),
        "executionPeriod": {**period, "end": now},
    }
