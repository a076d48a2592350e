"""What does not go, why, and how it gets going again: parked, held, postponed.

A *parked* change was refused by the server and waits for a person; a *held* one waits for another
change that it refers to; a *postponed* one is tried again after a while.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from workstation.store.keys import Key
from workstation.store.record import Unit, View
from workstation.store.tables import from_milliseconds, to_milliseconds


@dataclass(frozen=True, slots=True)
class Parked:
    """Why a change does not go.

    Attributes:
        type: FHIR resource type.
        id: Logical id.
        since: When it was parked.
        status: HTTP status of the refusal; None when it waits for another change.
        code: Stable code of the reason.
        outcome: The server's own words.
        waits_for: ``Type/id`` of what it waits for.
    """

    type: str
    id: str
    since: datetime
    status: int | None
    code: str
    outcome: str
    waits_for: str | None


def hold(unit: Unit, held: Iterable[tuple[Key, str]], now: datetime) -> None:
    """Let changes wait for another one that does not go.

    Args:
        unit: A writing transaction.
        held: Each change with the ``Type/id`` that it waits for.
        now: When.
    """
    at = to_milliseconds(now)
    for (type_, id_), waits_for in held:
        unit.connection.exec_driver_sql(
            "UPDATE pending SET state = 'held' WHERE type = ? AND id = ?", (type_, id_)
        )
        unit.connection.exec_driver_sql(
            "INSERT OR REPLACE INTO parked (type, id, since, code, waits_for)"
            " VALUES (?, ?, ?, 'waits', ?)",
            (type_, id_, at, waits_for),
        )


def release(unit: Unit, keys: Iterable[Key]) -> None:
    """Let go on what waited for resources that the server has now."""
    references = msgspec.json.encode([f"{type_}/{id_}" for type_, id_ in keys]).decode()
    unit.connection.exec_driver_sql(
        "UPDATE pending SET state = 'ready' WHERE state = 'held' AND (type, id) IN (SELECT type, id"
        " FROM parked WHERE waits_for IN (SELECT value FROM json_each(?)))",
        (references,),
    )
    unit.connection.exec_driver_sql(
        "DELETE FROM parked WHERE waits_for IN (SELECT value FROM json_each(?))", (references,)
    )


def park(unit: Unit, key: Key, now: datetime, *, status: int, code: str, outcome: str) -> None:
    """Put one change aside with the server's reason; all others go on (P5).

    Args:
        unit: A writing transaction.
        key: Type and id.
        now: When.
        status: HTTP status of the refusal.
        code: Stable code of the reason.
        outcome: The server's own words.
    """
    unit.connection.exec_driver_sql(
        "UPDATE pending SET state = 'parked', frozen_body = NULL, frozen_seq = NULL,"
        " sent_at = NULL, last_status = ?, last_answer = ? WHERE type = ? AND id = ?",
        (status, outcome, *key),
    )
    unit.connection.exec_driver_sql(
        "INSERT OR REPLACE INTO parked (type, id, since, status, code, outcome)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*key, to_milliseconds(now), status, code, outcome),
    )


def postpone(unit: Unit, key: Key, until: datetime, status: int, *, tries: int = 0) -> None:
    """Try one change again later: the server stumbled over it.

    Args:
        unit: A writing transaction.
        key: Which change.
        until: When to try again.
        status: What the server answered.
        tries: To be counted as failed, beside those that were counted when it was sent.
    """
    unit.connection.exec_driver_sql(
        "UPDATE pending SET next_attempt_at = ?, last_status = ?, attempts = attempts + ?"
        " WHERE type = ? AND id = ?",
        (to_milliseconds(until), status, tries, *key),
    )


def retry(unit: Unit, key: Key) -> None:
    """Try a parked change again, because a person asked for it."""
    unit.connection.exec_driver_sql(
        "UPDATE pending SET state = 'ready', attempts = 0, next_attempt_at = NULL"
        " WHERE state = 'parked' AND type = ? AND id = ?",
        key,
    )
    unit.connection.exec_driver_sql("DELETE FROM parked WHERE type = ? AND id = ?", key)
    release(unit, [key])


def hurry(unit: Unit) -> None:
    """Forget all postponements: a person asked to sync now."""
    unit.connection.exec_driver_sql(
        "UPDATE pending SET next_attempt_at = NULL WHERE next_attempt_at IS NOT NULL"
    )


def parked(view: View) -> list[Parked]:
    """What does not go and why, oldest first."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, id, since, status, code, outcome, waits_for FROM parked ORDER BY since"
    )
    return [
        Parked(
            row[0], row[1], from_milliseconds(row[2]), row[3], row[4] or "", row[5] or "", row[6]
        )
        for row in rows
    ]
