"""Doses and what was seen of their effect, by the index: a long stay has thousands of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from workstation.fhir.infusion import MARKS
from workstation.store.record import Stored, View
from workstation.store.rows import listed
from workstation.store.tables import to_milliseconds

_DOSES: Final = """
SELECT id FROM record_index INDEXED BY record_index_patient_type
WHERE type = 'MedicationAdministration' AND type <> 'Observation'
  AND patient IN (SELECT value FROM json_each(?))
  AND (at IS NULL OR at BETWEEN ? AND ? OR status IN ('in-progress', 'on-hold'))
ORDER BY at, id
"""
_ORDERS: Final = """
SELECT id FROM record_index INDEXED BY record_index_patient_type
WHERE type = 'MedicationRequest' AND type <> 'Observation'
  AND patient IN (SELECT value FROM json_each(?))
  AND status IN (SELECT value FROM json_each(?))
ORDER BY at, id
"""
_ESCAPED: Final = r"\u00[4-7]"
"""A letter that needed no escape, as GLOB finds it: so a server may write any name."""
_INFUSIONS: Final = f"""
SELECT r.id FROM resource r
WHERE r.type = 'MedicationAdministration' AND r.patient = ?1 AND NOT r.deleted
  AND ({" OR ".join(f"r.body GLOB '*{mark}*'" for mark in (*MARKS, _ESCAPED))})
  AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.type = r.type AND p.id = r.id)
UNION ALL
SELECT id FROM pending WHERE type = 'MedicationAdministration' AND patient = ?1
"""
_EFFECTS: Final = """
SELECT id FROM record_index INDEXED BY record_index_timeline
WHERE type = 'Observation' AND patient IN (SELECT value FROM json_each(?)) AND at >= ?
  AND code = 'effect'
"""


def doses(view: View, patients: Iterable[str], *, since: datetime, until: datetime) -> list[Stored]:
    """Every MedicationAdministration of a time, and those that run or say no time.

    Args:
        view: One snapshot.
        patients: Whose.
        since: From then on (aware).
        until: Until then, itself included (aware).
    """
    span = (to_milliseconds(since), to_milliseconds(until))
    rows = view.connection.exec_driver_sql(_DOSES, (listed(patients), *span))
    return view.these("MedicationAdministration", rows.scalars().all())


def infusions(view: View, patient: str) -> list[Stored]:
    """Every MedicationAdministration of a patient that may be the beginning or step of an infusion.

    SQLite looks through the texts: a stay of sixty days has thousands of doses that are none.
    """
    rows = view.connection.exec_driver_sql(_INFUSIONS, (patient,))
    return view.these("MedicationAdministration", rows.scalars().all())


def orders(view: View, patients: Iterable[str], statuses: Iterable[str]) -> list[Stored]:
    """The drug orders of some patients that have one of some statuses."""
    rows = view.connection.exec_driver_sql(_ORDERS, (listed(patients), listed(statuses)))
    return view.these("MedicationRequest", rows.scalars().all())


def effects(view: View, patients: Iterable[str], *, since: datetime) -> list[Stored]:
    """The Observations of what doses did, since a time (aware)."""
    rows = view.connection.exec_driver_sql(_EFFECTS, (listed(patients), to_milliseconds(since)))
    return view.these("Observation", rows.scalars().all())
