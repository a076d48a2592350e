"""Results of the laboratory: value, unit, reference range, flag and origin, of whatever maker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.results import Flag, above, below
from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

INTERPRETATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
ResultFlag = Flag

_CATEGORIES: Final = frozenset({"laboratory", "LAB"})
_FLAGS: Final[Mapping[str, ResultFlag]] = {
    "L": "low",
    "H": "high",
    "LL": "critical-low",
    "HH": "critical-high",
    "A": "abnormal",
    "AA": "critical",
    "POS": "abnormal",
    "R": "abnormal",
}
_CATEGORY: Final = {"system": systems.OBSERVATION_CATEGORY, "code": "laboratory"}
_CODES: Final[Mapping[ResultFlag, str]] = {"": "N", "low": "L", "high": "H"}


@dataclass(frozen=True, slots=True)
class Result:
    """One result.

    Attributes:
        id: Id of the Observation.
        code: LOINC or another code; results of one code make a trend.
        name: In the words of the record.
        value: Number, with the digits of the record.
        words: A result that is no number; empty for a number.
        unit: As written.
        low: Lower end of the reference range.
        high: Upper end of the reference range.
        range_words: The reference range when it is given in words.
        flag: From the record, else from number and range.
        at: When the specimen was taken, or what comes nearest (aware).
        issued: When the result was released.
        status: FHIR status.
        origin: Who or which facility made it.
        ucum: Code of the unit; empty if there is none.
        bound: The number that the result is beyond, such as 33.3 of ``> 33.3``.
        comparator: Of that number; empty for a result that is no bound.
    """

    id: str
    code: str
    name: str
    value: Decimal | None
    words: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    range_words: str
    flag: ResultFlag
    at: datetime | None
    issued: datetime | None
    status: str
    origin: str
    ucum: str = ""
    bound: Decimal | None = None
    comparator: str = ""

    @property
    def judged(self) -> Decimal | None:
        """The number that is held against ranges and limits, by `comparator` where that is set."""
        return self.value if self.bound is None else self.bound


def is_result(resource: Mapping[str, Any]) -> bool:
    """Whether an Observation is a result of the laboratory."""
    return any(code in _CATEGORIES for _, code in elements.codings(resource.get("category")))


def read(resource: Mapping[str, Any]) -> Result:
    """Read an Observation; what is absent or odd is None or empty."""
    quantity = elements.mapping(resource.get("valueQuantity"))
    number = elements.decimal(quantity.get("value"))
    if number is None:
        number = elements.decimal(resource.get("valueInteger"))
    comparator = elements.text(quantity.get("comparator")) or ""
    bound = number if comparator else None
    words = _words(resource) if number is None else f"{comparator} {number}" if comparator else ""
    limits = elements.first(resource.get("referenceRange"))
    low = elements.decimal(elements.mapping(limits.get("low")).get("value"))
    high = elements.decimal(elements.mapping(limits.get("high")).get("value"))
    code = resource.get("code")
    return Result(
        id=elements.text(resource.get("id")) or "",
        code=elements.code_of(code, systems.LOINC) or elements.any_code(code) or "",
        name=elements.concept_text(code) or "?",
        value=None if comparator else number,
        words=words,
        unit=elements.text(quantity.get("unit")) or elements.text(quantity.get("code")) or "",
        low=low,
        high=high,
        range_words=elements.text(limits.get("text")) or "",
        flag=_flag(resource, number, low, high, comparator),
        at=elements.instant(resource.get("effectiveDateTime"))
        or elements.instant(elements.mapping(resource.get("effectivePeriod")).get("start"))
        or elements.instant(resource.get("issued")),
        issued=elements.instant(resource.get("issued")),
        status=elements.text(resource.get("status")) or "unknown",
        origin=elements.display(elements.first(resource.get("performer"))) or "",
        ucum=elements.text(quantity.get("code")) or "",
        bound=bound,
        comparator=comparator,
    )


def write(
    entry: Entry,
    code: Mapping[str, Any],
    *,
    value: Decimal,
    unit: str,
    normal: tuple[Decimal | None, Decimal | None],
) -> Resource:
    """Make a numeric result.

    Args:
        entry: Whose, who made it, when the sample was taken.
        code: CodeableConcept of what was measured.
        value: In `unit`.
        unit: UCUM.
        normal: Ends of the reference range, in `unit`.
    """
    return {
        **entry.head("Observation"),
        "status": "final",
        "category": [{"coding": [dict(_CATEGORY)]}],
        "code": dict(code),
        "subject": entry.subject,
        **entry.stay(),
        "effectiveDateTime": entry.time,
        "performer": [dict(entry.author)],
        "valueQuantity": _quantity(value, unit),
        **_judged(value, unit, *normal),
    }


def _judged(value: Decimal, unit: str, low: Decimal | None, high: Decimal | None) -> Resource:
    """The range and what the value is against it; nothing where there is no range."""
    bounds = {"low": low, "high": high}
    edges = {side: _quantity(edge, unit) for side, edge in bounds.items() if edge is not None}
    if not edges:
        return {}
    coding = {"system": INTERPRETATION, "code": _CODES[_by_range(value, low, high)]}
    return {"referenceRange": [edges], "interpretation": [{"coding": [coding]}]}


def _words(resource: Mapping[str, Any]) -> str:
    found = elements.concept_text(resource.get("valueCodeableConcept"))
    found = found or elements.text(resource.get("valueString"))
    return found or elements.concept_text(resource.get("dataAbsentReason")) or ""


def _flag(
    resource: Mapping[str, Any],
    value: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    comparator: str,
) -> ResultFlag:
    codes = (code for _, code in elements.codings(resource.get("interpretation")))
    return flag_of(codes, value, low, high, comparator)


def flag_of(
    codes: Iterable[str | None],
    value: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    comparator: str = "",
) -> ResultFlag:
    """What codes of the interpretation say; where they say nothing, what number and range do."""
    for code in codes:
        if code is not None and code in _FLAGS:
            return _FLAGS[code]
        if code == "N":
            return ""
    return _by_range(value, low, high, comparator)


def _by_range(
    value: Decimal | None, low: Decimal | None, high: Decimal | None, comparator: str = ""
) -> ResultFlag:
    if value is None:
        return ""
    if below(value, low, comparator):
        return "low"
    return "high" if above(value, high, comparator) else ""


def _quantity(value: Decimal, unit: str) -> Resource:
    return {"value": value, "unit": unit, "system": systems.UCUM, "code": unit}
