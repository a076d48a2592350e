"""Who set the status of an order, when and why: written beside the status, in one value with it.

FHIR has a reason for some types of orders and a time for none. Two terminals that decide about one
order at the same time are a conflict about its status; what explains the status is part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.fhir import elements, systems
from workstation.fhir.json import Resource

_BESIDE: Final = "_status"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about an order last.

    Attributes:
        by: As shown; empty when the record does not say.
        person: ``Practitioner/<id>``; may be empty.
        at: When (aware); None when the record does not say.
        reason: Why; may be empty.
    """

    by: str = ""
    person: str = ""
    at: datetime | None = None
    reason: str = ""


def read(resource: Mapping[str, Any]) -> Decision | None:
    """What was decided last; None for an order that stands as it was written."""
    outer = elements.extension(resource.get(_BESIDE), systems.STATUS_DECIDED)
    parts = elements.extensions(outer)
    if not parts:
        return None
    person = elements.mapping(parts.get("by", {}).get("valueReference"))
    return Decision(
        by=elements.display(person) or elements.reference(person) or "",
        person=elements.reference(person) or "",
        at=elements.instant(parts.get("at", {}).get("valueDateTime")),
        reason=elements.text(parts.get("reason", {}).get("valueString")) or "",
    )


def decided(
    resource: Resource, *, by: Mapping[str, str], at: datetime, reason: str = ""
) -> Resource:
    """The same resource with who decided about its status; other extensions of it stay.

    Args:
        resource: With the new status; it is not touched.
        by: Reference to the person, with a display.
        at: When (aware).
        reason: In the person's words.
    """
    patched = deepcopy(resource)
    parts: list[Resource] = [
        {"url": "by", "valueReference": dict(by)},
        {"url": "at", "valueDateTime": at.isoformat(timespec="seconds")},
    ]
    if reason:
        parts.append({"url": "reason", "valueString": reason})
    return put_back(patched, parts)


def put_back(resource: Resource, parts: list[Resource]) -> Resource:
    """The same resource with a decision as it was written once; without one for no parts."""
    patched = deepcopy(resource)
    beside = dict(elements.mapping(patched.pop(_BESIDE, None)))
    others = [
        each
        for each in elements.objects(beside.get("extension"))
        if each.get("url") != systems.STATUS_DECIDED
    ]
    own = [{"url": systems.STATUS_DECIDED, "extension": parts}] if parts else []
    beside.pop("extension", None)
    if others or own:
        beside["extension"] = [*others, *own]
    return {**patched, _BESIDE: beside} if beside else patched


def state(resource: Mapping[str, Any]) -> str:
    """Names the state of an order: another one after each decision, the same on each terminal."""
    found = read(resource)
    since = elements.instant(resource.get("authoredOn") or resource.get("dateTime"))
    at = (found.at if found else None) or since
    stamp = "" if at is None else f"{int(at.timestamp())}"
    return f"{elements.text(resource.get('status')) or ''}@{stamp}"
