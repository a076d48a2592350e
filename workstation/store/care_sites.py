"""Lines, drains and wounds of many patients, and the looks at them, found through the indexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from workstation.store.record import Stored, View
from workstation.store.rows import VOID, listed
from workstation.store.tables import to_milliseconds

_PRESENT: Final = """
SELECT r.id FROM json_each(?) p CROSS JOIN record_index r INDEXED BY record_index_patient_type
WHERE r.patient = p.value AND r.type = ? AND r.type <> 'Observation' AND r.status = ?
  AND r.kind IN (SELECT value FROM json_each(?))
ORDER BY r.id
"""
_PROCEDURES: Final = """
SELECT id FROM record_index INDEXED BY record_index_patient_type
WHERE patient = ? AND type = 'Procedure' AND type <> 'Observation'
  AND (coalesce(kind, '') = 'nursing') = ? AND (at IS NULL OR at >= ?)
ORDER BY id
"""
_SEEN: Final = f"""
SELECT DISTINCT o.id FROM json_each(?) s CROSS JOIN json_each(?) c
JOIN observation_index o ON o.patient = s.value AND o.code = c.value AND o.at >= ?
WHERE coalesce(o.status, '') NOT IN {VOID}
"""


def procedures(
    view: View, patient: str, *, nursing: bool, since: datetime | None = None
) -> list[Stored]:
    """Procedures of a patient: what was done by nursing plans, or all others.

    Args:
        view: One snapshot.
        patient: Id of the patient.
        nursing: Which of the two.
        since: Not older than this (aware); all when None. What has no time is among them.
    """
    floor = to_milliseconds(since) if since is not None else -(2**62)
    found = view.connection.exec_driver_sql(_PROCEDURES, (patient, int(nursing), floor))
    return view.these("Procedure", list(found.scalars()))


def with_status(
    view: View, patients: Iterable[str], type_: str, status: str, kinds: Sequence[str]
) -> list[Stored]:
    """Records of some patients of one type and status whose category is one of some.

    Args:
        view: One snapshot.
        patients: Ids of the patients.
        type_: FHIR type.
        status: As the index has it.
        kinds: First codes of the category.
    """
    found = view.connection.exec_driver_sql(
        _PRESENT, (listed(patients), type_, status, listed(kinds))
    )
    return view.these(type_, found.scalars().all())


def observations_since(
    view: View, patients: Iterable[str], codes: Sequence[str], since: datetime
) -> list[Stored]:
    """Observations that count, of some patients and codes, from a time on.

    Args:
        view: One snapshot.
        patients: Ids of the patients.
        codes: As the index of observations names them.
        since: Not older than this (aware).
    """
    found = view.connection.exec_driver_sql(
        _SEEN, (listed(patients), listed(codes), to_milliseconds(since))
    )
    return view.these("Observation", found.scalars().all())
