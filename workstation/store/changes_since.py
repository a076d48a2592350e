"""What became known here of some patients after a moment: what came, and what was saved here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workstation.store.record import View
from workstation.store.rows import listed
from workstation.store.tables import from_milliseconds, to_milliseconds

_CLOCK_SET_BACK: Final = timedelta(hours=1)
"""Saves are read newest first up to this much before the moment, should the clock have moved."""
_FILLING: Final = timedelta(minutes=10)
"""What comes within this time after a patient entered the scope is their record, and no news."""

_SAVED: Final = """
SELECT type, id, patient, recorded_at, author FROM change WHERE author IS NOT NULL
ORDER BY seq DESC
"""
_CAME: Final = """
SELECT a.type, a.id, a.patient, a.at, coalesce(a.at < m.entered_at + ?4, 1) AS filled
FROM json_each(?2) p
CROSS JOIN arrival a ON a.patient = p.value
LEFT JOIN (SELECT patient, min(entered_at) AS entered_at FROM scope_member GROUP BY patient) m
  ON m.patient = a.patient
WHERE a.at > ?1
  AND NOT (filled AND a.type IN ('Observation', 'MedicationAdministration') AND EXISTS (
    SELECT 1 FROM record_index r WHERE r.type = a.type AND r.id = a.id AND r.at < ?1))
  AND NOT EXISTS (
    SELECT 1 FROM change c JOIN resource r ON r.type = c.type AND r.id = c.id
    WHERE c.type = a.type AND c.id = a.id AND c.author = ?3 AND c.answer_version = r.version)
"""
_MEASURED: Final = """
SELECT r.id, r.patient, r.at FROM json_each(?) p CROSS JOIN record_index r
WHERE r.patient = p.value AND r.at > ? AND r.type = 'Observation' AND r.kind = 'vital-signs'
"""


@dataclass(frozen=True, slots=True)
class Known:
    """One record that is new or other than before.

    Attributes:
        type: FHIR type.
        id: Its id.
        patient: Id of the patient.
        at: When this terminal learned of it (aware).
        filled: Whether it came with the whole record of a patient new to this terminal: then only
            the time on the record says whether it is news.
    """

    type: str
    id: str
    patient: str
    at: datetime
    filled: bool = False


def since(view: View, patients: Iterable[str], moment: datetime, *, person: str) -> list[Known]:
    """What became known after a moment, each record once, without a person's own saves.

    Vital signs that came from the hospital count by their own time: nothing else is kept of them.
    Of what came with the whole record of a new patient, values and doses of before are left out.

    Args:
        view: One snapshot.
        patients: Ids of the patients.
        moment: Aware.
        person: ``Practitioner/<id>`` of whom nothing is news to.
    """
    wanted = list(dict.fromkeys(patients))
    found: dict[tuple[str, str], Known] = {}
    for known in [*_measured(view, wanted, moment), *_came(view, wanted, moment, person)]:
        found[known.type, known.id] = known
    own: set[tuple[str, str]] = set()
    for known, author in _saved(view, frozenset(wanted), moment):
        key = (known.type, known.id)
        if author == person:
            own.add(key)
            if known.type == "Observation":
                found.pop(key, None)
        elif key not in own:
            found.setdefault(key, known)
    return sorted(found.values(), key=lambda known: (known.at, known.type, known.id))


def _saved(view: View, wanted: frozenset[str], moment: datetime) -> list[tuple[Known, str]]:
    found, least = [], to_milliseconds(moment)
    stop = to_milliseconds(moment - _CLOCK_SET_BACK)
    for type_, id_, patient, at, author in view.connection.exec_driver_sql(_SAVED):
        if at < stop:
            break
        if at > least and patient in wanted:
            found.append((Known(type_, id_, patient, from_milliseconds(at)), author))
    return found


def _came(view: View, wanted: list[str], moment: datetime, person: str) -> list[Known]:
    filling = int(_FILLING.total_seconds() * 1000)
    arguments = (to_milliseconds(moment), listed(wanted), person, filling)
    rows = view.connection.exec_driver_sql(_CAME, arguments).all()
    return [
        Known(type_, id_, patient, from_milliseconds(at), bool(filled))
        for type_, id_, patient, at, filled in rows
    ]


def _measured(view: View, wanted: list[str], moment: datetime) -> list[Known]:
    rows = view.connection.exec_driver_sql(
        _MEASURED, (listed(wanted), to_milliseconds(moment))
    ).all()
    return [Known("Observation", id_, patient, from_milliseconds(at)) for id_, patient, at in rows]
