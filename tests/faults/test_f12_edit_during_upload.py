"""F12: an edit is made during its own upload."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.kit.hospital_double import HospitalDouble
from tests.kit.ward_terminal import Terminal, pulse
from workstation.sync.wire import Request

pytestmark = pytest.mark.fault


def waits(hospital: HospitalDouble, terminals: Callable[..., Terminal]) -> int:
    """How many network waits a round with one create and one update has."""
    terminal = terminals(90)
    terminal.sync()
    terminal.create(pulse("patient-1"))
    terminal.edit("Patient/patient-2", birthDate="1968-11-01")
    before = len(terminal.transport.sent)
    terminal.sync()
    return len(terminal.transport.sent) - before


def test_an_edit_inside_each_network_wait_stays_pending_and_arrives(
    hospital: HospitalDouble, terminals: Callable[..., Terminal]
) -> None:
    for wait in range(waits(hospital, terminals)):
        terminal = terminals(wait + 1)
        terminal.sync()
        reading = pulse("patient-1", value=70)
        name = terminal.create(reading)
        terminal.edit("Patient/patient-1", birthDate=f"1951-01-{wait + 1:02d}")
        edit_in_wait(terminal, name, wait)
        terminal.sync()
        assert terminal.get(name)["status"] == "amended"
        terminal.sync()
        assert terminal.status.unsent == 0, wait
        held = hospital.resource(name)
        assert held is not None
        assert held["status"] == "amended"
        patient = hospital.resource("Patient/patient-1")
        assert patient is not None
        assert patient["telecom"] == [{"value": f"09000{wait:05d}"}]
        assert patient["birthDate"] == f"1951-01-{wait + 1:02d}"


def edit_in_wait(terminal: Terminal, name: str, wait: int) -> None:
    """Edit both records while request number `wait` is on its way."""
    left = [wait]

    def meanwhile(_request: Request) -> None:
        if left[0] == 0:
            terminal.edit(name, status="amended")
            terminal.edit("Patient/patient-1", telecom=[{"value": f"09000{wait:05d}"}])
        left[0] -= 1

    terminal.transport.before = meanwhile
