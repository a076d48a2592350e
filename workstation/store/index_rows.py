"""What of a resource goes into the index tables: pure readers, tolerant of what others wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from workstation.clinical.vital_signs import LIMITS, Consciousness, Sign
from workstation.fhir import elements, systems, vital_signs
from workstation.fhir.json import Resource
from workstation.fhir.laboratory import is_result
from workstation.kernel.folding import fold
from workstation.store.tables import to_milliseconds

_INSTANTS: Final = (
    *("effectiveDateTime", "effectiveInstant", "authoredOn", "recordedDate", "date"),
    *("occurrenceDateTime", "performedDateTime", "identifiedDateTime", "recorded", "started"),
    *("issued", "created", "onsetDateTime"),
)
_PERIODS: Final = ("effectivePeriod", "period", "occurrencePeriod", "performedPeriod")
_AUTHORS: Final = ("performer", "author", "recorder", "asserter", "requester", "agent")
_LABELS: Final = ("code", "medicationCodeableConcept", "type", "vaccineCode", "category", "scope")
_NO_ALLERGY: Final = frozenset({"no-known-allergy", "716186003"})
_MEDICAL_RECORD: Final = "MR"
_SIGN_CODES: Final = frozenset(vital_signs.UNDERSTOOD)
NO_SIGN: Final = "?"
"""Stands behind the code of a sign where the value could not be read as one."""

Row = tuple[Any, ...]


class PatientWords(NamedTuple):
    """The row of ``patient_index`` and the folded words of ``patient_words``."""

    row: Row
    words: str


def milliseconds(moment: datetime | None) -> int | None:
    """An aware time as the index keeps it."""
    return None if moment is None else to_milliseconds(moment)


def patient(resource: Resource) -> PatientWords:
    """The row of a Patient and the words by which it is found."""
    names = elements.objects(resource.get("name"))
    name = next((n for n in names if n.get("use") == "official"), names[0] if names else {})
    family, given = elements.text(name.get("family")), _joined(name.get("given"))
    shown = " ".join(part for part in (family, given) if part) or elements.text(name.get("text"))
    numbers = [
        number
        for each in elements.objects(resource.get("identifier"))
        if (number := elements.text(each.get("value")))
    ]
    birth_date = elements.text(resource.get("birthDate"))
    folded = fold(shown or "")
    words = [folded, *(_all_words(each) for each in names), *map(fold, numbers)]
    words.append((birth_date or "")[:4])
    return PatientWords(
        (
            *(resource["id"], family, given, shown, folded),
            *(birth_date, elements.text(resource.get("gender"))),
            _record_number(resource),
            elements.identifier(resource, systems.NATIONAL_ID),
            elements.identifier(resource, systems.INSURANCE_NUMBER),
            _deceased(resource),
            0 if resource.get("active") is False else 1,
        ),
        " ".join(dict.fromkeys(" ".join(words).split())),
    )


def _joined(parts: Any) -> str | None:
    found = [part for part in parts if isinstance(part, str)] if isinstance(parts, list) else []
    return " ".join(found) or None


def _all_words(name: dict[str, Any]) -> str:
    parts = (name.get("text"), name.get("family"), _joined(name.get("given")))
    return fold(" ".join(part for part in parts if isinstance(part, str)))


def _deceased(resource: Resource) -> str | None:
    when = elements.text(resource.get("deceasedDateTime"))
    return when or ("true" if resource.get("deceasedBoolean") is True else None)


def _record_number(resource: Resource) -> str | None:
    own = elements.identifier(resource, systems.RECORD_NUMBER)
    if own is not None:
        return own
    for each in elements.objects(resource.get("identifier")):
        if any(code == _MEDICAL_RECORD for _, code in elements.codings(each.get("type"))):
            return elements.text(each.get("value"))
    return None


def location(resource: Resource) -> Row:
    """The row of a Location."""
    return (
        resource["id"],
        elements.text(resource.get("name")),
        elements.any_code(resource.get("physicalType")),
        elements.reference_id(resource.get("partOf"), "Location"),
        elements.text(resource.get("status")),
        elements.text(elements.mapping(resource.get("operationalStatus")).get("code")),
    )


def encounter(resource: Resource, patient_id: str | None) -> Row:
    """The row of an Encounter, without bed and ward, which follow from its places."""
    period = elements.mapping(resource.get("period"))
    return (
        resource["id"],
        patient_id,
        elements.text(resource.get("status")),
        elements.text(elements.mapping(resource.get("class")).get("code")),
        milliseconds(elements.instant(period.get("start"))),
        milliseconds(elements.instant(period.get("end"))),
        elements.concept_text(resource.get("reasonCode")),
        elements.text(elements.extension(resource, systems.CARE_LEVEL).get("valueCode")),
    )


def places(resource: Resource) -> list[tuple[str, str]]:
    """(encounter, location) of the places where a stay is now; of a finished one, where it was.

    The newest first: other programs leave a place behind without ending it, and a patient who
    would be looked for there alone is on nobody's board.
    """
    entries = elements.objects(resource.get("location"))
    current = sorted(filter(_is_current, entries[::-1]), key=_start, reverse=True)
    over = resource.get("status") != "in-progress"
    chosen = current or (entries[-2:] if over else [])
    found = (elements.reference_id(each.get("location"), "Location") for each in chosen)
    return [(resource["id"], place) for place in dict.fromkeys(found) if place]


def _is_current(place: Resource) -> bool:
    ended = elements.mapping(place.get("period")).get("end")
    return place.get("status") == "active" or (place.get("status") is None and ended is None)


def _start(place: Resource) -> int:
    return milliseconds(elements.instant(elements.mapping(place.get("period")).get("start"))) or 0


def diagnoses(resource: Resource) -> list[tuple[str, str, int]]:
    """(encounter, condition, rank) of the diagnoses that a stay names."""
    rows: dict[str, int] = {}
    for number, each in enumerate(elements.objects(resource.get("diagnosis")), start=1):
        condition = elements.reference_id(each.get("condition"), "Condition")
        if condition:
            rank = each.get("rank")
            rows.setdefault(condition, rank if isinstance(rank, int) else number)
    return [(resource["id"], condition, rank) for condition, rank in rows.items()]


def observations(resource: Resource, patient_id: str | None, stay: str | None) -> list[Row]:
    """One row a value of an Observation: its own, or those of its components.

    Vital signs stand under the first LOINC code of their sign, in the unit of
    `workstation.clinical.vital_signs.LIMITS`, whatever code and unit they came with; results
    stand under ``laboratory``, whichever of its categories says so. What cannot be read as a sign
    never stands under that sign's code, where boards and scores would take it for one.
    """
    tail = (
        elements.text(resource.get("status")),
        "laboratory" if is_result(resource) else elements.any_code(resource.get("category")),
        elements.any_code(resource.get("interpretation")),
    )
    moment = milliseconds(vital_signs.measured_at(resource))
    rows: dict[str, Row] = {}
    for code, value, digits, unit, words in _values(resource):
        head = (resource["id"], code, patient_id, stay, moment)
        rows[code] = (*head, value, digits, unit, words, *tail)
    return list(rows.values())


_Value = tuple[str, float | None, str | None, str | None, str | None]


def _values(resource: Resource) -> Iterator[_Value]:
    signs = vital_signs.read(resource)
    if signs:
        for reading in signs:
            yield _vital_sign(reading)
        return
    parts = elements.objects(resource.get("component"))
    for part in (resource, *parts):
        code = elements.code_of(part.get("code"), systems.LOINC) or elements.any_code(
            part.get("code")
        )
        code = code or elements.concept_text(part.get("code"))
        if code is None or (part is resource and parts and not _has_value(part)):
            continue
        # A number of a sign in a unit that says nothing is shown, but is no value of that sign.
        name = f"{code}{NO_SIGN}" if code in _SIGN_CODES else code
        yield name, *_quantity(part), _text(part)


def _vital_sign(reading: vital_signs.SignReading) -> _Value:
    code = vital_signs.CODES[reading.sign][0]
    if isinstance(reading.value, Consciousness):
        return code, None, None, None, reading.value.value
    return code, float(reading.value), format(reading.value, "f"), _unit(reading.sign), None


def _unit(sign: Sign) -> str:
    return LIMITS[sign].unit


def _has_value(part: Resource) -> bool:
    return any(key.startswith("value") for key in part)


def _quantity(part: Resource) -> tuple[float | None, str | None, str | None]:
    quantity = elements.mapping(part.get("valueQuantity"))
    number = elements.decimal(quantity.get("value", part.get("valueInteger")))
    if number is None:
        return None, None, None
    unit = elements.text(quantity.get("code")) or elements.text(quantity.get("unit"))
    return _float(number), format(number, "f"), unit


def _float(number: Decimal) -> float | None:
    """For graphs and sorting; the exact digits stand beside it."""
    return float(number) if abs(number.adjusted()) < 300 else None  # noqa: PLR2004


def _text(part: Resource) -> str | None:
    words = elements.concept_text(part.get("valueCodeableConcept"))
    if words:
        return words
    for key in ("valueString", "valueDateTime"):
        found = elements.text(part.get(key))
        if found:
            return found
    return None


def record(resource: Resource, patient_id: str | None, stay: str | None) -> Row:
    """The row of any resource in the timeline."""
    named = next((resource[key] for key in _LABELS if resource.get(key)), None)
    return (
        *(resource["resourceType"], resource["id"], patient_id, stay),
        milliseconds(_moment(resource)),
        _kind(resource),
        elements.any_code(named),
        elements.concept_text(named) or elements.text(resource.get("description")),
        _status(resource),
        _author(resource),
    )


def _moment(resource: Resource) -> datetime | None:
    for key in _INSTANTS:
        if key in resource:
            return elements.instant(resource[key])
    for key in _PERIODS:
        if key in resource:
            return elements.instant(elements.mapping(resource[key]).get("start"))
    return None


def _kind(resource: Resource) -> str | None:
    type_ = resource["resourceType"]
    if type_ == "AllergyIntolerance":
        found = {code for _, code in elements.codings(resource.get("code"))}
        return "none-known" if found & _NO_ALLERGY else "allergy"
    if type_ == "MedicationAdministration":
        return elements.reference_id(resource.get("request"), "MedicationRequest")
    if type_ in ("DocumentReference", "Composition"):
        return elements.any_code(resource.get("type"))
    if type_ in ("Flag", "Task", "DetectedIssue", "Basic"):
        return elements.any_code(resource.get("code"))
    return elements.any_code(resource.get("category"))


def _status(resource: Resource) -> str | None:
    status = elements.text(resource.get("status"))
    if status is not None:
        own = elements.text(resource.get("docStatus"))
        return own if own and status != "entered-in-error" else status
    if elements.any_code(resource.get("verificationStatus")) == "entered-in-error":
        return "entered-in-error"
    return elements.any_code(resource.get("clinicalStatus"))


def _author(resource: Resource) -> str | None:
    for key in _AUTHORS:
        person = elements.first(resource.get(key))
        actor = elements.mapping(person.get("actor") or person.get("who")) or person
        found = elements.display(actor) or elements.reference(actor)
        if found:
            return found
    return None
