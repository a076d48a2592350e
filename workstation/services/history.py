"""The history of one record: each version that this terminal knows, with who, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from workstation.clinical.knowledge import Knowledge
from workstation.fhir import care_plan, decision, elements, laboratory, note, order, summary
from workstation.fhir.json import parse
from workstation.kernel.words import language
from workstation.services import care_plans
from workstation.services.desk import Desk
from workstation.store import View, history

Whereabouts = Literal["unsent", "received", "refused", "server"]
"""Only here yet · received by the hospital · the hospital said no · came from the hospital."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record.

    Attributes:
        number: Version id of the hospital's server; empty when it has none yet.
        at: When it was saved (aware); None when not known.
        by: Who saved it; empty when not known.
        operation: ``create``, ``update``, ``delete`` or ``read`` for one that came from elsewhere.
        where: Whether the hospital has it.
        status: Status that it gives to the record.
        content: What it says, in few words.
        reason: Why it was changed; empty when not said.
    """

    number: str
    at: datetime | None
    by: str
    operation: str
    where: Whereabouts
    status: str
    content: str
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """Every version known here, newest first, and what the record is."""

    title: str
    kind: str
    versions: tuple[Version, ...]


def record_history(desk: Desk, type: str, id: str) -> History:
    """Read the history of one record.

    Only what this terminal wrote and the newest that the hospital has told it are known here;
    versions between them are in the hospital's own history.
    """
    with desk.store.read() as view:
        versions = [_written(each, desk.knowledge) for each in history.written(view, type, id)]
        known = {version.number for version in versions}
        server = _server(view, type, id, known, desk.knowledge)
        stored = view.get(type, id)
    resource = stored.resource() if stored else {}
    title = _title(resource, desk.knowledge)
    found = sorted([*server, *versions], key=_moment)[::-1]
    return History(title or type, summary.kind_of(resource), tuple(found))


def _moment(version: Version) -> float:
    return version.at.timestamp() if version.at else 0.0


def _written(each: history.Written, known: Knowledge) -> Version:
    resource = parse(each.body) if each.body else {}
    where: Whereabouts = "unsent"
    if each.answer_status is not None:
        where = "received" if each.answer_version is not None else "refused"
    return Version(
        number=each.answer_version or "",
        at=each.recorded_at,
        by=each.author or "",
        operation=each.operation,
        where=where,
        status=_status(resource),
        content=_content(resource, known),
        reason=_reason(resource),
    )


def _server(view: View, type: str, id: str, numbers: set[str], known: Knowledge) -> list[Version]:
    copy = view.server_copy(type, id)
    if copy is None or (copy.version or "") in numbers:
        return []
    resource = copy.resource()
    updated = elements.mapping(resource.get("meta")).get("lastUpdated")
    return [
        Version(
            number=copy.version or "",
            at=elements.instant(updated) or summary.at_of(resource),
            by=summary.author_of(resource) or "",
            operation="delete" if copy.deleted else "read",
            where="server",
            status=_status(resource),
            content=_content(resource, known),
            reason=_reason(resource),
        )
    ]


def _status(resource: Mapping[str, Any]) -> str:
    return elements.text(resource.get("docStatus")) or summary.status_of(resource) or ""


def _content(resource: Mapping[str, Any], known: Knowledge) -> str:
    if resource.get("resourceType") == "DocumentReference":
        values = note.read(resource)
        return "\n".join(filter(None, (values.course, values.orders)))
    ordered = order.read(resource)
    if ordered is not None:
        return order.words(ordered)
    parts = elements.objects(resource.get("component")) or [dict(resource)]
    return " / ".join(filter(None, map(_value, parts))) or _title(resource, known)


def _title(resource: Mapping[str, Any], known: Knowledge) -> str:
    """What it is: of a nursing problem in the language spoken, else in the words of the record."""
    problem = care_plan.read(resource)
    if problem is not None:
        return care_plans.problem_words(known, problem.plan.code, problem.plan.words, language())
    return summary.title_of(resource) or ""


def _value(part: Mapping[str, Any]) -> str:
    result = laboratory.read(part)
    if result.value is None:
        return result.words
    return f"{format(result.value, 'f')} {result.unit}".strip()


def _reason(resource: Mapping[str, Any]) -> str:
    if resource.get("resourceType") == "DocumentReference":
        amendments = note.read(resource).amendments
        return (amendments[-1].reason if amendments else None) or ""
    decided = decision.read(resource)
    if decided is not None:
        return decided.reason
    notes = elements.objects(resource.get("note"))
    return (elements.text(notes[-1].get("text")) if notes else None) or ""
