"""Staff as Practitioner resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from workstation.clinical.names import PersonName
from workstation.fhir import elements, systems
from workstation.fhir.patient import name_of

Role = Literal["nurse", "head-nurse", "doctor", "other"]

QUALIFICATION: Final = "http://terminology.hl7.org/CodeSystem/v2-0360"
_ROLES: Final[Mapping[str, Role]] = {
    "RN": "nurse",
    "LPN": "nurse",
    "NP": "nurse",
    "MD": "doctor",
    "DO": "doctor",
    "MT": "other",
}


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of the staff.

    Attributes:
        id: Id of the Practitioner.
        name: Empty when there is none.
        role: By qualification; a head nurse by the words of it.
        title: Qualification in words, as it stands in the record.
        licence: Number of the practising licence.
        active: Whether the person still works here.
    """

    id: str
    name: PersonName
    role: Role
    title: str | None
    licence: str | None
    active: bool


def read(resource: Mapping[str, Any]) -> Staff:
    """Read a Practitioner."""
    title = elements.concept_text(elements.first(resource.get("qualification")).get("code"))
    return Staff(
        id=elements.text(resource.get("id")) or "",
        name=name_of(resource),
        role=_role(resource),
        title=title,
        licence=elements.identifier(resource, systems.LICENCE_NUMBER),
        active=resource.get("active") is not False,
    )


def _role(resource: Mapping[str, Any]) -> Role:
    for item in elements.objects(resource.get("qualification")):
        concept = item.get("code")
        found = _ROLES.get(elements.code_of(concept, QUALIFICATION) or "")
        words = (elements.concept_text(concept) or "").lower()
        if found == "nurse" and ("trưởng" in words or "head" in words):
            return "head-nurse"
        if found is not None:
            return found
    return "other"
