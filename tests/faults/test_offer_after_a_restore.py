"""F14, to its end: the person in front of the terminal sees what the server lost and sends it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.hospital_double import HospitalDouble
from tests.kit.people import NURSE
from tests.kit.store import START
from tests.kit.ward import WARD
from tests.kit.ward_terminal import Terminal, pulse
from workstation.kernel.changes import Changes
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Refused, Unavailable
from workstation.kernel.settings import Settings
from workstation.services import sync_centre
from workstation.services.desk import Desk
from workstation.terminal import Restoring, WardTerminal

pytestmark = pytest.mark.fault


def standing_behind(terminal: Terminal, folder: Path) -> Restoring:
    """The window's side of a terminal that syncs already."""
    front = WardTerminal(folder, Settings(folder / "settings"), terminal.clock)
    front._engine = terminal.engine
    return front.restorer


def restored(hospital: HospitalDouble, terminal: Terminal) -> list[str]:
    """The server loses what was charted last."""
    backup = hospital.snapshot()
    assert isinstance(hospital.clock, ManualClock)
    hospital.clock.advance(timedelta(minutes=1))
    late = [terminal.create(pulse("patient-1", value=90 + n)) for n in range(3)]
    terminal.sync()
    hospital.restore(backup)
    return late


def test_a_person_looks_then_sends_and_sync_goes_on(
    hospital: HospitalDouble, terminal: Terminal, tmp_path: Path
) -> None:
    late = restored(hospital, terminal)
    desk = Desk(terminal.store, terminal.clock, NURSE, WARD)
    told: list[Changes] = []
    terminal.engine._on_changes = told.append
    terminal.try_sync()
    assert sync_centre.read(desk).accident in sync_centre.ACCIDENTS
    assert any(changes.queue for changes in told), "the screen in front hears of it"
    front = standing_behind(terminal, tmp_path / "front")
    loss = front.loss()
    assert sorted(loss.missing) == sorted(late)
    assert loss.count == 3
    kinds = sync_centre.kinds(loss.missing)
    assert [(kind.record, kind.count) for kind in kinds] == [("record|Measurement", 3)]
    assert front.send_again(desk) == 3
    terminal.sync()
    assert sync_centre.read(desk).accident == ""
    assert set(late) <= hospital.resources().keys()
    with terminal.store.read() as view:
        who = view.connection.exec_driver_sql(
            "SELECT DISTINCT author FROM change WHERE seq > 3 AND id IN (?, ?, ?)",
            tuple(each.partition("/")[2] for each in late),
        ).scalars()
        assert f"Practitioner/{NURSE.id}" in set(who), "the decision has a name"


def test_nothing_is_sent_again_that_nobody_looked_at(
    hospital: HospitalDouble, terminal: Terminal, tmp_path: Path
) -> None:
    restored(hospital, terminal)
    terminal.try_sync()
    front = standing_behind(terminal, tmp_path / "front")
    desk = Desk(terminal.store, terminal.clock, NURSE, WARD)
    with pytest.raises(Refused, match="not-looked"):
        front.send_again(desk)
    front.loss()
    front.send_again(desk)
    with pytest.raises(Refused, match="not-looked"):
        front.send_again(desk)


def test_a_terminal_without_a_server_has_nothing_to_compare_with(tmp_path: Path) -> None:
    front = WardTerminal(tmp_path, Settings(tmp_path / "settings"), ManualClock(START)).restorer
    with pytest.raises(Unavailable, match="offline"):
        front.loss()
