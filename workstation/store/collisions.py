"""Who must be looked at again for collisions of meaning: the changed, and who touches them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from workstation.store.record import Unit, View
from workstation.store.rows import PRESENT

_SEEN: Final = "collisions_seen"
"""Key in ``meta``: the journal number up to which changes were examined."""
_WAITING: Final = "collisions_waiting"
"""Key in ``meta``: whom to look at again, as a list of ids."""


def journal_end(view: View) -> int:
    """The number of the newest save in the journal."""
    found = view.connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM change").scalar()
    return int(found or 0)


def saved_since(view: View) -> set[str]:
    """``Type/id`` of everything saved here since the last examination."""
    rows = view.connection.exec_driver_sql(
        "SELECT DISTINCT type, id FROM change WHERE seq >"
        " coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?), 0)",
        (_SEEN,),
    )
    return {f"{row[0]}/{row[1]}" for row in rows}


def examined(unit: Unit, up_to: int) -> None:
    """Take note that the journal was examined up to a number."""
    _put(unit, _SEEN, str(up_to))


def look_again(unit: Unit, patients: Iterable[str]) -> None:
    """Take note of whom to look at again, whatever changes: something of theirs is unsettled."""
    if (found := set(patients)) != waiting(unit):
        _put(unit, _WAITING, _encoded(sorted(found)))


def waiting(view: View) -> set[str]:
    """The patients who are to be looked at again."""
    found = view.connection.exec_driver_sql(
        "SELECT value FROM meta WHERE key = ?", (_WAITING,)
    ).scalar()
    return set(msgspec.json.decode(found, type=list[str])) if found else set()


def _put(unit: Unit, key: str, value: str) -> None:
    unit.connection.exec_driver_sql(
        "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value)
    )


def owners(view: View, references: Iterable[str], types: Iterable[str]) -> set[str]:
    """Ids of the patients whom some records of some types belong to."""
    keys = [reference.split("/", 1) for reference in references]
    wanted = [key for key in keys if key[0] in frozenset(types)]
    found = {key[1] for key in wanted if key[0] == "Patient"}
    rows = view.connection.exec_driver_sql(
        "WITH k AS (SELECT value ->> 0 AS type, value ->> 1 AS id FROM json_each(?))"
        " SELECT patient FROM k JOIN resource USING (type, id) WHERE patient IS NOT NULL"
        " UNION SELECT patient FROM k JOIN pending USING (type, id) WHERE patient IS NOT NULL",
        (_encoded(wanted),),
    )
    return found | {str(row[0]) for row in rows}


def neighbours(view: View, patients: Iterable[str]) -> set[str]:
    """Patients who lie in the same beds, or who might be the same persons; those given included."""
    chosen = set(patients)
    encoded = _encoded(sorted(chosen))
    in_beds = view.connection.exec_driver_sql(
        "SELECT DISTINCT other.patient FROM encounter_index mine"
        " JOIN encounter_place here ON here.encounter = mine.id"
        " JOIN location_index l ON l.id = here.location AND l.kind = 'bd'"
        " JOIN encounter_place there ON there.location = l.id"
        " JOIN encounter_index other ON other.id = there.encounter"
        f" WHERE mine.status IN {PRESENT} AND other.status IN {PRESENT}"
        " AND mine.patient IN (SELECT value FROM json_each(?))",
        (encoded,),
    )
    chosen |= {str(row[0]) for row in in_beds if row[0]}
    alike = view.connection.exec_driver_sql(
        "SELECT other.id FROM patient_index mine JOIN patient_index other ON other.id <> mine.id"
        " AND ((other.national_id = mine.national_id)"
        " OR (substr(other.insurance_number, -10) = substr(mine.insurance_number, -10))"
        " OR (other.folded = mine.folded AND other.birth_date = mine.birth_date))"
        " WHERE mine.id IN (SELECT value FROM json_each(?))",
        (encoded,),
    )
    return chosen | {str(row[0]) for row in alike}


def unresolved(view: View) -> list[str]:
    """Ids of the alerts that are not resolved."""
    rows = view.connection.exec_driver_sql(
        "SELECT id FROM record_index WHERE type = 'DetectedIssue'"
        " AND status NOT IN ('entered-in-error', 'cancelled', 'mitigated') ORDER BY id"
    )
    return [str(row[0]) for row in rows]


def unsettled(view: View, references: Iterable[str]) -> bool:
    """Whether the server has not accepted one of these records yet, or none of it is here."""
    for reference in references:
        type_, _, id_ = reference.partition("/")
        stored = view.get(type_, id_)
        if stored is None or stored.pending:
            return True
    return False


def pending(view: View, references: Iterable[str]) -> bool:
    """Whether one of these records has a change that the server has not accepted."""
    keys = [reference.split("/", 1) for reference in references]
    return bool(
        view.connection.exec_driver_sql(
            "WITH k AS (SELECT value ->> 0 AS type, value ->> 1 AS id FROM json_each(?))"
            " SELECT EXISTS (SELECT 1 FROM k JOIN pending USING (type, id))",
            (_encoded(keys),),
        ).scalar_one()
    )


def _encoded(value: object) -> str:
    return msgspec.json.encode(value).decode()
