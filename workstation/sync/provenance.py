"""Leaves a trace of every merge that no person has seen: from which versions, which fields."""

from __future__ import annotations

from datetime import datetime

from workstation.fhir.compartment import patient_of
from workstation.fhir.json import reference
from workstation.fhir.provenance import provenance
from workstation.kernel.ids import name_uuid
from workstation.store import Unit
from workstation.store.conflicts import Pending
from workstation.sync.merge import Merged

_TOLD_BY_ITSELF = frozenset({"Task", "DetectedIssue", "Provenance"})


def record_merge(
    unit: Unit, merged: Merged, candidate: Pending, remote_version: str, now: datetime
) -> None:
    """Write the Provenance of a merge; the same merge writes the same one, once.

    Args:
        unit: The unit of work that lays the merge on the new version.
        merged: What came out.
        candidate: What was pending here.
        remote_version: The version of the server's copy.
        now: The time of this terminal.
    """
    if merged.resource is None or not merged.mine or not merged.theirs:
        return
    if merged.resource["resourceType"] in _TOLD_BY_ITSELF:
        return
    target = reference(merged.resource)
    id_ = name_uuid(
        "merge", target, candidate.base_version or "", remote_version, candidate.at.isoformat()
    )
    if unit.get("Provenance", id_) is not None:
        return
    unit.create(
        provenance(
            id_,
            target=target,
            recorded=now.isoformat(timespec="seconds"),
            device=candidate.device,
            person=(candidate.author, candidate.display),
            sources=(
                ("base", candidate.base_version or ""),
                ("local", ""),
                ("remote", remote_version),
            ),
            fields=merged.fields_taken,
            patient=patient_of(merged.resource),
        )
    )
