"""Finding a person by any part of a name, in any order, or by a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workstation.kernel.folding import fold
from workstation.kernel.ids import PatientId, WardId
from workstation.store.record import View
from workstation.store.rows import IDENTITY, IDENTITY_COLUMNS, PRESENT, Identity, listed

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """One person, with where they lie if they are in the house.

    Attributes:
        ward: Id of the ward of the stay in progress.
        bed: Name of the bed there.
    """

    identity: Identity
    encounter: str | None
    ward: str | None
    ward_name: str | None
    bed: str | None


_FIND: Final = f"""
WITH first AS MATERIALIZED (
  SELECT p.number FROM patient_words f JOIN patient_index p ON p.number = f.rowid
  WHERE f.words MATCH ?
  ORDER BY f.rowid IN (
      SELECT i.number FROM encounter_index s JOIN patient_index i ON i.id = s.patient
      WHERE s.status IN {PRESENT}) DESC,
    p.folded, p.birth_date, p.id
  LIMIT ?)
SELECT {IDENTITY}, e.id, e.ward, w.name, b.name
FROM first JOIN patient_index p ON p.number = first.number
LEFT JOIN encounter_index e ON e.id = (
  SELECT s.id FROM encounter_index s WHERE s.patient = p.id AND s.status IN {PRESENT}
  ORDER BY s.started_at DESC LIMIT 1)
LEFT JOIN location_index w ON w.id = e.ward
LEFT JOIN location_index b ON b.id = e.bed
ORDER BY e.id IS NULL, p.folded, p.birth_date, p.id
"""
"""One letter may fit half of all people: only the few that are listed are looked up further."""
_ON_WARD: Final = f"""
SELECT {IDENTITY}, e.id, e.ward, w.name, b.name
FROM encounter_index e JOIN patient_index p ON p.id = e.patient
LEFT JOIN location_index w ON w.id = e.ward
LEFT JOIN location_index b ON b.id = e.bed
WHERE e.ward = ? AND e.status IN {PRESENT}
ORDER BY b.name IS NULL, b.name, p.folded, p.id
"""
_THESE: Final = f"""
SELECT {IDENTITY}, e.id, e.ward, w.name, b.name
FROM patient_index p
LEFT JOIN encounter_index e ON e.id = (
  SELECT s.id FROM encounter_index s WHERE s.patient = p.id AND s.status IN {PRESENT}
  ORDER BY s.started_at DESC LIMIT 1)
LEFT JOIN location_index w ON w.id = e.ward
LEFT JOIN location_index b ON b.id = e.bed
WHERE p.id IN (SELECT value FROM json_each(?))
"""


def find(view: View, text: str, *, limit: int = 50) -> tuple[Found, ...]:
    """Find people. Those who are in the house now come first, then by name.

    Args:
        view: One snapshot.
        text: Beginnings of names, of a record, citizen or insurance number, or a year of birth,
            in any order, with or without diacritics.
        limit: At most so many.

    Returns:
        Nothing for a text without letters and digits.
    """
    words = _WORD.findall(fold(text))
    if not words:
        return ()
    query = " ".join(f'"{word}"*' for word in words)
    return _found(view, _FIND, query, limit)


def on_ward(view: View, ward: WardId) -> tuple[Found, ...]:
    """Everybody who stays on a ward, in the order of the beds' names."""
    return _found(view, _ON_WARD, ward)


def these(view: View, patients: Iterable[PatientId]) -> dict[PatientId, Found]:
    """Those of some people who are in the record, by their ids."""
    return {each.identity.patient: each for each in _found(view, _THESE, listed(patients))}


def _found(view: View, query: str, *values: object) -> tuple[Found, ...]:
    rows = view.connection.exec_driver_sql(query, values)
    return tuple(Found(Identity(*row[:IDENTITY_COLUMNS]), *row[IDENTITY_COLUMNS:]) for row in rows)
