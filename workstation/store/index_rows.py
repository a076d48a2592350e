"""What of a resource goes into the index tables: pure readers, tolerant of what others wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.kernel.folding import fold
from workstation.store.tables import to_milliseconds

_INSTANTS: Final = (
    "effectiveDateTime",
    "effectiveInstant",
    "authoredOn",
    "recordedDate",
    "date",
    "occurrenceDateTime",
    "performedDateTime",
    "identifiedDateTime",
    "recorded",
    "started",
    "issued",
    "created",
    "onsetDateTime",
)
_PERIODS: Final = ("effectivePeriod", "period", "occurrencePeriod", "performedPeriod")
_AUTHORS: Final = ("performer", "author", "recorder", "asserter", "requester", "agent")
_LABELS: Final = ("code", "medicationCodeableConcept", "type", "vaccineCode", "category", "scope")
_YEAR, _MONTH = len("2026"), len("2026-11")
_SYSTOLIC: Final = "8480-6"
_SPO2: Final = ("59408-5", "2708-6")
_NO_ALLERGY: Final = ("no-known-allergy", "716186003")


class PatientWords(NamedTuple):
    """The row of ``patient_index`` and the folded words of ``patient_words``."""

    row: tuple[Any, ...]
    words: str


def milliseconds(text: object) -> int | None:
    """Milliseconds since 1970 UTC of a FHIR date or time; of a date, those of its beginning."""
    if not isinstance(text, str):
        return None
    whole = text
    if len(text) == _YEAR:
        whole = f"{text}-01-01"
    elif len(text) == _MONTH:
        whole = f"{text}-01"
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError:
        return None
    return to_milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def target(value: Any, type_: str) -> str | None:
    """The id in a reference to `type_`, relative or absolute; None for anything else."""
    if not isinstance(value, dict):
        return None
    reference = value.get("reference")
    if not isinstance(reference, str):
        return None
    parts = reference.split("/_history/")[0].split("/")
    return parts[-1] if len(parts) > 1 and parts[-2] == type_ else None


def codes(concept: Any) -> list[str]:
    """The codes of a CodeableConcept, in its order."""
    if not isinstance(concept, dict):
        return []
    return [c["code"] for c in concept.get("coding", ()) if isinstance(c, dict) and c.get("code")]


def label(concept: Any) -> str | None:
    """The words of a CodeableConcept: its text, else the first display."""
    if not isinstance(concept, dict):
        return None
    if concept.get("text"):
        return str(concept["text"])
    shown = [c["display"] for c in concept.get("coding", ()) if c.get("display")]
    return shown[0] if shown else None


def first(value: Any) -> Any:
    """The first of a list, or the value itself."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def patient(resource: Resource) -> PatientWords:
    """The row of a Patient: (id, family, given, name, folded, …)."""
    names = [name for name in resource.get("name", ()) if isinstance(name, dict)]
    name = next((n for n in names if n.get("use") == "official"), names[0] if names else {})
    family, given = name.get("family"), " ".join(name.get("given", ()))
    shown = " ".join(part for part in (family, given) if part) or name.get("text")
    numbers = {
        i.get("system"): i["value"] for i in resource.get("identifier", ()) if i.get("value")
    }
    deceased = resource.get("deceasedDateTime") or (
        "true" if resource.get("deceasedBoolean") else None
    )
    folded = fold(shown or "")
    words = [folded, *map(_all_words, names), *map(fold, numbers.values())]
    return PatientWords(
        (
            resource["id"],
            family,
            given or None,
            shown,
            folded,
            resource.get("birthDate"),
            resource.get("gender"),
            _record_number(resource, numbers),
            numbers.get(systems.NATIONAL_ID),
            numbers.get(systems.INSURANCE_NUMBER),
            deceased,
            0 if resource.get("active") is False else 1,
        ),
        " ".join(dict.fromkeys(" ".join(words).split())),
    )


def _all_words(name: dict[str, Any]) -> str:
    return fold(
        " ".join((name.get("text") or "", name.get("family") or "", *name.get("given", ())))
    )


def _record_number(resource: Resource, numbers: dict[str | None, str]) -> str | None:
    if systems.RECORD_NUMBER in numbers:
        return numbers[systems.RECORD_NUMBER]
    for identifier in resource.get("identifier", ()):
        if "MR" in codes(identifier.get("type")):
            return str(identifier.get("value"))
    return None


def location(resource: Resource) -> tuple[Any, ...]:
    """The row of a Location."""
    operational = resource.get("operationalStatus") or {}
    return (
        resource["id"],
        resource.get("name"),
        first(codes(resource.get("physicalType"))),
        target(resource.get("partOf"), "Location"),
        resource.get("status"),
        operational.get("code"),
    )


def encounter(resource: Resource, patient_id: str | None) -> tuple[Any, ...]:
    """The row of an Encounter, without bed and ward, which follow from its places."""
    period = resource.get("period") or {}
    levels = [
        extension.get("valueCode")
        for extension in resource.get("extension", ())
        if extension.get("url") == systems.CARE_LEVEL
    ]
    return (
        resource["id"],
        patient_id,
        resource.get("status"),
        (resource.get("class") or {}).get("code"),
        milliseconds(period.get("start")),
        milliseconds(period.get("end")),
        label(first(resource.get("reasonCode"))),
        first(levels),
    )


def places(resource: Resource) -> list[tuple[str, str]]:
    """(encounter, location) of the places where a stay is now; of a finished one, where it was."""
    entries = [e for e in resource.get("location", ()) if isinstance(e, dict)]
    current = [e for e in entries if e.get("status") in ("active", None)]
    chosen = current or ([] if resource.get("status") == "in-progress" else entries[-2:])
    found = (target(entry.get("location"), "Location") for entry in chosen)
    return [(resource["id"], place) for place in dict.fromkeys(found) if place]


def diagnoses(resource: Resource) -> list[tuple[str, str, int]]:
    """(encounter, condition, rank) of the diagnoses that a stay names."""
    rows: dict[str, int] = {}
    for number, entry in enumerate(resource.get("diagnosis", ()), start=1):
        condition = target(entry.get("condition"), "Condition")
        if condition:
            rows.setdefault(condition, int(entry.get("rank") or number))
    return [(resource["id"], condition, rank) for condition, rank in rows.items()]


def observations(resource: Resource, patient_id: str | None) -> list[tuple[Any, ...]]:
    """One row a value of an Observation: its own, or those of its components."""
    stay = target(resource.get("encounter"), "Encounter")
    moment = _moment(resource)
    category = first(codes(first(resource.get("category"))))
    flag = first(codes(first(resource.get("interpretation"))))
    status = resource.get("status")
    rows: dict[str, tuple[Any, ...]] = {}
    for part in (resource, *resource.get("component", ())):
        code = _loinc(part.get("code"))
        if code is None or (
            part is resource and resource.get("component") and not _has_value(part)
        ):
            continue
        value, digits, unit = _quantity(part)
        words = None if digits is not None else _text(part)
        rows[code] = (
            *(resource["id"], code, patient_id, stay, moment),
            *(value, digits, unit, words, status, category, flag),
        )
    return list(rows.values())


def _has_value(part: dict[str, Any]) -> bool:
    return any(key.startswith("value") for key in part)


def _loinc(concept: Any) -> str | None:
    if not isinstance(concept, dict):
        return None
    codings = [c for c in concept.get("coding", ()) if isinstance(c, dict) and c.get("code")]
    known = [str(c["code"]) for c in codings if c.get("system") == systems.LOINC]
    if any(code in _SPO2 for code in known):
        return _SPO2[0]
    return known[0] if known else (str(codings[0]["code"]) if codings else concept.get("text"))


def _quantity(part: dict[str, Any]) -> tuple[float | None, str | None, str | None]:
    quantity = part.get("valueQuantity")
    number = quantity.get("value") if isinstance(quantity, dict) else part.get("valueInteger")
    if number is None:
        return None, None, None
    try:
        exact = Decimal(number)
    except (InvalidOperation, TypeError, ValueError):
        return None, None, None
    unit = (quantity.get("code") or quantity.get("unit")) if isinstance(quantity, dict) else None
    return float(exact), format(exact, "f"), unit


def _text(part: dict[str, Any]) -> str | None:
    concept = part.get("valueCodeableConcept")
    if isinstance(concept, dict):
        own = [
            c["code"] for c in concept.get("coding", ()) if c.get("system") == systems.CONSCIOUSNESS
        ]
        return first(own) or label(concept) or first(codes(concept))
    for key in ("valueString", "valueDateTime", "valueBoolean"):
        if part.get(key) is not None:
            return str(part[key])
    return None


def record(resource: Resource, patient_id: str | None) -> tuple[Any, ...]:
    """The row of any resource in the timeline."""
    concept = next((resource[key] for key in _LABELS if resource.get(key)), None)
    named = first(concept)
    return (
        resource["resourceType"],
        resource["id"],
        patient_id,
        _stay(resource),
        _moment(resource),
        _kind(resource),
        first(codes(named)),
        label(named) or resource.get("description"),
        _status(resource),
        _author(resource),
    )


def _stay(resource: Resource) -> str | None:
    if resource["resourceType"] == "Encounter":
        return str(resource["id"])
    context = resource.get("context")
    if isinstance(context, dict) and "encounter" in context:
        return target(first(context["encounter"]), "Encounter")
    return target(resource.get("encounter"), "Encounter") or target(context, "Encounter")


def _moment(resource: Resource) -> int | None:
    for key in _INSTANTS:
        found = resource.get(key)
        if found is not None:
            return milliseconds(found)
    for key in _PERIODS:
        period = resource.get(key)
        if isinstance(period, dict):
            return milliseconds(period.get("start"))
    return None


def _kind(resource: Resource) -> Any:
    type_ = resource["resourceType"]
    if type_ == "AllergyIntolerance":
        none = any(code in _NO_ALLERGY for code in codes(resource.get("code")))
        return "none-known" if none else "allergy"
    if type_ == "MedicationAdministration":
        return target(resource.get("request"), "MedicationRequest")
    if type_ in ("DocumentReference", "Composition"):
        return first(codes(resource.get("type")))
    if type_ in ("Flag", "Task", "DetectedIssue", "Basic"):
        return first(codes(resource.get("code")))
    category = first(resource.get("category"))
    return first(codes(category)) if isinstance(category, dict) else category


def _status(resource: Resource) -> Any:
    status = resource.get("status")
    if isinstance(status, str):
        own = resource.get("docStatus")
        return own if own and status != "entered-in-error" else status
    if "entered-in-error" in codes(resource.get("verificationStatus")):
        return "entered-in-error"
    return first(codes(resource.get("clinicalStatus")))


def _author(resource: Resource) -> Any:
    for key in _AUTHORS:
        person = first(resource.get(key))
        if isinstance(person, dict):
            actor = person.get("actor") or person.get("who") or person
            return actor.get("display") or actor.get("reference")
    return None
