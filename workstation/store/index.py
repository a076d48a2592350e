"""The index tables follow the effective record: refreshed with each write, rebuilt on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table

from workstation.fhir.compartment import encounter_of, patient_of
from workstation.fhir.json import Resource, parse
from workstation.store import conflict_index, index_rows
from workstation.store.index_tables import (
    INDEX_TABLES,
    encounter_diagnosis,
    encounter_place,
    location_index,
    observation_index,
    record_index,
)
from workstation.store.tables import conflict

_CHUNK: Final = 400
_REBUILD_CHUNK: Final = 2_000

Rows = Sequence[tuple[Any, ...]]


class IndexRow(NamedTuple):
    """One effective resource to index; None takes it out of the index."""

    type: str
    id: str
    resource: Resource | None


def refresh(connection: Connection, rows: Iterable[IndexRow]) -> None:
    """Bring the index rows of some resources up to date, inside the caller's transaction.

    Args:
        connection: Of a writing transaction.
        rows: Effective resources (pending over server's); the last of equal references counts.
            A resource that is None, deleted, is taken out.
    """
    latest = {(row.type, row.id): row.resource for row in rows}
    if not latest:
        return
    kept = [resource for resource in latest.values() if resource is not None]
    _refresh_records(connection, latest, kept)
    by_type: dict[str, list[Resource]] = {}
    for resource in kept:
        by_type.setdefault(resource["resourceType"], []).append(resource)
    ids: dict[str, list[str]] = {}
    for type_, id_ in latest:
        ids.setdefault(type_, []).append(id_)
    if "Observation" in ids:
        _refresh_observations(connection, ids["Observation"], by_type.get("Observation", []))
    if "Patient" in ids:
        _refresh_patients(connection, ids["Patient"], by_type.get("Patient", []))
    if "Location" in ids or "Encounter" in ids:
        _refresh_places(connection, ids, by_type)
    if "Task" in ids:
        tasks = {id_: latest["Task", id_] for id_ in ids["Task"]}
        conflict_index.refresh(connection, tasks)


def rebuild(connection: Connection, progress: Callable[[int, int], None]) -> int:
    """Empty the index tables and fill them again from ``resource`` and ``pending``.

    Args:
        connection: Of a writing transaction.
        progress: Is told how many resources are done, and of how many.

    Returns:
        How many resources were indexed.
    """
    for table in (*INDEX_TABLES, conflict):
        connection.execute(table.delete())
    connection.exec_driver_sql("INSERT INTO patient_words(patient_words) VALUES('delete-all')")
    total = int(connection.exec_driver_sql(f"SELECT count(*) FROM ({EFFECTIVE})").scalar_one())
    found = connection.exec_driver_sql(EFFECTIVE)
    done = 0
    while batch := list(islice(found, _REBUILD_CHUNK)):
        refresh(connection, [IndexRow(row[0], row[1], parse(row[2])) for row in batch])
        done += len(batch)
        progress(done, total)
    return done


EFFECTIVE: Final = (
    "SELECT type, id, body FROM resource r WHERE NOT deleted AND NOT EXISTS (SELECT 1 FROM"
    " pending p WHERE p.type = r.type AND p.id = r.id AND p.state <> 'conflict')"
    " UNION ALL SELECT type, id, body FROM pending p WHERE operation <> 'delete'"
    " AND (state <> 'conflict' OR NOT EXISTS (SELECT 1 FROM resource r WHERE r.type = p.type"
    " AND r.id = p.id))"
)
"""Every effective resource that is not deleted: (type, id, body)."""


def _many(connection: Connection, sql: str, rows: Rows) -> None:
    if rows:
        connection.exec_driver_sql(sql, list(rows))


def _insert(table: Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ",".join("?" * len(table.columns))
    return f"INSERT OR REPLACE INTO {table.name} ({columns}) VALUES ({marks})"


_RECORD: Final = _insert(record_index)
_OBSERVATION: Final = _insert(observation_index)
_LOCATION: Final = _insert(location_index)
_ENCOUNTER: Final = (
    "INSERT OR REPLACE INTO encounter_index"
    " (id, patient, status, class, started_at, ended_at, diagnosis, care_level)"
    " VALUES (?,?,?,?,?,?,?,?)"
)
_PATIENT: Final = (
    "INSERT INTO patient_index (id, family, given, name, folded, birth_date, sex, record_number,"
    " national_id, insurance_number, deceased, active) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (id) DO UPDATE SET family=excluded.family, given=excluded.given,"
    " name=excluded.name, folded=excluded.folded, birth_date=excluded.birth_date,"
    " sex=excluded.sex, record_number=excluded.record_number, national_id=excluded.national_id,"
    " insurance_number=excluded.insurance_number, deceased=excluded.deceased,"
    " active=excluded.active"
)


def _refresh_records(
    connection: Connection,
    latest: dict[tuple[str, str], Resource | None],
    kept: list[Resource],
) -> None:
    gone = [key for key, resource in latest.items() if resource is None]
    _many(connection, "DELETE FROM record_index WHERE type = ? AND id = ?", gone)
    _many(connection, _RECORD, [index_rows.record(r, patient_of(r), encounter_of(r)) for r in kept])


def _refresh_observations(connection: Connection, ids: list[str], kept: list[Resource]) -> None:
    _many(connection, "DELETE FROM observation_index WHERE id = ?", [(id_,) for id_ in ids])
    rows = [row for r in kept for row in index_rows.observations(r, patient_of(r), encounter_of(r))]
    _many(connection, _OBSERVATION, rows)


def _refresh_patients(connection: Connection, ids: list[str], kept: list[Resource]) -> None:
    one = "(SELECT number FROM patient_index WHERE id = ?)"
    _many(connection, f"DELETE FROM patient_words WHERE rowid = {one}", [(id_,) for id_ in ids])
    alive = {resource["id"] for resource in kept}
    gone = [(id_,) for id_ in ids if id_ not in alive]
    _many(connection, "DELETE FROM patient_index WHERE id = ?", gone)
    found = [index_rows.patient(resource) for resource in kept]
    _many(connection, _PATIENT, [each.row for each in found])
    words = [(each.row[0], each.words) for each in found]
    _many(connection, f"INSERT INTO patient_words (rowid, words) VALUES ({one}, ?)", words)


def _refresh_places(
    connection: Connection, ids: dict[str, list[str]], kept: dict[str, list[Resource]]
) -> None:
    stays = [(id_,) for id_ in ids.get("Encounter", ())]
    for table in ("encounter_place", "encounter_diagnosis"):
        _many(connection, f"DELETE FROM {table} WHERE encounter = ?", stays)
    _many(connection, "DELETE FROM encounter_index WHERE id = ?", stays)
    encounters = kept.get("Encounter", [])
    _many(connection, _ENCOUNTER, [index_rows.encounter(r, patient_of(r)) for r in encounters])
    places = [row for r in encounters for row in index_rows.places(r)]
    _many(connection, _insert(encounter_place), places)
    diagnoses = [row for r in encounters for row in index_rows.diagnoses(r)]
    _many(connection, _insert(encounter_diagnosis), diagnoses)
    locations = ids.get("Location", [])
    _many(connection, "DELETE FROM location_index WHERE id = ?", [(id_,) for id_ in locations])
    _many(connection, _LOCATION, [index_rows.location(r) for r in kept.get("Location", ())])
    _settle(connection, [id_ for (id_,) in stays], locations)


_PLACE: Final = """
UPDATE encounter_index SET
  bed = (SELECT l.id FROM encounter_place p JOIN location_index l ON l.id = p.location
         WHERE p.encounter = encounter_index.id AND l.kind = 'bd' ORDER BY p.rowid LIMIT 1),
  ward = (
    WITH RECURSIVE up(id, kind, part_of, depth, no_bed, place) AS (
      SELECT l.id, l.kind, l.part_of, 0, l.kind <> 'bd', p.rowid FROM encounter_place p
      JOIN location_index l ON l.id = p.location WHERE p.encounter = encounter_index.id
      UNION SELECT l.id, l.kind, l.part_of, up.depth + 1, no_bed, place FROM up
      JOIN location_index l ON l.id = up.part_of WHERE up.depth < 6)
    SELECT coalesce(
      (SELECT id FROM up WHERE kind = 'wa' ORDER BY no_bed, place, depth LIMIT 1),
      (SELECT part_of FROM up WHERE kind = 'bd' ORDER BY place LIMIT 1),
      (SELECT id FROM up ORDER BY no_bed, place, depth LIMIT 1)))
WHERE id = ?
"""
"""Bed and ward of a stay: those of its newest place that is a bed; rows stand in that order."""

_TOUCHED: Final = """
WITH RECURSIVE down(id, depth) AS (
  SELECT ?, 0 UNION SELECT l.id, depth + 1 FROM down
  JOIN location_index l ON l.part_of = down.id WHERE depth < 6)
SELECT DISTINCT p.encounter FROM down JOIN encounter_place p ON p.location = down.id
"""


def _settle(connection: Connection, stays: list[str], locations: list[str]) -> None:
    """Find bed and ward of the stays that changed, and of those whose places changed."""
    touched = set(stays)
    for place in locations:
        touched.update(connection.exec_driver_sql(_TOUCHED, (place,)).scalars())
    _many(connection, _PLACE, [(stay,) for stay in touched])
