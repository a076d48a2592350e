"""Records of some patients by what they are, found through the index of records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workstation.store.record import Stored, View
from workstation.store.rows import listed

_TASKS: Final = """
SELECT r.id FROM json_each(?) p CROSS JOIN record_index r INDEXED BY record_index_patient_type
WHERE r.patient = p.value AND r.type = 'Task' AND r.type <> 'Observation'
  AND r.kind = ? AND r.status = ?
ORDER BY r.id
"""


def with_code(view: View, patients: Iterable[str], code: str, status: str) -> list[Stored]:
    """The Tasks of some patients that have a code and a status.

    Args:
        view: One snapshot.
        patients: Ids of the patients.
        code: Such as ``ward-task``.
        status: FHIR status, such as ``requested``.
    """
    rows = view.connection.exec_driver_sql(_TASKS, (listed(patients), code, status))
    return view.these("Task", rows.scalars().all())


_DOCUMENTS: Final = """
SELECT r.id FROM json_each(?) p CROSS JOIN record_index r INDEXED BY record_index_patient_type
WHERE r.patient = p.value AND r.type = 'DocumentReference' AND r.type <> 'Observation'
  AND r.kind = ?
ORDER BY r.at DESC, r.id
"""


def documents(view: View, patients: Iterable[str], code: str) -> list[Stored]:
    """The DocumentReferences of some patients whose type has a code, the newest first."""
    rows = view.connection.exec_driver_sql(_DOCUMENTS, (listed(patients), code))
    return view.these("DocumentReference", [row[0] for row in rows])
