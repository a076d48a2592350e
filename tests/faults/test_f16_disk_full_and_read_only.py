"""F16: the disk is full, the file cannot be written, a page is damaged.

"Saved" is not said, nothing is half, and a damaged record is rebuilt from server and journal.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import Engine, event

from tests.kit.hospital_double import HospitalDouble
from tests.kit.records import admit, sign
from tests.kit.store import KEY, NURSE, START, make_store, reopen
from tests.kit.ward import WARD, make_desk
from tests.kit.ward_terminal import Terminal, pulse
from tests.kit.workplace import RememberingNavigator, shown_words, until, workplace_at
from workstation.fhir.json import canonical
from workstation.kernel import words
from workstation.kernel.errors import Damaged
from workstation.store import Store, maintenance
from workstation.store.copies import Lock
from workstation.store.engine import FILE_NAME
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.toolkit.messages import explain

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
    temporary = Path(tempfile.gettempdir())
    way = [folder, *(place for place in folder.parents if temporary in place.parents)]
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
    assert caught.value.code in {"read-only", "no-store", "record-missing"}
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


def test_charting_on_a_full_disk_never_says_saved_and_keeps_what_was_typed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    words.use("en")
    desk = make_desk(tmp_path / "store", beds=2, taken=2)
    with workplace_at(desk, tmp_path) as workplace:
        screen = VitalSignsRoundScreen(workplace)
        qtbot.addWidget(screen)
        screen.show()
        screen.activate()
        until(lambda: screen.grid.currentIndex().isValid())
        full = [True]
        fill_up(desk.store, full)
        with pytest.raises(Damaged, match="disk-full"):
            chart_until_full(desk.store)
        before = observations(desk.store)
        for cell in ("84", "368", "124/78", "18", "97", "0", "a", "2"):
            qtbot.keyClicks(screen.grid, cell)
            qtbot.keyClick(screen.grid, Qt.Key.Key_Return)
        told = explain(Damaged("disk-full"))
        until(lambda: screen.model.row(0).problem is not None)
        assert "0 of 2 measured · 1 not saved" in shown_words(screen)
        qtbot.keyClick(screen.grid, Qt.Key.Key_Up)
        until(lambda: told.title in screen.detail.words())
        row = screen.model.row(0)
        assert (row.state, row.saved_at, row.references) == ("typing", None, frozenset())
        assert "84" in row.typed.values(), "what was typed stays in its row"
        navigator = workplace.navigator
        assert isinstance(navigator, RememberingNavigator)
        assert not any("Saved" in each for each in navigator.toasts)
        assert observations(desk.store) == before
        full[0] = False
        screen.keeper.save(0)
        until(lambda: screen.model.row(0).state == "saved")
        assert observations(desk.store) > before
    desk.store.close()


def observations(store: Store) -> int:
    with store.read() as view:
        return len(view.find("Observation"))


def fill_up(store: Store, full: list[bool]) -> None:
    """Let the disk be full for as long as `full` says so."""

    @event.listens_for(store._engine, "begin")
    def _begin(connection: object) -> None:
        run = connection.exec_driver_sql  # type: ignore[attr-defined]
        now = run("PRAGMA page_count").scalar()
        run(f"PRAGMA max_page_count = {now if full[0] else 1_000_000}")


@pytest.mark.parametrize("table", ["resource", "pending", "change", "scope_member", "cursor"])
def test_a_damaged_page_is_rebuilt_from_server_and_journal(
    hospital: HospitalDouble, tmp_path: Path, table: str
) -> None:
    """What the server has comes back from it; what is unsent comes out of what can be read."""
    folder = tmp_path / "terminal"
    terminal = Terminal(folder, hospital)
    terminal.sync()
    for number in range(20):
        terminal.create(pulse("patient-1", value=50 + number))
    terminal.sync()
    unsent = [terminal.create(pulse("patient-2", value=70 + number)) for number in range(5)]
    terminal.edit("Patient/patient-1", birthDate="1950-03-03")
    whole = terminal.content("Observation", "Patient", "Encounter", "Location")
    terminal.close()
    spoil(folder, table)
    with pytest.raises(Damaged):
        one_more_round(folder, hospital, terminal)
    found = maintenance.rebuild(folder, KEY, START, lambda *_progress: None)
    assert found.pages
    if table == "pending":
        assert found.from_journal == len(unsent) + 1
    status, content = one_more_round(folder, hospital, terminal)
    assert (status, content) == ((0, 0, 0), whole)
    held = hospital.resources()
    assert {*unsent} <= held.keys()
    assert {
        name: canonical({key: value for key, value in held[name].items() if key != "meta"})
        for name in unsent
    } == {name: whole[name] for name in unsent}
    assert held["Patient/patient-1"]["birthDate"] == "1950-03-03"
    assert all(len(hospital.versions(name)) == 1 for name in unsent), "P4"


def spoil(folder: Path, table: str) -> None:
    """Flip one bit on the first page of a table."""
    store = reopen(folder)
    with store.write() as unit:
        root = unit.connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).scalar_one()
    store.close()
    content = bytearray((folder / FILE_NAME).read_bytes())
    content[4096 * (int(root) - 1) + 200] ^= 1
    (folder / FILE_NAME).write_bytes(content)


def one_more_round(
    folder: Path, hospital: HospitalDouble, terminal: Terminal
) -> tuple[tuple[int, int, int], dict[str, str]]:
    """Open the store, sync twice, and tell what waits and what is there."""
    store = reopen(folder, clock=terminal.clock)
    engine = SyncEngine(store, terminal.transport, Scope(WARD), terminal.clock)
    try:
        for _ in range(2):
            report = engine.run_once()
            if not report.complete:
                raise Damaged(report.outcome)
        status = engine.status()
        with store.read() as view:
            content = {
                f"{type_}/{each.id}": canonical(each.resource())
                for type_ in ("Observation", "Patient", "Encounter", "Location")
                for each in view.find(type_)
            }
    finally:
        engine.stop()
        store.close()
    return (status.unsent, status.parked, status.conflicts), content
