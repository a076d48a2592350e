"""Writing to the hospital's database: one unit of work, gathered and written in few statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, update

from hospital.search.index import IndexRows, Row, extract, without_nul
from hospital.search.times import instant
from hospital.store.index_rows import INDEXES, write_index
from hospital.store.rows import insert_rows
from hospital.store.tables import history, resource
from hospital.store.view import CHUNK, Version, View
from workstation.fhir.json import dump

_NUL = "\\u0000"
"""The character NUL in JSON."""
_MOVE = (
    update(resource)
    .where(resource.c.key == bindparam("of_key"))
    .values(
        version=bindparam("new_version"),
        seq=bindparam("new_seq"),
        at=bindparam("new_at"),
        deleted=bindparam("new_deleted"),
    )
)


class Unit:
    """Changes that are committed together, all with one ``lastUpdated``.

    Args:
        connection: Inside a write transaction that holds the counter's lock.
        seq: The last place that is taken in the order of commits.
        at: The time of this unit, in ms since 1970.
    """

    def __init__(self, connection: Connection, seq: int, at: int) -> None:
        self._connection = connection
        self.seq = seq
        self.at = at
        self._stamp = instant(at)
        self._current: dict[tuple[str, str], Version | None] = {}
        self._stored: set[int] = set()
        self._written: list[Version] = []
        self._index: dict[int, IndexRows] = {}

    def preload(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Read what is about to be changed in few statements.

        Args:
            pairs: Type and id of each resource.
        """
        by_type: dict[str, list[str]] = {}
        for type_, id_ in dict.fromkeys(pairs):
            by_type.setdefault(type_, []).append(id_)
        view = View(self._connection)
        for type_, ids in by_type.items():
            for id_ in ids:
                self._current.setdefault((type_, id_), None)
            for version in view.several(type_, ids):
                self._know(version)

    def current(self, type_: str, id_: str) -> Version | None:
        """The newest version as this unit sees it, which may be a deletion."""
        if (type_, id_) not in self._current:
            found = View(self._connection).current(type_, id_)
            self._current[type_, id_] = None
            if found:
                self._know(found)
        return self._current[type_, id_]

    def put(self, content: dict[str, Any], *, method: str) -> Version:
        """Make `content` the newest version of the resource it names.

        Args:
            content: A resource with its id; its ``meta`` gets version and time.
            method: ``POST`` or ``PUT``.
        """
        type_, id_ = content["resourceType"], content["id"]
        number = self._next_number(type_, id_)
        meta = dict(content.get("meta") or {})
        meta["versionId"] = str(number)
        meta["lastUpdated"] = self._stamp
        body = dump(_with_meta(content, meta))
        version = self._write(type_, id_, number, method, body)
        index = extract(content)
        self._index[version.key] = without_nul(index) if _NUL in body else index
        return version

    def remove(self, type_: str, id_: str) -> Version:
        """Make a deletion the newest version."""
        version = self._write(type_, id_, self._next_number(type_, id_), "DELETE", None)
        self._index[version.key] = IndexRows()
        return version

    def view(self) -> View:
        """What the record will be like after this unit."""
        self.flush()
        return View(self._connection)

    def flush(self) -> None:
        """Send what was gathered to the database, still inside the transaction."""
        if not self._written:
            return
        self._flush_history()
        self._flush_index()
        self._written.clear()
        self._index.clear()

    def _know(self, version: Version) -> None:
        self._current[version.type, version.id] = version
        self._stored.add(version.key)

    def _next_number(self, type_: str, id_: str) -> int:
        known = self.current(type_, id_)
        return known.version + 1 if known else 1

    def _write(self, type_: str, id_: str, number: int, method: str, body: str | None) -> Version:
        self.seq += 1
        known = self.current(type_, id_)
        key = known.key if known else self.seq
        version = Version(key, type_, id_, number, self.seq, self.at, method, body)
        self._current[type_, id_] = version
        self._written.append(version)
        return version

    def _flush_history(self) -> None:
        newest = {version.key: version for version in self._written}
        fresh = [item for key, item in newest.items() if key not in self._stored]
        moved = [item for key, item in newest.items() if key in self._stored]
        if fresh:
            insert_rows(self._connection, resource, [_resource_row(item) for item in fresh])
        if moved:
            self._connection.execute(_MOVE, [_move_row(item) for item in moved])
        insert_rows(self._connection, history, [_history_row(item) for item in self._written])

    def _flush_index(self) -> None:
        old = [key for key in self._index if key in self._stored]
        for table in INDEXES:
            for at in range(0, len(old), CHUNK):
                part = old[at : at + CHUNK]
                self._connection.execute(delete(table).where(table.c.key.in_(part)))
        self._stored.update(self._index)
        write_index(self._connection, self._index.items())


def _with_meta(content: dict[str, Any], meta: dict[str, Any]) -> dict[str, Any]:
    """The content with `meta` in its customary place, all else in the order it came."""
    head = {"resourceType": content["resourceType"], "id": content["id"], "meta": meta}
    return head | {name: value for name, value in content.items() if name not in head}


def _resource_row(item: Version) -> Row:
    return (item.key, item.type, item.id, item.version, item.seq, item.at, item.deleted)


def _history_row(item: Version) -> Row:
    return (item.seq, item.key, item.type, item.version, item.at, item.method, item.body)


def _move_row(item: Version) -> dict[str, Any]:
    return {
        "of_key": item.key,
        "new_version": item.version,
        "new_seq": item.seq,
        "new_at": item.at,
        "new_deleted": item.deleted,
    }
