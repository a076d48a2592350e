"""Whether a dose helped: an Observation that is part of the MedicationAdministration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workstation.clinical.as_needed import Effect
from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

_WORDS = {
    Effect.GOOD: "Đỡ nhiều",
    Effect.SOME: "Đỡ ít",
    Effect.NONE: "Không đỡ",
    Effect.HARM: "Có tác dụng không mong muốn",
}


@dataclass(frozen=True, slots=True)
class DoseEffect:
    """What became of one dose.

    Attributes:
        id: Id of the Observation.
        dose: Id of the MedicationAdministration.
        effect: Whether it helped.
        words: What else was seen; may be empty.
        at: When somebody looked (aware).
        by: Who, as shown.
    """

    id: str
    dose: str
    effect: Effect
    words: str
    at: datetime | None
    by: str


def read(resource: Mapping[str, Any]) -> DoseEffect | None:
    """Read an Observation; None if it is not about the effect of a dose, or was an error."""
    if resource.get("status") == "entered-in-error":
        return None
    if not elements.has_code(resource.get("code"), systems.DOSE_EFFECT, "effect"):
        return None
    code = elements.code_of(resource.get("valueCodeableConcept"), systems.DOSE_EFFECT)
    parts = (
        elements.reference_id(each, "MedicationAdministration")
        for each in elements.objects(resource.get("partOf"))
    )
    dose = next((each for each in parts if each is not None), None)
    if dose is None or code not in set(Effect):
        return None
    note = elements.first(resource.get("note"))
    return DoseEffect(
        id=elements.text(resource.get("id")) or "",
        dose=dose,
        effect=Effect(code),
        words=elements.text(note.get("text")) or "",
        at=elements.instant(resource.get("effectiveDateTime")),
        by=elements.display(elements.first(resource.get("performer"))) or "",
    )


def write(entry: Entry, dose: str, drug: str, effect: Effect, words: str) -> Resource:
    """Make the record of what a dose did.

    Args:
        entry: Whose, by whom, when.
        dose: Id of the MedicationAdministration.
        drug: Its name, for whoever reads the Observation alone.
        effect: Whether it helped.
        words: What else was seen.
    """
    category = {"system": systems.OBSERVATION_CATEGORY, "code": "therapy"}
    coding = {"system": systems.DOSE_EFFECT, "code": "effect"}
    value = {"system": systems.DOSE_EFFECT, "code": effect.value}
    resource: Resource = {
        **entry.head("Observation"),
        "partOf": [{"reference": f"MedicationAdministration/{dose}"}],
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"coding": [coding], "text": f"Tác dụng của {drug}"},
        "subject": entry.subject,
        **entry.stay(),
        "effectiveDateTime": entry.time,
        "issued": entry.time,
        "performer": [dict(entry.author)],
        "valueCodeableConcept": {"coding": [value], "text": _WORDS[effect]},
    }
    return {**resource, "note": [{"text": words}]} if words else resource
