"""Drug orders as MedicationRequest: name, dose, unit, route, frequency, in this order (ISMP)."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.fhir import elements
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

_CURRENT: Final = ("active", "on-hold")
_STOPPED: Final = ("stopped", "cancelled", "entered-in-error")
_HOURS: Final = {"min": Decimal(1) / 60, "h": Decimal(1), "d": Decimal(24), "wk": Decimal(168)}


@dataclass(frozen=True, slots=True)
class Amount:
    """How much, in the unit of the record."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class DrugOrder:
    """One MedicationRequest.

    Attributes:
        id: Its id.
        name: Drug, never shortened.
        dose: Amount for one time; None when the record says it only in words.
        unit: Unit of the dose.
        route: In words.
        times: How often in `period`; None when not said.
        period: Length of the period, in `period_unit`.
        period_unit: UCUM unit of time: ``h``, ``d``, ``wk``.
        as_needed: Whether it is given only when needed.
        instruction: The order in the words of the record.
        since: When it was ordered (aware).
        status: FHIR status.
        prescriber: As shown.
        patient: Id of the Patient.
        codes: ``system|code`` of the drug.
        stopped_at: When it was stopped, as far as the record says; None unless it was.
    """

    id: str
    name: str
    dose: Decimal | None
    unit: str
    route: str
    times: int | None
    period: Decimal | None
    period_unit: str
    as_needed: bool
    instruction: str
    since: datetime | None
    status: str
    prescriber: str
    patient: str | None
    codes: frozenset[str]
    stopped_at: datetime | None

    @property
    def current(self) -> bool:
        """Whether it still counts."""
        return self.status in _CURRENT

    @property
    def amount(self) -> Amount | None:
        """Dose and unit together; None when either is missing."""
        return Amount(self.dose, self.unit) if self.dose is not None and self.unit else None

    @property
    def interval_hours(self) -> Decimal | None:
        """Time between two doses; None if it is not regular or not said."""
        times = 1 if self.times is None else self.times
        hours = _HOURS.get(self.period_unit)
        if hours is None or times < 1 or self.period is None or self.period <= 0:
            return None
        return self.period * hours / times


def read(resource: Mapping[str, Any]) -> DrugOrder:
    """Read a MedicationRequest; what is absent or odd is None or empty."""
    dosage = elements.first(resource.get("dosageInstruction"))
    quantity = elements.mapping(
        elements.first(dosage.get("doseAndRate")).get("doseQuantity") or dosage.get("doseQuantity")
    )
    repeat = elements.mapping(elements.mapping(dosage.get("timing")).get("repeat"))
    times = elements.decimal(repeat.get("frequency"))
    name, codes = drug_of(resource)
    return DrugOrder(
        id=elements.text(resource.get("id")) or "",
        name=name or "?",
        dose=elements.decimal(quantity.get("value")),
        unit=elements.text(quantity.get("unit")) or elements.text(quantity.get("code")) or "",
        route=elements.concept_text(dosage.get("route")) or "",
        times=None if times is None else int(times),
        period=elements.decimal(repeat.get("period")),
        period_unit=elements.text(repeat.get("periodUnit")) or "",
        as_needed=bool(dosage.get("asNeededBoolean") or dosage.get("asNeededCodeableConcept")),
        instruction=elements.text(dosage.get("text")) or "",
        since=elements.instant(resource.get("authoredOn")),
        status=elements.text(resource.get("status")) or "unknown",
        prescriber=elements.display(resource.get("requester")) or "",
        patient=elements.reference_id(resource.get("subject"), "Patient"),
        codes=codes,
        stopped_at=_stopped_at(resource),
    )


def write(
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
        "doseAndRate": [{"doseQuantity": quantity(amount)}],
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


def drug_of(resource: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    """Name and ``system|code`` of the drug of an order or a dose; empty when not said."""
    concept = resource.get("medicationCodeableConcept")
    words = elements.concept_text(concept) or elements.display(resource.get("medicationReference"))
    codes = (f"{system or ''}|{code}" for system, code in elements.codings(concept))
    return words or "", frozenset(codes)


def amount_of(value: Any) -> Amount | None:
    """A Quantity; None without number or unit."""
    found = elements.mapping(value)
    number = elements.decimal(found.get("value"))
    unit = elements.text(found.get("unit")) or elements.text(found.get("code"))
    return None if number is None or unit is None else Amount(number, unit)


def quantity(amount: Amount) -> Resource:
    """A Quantity in the unit of the record."""
    return {"value": amount.value, "unit": amount.unit}


def _plain(value: Decimal) -> str:
    """Without trailing zeros and exponent, with the decimal comma of Vietnamese text."""
    return f"{value.normalize():f}".replace(".", ",")


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
