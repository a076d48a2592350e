"""F07: one invalid record among 1,000."""

from __future__ import annotations

import pytest

from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.ward_terminal import Terminal, pulse
from workstation.store import parking

pytestmark = pytest.mark.fault


def invalid() -> dict[str, object]:
    return {**pulse("patient-1"), "status": "no-such-status"}


@pytest.mark.parametrize("largest", [0, 30])
def test_999_arrive_and_one_is_parked_with_its_reason(
    hospital: HospitalDouble, terminal: Terminal, largest: int
) -> None:
    hospital.behaviour = Behaviour(largest_bundle=largest)
    with terminal.store.write(terminal.author) as unit:
        for number in range(500):
            unit.create(pulse("patient-1", value=number % 100))
        unit.create(invalid())
        for number in range(499):
            unit.create(pulse("patient-2", "stay-2", number % 100))
    report = terminal.sync()
    assert (report.sent, report.parked) == (999, 1)
    assert sum(name.startswith("Observation/") for name in hospital.resources()) == 999
    with terminal.store.read() as view:
        waiting = parking.parked(view)
    assert len(waiting) == 1
    assert waiting[0].outcome.startswith("Observation.status: ")
    assert waiting[0].code == "refused-by-server"
    assert terminal.status.parked == terminal.status.unsent == 1
    assert not terminal.status.synced


def test_what_depends_on_it_waits_and_goes_when_it_is_mended(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    wrong = invalid()
    parent = terminal.create(wrong)
    child = {**pulse("patient-1"), "derivedFrom": [{"reference": parent}]}
    name = terminal.create(child)
    free = terminal.create(pulse("patient-1"))
    terminal.sync()
    assert free in hospital.resources()
    assert name not in hospital.resources()
    assert terminal.status.unsent == 2
    terminal.edit(parent, status="final")
    terminal.sync()
    assert {parent, name} <= hospital.resources().keys()
    assert terminal.status.unsent == 0


def test_a_person_may_have_it_tried_again(hospital: HospitalDouble, terminal: Terminal) -> None:
    hospital.behaviour = Behaviour(referential_integrity=422)
    name = terminal.create({**pulse("patient-1"), "basedOn": [{"reference": "ServiceRequest/s1"}]})
    terminal.sync()
    assert terminal.status.parked == 1
    hospital.behaviour = Behaviour()
    terminal.sync()
    assert name not in hospital.resources()
    with terminal.store.write() as unit:
        parking.retry(unit, ("Observation", name.partition("/")[2]))
    terminal.sync()
    assert name in hospital.resources()
    assert terminal.status.synced
