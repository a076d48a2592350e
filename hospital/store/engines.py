"""Makes the engine of a database: how each kind connects, begins, waits and gives up."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from workstation.kernel.errors import Damaged, Refused

IN_MEMORY: Final = "sqlite://"
CONNECTIONS: Final = 48
"""To SQLite: more than the threads that answer requests at once (40 in Starlette)."""
SERVER_CONNECTIONS: Final = 16
"""To a database server, of each process; more would not be quicker."""
WAIT_SECONDS: Final = 30
"""For a lock or a connection; then the request is told to come again."""
SILENCE_SECONDS: Final = 60
"""A writer that says nothing for so long (its machine stands still) loses the lock."""
CONNECT_SECONDS: Final = 5
LOG_BYTES: Final = 32 * 1024 * 1024
"""SQLite's write-ahead log shrinks to so much after a long reader or a large transaction."""
WORTH_COUNTING: Final = 256
"""Versions; walking through fewer takes no time."""
_LOCKS: Final = 0x5741_5244
"""Of PostgreSQL's advisory locks, ours are those with this as their first number."""


def make_engine(url: str, connections: int = 0) -> Engine:
    """An engine whose errors never tell a value: they may reach a log.

    Args:
        url: An SQLAlchemy URL.
        connections: At most so many to a database server; 0 for the usual number.

    Raises:
        Refused: ``database-url`` when it is none; ``database-driver`` with ``missing``, the
            package that speaks to such a database.
    """
    try:
        return _sqlite(url) if url.startswith("sqlite") else _server(url, connections)
    except ArgumentError as error:
        raise Refused("database-url", reason=type(error).__name__) from error
    except ModuleNotFoundError as error:
        raise Refused("database-driver", missing=error.name) from error


def _server(url: str, connections: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=connections or SERVER_CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True,
        pool_use_lifo=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "hospital"},
    )
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database; absent in memory, by SQLite's own URIs, and elsewhere."""
    name = engine.url.database or ""
    if engine.dialect.name != "sqlite" or name in ("", ":memory:") or name.startswith("file:"):
        return None
    return Path(name)


def make_private(engine: Engine) -> None:
    """Make the file of a new SQLite database readable by its owner alone; its log follows it."""
    file = file_of(engine)
    if file is not None and file.parent.is_dir() and not file.exists():
        with contextlib.suppress(FileExistsError):  # another process was quicker
            make_empty(file)


def make_empty(file: Path) -> None:
    """Make an empty file that only its owner may read or write.

    Raises:
        OSError: ``FileExistsError`` if it is there already; any other that the disk gives.
    """
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def reading(engine: Engine) -> Engine:
    """The same, for transactions that see one moment of the record from begin to end."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def writing(engine: Engine) -> Engine:
    """The same, for transactions that write.

    On PostgreSQL each statement sees what was committed before it, so that the writer who waited
    for the lock sees what the one before has written.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(writer=True)
    return engine.execution_options(isolation_level="READ COMMITTED")


def take_turn(connection: Connection, turn: int) -> None:
    """Wait until no other process is at the same work; SQLite has one writer anyway.

    Args:
        connection: Inside a write transaction, at whose end the turn ends.
        turn: Which work.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCKS, turn)))


def learn(connection: Connection, before: int, after: int) -> None:
    """Let PostgreSQL count again what it holds when that has doubled.

    By itself it looks a minute later. Until then it takes a table that was just filled for empty
    and walks through all of it, so that each batch of a first load takes longer than the last.

    Args:
        connection: Inside a write transaction.
        before: Versions that were committed before it.
        after: The same with those of this transaction.
    """
    doubled = before.bit_length() != after.bit_length() and after >= WORTH_COUNTING
    if doubled and connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE resource, history, token, link, moment, word")


def check(connection: Connection) -> None:
    """See that the database can hold every text.

    Raises:
        Damaged: ``database-encoding``.
    """
    if connection.dialect.name == "postgresql":
        found = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if found != "UTF8":
            raise Damaged("database-encoding", found=found)


def _sqlite(url: str) -> Engine:
    options: dict[str, Any] = (
        {"poolclass": StaticPool}
        if url == IN_MEMORY
        else {"pool_size": CONNECTIONS, "max_overflow": 0}
    )
    quiet = {"check_same_thread": False, "timeout": WAIT_SECONDS}
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
        f"busy_timeout = {WAIT_SECONDS * 1000}",
        "cache_size = -65536",
        "wal_autocheckpoint = 4000",
        f"journal_size_limit = {LOG_BYTES}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once, so that it never fails half-way for want of it."""
    writer = connection.get_execution_options().get("writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _prepare_postgres(connection: Any, _record: object) -> None:
    """Nobody waits for ever; and a commit is on the disk when it returns.

    Of ``synchronous_commit`` only ``off`` is changed: ``remote_apply`` and the like stay.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{SILENCE_SECONDS}s'")
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
    connection.commit()
