"""Orders that end with a stay, and stand again as they stood if the ending never was."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from workstation.fhir import decision, drug_order, elements, order, systems
from workstation.fhir.json import Resource


def stopped_with(resource: Resource, stay: str, *, at: datetime, reason: str) -> Resource:
    """A version of an order that is stopped because a stay ends.

    It remembers what it was, for `resumed`.

    Args:
        resource: The stored MedicationRequest; it is not touched.
        stay: Id of the Encounter.
        at: From when on no dose is given (aware).
        reason: Why, in the person's words.
    """
    parts: list[Resource] = [
        {"url": "stay", "valueReference": {"reference": f"Encounter/{stay}"}},
        {"url": "status", "valueCode": resource.get("status") or "active"},
    ]
    for number, dosage in enumerate(elements.objects(resource.get("dosageInstruction"))):
        end = elements.text(_bounds(dosage).get("end"))
        if end is not None:
            parts.append({"url": f"end-{number}", "valueDateTime": end})
    patched = drug_order.stopped(resource, at=at, reason=reason)
    kept = _others(patched)
    patched["extension"] = [*kept, {"url": systems.STOPPED_WITH_STAY, "extension": parts}]
    return patched


def ended_with(
    resource: Resource, stay: str, *, by: Mapping[str, str], at: datetime, reason: str
) -> Resource:
    """A version of an order of anything but a drug that ends because a stay does.

    It remembers what it was, and what had been decided about it, for `resumed`.

    Args:
        resource: The stored ServiceRequest or NutritionOrder; it is not touched.
        stay: Id of the Encounter.
        by: Reference to the person who ends the stay, with a display.
        at: From when on nothing of it is done (aware).
        reason: Why, in the person's words.
    """
    parts: list[Resource] = [
        {"url": "stay", "valueReference": {"reference": f"Encounter/{stay}"}},
        {"url": "status", "valueCode": resource.get("status") or "active"},
    ]
    before = elements.extension(resource.get("_status"), systems.STATUS_DECIDED)
    if before:
        parts.append({"url": "decided", "extension": deepcopy(before.get("extension"))})
    patched = order.with_status(resource, "stopped", by=by, at=at, reason=reason)
    kept = _others(patched)
    patched["extension"] = [*kept, {"url": systems.STOPPED_WITH_STAY, "extension": parts}]
    return patched


def resumed(resource: Resource, stay: str) -> Resource | None:
    """The order as it stood before a stay ended; None for one that was stopped otherwise."""
    found = elements.extension(resource, systems.STOPPED_WITH_STAY)
    part = elements.extensions(found)
    named = elements.reference_id(
        elements.mapping(part.get("stay")).get("valueReference"), "Encounter"
    )
    if named != stay or resource.get("status") not in ("stopped", "revoked"):
        return None
    patched = deepcopy(resource)
    if resource.get("resourceType") != "MedicationRequest":
        decided = elements.objects(elements.mapping(part.get("decided")).get("extension"))
        patched = decision.put_back(patched, decided)
    status = elements.mapping(part.get("status")).get("valueCode")
    patched["status"] = status if status in ("active", "on-hold") else "active"
    patched.pop("statusReason", None)
    for number, dosage in enumerate(elements.objects(patched.get("dosageInstruction"))):
        end = elements.mapping(part.get(f"end-{number}")).get("valueDateTime")
        _restore_end(dosage, end)
    kept = _others(patched)
    patched.pop("extension", None)
    return {**patched, "extension": kept} if kept else patched


def _others(resource: Resource) -> list[Resource]:
    found = elements.objects(resource.get("extension"))
    return [each for each in found if each.get("url") != systems.STOPPED_WITH_STAY]


def _bounds(dosage: Resource) -> dict[str, Any]:
    repeat = elements.mapping(elements.mapping(dosage.get("timing")).get("repeat"))
    return elements.mapping(repeat.get("boundsPeriod"))


def _restore_end(dosage: Resource, end: Any) -> None:
    timing = elements.mapping(dosage.get("timing"))
    repeat = elements.mapping(timing.get("repeat"))
    bounds = {key: value for key, value in _bounds(dosage).items() if key != "end"}
    if end is not None:
        bounds["end"] = end
    repeat.pop("boundsPeriod", None)
    if bounds:
        repeat["boundsPeriod"] = bounds
    if not repeat:
        timing.pop("repeat", None)
    if not timing:
        dosage.pop("timing", None)
