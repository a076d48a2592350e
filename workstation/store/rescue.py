"""The rescue bundle: everything that only this terminal has, in one encrypted file.

It holds what the server has not accepted (intended bodies, their bases, the journal with authors
and times) and all drafts. It opens with a passphrase on any machine and can be taken in again,
also twice, also by a store that has some of it already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import DataError, IntegrityError

from workstation.fhir.json import equal, parse
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Damaged, Refused
from workstation.store import copies, index
from workstation.store.copies import Lock
from workstation.store.record import Unit
from workstation.store.schema import REVISIONS
from workstation.store.tables import metadata

_CHANGES: Final = (
    "SELECT * FROM main.change c WHERE answered_at IS NULL OR EXISTS"
    " (SELECT 1 FROM main.pending p WHERE p.type = c.type AND p.id = c.id)"
)
_TABLES: Final = {
    "pending": "SELECT * FROM main.pending",
    "change": _CHANGES,
    "parked": "SELECT * FROM main.parked",
    "draft": "SELECT * FROM main.draft",
    "meta": "SELECT * FROM main.meta WHERE key = 'device'",
}

_LATER: Final = {"change": {"patient"}}
"""Columns that bundles of earlier versions do not have."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unsent:
    """What only this terminal has.

    Attributes:
        resources: Resources with a change that the server has not accepted.
        changes: Saves in the journal without an answer.
        drafts: Texts not yet saved.
    """

    resources: int
    changes: int
    drafts: int

    def __bool__(self) -> bool:
        """Whether there is anything to lose."""
        return bool(self.resources or self.changes or self.drafts)


@dataclass(slots=True)
class Imported:
    """What came out of a bundle.

    Attributes:
        taken: ``Type/id`` of the changes that wait here now.
        known: ``Type/id`` of those that were here already, waiting or accepted.
        left: ``Type/id`` of those that stay in the bundle, since somebody else's change of the
            same record waits here; take the bundle in again when that one is sent.
        drafts: How many drafts were taken.
        changes: For the screens.
    """

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    drafts: int = 0
    changes: Changes = field(default_factory=Changes)


def unsent(database: Path, key: bytes) -> Unsent:
    """Count what only this store has.

    Raises:
        Damaged: It cannot be read.
    """
    with copies.opened(database, key) as raw:
        return unsent_in(raw)


def unsent_in(raw: Any) -> Unsent:
    """The same, by a bare connection from `workstation.store.engine.connect`."""
    row = raw.execute(
        "SELECT (SELECT count(*) FROM pending),"
        " (SELECT count(*) FROM change WHERE answered_at IS NULL),"
        " (SELECT count(*) FROM draft)"
    ).fetchone()
    return Unsent(*row)


def export(database: Path, key: bytes, target: Path, lock: Lock) -> Unsent:
    """Write the bundle of a store, while it is in use; the store is not touched.

    Args:
        database: File of the store.
        key: Its raw data key.
        target: The bundle; it must not be there yet.
        lock: Opens the bundle.

    Returns:
        What is in the bundle, counted in the bundle after it was written.

    Raises:
        Refused: ``no-such-folder``, ``file-exists``.
        Damaged: ``empty-record``; the store cannot be read, or the bundle cannot be written; then
            there is none.
    """
    copies.refuse_empty(database, key)
    copies.claim_copy(target)
    with copies.removed_on_failure(target), copies.opened(database, key) as raw:
        raw.execute(f"ATTACH ? AS bundle KEY {lock.literal()}", (str(target),))
        raw.execute("BEGIN")
        for table, rows in _TABLES.items():
            raw.execute(f"CREATE TABLE bundle.{table} AS {rows}")
        raw.execute("COMMIT")
        raw.execute("DETACH bundle")
        copies.verify(target, lock)
        return unsent(target, lock.key)


def import_(unit: Unit, source: Path, lock: Lock) -> Imported:
    """Take a bundle in.

    Args:
        unit: A writing transaction of the store that takes it.
        source: The bundle; it is not touched.
        lock: Opens it.

    Raises:
        Damaged: ``wrong-key``, ``damaged-page``, ``not-a-bundle``, ``newer-bundle``; let the
            transaction roll back, so that nothing was taken.
    """
    bundle = _read(source, lock)
    try:
        return _take_in(unit, bundle)
    except (IntegrityError, DataError) as error:
        raise Damaged("not-a-bundle") from error


def _take_in(unit: Unit, bundle: dict[str, list[Row]]) -> Imported:
    imported = Imported()
    ours = _Journal(unit)
    for row in bundle["pending"]:
        reference = f"{row['type']}/{row['id']}"
        history = [each for each in bundle["change"] if _key(each) == _key(row)]
        if _is_known(unit, row, history, ours):
            imported.known.append(reference)
        elif _is_free(unit, row, history):
            _take(
                unit, row, [each for each in bundle["parked"] if _key(each) == _key(row)], history
            )
            imported.taken.append(reference)
            imported.changes |= _changes(row)
        else:
            imported.left.append(reference)
    for draft in bundle["draft"]:
        imported.drafts += _keep_draft(unit, draft)
    _reindex(unit, bundle["pending"], imported.taken)
    return imported


def _read(source: Path, lock: Lock) -> dict[str, list[Row]]:
    with copies.opened(source, lock) as raw:
        names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
        if not names.issuperset(_TABLES):
            raise Damaged("not-a-bundle")
        if _is_newer(raw, names):
            raise Damaged("newer-bundle")
        found: dict[str, list[Row]] = {}
        for table in _TABLES:
            rows = raw.execute(f"SELECT * FROM {table} ORDER BY rowid")
            columns = [column[0] for column in rows.description]
            _check_columns(table, set(columns))
            found[table] = [dict(zip(columns, row, strict=True)) for row in rows]
    if not all(map(_is_sound, found["pending"])):
        raise Damaged("not-a-bundle")
    return found


def _is_newer(raw: Any, names: set[str]) -> bool:
    """Whether a bundle, or a whole store, may hold what this program would leave behind."""
    if "alembic_version" not in names:
        return not names <= _TABLES.keys()
    return raw.execute("SELECT version_num FROM alembic_version").fetchone()[0] not in REVISIONS


def _check_columns(table: str, given: set[str]) -> None:
    """Refuse what this program cannot keep whole, and what no program of ours wrote."""
    ours = set(metadata.tables[table].columns.keys())
    if not given >= ours - _LATER.get(table, set()):
        raise Damaged("not-a-bundle")
    if given - ours:
        raise Damaged("newer-bundle")


def _is_sound(row: Row) -> bool:
    """Whether a change says what is to become of the record that it names."""
    if row["operation"] == "delete":
        return True
    try:
        body = parse(row["body"]) if isinstance(row["body"], str) else {}
    except Refused:
        return False
    return (body.get("resourceType"), body.get("id")) == (row["type"], row["id"])


def _key(row: Row) -> tuple[str, str]:
    return str(row["type"]), str(row["id"])


class _Journal:
    """Which saves this store knows, by transaction and stamp."""

    def __init__(self, unit: Unit) -> None:
        rows = unit.connection.exec_driver_sql("SELECT type, id, txn, hlc FROM change")
        self._known = {tuple(row) for row in rows}

    def knows(self, change: Row) -> bool:
        """Whether this very save is in the journal here."""
        return (*_key(change), change["txn"], change["hlc"]) in self._known


def _is_known(unit: Unit, row: Row, history: list[Row], ours: _Journal) -> bool:
    if history and ours.knows(history[-1]):
        return True
    found = unit.get(*_key(row))
    if found is None:
        return False
    if row["operation"] == "delete":
        return found.deleted
    return not found.deleted and equal(found.resource(), parse(row["body"]))


def _is_free(unit: Unit, row: Row, history: list[Row]) -> bool:
    """Whether no save waits here that the bundle does not know."""
    waiting = unit.connection.exec_driver_sql(
        "SELECT txn, hlc FROM change WHERE type = ? AND id = ? AND answered_at IS NULL",
        _key(row),
    )
    return {tuple(each) for each in waiting} <= {(each["txn"], each["hlc"]) for each in history}


def _take(unit: Unit, row: Row, parked: list[Row], history: list[Row]) -> None:
    numbers = {each["seq"]: _journal(unit, each) for each in history}
    fresh = dict(row)
    for name in ("first_seq", "last_seq", "frozen_seq"):
        fresh[name] = numbers.get(row[name], row[name] and max(numbers.values(), default=0))
    fresh["next_attempt_at"] = None
    if fresh["operation"] == "create" and fresh["frozen_seq"] is None:
        # Another terminal may have taken the same bundle in: looked up before it is sent.
        fresh |= {"frozen_seq": fresh["last_seq"], "frozen_body": fresh["body"]}
    run = unit.connection.exec_driver_sql
    for table in ("pending", "parked"):
        run(f"DELETE FROM {table} WHERE type = ? AND id = ?", _key(row))
    _insert(unit, "pending", fresh)
    for each in parked:
        _insert(unit, "parked", each)


def _journal(unit: Unit, change: Row) -> int:
    run = unit.connection.exec_driver_sql
    known = run(
        "SELECT seq FROM change WHERE type = ? AND id = ? AND txn = ? AND hlc = ?",
        (*_key(change), change["txn"], change["hlc"]),
    ).scalar()
    if known is not None:
        return int(known)
    return _insert(unit, "change", {k: v for k, v in change.items() if k != "seq"})


def _insert(unit: Unit, table: str, row: Mapping[str, Any]) -> int:
    columns, marks = ", ".join(f'"{name}"' for name in row), ",".join("?" * len(row))
    done = unit.connection.exec_driver_sql(
        f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values())
    )
    return int(done.lastrowid)


def _keep_draft(unit: Unit, draft: Row) -> int:
    columns, marks = ", ".join(draft), ",".join("?" * len(draft))
    return unit.connection.exec_driver_sql(
        f"INSERT INTO draft ({columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET"
        " body = excluded.body, saved_at = excluded.saved_at"
        " WHERE excluded.saved_at > draft.saved_at",
        tuple(draft.values()),
    ).rowcount


def _changes(row: Row) -> Changes:
    return Changes(
        types=frozenset({row["type"]}),
        references=frozenset({f"{row['type']}/{row['id']}"}),
        patients=frozenset({row["patient"]} if row["patient"] else ()),
        ward=True,
        queue=True,
    )


def _reindex(unit: Unit, rows: list[Row], taken: list[str]) -> None:
    fresh = []
    for row in rows:
        if f"{row['type']}/{row['id']}" in set(taken):
            found = unit.get(*_key(row))
            alive = found is not None and not found.deleted
            fresh.append(index.IndexRow(*_key(row), found.resource() if found and alive else None))
    index.refresh(unit.connection, fresh)
