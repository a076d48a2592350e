"""Making and opening the store's file set, and saying what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, Engine

from workstation.kernel.errors import Damaged, Refused
from workstation.kernel.ids import DeviceId
from workstation.store import schema
from workstation.store.engine import FILE_NAME, file_set, open_engine, transaction


def create(folder: Path, key: bytes, device: DeviceId) -> Engine:
    """Make the file of an empty store, private to this account.

    Raises:
        Refused: ``store-exists``: any file of a store is there already.
        Damaged: The disk refuses; what was begun is taken away again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(file.exists() for file in file_set(folder)):
        raise Refused("store-exists")
    database = folder / FILE_NAME
    os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    engine = open_engine(database, key)
    try:
        with transaction(engine, writes=True) as connection:
            schema.build(connection)
            connection.exec_driver_sql("INSERT INTO meta VALUES ('device', ?)", (device,))
    except BaseException:
        engine.dispose()
        for file in file_set(folder):
            file.unlink(missing_ok=True)
        raise
    return engine


def open_existing(folder: Path, key: bytes) -> tuple[Engine, DeviceId]:
    """Open the file of a store.

    Raises:
        Damaged: ``no-store``, ``wrong-key``, ``damaged-page`` or ``newer-store``.
    """
    database = folder / FILE_NAME
    if not database.exists():
        raise Damaged("no-store")
    engine = open_engine(database, key)
    try:
        with transaction(engine, writes=False) as connection:
            schema.check(connection)
            device = _device(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine, device


def _device(connection: Connection) -> DeviceId:
    value = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'device'").scalar()
    if value is None:
        raise Damaged("damaged-page")
    return DeviceId(str(value))
