"""Whose record a resource belongs to."""

from __future__ import annotations

from workstation.fhir.json import Resource
from workstation.store.index_rows import target


def patient_of(resource: Resource) -> str | None:
    """The id of the patient concerned, or None for wards, people and drugs."""
    if resource["resourceType"] == "Patient":
        return str(resource["id"])
    for key in ("subject", "patient", "for", "beneficiary", "individual"):
        found = target(resource.get(key), "Patient")
        if found:
            return found
    return None
