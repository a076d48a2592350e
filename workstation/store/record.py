"""The local record: opened once, read through `View`, written through `Unit`.

A `Unit` is one transaction: the intended bodies in ``pending``, a journal row for each save and
the index rows are committed together or not at all, so that a returned save is durable (P1).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource, dump, equal, parse
from workstation.kernel.changes import Changes
from workstation.kernel.clock import Clock, HybridClock
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import DeviceId
from workstation.store import files, index, readings
from workstation.store.engine import transaction
from workstation.store.keys import KEYS, Key, encoded
from workstation.store.tables import to_milliseconds

_WARD_TYPES = frozenset(
    {"Encounter", "Location", "Patient", "Observation", "AllergyIntolerance", "Flag", "Condition"}
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who saves: a person at a device.

    Attributes:
        person: ``Practitioner/<id>``.
        display: The person's name as shown beside what was saved.
        device: The terminal.
    """

    person: str
    display: str
    device: DeviceId


@dataclass(frozen=True, slots=True)
class Stored:
    """One resource as the store has it.

    Attributes:
        type: FHIR resource type.
        id: Logical id.
        body: JSON text, verbatim.
        version: Version that the server gave to the copy this one stands on, if there is one.
        deleted: Whether it counts as deleted; the body is then the last one known.
        pending: Whether the server has not yet accepted a change of it.
        parked: Whether that change waits for a person, because the server refused it.
        conflict: Whether that change waits for a person, because a colleague changed it too.
    """

    type: str
    id: str
    body: str
    version: str | None
    deleted: bool
    pending: bool
    parked: bool
    conflict: bool

    def resource(self) -> Resource:
        """The parsed body, a new one at each call."""
        return parse(self.body)

    def read(self, reader: Callable[[Resource], readings.T]) -> readings.T:
        """What a pure reader makes of the body, as `readings.read` keeps it; not to be changed."""
        return readings.read(reader, self.body)


class Store:
    """The encrypted record of one terminal. Made by `create` or `open`; safe to share."""

    def __init__(self, engine: Engine, folder: Path, device: DeviceId, clock: Clock) -> None:
        self._engine = engine
        self.folder = folder
        self.device = device
        self.clock = clock
        with self.read() as view:
            last = view.connection.exec_driver_sql("SELECT max(hlc) FROM change").scalar()
        self.hybrid = HybridClock(clock, device, last or "")

    @classmethod
    def create(cls, folder: Path, key: bytes, *, device: DeviceId, clock: Clock) -> Store:
        """Make an empty store.

        Args:
            folder: Where its files are to be; made when it is missing.
            key: Raw data key, 32 bytes.
            device: This terminal.
            clock: Where times come from.

        Raises:
            Refused: ``store-exists``: a store is there, readable or not; it is never written over.
            Damaged: The disk refuses.
        """
        return cls(files.create(folder, key, device), folder, device, clock)

    @classmethod
    def open(cls, folder: Path, key: bytes, *, clock: Clock) -> Store:
        """Open a store that is there, upgrading an older schema first.

        Raises:
            Damaged: ``record-missing``, ``wrong-key``, ``damaged-page`` or ``newer-store``.
        """
        engine, device = files.open_existing(folder, key)
        return cls(engine, folder, device, clock)

    @contextmanager
    def read(self) -> Iterator[View]:
        """One consistent snapshot, on any thread but the window's."""
        with transaction(self._engine, writes=False) as connection:
            yield View(connection)

    @contextmanager
    def write(self, author: Author | None = None) -> Iterator[Unit]:
        """One unit of work: committed at the end of the block, or nothing of it.

        Args:
            author: Who saves; None for what the terminal itself writes.

        Raises:
            Damaged: ``disk-full``, ``read-only`` …: nothing was saved.
            Unavailable: ``store-busy``.
        """
        with transaction(self._engine, writes=True) as connection:
            unit = Unit(connection, self, author)
            yield unit
            unit.flush()

    def close(self) -> None:
        """Give back all connections. The write-ahead log is folded into the file."""
        self._engine.dispose()
        readings.forget()


_EFFECTIVE = """
SELECT coalesce(p.type, r.type), coalesce(p.id, r.id), p.state, p.operation, p.body,
  p.base_version, r.body, r.version, r.deleted
FROM {source}
"""
_BOTH = "(SELECT ? AS type, ? AS id) k LEFT JOIN pending p USING (type, id)"
_ONE = _EFFECTIVE.format(source=_BOTH + " LEFT JOIN resource r ON r.type = k.type AND r.id = k.id")
_KNOWN = (
    f"SELECT type, id FROM pending WHERE (type, id) IN {KEYS}"
    f" UNION ALL SELECT type, id FROM resource WHERE (type, id) IN {KEYS}"
)
_JOURNAL = (
    "INSERT INTO change (txn, type, id, operation, body, author, author_display, device,"
    " recorded_at, hlc, patient) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
)
_Row = tuple[str, str, str | None, str | None]
"""Type, id, body, and whose record it belongs to."""
_THESE = _EFFECTIVE.format(
    source="(SELECT ? AS type, value AS id FROM json_each(?)) k LEFT JOIN pending p"
    " USING (type, id) LEFT JOIN resource r ON r.type = k.type AND r.id = k.id"
)
_ALL_PENDING = _EFFECTIVE.format(source="pending p LEFT JOIN resource r USING (type, id)")
_ALL_SERVER = """
SELECT r.type, r.id, NULL, NULL, NULL, NULL, r.body, r.version, r.deleted FROM resource r
WHERE NOT r.deleted
  AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.type = r.type AND p.id = r.id)
"""


class View:
    """What can be asked of the store inside one transaction.

    Attributes:
        connection: For modules inside ``workstation.store`` only.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, type: str, id: str) -> Stored | None:
        """The effective resource, pending changes over the server's copy; None if unknown."""
        row = self.connection.exec_driver_sql(_ONE, (type, id)).one()
        return None if row[2] is None and row[6] is None else _stored(type, id, row)

    def these(self, type: str, ids: Iterable[str]) -> list[Stored]:
        """The effective resources of a type with some ids, in the order of the ids.

        What is unknown or deleted is left out.
        """
        rows = self.connection.exec_driver_sql(_THESE, (type, json.dumps(list(ids)))).all()
        found = [_stored(type, row[1], row) for row in rows if row[1] is not None]
        return [each for each in found if not each.deleted]

    def server_copy(self, type: str, id: str) -> Stored | None:
        """What the server last said, whatever is pending."""
        row = self.connection.exec_driver_sql(
            "SELECT body, version, deleted FROM resource WHERE type = ? AND id = ?", (type, id)
        ).one_or_none()
        parts = None if row is None else (row[0], row[1], bool(row[2]))
        return Stored(type, id, *parts, False, False, False) if parts else None  # noqa: FBT003

    def find(self, type: str, *, patient: str | None = None) -> list[Stored]:
        """Every effective resource of a type that is not deleted.

        Args:
            type: FHIR resource type.
            patient: Only those of this patient (id).
        """
        changed, kept = _ALL_PENDING + "WHERE p.type = ?", _ALL_SERVER + "AND r.type = ?"
        arguments: tuple[str, ...] = (type,)
        if patient is not None:
            changed, kept = changed + " AND p.patient = ?", kept + " AND r.patient = ?"
            arguments = (type, patient)
        run = self.connection.exec_driver_sql
        rows = [*run(kept, arguments).all(), *run(changed, arguments).all()]
        found = (_stored(row[0], row[1], row) for row in rows)
        return sorted((each for each in found if not each.deleted), key=lambda each: each.id)


def _stored(type_: str, id_: str, row: Sequence[Any]) -> Stored:
    state, operation, body, base_version, server_body, version, deleted = row[2:9]
    waiting = state is not None
    conflict = state == "conflict"
    from_server = not waiting or (conflict and server_body is not None)
    return Stored(
        type=type_,
        id=id_,
        body=str(server_body if from_server or body is None else body),
        version=_text(version if from_server or base_version is None else base_version),
        deleted=bool(deleted) if from_server else operation == "delete",
        pending=waiting,
        parked=state == "parked",
        conflict=conflict,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _key(resource: Resource) -> Key:
    type_, id_ = resource.get("resourceType"), resource.get("id")
    if not type_ or not id_:
        raise Refused("incomplete", field="id" if type_ else "resourceType")
    return str(type_), str(id_)


class Unit(View):
    """One unit of work. Several saves in it share one transaction id."""

    def __init__(self, connection: Connection, store: Store, author: Author | None) -> None:
        super().__init__(connection)
        self.changes = Changes()
        self.txn = uuid7()
        self._store = store
        self._author = author
        self._stale: dict[tuple[str, str], Resource | None] = {}

    def create(self, *resources: Resource) -> None:
        """Save new resources; several at once cost little more than one.

        Args:
            resources: Each with its resourceType and its id, which never changes.

        Raises:
            Refused: ``already-exists``, or ``incomplete`` without type or id; none is saved.
        """
        rows = [(*_key(each), dump(each), patient_of(each)) for each in resources]
        if not rows:
            return
        self._check_new([(row[0], row[1]) for row in rows])
        first = self._journal("create", rows)
        self.connection.exec_driver_sql(
            "INSERT INTO pending (type, id, body, patient, operation, first_seq, last_seq)"
            " VALUES (?,?,?,?,'create',?,?)",
            [(*row, seq, seq) for seq, row in enumerate(rows, start=first)],
        )
        for (type_, id_, _, patient), resource in zip(rows, resources, strict=True):
            self._touched(type_, id_, resource, patient)

    def update(self, resource: Resource, *, seen: Stored) -> None:
        """Save a new version of a resource.

        Args:
            resource: The stored JSON, patched; never written anew from our own classes.
            seen: What the edit started from.

        Raises:
            Refused: ``stale-edit`` when the effective record is no longer what was seen.
        """
        self._check_seen(seen, resource)
        body, patient = dump(resource), patient_of(resource)
        seq = self._journal("update", [(seen.type, seen.id, body, patient)])
        self._intend(seen, "update", body, patient, seq)
        self._touched(seen.type, seen.id, resource, patient)

    def delete(self, type: str, id: str, *, seen: Stored) -> None:
        """Delete a resource. What it was stays in the journal.

        Raises:
            Refused: ``stale-edit`` when the effective record is no longer what was seen.
        """
        self._check_seen(seen, {"resourceType": type, "id": id})
        patient = patient_of(seen.resource())
        seq = self._journal("delete", [(type, id, None, patient)])
        self._intend(seen, "delete", seen.body, patient, seq)
        self._touched(type, id, None, patient)

    def now(self) -> datetime:
        """The time of this terminal."""
        return self._store.clock.now()

    def flush(self) -> None:
        """Bring the index rows up to date with what was saved so far in this unit."""
        rows = [index.IndexRow(*key, resource) for key, resource in self._stale.items()]
        self._stale.clear()
        index.refresh(self.connection, rows)

    def _check_seen(self, seen: Stored, resource: Resource) -> None:
        if (resource.get("resourceType"), resource.get("id")) != (seen.type, seen.id):
            raise Refused("wrong-resource", reference=f"{seen.type}/{seen.id}")
        now = self.get(seen.type, seen.id)
        if now is None or now.deleted != seen.deleted:
            raise Refused("stale-edit", reference=f"{seen.type}/{seen.id}")
        if now.body != seen.body and not equal(now.resource(), seen.resource()):
            raise Refused("stale-edit", reference=f"{seen.type}/{seen.id}")

    def _check_new(self, keys: Sequence[Key]) -> None:
        known = self.connection.exec_driver_sql(_KNOWN, (encoded(keys), encoded(keys))).all()
        if known or len(set(keys)) < len(keys):
            type_, id_ = known[0] if known else keys[-1]
            raise Refused("already-exists", reference=f"{type_}/{id_}")

    def _journal(self, operation: str, rows: Sequence[_Row]) -> int:
        """Write down what is saved; the number of the first, the others follow it."""
        author, stamp = self._author, self._store.hybrid.stamp
        who = (author.person, author.display) if author else (None, None)
        here = (author.device if author else self._store.device, to_milliseconds(self.now()))
        written = [
            (self.txn, type_, id_, operation, body, *who, *here, stamp(), patient)
            for type_, id_, body, patient in rows
        ]
        first = self.connection.exec_driver_sql(_JOURNAL, written[0]).lastrowid
        if written[1:]:
            self.connection.exec_driver_sql(_JOURNAL, written[1:])
        return int(first)

    def _intend(
        self, seen: Stored, operation: str, body: str, patient: str | None, seq: int
    ) -> None:
        """Merge the wish into the pending row, or open one on the server's copy.

        A create that was never accepted stays a create. A parked or conflicting row becomes
        ready again: the person has just decided what it is to be; so does one that was held,
        which may refer to something else now. In a conflict the edit started from the server's
        copy, so that copy is the new base.
        """
        where = (seen.type, seen.id)
        if seen.pending and not seen.conflict:
            self.connection.exec_driver_sql(
                "UPDATE pending SET operation = CASE WHEN operation = 'create' AND ? = 'update'"
                " THEN 'create' ELSE ? END, body = ?, last_seq = ?, patient = ?,"
                " state = CASE WHEN state IN ('parked', 'held') THEN 'ready' ELSE state END"
                " WHERE type = ? AND id = ?",
                (operation, operation, body, seq, patient, *where),
            )
        else:
            self.connection.exec_driver_sql(
                "INSERT INTO pending (type, id, operation, body, base_version, base_body,"
                " first_seq, last_seq, patient)"
                " SELECT type, id, ?, ?, version, body, ?, ?, ? FROM resource"
                " WHERE type = ? AND id = ?"
                " ON CONFLICT (type, id) DO UPDATE SET operation = excluded.operation,"
                " body = excluded.body, base_version = excluded.base_version,"
                " base_body = excluded.base_body, last_seq = excluded.last_seq,"
                " patient = excluded.patient, state = 'ready'",
                (operation, body, seq, seq, patient, *where),
            )
        self.connection.exec_driver_sql("DELETE FROM parked WHERE type = ? AND id = ?", where)

    def _touched(
        self, type_: str, id_: str, resource: Resource | None, patient: str | None
    ) -> None:
        self._stale[type_, id_] = resource
        self.changes |= Changes(
            types=frozenset({type_}),
            references=frozenset({f"{type_}/{id_}"}),
            patients=frozenset({patient} if patient else ()),
            ward=type_ in _WARD_TYPES,
            queue=True,
        )
