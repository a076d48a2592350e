"""F10: "success" is shown while data is unsent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.ward_terminal import Terminal, pulse
from workstation.sync.wire import Request

pytestmark = pytest.mark.fault


def down(hospital: HospitalDouble) -> None:
    hospital.down = True


FAULTS: dict[str, Callable[[HospitalDouble], object]] = {
    "offline": down,
    "cut": lambda hospital: hospital.lose_answers(1),
    "not-fhir": lambda hospital: hospital.answer_html(1),
    "sign-in": lambda hospital: hospital.sign_out(1),
    "throttled": lambda hospital: hospital.throttle(1, seconds=7),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_makes_the_unsent_look_sent(
    hospital: HospitalDouble, terminal: Terminal, fault: str
) -> None:
    before = terminal.status.data_as_of
    terminal.create(pulse("patient-1"))
    terminal.clock.advance(timedelta(minutes=11))
    FAULTS[fault](hospital)
    assert terminal.try_sync().outcome == fault
    status = terminal.status
    assert (status.unsent, status.synced, status.problem) == (1, False, fault)
    assert status.link == {"sign-in": "sign-in"}.get(fault, "offline")
    assert status.data_as_of == before
    assert status.age(terminal.clock.now()) == "amber"
    hospital.down = False
    terminal.sync()
    status = terminal.status
    assert (status.unsent, status.synced, status.link, status.problem) == (0, True, "online", None)
    assert status.age(terminal.clock.now()) == "fresh"


def test_what_is_parked_counts_as_unsent(hospital: HospitalDouble, terminal: Terminal) -> None:
    terminal.create({**pulse("patient-1"), "status": "no-such-status"})
    assert terminal.sync().parked == 1
    assert terminal.status.link == "online"
    assert not terminal.status.synced


def test_while_it_sends_it_says_how_far_it_is(hospital: HospitalDouble, terminal: Terminal) -> None:
    hospital.behaviour = Behaviour(largest_bundle=5)
    for number in range(12):
        terminal.create(pulse("patient-1", value=60 + number))
    seen = []
    terminal.transport.before = lambda _request: seen.append(terminal.status.sending)
    terminal.sync()
    told = [each for each in seen if each]
    assert told
    assert all(of == 12 for _, of in told)
    assert terminal.status.sending is None


def test_an_unsafe_server_is_never_written_over_without_asking(
    hospital: HospitalDouble, terminals: Callable[..., Terminal]
) -> None:
    hospital.behaviour = Behaviour(ignores_if_match=True)
    terminal = terminals(1)
    terminal.sync()
    terminal.edit("Patient/patient-1", birthDate="1950-01-02")
    terminal.sync()
    assert "stale-update-accepted" in terminal.status.unsafe
    assert (terminal.status.unsent, terminal.status.parked) == (1, 1)
    assert len(hospital.versions("Patient/patient-1")) == 1
    confirm(terminal, "Patient", "patient-1")
    terminal.sync()
    assert terminal.status.synced
    assert len(hospital.versions("Patient/patient-1")) == 2


def test_an_unsafe_server_where_a_colleague_was_faster(
    hospital: HospitalDouble, terminals: Callable[..., Terminal]
) -> None:
    hospital.behaviour = Behaviour(ignores_if_match=True)
    terminal = terminals(1)
    terminal.sync()
    terminal.edit("Patient/patient-1", birthDate="1950-01-02")
    terminal.sync()
    confirm(terminal, "Patient", "patient-1")
    faster(hospital, terminal)
    terminal.sync()
    held = hospital.resource("Patient/patient-1")
    assert held is not None
    assert held["gender"] == "female"
    assert "birthDate" in held
    assert held["birthDate"] != "1950-01-02"


def faster(hospital: HospitalDouble, terminal: Terminal) -> None:
    """A colleague writes after our sentinel and before our update."""
    done: list[bool] = []

    def meanwhile(request: Request) -> None:
        if not done and b"Patient/patient-1" in request.body and request.method == "POST":
            return
        if not done and request.path == "Patient/patient-1":
            done.append(True)
            theirs = hospital.resource("Patient/patient-1")
            assert theirs is not None
            hospital.ask("PUT", "Patient/patient-1", {**theirs, "gender": "female"})

    terminal.transport.before = meanwhile


def confirm(terminal: Terminal, type_: str, id_: str) -> None:
    from workstation.store import parking

    with terminal.store.write() as unit:
        parking.retry(unit, (type_, id_))
