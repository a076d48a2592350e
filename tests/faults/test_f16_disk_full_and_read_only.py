"""F16: the disk is full, or the file cannot be written. "Saved" is not said, nothing is half."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.kit.records import admit, sign
from tests.kit.store import KEY, NURSE, START, make_store, reopen
from workstation.kernel.errors import Damaged
from workstation.store import Store, maintenance
from workstation.store.copies import Lock
from workstation.store.engine import FILE_NAME

resource = pytest.importorskip("resource", reason="only POSIX can limit the size of a file")
pytestmark = pytest.mark.fault

LOCK = Lock(b"k" * 32, b"s" * 16)


def limit(engine: Engine, pages: int) -> None:
    """Let the file grow no further than so many pages beyond what it has."""

    @event.listens_for(engine, "begin")
    def _begin(connection: object) -> None:
        run = connection.exec_driver_sql  # type: ignore[attr-defined]
        now = run("PRAGMA page_count").scalar()
        run(f"PRAGMA max_page_count = {now + pages}")


def chart_until_full(store: Store) -> int:
    saved = 0
    while True:
        with store.write(NURSE) as unit:
            for part in range(8):
                unit.create(sign(f"set{saved}-{part}", "p1", "8867-4", "80", START))
        saved += 1


def test_a_full_disk_says_so_and_keeps_every_earlier_save(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write(NURSE) as unit:
        for resource in admit("p1", "Nguyễn", "Văn An", bed=None, ward=None):
            unit.create(resource)
    limit(store._engine, 0)
    with pytest.raises(Damaged, match="disk-full"):
        chart_until_full(store)
    with store.read() as view:
        found = view.find("Observation")
        assert len(found) % 8 == 0
        run = view.connection.exec_driver_sql
        count = run("SELECT count(*) FROM change WHERE type = 'Observation'").scalar()
        assert count == len(found)
    store.close()
    again = reopen(tmp_path)
    with again.write(NURSE) as unit:
        unit.create(sign("later", "p1", "8867-4", "80", START))
    again.close()
    assert maintenance.check(tmp_path, KEY).sound


@contextmanager
def powerless(folder: Path) -> Iterator[None]:
    """Work as somebody who may read the files of a folder but not write them."""
    way = [folder, *folder.parents[:2]]
    modes = [place.stat().st_mode for place in way]
    for place in way:
        place.chmod(0o755)
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    mighty = os.geteuid()
    if mighty == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if mighty == 0:
            os.seteuid(mighty)
        for place, mode in zip(way, modes, strict=True):
            place.chmod(mode)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def save_one(store: Store) -> None:
    with store.write(NURSE) as unit:
        unit.create({"resourceType": "Patient", "id": "p2"})


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    make_store(tmp_path).close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with powerless(tmp_path), pytest.raises(Damaged) as caught:
        save_one(reopen(tmp_path))
    assert caught.value.code in {"read-only", "no-store"}
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_disk_that_refuses_a_write_loses_nothing_saved_before(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write(NURSE) as unit:
        unit.create(sign("before", "p1", "8867-4", "80", START))
    log = (tmp_path / "ward.db-wal").stat().st_size
    with files_of_at_most(log + 5_000), pytest.raises(Damaged) as caught:
        chart_until_full(store)
    assert caught.value.code in {"disk-full", "disk-error"}
    with store.read() as view:
        assert [each.id for each in view.find("Observation")] == ["before"]
    save_one(store)
    store.close()
    assert maintenance.check(tmp_path, KEY).sound


def test_a_backup_onto_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store")
    target = tmp_path / "backup.db"
    with files_of_at_most(20_000), pytest.raises(Damaged) as caught:
        maintenance.backup(store, KEY, target, LOCK)
    assert caught.value.code in {"disk-full", "disk-error"}
    assert list(tmp_path.iterdir()) == [tmp_path / "store"]
    maintenance.backup(store, KEY, target, LOCK)
    store.close()
