"""Drug orders as MedicationRequest and doses given as MedicationAdministration."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from workstation.fhir import elements
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

DoseStatus = Literal["completed", "not-done"]
_STOPPED: Final = ("stopped", "cancelled", "entered-in-error")
_HOURS: Final = {
    "h": Decimal(1),
    "d": Decimal(24),
    "wk": Decimal(168),
    "min": Decimal(1) / 60,
}


@dataclass(frozen=True, slots=True)
class Amount:
    """How much, in the unit of the record."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Order:
    """One MedicationRequest.

    Attributes:
        id: Id of the MedicationRequest.
        patient: Id of the Patient.
        drug: Generic name with strength, as the record says.
        codes: ``system|code`` of the drug.
        amount: Each time.
        route: In words.
        frequency: In words.
        interval_hours: Time between two doses; ``None`` if it is not regular.
        as_needed: Given only when needed.
        status: FHIR status.
        ordered_at: When it was ordered (aware).
        stopped_at: When it was stopped, as far as the record says; ``None`` unless it was.
        prescriber: As shown.
    """

    id: str
    patient: str | None
    drug: str
    codes: frozenset[str]
    amount: Amount | None
    route: str | None
    frequency: str | None
    interval_hours: Decimal | None
    as_needed: bool
    status: str
    ordered_at: datetime | None
    stopped_at: datetime | None
    prescriber: str | None


@dataclass(frozen=True, slots=True)
class Dose:
    """One MedicationAdministration.

    Attributes:
        id: Id of the MedicationAdministration.
        patient: Id of the Patient.
        order: Id of the MedicationRequest it fulfils.
        drug: As the record says.
        codes: ``system|code`` of the drug.
        amount: What was given.
        status: FHIR status; ``not-done`` is withheld or refused.
        at: When it was given (aware).
        giver: As shown.
        reason: Why it was not given, in words.
    """

    id: str
    patient: str | None
    order: str | None
    drug: str
    codes: frozenset[str]
    amount: Amount | None
    status: str
    at: datetime | None
    giver: str | None
    reason: str | None


def read_order(resource: Mapping[str, Any]) -> Order:
    """Read a MedicationRequest."""
    dosage = elements.first(resource.get("dosageInstruction"))
    drug, codes = _drug(resource)
    return Order(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("subject"), "Patient"),
        drug=drug,
        codes=codes,
        amount=_amount(elements.first(dosage.get("doseAndRate")).get("doseQuantity")),
        route=elements.concept_text(dosage.get("route")),
        frequency=_frequency(dosage),
        interval_hours=_interval_hours(dosage),
        as_needed=dosage.get("asNeededBoolean") is True or "asNeededCodeableConcept" in dosage,
        status=elements.text(resource.get("status")) or "unknown",
        ordered_at=elements.instant(resource.get("authoredOn")),
        stopped_at=_stopped_at(resource),
        prescriber=elements.display(resource.get("requester")),
    )


def read_dose(resource: Mapping[str, Any]) -> Dose:
    """Read a MedicationAdministration."""
    drug, codes = _drug(resource)
    period = elements.mapping(resource.get("effectivePeriod"))
    performer = elements.first(resource.get("performer"))
    return Dose(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("subject"), "Patient"),
        order=elements.reference_id(resource.get("request"), "MedicationRequest"),
        drug=drug,
        codes=codes,
        amount=_amount(elements.mapping(resource.get("dosage")).get("dose")),
        status=elements.text(resource.get("status")) or "unknown",
        at=elements.instant(resource.get("effectiveDateTime"))
        or elements.instant(period.get("start")),
        giver=elements.display(performer.get("actor")),
        reason=elements.concept_text(resource.get("statusReason")),
    )


def write_order(
    entry: Entry, drug: Mapping[str, Any], *, amount: Amount, route: str, times_a_day: int
) -> Resource:
    """Make a drug order that holds from the time of the entry on.

    Args:
        entry: Whose, by which doctor, when.
        drug: CodeableConcept.
        amount: Each time.
        route: In words.
        times_a_day: How often in 24 hours.
    """
    words = f"{times_a_day} lần/ngày"
    dosage = {
        "text": f"{_plain(amount.value)} {amount.unit}, {route}, {words}",
        "timing": {
            "repeat": {"frequency": times_a_day, "period": 1, "periodUnit": "d"},
            "code": {"text": words},
        },
        "route": {"text": route},
        "doseAndRate": [{"doseQuantity": _quantity(amount)}],
    }
    return {
        **entry.head("MedicationRequest"),
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": dict(drug),
        "subject": entry.subject,
        **entry.stay(),
        "authoredOn": entry.time,
        "requester": dict(entry.author),
        "dosageInstruction": [dosage],
    }


def stopped(resource: Resource, *, at: datetime, reason: str) -> Resource:
    """A new version of a drug order that is stopped; everything else stays.

    Args:
        resource: The stored MedicationRequest; it is not touched.
        at: From when on no dose is given (aware).
        reason: Why, in the person's words.
    """
    patched = deepcopy(resource)
    patched["status"] = "stopped"
    patched["statusReason"] = {"text": reason}
    for dosage in elements.objects(patched.get("dosageInstruction")):
        timing = elements.mapping(dosage.get("timing"))
        repeat = elements.mapping(timing.get("repeat"))
        bounds = elements.mapping(repeat.get("boundsPeriod"))
        end = {**bounds, "end": at.isoformat(timespec="seconds")}
        dosage["timing"] = {**timing, "repeat": {**repeat, "boundsPeriod": end}}
    return patched


def write_dose(
    entry: Entry,
    order: Mapping[str, Any],
    *,
    amount: Amount | None = None,
    status: DoseStatus = "completed",
    reason: str | None = None,
) -> Resource:
    """Make the record of a dose that was given, withheld or refused.

    Args:
        entry: Whose, by whom, when.
        order: The MedicationRequest.
        amount: What was given; without it, what was ordered.
        status: ``not-done`` if it was withheld or refused.
        reason: Why not, in words.
    """
    resource: Resource = {
        **entry.head("MedicationAdministration"),
        "status": status,
        "medicationCodeableConcept": deepcopy(order["medicationCodeableConcept"]),
        "subject": entry.subject,
        **entry.stay("context"),
        "effectiveDateTime": entry.time,
        "performer": [{"actor": dict(entry.author)}],
        "request": {"reference": f"MedicationRequest/{order['id']}"},
    }
    if reason is not None:
        resource["statusReason"] = [{"text": reason}]
    given = amount or read_order(order).amount
    if given is not None and status == "completed":
        resource["dosage"] = {"dose": _quantity(given)}
    return resource


def _drug(resource: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    concept = resource.get("medicationCodeableConcept")
    words = elements.concept_text(concept) or elements.display(resource.get("medicationReference"))
    codes = (f"{system or ''}|{code}" for system, code in elements.codings(concept))
    return words or "", frozenset(codes)


def _amount(quantity: Any) -> Amount | None:
    found = elements.mapping(quantity)
    value = elements.decimal(found.get("value"))
    unit = elements.text(found.get("unit")) or elements.text(found.get("code"))
    return None if value is None or unit is None else Amount(value, unit)


def _quantity(amount: Amount) -> Resource:
    return {"value": amount.value, "unit": amount.unit}


def _plain(value: Decimal) -> str:
    """Without trailing zeros and exponent, with the decimal comma of Vietnamese text."""
    return f"{value.normalize():f}".replace(".", ",")


def _frequency(dosage: Mapping[str, Any]) -> str | None:
    timing = elements.mapping(dosage.get("timing"))
    return elements.concept_text(timing.get("code")) or elements.text(dosage.get("text"))


def _interval_hours(dosage: Mapping[str, Any]) -> Decimal | None:
    repeat = elements.mapping(elements.mapping(dosage.get("timing")).get("repeat"))
    frequency = elements.decimal(repeat.get("frequency", 1))
    period = elements.decimal(repeat.get("period"))
    hours = _HOURS.get(elements.text(repeat.get("periodUnit")) or "")
    if not frequency or not period or hours is None or frequency < 0 or period < 0:
        return None
    return period * hours / frequency


def _stopped_at(resource: Mapping[str, Any]) -> datetime | None:
    """When a stopped order ended: by its dosage, else when the record was changed last.

    A record that was not touched after it was written does not say when it was stopped.
    """
    if resource.get("status") not in _STOPPED:
        return None
    for dosage in elements.objects(resource.get("dosageInstruction")):
        repeat = elements.mapping(elements.mapping(dosage.get("timing")).get("repeat"))
        bounds = elements.mapping(repeat.get("boundsPeriod"))
        end = elements.instant(bounds.get("end"))
        if end is not None:
            return end
    changed = elements.instant(elements.mapping(resource.get("meta")).get("lastUpdated"))
    ordered = elements.instant(resource.get("authoredOn"))
    return None if changed is None or (ordered and changed <= ordered) else changed
