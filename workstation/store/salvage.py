"""Reading a damaged store out as far as possible, into a new one beside which the old one stays.

A broken page takes only its own rows along: every table is read by ranges of row numbers that are
halved around whatever cannot be read. What was pending is then completed from the journal, and
what the server has said is pulled again, since the cursors are left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from workstation.kernel.errors import Damaged
from workstation.store import copies, files, index, schema
from workstation.store.engine import (
    FILE_NAME,
    connect,
    damaged_pages,
    open_engine,
    transaction,
    translated,
)

REBUILT: Final = "rebuilt.db"
_TABLES: Final = (
    *("meta", "resource", "pending", "change", "parked", "scope_member", "id_map"),
    *("number_block", "draft", "seen", "arrival", "sync_log", "audit"),
)
_BEYOND: Final = 10_000
"""Rows of a table looked for when neither its last page nor an index of it can be read."""

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Salvaged:
    """What was read out of a damaged store.

    Attributes:
        pages: Damaged pages of the old file.
        rows: Rows read, by table.
        incomplete: Tables of which some rows could not be read.
        from_journal: Pending changes that were completed from the journal.
        aside: Where the old files are.
    """

    pages: list[int]
    aside: Path
    rows: dict[str, int] = field(default_factory=dict)
    incomplete: list[str] = field(default_factory=list)
    from_journal: int = 0


def salvage(folder: Path, key: bytes, at: datetime, progress: Progress) -> Salvaged:
    """Rebuild a damaged store. The old files are put aside whole, never deleted.

    Args:
        folder: Of the store, which nobody has open.
        key: Raw data key.
        at: Now, for the name of the folder that takes the old files.
        progress: Is told table, how many tables are done, and of how many.

    Raises:
        Refused: ``file-exists``: an earlier try left ``rebuilt.db``; look at it first.
        Damaged: ``record-missing``; ``empty-record``; ``wrong-key``; ``beyond-salvage`` when
            not even the list of tables can be read. Then everything is as it was.
    """
    old, new = folder / FILE_NAME, folder / REBUILT
    with copies.opened(old, key) as raw:
        pages = _pages(raw, folder, key)
    copies.refuse_empty(old, key)
    found = Salvaged(pages=pages, aside=folder)
    copies.claim(new)
    with copies.removed_on_failure(new):
        engine = open_engine(new, key)
        try:
            with transaction(engine, writes=True) as connection:
                schema.build(connection)
                _fill(connection, old, key, found, progress)
        finally:
            engine.dispose()
        copies.verify(new, key)
    found.aside = copies.put_aside(folder, at, "damaged")
    new.rename(old)
    return found


def _pages(raw: Any, folder: Path, key: bytes) -> list[int]:
    pages = damaged_pages(raw)
    try:
        with translated():
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except Damaged as damage:
        if damage.code == "wrong-key" and not files.key_is_right(folder, key):
            raise
        raise Damaged("beyond-salvage", pages=len(pages)) from damage
    return pages


def _fill(
    connection: Connection, old: Path, key: bytes, found: Salvaged, progress: Progress
) -> None:
    for number, table in enumerate(_TABLES, start=1):
        reader = _Reader(old, key, table)
        columns = reader.columns()
        rows = list(reader.rows()) if columns else []
        found.rows[table] = len(rows)
        if reader.incomplete:
            found.incomplete.append(table)
        if rows:
            names, marks = ", ".join(f'"{c}"' for c in columns), ",".join("?" * len(columns))
            connection.exec_driver_sql(
                f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", rows
            )
        progress(table, number, len(_TABLES))
    found.from_journal = int(connection.exec_driver_sql(_FROM_JOURNAL).rowcount)
    index.rebuild(connection, lambda _done, _total: None)


_FROM_JOURNAL: Final = """
INSERT INTO pending (type, id, operation, body, base_version, base_body, first_seq, last_seq,
  patient)
SELECT c.type, c.id,
  CASE WHEN l.operation = 'delete' THEN 'delete' WHEN r.id IS NULL THEN 'create' ELSE 'update' END,
  coalesce(l.body, r.body), r.version, r.body, min(c.seq), max(c.seq), l.patient
FROM change c
JOIN change l ON l.seq = (SELECT max(seq) FROM change m WHERE m.type = c.type AND m.id = c.id)
LEFT JOIN resource r ON r.type = c.type AND r.id = c.id
WHERE c.answered_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.type = c.type AND p.id = c.id)
GROUP BY c.type, c.id
"""


class _Reader:
    """One table of a damaged file. After an error a connection is of no use: each try opens one."""

    def __init__(self, database: Path, key: bytes, table: str) -> None:
        self._database = database
        self._key = key
        self._table = table
        self.incomplete = False

    def columns(self) -> list[str]:
        """Names of the columns; none when the table is not there."""
        rows = self._try(f"SELECT name FROM pragma_table_info('{self._table}')") or []
        return [str(row[0]) for row in rows]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row that can be read."""
        whole = self._try(f"SELECT * FROM {self._table}")
        if whole is not None:
            yield from whole
        else:
            yield from self._between(1, self._last())

    def _last(self) -> int:
        """The last row number; from an index when the last page is among the broken ones."""
        indexes = (
            self._try(f"SELECT name FROM pragma_index_list('{self._table}') WHERE NOT partial")
            or []
        )
        for end in ("", *(f' INDEXED BY "{row[0]}"' for row in indexes)):
            found = self._try(f"SELECT max(rowid) FROM {self._table}{end}")
            if found:
                return int(found[0][0] or 0)
        return _BEYOND

    def _between(self, first: int, last: int) -> Iterator[tuple[Any, ...]]:
        rows = self._try(f"SELECT * FROM {self._table} WHERE rowid BETWEEN {first} AND {last}")
        if rows is not None:
            yield from rows
        elif first >= last:
            self.incomplete = True
        else:
            middle = (first + last) // 2
            yield from self._between(first, middle)
            yield from self._between(middle + 1, last)

    def _try(self, sql: str) -> list[tuple[Any, ...]] | None:
        try:
            with translated():
                raw = connect(self._database, self._key)
                try:
                    return list(raw.execute(sql))
                finally:
                    raw.close()
        except Damaged:
            return None
