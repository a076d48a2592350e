"""F03: power is cut after "saved". Each acknowledged save is there, whole, in every copy."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.kit.records import admit, sign
from tests.kit.store import KEY, NURSE, START, make_store, reopen
from workstation.store import Store, maintenance
from workstation.store.engine import file_set

pytestmark = pytest.mark.fault

SETS = 6
SET_SIZE = 8


def copy_files(folder: Path, target: Path) -> None:
    """What would be on the disk if the power went now. The -shm file is only memory."""
    target.mkdir()
    for file in file_set(folder):
        if file.exists() and not file.name.endswith("-shm"):
            shutil.copy(file, target / file.name)
    shutil.copy(folder / "ward.fingerprint", target)


def chart(store: Store, number: int) -> None:
    with store.write(NURSE) as unit:
        for part in range(SET_SIZE):
            unit.create(sign(f"set{number}-{part}", "p1", "8867-4", "80", START))


def sets_in(folder: Path) -> dict[int, int]:
    """How many Observations of each set are in a copy; journal and index must agree."""
    store = reopen(folder)
    with store.read() as view:
        found: dict[int, int] = {}
        for each in view.find("Observation"):
            number = int(each.id.removeprefix("set").split("-")[0])
            found[number] = found.get(number, 0) + 1
        run = view.connection.exec_driver_sql
        for table in ("observation_index", "record_index", "change"):
            kind = "" if table == "observation_index" else " WHERE type = 'Observation'"
            count = run(f"SELECT count(*) FROM {table}{kind}").scalar()
            assert count == sum(found.values()), table
    store.close()
    return found


def test_at_every_write_boundary_each_acknowledged_save_is_there(tmp_path: Path) -> None:
    store = make_store(tmp_path / "live")
    with store.write(NURSE) as unit:
        for resource in admit("p1", "Nguyễn", "Văn An", bed=None, ward=None):
            unit.create(resource)
    copies: list[tuple[Path, int]] = []
    acknowledged = 0

    def cut_here(*_: object) -> None:
        target = tmp_path / f"cut{len(copies)}"
        copy_files(tmp_path / "live", target)
        copies.append((target, acknowledged))

    moments = random.Random(3)

    def sometimes(*_: object) -> None:
        if moments.random() < 0.15:
            cut_here()

    event.listen(store._engine, "after_cursor_execute", sometimes)
    for number in range(SETS):
        chart(store, number)
        acknowledged = number + 1
        cut_here()
    event.remove(store._engine, "after_cursor_execute", sometimes)
    store.close()
    assert len(copies) > SETS
    for folder, promised in copies:
        found = sets_in(folder)
        assert set(found) == set(range(promised)), f"{promised} sets were acknowledged"
        assert set(found.values()) <= {SET_SIZE}, "half a set"


def test_a_log_torn_at_any_byte_loses_no_earlier_save(tmp_path: Path) -> None:
    store = make_store(tmp_path / "live")
    chart(store, 0)
    log = tmp_path / "live" / "ward.db-wal"
    safe = log.stat().st_size
    chart(store, 1)
    copy_files(tmp_path / "live", tmp_path / "whole")
    store.close()
    size = (tmp_path / "whole" / log.name).stat().st_size
    for place in {safe, safe + 1, (safe + size) // 2, size - 1, size}:
        torn = tmp_path / f"torn{place}"
        shutil.copytree(tmp_path / "whole", torn)
        with (torn / log.name).open("r+b") as stream:
            stream.truncate(place)
        found = sets_in(torn)
        assert found == ({0: SET_SIZE, 1: SET_SIZE} if place == size else {0: SET_SIZE})
        assert maintenance.check(torn, KEY).sound


@pytest.mark.parametrize("after", [1, 7, 30])
def test_kill_9_in_the_middle_of_charting(tmp_path: Path, after: int) -> None:
    make_store(tmp_path).close()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.crashing_terminal", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    for _ in range(after):
        process.stdout.readline()
    time.sleep(random.Random(after).random() / 100)
    process.send_signal(signal.SIGKILL)
    said = process.stdout.read().split()
    process.stdout.close()
    process.wait()
    acknowledged = after + len(said)
    store = reopen(tmp_path)
    with store.read() as view:
        found = {each.id for each in view.find("Observation")}
    for number in range(acknowledged):
        assert {f"a{number}", f"b{number}"} <= found
    assert len(found) % 2 == 0
    with store.write(NURSE) as unit:
        unit.create(sign("after", "p1", "8867-4", "80", START))
    store.close()
    assert maintenance.check(tmp_path, KEY).sound
