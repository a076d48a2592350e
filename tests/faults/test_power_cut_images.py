"""F03, at every write: whatever a power cut leaves of the files, each acknowledged save is there.

The layer of `tests.kit.recording_disk` notes each write, truncation, deletion and sync of SQLCipher
(and of the hospital's SQLite) while a terminal charts, syncs, is closed and opened again. Images of
what a power cut could leave are opened by the real program. ``WARD_LONG=1`` cuts at
``WARD_LONG_RUNS`` moments (1,000 if not given); ``WARD_SEED=n`` chooses others.
"""

from __future__ import annotations

import _sqlite3
import os
import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlcipher3._sqlite3 as sqlcipher_library

from hospital.service import Hospital
from hospital.wire import Request
from tests.contract.fhir_server.people import bundle, patient, pulse, put
from tests.kit.hospital_double import HospitalDouble
from tests.kit.recording_disk import Image, Recording, images, recording
from tests.kit.records import sign
from tests.kit.store import KEY, START, index_rows, reopen
from tests.kit.ward_terminal import Terminal, admit
from workstation.fhir.json import dump_bytes
from workstation.kernel.clock import ManualClock
from workstation.store import maintenance

pytestmark = pytest.mark.fault
SEED = int(os.environ.get("WARD_SEED", "20261125"))
SETS, SET_SIZE = 70, 8
"""So many that SQLite folds its log into the file, and begins the log anew, more than once."""
BATCHES, BATCH = 60, 50


def chart(terminal: Terminal, number: int) -> None:
    """A set of vital signs, and an edit of the stay: one unit of work."""
    with terminal.store.write(terminal.author) as unit:
        for part in range(SET_SIZE):
            unit.create(sign(f"set{number}-{part}", "patient-1", "8867-4", "80", START))
        seen = unit.get("Encounter", "stay-1")
        assert seen is not None
        unit.update({**seen.resource(), "text": {"div": f"set{number}"}}, seen=seen)


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recording, Path]:
    """What SQLCipher did to the disk during a shift; the folder as it was at the end."""
    hospital = HospitalDouble(clock=ManualClock(START))
    admit(hospital)
    folder = tmp_path_factory.mktemp("shift")
    with recording(sqlcipher_library.__file__, folder) as recorded:
        terminal = Terminal(folder, hospital)
        recorded.mark("made", 1)
        terminal.sync()
        recorded.mark("saved", 0)
        for number in range(1, SETS + 1):
            chart(terminal, number)
            recorded.mark("saved", number)
            if number % 10 == 0:
                terminal.clock.advance(timedelta(seconds=20))
                terminal.sync()
            if number == SETS // 2:
                terminal.close()
                terminal.store = reopen(folder, clock=terminal.clock)
                terminal.engine = terminal.new_engine()
        terminal.close()
    hospital.close()
    return recorded, folder


def interesting(recorded: Recording, chance: random.Random, count: int, after: str) -> list[int]:
    """Moments for a power cut: every kind of event has its share, whatever its number."""
    first = next(i for i, e in enumerate(recorded.events) if (e.kind, e.file) == ("mark", after))
    kinds: dict[tuple[str, str, bool], list[int]] = {}
    for moment, event in enumerate(recorded.events, start=1):
        if moment > first + 1:
            start_of_log = event.file.endswith("-wal") and event.offset == 0
            kinds.setdefault((event.kind, event.file, start_of_log), []).append(moment)
    share = max(1, count // len(kinds))
    return sorted(
        {m for each in kinds.values() for m in chance.sample(each, min(share, len(each)))}
    )


def moments_of(recorded: Recording, chance: random.Random, few: int, after: str) -> list[int]:
    print(f"WARD_SEED={SEED}; {len(recorded.events)} events")
    if not os.environ.get("WARD_LONG"):
        return interesting(recorded, chance, few, after)
    many = int(os.environ.get("WARD_LONG_RUNS", "1000"))
    return interesting(recorded, chance, many, after)


def check_store(image: Image, folder: Path, fingerprint: Path) -> None:
    """Open what was left, compare it with what was promised, and go on charting."""
    image.write(folder)
    shutil.copy(fingerprint, folder)
    promised = image.marks["saved"]
    store = reopen(folder, clock=ManualClock(START))
    where = (image.moment, image.how)
    with store.read() as view:
        run = view.connection.exec_driver_sql
        found: dict[int, int] = {}
        for each in view.find("Observation"):
            number = int(each.id.removeprefix("set").split("-")[0])
            found[number] = found.get(number, 0) + 1
        assert set(range(1, promised + 1)) <= set(found), where
        assert set(found) <= set(range(1, promised + 2)), where
        assert set(found.values()) <= {SET_SIZE}, (where, "half a set")
        saves = run("SELECT count(*) FROM change WHERE author IS NOT NULL").scalar_one()
        assert saves == len(found) * (SET_SIZE + 1), where
        unanswered = run("SELECT DISTINCT type, id FROM change WHERE answered_at IS NULL")
        waiting = run("SELECT type, id FROM pending")
        assert {tuple(row) for row in unanswered} == {tuple(row) for row in waiting}, where
    before = index_rows(store)
    maintenance.reindex(store, lambda *_: None)
    assert index_rows(store) == before, where
    with store.write() as unit:
        unit.create(sign("after", "patient-1", "8867-4", "80", START))
    store.close()
    assert maintenance.check(folder, KEY).sound, where


@pytest.mark.long
@pytest.mark.timeout(0)
def test_whatever_is_left_of_the_store_each_acknowledged_save_is_there(
    shift: tuple[Recording, Path], tmp_path: Path
) -> None:
    recorded, folder = shift
    chance = random.Random(SEED)
    moments = moments_of(recorded, chance, 24, "saved")
    checked = 0
    for image in images(recorded, moments, chance):
        check_store(image, tmp_path / "image", folder / "ward.fingerprint")
        shutil.rmtree(tmp_path / "image")
        checked += 1
    print(f"{checked} images of the store at {len(moments)} moments")
    assert checked == 3 * len(moments) > 3


def test_the_notes_replayed_give_the_files_that_are_there(shift: tuple[Recording, Path]) -> None:
    """The instrument is right: nothing that SQLCipher wrote went past it."""
    recorded, folder = shift
    end = len(recorded.events)
    last = next(images(recorded, {end}, random.Random(SEED)))
    assert last.how == "all"
    there = {file.name: file.read_bytes() for file in folder.glob("ward.db*")}
    assert there == {name: bytes(content) for name, content in last.files.items()}
    kinds = {(event.kind, event.file) for event in recorded.events}
    assert {("write", "ward.db"), ("write", "ward.db-wal"), ("delete", "ward.db-wal")} <= kinds
    begun = [e for e in recorded.events if e.file == "ward.db-wal" and e.data and e.offset == 0]
    assert len(begun) > 2, "the log was never begun anew"


def test_the_images_show_a_save_that_was_not_synced(tmp_path: Path) -> None:
    """The instrument sees: without ``synchronous=FULL`` the last commit is lost in some image."""
    lost: dict[str, bool] = {}
    for level in ("FULL", "NORMAL"):
        folder = tmp_path / level
        folder.mkdir()
        with (
            recording(_sqlite3.__file__, folder) as recorded,
            closing(sqlite3.connect(folder / "t.db", isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {level}")
            connection.execute("CREATE TABLE t (n)")
            connection.execute("INSERT INTO t VALUES (1)")
            end = len(recorded.events)
        left = list(images(recorded, {end}, random.Random(SEED)))
        lost[level] = False
        for image in left:
            image.write(folder / image.how)
            with closing(sqlite3.connect(folder / image.how / "t.db")) as connection:
                tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                rows = tables[0] and connection.execute("SELECT n FROM t").fetchall()
            lost[level] |= rows != [(1,)]
    assert lost == {"FULL": False, "NORMAL": True}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """What SQLite did to the disk while the hospital took batches."""
    folder = tmp_path_factory.mktemp("day")
    person = patient("cut")
    with recording(_sqlite3.__file__, folder) as recorded:
        hospital = Hospital(f"sqlite:///{folder / 'hospital.db'}", demo=True)
        recorded.mark("taken", 0)
        for number in range(1, BATCHES + 1):
            signs = [pulse(person, 60) | {"id": f"b{number}-{part}"} for part in range(BATCH)]
            body = dump_bytes(bundle("batch", *(put(each) for each in signs)))
            assert hospital.handle(Request("POST", "/fhir", "", {}, body)).status == 200
            recorded.mark("taken", number)
        hospital.close()
    return recorded


def check_hospital(image: Image, folder: Path, *, indexes: bool) -> None:
    """Open what was left, compare it with what was answered, and take one more."""
    image.write(folder)
    promised = image.marks["taken"]
    where = (image.moment, image.how)
    hospital = Hospital(f"sqlite:///{folder / 'hospital.db'}", demo=True)
    with hospital.database.look() as connection:
        run = connection.exec_driver_sql
        found = [row[0] for row in run("SELECT id FROM resource")]
        assert len(found) in (promised * BATCH, (promised + 1) * BATCH), where
        assert {id_.split("-")[0] for id_ in found} >= {f"b{n}" for n in range(1, promised + 1)}
        orders = [row[0] for row in run("SELECT seq FROM history ORDER BY seq")]
        assert orders == list(range(1, len(found) + 1)), (where, "a gap in the order of changes")
        assert run("SELECT seq FROM counter").scalar_one() == len(found), where
        assert run("PRAGMA integrity_check").scalar_one() == "ok", where
    if indexes:
        before = _tables(hospital)
        hospital.database.reindex()
        assert _tables(hospital) == before, where
    body = dump_bytes(pulse(patient("cut")) | {"id": "after"})
    answer = hospital.handle(Request("PUT", "/fhir/Observation/after", "", {}, body))
    assert answer.status == 201, where
    hospital.close()


def _tables(hospital: Hospital) -> list[list[tuple[object, ...]]]:
    found = []
    with hospital.database.look() as connection:
        for table in ("token", "link", "moment", "word"):
            rows: Sequence[object] = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            found.append(sorted(tuple(row) for row in rows))  # type: ignore[arg-type]
    return found


@pytest.mark.long
@pytest.mark.timeout(0)
def test_whatever_is_left_of_the_hospital_each_answered_batch_is_there(
    day: Recording, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    moments = moments_of(day, chance, 14, "taken")
    checked = 0
    for image in images(day, moments, chance):
        check_hospital(image, tmp_path / "image", indexes=checked % 6 == 0)
        shutil.rmtree(tmp_path / "image")
        checked += 1
    print(f"{checked} images of the hospital's database at {len(moments)} moments")
    assert checked == 3 * len(moments) > 3
