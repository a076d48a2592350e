"""Opens a conflict: the losing candidate moves, whole, into a Task that every terminal sees.

From then on the server's version is the current one, and the candidate stands beside it until a
person decides (`workstation.services.conflicts`). Nothing of it is deleted before it is decided,
and nothing after: the Task keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workstation.fhir.compartment import patient_of
from workstation.fhir.conflict import Candidate, Conflict, conflict_id, to_task
from workstation.fhir.fields import Field
from workstation.fhir.json import Resource
from workstation.store import Unit
from workstation.store.conflicts import Pending, candidate, set_aside
from workstation.sync import policy
from workstation.sync.merge import Clash


def open_conflict(
    unit: Unit, focus: str, theirs: Resource | None, clash: Clash, now: datetime
) -> str:
    """Put what is pending for a record aside as a conflict.

    The server's copy must already stand in the store: it is what is shown from here on.

    Args:
        unit: The unit of work of the sync; everything here is one transaction.
        focus: ``Type/id`` of the record.
        theirs: The server's version; None when it is deleted there.
        clash: What the merge found.
        now: The time of this terminal.

    Returns:
        The id of the conflict's Task.

    Raises:
        ValueError: Nothing is pending for the record.
    """
    type_, _, id_ = focus.partition("/")
    pending = candidate(unit, type_, id_)
    if pending is None:
        message = "no pending change to put aside"
        raise ValueError(message)
    task_id = conflict_id(focus, pending.base_version, pending.body)
    if unit.get("Task", task_id) is None:
        unit.create(to_task(_conflict(task_id, focus, pending, theirs, clash)))
    set_aside(unit, focus, task_id, now)
    return task_id


def _conflict(
    task_id: str, focus: str, pending: Pending, theirs: Resource | None, clash: Clash
) -> Conflict:
    known = pending.body or theirs or pending.base or {"resourceType": "", "id": ""}
    return Conflict(
        id=task_id,
        focus=focus,
        patient=patient_of(known),
        base=pending.base,
        mine=Candidate(
            pending.body,
            pending.author,
            pending.display,
            pending.device,
            pending.at.isoformat(timespec="seconds"),
        ),
        theirs=_theirs(theirs),
        clashing=clash.fields,
        touched=_without_subject(clash.mine),
        reason=clash.reason,
        deciders=_deciders(focus.partition("/")[0], (*clash.fields, *clash.mine)),
    )


def _theirs(resource: Resource | None) -> Candidate:
    """The server's side, as far as the record itself says who and when."""
    if resource is None:
        return Candidate(None)
    meta = resource.get("meta") or {}
    person = _author(resource)
    return Candidate(
        resource, person.get("reference"), person.get("display"), at=meta.get("lastUpdated")
    )


def _author(resource: Resource) -> dict[str, Any]:
    for name in ("recorder", "asserter", "requester", "author", "performer"):
        found: Any = resource.get(name)
        found = found[0] if isinstance(found, list) and found else found
        if isinstance(found, dict):
            actor = found.get("actor", found)
            return actor if isinstance(actor, dict) else {}
    return {}


def _without_subject(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Whom a record is about is never taken from the losing side."""
    return tuple(field for field in fields if field.name not in policy.SUBJECTS)


def _deciders(type_: str, fields: Iterable[Field]) -> tuple[str, ...]:
    """Roles that may decide all of it: safety-relevant parts narrow it down."""
    allowed = policy.rule(type_).deciders
    narrowest = [allowed[field.name] for field in fields if field.name in allowed]
    if any(field.name == "record-deleted" for field in fields):
        narrowest += list(allowed.values())
    return min(narrowest, key=len, default=policy.CLINICIANS)
