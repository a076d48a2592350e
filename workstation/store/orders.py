"""Orders of some patients by status, found through the index of records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workstation.store.record import Stored, View
from workstation.store.rows import listed

_ORDERS: Final = """
SELECT r.id FROM json_each(?) p CROSS JOIN record_index r INDEXED BY record_index_patient_type
WHERE r.patient = p.value AND r.type = ? AND r.type <> 'Observation'
  AND r.status IN (SELECT value FROM json_each(?))
ORDER BY r.id
"""


def with_status(
    view: View, patients: Iterable[str], types: Iterable[str], statuses: Iterable[str]
) -> list[Stored]:
    """The orders of some patients that have one of some statuses.

    Args:
        view: One snapshot.
        patients: Ids of the patients.
        types: FHIR types of orders.
        statuses: FHIR statuses.
    """
    whose, which = listed(patients), listed(statuses)
    found: list[Stored] = []
    for type_ in types:
        rows = view.connection.exec_driver_sql(_ORDERS, (whose, type_, which))
        found += view.these(type_, rows.scalars().all())
    return found
