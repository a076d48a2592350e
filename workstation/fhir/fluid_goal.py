"""Goals for the fluids of 24 hours as FHIR Goals: one for each thing that is wanted.

A Goal has dates and no times, and no stay: the dates are days of the ward, and a goal holds from
its first day on until it is ended, in the stay in which it was set. Another goal for the same
thing is a new Goal, and ends the one before: what was wanted on a day stays to be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.fluid_goal import Measure, Target
from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

CATEGORY: Final = "fluid-goal"
_WORDS: Final = {
    Measure.BALANCE: "Cân bằng dịch 24 giờ",
    Measure.INTAKE: "Tổng dịch vào 24 giờ",
    Measure.OUTPUT: "Tổng dịch ra 24 giờ",
}
_HOLDS: Final = ("planned", "accepted", "active", "on-hold")
_NEVER: Final = ("proposed", "rejected", "entered-in-error")


@dataclass(frozen=True, slots=True)
class FluidGoal:
    """One Goal.

    Attributes:
        id: Its id.
        target: What is wanted.
        first: The first day of the ward on which it holds.
        ended: The day on which it held no more; None while it does.
        by: Who set it, as shown.
    """

    id: str
    target: Target
    first: date
    ended: date | None
    by: str

    def holds_on(self, day: date) -> bool:
        """Whether it is wanted on a day of the ward."""
        return self.first <= day and (self.ended is None or day < self.ended)


def read(resource: Mapping[str, Any]) -> FluidGoal | None:
    """The goal; None for one of anything else, and for one that never held."""
    status = resource.get("lifecycleStatus")
    first = elements.day(elements.text(resource.get("startDate")))
    target = _target(elements.first(resource.get("target")))
    if target is None or first is None or status in _NEVER:
        return None
    ended = elements.day(elements.text(resource.get("statusDate"))) or first
    return FluidGoal(
        id=elements.text(resource.get("id")) or "",
        target=target,
        first=first,
        ended=None if status in _HOLDS else ended,
        by=elements.display(resource.get("expressedBy")) or "",
    )


def write(entry: Entry, target: Target, day: date) -> Resource:
    """Make a goal that holds from a day of the ward on."""
    bounds = (("low", target.low), ("high", target.high))
    words = _WORDS[target.measure]
    code = {"system": systems.FLUID, "code": target.measure.value}
    return {
        **entry.head("Goal"),
        "lifecycleStatus": "active",
        "category": [{"coding": [{"system": systems.FLUID, "code": CATEGORY}]}],
        "description": {"text": f"{words}: {_said(target)}"},
        "subject": entry.subject,
        "startDate": day.isoformat(),
        "target": [
            {
                "measure": {"coding": [code], "text": words},
                "detailRange": {name: _ml(value) for name, value in bounds if value is not None},
            }
        ],
        "statusDate": day.isoformat(),
        "expressedBy": dict(entry.author),
    }


def ended(resource: Resource, day: date, *, reason: str) -> Resource:
    """A new version of a goal that holds no more from a day of the ward on; all else stays."""
    patched = deepcopy(resource)
    patched["lifecycleStatus"] = "cancelled"
    patched["statusDate"] = day.isoformat()
    if reason:
        patched["statusReason"] = reason
    return patched


def _target(value: Mapping[str, Any]) -> Target | None:
    code = elements.code_of(value.get("measure"), systems.FLUID)
    measure = next((each for each in Measure if each.value == code), None)
    span = elements.mapping(value.get("detailRange"))
    bounds = [elements.decimal(elements.mapping(span.get(n)).get("value")) for n in ("low", "high")]
    if measure is None or not any(bound is not None for bound in bounds):
        return None
    return Target(measure, *bounds)


def _ml(value: Decimal) -> Resource:
    return {"value": value, "unit": "mL", "system": systems.UCUM, "code": "mL"}


def _said(target: Target) -> str:
    if target.low is not None and target.high is not None:
        return f"từ {target.low:f} đến {target.high:f} mL"
    if target.low is not None:
        return f"ít nhất {target.low:f} mL"
    return f"nhiều nhất {target.high:f} mL"
