"""F14: the server is restored from an old backup, or emptied."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.ward_terminal import Terminal, pulse
from workstation.kernel.clock import ManualClock

pytestmark = pytest.mark.fault


def worked_on(hospital: HospitalDouble, terminal: Terminal) -> tuple[bytes, list[str]]:
    """A backup, and what was charted after it."""
    early = [terminal.create(pulse("patient-1", value=50 + n)) for n in range(3)]
    terminal.sync()
    backup = hospital.snapshot()
    tick(hospital)
    terminal.edit(early[0], status="amended")
    late = [terminal.create(pulse("patient-1", value=90 + n)) for n in range(5)]
    terminal.sync()
    tick(hospital)
    return backup, [early[0], *late]


def tick(hospital: HospitalDouble) -> None:
    clock = hospital.clock
    assert isinstance(clock, ManualClock)
    clock.advance(timedelta(minutes=1))


def test_a_restored_server_is_recognised_before_anything_is_sent(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    backup, _late = worked_on(hospital, terminal)
    hospital.restore(backup)
    before = hospital.resources()
    terminal.create(pulse("patient-2"))
    here = terminal.content("Observation", "Patient")
    report = terminal.try_sync()
    assert report.outcome == "server-restored"
    assert terminal.status.link == "stopped"
    assert terminal.status.problem == "server-restored"
    assert hospital.resources() == before
    assert terminal.content("Observation", "Patient") == here


def test_what_it_forgot_is_offered_and_sent_again(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    backup, late = worked_on(hospital, terminal)
    hospital.restore(backup)
    terminal.try_sync()
    forgotten = terminal.engine.forgotten()
    found = {*forgotten.missing, *(f"{each.type}/{each.id}" for each in forgotten.older)}
    assert found == set(late)
    assert terminal.engine.send_again(forgotten, terminal.author) == len(late)
    assert terminal.status.unsent == len(late)
    terminal.sync()
    assert terminal.status.unsent == 0
    held = hospital.resources()
    assert set(late) <= held.keys()
    assert held[late[0]]["status"] == "amended"


@pytest.mark.parametrize("which", ["amended after the backup", "made after the backup"])
def test_what_was_deleted_here_is_not_brought_back_by_sending_again(
    hospital: HospitalDouble, terminal: Terminal, which: str
) -> None:
    backup, late = worked_on(hospital, terminal)
    name = late[0] if which.startswith("amended") else late[1]
    with terminal.store.write(terminal.author) as unit:
        seen = unit.get("Observation", name.partition("/")[2])
        assert seen is not None
        unit.delete("Observation", seen.id, seen=seen)
    hospital.restore(backup)
    terminal.try_sync()
    terminal.engine.send_again(terminal.engine.forgotten(), terminal.author)
    assert not terminal.has(name)
    terminal.sync()
    assert not terminal.has(name)
    assert name not in hospital.resources()
    assert terminal.status.unsent == 0


@pytest.mark.parametrize("accident", ["empty", "wipe"])
def test_an_emptied_server_takes_nothing_with_it(
    hospital: HospitalDouble, terminal: Terminal, accident: str
) -> None:
    worked_on(hospital, terminal)
    here = terminal.content("Observation", "Patient", "Encounter", "Location")
    getattr(hospital, accident)()
    assert terminal.try_sync().outcome in ("server-restored", "server-emptied")
    assert terminal.content("Observation", "Patient", "Encounter", "Location") == here
    terminal.engine.send_again(terminal.engine.forgotten(), terminal.author)
    terminal.sync()
    assert terminal.status.unsent == 0
    assert here.keys() <= hospital.resources().keys()
    assert terminal.content("Observation", "Patient", "Encounter", "Location") == here


def test_the_same_on_a_server_that_chooses_ids(tmp_path: object) -> None:
    from pathlib import Path

    from tests.kit.store import START
    from tests.kit.ward_terminal import admit

    assert isinstance(tmp_path, Path)
    hospital = HospitalDouble(Behaviour(refuses_client_ids=404), clock=ManualClock(START))
    admit(hospital)
    terminal = Terminal(tmp_path / "one", hospital)
    try:
        terminal.sync()
        backup = hospital.snapshot()
        tick(hospital)
        for number in range(4):
            terminal.create(pulse("patient-1", value=60 + number))
        terminal.sync()
        hospital.restore(backup)
        terminal.try_sync()
        assert terminal.status.link == "stopped"
        terminal.engine.send_again(terminal.engine.forgotten(), terminal.author)
        terminal.sync()
        names = [name for name in hospital.resources() if name.startswith("Observation/")]
        assert len(names) == 4
        assert len(terminal.content("Observation")) == 4
    finally:
        terminal.close()
        hospital.close()
