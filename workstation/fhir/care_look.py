"""Looks at lines and wounds as Observations: what was seen in components, of what in ``focus``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.care_site import Look
from workstation.fhir import elements, systems
from workstation.fhir.annotation import annotated
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

CODE: Final = "look"
_GRADES: Final = (
    ("site_grade", "look-site"),
    ("exudate", "look-exudate"),
    ("tissue", "look-tissue"),
)
_SIZES: Final = (
    ("length_cm", "look-length"),
    ("width_cm", "look-width"),
    ("depth_cm", "look-depth"),
)
INDEX_CODES: Final = (CODE, *(code for _, code in (*_GRADES, *_SIZES)))
"""Codes under which a look stands in the index of observations."""
_VOID: Final = ("entered-in-error", "cancelled")


@dataclass(frozen=True, slots=True)
class LookRecord:
    """A look in the record.

    Attributes:
        id: Id of the Observation.
        of: ``Procedure/<id>`` or ``Condition/<id>``.
        look: What was seen.
        status: FHIR status.
        by: Who looked, as shown.
        by_reference: ``Practitioner/<id>``.
        issued: When it was charted (aware).
        reason: Why it was corrected or struck out.
    """

    id: str
    of: str
    look: Look
    status: str
    by: str
    by_reference: str
    issued: datetime | None
    reason: str

    @property
    def valid(self) -> bool:
        """Whether it counts."""
        return self.status not in _VOID


def write(entry: Entry, of: str, words: str, look: Look) -> Resource:
    """Make the Observation of a look.

    Args:
        entry: Whose, by whom, when it was charted.
        of: ``Type/id`` of what was looked at.
        words: What that is, for readers that do not follow references.
        look: What was seen.
    """
    category = {"system": systems.OBSERVATION_CATEGORY, "code": "exam"}
    found: Resource = {
        **entry.head("Observation"),
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"coding": [{"system": systems.CARE_LOOK, "code": CODE}], "text": words},
        "subject": entry.subject,
        "focus": [{"reference": of}],
        **entry.stay(),
        "effectiveDateTime": look.at.isoformat(timespec="seconds"),
        "issued": entry.time,
        "performer": [dict(entry.author)],
    }
    if look.remark:
        found["valueString"] = look.remark
    components = [*_graded(look), *_sized(look)]
    return {**found, "component": components} if components else found


def enter_in_error(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version that says that it never was true."""
    return annotated(resource, "entered-in-error", reason=reason, author=author, at=at)


def read(resource: Mapping[str, Any]) -> LookRecord | None:
    """Read an Observation; None when it is no look."""
    of = elements.reference(elements.first(resource.get("focus")))
    at = elements.instant(resource.get("effectiveDateTime"))
    is_look = elements.has_code(resource.get("code"), systems.CARE_LOOK, CODE)
    if resource.get("resourceType") != "Observation" or not is_look or of is None or at is None:
        return None
    parts = {
        elements.code_of(each.get("code"), systems.CARE_LOOK): each
        for each in elements.objects(resource.get("component"))
    }
    keys = {
        name: elements.code_of(parts.get(code, {}).get("valueCodeableConcept"), systems.CARE_LOOK)
        for name, code in _GRADES
    }
    sizes = {name: _size(parts.get(code, {})) for name, code in _SIZES}
    performer = elements.first(resource.get("performer"))
    notes = elements.objects(resource.get("note"))
    return LookRecord(
        id=elements.text(resource.get("id")) or "",
        of=of,
        look=Look(
            at=at,
            site_grade=(keys["site_grade"] or "").rpartition("-")[2],
            exudate=(keys["exudate"] or "").rpartition("-")[2],
            tissue=(keys["tissue"] or "").rpartition("-")[2],
            remark=elements.text(resource.get("valueString")) or "",
            **sizes,
        ),
        status=elements.text(resource.get("status")) or "unknown",
        by=elements.display(performer) or "",
        by_reference=elements.reference(performer) or "",
        issued=elements.instant(resource.get("issued")),
        reason=(elements.text(notes[-1].get("text")) or "") if notes else "",
    )


def _graded(look: Look) -> list[Resource]:
    found = []
    for name, code in _GRADES:
        key = getattr(look, name)
        if key:
            answer = {"system": systems.CARE_LOOK, "code": f"{code}-{key}"}
            found.append({"code": _code(code), "valueCodeableConcept": {"coding": [answer]}})
    return found


def _sized(look: Look) -> list[Resource]:
    found = []
    for name, code in _SIZES:
        value = getattr(look, name)
        if value is not None:
            quantity = {"value": value, "unit": "cm", "system": systems.UCUM, "code": "cm"}
            found.append({"code": _code(code), "valueQuantity": quantity})
    return found


def _code(code: str) -> Resource:
    return {"coding": [{"system": systems.CARE_LOOK, "code": code}]}


def _size(part: Mapping[str, Any]) -> Decimal | None:
    quantity = elements.mapping(part.get("valueQuantity"))
    return elements.decimal(quantity.get("value")) if quantity.get("code") == "cm" else None
