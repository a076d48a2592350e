"""Stays by their places: who lies in a bed, who is expected on a ward, who left it lately."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from workstation.store.record import View
from workstation.store.rows import PRESENT
from workstation.store.tables import from_milliseconds, to_milliseconds

_BEDS: Final = """
WITH RECURSIVE inside(id, depth) AS (
  SELECT ?, 0 UNION SELECT l.id, depth + 1 FROM inside
  JOIN location_index l ON l.part_of = inside.id WHERE depth < 6)
SELECT l.id, coalesce(l.name, l.id) FROM inside JOIN location_index l ON l.id = inside.id
WHERE l.kind = 'bd' AND coalesce(l.status, 'active') = 'active'
"""


def beds_of(view: View, ward: str) -> dict[str, str]:
    """Names of the beds of a ward by their ids."""
    return {str(row[0]): str(row[1]) for row in view.connection.exec_driver_sql(_BEDS, (ward,))}


def wards(view: View) -> dict[str, str]:
    """Names of the wards of the house by their ids."""
    rows = view.connection.exec_driver_sql(
        "SELECT id, coalesce(name, id) FROM location_index"
        " WHERE kind = 'wa' AND coalesce(status, 'active') = 'active'"
    )
    return {str(row[0]): str(row[1]) for row in rows}


def lying_in(view: View, bed: str) -> tuple[str, ...]:
    """Ids of the stays whose bed it is, those on leave among them."""
    rows = view.connection.exec_driver_sql(
        "SELECT e.id FROM encounter_place p JOIN encounter_index e ON e.id = p.encounter"
        f" WHERE p.location = ? AND e.status IN {PRESENT} ORDER BY e.id",
        (bed,),
    )
    return tuple(str(row[0]) for row in rows)


def present(view: View) -> tuple[tuple[str, str | None], ...]:
    """Every stay that is not over and its ward, of whatever ward."""
    rows = view.connection.exec_driver_sql(
        f"SELECT id, ward FROM encounter_index WHERE status IN {PRESENT} ORDER BY started_at, id"
    )
    return tuple((str(row[0]), row[1]) for row in rows)


def planned(view: View, ward: str) -> tuple[str, ...]:
    """Ids of the stays that are expected on a ward, the first to come first."""
    rows = view.connection.exec_driver_sql(
        "SELECT id FROM encounter_index WHERE ward = ? AND status = 'planned'"
        " ORDER BY started_at, id",
        (ward,),
    )
    return tuple(str(row[0]) for row in rows)


def ended_since(view: View, ward: str, since: datetime) -> tuple[str, ...]:
    """Ids of the stays of a ward that ended after a time, the last first."""
    rows = view.connection.exec_driver_sql(
        "SELECT id FROM encounter_index WHERE ward = ? AND status = 'finished' AND ended_at >= ?"
        " ORDER BY ended_at DESC, id",
        (ward, to_milliseconds(since)),
    )
    return tuple(str(row[0]) for row in rows)


def has_records(view: View, stay: str) -> bool:
    """Whether anything that counts was charted in a stay, beside its diagnoses."""
    return bool(
        view.connection.exec_driver_sql(
            "SELECT EXISTS (SELECT 1 FROM record_index WHERE encounter = ?"
            " AND type NOT IN ('Encounter', 'Provenance')"
            " AND NOT (type = 'Condition' AND kind IS 'encounter-diagnosis')"
            " AND coalesce(status, '') NOT IN ('entered-in-error', 'cancelled'))",
            (stay,),
        ).scalar_one()
    )


def last_saved(view: View, stay: str) -> tuple[str | None, datetime] | None:
    """Who saved a stay last at this terminal and when (aware); None if nobody did."""
    row = view.connection.exec_driver_sql(
        "SELECT author, recorded_at FROM change WHERE type = 'Encounter' AND id = ?"
        " ORDER BY seq DESC LIMIT 1",
        (stay,),
    ).one_or_none()
    return None if row is None else (row[0], from_milliseconds(row[1]))
