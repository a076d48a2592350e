"""What must be seen before anything is done to a patient: allergies and alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from workstation.fhir import elements, systems

AllergyState = Literal["present", "none-known", "not-asked"]

_SNOMED: Final = "http://snomed.info/sct"
_NO_KNOWN: Final = ("716186003", "409137002", "1003774007", "428607008", "429625007")
_VOID: Final = ("entered-in-error", "refuted")


@dataclass(frozen=True, slots=True)
class Allergy:
    """One allergy or intolerance.

    Attributes:
        id: Id of the AllergyIntolerance.
        substance: In the words of the record.
        reaction: Manifestations in words; empty when not said.
        severe: Whether it is of high criticality or has had a severe reaction.
    """

    id: str
    substance: str
    reaction: str
    severe: bool


@dataclass(frozen=True, slots=True)
class Allergies:
    """What is known about allergies: some, none, or nobody asked."""

    state: AllergyState
    items: tuple[Allergy, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """One flag that is up.

    Attributes:
        id: Id of the Flag.
        code: ``fall``, ``isolation``, ``no-cpr``, ``spo2-scale-2``, or empty for another one.
        words: Words of the record.
        since: When it was put up.
    """

    id: str
    code: str
    words: str
    since: datetime | None


def allergies(resources: Iterable[Mapping[str, Any]]) -> Allergies:
    """Read all AllergyIntolerances of a patient.

    A statement "none known" counts while no allergy stands, even where its clinical status was
    written as resolved; nothing at all means that nobody asked.
    """
    standing = [item for item in resources if elements.any_code(_verification(item)) not in _VOID]
    none = [item for item in standing if says_none(item)]
    found = tuple(_allergy(item) for item in standing if item not in none and _active(item))
    if found:
        return Allergies("present", found)
    return Allergies("none-known" if none else "not-asked", ())


def says_none(resource: Mapping[str, Any]) -> bool:
    """Whether an AllergyIntolerance says that no allergy is known."""
    code = resource.get("code")
    own = elements.has_code(code, systems.ALLERGY, "no-known-allergy")
    return own or elements.has_code(code, _SNOMED, *_NO_KNOWN)


def alerts(resources: Iterable[Mapping[str, Any]]) -> tuple[Alert, ...]:
    """Read the active Flags among resources."""
    return tuple(_alert(item) for item in resources if item.get("status") == "active")


def _verification(resource: Mapping[str, Any]) -> Any:
    return resource.get("verificationStatus")


def _active(resource: Mapping[str, Any]) -> bool:
    return elements.any_code(resource.get("clinicalStatus")) in (None, "active")


def _allergy(resource: Mapping[str, Any]) -> Allergy:
    reactions = elements.objects(resource.get("reaction"))
    words = [
        elements.concept_text(manifestation)
        for reaction in reactions
        for manifestation in elements.objects(reaction.get("manifestation"))
    ]
    severe = any(reaction.get("severity") == "severe" for reaction in reactions)
    return Allergy(
        id=elements.text(resource.get("id")) or "",
        substance=elements.concept_text(resource.get("code")) or "?",
        reaction=", ".join(dict.fromkeys(word for word in words if word)),
        severe=severe or resource.get("criticality") == "high",
    )


def _alert(resource: Mapping[str, Any]) -> Alert:
    code = resource.get("code")
    period = elements.mapping(resource.get("period"))
    return Alert(
        id=elements.text(resource.get("id")) or "",
        code=elements.code_of(code, systems.FLAG) or "",
        words=elements.concept_text(code) or "?",
        since=elements.instant(period.get("start")),
    )
