"""A stay that is planned: when, why, from where, and into which bed, in the Encounter."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workstation.fhir import elements, encounter, systems
from workstation.fhir.json import Resource
from workstation.fhir.stays import place_entry


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned.

    Attributes:
        at: When (aware).
        reason: Why, in words.
        code: ICD-10; empty when not known.
        origin: From where, in words; empty when nobody said.
        ward: Id of the ward.
        ward_name: Its name.
        bed: Id of the bed that is wished for; empty for any.
        bed_name: Its name.
    """

    at: datetime
    reason: str
    code: str
    origin: str
    ward: str
    ward_name: str
    bed: str
    bed_name: str


def changed(resource: Resource, plan: Plan) -> Resource:
    """A version of a planned stay with another plan; all else stays.

    The ward stands among its places beside the bed, so that every terminal of the ward finds it.
    """
    patched = deepcopy(resource)
    patched["period"] = {
        **elements.mapping(resource.get("period")),
        "start": plan.at.isoformat(timespec="seconds"),
    }
    known = encounter.read(resource)
    if (plan.reason, plan.code) != (known.diagnosis or "", known.diagnosis_code or ""):
        coding = [{"system": systems.ICD10, "code": plan.code}] if plan.code else []
        patched["reasonCode"] = [{**({"coding": coding} if coding else {}), "text": plan.reason}]
    places = elements.objects(resource.get("location"))
    kept = [each for each in places if each.get("status") != "planned"]
    wanted = [place_entry(plan.ward, plan.ward_name, "planned", plan.at)]
    if plan.bed:
        wanted.append(place_entry(plan.bed, plan.bed_name, "planned", plan.at))
    patched["location"] = [*kept, *wanted]
    if plan.origin == origin(resource):
        return patched
    came = {**elements.mapping(resource.get("hospitalization"))}
    came.pop("origin", None)
    if plan.origin:
        came["origin"] = {"display": plan.origin}
    patched.pop("hospitalization", None)
    if came:
        patched["hospitalization"] = came
    return patched


def origin(resource: Mapping[str, Any]) -> str:
    """From where somebody comes, in words; empty when nobody said."""
    came = elements.mapping(resource.get("hospitalization"))
    return elements.display(came.get("origin")) or ""
