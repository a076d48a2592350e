"""A store in a folder of the test, in a few milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from workstation.kernel.clock import Clock, ManualClock
from workstation.kernel.ids import DeviceId
from workstation.store import Author, Store
from workstation.store.index_tables import INDEX_TABLES

KEY = bytes(range(32))
DEVICE = DeviceId("terminal-1")
START = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
NURSE = Author("Practitioner/nurse-1", "Lê Thị Điều Dưỡng", DEVICE)


def make_store(
    folder: Path, *, clock: Clock | None = None, device: DeviceId = DEVICE, key: bytes = KEY
) -> Store:
    """Make an empty store with a raw key; close it at the end of the test."""
    return Store.create(folder, key, device=device, clock=clock or ManualClock(START))


def reopen(folder: Path, *, clock: Clock | None = None, key: bytes = KEY) -> Store:
    """Open the store of `make_store` again."""
    return Store.open(folder, key, clock=clock or ManualClock(START))


def author(number: int = 1, *, device: DeviceId = DEVICE) -> Author:
    """One of several invented nurses."""
    return Author(f"Practitioner/nurse-{number}", f"Điều dưỡng {number}", device)


def index_rows(store: Store) -> dict[str, list[str]]:
    """Every row of the index tables, for comparing before and after they are made anew."""
    found: dict[str, list[str]] = {}
    with store.read() as view:
        for table in INDEX_TABLES:
            columns = ", ".join(f'"{c.name}"' for c in table.columns if c.name != "number")
            rows = view.connection.exec_driver_sql(f"SELECT {columns} FROM {table.name}")
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found
