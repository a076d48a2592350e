"""Keeps aside what the server sent and nobody here can read, so that everything else flows (P5).

The bytes stay as they came, with the server's id and the reason, until a version that can be read
comes, the server deletes it, or a person asks for it anew. An older version that could be read
stays the effective one meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from workstation.store.keys import KEYS, Key, encoded
from workstation.store.record import Unit, View
from workstation.store.tables import from_milliseconds, to_milliseconds

MOST_BYTES: Final = 1_000_000
"""Of a longer one only the size is kept: the server has the rest."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One record of the server that cannot be read here.

    Attributes:
        type: FHIR resource type; empty when the record does not say.
        id: The server's id; a digest of the bytes where there is none.
        version: The server's version; empty if it did not say.
        patient: Whose record it seems to belong to; None when that cannot be told.
        reason: Stable code.
        since: When it came first.
        size: Bytes.
    """

    type: str
    id: str
    version: str
    patient: str | None
    reason: str
    since: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Came:
    """One that came just now.

    Attributes:
        body: The bytes.
    """

    type: str
    id: str
    version: str
    patient: str | None
    reason: str
    body: bytes

    @property
    def key(self) -> Key:
        """Type and id."""
        return self.type, self.id


_KEEP: Final = (
    "INSERT INTO unreadable (type, id, version, patient, reason, since, size, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (type, id) DO UPDATE SET version = excluded.version,"
    " patient = excluded.patient, reason = excluded.reason, size = excluded.size,"
    " body = excluded.body"
)


def keep(unit: Unit, came: Iterable[Came], now: datetime) -> None:
    """Put records aside.

    Args:
        unit: A writing transaction.
        came: As the server sent them; one that is here already keeps the time it came first.
        now: When.
    """
    at = to_milliseconds(now)
    for each in came:
        body = each.body if len(each.body) <= MOST_BYTES else None
        unit.connection.exec_driver_sql(
            _KEEP,
            (*each.key, each.version, each.patient, each.reason, at, len(each.body), body),
        )


def unknown(view: View, came: Sequence[Came]) -> list[Came]:
    """Those of some records that are not kept aside here in this version."""
    rows = view.connection.exec_driver_sql(
        f"SELECT type, id, version, size FROM unreadable WHERE (type, id) IN {KEYS}",
        (encoded(each.key for each in came),),
    )
    here = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    return [each for each in came if here.get(each.key) != (each.version, len(each.body))]


def holds(view: View, keys: Sequence[Key]) -> bool:
    """Whether any of some records is kept aside here."""
    if not keys:
        return False
    found = view.connection.exec_driver_sql(
        f"SELECT EXISTS (SELECT 1 FROM unreadable WHERE (type, id) IN {KEYS})", (encoded(keys),)
    )
    return bool(found.scalar())


def forget(unit: Unit, keys: Sequence[Key]) -> int:
    """Take records out: they can be read now, are gone, or are to be asked for anew.

    Returns:
        How many there were.
    """
    if not keys:
        return 0
    return unit.connection.exec_driver_sql(
        f"DELETE FROM unreadable WHERE (type, id) IN {KEYS}", (encoded(keys),)
    ).rowcount


def all_of(view: View) -> list[Unreadable]:
    """Everything that is kept aside, oldest first."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, id, version, patient, reason, since, size FROM unreadable"
        " ORDER BY since, type, id"
    )
    return [
        Unreadable(row[0], row[1], row[2], row[3], row[4], from_milliseconds(row[5]), row[6])
        for row in rows
    ]


def versions(view: View) -> dict[Key, str]:
    """Version of everything that is kept aside, by type and id."""
    rows = view.connection.exec_driver_sql("SELECT type, id, version FROM unreadable")
    return {(row[0], row[1]): row[2] for row in rows}


def count(view: View) -> int:
    """How many records are kept aside."""
    return int(view.connection.exec_driver_sql("SELECT count(*) FROM unreadable").scalar_one())


def by_type(view: View, patients: Iterable[str]) -> dict[str, int]:
    """How many records of some patients are here in no version that can be read, by type."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, count(*) FROM unreadable u WHERE patient IN"
        " (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM resource r"
        " WHERE r.type = u.type AND r.id = u.id AND NOT r.deleted) GROUP BY type",
        (msgspec.json.encode(list(patients)).decode(),),
    )
    return {row[0]: row[1] for row in rows}


def body(view: View, key: Key) -> bytes | None:
    """The bytes of one as they came; None when it is not here, or was too long to keep."""
    found = view.connection.exec_driver_sql(
        "SELECT body FROM unreadable WHERE type = ? AND id = ?", key
    ).scalar()
    return None if found is None else bytes(found)
