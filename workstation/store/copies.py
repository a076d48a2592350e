"""Whole copies of an encrypted store: consistent while it is in use, checked before they count."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from workstation.kernel.errors import Damaged, Refused
from workstation.store.engine import (
    KEY_BYTES,
    connect,
    damaged_pages,
    file_set,
    key_literal,
    translated,
)

SALT_BYTES: Final = 16
PAGE_BYTES: Final = 4096
"""No encrypted file is shorter than one page; this is SQLCipher's usual size of it."""
_PLAIN: Final = b"SQLite format 3\0"
_STAMP: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Lock:
    """What opens a file that leaves this machine: a key, and the salt at its beginning.

    The key is made from a recovery passphrase and the salt (`workstation.security.recovery`), so
    that the file opens where the machine's own secret is lost.
    """

    key: bytes
    salt: bytes

    def __post_init__(self) -> None:
        """Refuse what is no key.

        Raises:
            ValueError: Not 32 bytes of key and 16 of salt.
        """
        if len(self.key) != KEY_BYTES or len(self.salt) != SALT_BYTES:
            raise ValueError("a lock has a key of 32 bytes and a salt of 16")

    def literal(self) -> str:
        """Key and salt as SQLCipher takes them."""
        return f"\"x'{self.key.hex()}{self.salt.hex()}'\""


def salt_of(file: Path) -> bytes:
    """The salt of an encrypted file: its first 16 bytes.

    Raises:
        Damaged: ``no-such-file`` when it is missing, ``not-a-store`` when it is too short or a
            database that is not encrypted, ``disk-error`` when it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            page = stream.read(PAGE_BYTES)
    except FileNotFoundError as error:
        raise Damaged("no-such-file") from error
    except OSError as error:
        raise Damaged("disk-error") from error
    if len(page) < PAGE_BYTES or page.startswith(_PLAIN):
        raise Damaged("not-a-store")
    return page[:SALT_BYTES]


def claim(file: Path) -> None:
    """Make an empty file for its owner alone, where nothing was.

    Raises:
        Refused: ``file-exists``.
        Damaged: ``read-only`` or ``disk-full``.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise Refused("file-exists", field="target") from error
    except PermissionError as error:
        raise Damaged("read-only") from error
    except OSError as error:
        raise Damaged("disk-full" if error.errno == errno.ENOSPC else "disk-error") from error


def claim_copy(file: Path) -> None:
    """Like `claim`, in a folder that is there: a missing one may be a stick that is not mounted.

    Raises:
        Refused: ``no-such-folder``, ``file-exists``.
        Damaged: ``read-only`` or ``disk-full``.
    """
    if not file.parent.is_dir():
        raise Refused("no-such-folder", field="target")
    claim(file)


@contextlib.contextmanager
def _called(code: str) -> Iterator[None]:
    """Name the key that does not open a file as whoever typed it knows it."""
    try:
        yield
    except Damaged as damage:
        if damage.code != "wrong-key":
            raise
        raise Damaged(code) from damage


@contextlib.contextmanager
def opened(database: Path, key: bytes | Lock) -> Iterator[Any]:
    """A bare connection to a file that exists, closed at the end; failures as our own errors.

    Raises:
        Damaged: Of a record ``record-missing``, ``wrong-key`` …; of a file under a passphrase
            ``no-such-file``, ``wrong-passphrase`` …
    """
    locked = isinstance(key, Lock)
    if not database.exists():
        raise Damaged("no-such-file" if locked else "record-missing")
    with _called("wrong-passphrase" if locked else "wrong-key"), translated():
        raw = connect(database, key.key if isinstance(key, Lock) else key)
        try:
            yield raw
        finally:
            raw.close()


def refuse_empty(database: Path, key: bytes) -> None:
    """Make sure that something is in the file of a record; it is not written to.

    Raises:
        Damaged: ``empty-record``: it has no byte, or no table.
    """
    with opened(database, key) as raw:
        if not raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise Damaged("empty-record")


@contextlib.contextmanager
def opened_alone(database: Path, key: bytes) -> Iterator[Any]:
    """Like `opened`, and nobody else may have the file open, in this process or another.

    Raises:
        Unavailable: ``store-busy``: somebody has.
    """
    with opened(database, key) as raw:
        raw.execute("PRAGMA busy_timeout = 0")
        raw.execute("PRAGMA locking_mode = EXCLUSIVE")
        raw.execute("BEGIN IMMEDIATE")
        yield raw
        raw.execute("ROLLBACK")


def pages(database: Path, key: bytes) -> tuple[int, ...]:
    """Numbers of the damaged pages of a file."""
    with opened(database, key) as raw:
        return tuple(damaged_pages(raw))


def snapshot(database: Path, key: bytes, target: Path) -> None:
    """Copy a store under the same key, while it is in use.

    Raises:
        Refused: ``file-exists``.
        Damaged: The store cannot be read, or the copy cannot be written; then there is none.
    """
    claim(target)
    with removed_on_failure(target), opened(database, key) as raw:
        raw.execute("VACUUM INTO ?", (str(target),))
        verify(target, key)


def export(database: Path, key: bytes, target: Path, lock: Lock) -> None:
    """Copy a store under another key, while it is in use.

    Raises:
        Refused: ``no-such-folder``, ``file-exists``.
        Damaged: The store cannot be read, or the copy cannot be written; then there is none.
    """
    claim_copy(target)
    with removed_on_failure(target), opened(database, key) as raw:
        raw.execute(f"ATTACH ? AS copy KEY {lock.literal()}", (str(target),))
        _copy_attached(raw, "main", "copy")
        raw.execute("DETACH copy")
        verify(target, lock)


def import_(source: Path, lock: Lock, database: Path, key: bytes) -> None:
    """Make a store out of a copy that `export` made.

    Raises:
        Refused: ``file-exists``: never over a store.
        Damaged: ``wrong-key``, ``damaged-page``, ``disk-full`` …; then there is no new store.
    """
    claim(database)
    with removed_on_failure(database), opened(source, lock) as raw:
        raw.execute(f"ATTACH ? AS copy KEY {key_literal(key)}", (str(database),))
        _copy_attached(raw, "main", "copy")
        raw.execute("DETACH copy")
        verify(database, key)


def verify(database: Path, key: bytes | Lock) -> None:
    """Read every page of a file and check its seal and its structure.

    Raises:
        Damaged: ``wrong-key``; ``damaged-page`` with the first ``page`` and how many ``pages``.
    """
    with opened(database, key) as raw:
        raw.execute("SELECT count(*) FROM sqlite_master")
        broken = damaged_pages(raw)
        if broken:
            raise Damaged("damaged-page", page=broken[0], pages=len(broken))
        found = raw.execute("PRAGMA quick_check(1)").fetchone()
        if found[0] != "ok":
            raise Damaged("damaged-page")


def put_aside(folder: Path, at: datetime, why: str) -> Path:
    """Move the files of a store into a folder of their own. They are never deleted.

    Args:
        folder: Of the store.
        at: Now; it becomes part of the name.
        why: ``damaged`` or ``replaced``.

    Returns:
        The new folder.
    """
    aside = folder / f"{why}-{at.strftime(_STAMP)}"
    number = 1
    while aside.exists():
        number += 1
        aside = folder / f"{why}-{at.strftime(_STAMP)}-{number}"
    aside.mkdir(mode=0o700)
    for file in file_set(folder):
        if file.exists():
            file.rename(aside / file.name)
    return aside


def _copy_attached(raw: Any, source: str, target: str) -> None:
    """Export under one read lock, so that what is written meanwhile is wholly in or wholly out."""
    raw.execute("SELECT sqlcipher_export(?, ?)", (target, source)).fetchone()
    version = raw.execute(f"PRAGMA {source}.user_version").fetchone()[0]
    raw.execute(f"PRAGMA {target}.user_version = {int(version)}")


@contextlib.contextmanager
def removed_on_failure(target: Path) -> Iterator[None]:
    """Take a half-written file away again when the block fails."""
    try:
        yield
    except BaseException:
        for end in ("", "-journal", "-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
        raise
