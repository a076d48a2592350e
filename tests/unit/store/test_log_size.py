"""The write-ahead log does not stay as large as it once had to be."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from hospital.store import engines
from hospital.store.database import Database
from tests.kit.records import sign
from tests.kit.store import NURSE, START, make_store
from workstation.kernel.clock import ManualClock
from workstation.store import Store
from workstation.store.engine import LOG_BYTES

NOTE = [{"text": "x" * 40_000}]


def chart(store: Store, numbers: range) -> None:
    for number in numbers:
        with store.write(NURSE) as unit:
            unit.create(sign(f"o{number}", "p1", "8867-4", "80", START) | {"note": NOTE})


def test_the_log_shrinks_when_a_long_reader_has_gone(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    log = tmp_path / "ward.db-wal"
    with ExitStack() as stack:
        view = stack.enter_context(store.read())
        assert view.find("Observation") == []
        chart(store, range(120))
        assert log.stat().st_size > LOG_BYTES, "the reader does not hold it any more"
    chart(store, range(200, 203))
    assert log.stat().st_size <= LOG_BYTES
    store.close()


def test_the_hospitals_log_shrinks_too(tmp_path: Path) -> None:
    record = Database(f"sqlite:///{tmp_path / 'hospital.db'}", ManualClock(START))
    log = tmp_path / "hospital.db-wal"

    def take(numbers: range) -> None:
        for number in numbers:
            with record.write() as unit:
                made = sign(f"o{number}", "p1", "8867-4", "80", START)
                unit.put(made | {"note": [{"text": "x" * 400_000}]}, method="PUT")

    with record.read() as view:
        assert view.change()[0] == 0
        take(range(120))
        assert log.stat().st_size > engines.LOG_BYTES, "the reader does not hold it any more"
    take(range(200, 203))
    assert log.stat().st_size <= engines.LOG_BYTES
    record.close()
