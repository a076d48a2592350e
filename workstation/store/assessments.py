"""The newest assessment by each scale of many patients, and what decides when the next is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.store.record import Stored, View
from workstation.store.rows import VOID, flags_of, listed, moment

_NEWEST: Final = f"""
SELECT o.id FROM json_each(?) s CROSS JOIN json_each(?) c
JOIN observation_index o ON o.rowid = (
  SELECT v.rowid FROM observation_index v
  WHERE v.patient = s.value AND v.code = c.value AND v.at IS NOT NULL
    AND coalesce(v.status, '') NOT IN {VOID}
  ORDER BY v.at DESC LIMIT 1)
ORDER BY o.id
"""

_ALL: Final = """
SELECT DISTINCT id FROM observation_index INDEXED BY observation_index_value
WHERE patient = ? AND code IN (SELECT value FROM json_each(?))
ORDER BY id
"""

_LATEST: Final = """
SELECT id FROM observation_index INDEXED BY observation_index_value
WHERE patient = ? AND code IN (SELECT value FROM json_each(?))
GROUP BY id ORDER BY max(at) DESC, id LIMIT ?
"""

_STAYS: Final = """
SELECT e.patient, min(e.started_at), max(p.birth_date)
FROM encounter_index e JOIN patient_index p ON p.id = e.patient
WHERE e.patient IN (SELECT value FROM json_each(?)) AND e.status = 'in-progress'
GROUP BY e.patient
"""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who stays on a ward now.

    Attributes:
        admitted_at: Beginning of the stay (aware).
        born: As in the record; ``None`` when unknown.
        flags: Codes of the alerts in force.
    """

    admitted_at: datetime | None
    born: str | None
    flags: tuple[str, ...]


def newest(view: View, patients: Iterable[str], codes: Sequence[str]) -> list[Stored]:
    """The newest Observation that counts under each code of each patient.

    Args:
        view: One snapshot.
        patients: Ids of the patients.
        codes: As the index of observations names them.
    """
    rows = view.connection.exec_driver_sql(_NEWEST, (listed(patients), listed(codes)))
    return view.these("Observation", rows.scalars().all())


def under(view: View, patient: str, codes: Sequence[str]) -> list[Stored]:
    """Every Observation of a patient with a value under one of some codes, errors among them.

    Args:
        view: One snapshot.
        patient: Whose.
        codes: As the index of observations names them.
    """
    return view.these("Observation", ids_under(view, patient, codes))


def ids_under(view: View, patient: str, codes: Sequence[str]) -> Sequence[str]:
    """Their ids alone, in the order of `under`."""
    rows = view.connection.exec_driver_sql(_ALL, (patient, listed(codes)))
    return rows.scalars().all()


def latest(view: View, patient: str, codes: Sequence[str], count: int) -> list[Stored]:
    """So many of what `under` gives, the newest; what has no time counts as the oldest."""
    rows = view.connection.exec_driver_sql(_LATEST, (patient, listed(codes), count))
    return view.these("Observation", rows.scalars().all())


def present(view: View, patients: Sequence[str]) -> dict[str, Present]:
    """Those of some patients who have a stay in progress, with what decides what is due."""
    rows = view.connection.exec_driver_sql(_STAYS, (listed(patients),)).all()
    flags = flags_of(view, [row[0] for row in rows])
    return {row[0]: Present(moment(row[1]), row[2], flags.get(row[0], ())) for row in rows}
