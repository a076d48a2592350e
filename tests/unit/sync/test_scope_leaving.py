"""Who leaves the ward stays readable for a day; what is unsent, and its patient, stays longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.store import START
from tests.kit.ward import WARD
from tests.kit.ward_terminal import Terminal, admit, pulse
from workstation.kernel.clock import ManualClock


@pytest.fixture
def hospital() -> Iterator[HospitalDouble]:
    double = HospitalDouble(Behaviour(), clock=ManualClock(START))
    admit(double, beds=4)
    yield double
    double.close()


@pytest.fixture
def terminal(hospital: HospitalDouble, tmp_path: Path) -> Iterator[Terminal]:
    one = Terminal(tmp_path / "one", hospital)
    one.sync()
    yield one
    one.close()


def discharge(hospital: HospitalDouble, number: int) -> None:
    stay = hospital.resource(f"Encounter/stay-{number}")
    assert stay is not None
    answer = hospital.ask("PUT", f"Encounter/stay-{number}", {**stay, "status": "finished"})
    assert answer.ok


def later(hospital: HospitalDouble, terminal: Terminal, hours: float) -> None:
    assert isinstance(hospital.clock, ManualClock)
    for clock in (hospital.clock, terminal.clock):
        clock.advance(timedelta(hours=hours))


def test_who_leaves_is_readable_for_a_day_and_then_purged(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    made = terminal.create(pulse("patient-1"))
    terminal.sync()
    discharge(hospital, 1)
    terminal.sync()
    later(hospital, terminal, 23)
    terminal.sync()
    assert terminal.has(made)
    assert terminal.has("Patient/patient-1")
    later(hospital, terminal, 1.5)
    terminal.sync()
    assert not terminal.has(made)
    assert not terminal.has("Patient/patient-1")
    assert terminal.has("Patient/patient-2")
    assert made in hospital.resources()


def test_what_is_unsent_keeps_its_patient_until_the_server_has_it(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    discharge(hospital, 1)
    terminal.sync()
    refused = terminal.create({**pulse("patient-1"), "status": "no-such-status"})
    later(hospital, terminal, 25)
    terminal.sync()
    assert terminal.status.parked == 1
    assert terminal.has("Patient/patient-1")
    assert terminal.get(refused)["status"] == "no-such-status"
    terminal.edit(refused, status="final")
    terminal.sync()
    terminal.sync()
    assert refused in hospital.resources()
    assert not terminal.has("Patient/patient-1")


def test_who_comes_back_within_the_day_is_not_purged(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    stay = hospital.resource("Encounter/stay-1")
    assert stay is not None
    discharge(hospital, 1)
    terminal.sync()
    later(hospital, terminal, 20)
    hospital.ask("PUT", "Encounter/stay-1", stay)
    terminal.sync()
    later(hospital, terminal, 20)
    terminal.sync()
    assert terminal.has("Patient/patient-1")


@pytest.mark.parametrize("status", ["planned", "arrived", "onleave"])
def test_who_is_expected_or_on_leave_is_kept(
    hospital: HospitalDouble, terminal: Terminal, status: str
) -> None:
    stay = hospital.resource("Encounter/stay-1")
    assert stay is not None
    place = {**stay["location"][0], "status": "planned" if status == "planned" else "active"}
    answer = hospital.ask(
        "PUT", "Encounter/stay-1", {**stay, "status": status, "location": [place]}
    )
    assert answer.ok
    terminal.sync()
    later(hospital, terminal, 25)
    terminal.sync()
    assert terminal.get("Encounter/stay-1")["status"] == status
    later(hospital, terminal, 25)
    terminal.sync()
    assert terminal.has("Patient/patient-1")


def test_who_is_to_come_from_another_ward_is_read_before_and_let_go_when_refused(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    stay = hospital.resource("Encounter/stay-1")
    assert stay is not None
    elsewhere = {
        "resourceType": "Location",
        "id": "bed-x",
        "status": "active",
        "name": "X1",
        "physicalType": stay_bed(hospital),
    }
    hospital.ask("PUT", "Location/bed-x", elsewhere)
    there = {"location": {"reference": "Location/bed-x"}, "status": "active"}
    hospital.ask("PUT", "Encounter/stay-1", {**stay, "location": [there]})
    terminal.sync()
    later(hospital, terminal, 25)
    terminal.sync()
    assert not terminal.has("Patient/patient-1")
    asked = {"location": {"reference": f"Location/{WARD}"}, "status": "planned"}
    hospital.ask("PUT", "Encounter/stay-1", {**stay, "location": [there, asked]})
    terminal.sync()
    assert terminal.has("Patient/patient-1")
    hospital.ask("PUT", "Encounter/stay-1", {**stay, "location": [there]})
    terminal.sync()
    later(hospital, terminal, 25)
    terminal.sync()
    assert not terminal.has("Patient/patient-1")


def stay_bed(hospital: HospitalDouble) -> object:
    bed = hospital.resource("Location/bed-1")
    assert bed is not None
    return bed["physicalType"]
