"""Two doctors decide about one order at two terminals: a conflict, never half of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.kit.hospital_double import HospitalDouble
from tests.kit.people import DOCTOR, NURSE
from tests.kit.store import START
from tests.kit.ward import WARD, patient_id
from tests.kit.ward_terminal import Terminal, admit
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.ordering import Item, OrderKind, Request
from workstation.fhir import decision
from workstation.kernel.clock import ManualClock
from workstation.security.people import Person
from workstation.services import order_list, orders
from workstation.services.desk import Desk
from workstation.services.orders import Line

PATIENT = patient_id(1)
DRUG = Prescription(
    drug="Furosemid 40 mg",
    amount=Amount(Decimal(40), "mg"),
    route="uống",
    timing=Timing(times_a_day=1),
)
DIET = Request(kind=OrderKind.DIET, words="Cháo")
OXYGEN = Request(kind=OrderKind.OXYGEN, words="Thở oxy gọng kính")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Terminal, Terminal]]:
    double = HospitalDouble(clock=ManualClock(START))
    admit(double)
    two = Terminal(tmp_path / "one", double, 1), Terminal(tmp_path / "two", double, 2)
    for terminal in two:
        terminal.sync()
    yield two
    for terminal in two:
        terminal.close()
    double.close()


def desk(terminal: Terminal, person: Person = DOCTOR) -> Desk:
    return Desk(terminal.store, terminal.clock, person, WARD)


def rounds(*terminals: Terminal) -> None:
    for _ in range(3):
        for terminal in terminals:
            terminal.sync()


def ordered(ours: Terminal, theirs: Terminal, item: Item) -> order_list.Order:
    orders.sign(desk(ours), PATIENT, [Line(item)])
    rounds(ours, theirs)
    (line,) = order_list.book(desk(theirs), PATIENT).lines
    return line.order


@pytest.mark.parametrize("item", [DRUG, DIET, OXYGEN], ids=["drug", "diet", "oxygen"])
def test_a_stop_here_and_a_change_there_are_for_a_person_to_decide(pair, item) -> None:
    ours, theirs = pair
    order = ordered(ours, theirs, item)
    theirs.clock.advance(timedelta(minutes=1))
    orders.stop(desk(ours), order.reference, reason="Hạ kali")
    change = Line(replace(item, remark="Sau ăn"), order.reference, order.state, "Đau dạ dày")
    orders.sign(desk(theirs), PATIENT, [change])
    rounds(ours, theirs)
    assert [each.status.conflicts for each in pair] == [1, 1]
    said = decision.read(ours.get(order.reference))
    assert said is not None
    assert said.reason in ("Hạ kali", "Đau dạ dày"), "a reason of one and a time of the other"


def test_holding_at_both_is_one_decision_that_a_person_makes(pair) -> None:
    ours, theirs = pair
    order = ordered(ours, theirs, DRUG)
    theirs.clock.advance(timedelta(minutes=1))
    for terminal, reason in ((ours, "Mạch chậm"), (theirs, "Huyết áp thấp")):
        orders.hold(desk(terminal), order.reference, reason=reason)
    rounds(ours, theirs)
    assert [each.status.conflicts for each in pair] == [1, 1]


def test_two_who_acknowledge_make_two_facts_and_no_conflict(pair) -> None:
    ours, theirs = pair
    order = ordered(ours, theirs, DRUG)
    for terminal in pair:
        orders.acknowledge(desk(terminal, NURSE), [(order.reference, order.state)])
    rounds(ours, theirs)
    assert [each.status.conflicts for each in pair] == [0, 0]
    for terminal in pair:
        with terminal.store.read() as view:
            assert len(view.find("Task", patient=PATIENT)) == 2
        assert order_list.ward_unacknowledged(desk(terminal)) == ()
