"""Drug orders as the chart shows them: name, dose, unit, route, frequency, in this order (ISMP)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.fhir import elements

_CURRENT: Final = ("active", "on-hold")


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

    @property
    def current(self) -> bool:
        """Whether it still counts."""
        return self.status in _CURRENT


def read(resource: Mapping[str, Any]) -> DrugOrder:
    """Read a MedicationRequest; what is absent or odd is None or empty."""
    dosage = elements.first(resource.get("dosageInstruction"))
    quantity = elements.mapping(
        elements.first(dosage.get("doseAndRate")).get("doseQuantity") or dosage.get("doseQuantity")
    )
    repeat = elements.mapping(elements.mapping(dosage.get("timing")).get("repeat"))
    times = elements.decimal(repeat.get("frequency"))
    return DrugOrder(
        id=elements.text(resource.get("id")) or "",
        name=_name(resource),
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
    )


def _name(resource: Mapping[str, Any]) -> str:
    return (
        elements.concept_text(resource.get("medicationCodeableConcept"))
        or elements.display(resource.get("medicationReference"))
        or "?"
    )
