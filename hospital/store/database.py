"""Opens the database, and gives out transactions: many readers, one writer at a time."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, inspect, select, update

from hospital.search.index import IndexRows, extract, without_nul
from hospital.search.times import milliseconds
from hospital.store import engines
from hospital.store.index_rows import INDEXES, write_index
from hospital.store.tables import counter, fact, metadata
from hospital.store.trouble import BUSY, telling
from hospital.store.unit import Unit
from hospital.store.view import CHUNK, Version, View
from workstation.fhir.json import parse
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Damaged, Refused, Unavailable

SCHEMA: Final = "1"
_LAST: Final = select(counter.c.seq, counter.c.at).with_for_update()
"""The lock of whoever writes into the record."""
_FOUNDING: Final = 1
_ACCOUNTS: Final = 2
"""Work that one process does at a time (`engines.take_turn`)."""


class Database:
    """The hospital's database.

    Args:
        url: An SQLAlchemy URL; ``sqlite:////path/to/file`` or ``sqlite://`` for one in memory.
        clock: What stamps ``lastUpdated``.
        connections: At most so many to a database server; 0 for the usual number.
        make: Whether a database that is not there is made.

    Raises:
        Refused: ``no-database`` when there is none and none is to be made.
        Damaged: ``newer-store`` when the tables are of another version of the program;
            ``database-encoding`` when the database cannot hold every text.
        Unavailable: ``database-away`` and the like, here as in every method.
    """

    def __init__(self, url: str, clock: Clock, *, connections: int = 0, make: bool = True) -> None:
        self._clock = clock
        self._writer = threading.RLock()
        self._in_memory = url == engines.IN_MEMORY
        self.engine = engines.make_engine(url, connections)
        if make:
            engines.make_private(self.engine)
        else:
            self._require()
        self._reading = engines.reading(self.engine)
        self._writing = engines.writing(self.engine)
        with self._begin() as connection:
            engines.check(connection)
            engines.take_turn(connection, _FOUNDING)
            metadata.create_all(connection)
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
            last = connection.execute(_LAST).one()
            unit = Unit(connection, last.seq, max(self.now(), last.at + 1))
            yield unit
            unit.flush()
            if unit.seq != last.seq:
                connection.execute(update(counter).values(seq=unit.seq, at=unit.at))
                engines.learn(connection, last.seq, unit.seq)

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """A read transaction; one in memory has one connection, which takes turns."""
        if self._in_memory:
            with self._turn(), self._reading.begin() as connection:
                yield connection
        else:
            with telling(), self._reading.begin() as connection:
                yield connection

    @contextmanager
    def accounts(self) -> Iterator[Connection]:
        """A write transaction on the tables of people, devices and tokens, one at a time."""
        with self._begin() as connection:
            engines.take_turn(connection, _ACCOUNTS)
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
            connection.execute(_LAST)
            for table in INDEXES:
                connection.execute(delete(table))
            last, count = 0, 0
            while living := View(connection).living(after=last, count=CHUNK):
                write_index(connection, [(item.key, without_nul(_index(item))) for item in living])
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
        try:
            engines.make_empty(target)  # SQLite fills it, and leaves its mode
        except FileExistsError:
            raise Refused("backup-exists", file=target.name) from None
        try:
            with telling(), self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                if raw is not None:
                    raw.execute("VACUUM INTO ?", (str(target),))
        except BaseException:
            target.unlink()
            raise

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def _require(self) -> None:
        """See that the database is there before anything is opened that would make it.

        Raises:
            Refused: ``no-database``.
        """
        url = self.engine.url
        file = engines.file_of(self.engine)
        with telling():
            there = (file is None or file.is_file()) and inspect(self.engine).has_table(fact.name)
        if not there:
            self.engine.dispose()
            raise Refused("no-database", database=str(file or url.render_as_string()))

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self._turn(), telling(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The turn of one thread of this process; the others need no connection while they wait."""
        if not self._writer.acquire(timeout=engines.WAIT_SECONDS):
            raise Unavailable(BUSY, detail="turn")
        try:
            yield
        finally:
            self._writer.release()


def _index(item: Version) -> IndexRows:
    return extract(parse(item.body or ""))


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
