"""What sync remembers between rounds: cursors, the server, its ids, who is in scope, the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.store.record import Unit, View
from workstation.store.tables import from_milliseconds, to_milliseconds

CENSUS: Final = "#"
"""The cursor row of a scope that keeps the time of its last census."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where one type of one scope was pulled.

    Attributes:
        watermark: The server's newest ``lastUpdated`` seen; empty before the first pull.
        overlap_s: How far before it rows may still appear.
        complete_at: End of the last complete pull, by this terminal's clock.
        seen_at: The server's time when the watermark was first seen; empty if it did not say.
        settled_s: How much of the server's time had passed since then when the last complete
            pull began: what is that much older than the overlap has appeared by now.
    """

    watermark: str = ""
    overlap_s: int = 120
    complete_at: datetime | None = None
    seen_at: str = ""
    settled_s: int = 0


@dataclass(frozen=True, slots=True)
class Remembered:
    """A server as it was found.

    Attributes:
        epoch: Tells one life of its database from another.
        probe: Encoded capabilities; empty before the first probe.
    """

    epoch: str
    probe: str


@dataclass(frozen=True, slots=True)
class Member:
    """A patient in scope, or one who has just left it.

    Attributes:
        patient: Id.
        left_at: When the patient left; None while in scope.
    """

    patient: str
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One round of sync, for the sync centre."""

    started_at: datetime
    ended_at: datetime
    outcome: str
    pulled: int = 0
    sent: int = 0
    merged: int = 0
    conflicts: int = 0
    parked: int = 0
    detail: str = ""


def cursors(view: View, scope: str) -> dict[str, Cursor]:
    """The cursors of a scope, by type."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, watermark, overlap_seconds, complete_at, seen FROM cursor WHERE scope = ?",
        (scope,),
    )
    return {row[0]: _cursor(*row[1:]) for row in rows}


def _cursor(watermark: str | None, overlap: int, complete: int | None, seen: str | None) -> Cursor:
    settled, _, at = (seen or "0 ").partition(" ")
    ended = None if complete is None else from_milliseconds(complete)
    return Cursor(watermark or "", overlap, ended, at, int(settled))


def set_cursor(unit: Unit, scope: str, type_: str, cursor: Cursor) -> None:
    """Move a cursor, in the transaction that stores the rows it vouches for."""
    complete = None if cursor.complete_at is None else to_milliseconds(cursor.complete_at)
    unit.connection.exec_driver_sql(
        "INSERT OR REPLACE INTO cursor (scope, type, watermark, overlap_seconds, complete_at, seen)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            *(scope, type_, cursor.watermark, cursor.overlap_s, complete),
            f"{cursor.settled_s} {cursor.seen_at}",
        ),
    )


def ask_for_census(unit: Unit) -> None:
    """Let the next pull compare every id and version with the server."""
    unit.connection.exec_driver_sql("DELETE FROM cursor WHERE type = ?", (CENSUS,))


def forget_cursors(unit: Unit) -> None:
    """Pull everything anew."""
    unit.connection.exec_driver_sql("DELETE FROM cursor")


def remembered(view: View, base: str) -> Remembered | None:
    """What is known of the server at an address; None before the first meeting."""
    row = view.connection.exec_driver_sql(
        "SELECT epoch, probe FROM server WHERE base = ?", (base,)
    ).one_or_none()
    return None if row is None else Remembered(row[0] or "", row[1] or "")


def remember(unit: Unit, base: str, found: Remembered, now: datetime) -> None:
    """Keep what was found out about a server."""
    unit.connection.exec_driver_sql(
        "INSERT OR REPLACE INTO server (base, epoch, probe, probed_at) VALUES (?, ?, ?, ?)",
        (base, found.epoch, found.probe, to_milliseconds(now)),
    )


def id_map(view: View, base: str) -> dict[str, str]:
    """``Type/id`` here to ``Type/id`` there, for a server that chooses ids itself."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, local_id, server_id FROM id_map WHERE base = ?", (base,)
    )
    return {f"{row[0]}/{row[1]}": f"{row[0]}/{row[2]}" for row in rows}


def map_ids(unit: Unit, base: str, pairs: Mapping[str, str]) -> None:
    """Remember which ids the server chose: ``Type/id`` here to ``Type/id`` there."""
    if not pairs:
        return
    unit.connection.exec_driver_sql(
        "INSERT OR REPLACE INTO id_map (base, type, local_id, server_id) VALUES (?, ?, ?, ?)",
        [
            (base, *local.split("/", 1), server.rpartition("/")[2])
            for local, server in pairs.items()
        ],
    )


def unmap(unit: Unit, base: str, reference: str) -> None:
    """Forget the id that the server chose for a record: it does not have it any more."""
    unit.connection.exec_driver_sql(
        "DELETE FROM id_map WHERE base = ? AND type = ? AND local_id = ?",
        (base, *reference.split("/", 1)),
    )


def members(view: View, ward: str) -> dict[str, Member]:
    """The patients in a scope and those who have just left it, by id."""
    rows = view.connection.exec_driver_sql(
        "SELECT patient, left_at FROM scope_member WHERE ward = ?", (ward,)
    )
    return {
        row[0]: Member(row[0], None if row[1] is None else from_milliseconds(row[1]))
        for row in rows
    }


def enter(unit: Unit, ward: str, patient: str, now: datetime) -> None:
    """Take a patient into scope: the whole record is here now."""
    unit.connection.exec_driver_sql(
        "INSERT INTO scope_member (patient, ward, entered_at) VALUES (?, ?, ?)"
        " ON CONFLICT (patient, ward) DO UPDATE SET left_at = NULL,"
        " entered_at = excluded.entered_at",
        (patient, ward, to_milliseconds(now)),
    )


def leave(unit: Unit, ward: str, patients: Iterable[str], now: datetime) -> None:
    """Patients left the scope; they stay readable for a while."""
    for patient in patients:
        unit.connection.exec_driver_sql(
            "UPDATE scope_member SET left_at = ? WHERE ward = ? AND patient = ?"
            " AND left_at IS NULL",
            (to_milliseconds(now), ward, patient),
        )


def forget_member(unit: Unit, ward: str, patient: str) -> None:
    """A patient's copy was purged."""
    unit.connection.exec_driver_sql(
        "DELETE FROM scope_member WHERE ward = ? AND patient = ?", (ward, patient)
    )


def in_any_scope(view: View, patient: str) -> bool:
    """Whether a patient is in some scope of this terminal now."""
    return bool(
        view.connection.exec_driver_sql(
            "SELECT count(*) FROM scope_member WHERE patient = ? AND left_at IS NULL", (patient,)
        ).scalar_one()
    )


def write_log(unit: Unit, entry: LogEntry) -> None:
    """Add one round to the log; the newest 1,000 are kept."""
    unit.connection.exec_driver_sql(
        "INSERT INTO sync_log (started_at, ended_at, outcome, pulled, sent, merged, conflicts,"
        " parked, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            to_milliseconds(entry.started_at),
            to_milliseconds(entry.ended_at),
            entry.outcome,
            entry.pulled,
            entry.sent,
            entry.merged,
            entry.conflicts,
            entry.parked,
            entry.detail,
        ),
    )
    unit.connection.exec_driver_sql(
        "DELETE FROM sync_log WHERE id <= (SELECT max(id) FROM sync_log) - 1000"
    )


def read_log(view: View, limit: int) -> list[LogEntry]:
    """The newest rounds first."""
    rows = view.connection.exec_driver_sql(
        "SELECT started_at, ended_at, outcome, pulled, sent, merged, conflicts, parked, detail"
        " FROM sync_log ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [
        LogEntry(from_milliseconds(row[0]), from_milliseconds(row[1]), *row[2:]) for row in rows
    ]


def places(view: View, ward: str) -> list[str]:
    """The ward's Location and everything that is part of it: rooms, beds."""
    rows = view.connection.exec_driver_sql(
        "WITH RECURSIVE down(id, depth) AS (SELECT ?, 0 UNION SELECT l.id, depth + 1 FROM down"
        " JOIN location_index l ON l.part_of = down.id WHERE depth < 6)"
        " SELECT DISTINCT id FROM down",
        (ward,),
    )
    return [row[0] for row in rows]
