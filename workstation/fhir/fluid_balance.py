"""Fluids in and out as FHIR Observations: one for each amount, as it was charted.

The codes of LOINC are those of one amount at a point in time (class IO_INTAKE and IO_OUTPUT);
its codes of 24-hour totals are never written, for totals are computed. A kind without such a code
in LOINC, or with one that says too much (a drain need not be a wound's), has our own alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.fhir import elements, systems, vital_signs
from workstation.fhir.annotation import annotated
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

CATEGORY: Final = "fluid-balance"
LOINC_OF: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.ORAL: ("9000-1", "Fluid intake oral Measured"),
    Kind.ENTERAL_TUBE: ("8953-2", "Fluid intake enteral tube Measured"),
    Kind.URINE: ("9187-6", "Urine output"),
    Kind.CATHETER: ("9187-6", "Urine output"),
    Kind.STOOL: ("9217-1", "Output.stool [Volume]"),
    Kind.VOMIT: ("9137-1", "Fluid output emesis"),
    Kind.NASOGASTRIC: ("73704-9", "Fluid output.nasogastric tube Measured"),
    Kind.BLOOD_LOSS: ("81661-1", "Blood loss [Volume] Measured"),
    Kind.ULTRAFILTRATION: ("99741-1", "Ultrafiltrate volume removed"),
}
"""Code and name in LOINC (2.82) of the kinds that have one."""
_KIND_OF: Final = {
    **{code: kind for kind, (code, _) in LOINC_OF.items()},
    "9187-6": Kind.URINE,
    "8999-5": Kind.ORAL,
    "9203-1": Kind.DRAIN,
    "9113-2": Kind.DRAIN,
}
CODES: Final = tuple(sorted(_KIND_OF))
"""LOINC codes under which amounts of other programs are found."""
_WORDS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.ORAL: ("Oral intake", "Uống"),
    Kind.ENTERAL_TUBE: ("Enteral tube intake", "Ăn qua ống thông"),
    Kind.IV_INFUSION: ("Intravenous infusion", "Dịch truyền"),
    Kind.BLOOD_PRODUCT: ("Blood product", "Chế phẩm máu"),
    Kind.IV_DRUG: ("Intravenous drug", "Thuốc tĩnh mạch"),
    Kind.IRRIGATION_IN: ("Irrigation in", "Dịch rửa vào"),
    Kind.URINE: ("Urine", "Nước tiểu"),
    Kind.CATHETER: ("Urine by catheter", "Nước tiểu qua ống thông"),
    Kind.STOOL: ("Stool", "Phân"),
    Kind.VOMIT: ("Vomit", "Nôn"),
    Kind.NASOGASTRIC: ("Nasogastric aspirate", "Dịch dạ dày qua ống thông"),
    Kind.DRAIN: ("Drain", "Dẫn lưu"),
    Kind.BLOOD_LOSS: ("Blood loss", "Máu mất"),
    Kind.ULTRAFILTRATION: ("Ultrafiltration", "Siêu lọc"),
    Kind.IRRIGATION_OUT: ("Irrigation out", "Dịch rửa ra"),
}
_SUBSTANCE: Final = ("9101-7", "Type of Fluid intake substance")
_APPEARANCE: Final = ("9255-1", "Fluid output [Appearance]")
_TIMES: Final = "times"
_VOID: Final = frozenset({"entered-in-error", "cancelled"})
_AMENDED: Final = frozenset({"amended", "corrected"})
_ML: Final[Mapping[str, Decimal]] = {
    "mL": Decimal(1), "ml": Decimal(1), "cm3": Decimal(1), "cc": Decimal(1),
    "L": Decimal(1000), "l": Decimal(1000), "dL": Decimal(100), "cL": Decimal(10),
}  # fmt: skip
_BEYOND_ML: Final = Decimal(100_000)
_MOST_TIMES: Final = 100


@dataclass(frozen=True, slots=True)
class FluidEntry:
    """One Observation of an amount.

    Attributes:
        id: Id of the Observation.
        fluid: What was charted.
        status: FHIR status.
        by: Who charted it, as shown; empty when unknown.
        performer: ``Practitioner/<id>``, if known.
        issued: When it was written down (aware), if known.
        reason: The newest remark, which says why it was corrected; empty without one.
    """

    id: str
    fluid: Fluid
    status: str
    by: str
    performer: str | None
    issued: datetime | None
    reason: str

    @property
    def valid(self) -> bool:
        """Whether it counts."""
        return self.status not in _VOID

    @property
    def amended(self) -> bool:
        """Whether it was corrected."""
        return self.status in _AMENDED


def kind_of(resource: Mapping[str, Any]) -> Kind | None:
    """What an Observation is an amount of; None when of nothing that is counted."""
    concept = resource.get("code")
    own = elements.code_of(concept, systems.FLUID)
    if own in set(Kind):
        return Kind(own)
    return next(
        (
            _KIND_OF[code]
            for system, code in elements.codings(concept)
            if system == systems.LOINC and code in _KIND_OF
        ),
        None,
    )


def read(resource: Mapping[str, Any]) -> FluidEntry | None:
    """Read an amount; None when it is none, has no time, or no number that can be counted."""
    kind, at = kind_of(resource), vital_signs.measured_at(resource)
    if resource.get("resourceType") != "Observation" or kind is None or at is None:
        return None
    volume = _volume(resource)
    if volume is None and "valueQuantity" in resource:
        return None
    performer = elements.first(resource.get("performer"))
    notes = elements.objects(resource.get("note"))
    return FluidEntry(
        id=elements.text(resource.get("id")) or "",
        fluid=Fluid(kind, at, volume, _times(resource), _name(kind, resource)),
        status=elements.text(resource.get("status")) or "unknown",
        by=elements.display(performer) or "",
        performer=elements.reference(performer),
        issued=elements.instant(resource.get("issued")),
        reason=(elements.text(notes[-1].get("text")) or "") if notes else "",
    )


def write(entry: Entry, fluid: Fluid) -> Resource:
    """Make the Observation of one amount.

    Args:
        entry: Whose, by whom; its time is when it was written down.
        fluid: What, and when it went in or came out.
    """
    category = {"system": systems.WARD_CATEGORY, "code": CATEGORY}
    standard = {"system": systems.OBSERVATION_CATEGORY, "code": "therapy"}
    made = {
        **entry.head("Observation"),
        "status": "final",
        "category": [{"coding": [category]}, {"coding": [standard]}],
        "code": _code(fluid.kind),
        "subject": entry.subject,
        **entry.stay(),
        "effectiveDateTime": fluid.at.isoformat(timespec="seconds"),
        "issued": entry.time,
        "performer": [dict(entry.author)],
    }
    _put(made, fluid)
    return made


def correct(
    resource: Resource, fluid: Fluid, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A new version of an amount as it should have been charted; everything else stays.

    Args:
        resource: The stored Observation; it is not touched.
        fluid: What it should have been.
        reason: Why, in the person's words.
        author: Reference to the person.
        at: When it was corrected (aware).
    """
    patched = deepcopy(resource)
    if kind_of(resource) is not fluid.kind:
        patched["code"] = _code(fluid.kind)
    if vital_signs.measured_at(resource) != fluid.at:
        patched["effectiveDateTime"] = fluid.at.isoformat(timespec="seconds")
    _put(patched, fluid)
    return annotated(patched, "corrected", reason=reason, author=author, at=at)


def enter_in_error(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A new version that says that it never was true; its values stay."""
    return annotated(resource, "entered-in-error", reason=reason, author=author, at=at)


def _code(kind: Kind) -> Resource:
    english, vietnamese = _WORDS[kind]
    own = {"system": systems.FLUID, "code": kind.value, "display": english}
    found = LOINC_OF.get(kind)
    loinc = [{"system": systems.LOINC, "code": found[0], "display": found[1]}] if found else []
    return {"coding": [*loinc, own], "text": vietnamese}


def _put(resource: Resource, fluid: Fluid) -> None:
    if fluid.volume_ml is None:
        resource.pop("valueQuantity", None)
        absent = {"system": systems.DATA_ABSENT, "code": "not-performed"}
        resource["dataAbsentReason"] = {"coding": [absent], "text": "Không đo"}
    else:
        resource.pop("dataAbsentReason", None)
        quantity = elements.mapping(resource.get("valueQuantity"))
        ml = {"value": fluid.volume_ml, "unit": "mL", "system": systems.UCUM, "code": "mL"}
        resource["valueQuantity"] = {**quantity, **ml}
    _put_name(resource, fluid)


def _put_name(resource: Resource, fluid: Fluid) -> None:
    """The name of a drain is where it lies; any other says what it was."""
    parts = [part for part in elements.objects(resource.get("component")) if not _is_own_part(part)]
    name = fluid.name.strip()
    drain = fluid.kind is Kind.DRAIN
    if name and not drain:
        code, words = _SUBSTANCE if fluid.kind.intake else _APPEARANCE
        coding = {"system": systems.LOINC, "code": code, "display": words}
        parts.append({"code": {"coding": [coding]}, "valueString": name})
    if fluid.volume_ml is None:
        coding = {"system": systems.FLUID, "code": _TIMES, "display": "Times, not measured"}
        parts.append({"code": {"coding": [coding]}, "valueInteger": fluid.times})
    if parts:
        resource["component"] = parts
    else:
        resource.pop("component", None)
    if drain and name:
        resource["bodySite"] = {**elements.mapping(resource.get("bodySite")), "text": name}


def _is_own_part(part: Mapping[str, Any]) -> bool:
    concept = part.get("code")
    return elements.has_code(concept, systems.FLUID, _TIMES) or elements.has_code(
        concept, systems.LOINC, _SUBSTANCE[0], _APPEARANCE[0]
    )


def _volume(resource: Mapping[str, Any]) -> Decimal | None:
    """The amount in mL; None when there is none that can be counted."""
    quantity = elements.mapping(resource.get("valueQuantity"))
    value = elements.decimal(quantity.get("value"))
    unit = elements.text(quantity.get("code")) or elements.text(quantity.get("unit")) or ""
    if value is None or unit not in _ML or quantity.get("comparator") is not None:
        return None
    ml = value * _ML[unit]
    return ml if 0 <= ml < _BEYOND_ML else None


def _times(resource: Mapping[str, Any]) -> int:
    for part in elements.objects(resource.get("component")):
        if elements.has_code(part.get("code"), systems.FLUID, _TIMES):
            times = elements.decimal(part.get("valueInteger"))
            if times is not None and 1 <= times <= _MOST_TIMES:
                return int(times)
    return 1


def _name(kind: Kind, resource: Mapping[str, Any]) -> str:
    if kind is Kind.DRAIN:
        return elements.concept_text(resource.get("bodySite")) or ""
    for part in elements.objects(resource.get("component")):
        if elements.has_code(part.get("code"), systems.LOINC, _SUBSTANCE[0], _APPEARANCE[0]):
            return elements.text(part.get("valueString")) or ""
    return ""
