"""A conflict as a FHIR Task that travels: both candidates whole, by whom, when, and the decision.

The Task's ``focus`` is the record in question. What it started from, what was meant here and what
the server had are attached whole, so that any terminal can show and decide it. Its id is made of
the record, the base version and the losing candidate: two terminals never make two Tasks of one.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import msgspec

from workstation.fhir import elements, systems
from workstation.fhir.fields import Field, take
from workstation.fhir.json import Resource, canonical, dump, parse
from workstation.kernel.errors import Refused
from workstation.kernel.ids import name_uuid

CODE: Final = "resolve-conflict"
OPEN: Final = "requested"
DECIDED: Final = "completed"

Choice = Literal["mine", "theirs"]
State = Literal["open", "decided"]

_FIELDS: Final = msgspec.json.Decoder(list[list[Any]])


@dataclass(frozen=True, slots=True)
class Candidate:
    """One side of a conflict.

    Attributes:
        resource: The whole record; None when this side deleted it.
        author: ``Practitioner/<id>`` where it is known.
        display: The author's name where it is known.
        device: The terminal where it is known.
        at: When it was written, as FHIR instant text.
    """

    resource: Resource | None
    author: str | None = None
    display: str | None = None
    device: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided.

    Attributes:
        fields: For each field that the candidate had changed, the side that counts.
        reason: In the person's words.
        author: ``Practitioner/<id>``.
        display: The person's name.
        at: When, as FHIR instant text.
    """

    fields: tuple[tuple[Field, Choice], ...]
    reason: str
    author: str
    display: str
    at: str

    @property
    def outcome(self) -> Literal["mine", "theirs", "both"]:
        """Which side won, in one word."""
        chosen = {choice for _, choice in self.fields}
        return "both" if len(chosen) > 1 else next(iter(chosen), "theirs")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two contradicting versions of one record.

    Attributes:
        id: Of the Task.
        focus: ``Type/id`` of the record.
        patient: Id of the patient, if the record is of one.
        base: What both started from; None when there was nothing.
        mine: The candidate that lost for now.
        theirs: What the server had when the conflict was found.
        clashing: Where they contradict each other.
        touched: Every field that the candidate had changed.
        reason: Why they were not merged (`workstation.sync.merge.Reason`).
        deciders: Codes of the roles that may decide.
        state: Open or decided.
        decisions: Every decision made so far; two that disagree open it again.
        version: The version of the base.
    """

    id: str
    focus: str
    patient: str | None
    base: Resource | None
    mine: Candidate
    theirs: Candidate
    clashing: tuple[Field, ...]
    touched: tuple[Field, ...]
    reason: str
    deciders: tuple[str, ...]
    state: State = "open"
    decisions: tuple[Decision, ...] = ()


def conflict_id(focus: str, base_version: str | None, mine: Resource | None) -> str:
    """The id that this conflict has on every terminal."""
    return name_uuid(CODE, focus, base_version or "", canonical(mine) if mine else "deleted")


def is_conflict(resource: Mapping[str, Any] | None) -> bool:
    """Whether a resource is a Task of this kind."""
    if resource is None or resource.get("resourceType") != "Task":
        return False
    return elements.has_code(resource.get("code"), systems.TASK, CODE)


def decided_resource(
    conflict: Conflict, current: Resource | None, decision: Decision
) -> Resource | None:
    """The record after a decision: the current one with what was chosen of the candidate.

    Changes made since by others, to fields that the candidate does not touch, stay.
    """
    if conflict.mine.resource is None or current is None:
        return conflict.mine.resource if decision.outcome != "theirs" else current
    result = dict(current)
    for field, choice in decision.fields:
        if choice == "mine":
            take(result, field, conflict.mine.resource)
    return result


def decide(conflict: Conflict, decision: Decision) -> Conflict:
    """The conflict with one more decision, and closed."""
    return replace(conflict, state="decided", decisions=(*conflict.decisions, decision))


def reconcile(mine: Resource, theirs: Resource) -> Resource:
    """One Task out of two versions of it that were decided at the same time.

    The same decision twice is one. Two that disagree open the conflict again, with both on record:
    which of them the record shows now would otherwise be chance.
    """
    here, there = from_task(mine), from_task(theirs)
    ours = tuple(d for d in here.decisions if d not in there.decisions)
    others = tuple(d for d in there.decisions if d not in here.decisions)
    if not ours or (others and {d.fields for d in ours} == {d.fields for d in others}):
        return dict(theirs)
    decisions = tuple(sorted((*there.decisions, *ours), key=lambda d: (d.at, d.author)))
    state: State = "open" if others else "decided"
    merged = to_task(replace(there, state=state, decisions=decisions))
    return merged | {key: value for key, value in theirs.items() if key not in merged}


def with_attached(task: Resource, change: Callable[[Resource], Resource]) -> Resource:
    """The Task with each attached version changed, as when a server has ids of its own.

    An attachment that cannot be read, or does not change, stays as it is, byte by byte.
    """
    inputs = task.get("input")
    if not isinstance(inputs, list):
        return task
    return {**task, "input": [_with_changed(entry, change) for entry in inputs]}


def to_task(conflict: Conflict) -> Resource:
    """The Task, complete."""
    task: Resource = {
        "resourceType": "Task",
        "id": conflict.id,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{conflict.id}"}],
        "status": OPEN if conflict.state == "open" else DECIDED,
        "intent": "order",
        "priority": "urgent",
        "code": _concept(systems.TASK, CODE),
        "focus": {"reference": conflict.focus},
    }
    if conflict.patient:
        task["for"] = {"reference": f"Patient/{conflict.patient}"}
    if conflict.mine.at:
        task["authoredOn"] = conflict.mine.at
    if conflict.mine.author:
        task["requester"] = _person(conflict.mine.author, conflict.mine.display)
    task["performerType"] = [_concept(systems.ROLE, role) for role in conflict.deciders]
    task["reasonCode"] = _concept(systems.TASK_INPUT, conflict.reason)
    task["input"] = _inputs(conflict)
    if conflict.decisions:
        task["output"] = [_output(decision) for decision in conflict.decisions]
    return task


def from_task(task: Resource) -> Conflict:
    """Read a Task of this kind.

    Raises:
        Refused: ``unreadable-conflict``: it is not whole.
    """
    try:
        return _read(task)
    except (KeyError, TypeError, ValueError, AttributeError, msgspec.MsgspecError) as error:
        raise Refused("unreadable-conflict", id=str(task.get("id"))) from error


def _read(task: Resource) -> Conflict:
    inputs = {_code(entry["type"]): entry for entry in task["input"]}
    patient = task.get("for", {}).get("reference", "").removeprefix("Patient/")
    attached = inputs.get("base")
    return Conflict(
        id=task["id"],
        focus=task["focus"]["reference"],
        patient=patient or None,
        base=_attached(attached["valueAttachment"]) if attached else None,
        mine=_candidate("mine", inputs),
        theirs=_candidate("theirs", inputs),
        clashing=_fields(inputs["clashing"]["valueString"]),
        touched=_fields(inputs["touched"]["valueString"]),
        reason=_code(task["reasonCode"]),
        deciders=tuple(_code(entry) for entry in task.get("performerType", [])),
        state="open" if task["status"] == OPEN else "decided",
        decisions=tuple(_decision(entry) for entry in task.get("output", [])),
    )


def _inputs(conflict: Conflict) -> list[Resource]:
    found = [_attachment("base", conflict.base)] if conflict.base is not None else []
    for side, candidate in (("mine", conflict.mine), ("theirs", conflict.theirs)):
        if candidate.resource is not None:
            found.append(_attachment(side, candidate.resource))
        if candidate.author or candidate.display:
            person = _person(candidate.author, candidate.display)
            found.append(_input(f"{side}-author", valueReference=person))
        if candidate.device:
            found.append(_input(f"{side}-device", valueString=candidate.device))
        if candidate.at:
            found.append(_input(f"{side}-at", valueDateTime=candidate.at))
    found.append(_input("clashing", valueString=_fields_text(conflict.clashing)))
    found.append(_input("touched", valueString=_fields_text(conflict.touched)))
    return found


def _candidate(side: str, inputs: Mapping[str, Any]) -> Candidate:
    whole, person = inputs.get(side), inputs.get(f"{side}-author", {}).get("valueReference", {})
    return Candidate(
        resource=_attached(whole["valueAttachment"]) if whole else None,
        author=person.get("reference"),
        display=person.get("display"),
        device=inputs.get(f"{side}-device", {}).get("valueString"),
        at=inputs.get(f"{side}-at", {}).get("valueDateTime"),
    )


def _output(decision: Decision) -> Resource:
    body = {
        "fields": [[*_plain(field), choice] for field, choice in decision.fields],
        "reason": decision.reason,
        "author": decision.author,
        "display": decision.display,
        "at": decision.at,
    }
    return {"type": _concept(systems.TASK_INPUT, "decision"), "valueString": dump(body)}


def _decision(entry: Resource) -> Decision:
    body = parse(entry["valueString"])
    chosen = tuple((_field(row[:-1]), row[-1]) for row in body["fields"])
    return Decision(chosen, body["reason"], body["author"], body["display"], body["at"])


def _attachment(name: str, resource: Resource) -> Resource:
    data = base64.b64encode(dump(resource).encode()).decode()
    attachment = {"contentType": "application/fhir+json", "data": data}
    return _input(name, valueAttachment=attachment)


def _attached(attachment: Resource) -> Resource:
    return parse(base64.b64decode(attachment["data"], validate=True))


def _with_changed(entry: Any, change: Callable[[Resource], Resource]) -> Any:
    attachment = entry.get("valueAttachment") if isinstance(entry, dict) else None
    if not isinstance(attachment, dict):
        return entry
    try:
        before = _attached(attachment)
    except (KeyError, TypeError, ValueError, Refused):
        return entry
    after = change(before)
    if after == before:
        return entry
    data = base64.b64encode(dump(after).encode()).decode()
    return {**entry, "valueAttachment": {**attachment, "data": data}}


def _input(name: str, **value: Any) -> Resource:
    return {"type": _concept(systems.TASK_INPUT, name), **value}


def _person(reference: str | None, display: str | None) -> Resource:
    person = {"reference": reference, "display": display}
    return {key: value for key, value in person.items() if value}


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _code(concept: Resource) -> str:
    return str(concept["coding"][0]["code"])


def _plain(field: Field) -> list[Any]:
    by = None if field.by is None else list(field.by)
    return [field.name, list(field.elements), by, field.key, field.inside]


def _field(row: Sequence[Any]) -> Field:
    name, elements, by, key, inside = row
    return Field(name, tuple(elements), None if by is None else tuple(by), key, inside)


def _fields_text(fields: Sequence[Field]) -> str:
    return msgspec.json.encode([_plain(field) for field in fields]).decode()


def _fields(text: str) -> tuple[Field, ...]:
    return tuple(_field(row) for row in _FIELDS.decode(text))
