"""The read model of results: every value of a patient in one query, critical ones of a ward.

No record is parsed as a whole: the index gives code, time, number and flag, and the few parts that
it lacks are cut out of the stored text by SQLite, with the digits as they were written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from workstation.kernel.ids import PatientId, WardId
from workstation.store.record import Stored, View
from workstation.store.rows import PRESENT, VOID, listed, moment
from workstation.store.tables import to_milliseconds

SEEN: Final = "results"
"""What `workstation.store.seen` calls the results of a patient."""

Bound = tuple[str, str, float | None, float | None]
"""Code, unit, and the ends beyond which a value may be critical."""

_PARTS: Final = (
    "'$.performer','$.referenceRange','$.code.text','$.component','$.note','$.valueQuantity.unit',"
    "'$.valueQuantity.comparator','$.contained','$.issued'"
)
_RESULTS: Final = f"""
SELECT o.id, o.code, o.at, o.digits, o.unit, o.text, o.status, o.flag, p.id IS NOT NULL,
  json_extract(CASE WHEN p.id IS NULL OR p.state = 'conflict' THEN coalesce(r.body, p.body)
    ELSE coalesce(p.body, r.body) END, {_PARTS})
FROM observation_index o INDEXED BY observation_index_results
LEFT JOIN pending p ON p.type = 'Observation' AND p.id = o.id
LEFT JOIN resource r ON r.type = 'Observation' AND r.id = o.id
WHERE o.patient = ? AND o.category = 'laboratory' AND coalesce(o.status, '') <> 'cancelled'
ORDER BY o.at DESC, o.id DESC LIMIT ?
"""
_CRITICAL: Final = f"""
SELECT o.patient, o.id, o.code, o.unit, o.value, o.flag IN ('LL','HH','AA')
FROM json_each(?) s CROSS JOIN observation_index o INDEXED BY observation_index_results
WHERE o.patient = s.value AND o.at >= ? AND o.category = 'laboratory'
  AND coalesce(o.status, '') NOT IN {VOID}
  AND (o.value IS NOT NULL OR o.flag IN ('LL','HH','AA'))
ORDER BY o.at DESC, o.id
"""
_TASKS: Final = """
SELECT id FROM record_index INDEXED BY record_index_patient_type
WHERE patient IN (SELECT value FROM json_each(?)) AND type = 'Task' AND type <> 'Observation'
  AND kind = ? AND coalesce(at, ?) >= ?
"""
_REPORTS: Final = """
SELECT id, at, label, status, author, kind,
  EXISTS (SELECT 1 FROM pending p WHERE p.type = 'DiagnosticReport' AND p.id = record_index.id)
FROM record_index INDEXED BY record_index_patient_type
WHERE patient = ? AND type = 'DiagnosticReport' AND type <> 'Observation' ORDER BY at DESC, id
"""
_ARRIVED: Final = f"""
SELECT a.patient, a.type, a.id
FROM json_each(?) s CROSS JOIN arrival a INDEXED BY arrival_patient
WHERE a.patient = s.value ->> 0 AND a.at > s.value ->> 1
  AND ((a.type = 'DiagnosticReport' AND EXISTS (
  SELECT 1 FROM record_index r WHERE r.type = a.type AND r.id = a.id
    AND coalesce(r.status, '') NOT IN {VOID}))
  OR (a.type = 'Observation' AND EXISTS (
  SELECT 1 FROM observation_index o WHERE o.id = a.id AND coalesce(o.status, '') NOT IN {VOID})))
"""
_RECENT: Final = f"""
SELECT DISTINCT o.patient, 'Observation', o.id
FROM json_each(?) s CROSS JOIN observation_index o INDEXED BY observation_index_results
WHERE o.patient = s.value AND o.at >= ? AND o.category = 'laboratory'
  AND coalesce(o.status, '') NOT IN {VOID}
UNION ALL
SELECT r.patient, r.type, r.id FROM json_each(?) s
CROSS JOIN record_index r INDEXED BY record_index_patient_type
WHERE r.patient = s.value AND r.type = 'DiagnosticReport' AND r.type <> 'Observation'
  AND r.at >= ? AND coalesce(r.status, '') NOT IN {VOID}
"""
_MARKS: Final = (
    "SELECT patient, at FROM seen WHERE person = ? AND what = ?"
    " AND patient IN (SELECT value FROM json_each(?))"
)
_BORN: Final = (
    "SELECT id, birth_date FROM patient_index WHERE id IN (SELECT value FROM json_each(?))"
)
_IN_WARD: Final = (
    f"SELECT DISTINCT patient FROM encounter_index WHERE ward = ? AND status IN {PRESENT}"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One value.

    Attributes:
        observation: Id of the Observation; its components share it.
        code: LOINC or another code.
        at: When the sample was taken (aware).
        digits: The number as it was written; None where there is none.
        unit: UCUM code, else as written.
        text: Words instead of a number.
        status: FHIR status.
        flag: Code of the interpretation.
        unsent: Whether the hospital does not have it yet.
        parts: Elements that the index lacks, in the order of `PARTS`.
    """

    observation: str
    code: str
    at: datetime | None
    digits: str | None
    unit: str | None
    text: str | None
    status: str | None
    flag: str | None
    unsent: bool
    parts: dict[str, Any]


PARTS: Final = (
    *("performer", "referenceRange", "name", "component", "note", "unit", "comparator"),
    *("contained", "issued"),
)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in the list.

    Attributes:
        section: First code of its category.
        unsent: Whether the hospital does not have it yet.
    """

    id: str
    at: datetime | None
    title: str | None
    status: str | None
    author: str | None
    section: str | None
    unsent: bool


def of_patient(view: View, patient: PatientId, newest: int | None = None) -> list[Row]:
    """Laboratory values of a patient, oldest first; those in error too, to be struck out.

    Args:
        view: One snapshot.
        patient: Whose.
        newest: Only so many, the newest; None for all.
    """
    decode = msgspec.json.Decoder(list[Any], float_hook=Decimal).decode
    found = []
    arguments = (patient, -1 if newest is None else newest)
    for row in view.connection.exec_driver_sql(_RESULTS, arguments).all():
        parts = dict(zip(PARTS, decode(row[9]) if row[9] else (), strict=False))
        fields = [*row[:2], moment(row[2]), *row[3:8], bool(row[8]), parts]
        found.append(Row(*fields))
    return found[::-1]


def critical(
    view: View, patients: Iterable[str], bounds: Iterable[Bound], since: datetime
) -> dict[str, list[str]]:
    """Ids of results that may be critical, by patient, newest first; the caller judges exactly."""
    edges = {(code, unit): (low, high) for code, unit, low, high in bounds}
    found: dict[str, list[str]] = {}
    arguments = (listed(patients), to_milliseconds(since))
    rows = view.connection.exec_driver_sql(_CRITICAL, arguments).all()
    for patient, id_, code, unit, value, told in rows:
        if told or _beyond(value, edges.get((code, unit))):
            ids = found.setdefault(patient, [])
            if id_ not in ids:
                ids.append(id_)
    return found


def _beyond(value: float | None, edges: tuple[float | None, float | None] | None) -> bool:
    if value is None or edges is None:
        return False
    low, high = edges
    return (low is not None and value <= low) or (high is not None and value >= high)


def tasks(view: View, patients: Iterable[str], kind: str, since: datetime) -> list[Stored]:
    """Tasks of one code about some patients, not older than a moment."""
    at = to_milliseconds(since)
    rows = view.connection.exec_driver_sql(_TASKS, (listed(patients), kind, at, at))
    return view.these("Task", rows.scalars())


def reports(view: View, patient: PatientId) -> list[ReportRow]:
    """The reports of a patient, newest first."""
    rows = view.connection.exec_driver_sql(_REPORTS, (patient,))
    fields = [[row[0], moment(row[1]), *row[2:6], bool(row[6])] for row in rows]
    return [ReportRow(*each) for each in fields]


def unseen(
    view: View, person: str, patients: Sequence[str], *, otherwise_since: datetime
) -> dict[str, list[tuple[str, str]]]:
    """Type and id of results and reports that came since a person last looked, by patient.

    Args:
        view: One snapshot.
        person: Id of the person.
        patients: Whose.
        otherwise_since: Of a patient at whom the person never looked, what was taken since then.
    """
    run = view.connection.exec_driver_sql
    marks = {row[0]: row[1] for row in run(_MARKS, (person, SEEN, listed(patients)))}
    found: dict[str, list[tuple[str, str]]] = {}
    for patient, type_, id_ in run(_ARRIVED, (json.dumps(list(marks.items())),)).all():
        found.setdefault(patient, []).append((type_, id_))
    fresh, since = listed(set(patients) - set(marks)), to_milliseconds(otherwise_since)
    for patient, type_, id_ in run(_RECENT, (fresh, since, fresh, since)).all():
        found.setdefault(patient, []).append((type_, id_))
    return found


def born(view: View, patients: Iterable[str]) -> dict[str, str | None]:
    """Birth dates as written of some patients."""
    return {row[0]: row[1] for row in view.connection.exec_driver_sql(_BORN, (listed(patients),))}


def in_ward(view: View, ward: WardId) -> list[PatientId]:
    """Everybody who stays on a ward; a result also finds who is on leave."""
    rows = view.connection.exec_driver_sql(_IN_WARD, (ward,))
    return [PatientId(patient) for patient in rows.scalars()]
