"""What the index knows of a patient's many small records: enough to count and to order them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final, NamedTuple

from workstation.kernel.ids import PatientId
from workstation.store.record import Stored, View
from workstation.store.rows import VOID, listed
from workstation.store.ward_board import SIGN_OF


class Small(NamedTuple):
    """One Observation, or all vital signs of one time.

    Attributes:
        id: Id of the Observation; of a set, the first of its ids.
        at: When it was measured, in milliseconds since 1970; None when the index does not know.
        category: ``laboratory``, else its first category; None also when the index does not know.
        is_set: Whether it is a set of vital signs that count.
    """

    id: str
    at: int | None
    category: str | None
    is_set: bool


_SIGN: Final = f"""
code IN (SELECT value FROM json_each(?1)) AND at IS NOT NULL AND coalesce(status, '') NOT IN {VOID}
"""
_OBSERVATIONS: Final = f"""
SELECT json_group_array(json_array(id, at, category, is_set)) FROM (
  SELECT min(id) AS id, at, 'vital-signs' AS category, 1 AS is_set
  FROM observation_index INDEXED BY observation_index_value
  WHERE patient = ?2 AND {_SIGN} AND at >= ?3 GROUP BY at
  UNION ALL
  SELECT DISTINCT id, at, category, 0
  FROM observation_index INDEXED BY observation_index_value
  WHERE patient = ?2 AND NOT ({_SIGN}) AND coalesce(at, ?4) >= ?3
  UNION ALL
  SELECT r.id, NULL, NULL, 0 FROM record_index r INDEXED BY record_index_timeline
  WHERE r.patient = ?2 AND r.type = 'Observation' AND coalesce(r.at, ?4) >= ?3
    AND NOT EXISTS (SELECT 1 FROM observation_index o WHERE o.id = r.id))
"""
_DOSES: Final = """
SELECT json_group_array(json_array(id, at))
FROM record_index INDEXED BY record_index_patient_type
WHERE patient = ?1 AND type = 'MedicationAdministration' AND type <> 'Observation'
  AND coalesce(at, ?3) >= ?2
"""
_EVER: Final = -(2**62)
_SINCE_WHEN: Final = """
SELECT at FROM record_index INDEXED BY record_index_timeline
WHERE patient = ? AND at IS NOT NULL ORDER BY at DESC LIMIT 1 OFFSET ?
"""
_OTHERS: Final = """
SELECT type, id FROM record_index INDEXED BY record_index_timeline
WHERE patient = ? AND at >= ? AND type NOT IN ('Observation', 'MedicationAdministration')
"""
_NAMING: Final = """
SELECT k.value FROM json_each(?1) k
LEFT JOIN pending p ON p.type = 'Observation' AND p.id = k.value
LEFT JOIN resource r ON r.type = 'Observation' AND r.id = k.value
WHERE EXISTS (SELECT 1 FROM json_each(?2) w
  WHERE instr(coalesce(p.body, ''), w.value) OR instr(coalesce(r.body, ''), w.value))
"""
_SETS: Final = f"""
SELECT DISTINCT id FROM observation_index INDEXED BY observation_index_value
WHERE patient = ? AND code IN (SELECT value FROM json_each(?))
  AND at IN (SELECT value FROM json_each(?)) AND coalesce(status, '') NOT IN {VOID}
ORDER BY id
"""


def since_when(view: View, patient: PatientId, records: int) -> int | None:
    """The time of the record after so many newer ones, as in `Small`; None where fewer have one."""
    arguments = (patient, records)
    return view.connection.exec_driver_sql(_SINCE_WHEN, arguments).scalar_one_or_none()


def others(view: View, patient: PatientId, since: int) -> dict[str, list[str]]:
    """Ids by type of everything since a time but Observations and doses."""
    found: dict[str, list[str]] = {}
    for type_, id_ in view.connection.exec_driver_sql(_OTHERS, (patient, since)).all():
        found.setdefault(type_, []).append(id_)
    return found


def observations(view: View, patient: PatientId, since: int | None = None) -> list[Small]:
    """Every Observation of a patient, those of one set of vital signs as one.

    Args:
        view: One snapshot.
        patient: Whose.
        since: Only from this time on, as in `Small`; None for all, also without a time.
    """
    # One row for all: each row handed over waits for Python's lock, which the window may hold.
    rows = view.connection.exec_driver_sql(_OBSERVATIONS, (listed(SIGN_OF), patient, *_from(since)))
    found = json.loads(rows.scalar_one())
    return [Small(id_, at, category, bool(is_set)) for id_, at, category, is_set in found]


def doses(view: View, patient: PatientId, since: int | None = None) -> list[tuple[str, int | None]]:
    """Id and time, as in `Small`, of MedicationAdministrations; `since` as in `observations`."""
    rows = view.connection.exec_driver_sql(_DOSES, (patient, *_from(since)))
    return [(id_, at) for id_, at in json.loads(rows.scalar_one())]


def _from(since: int | None) -> tuple[int, int | None]:
    """From when on, and what stands for a time that is missing."""
    return (_EVER, _EVER) if since is None else (since, None)


def naming(view: View, ids: Iterable[str], codes: Iterable[str]) -> list[str]:
    """Ids of those Observations whose text holds one of some codes anywhere."""
    quoted = [f'"{code}"' for code in codes]
    rows = view.connection.exec_driver_sql(_NAMING, (listed(ids), json.dumps(quoted)))
    return list(rows.scalars())


def sets(view: View, patient: PatientId, times: Iterable[int]) -> list[Stored]:
    """The Observations of the sets of vital signs of some times, as `Small` says them."""
    arguments = (patient, listed(SIGN_OF), json.dumps(list(times)))
    rows = view.connection.exec_driver_sql(_SETS, arguments)
    return view.these("Observation", list(rows.scalars()))
