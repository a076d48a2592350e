"""Which lines, drains and wounds of a ward are to be looked at, or changed, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.care_site import Group
from workstation.clinical.ward_tasks import DueItem
from workstation.fhir import care_look, elements
from workstation.fhir import care_site as mapping
from workstation.fhir.care_site import SiteRecord
from workstation.fhir.json import Resource
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import care_sites
from workstation.services.care_sites import SiteRow
from workstation.store import View, assessments
from workstation.store import care_sites as store

_LOOKS_OF: Final = timedelta(days=8)
"""Looks are read this far back: longer than the longest interval."""


def in_place(view: View, patients: Sequence[str], now: datetime) -> dict[PatientId, list[SiteRow]]:
    """What lies in each of some patients, and wounds, with what was seen of late.

    Args:
        view: One snapshot.
        patients: Whose.
        now: The present, with the terminal's offset.
    """
    groups = [group.value for group in Group if group is not Group.WOUND]
    there = [
        (stored, record, PatientId(patient))
        for stored in (
            *store.with_status(view, patients, "Procedure", "in-progress", groups),
            *store.with_status(view, patients, "Condition", "active", [Group.WOUND.value]),
        )
        for record, patient in [stored.read(_whose)]
        if record is not None and record.present and patient is not None
    ]
    whose = dict.fromkeys(patient for _, _, patient in there)
    seen = store.observations_since(view, whose, care_look.INDEX_CODES, now - _LOOKS_OF)
    looks = care_sites.looks_of(seen)
    found: dict[PatientId, list[SiteRow]] = {patient: [] for patient in whose}
    for stored, record, patient in there:
        row = care_sites.row_of(1, record, looks, unsent=stored.pending)
        found[patient].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.record.site.since, row.record.reference))
    return found


def _whose(resource: Resource) -> tuple[SiteRecord | None, str | None]:
    return mapping.read(resource), elements.reference_id(resource.get("subject"), "Patient")


def due(view: View, patients: Sequence[PatientId], now: datetime) -> list[DueItem]:
    """Each line, drain or wound of some patients that is to be looked at, or changed.

    Args:
        view: One snapshot.
        patients: Whose; those who are not here now are left out.
        now: The present, with the terminal's offset.
    """
    here = list(assessments.present(view, patients))
    items = []
    for patient, rows in in_place(view, here, now).items():
        for row in rows:
            times = [at for at in (row.look_due, row.change_due) if at is not None]
            if times:
                words = tr(row.record.site.kind.words)
                items.append(DueItem("care-site", patient, min(times), words, row.record.reference))
    return items
