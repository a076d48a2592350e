"""Give a stored fact a new status with the reason, who and when; everything else stays."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime

from workstation.fhir import elements
from workstation.fhir.json import Resource


def annotated(
    resource: Resource, status: str, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A new version of a resource with another status and one more note.

    Args:
        resource: The stored resource; it is not touched.
        status: FHIR status, such as ``entered-in-error``.
        reason: Why, in the person's words.
        author: Reference to the person.
        at: When (aware).
    """
    patched = deepcopy(resource)
    patched["status"] = status
    note = {
        "authorReference": dict(author),
        "time": at.isoformat(timespec="seconds"),
        "text": reason,
    }
    patched["note"] = [*elements.objects(resource.get("note")), note]
    return patched
