"""Plain rows for the rules of `workstation.clinical.collisions` out of any resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from workstation.clinical.accepted_alerts import AcceptedRow
from workstation.clinical.collisions import (
    AllergyRow,
    PersonRow,
    RequestRow,
    StayRow,
)
from workstation.clinical.double_dose import DoseRow, OrderRow
from workstation.clinical.identity import social_number
from workstation.clinical.infusion_collisions import InfusionRow
from workstation.clinical.medication_record import REACHED, Outcome
from workstation.fhir import (
    allergy,
    decision,
    dose,
    drug_order,
    elements,
    encounter,
    infusion,
    order_override,
    patient,
    systems,
)
from workstation.fhir.compartment import patient_of

_TEST_STANDS: Final = ("active", "on-hold", "completed")
_NO_ORDERS: Final = ("draft", "unknown", drug_order.NOT_TO_GIVE)
_LABORATORY: Final = ("108252007", "LAB", "laboratory")


def dose_row(resource: Mapping[str, Any]) -> DoseRow | None:
    """A dose that reached the patient, at least in part; ``None`` for any other.

    A step of an infusion (another rate, another bag) is not a dose of its own.
    """
    given = dose.read(resource)
    if given.outcome not in REACHED or given.patient is None or given.at is None:
        return None
    return DoseRow(
        given.id,
        given.patient,
        given.order,
        given.codes,
        given.drug,
        given.at,
        slot=given.scheduled_at,
        partial=given.outcome is Outcome.PARTIAL,
        running=given.outcome is Outcome.RUNNING,
        amount=given.amount,
    )


def infusion_rows(resources: Iterable[Mapping[str, Any]]) -> list[InfusionRow]:
    """The infusions that were ended, out of some MedicationAdministrations.

    One that says no end counts as ended when it began (`infusion.read_all`), and is left out.
    """
    return [
        InfusionRow(
            each.id,
            each.patient,
            each.ended_at,
            tuple((step.id, step.at) for step in each.steps[1:] if step.rate_ml_h != 0),
        )
        for each in infusion.read_all(resources)
        if each.patient is not None
        and each.ended_at is not None
        and each.ended_at > each.started_at
    ]


def order_row(resource: Mapping[str, Any]) -> OrderRow | None:
    """A drug order; ``None`` for a draft or a proposal, or one of nobody."""
    order = drug_order.read(resource)
    if order.patient is None or order.status in _NO_ORDERS:
        return None
    decided = decision.read(resource)
    hours = None if order.as_needed else order.interval_hours
    regular = None if hours is None else timedelta(hours=float(hours))
    return OrderRow(
        id=order.id,
        patient=order.patient,
        codes=order.codes,
        drug=order.name,
        active=order.current,
        interval=order.rhythm.shortest if order.rhythm else regular,
        ordered_at=order.since,
        stopped_at=order.stopped_at,
        version_of=order.version_of,
        decided_at=decided.at if decided else None,
        amount=order.amount,
    )


def allergy_row(resource: Mapping[str, Any]) -> AllergyRow | None:
    """An allergy that holds; ``None`` for "none known" and for what no longer holds."""
    found = allergy.read(resource)
    owner = patient_of(resource)
    if found is None or not found.active or found.none_known or owner is None:
        return None
    recorded = elements.instant(resource.get("recordedDate"))
    return AllergyRow(found.id, owner, found.codes, found.substance, recorded)


def stay_row(resource: Mapping[str, Any], is_bed: Callable[[str], bool]) -> StayRow | None:
    """An inpatient stay that is not over.

    Args:
        resource: An Encounter.
        is_bed: Whether the Location with an id is a bed.
    """
    stay = encounter.read(resource)
    if not stay.present or stay.patient is None:
        return None
    beds = tuple(place for place in stay.current_places if is_bed(place))
    return StayRow(stay.id, stay.patient, beds, stay.started_at)


def person_row(resource: Mapping[str, Any]) -> PersonRow | None:
    """A patient record in use; ``None`` for one that was merged away or put out of use."""
    found = patient.read(resource)
    if not found.active or found.merged_into is not None:
        return None
    insurance = found.insurance_number
    return PersonRow(
        id=found.id,
        national_id=found.national_id,
        insurance_number=social_number(insurance) if insurance else None,
        folded_name=found.name.folded,
        birth_date=found.birth_date,
        sex=found.sex,
    )


def request_row(resource: Mapping[str, Any]) -> RequestRow | None:
    """An order of a laboratory test that stands; ``None`` for any other."""
    owner = patient_of(resource)
    at = elements.instant(resource.get("occurrenceDateTime")) or elements.instant(
        resource.get("authoredOn")
    )
    code = elements.code_of(resource.get("code"), systems.LOINC)
    laboratory = any(
        found in _LABORATORY for _, found in elements.codings(resource.get("category"))
    )
    stands = resource.get("status") in _TEST_STANDS and resource.get("intent") != "plan"
    if owner is None or at is None or code is None or not laboratory or not stands:
        return None
    return RequestRow(elements.text(resource.get("id")) or "", owner, code, at)


def accepted_row(resource: Mapping[str, Any]) -> AcceptedRow | None:
    """An alert that was accepted when an order was signed; ``None`` for any other."""
    found = order_override.read(resource)
    return None if found is None else AcceptedRow(found.kind, found.order, found.records)
