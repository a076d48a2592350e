"""Diagnoses and problems as Conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workstation.fhir import elements, systems
from workstation.fhir.encounter import ICD10_SYSTEMS
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

_VOID: Final = ("entered-in-error", "refuted")
_OVER: Final = ("inactive", "remission", "resolved")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One Condition.

    Attributes:
        id: Id of the Condition.
        text: In words.
        code: ICD-10.
        active: Whether it holds.
        of_stay: Whether it is a diagnosis of the stay and not an item of the problem list.
    """

    id: str
    text: str
    code: str | None
    active: bool
    of_stay: bool


def read(resource: Mapping[str, Any]) -> Diagnosis | None:
    """Read a Condition; ``None`` for one that was entered in error or refuted."""
    if elements.any_code(resource.get("verificationStatus")) in _VOID:
        return None
    code = resource.get("code")
    icd10 = (found for system, found in elements.codings(code) if system in ICD10_SYSTEMS)
    return Diagnosis(
        id=elements.text(resource.get("id")) or "",
        text=elements.concept_text(code) or "",
        code=next(icd10, None),
        active=elements.any_code(resource.get("clinicalStatus")) not in _OVER,
        of_stay=elements.has_code(
            resource.get("category"), systems.CONDITION_CATEGORY, "encounter-diagnosis"
        ),
    )


def write(entry: Entry, text: str, code: str) -> Resource:
    """Make a diagnosis of a stay.

    Args:
        entry: Whose, by which doctor, when.
        text: In words.
        code: ICD-10 with point; empty when there is none.
    """
    category = {"system": systems.CONDITION_CATEGORY, "code": "encounter-diagnosis"}
    coding = {"coding": [{"system": systems.ICD10, "code": code}]} if code else {}
    return {
        **entry.head("Condition"),
        "clinicalStatus": {"coding": [{"system": systems.CONDITION_CLINICAL, "code": "active"}]},
        "category": [{"coding": [category]}],
        "code": {**coding, "text": text},
        "subject": entry.subject,
        **entry.stay(),
        "recordedDate": entry.time,
        "recorder": dict(entry.author),
    }


def in_error(resource: Resource) -> Resource:
    """A version of a Condition that says it never was true."""
    patched = {**resource}
    coding = {"system": systems.CONDITION_VERIFICATION, "code": "entered-in-error"}
    patched["verificationStatus"] = {"coding": [coding]}
    patched.pop("clinicalStatus", None)  # R4 con-5: none where it was entered in error
    return patched
