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
  WHERE patient = ?2 AND {_SIGN} GROUP BY at
  UNION ALL
  SELECT DISTINCT id, at, category, 0
  FROM observation_index INDEXED BY observation_index_value
  WHERE patient = ?2 AND NOT ({_SIGN})
  UNION ALL
  SELECT r.id, NULL, NULL, 0 FROM record_index r INDEXED BY record_index_timeline
  WHERE r.patient = ?2 AND r.type = 'Observation'
    AND NOT EXISTS (SELECT 1 FROM observation_index o WHERE o.id = r.id))
"""
_DOSES: Final = """
SELECT json_group_array(json_array(id, at))
FROM record_index INDEXED BY record_index_patient_type
WHERE patient = ? AND type = 'MedicationAdministration' AND type <> 'Observation'
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


def observations(view: View, patient: PatientId) -> list[Small]:
    """Every Observation of a patient, those of one set of vital signs as one."""
    # One row for all: each row handed over waits for Python's lock, which the window may hold.
    rows = view.connection.exec_driver_sql(_OBSERVATIONS, (listed(SIGN_OF), patient))
    found = json.loads(rows.scalar_one())
    return [Small(id_, at, category, bool(is_set)) for id_, at, category, is_set in found]


def doses(view: View, patient: PatientId) -> list[tuple[str, int | None]]:
    """Id and time, as in `Small`, of every MedicationAdministration of a patient."""
    rows = view.connection.exec_driver_sql(_DOSES, (patient,))
    return [(id_, at) for id_, at in json.loads(rows.scalar_one())]


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
