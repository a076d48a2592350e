"""Which patient and which stay a resource belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from workstation.fhir import elements

_SINGLE: Final = ("subject", "patient", "beneficiary", "for", "individual", "sourcePatientInfo")
_REPEATED: Final = ("target", "subject", "link")
_NESTED: Final = ("participant", "entity", "agent")
_STAYS: Final = ("encounter", "context")


def patient_of(resource: Mapping[str, Any]) -> str | None:
    """The id of the patient whose compartment a resource is in.

    Args:
        resource: Any FHIR R4 resource, also a foreign one.

    Returns:
        The id without ``Patient/``; a Patient belongs to itself. ``None`` for what belongs to
        nobody in particular (wards, beds, staff, code systems), and for a relation between
        patients (``Patient.link``), which is part of the patient it stands in.
    """
    if resource.get("resourceType") == "Patient":
        return elements.text(resource.get("id"))
    return next(
        (found for item in _candidates(resource) if (found := _patient(item)) is not None), None
    )


def encounter_of(resource: Mapping[str, Any]) -> str | None:
    """The id of the stay that a resource was made in; an Encounter belongs to itself."""
    if resource.get("resourceType") == "Encounter":
        return elements.text(resource.get("id"))
    for name in _STAYS:
        for item in elements.objects(resource.get(name)):
            for found in (item, *elements.objects(item.get("encounter"))):
                stay = elements.reference_id(found, "Encounter")
                if stay is not None:
                    return stay
    return None


def _candidates(resource: Mapping[str, Any]) -> Iterator[Any]:
    for name in _SINGLE:
        yield resource.get(name)
    for name in _REPEATED:
        yield from elements.objects(resource.get(name))
    for name in _NESTED:
        for item in elements.objects(resource.get(name)):
            yield from (item.get("actor"), item.get("individual"), item.get("what"))


def _patient(value: Any) -> str | None:
    return elements.reference_id(value, "Patient")
