"""Making and opening the store's file set, and saying what is wrong with it."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from workstation.kernel import sidecar
from workstation.kernel.errors import Damaged, Refused
from workstation.kernel.ids import DeviceId
from workstation.store import copies, schema
from workstation.store.engine import FILE_NAME, file_set, open_engine, transaction

FINGERPRINT: Final = "ward.fingerprint"
"""A keyed hash that tells a wrong key from a damaged first page. It says nothing about the key."""


def create(folder: Path, key: bytes, device: DeviceId) -> Engine:
    """Make the file of an empty store, private to this account.

    The remains of a making that was cut off are completed.

    Raises:
        Refused: ``store-exists``: any file of a store is there already.
        Damaged: The disk refuses; what was begun is taken away again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / FILE_NAME
    if any(file.exists() for file in file_set(folder)):
        if not unfinished(folder, key):
            raise Refused("store-exists")
    else:
        copies.claim(database)
    engine = open_engine(database, key)
    try:
        with transaction(engine, writes=True) as connection:
            schema.build(connection)
            connection.exec_driver_sql("INSERT INTO meta VALUES ('device', ?)", (device,))
        write_fingerprint(folder, key)
    except BaseException:
        engine.dispose()
        for file in file_set(folder):
            file.unlink(missing_ok=True)
        raise
    return engine


def open_existing(folder: Path, key: bytes) -> tuple[Engine, DeviceId]:
    """Open the file of a store, and bring an older schema up to date.

    Before an upgrade the whole store is copied to ``before-upgrade-<revision>.db``, under the
    same key; the copy stays.

    Raises:
        Damaged: ``record-missing``, ``empty-record``, ``wrong-key``, ``damaged-page``,
            ``not-a-store``, ``newer-store`` or ``upgrade-lost-changes``. The file is as it was.
    """
    database = folder / FILE_NAME
    if not database.exists():
        raise Damaged("record-missing")
    if not database.stat().st_size:  # the mode of the log would be written into it
        raise Damaged("empty-record")
    engine = open_engine(database, key)
    try:
        with transaction(engine, writes=False) as connection:
            found = _revision(connection)
        if found != schema.HEAD:
            _upgrade(engine, folder, key, found)
        with transaction(engine, writes=False) as connection:
            device = _device(connection)
    except Damaged as damage:
        engine.dispose()
        if damage.code == "wrong-key" and key_is_right(folder, key):
            raise Damaged("damaged-page", page=1) from damage
        raise
    except BaseException:
        engine.dispose()
        raise
    return engine, device


def check_store(database: Path, key: bytes) -> None:
    """Make sure that a file would open as a store.

    Raises:
        Damaged: ``not-a-store`` or ``newer-store``; or as `open_existing`.
    """
    engine = open_engine(database, key)
    try:
        with transaction(engine, writes=False) as connection:
            schema.revision(connection)
            _device(connection)
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str:
    if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
        raise Damaged("empty-record")
    return schema.revision(connection)


def _upgrade(engine: Engine, folder: Path, key: bytes, found: str) -> None:
    copy = folder / f"before-upgrade-{found}.db"
    if not copy.exists():
        copies.snapshot(folder / FILE_NAME, key, copy)
    with transaction(engine, writes=True) as connection:
        schema.upgrade(connection)


def _device(connection: Connection) -> DeviceId:
    value = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'device'").scalar()
    if value is None:
        raise Damaged("not-a-store")
    return DeviceId(str(value))


def _fingerprint(key: bytes) -> str:
    return hmac.new(key, b"ward workstation store", hashlib.sha256).hexdigest()


def unfinished(folder: Path, key: bytes) -> bool:
    """Whether a store was begun in a folder, or not even that, and was never there to save in.

    Raises:
        Damaged: What is there cannot be read by this key.
    """
    if (folder / FINGERPRINT).exists():
        return False
    if not any(file.exists() for file in file_set(folder)):
        return True
    engine = open_engine(folder / FILE_NAME, key)
    try:
        with transaction(engine, writes=False) as connection:
            return not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    finally:
        engine.dispose()


def write_fingerprint(folder: Path, key: bytes) -> None:
    """Note which key belongs to the store in a folder."""
    sidecar.write(folder / FINGERPRINT, _fingerprint(key).encode("ascii"))


def key_is_right(folder: Path, key: bytes) -> bool:
    """Whether a key is the one that the store in a folder was made with."""
    file = folder / FINGERPRINT
    return file.exists() and hmac.compare_digest(file.read_bytes(), _fingerprint(key).encode())
