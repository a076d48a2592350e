"""How long a nurse waits for "saved": a full set of vital signs, eight Observations, durable."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from benchmarks.measure import Result, durations, slow
from benchmarks.small_ward import KEY, PATIENT, admit, open_desk
from workstation.clinical.vital_signs import Consciousness, VitalSigns
from workstation.services import vital_signs
from workstation.services.desk import Desk
from workstation.store.engine import FILE_NAME, connect

TARGET_MS = 25
MOST_TIMES_RAW = 5
TABLES = ("change", "pending", "observation_index", "record_index")


def measure(*, quick: bool) -> Result:
    """Save through the service layer, and the same rows by a bare SQLCipher transaction."""
    repetitions = 40 if quick else 1000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        desk = open_desk(folder)
        admit(desk)
        taken = durations(lambda: record(desk), repetitions, warm=20)
        desk.store.close()
        raw = durations(bare_transaction(folder), repetitions, warm=20)
    bare = statistics.median(raw)
    return slow(
        "durable_save",
        "durable save of a full set of vital signs (8 Observations) through the service layer",
        taken,
        TARGET_MS,
        measured="p99",
        conditions={
            "raw SQLCipher transaction of the same rows": f"{bare:.2f} ms",
            "median as a multiple of it": round(statistics.median(taken) / bare, 2),
            "multiple allowed": MOST_TIMES_RAW,
            "synchronous": "FULL",
        },
    )


def record(desk: Desk) -> None:
    """Chart one full set."""
    vitals = VitalSigns(
        at=desk.now(),
        respiratory_rate=Decimal(18),
        spo2=Decimal(96),
        oxygen_flow=Decimal(0),
        systolic=Decimal(122),
        diastolic=Decimal(78),
        heart_rate=Decimal(84),
        consciousness=Consciousness.ALERT,
        temperature=Decimal("37.2"),
        pain=Decimal(2),
    )
    vital_signs.record(desk, PATIENT, vitals)


def bare_transaction(folder: Path) -> Callable[[], None]:
    """A function that writes the rows of the last saved set once more, under other ids.

    The rows go into tables without triggers and indexes of their own beside the real ones, so
    that the figure is the least that SQLCipher needs for them.
    """
    raw = connect(folder / FILE_NAME, KEY)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    rows = {table: _last_rows(raw, table) for table in TABLES}
    for table, found in rows.items():
        columns = ", ".join(f"c{number}" for number in range(len(found[0])))
        raw.execute(f"CREATE TABLE bare_{table} (n INTEGER PRIMARY KEY, {columns})")

    def write() -> None:
        raw.execute("BEGIN IMMEDIATE")
        for table, found in rows.items():
            marks = ", ".join("?" * len(found[0]))
            raw.executemany(f"INSERT INTO bare_{table} VALUES (NULL, {marks})", found)  # noqa: S608
        raw.execute("COMMIT")

    return write


def _last_rows(raw: sqlcipher.Connection, table: str) -> list[tuple[Any, ...]]:
    """The rows that the last saved set has in one table."""
    column = "rowid" if table != "change" else "seq"
    newest = 9 if table == "observation_index" else 8
    return list(
        raw.execute(f"SELECT * FROM {table} ORDER BY {column} DESC LIMIT {newest}")  # noqa: S608
    )
