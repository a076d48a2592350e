"""The encrypted file and its connections: key, pragmas, transactions, and what failures mean.

SQLCipher with a raw 256-bit key, so that opening costs no key derivation; WAL with
``synchronous=FULL``, so that a returned commit is on the disk. A connection is lent to one
transaction of one thread at a time.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from workstation.kernel.errors import Damaged, Unavailable, WorkstationError

FILE_NAME: Final = "ward.db"
KEY_BYTES: Final = 32
BUSY_MILLISECONDS: Final = 10_000
LOG_BYTES: Final = 8 * 1024 * 1024
"""The write-ahead log shrinks to so much at the next occasion; it is folded in at about half.

It grows beyond only in one large transaction or while a reader keeps an old snapshot.
"""
_POOL_SIZE: Final = 8

_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    "PRAGMA cache_size = -32000",
    "PRAGMA recursive_triggers = OFF",
    f"PRAGMA journal_size_limit = {LOG_BYTES}",
)

_PAGE: Final = re.compile(r"page (\d+)")

_forbidden: set[int] = set()


def forbid_thread() -> None:
    """Let every SQL statement on the calling thread raise: the window must not wait for a disk."""
    _forbidden.add(threading.get_ident())


def permit_thread() -> None:
    """Undo `forbid_thread`."""
    _forbidden.discard(threading.get_ident())


def file_set(folder: Path) -> tuple[Path, ...]:
    """The database file and those that SQLite keeps beside it, whether they exist or not."""
    database = folder / FILE_NAME
    return (database, *(folder / (FILE_NAME + end) for end in ("-wal", "-shm")))


def key_literal(key: bytes) -> str:
    """A raw key as SQLCipher takes it.

    Raises:
        ValueError: The key has not 32 bytes.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("the data key has 32 bytes")
    return f"\"x'{key.hex()}'\""


def connect(database: Path, key: bytes, *, read_only: bool = False) -> Any:
    """Open one bare SQLCipher connection, silent on stderr, with its key given but not yet tried.

    Args:
        database: The encrypted file.
        key: Raw key, 32 bytes.
        read_only: Whether the file must not be written, nor created.
    """
    mode = "ro" if read_only else "rwc"
    address = f"{database.absolute().as_uri()}?mode={mode}"
    raw = sqlcipher.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    raw.execute("PRAGMA cipher_log_level = none")
    raw.execute(f"PRAGMA key = {key_literal(key)}")
    return raw


def open_engine(database: Path, key: bytes) -> Engine:
    """Make the engine whose connections carry the key and all pragmas.

    Args:
        database: The encrypted file; it is created when it does not exist.
        key: Raw key, 32 bytes.
    """

    def creator() -> Any:
        raw = connect(database, key)
        try:
            for pragma in _PRAGMAS:
                raw.execute(pragma)
        except BaseException:
            raw.close()
            raise
        return raw

    engine = create_engine(
        "sqlite://",
        creator=creator,
        module=sqlcipher,
        poolclass=QueuePool,
        pool_size=_POOL_SIZE,
        pool_use_lifo=True,  # the connection used last has the pages wanted in its cache
        max_overflow=_POOL_SIZE,
        pool_reset_on_return="rollback",
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _check_thread)
    return engine


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_thread(*_arguments: Any) -> None:
    if threading.get_ident() in _forbidden:
        raise RuntimeError("SQL on the window's thread")


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """One transaction on one connection: committed at the end, rolled back by any exception.

    Args:
        engine: From `open_engine`.
        writes: Take the write lock at once; otherwise a consistent snapshot is read.

    Raises:
        Damaged: The file cannot be read or written; nothing of the transaction is kept.
        Unavailable: ``store-busy`` when another writer held the lock too long.
    """
    try:
        with translated():
            connection = engine.connect().execution_options(writes=writes)
            try:
                with connection.begin():
                    yield connection
            finally:
                connection.close()
    except Damaged as damage:
        if damage.code == "damaged-page":
            _renew(engine, damage)
        raise


def _renew(engine: Engine, damage: Damaged) -> None:
    """After a damaged page a connection fails for ever: drop all, and find out which page it is."""
    engine.dispose()
    with engine.connect() as connection:
        pages = damaged_pages(connection.connection.driver_connection)
    engine.dispose()
    if pages:
        damage.data.update(page=pages[0], pages=len(pages))


def damaged_pages(raw: Any) -> list[int]:
    """Numbers of the pages whose seal is broken; 4096 bytes each, the first is 1.

    Args:
        raw: A bare connection from `connect`. It reads the whole file.
    """
    lines = (str(line) for (line,) in raw.execute("PRAGMA cipher_integrity_check"))
    return [int(found[1]) for line in lines if (found := _PAGE.search(line))]


_MEANINGS: Final = {
    ("SQLITE_FULL", "database or disk is full"): "disk-full",
    ("SQLITE_READONLY", "attempt to write a readonly database"): "read-only",
    ("SQLITE_CANTOPEN", "unable to open database file"): "no-store",
    ("SQLITE_NOTADB", "file is not a database"): "wrong-key",
    ("SQLITE_CORRUPT", "database disk image is malformed"): "damaged-page",
    ("SQLITE_IOERR", "disk I/O error"): "disk-error",
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database says about its file into our own errors; let bugs pass."""
    try:
        yield
    except DBAPIError as error:
        known = meaning(error.orig)
        if known is None:
            raise
        raise known from error
    except sqlcipher.DatabaseError as error:
        known = meaning(error)
        if known is None:
            raise
        raise known from error


def meaning(error: BaseException | None) -> WorkstationError | None:
    """What an error of the database says about its file; None when it is our own mistake."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Unavailable("store-busy")
    for (prefix, words), code in _MEANINGS.items():
        # sqlcipher_export passes on the words of an error, but not its number.
        if name.startswith(prefix) or str(error) == words:
            return Damaged(code)
    return None
