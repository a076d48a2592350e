"""Doses as MedicationAdministration: given, withheld or refused."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from workstation.clinical.dosage import Amount
from workstation.fhir import dosage, drug_order, elements
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

DoseStatus = Literal["completed", "not-done"]


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


def read(resource: Mapping[str, Any]) -> Dose:
    """Read a MedicationAdministration."""
    drug, codes = drug_order.drug_of(resource)
    period = elements.mapping(resource.get("effectivePeriod"))
    performer = elements.first(resource.get("performer"))
    return Dose(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("subject"), "Patient"),
        order=elements.reference_id(resource.get("request"), "MedicationRequest"),
        drug=drug,
        codes=codes,
        amount=dosage.amount_of(elements.mapping(resource.get("dosage")).get("dose")),
        status=elements.text(resource.get("status")) or "unknown",
        at=elements.instant(resource.get("effectiveDateTime"))
        or elements.instant(period.get("start")),
        giver=elements.display(performer.get("actor")),
        reason=elements.concept_text(resource.get("statusReason")),
    )


def write(
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
    given = amount or drug_order.read(order).amount
    if given is not None and status == "completed":
        resource["dosage"] = {"dose": dosage.quantity(given)}
    return resource
