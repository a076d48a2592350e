"""An accepted alert reaches the other terminal by every kind of server, and counts there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.kit.hospital_double import SERVERS, HospitalDouble
from tests.kit.people import DOCTOR, NURSE
from tests.kit.store import START
from tests.kit.ward import WARD, patient_id
from tests.kit.ward_terminal import Terminal, admit
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import PersonId
from workstation.services import order_safety, orders
from workstation.services.desk import Desk
from workstation.services.order_safety import Checked, Proposed, Severity

PATIENT = patient_id(1)
NITRATE = Proposed(drug="Nitroglycerin 0,5 mg")


@pytest.fixture(params=("ours", "ignores-if-none-match", "like-medplum"))
def hospital(request: pytest.FixtureRequest) -> Iterator[HospitalDouble]:
    double = HospitalDouble(SERVERS[request.param](), clock=ManualClock(START))
    admit(double)
    yield double
    double.close()


@pytest.fixture
def pair(hospital: HospitalDouble, tmp_path: Path) -> Iterator[tuple[Terminal, Terminal]]:
    two = Terminal(tmp_path / "one", hospital, 1), Terminal(tmp_path / "two", hospital, 2)
    for terminal in two:
        terminal.sync()
    yield two
    for terminal in two:
        terminal.close()


def desk(terminal: Terminal) -> Desk:
    return Desk(terminal.store, terminal.store.clock, DOCTOR, WARD)


def check(terminal: Terminal) -> Checked:
    return order_safety.check(desk(terminal), PATIENT, NITRATE)


def test_what_one_terminal_accepted_is_not_asked_at_the_other(
    pair: tuple[Terminal, Terminal],
) -> None:
    one, two = pair
    amount, timing = Amount(Decimal(50), "mg"), Timing(once=True)
    sildenafil = Prescription(drug="Sildenafil 50 mg", amount=amount, route="uống", timing=timing)
    ordered = orders.order_drug(desk(one), PATIENT, sildenafil)
    order = next(each for each in ordered.references if each.startswith("MedicationRequest/"))
    [alert] = check(one).alerts
    assert alert.severity is Severity.SECOND_PERSON
    with one.store.write(desk(one).author) as unit:
        order_safety.record_override(
            unit, desk(one), PATIENT, order, alert,
            reason="Ngừng sildenafil", second_person=NURSE,
        )  # fmt: skip
    for _ in range(3):
        one.sync()
        two.sync()
    with one.store.read() as view:
        assert not [
            stored.id for stored in view.find("DetectedIssue", patient=PATIENT) if stored.pending
        ]
    [there] = check(two).alerts
    assert there.severity is Severity.INFORM
    assert there.overridden is not None
    assert there.overridden.reason == "Ngừng sildenafil"
    stranger = replace(desk(two), person=replace(DOCTOR, id=PersonId("doctor-9")))
    [asked] = order_safety.check(stranger, PATIENT, NITRATE).alerts
    assert asked.severity is Severity.SECOND_PERSON
