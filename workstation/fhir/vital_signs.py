"""Vital signs as FHIR Observations: one resource a sign, one shared time for the set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.vital_signs import (
    GLUCOSE_MG_DL,
    LIMITS,
    Consciousness,
    Sign,
    Value,
    VitalSigns,
)
from workstation.fhir import elements, systems
from workstation.fhir.annotation import annotated
from workstation.fhir.json import Resource

BLOOD_PRESSURE: Final = "85354-9"
CODES: Final[Mapping[Sign, tuple[str, ...]]] = {
    Sign.RESPIRATORY_RATE: ("9279-1",),
    Sign.SPO2: ("59408-5", "2708-6"),
    Sign.OXYGEN_FLOW: ("3151-8",),
    Sign.SYSTOLIC: ("8480-6",),
    Sign.DIASTOLIC: ("8462-4",),
    Sign.HEART_RATE: ("8867-4",),
    Sign.CONSCIOUSNESS: ("80288-4",),
    Sign.TEMPERATURE: ("8310-5",),
    Sign.PAIN: ("72514-3",),
    Sign.WEIGHT: ("29463-7",),
    Sign.HEIGHT: ("8302-2",),
    Sign.CAPILLARY_REFILL: ("44963-7",),
    Sign.RESPIRATORY_EFFORT: ("respiratory-effort",),
    Sign.GLUCOSE: ("14743-9",),
}
"""Codes of each sign: the first names it, all are written, any is understood. They are LOINC's, but
for respiratory effort: its grades are those of the Bedside PEWS, for which LOINC has no code."""
UNDERSTOOD: Final[Mapping[str, Sign]] = {
    **{code: sign for sign, codes in CODES.items() for code in codes},
    "41653-7": Sign.GLUCOSE,  # as a mass: what a meter set to mg/dL sends
}
"""The sign that each code names, also those that are never written."""

_DISPLAY: Final[Mapping[str, str]] = {
    BLOOD_PRESSURE: "Blood pressure panel with all children optional",
    "9279-1": "Respiratory rate",
    "59408-5": "Oxygen saturation in Arterial blood by Pulse oximetry",
    "2708-6": "Oxygen saturation in Arterial blood",
    "3151-8": "Inhaled oxygen flow rate",
    "8480-6": "Systolic blood pressure",
    "8462-4": "Diastolic blood pressure",
    "8867-4": "Heart rate",
    "80288-4": "Level of consciousness",
    "8310-5": "Body temperature",
    "72514-3": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
    "29463-7": "Body weight",
    "8302-2": "Body height",
    "44963-7": "Capillary refill [Time] of Nail bed",
    "respiratory-effort": "Respiratory effort, 0 normal to 3 severe",
    "14743-9": "Glucose [Moles/volume] in Capillary blood by Glucometer",
}
_PRESSURES: Final = (Sign.SYSTOLIC, Sign.DIASTOLIC)
_CONSCIOUSNESS_WORDS: Final = {
    Consciousness.ALERT: ("Alert", "Tỉnh táo"),
    Consciousness.CONFUSED: ("New confusion", "Lú lẫn mới xuất hiện"),
    Consciousness.VOICE: ("Responds to voice", "Đáp ứng với lời nói"),
    Consciousness.PAIN: ("Responds to pain", "Đáp ứng với đau"),
    Consciousness.UNRESPONSIVE: ("Unresponsive", "Không đáp ứng"),
}
_CONSCIOUSNESS_HINTS: Final = (
    ("unresponsive", Consciousness.UNRESPONSIVE),
    ("không đáp ứng", Consciousness.UNRESPONSIVE),
    ("confus", Consciousness.CONFUSED),
    ("lú lẫn", Consciousness.CONFUSED),
    ("voice", Consciousness.VOICE),
    ("lời nói", Consciousness.VOICE),
    ("pain", Consciousness.PAIN),
    ("với đau", Consciousness.PAIN),
    ("alert", Consciousness.ALERT),
    ("tỉnh", Consciousness.ALERT),
)
_VOID: Final = frozenset({"entered-in-error", "cancelled"})

_FACTORS: Final[Mapping[Sign, Mapping[str, Decimal]]] = {
    Sign.WEIGHT: {"g": Decimal("0.001"), "[lb_av]": Decimal("0.45359237")},
    Sign.HEIGHT: {"m": Decimal(100), "[in_i]": Decimal("2.54")},
    Sign.SYSTOLIC: {"mmHg": Decimal(1), "mm Hg": Decimal(1)},
    Sign.DIASTOLIC: {"mmHg": Decimal(1), "mm Hg": Decimal(1)},
    Sign.RESPIRATORY_RATE: {"{breaths}/min": Decimal(1), "breaths/min": Decimal(1)},
    Sign.HEART_RATE: {"{beats}/min": Decimal(1), "beats/min": Decimal(1), "bpm": Decimal(1)},
    Sign.TEMPERATURE: {"C": Decimal(1), "°C": Decimal(1)},
    Sign.PAIN: {"1": Decimal(1), "{}": Decimal(1)},
    Sign.OXYGEN_FLOW: {"L/m": Decimal(1), "l/min": Decimal(1)},
    Sign.GLUCOSE: {"mmol/l": Decimal(1)},
}


@dataclass(frozen=True, slots=True)
class SignReading:
    """One value of one sign out of an Observation.

    Attributes:
        sign: What was measured.
        value: In the unit of `workstation.clinical.vital_signs.LIMITS`.
        at: When it was measured (aware).
        status: FHIR status of the Observation.
        observation: Id of the Observation.
        performer: Who measured, as shown.
    """

    sign: Sign
    value: Value
    at: datetime
    status: str
    observation: str
    performer: str | None

    @property
    def valid(self) -> bool:
        """Whether the value counts; one entered in error is shown struck through."""
        return self.status not in _VOID


def sign_of(resource: Mapping[str, Any]) -> Sign | None:
    """Which sign an Observation is of; a blood pressure panel gives ``None``."""
    return next(
        (
            UNDERSTOOD[code]
            for system, code in elements.codings(resource.get("code"))
            if code in UNDERSTOOD and system == _system(code)
        ),
        None,
    )


def _system(code: str) -> str:
    own = code in CODES[Sign.RESPIRATORY_EFFORT]
    return systems.ASSESSMENT if own else systems.LOINC


def read(resource: Mapping[str, Any]) -> tuple[SignReading, ...]:
    """Every vital sign in an Observation: two for a blood pressure, none for something else."""
    at = measured_at(resource)
    if resource.get("resourceType") != "Observation" or at is None:
        return ()
    performer = elements.display(elements.first(resource.get("performer")))
    return tuple(
        SignReading(
            sign,
            value,
            at,
            elements.text(resource.get("status")) or "unknown",
            elements.text(resource.get("id")) or "",
            performer,
        )
        for sign, value in _values(resource)
    )


def measured_at(resource: Mapping[str, Any]) -> datetime | None:
    """When an Observation was made (aware); without an effective time, when it was issued."""
    period = elements.mapping(resource.get("effectivePeriod"))
    candidates = (
        resource.get("effectiveDateTime"),
        resource.get("effectiveInstant"),
        period.get("start"),
        period.get("end"),
        resource.get("issued"),
    )
    return next((at for at in map(elements.instant, candidates) if at is not None), None)


def sets(resources: Iterable[Mapping[str, Any]]) -> list[VitalSigns]:
    """Put Observations together into the sets they were measured in, oldest first.

    Values of exactly one time are one set; values that do not count are left out.
    """
    found: dict[datetime, dict[str, Any]] = {}
    for resource in resources:
        for reading in read(resource):
            if reading.valid:
                found.setdefault(reading.at, {})[reading.sign.value] = reading.value
    return [VitalSigns(at=at, **found[at]) for at in sorted(found)]


def write(
    vitals: VitalSigns,
    *,
    patient: str,
    encounter: str | None,
    performer: Mapping[str, str],
    new_id: Callable[[], str],
) -> list[Resource]:
    """Make the Observations of one set.

    Args:
        vitals: What was measured; its time is written with its offset, to the second.
        patient: Id of the Patient.
        encounter: Id of the stay.
        performer: Reference to who measured: ``{"reference": "Practitioner/…", "display": …}``.
        new_id: Gives the id of each resource.
    """
    shared: Resource = {"subject": {"reference": f"Patient/{patient}"}}
    if encounter is not None:
        shared["encounter"] = {"reference": f"Encounter/{encounter}"}
    shared["effectiveDateTime"] = vitals.at.isoformat(timespec="seconds")
    shared["performer"] = [dict(performer)]
    return [_observation(codes, body, shared, new_id()) for codes, body in _bodies(vitals)]


def correct(
    resource: Resource,
    values: Mapping[Sign, Value],
    *,
    reason: str,
    author: Mapping[str, str],
    at: datetime,
) -> Resource:
    """A new version of an Observation with other values; everything else stays.

    Args:
        resource: The stored Observation; it is not touched.
        values: The right value of each sign in it that was wrong.
        reason: Why, in the person's words; it is added to the notes.
        author: Reference to the person.
        at: When it was corrected (aware).
    """
    patched = deepcopy(resource)
    for sign, value in values.items():
        _patch(patched, sign, value)
    return annotated(patched, "corrected", reason=reason, author=author, at=at)


def enter_in_error(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A new version of an Observation that says that it never was true; its values stay."""
    return annotated(resource, "entered-in-error", reason=reason, author=author, at=at)


_BEYOND: Final = Decimal(100_000)
_MOST_DIGITS: Final = 20
"""What is larger, or longer, is shown as the number that came, and neither scored nor drawn."""


def _values(resource: Mapping[str, Any]) -> Iterator[tuple[Sign, Value]]:
    for part in (resource, *elements.objects(resource.get("component"))):
        sign = sign_of(part)
        if sign is None:
            continue
        value = _consciousness(part) if sign is Sign.CONSCIOUSNESS else _number(sign, part)
        if value is not None:
            yield sign, value


def _number(sign: Sign, part: Mapping[str, Any]) -> Decimal | None:
    quantity = elements.mapping(part.get("valueQuantity"))
    value = elements.decimal(quantity.get("value"))
    if value is None:
        value = elements.decimal(part.get("valueInteger"))
        return value if sign is Sign.PAIN and value is not None and value < _BEYOND else None
    if quantity.get("comparator") is not None:
        return None
    return _converted(sign, value, elements.text(quantity.get("code") or quantity.get("unit")))


def _converted(sign: Sign, value: Decimal, unit: str | None) -> Decimal | None:
    """The value in the unit of the program, or ``None`` if it cannot be one of a living person."""
    if abs(value) >= _BEYOND or len(value.as_tuple().digits) > _MOST_DIGITS:
        return None
    if unit == LIMITS[sign].unit:
        return value
    if sign is Sign.TEMPERATURE and unit in ("[degF]", "°F", "F"):
        return ((value - 32) * 5 / 9).quantize(Decimal("0.1"))
    if sign is Sign.GLUCOSE and unit in ("mg/dL", "mg/dl"):
        return (value / GLUCOSE_MG_DL).quantize(Decimal("0.1"))
    factor = _FACTORS.get(sign, {}).get(unit or "")
    return None if factor is None else value * factor


def _consciousness(part: Mapping[str, Any]) -> Consciousness | None:
    concept = part.get("valueCodeableConcept")
    code = elements.code_of(concept, systems.CONSCIOUSNESS)
    if code in set(Consciousness):
        return Consciousness(code)
    words = elements.concept_text(concept) or elements.text(part.get("valueString")) or ""
    if words.upper() in set(Consciousness):
        return Consciousness(words.upper())
    folded = words.lower()
    return next((found for hint, found in _CONSCIOUSNESS_HINTS if hint in folded), None)


def _bodies(vitals: VitalSigns) -> Iterator[tuple[tuple[str, ...], Resource]]:
    pressures = [
        {"code": _concept(CODES[sign]), **_value(sign, value)}
        for sign in _PRESSURES
        if (value := vitals.value(sign)) is not None
    ]
    if pressures:
        yield (BLOOD_PRESSURE,), {"component": pressures}
    for sign, value in vitals.measured():
        if sign not in _PRESSURES:
            yield CODES[sign], _value(sign, value)


def _observation(codes: tuple[str, ...], body: Resource, shared: Resource, own: str) -> Resource:
    category = {"system": systems.OBSERVATION_CATEGORY, "code": "vital-signs"}
    return {
        "resourceType": "Observation",
        "id": own,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
        "status": "final",
        "category": [{"coding": [category]}],
        "code": _concept(codes),
        **deepcopy(shared),
        **body,
    }


def _concept(codes: tuple[str, ...]) -> Resource:
    return {
        "coding": [
            {"system": _system(code), "code": code, "display": _DISPLAY[code]} for code in codes
        ]
    }


def _value(sign: Sign, value: Value) -> Resource:
    if isinstance(value, Consciousness):
        english, vietnamese = _CONSCIOUSNESS_WORDS[value]
        coding = {"system": systems.CONSCIOUSNESS, "code": value.value, "display": english}
        return {"valueCodeableConcept": {"coding": [coding], "text": vietnamese}}
    unit = LIMITS[sign].unit
    quantity = {"value": value, "unit": unit, "system": systems.UCUM, "code": unit}
    return {"valueQuantity": quantity}


def _patch(resource: Resource, sign: Sign, value: Value) -> None:
    for part in (resource, *elements.objects(resource.get("component"))):
        if sign_of(part) is sign:
            for name in [name for name in part if name.lstrip("_").startswith("value")]:
                del part[name]
            part.pop("dataAbsentReason", None)
            part.update(_value(sign, value))
            return
    if sign not in _PRESSURES:
        raise ValueError(sign)
    resource.setdefault("component", []).append(
        {"code": _concept(CODES[sign]), **_value(sign, value)}
    )
