"""The queue of what the server has not yet accepted, as the sync engine reads and moves it.

A row of ``pending`` is one resource, however often it was edited. While its bytes are on the way
they stand in ``frozen_body`` with the journal number they reach up to (``frozen_seq``); an answer
settles only what was frozen, so an edit made during the flight stays pending on the new base.
A row that was frozen and has no answer is *in doubt*: it is looked up before anything is repeated.

Only `acknowledge`, `settle_unsent` and `withdraw` take a row out, each with the journal answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.fhir.json import parse
from workstation.store.index import IndexRow, refresh
from workstation.store.keys import KEYS, Key, encoded
from workstation.store.parking import release
from workstation.store.record import Unit, View
from workstation.store.tables import from_milliseconds, to_milliseconds

_COLUMNS: Final = (
    "type, id, operation, body, base_version, base_body, last_seq, state, attempts,"
    " frozen_body, frozen_seq, patient, last_answer"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One resource with changes that the server has not accepted.

    Attributes:
        type: FHIR resource type.
        id: Logical id, as it is here.
        operation: ``create``, ``update`` or ``delete``.
        body: What it is meant to be; of a delete the last one known.
        base_version: The server's version that the edit started from; None if it had none.
        base_body: The body that the edit started from.
        last_seq: Journal number of the newest edit in it.
        state: ``ready``, ``parked``, ``conflict`` or ``held``.
        attempts: How often it was sent without an answer of its own.
        frozen_body: The bytes on the way, in doubt until answered; None when none are.
        frozen_seq: Journal number that the frozen bytes reach up to.
        patient: Id of the patient concerned.
        last_answer: What it was last parked with, also when it was released since.
    """

    type: str
    id: str
    operation: str
    body: str
    base_version: str | None
    base_body: str | None
    last_seq: int
    state: str
    attempts: int
    frozen_body: str | None
    frozen_seq: int | None
    patient: str | None
    last_answer: str | None = None

    @property
    def key(self) -> Key:
        """Type and id."""
        return self.type, self.id

    @property
    def reference(self) -> str:
        """``Type/id``."""
        return f"{self.type}/{self.id}"

    @property
    def in_doubt(self) -> bool:
        """Whether it was sent and nobody knows what became of it."""
        return self.frozen_seq is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to one frozen change that it accepted.

    Attributes:
        type: FHIR resource type.
        id: Logical id, as it is here.
        version: The server's version now.
        last_updated: The server's time of it; None if it did not say.
        body: The resource as the server has it; None when that is what was sent.
        status: HTTP status.
        deleted: Whether the change was a delete.
    """

    type: str
    id: str
    version: str | None
    last_updated: str | None
    body: str | None
    status: int
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits, for the status."""

    unsent: int
    parked: int
    conflicts: int


def ready(view: View, now: datetime, limit: int) -> list[Waiting]:
    """What may be sent now, oldest first, at most `limit` resources."""
    rows = view.connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM pending WHERE state = 'ready'"
        " AND (next_attempt_at IS NULL OR next_attempt_at <= ?) ORDER BY first_seq LIMIT ?",
        (to_milliseconds(now), limit),
    )
    return [Waiting(*row) for row in rows.all()]


def waiting(view: View, keys: Iterable[Key]) -> dict[Key, Waiting]:
    """Those of some resources that have pending changes."""
    rows = view.connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM pending WHERE (type, id) IN {KEYS}", (encoded(keys),)
    )
    return {(row[0], row[1]): Waiting(*row) for row in rows}


def unborn(view: View, keys: Iterable[Key]) -> dict[Key, str]:
    """Those of some resources that the server does not have yet, with the state of their create."""
    rows = view.connection.exec_driver_sql(
        f"SELECT type, id, state FROM pending WHERE (type, id) IN {KEYS} AND operation = 'create'",
        (encoded(keys),),
    )
    return {(row[0], row[1]): row[2] for row in rows}


def counts(view: View) -> Counts:
    """How much waits."""
    row = view.connection.exec_driver_sql(
        "SELECT count(*), coalesce(sum(state = 'parked'), 0),"
        " (SELECT count(*) FROM conflict WHERE state = 'open') FROM pending"
    ).one()
    return Counts(int(row[0]), int(row[1]), int(row[2]))


def open_collisions(view: View) -> int:
    """How many collisions of meaning wait for a person."""
    return int(
        view.connection.exec_driver_sql(
            "SELECT count(*) FROM record_index WHERE type = 'DetectedIssue'"
            " AND status = 'preliminary'"
        ).scalar_one()
    )


def next_attempt(view: View) -> datetime | None:
    """When the next postponed change may be tried again; None if none is postponed."""
    found = view.connection.exec_driver_sql(
        "SELECT min(next_attempt_at) FROM pending WHERE state = 'ready'"
    ).scalar()
    return None if found is None else from_milliseconds(found)


def authors(view: View, keys: Iterable[Key]) -> dict[Key, list[tuple[str, str]]]:
    """Who made the unanswered changes of some resources: reference and name, in order.

    Only resources that more than one person changed are given.
    """
    edited = view.connection.exec_driver_sql(
        f"SELECT type, id FROM pending WHERE (type, id) IN {KEYS} AND last_seq > first_seq",
        (encoded(keys),),
    ).all()
    if not edited:
        return {}
    rows = view.connection.exec_driver_sql(
        "SELECT type, id, author, max(author_display) FROM change"
        f" WHERE (type, id) IN {KEYS} AND answered_at IS NULL AND author IS NOT NULL"
        " GROUP BY type, id, author ORDER BY min(seq)",
        (encoded((row[0], row[1]) for row in edited),),
    )
    found: dict[Key, list[tuple[str, str]]] = {}
    for type_, id_, person, display in rows:
        found.setdefault((type_, id_), []).append((person, display))
    return {key: people for key, people in found.items() if len(people) > 1}


def freeze(unit: Unit, sending: Sequence[tuple[Waiting, str]], now: datetime) -> None:
    """Take note of the exact bytes that go out, before they do.

    Args:
        unit: A writing transaction, committed before the request is sent.
        sending: Each row as it was read, and the text that is sent for it.
        now: When.
    """
    at = to_milliseconds(now)
    unit.connection.exec_driver_sql(
        "UPDATE pending SET frozen_body = ?, frozen_seq = ?, sent_at = ?, attempts = attempts + 1"
        " WHERE type = ? AND id = ?",
        [(text, row.last_seq, at, row.type, row.id) for row, text in sending],
    )


def thaw(unit: Unit, keys: Collection[Key]) -> None:
    """The server certainly did not apply what was sent: it may be sent anew."""
    if keys:
        unit.connection.exec_driver_sql(
            "UPDATE pending SET frozen_body = NULL, frozen_seq = NULL, sent_at = NULL"
            " WHERE type = ? AND id = ?",
            list(keys),
        )


def acknowledge(unit: Unit, answers: Sequence[Answer], now: datetime) -> None:
    """Settle what was frozen: the server has it.

    Args:
        unit: A writing transaction.
        answers: One for each accepted change; at most one for each resource.
        now: When.
    """
    if not answers:
        return
    connection, at = unit.connection, to_milliseconds(now)
    connection.exec_driver_sql(
        _KEEP,
        [(a.version, a.last_updated, a.body, int(a.deleted), a.type, a.id) for a in answers],
    )
    connection.exec_driver_sql(
        "UPDATE change SET answered_at = ?, answer_status = ?, answer_version = ?"
        " WHERE type = ? AND id = ? AND answered_at IS NULL AND seq <="
        " (SELECT frozen_seq FROM pending p WHERE p.type = change.type AND p.id = change.id)",
        [(at, a.status, a.version, a.type, a.id) for a in answers],
    )
    keys = [(a.type, a.id) for a in answers]
    connection.exec_driver_sql(
        "DELETE FROM pending WHERE type = ? AND id = ? AND last_seq = frozen_seq", keys
    )
    connection.exec_driver_sql(_NEW_BASE, keys)
    reindex(unit, [(a.type, a.id) for a in answers if a.body is not None])
    release(unit, keys)


_KEEP: Final = (
    "INSERT INTO resource (type, id, version, last_updated, body, deleted, patient)"
    " SELECT p.type, p.id, ?, ?, coalesce(?, p.frozen_body, p.body), ?, p.patient FROM pending p"
    " WHERE p.type = ? AND p.id = ?"
    " ON CONFLICT (type, id) DO UPDATE SET version = excluded.version,"
    " last_updated = excluded.last_updated, body = excluded.body, deleted = excluded.deleted,"
    " patient = excluded.patient"
)

_NEW_BASE: Final = (
    "UPDATE pending SET (base_version, base_body) ="
    " (SELECT r.version, r.body FROM resource r WHERE r.type = pending.type AND r.id = pending.id),"
    " operation = CASE operation WHEN 'create' THEN 'update' ELSE operation END,"
    " frozen_body = NULL, frozen_seq = NULL, sent_at = NULL, attempts = 0, next_attempt_at = NULL,"
    " last_answer = NULL WHERE type = ? AND id = ?"
)


def rebase(
    unit: Unit,
    row: Waiting,
    *,
    version: str | None,
    base_body: str | None,
    body: str,
    operation: str,
) -> None:
    """Put a change on a new base after a merge; what is not parked is sent with that version.

    Args:
        unit: A writing transaction.
        row: As it was read in this transaction.
        version: The server's version that it stands on now.
        base_body: The server's body of that version.
        body: What the resource is meant to be now.
        operation: ``update`` or ``delete``; ``create`` where the server lost it.
    """
    unit.connection.exec_driver_sql(
        "UPDATE pending SET base_version = ?, base_body = ?, body = ?, operation = ?,"
        " frozen_body = NULL, frozen_seq = NULL, sent_at = NULL, attempts = 0,"
        " next_attempt_at = NULL WHERE type = ? AND id = ?",
        (version, base_body, body, operation, row.type, row.id),
    )
    reindex(unit, [row.key])


def settle_unsent(unit: Unit, row: Waiting, now: datetime, status: int) -> None:
    """Take out a change that needs no sending: the server's version says the same already.

    Args:
        unit: A writing transaction in which the server's version is in ``resource``.
        row: As it was read in this transaction.
        now: When.
        status: Answer to write beside its journal rows.
    """
    unit.connection.exec_driver_sql(
        "UPDATE change SET answered_at = ?, answer_status = ?, answer_version ="
        " (SELECT version FROM resource r WHERE r.type = change.type AND r.id = change.id)"
        " WHERE type = ? AND id = ? AND answered_at IS NULL AND seq <= ?",
        (to_milliseconds(now), status, row.type, row.id, row.last_seq),
    )
    unit.connection.exec_driver_sql(
        "DELETE FROM pending WHERE type = ? AND id = ? AND last_seq = ?",
        (row.type, row.id, row.last_seq),
    )
    unit.connection.exec_driver_sql("DELETE FROM parked WHERE type = ? AND id = ?", row.key)
    reindex(unit, [row.key])
    release(unit, [row.key])


def reindex(unit: Unit, keys: Iterable[Key]) -> None:
    """Let the index rows of some resources follow what is effective now."""
    rows = []
    for type_, id_ in keys:
        stored = unit.get(type_, id_)
        gone = stored is None or stored.deleted
        rows.append(IndexRow(type_, id_, None if stored is None or gone else parse(stored.body)))
    refresh(unit.connection, rows)


def types_waiting(view: View) -> Counter[str]:
    """How many resources of each type wait."""
    rows = view.connection.exec_driver_sql("SELECT type, count(*) FROM pending GROUP BY type")
    return Counter({str(row[0]): int(row[1]) for row in rows})


def owner(view: View, key: Key) -> str | None:
    """Id of the patient whom a waiting change concerns."""
    found = view.connection.exec_driver_sql(
        "SELECT patient FROM pending WHERE type = ? AND id = ?", key
    ).scalar()
    return None if found is None else str(found)
