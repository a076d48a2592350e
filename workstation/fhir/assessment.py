"""Assessments by a scale as FHIR: one Observation with the total, a component for each item.

Codes are LOINC's for Glasgow, Braden and Morse. For the items of FLACC none could be verified, so
they have codes of this program alone; every scale and item carries such a code beside LOINC's, so
that the scale for small children is told from that for adults, which share theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.assessment import SCALES, Assessment
from workstation.clinical.scores.scale import AssessmentScale, Item
from workstation.fhir import elements, systems
from workstation.fhir.annotation import annotated
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource
from workstation.fhir.vital_signs import measured_at

_GLASGOW: Final = {"": "9269-2", "eye": "9267-6", "verbal": "9270-0", "motor": "9268-4"}
_LOINC: Final[Mapping[str, Mapping[str, str]]] = {
    "glasgow": _GLASGOW,
    "glasgow-child": _GLASGOW,
    "braden": {
        "": "38227-5",
        "sensory": "38222-6",
        "moisture": "38229-1",
        "activity": "38223-4",
        "mobility": "38224-2",
        "nutrition": "38225-9",
        "friction": "38226-7",
    },
    "morse": {
        "": "59460-6",
        "history": "59454-9",
        "secondary": "59455-6",
        "aid": "59456-4",
        "infusion": "59457-2",
        "gait": "59458-0",
        "mental": "59459-8",
    },
    "flacc": {},
}
"""LOINC codes by scale and item; the empty item is the total."""
INDEX_CODES: Final = tuple(
    dict.fromkeys(
        (*(_LOINC[scale].get("", scale) for scale in SCALES), _GLASGOW["motor"])
    )  # as the index names them
)
"""Codes under which every assessment stands in the index of observations: that of the total, and
of the coma scale, which may have none, an item."""
ANY_INDEX_CODES: Final = tuple(
    dict.fromkeys(
        code
        for own, scale in SCALES.items()
        for part, key in (("", own), *((item.id, f"{own}-{item.id}") for item in scale.items))
        for code in (_LOINC[own].get(part), key)
        if code
    )
)
"""The same and those of their items: one without a total stands under its items alone."""
_VOID: Final = ("entered-in-error", "cancelled")


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """An assessment in the record.

    Attributes:
        id: Id of the Observation.
        assessment: What was found.
        status: FHIR status.
        by: Who assessed, as shown.
        by_reference: ``Practitioner/<id>``.
        issued: When it was charted (aware).
        reason: The newest remark, such as why it was corrected.
    """

    id: str
    assessment: Assessment
    status: str
    by: str
    by_reference: str
    issued: datetime | None
    reason: str

    @property
    def valid(self) -> bool:
        """Whether it counts."""
        return self.status not in _VOID


def write(entry: Entry, assessment: Assessment) -> Resource:
    """Make the Observation of an assessment, at the time of the entry.

    Args:
        entry: Whose, by whom, when it was charted.
        assessment: What was found, and when.
    """
    category = {"system": systems.OBSERVATION_CATEGORY, "code": "survey"}
    return {
        **entry.head("Observation"),
        "status": "final",
        "category": [{"coding": [category]}],
        "code": _concept(assessment.scale, None),
        "subject": entry.subject,
        **entry.stay(),
        "effectiveDateTime": assessment.at.isoformat(timespec="seconds"),
        "issued": entry.time,
        "performer": [dict(entry.author)],
        **_found(assessment),
    }


def amend(
    resource: Resource,
    assessment: Assessment,
    *,
    reason: str,
    author: Mapping[str, str],
    at: datetime,
) -> Resource:
    """A new version with other answers; what is not ours stays."""
    patched = annotated(resource, "corrected", reason=reason, author=author, at=at)
    for name in ("valueQuantity", "dataAbsentReason"):
        patched.pop(name, None)
    ours = {_key(assessment.scale, item) for item in assessment.scale.items}
    parts = elements.objects(patched.get("component"))
    foreign = [part for part in parts if _own(part) not in ours]
    found = _found(assessment)
    return {**patched, **found, "component": [*found["component"], *foreign]}


def enter_in_error(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A new version that says that it never was true; its values stay."""
    return annotated(resource, "entered-in-error", reason=reason, author=author, at=at)


def read(resource: Mapping[str, Any]) -> AssessmentRecord | None:
    """Read an Observation; ``None`` when it is no assessment by a scale that is known here."""
    scale, at = _scale(resource), measured_at(resource)
    if resource.get("resourceType") != "Observation" or scale is None or at is None:
        return None
    performer = elements.first(resource.get("performer"))
    notes = list(elements.objects(resource.get("note")))
    return AssessmentRecord(
        id=elements.text(resource.get("id")) or "",
        assessment=Assessment(scale, at, _answers(scale, resource)),
        status=elements.text(resource.get("status")) or "unknown",
        by=elements.display(performer) or "",
        by_reference=elements.reference(performer) or "",
        issued=elements.instant(resource.get("issued")),
        reason=(elements.text(notes[-1].get("text")) or "") if notes else "",
    )


def _scale(resource: Mapping[str, Any]) -> AssessmentScale | None:
    own = elements.code_of(resource.get("code"), systems.ASSESSMENT)
    if own is not None:
        return SCALES.get(own)
    loinc = elements.code_of(resource.get("code"), systems.LOINC) or "none"
    return next((SCALES[id] for id, codes in _LOINC.items() if codes.get("") == loinc), None)


def _answers(scale: AssessmentScale, resource: Mapping[str, Any]) -> dict[str, str]:
    found, loinc = {}, _LOINC[scale.id]
    for part in elements.objects(resource.get("component")):
        own, codings = _own(part), elements.codings(part.get("code"))
        named = {code for system, code in codings if system == systems.LOINC}
        for item in scale.items:
            if own == _key(scale, item) or loinc.get(item.id) in named:
                key = _answer(item, part)
                if key is not None:
                    found[item.id] = key
    return found


def _answer(item: Item, part: Mapping[str, Any]) -> str | None:
    quantity = elements.mapping(part.get("valueQuantity"))
    points = elements.decimal(quantity.get("value"))
    if points is None:
        points = elements.decimal(part.get("valueInteger"))
    if points is None and not part.get("dataAbsentReason"):
        return None
    wanted = None if points is None else points
    return next((option.key for option in item.options if option.points == wanted), None)


def _found(assessment: Assessment) -> Resource:
    scale, total = assessment.scale, assessment.total
    components = []
    for item in scale.items:
        option = item.option(assessment.answers[item.id])
        points = option.points if option else None
        components.append({"code": _concept(scale, item), **_points(points)})
    return {**_points(total), "component": components}


def _points(points: int | None) -> Resource:
    if points is None:
        coding = {"system": systems.DATA_ABSENT, "code": "not-performed"}
        return {"dataAbsentReason": {"coding": [coding], "text": "Không đánh giá được"}}
    unit = "{score}"
    quantity = {"value": Decimal(points), "unit": unit, "system": systems.UCUM, "code": unit}
    return {"valueQuantity": quantity}


def _concept(scale: AssessmentScale, item: Item | None) -> Resource:
    words = item.words if item else scale.words
    coding = [{"system": systems.ASSESSMENT, "code": _key(scale, item), "display": words}]
    loinc = _LOINC[scale.id].get(item.id if item else "")
    if loinc is not None:
        coding.insert(0, {"system": systems.LOINC, "code": loinc})
    return {"coding": coding, "text": words}


def _key(scale: AssessmentScale, item: Item | None) -> str:
    return f"{scale.id}-{item.id}" if item else scale.id


def _own(part: Mapping[str, Any]) -> str | None:
    return elements.code_of(part.get("code"), systems.ASSESSMENT)
