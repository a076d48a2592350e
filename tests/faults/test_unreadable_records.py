"""A record of the server that nobody can read is put aside with a reason; all others flow (P5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.hospital_double import HospitalDouble
from tests.kit.malformed import HOPELESS, Bending
from tests.kit.people import NURSE
from tests.kit.ward import WARD
from tests.kit.ward_terminal import Terminal, pulse
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.services import sync_centre
from workstation.services.desk import Desk
from workstation.store import parking, unreadable
from workstation.store.purge import purge
from workstation.store.unreadable import Unreadable

pytestmark = pytest.mark.fault

REASONS = {"too-deep", "not-utf-8", "not-json", "no-type-or-id", "odd-version"}


@pytest.fixture
def bending(hospital: HospitalDouble) -> Bending:
    return Bending(hospital)


@pytest.fixture
def terminal(bending: Bending, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal that has synced once, behind answers that can be bent."""
    one = Terminal(tmp_path / "terminal", bending)
    one.sync()
    yield one
    one.close()


@pytest.fixture
def colleague(hospital: HospitalDouble, tmp_path: Path) -> Iterator[Terminal]:
    one = Terminal(tmp_path / "colleague", hospital, 2)
    one.sync()
    yield one
    one.close()


def aside(terminal: Terminal) -> list[Unreadable]:
    with terminal.store.read() as view:
        return unreadable.all_of(view)


def test_they_wait_alone_and_everything_else_flows(
    bending: Bending, terminal: Terminal, colleague: Terminal, tmp_path: Path
) -> None:
    """One record of each hopeless kind, between good ones, for who follows and who comes late."""
    good, bad = [], {}
    for value, way in enumerate(HOPELESS, start=60):
        good.append(colleague.create(pulse("patient-1", value=value)))
        bad[way] = colleague.create(pulse("patient-1", value=200))
        bending.bent[bad[way]] = HOPELESS[way]
    mine = terminal.create(pulse("patient-1", value=55))
    colleague.sync()
    for _ in range(3):
        terminal.sync()
    newcomer = Terminal(tmp_path / "newcomer", bending, 3)
    newcomer.sync()
    for one in (terminal, newcomer):
        assert [name for name in [*good, mine] if not one.has(name)] == []
        assert [way for way, name in bad.items() if one.has(name)] == []
        assert one.status.unsent == 0
        found = {f"{each.type}/{each.id}": each.reason for each in aside(one)}
        assert len(found) == len(bad)
        assert set(found.values()) == REASONS
        assert found[bad["a list"]] == "no-type-or-id", "the address names what has no name"
    newcomer.close()


def test_the_bytes_are_kept_as_they_came_with_id_version_and_patient(
    bending: Bending, terminal: Terminal, colleague: Terminal
) -> None:
    bad = colleague.create(pulse("patient-1", value=62))
    bending.bent[bad] = HOPELESS["invalid UTF-8"]
    colleague.sync()
    terminal.sync()
    (found,) = aside(terminal)
    assert (f"{found.type}/{found.id}", found.version, found.patient, found.reason) == (
        *(bad, "1", "patient-1", "not-utf-8"),
    )
    with terminal.store.read() as view:
        kept = unreadable.body(view, (found.type, found.id))
    assert kept is not None
    assert b"\xff\xfe" in kept
    assert len(kept) == found.size


def test_a_mended_version_takes_its_place(
    bending: Bending, terminal: Terminal, colleague: Terminal
) -> None:
    bad = colleague.create(pulse("patient-1", value=62))
    bending.bent[bad] = HOPELESS["deep"]
    colleague.sync()
    terminal.sync()
    assert len(aside(terminal)) == 1
    del bending.bent[bad]
    colleague.edit(bad, status="amended")
    colleague.sync()
    terminal.sync()
    assert terminal.get(bad)["status"] == "amended"
    assert aside(terminal) == []


def test_it_is_asked_for_again_when_a_person_wants_it(
    bending: Bending, terminal: Terminal, colleague: Terminal
) -> None:
    """The server is mended without a new version of the record: no cursor would bring it."""
    bad = colleague.create(pulse("patient-1", value=62))
    colleague.sync()
    terminal.sync()
    bending.bent[bad] = HOPELESS["lone surrogate"]
    colleague.edit(bad, status="amended")
    colleague.sync()
    terminal.sync()
    bending.bent.clear()
    desk = Desk(terminal.store, terminal.clock, NURSE, WARD)
    sync_centre.ask_again(desk, bad)
    terminal.sync()
    assert terminal.get(bad)["status"] == "amended"
    assert aside(terminal) == []
    with pytest.raises(Refused, match="gone"):
        sync_centre.ask_again(desk, bad)


def test_it_goes_when_the_patient_s_copy_goes(
    bending: Bending, terminal: Terminal, colleague: Terminal
) -> None:
    bad = colleague.create(pulse("patient-1", value=62))
    bending.bent[bad] = HOPELESS["lone surrogate"]
    colleague.sync()
    terminal.sync()
    with terminal.store.write() as unit:
        purge(unit, PatientId("patient-1"))
    assert aside(terminal) == []


def test_the_older_version_stays_while_the_newer_cannot_be_read(
    bending: Bending, terminal: Terminal, colleague: Terminal
) -> None:
    name = colleague.create(pulse("patient-1", value=62))
    colleague.sync()
    terminal.sync()
    bending.bent[name] = HOPELESS["lone surrogate"]
    colleague.edit(name, status="amended")
    colleague.sync()
    for _ in range(3):
        terminal.sync()
    assert terminal.get(name)["status"] == "final"
    assert [each.version for each in aside(terminal)] == ["2"]


def test_an_edit_of_what_the_server_made_unreadable_parks_alone(
    bending: Bending, hospital: HospitalDouble, terminal: Terminal, colleague: Terminal
) -> None:
    name = colleague.create(pulse("patient-1", value=62))
    colleague.sync()
    terminal.sync()
    bending.bent[name] = HOPELESS["invalid UTF-8"]
    colleague.edit(name, status="amended")
    colleague.sync()
    terminal.edit(name, note=[{"text": "đo lại"}])
    good = terminal.create(pulse("patient-1", value=71))
    for _ in range(3):
        terminal.sync()
    assert good in hospital.resources()
    assert terminal.status.unsent == terminal.status.parked == 1
    with terminal.store.read() as view:
        (parked,) = parking.parked(view)
    assert parked.code == "unreadable-there"
    held = hospital.resource(name)
    assert held is not None
    assert held["status"] == "amended", "nothing of the server is overwritten"
    del bending.bent[name]
    with terminal.store.write() as unit:
        parking.retry(unit, (parked.type, parked.id))
    terminal.sync()
    merged = terminal.get(name)
    assert (merged["status"], merged["note"]) == ("amended", [{"text": "đo lại"}])
    assert terminal.status.unsent == 0


def test_a_deletion_there_takes_it_away_here(
    bending: Bending, hospital: HospitalDouble, terminal: Terminal, colleague: Terminal
) -> None:
    bad = colleague.create(pulse("patient-1", value=62))
    bending.bent[bad] = HOPELESS["deep"]
    colleague.sync()
    terminal.sync()
    hospital.ask("DELETE", bad)
    terminal.sync()
    assert aside(terminal) == []


def test_a_stay_that_cannot_be_read_sends_nobody_home(bending: Bending, terminal: Terminal) -> None:
    bending.bent["Encounter/stay-1"] = HOPELESS["a list"]
    terminal.sync()
    with terminal.store.read() as view:
        rows = view.connection.exec_driver_sql(
            "SELECT count(*) FROM scope_member WHERE left_at IS NULL"
        )
        assert rows.scalar() == 2
