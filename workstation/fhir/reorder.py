"""That a doctor ordered again for another day what was ordered before: a completed Task.

It is a thing that happened, never merged (ADR 0070). The orders themselves go on as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

CODE: Final = "order-again"
_ORDER: Final = "order"


@dataclass(frozen=True, slots=True)
class Reorder:
    """One of them.

    Attributes:
        orders: ``Type/id`` of each order that goes on.
        by: Name of the doctor.
        at: When (aware).
    """

    orders: tuple[str, ...]
    by: str
    at: datetime | None


def write(entry: Entry, orders: Sequence[str]) -> Resource:
    """Make one.

    Args:
        entry: Whose record, who orders and when.
        orders: ``Type/id`` of each order that goes on.
    """
    kind = {"coding": [{"system": systems.TASK_INPUT, "code": _ORDER}]}
    return {
        **entry.head("Task"),
        "status": "completed",
        "intent": "order",
        "code": {"coding": [{"system": systems.TASK, "code": CODE}]},
        "description": "Ra y lệnh hằng ngày",
        "for": entry.subject,
        **entry.stay(),
        "executionPeriod": {"start": entry.time, "end": entry.time},
        "authoredOn": entry.time,
        "owner": dict(entry.author),
        "input": [{"type": kind, "valueReference": {"reference": each}} for each in orders],
    }


def read(resource: Mapping[str, Any]) -> Reorder | None:
    """Read one; None for any other Task, and for one that was taken back."""
    code = elements.code_of(resource.get("code"), systems.TASK)
    if code != CODE or resource.get("status") != "completed":
        return None
    owner = resource.get("owner")
    references = (
        elements.reference(each.get("valueReference"))
        for each in elements.objects(resource.get("input"))
        if elements.has_code(each.get("type"), systems.TASK_INPUT, _ORDER)
    )
    return Reorder(
        orders=tuple(found for found in references if found),
        by=elements.display(owner) or elements.reference(owner) or "",
        at=elements.instant(elements.mapping(resource.get("executionPeriod")).get("end")),
    )
