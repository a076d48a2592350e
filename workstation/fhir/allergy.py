"""Allergies as AllergyIntolerance; "none known" is a record too, "not asked" is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from workstation.clinical.allergies import Allergy
from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

NONE_KNOWN: Final = "no-known-allergy"
SNOMED: Final = "http://snomed.info/sct"
_SNOMED_NONE_KNOWN: Final = ("716186003", "409137002", "1003774007", "428607008", "429625007")
_VOID: Final = ("entered-in-error", "refuted")


def read(resource: Mapping[str, Any]) -> Allergy | None:
    """Read one AllergyIntolerance; ``None`` for one that was entered in error or refuted."""
    if elements.any_code(resource.get("verificationStatus")) in _VOID:
        return None
    code = resource.get("code")
    clinical = elements.any_code(resource.get("clinicalStatus"))
    reactions = elements.objects(resource.get("reaction"))
    shown = (
        elements.concept_text(manifestation)
        for item in reactions
        for manifestation in elements.objects(item.get("manifestation"))
    )
    return Allergy(
        id=elements.text(resource.get("id")) or "",
        substance=elements.concept_text(code) or _substance(reactions) or "",
        none_known=elements.has_code(code, systems.ALLERGY, NONE_KNOWN)
        or elements.has_code(code, SNOMED, *_SNOMED_NONE_KNOWN),
        active=clinical in (None, "active"),
        high_risk=resource.get("criticality") == "high"
        or any(item.get("severity") == "severe" for item in reactions),
        reactions=tuple(dict.fromkeys(words for words in shown if words)),
        codes=frozenset(f"{system or ''}|{found}" for system, found in elements.codings(code)),
    )


def write(
    entry: Entry,
    substance: str,
    *,
    reaction: str | None = None,
    high_risk: bool = False,
    coding: Mapping[str, str] | None = None,
) -> Resource:
    """Make the record of an allergy.

    Args:
        entry: Whose, by whom, when it was recorded.
        substance: In the person's words.
        reaction: What happened, in words.
        high_risk: Whether a reaction may threaten life.
        coding: Code of the substance, if there is one.
    """
    concept: Resource = {"text": substance}
    if coding is not None:
        concept["coding"] = [dict(coding)]
    resource = _record(entry, concept)
    resource["criticality"] = "high" if high_risk else "low"
    if reaction is not None:
        resource["reaction"] = [{"manifestation": [{"text": reaction}]}]
    return resource


def write_none_known(entry: Entry) -> Resource:
    """Make the record that the patient was asked and knows of no allergy."""
    coding = {"system": systems.ALLERGY, "code": NONE_KNOWN, "display": "No known allergy"}
    snomed = {"system": SNOMED, "code": _SNOMED_NONE_KNOWN[0], "display": "No known allergy"}
    return _record(entry, {"coding": [coding, snomed], "text": "Chưa ghi nhận dị ứng"})


def _record(entry: Entry, concept: Resource) -> Resource:
    confirmed = {"system": systems.ALLERGY_VERIFICATION, "code": "confirmed"}
    return {
        **entry.head("AllergyIntolerance"),
        "clinicalStatus": {"coding": [{"system": systems.ALLERGY_CLINICAL, "code": "active"}]},
        "verificationStatus": {"coding": [confirmed]},
        "code": concept,
        "patient": entry.subject,
        **entry.stay(),
        "recordedDate": entry.time,
        "recorder": dict(entry.author),
    }


def _substance(reactions: list[dict[str, Any]]) -> str | None:
    return next(
        (words for item in reactions if (words := elements.concept_text(item.get("substance")))),
        None,
    )
