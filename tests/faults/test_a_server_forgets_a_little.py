"""F14 over HTTP: a restored server that forgot little, much or all is told from one that deletes.

A server may be put back to a backup without any word of it, its epoch unchanged. Where it answers
410 to what was deleted, one record that it does not know any more is proof enough.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hospital.wire import Request, Response
from tests.kit.fault_proxy import FaultProxy
from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.hospital_process import HospitalProcess
from tests.kit.line_terminal import Ledger, LineTerminal
from tests.kit.store import START
from tests.kit.ward_terminal import Terminal, admit, pulse
from tests.kit.web_thread import serving
from workstation.kernel.clock import ManualClock
from workstation.sync.pull.guard import SETTLED
from workstation.sync.pull.pulling import CENSUS_EVERY

pytestmark = pytest.mark.fault

MINUTE = timedelta(minutes=1)


class Backwards:
    """A hospital, a terminal on the line, and one pair of hands on both clocks."""

    def __init__(self, folder: Path, base: str, hospital: HospitalDouble) -> None:
        self.hospital = hospital
        self.terminal = LineTerminal(folder, base, clock=ManualClock(START))

    def pass_time(self, step: timedelta) -> None:
        for clock in (self.hospital.clock, self.terminal.clock):
            assert isinstance(clock, ManualClock)
            clock.advance(step)

    def chart(self, count: int) -> list[str]:
        names = [self.terminal.create(pulse("patient-1", value=50 + n)) for n in range(count)]
        self.terminal.sync()
        return names


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Backwards]:
    hospital = HospitalDouble(clock=ManualClock(START))
    admit(hospital)
    with serving(hospital) as base, FaultProxy(base) as proxy:
        found = Backwards(tmp_path / "terminal", proxy.base, hospital)
        found.terminal.sync()
        yield found
        found.terminal.close()
    hospital.close()


@pytest.mark.parametrize("lost", [1, 3, 9])
def test_a_little_that_is_forgotten_stops_sync_and_is_offered_again(
    ward: Backwards, lost: int
) -> None:
    ward.chart(30)
    ward.pass_time(MINUTE)
    backup = ward.hospital.snapshot()
    late = ward.chart(lost)
    ward.pass_time(SETTLED)
    ward.hospital.restore(backup)
    unsent = ward.terminal.create(pulse("patient-2"))
    assert ward.terminal.try_sync().outcome == "server-restored"
    assert ward.terminal.status.link == "stopped"
    assert unsent not in ward.hospital.resources()
    assert all(ward.terminal.has(name) for name in late)
    forgotten = ward.terminal.engine.forgotten()
    assert sorted(forgotten.missing) == sorted(late)
    ward.terminal.engine.send_again(forgotten, ward.terminal.author)
    ward.terminal.sync()
    assert {*late, unsent} <= ward.hospital.resources().keys()
    assert ward.terminal.status.unsent == 0


def test_what_was_forgotten_beyond_the_newest_is_found_by_the_census(ward: Backwards) -> None:
    (early,) = ward.chart(1)
    ward.chart(30)
    ward.pass_time(CENSUS_EVERY)
    with ward.hospital.hospital.database.accounts() as connection:
        for table in ("resource", "history", "token", "link", "moment", "word"):
            column = "id" if table in ("resource", "history") else "resource_id"
            columns = {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")}
            column = column if column in columns else "id"
            if column in columns:
                connection.exec_driver_sql(
                    f"DELETE FROM {table} WHERE {column} = ?", (early.partition("/")[2],)
                )
    assert Ledger(ward.hospital).ask("GET", early).status == 404
    assert ward.terminal.try_sync().outcome == "server-restored"
    assert ward.terminal.has(early)


def test_what_was_just_written_is_kept_though_a_reading_does_not_know_it(ward: Backwards) -> None:
    """A copy of the server that lags behind is no restored server, and deletes nothing here."""
    ward.chart(30)
    backup = ward.hospital.snapshot()
    late = ward.chart(2)
    ahead = ward.hospital.snapshot()
    ward.hospital.restore(backup)
    assert ward.terminal.try_sync().complete
    assert all(ward.terminal.has(name) for name in late)
    ward.hospital.restore(ahead)
    ward.terminal.sync()
    assert all(ward.terminal.has(name) for name in late)


def test_what_was_deleted_there_is_deleted_here(ward: Backwards) -> None:
    names = ward.chart(12)
    ward.pass_time(SETTLED + CENSUS_EVERY)
    for name in names[:9]:
        assert ward.hospital.ask("DELETE", name).status == 204
    ward.terminal.sync()
    assert [name for name in names if ward.terminal.has(name)] == names[9:]


def test_where_deletions_leave_no_trace_a_few_are_believed(tmp_path: Path) -> None:
    """Without 410 nobody can tell a deletion from a loss; half of the newest is still too much."""
    hospital = HospitalDouble(Behaviour(history="none"), clock=ManualClock(START))
    admit(hospital)
    terminal = Terminal(tmp_path, hospital)

    def of_a_deleted_probe(request: Request) -> bool:
        read = request.method == "GET" and request.path.startswith("/fhir/Basic/")
        return read and hospital.hospital.handle(request).status == 410

    hospital.when(of_a_deleted_probe, lambda _request: Response(404, {}, b""))
    terminal.sync()
    assert terminal.engine._server is not None
    assert not terminal.engine._server.capabilities.tells_deletions
    names = [terminal.create(pulse("patient-1", value=50 + n)) for n in range(12)]
    terminal.sync()
    backup = hospital.snapshot()
    more = terminal.create(pulse("patient-1"))
    terminal.sync()
    for clock in (hospital.clock, terminal.clock):
        assert isinstance(clock, ManualClock)
        clock.advance(SETTLED + CENSUS_EVERY)
    hospital.restore(backup)
    terminal.sync()
    assert [name for name in (*names, more) if terminal.has(name)] == names
    terminal.close()
    hospital.close()


# The real process, its database put back as an administrator does.


def copied(folder: Path, name: str) -> Path:
    """A cold copy of the database's files."""
    target = folder / name
    target.mkdir()
    for file in folder.glob("hospital.db*"):
        shutil.copy(file, target / file.name)
    return target


def put_back(folder: Path, backup: Path | None) -> None:
    for file in folder.glob("hospital.db*"):
        file.unlink()
    for file in backup.iterdir() if backup else ():
        shutil.copy(file, folder / file.name)


@pytest.mark.parametrize("accident", ["restored", "emptied"])
def test_the_real_server_is_restored_or_emptied_beneath_its_terminals(
    tmp_path: Path, accident: str
) -> None:
    folder = tmp_path / "hospital"
    folder.mkdir()
    with HospitalProcess(folder) as process, FaultProxy(process.base) as proxy:
        Ledger(process).furnish(2)
        with LineTerminal(tmp_path / "terminal", proxy.base) as terminal:
            terminal.sync()
            process.stop()
            backup = copied(folder, "backup") if accident == "restored" else None
            process.start()
            late = [terminal.create(pulse("patient-1", value=60 + n)) for n in range(25)]
            terminal.sync()
            process.stop()
            put_back(folder, backup)
            process.start()
            unsent = terminal.create(pulse("patient-2"))
            here = terminal.content("Observation", "Patient", "Encounter", "Location")
            proxy.exchanges.clear()
            assert terminal.try_sync().outcome in ("server-restored", "server-emptied", "offline")
            assert terminal.try_sync().outcome in ("server-restored", "server-emptied")
            assert terminal.status.link == "stopped"
            assert Ledger(process).ids("Observation") == set()
            assert terminal.content("Observation", "Patient", "Encounter", "Location") == here
            forgotten = terminal.engine.forgotten()
            assert set(late) <= set(forgotten.missing)
            terminal.engine.send_again(forgotten, terminal.author)
            terminal.sync()
            assert terminal.status.unsent == 0
            assert {*late, unsent} == Ledger(process).ids("Observation")
            assert terminal.content("Observation", "Patient", "Encounter", "Location") == here
