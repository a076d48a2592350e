"""Opens the database, and gives out transactions: many readers, one writer at a time."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, select, update
from sqlalchemy.pool import StaticPool

from hospital.search.index import extract
from hospital.search.times import milliseconds
from hospital.store.index_rows import INDEXES, write_index
from hospital.store.tables import counter, fact, metadata
from hospital.store.unit import Unit
from hospital.store.view import CHUNK, View
from workstation.fhir.json import parse
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Damaged, Refused

SCHEMA: Final = "1"
IN_MEMORY: Final = "sqlite://"
CONNECTIONS: Final = 48
"""More than the threads that answer requests at once (40 in Starlette)."""


class Database:
    """The hospital's database.

    Args:
        url: An SQLAlchemy URL; ``sqlite:////path/to/file`` or ``sqlite://`` for one in memory.
        clock: What stamps ``lastUpdated``.

    Raises:
        Damaged: ``newer-store`` when the tables are of another version of the program.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._clock = clock
        self._writer = threading.RLock()
        self._in_memory = url == IN_MEMORY
        self.engine = _engine(url)
        self._writing = self.engine.execution_options(writer=True)
        metadata.create_all(self.engine)
        with self._begin() as connection:
            self.epoch = _founded(connection)

    @contextmanager
    def read(self) -> Iterator[View]:
        """One consistent look at the record."""
        with self.look() as connection:
            yield View(connection)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """One unit of work, committed whole at the end or not at all.

        The counter's row is locked first and until the commit, so that writers come one after
        another and the order of ``seq`` is the order of commits. ``lastUpdated`` grows with
        every unit, whatever the clock does.
        """
        with self._begin() as connection:
            last = connection.execute(select(counter.c.seq, counter.c.at).with_for_update()).one()
            unit = Unit(connection, last.seq, max(self.now(), last.at + 1))
            yield unit
            unit.flush()
            if unit.seq != last.seq:
                connection.execute(update(counter).values(seq=unit.seq, at=unit.at))

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """A read transaction; one in memory has one connection, which takes turns."""
        with self._writer if self._in_memory else nullcontext(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def accounts(self) -> Iterator[Connection]:
        """A write transaction on the tables of people, devices and tokens."""
        with self._begin() as connection:
            yield connection

    def now(self) -> int:
        """The clock's time in milliseconds since 1970."""
        return milliseconds(self._clock.now())

    def reindex(self) -> int:
        """Make every index row anew, as after the list of search parameters has grown.

        Returns:
            How many resources were read.
        """
        with self._begin() as connection:
            for table in INDEXES:
                connection.execute(delete(table))
            last, count = 0, 0
            while living := View(connection).living(after=last, count=CHUNK):
                write_index(
                    connection, [(item.key, extract(parse(item.body or ""))) for item in living]
                )
                last, count = living[-1].key, count + len(living)
        return count

    def backup(self, target: Path) -> None:
        """Copy an SQLite database, whole and consistent, while it is in use.

        Args:
            target: A file that is not there yet.

        Raises:
            Refused: ``backup-exists``; ``backup-by-the-database`` for another kind of database,
                which has a tool of its own.
        """
        if self.engine.dialect.name != "sqlite":
            raise Refused("backup-by-the-database", kind=self.engine.dialect.name)
        if target.exists():
            raise Refused("backup-exists", file=target.name)
        with self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("VACUUM INTO ?", (str(target),))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self._writer, self._writing.begin() as connection:
            yield connection


def _engine(url: str) -> Engine:
    """An engine whose errors never tell a value: they may reach a log."""
    if not url.startswith("sqlite"):
        return create_engine(url, hide_parameters=True, pool_size=CONNECTIONS)
    options: dict[str, Any] = (
        {"poolclass": StaticPool}
        if url == IN_MEMORY
        else {"pool_size": CONNECTIONS, "max_overflow": 0}
    )
    quiet = {"check_same_thread": False, "timeout": 30}
    engine = create_engine(url, hide_parameters=True, connect_args=quiet, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Transactions are begun by us; a commit is on the disk when it returns."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "busy_timeout = 30000",
        "cache_size = -65536",
        "wal_autocheckpoint = 4000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once, so that it never fails half-way for want of it."""
    writer = connection.get_execution_options().get("writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _founded(connection: Connection) -> str:
    """The epoch of this database, which is given when its tables are new."""
    facts: dict[str, str] = {row.name: row.value for row in connection.execute(select(fact))}
    if not facts:
        facts = {"epoch": str(uuid.uuid4()), "schema": SCHEMA}
        rows = [{"name": name, "value": value} for name, value in facts.items()]
        connection.execute(insert(fact), rows)
        connection.execute(insert(counter).values(id=1, seq=0, at=0))
    if facts["schema"] != SCHEMA:
        raise Damaged("newer-store", found=facts["schema"], known=SCHEMA)
    return facts["epoch"]
