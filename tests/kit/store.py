"""A store in a folder of the test, in a few milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from workstation.kernel.clock import Clock, ManualClock
from workstation.kernel.ids import DeviceId
from workstation.store import Author, Store

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
