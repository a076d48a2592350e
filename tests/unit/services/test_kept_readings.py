"""What is kept of texts once read never makes a list say what the record does not say any more."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, patient_id
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.fhir import drug_order
from workstation.kernel.errors import Refused
from workstation.services import (
    handover,
    medication,
    medication_due,
    medication_record,
    medication_round,
    order_list,
    orders,
    task_list,
    ward_board,
)
from workstation.services.assignment import shifts_to_assign
from workstation.services.medication import Giving
from workstation.store import readings

PATIENTS = [patient_id(number) for number in (1, 2)]
DRUGS = ("Ceftriaxon 1 g", "Paracetamol 500 mg", "Furosemid 40 mg")


def lists(desk):
    """Everything that says what is due or to be given."""
    now, half = desk.now(), timedelta(hours=24)
    shift = shifts_to_assign(now, 12, "07:00")[0]
    with desk.store.read() as view:
        due = medication_due.due(view, PATIENTS, now)
        waiting = order_list.waiting_of(view, PATIENTS, now)
    return (
        due,
        waiting,
        ward_board.board(desk),
        task_list.read(desk),
        medication_round.read(desk),
        handover.read(desk, shift),
        [order_list.book(desk, patient) for patient in PATIENTS],
        [medication_record.sheet(desk, each, now - half, now + half) for each in PATIENTS],
    )


def act(desk, chance):
    """One thing that somebody does about a drug; what is refused changes nothing."""
    doctor, patient = colleague(desk, DOCTOR), chance.choice(PATIENTS)
    known = [each.order for each in order_list.book(desk, patient).lines]
    with desk.store.read() as view:
        due = medication_due.due(view, PATIENTS, desk.now())
    often = ["order", "order", "give", "give", "resume", "wait"]
    deed = chance.choice([*often, "hold", "stop", "withhold"])
    if deed == "order" or not known:
        timing = Timing(times_a_day=chance.choice([1, 2, 4]))
        amount = Amount(Decimal(chance.randint(1, 3)), "viên")
        drug = Prescription(drug=chance.choice(DRUGS), amount=amount, route="uống", timing=timing)
        orders.order_drug(doctor, patient, drug)
    elif deed in ("hold", "stop"):
        reference = chance.choice(known).reference
        (orders.hold if deed == "hold" else orders.stop)(doctor, reference, reason="Nôn nhiều")
    elif deed == "resume":
        orders.resume(doctor, chance.choice(known).reference)
    elif deed == "give" and due:
        dose = chance.choice(due)
        medication.give(desk, dose.order, Giving(slot=dose.at, reason="Đi chụp phim"))
    elif deed == "withhold" and due:
        dose = chance.choice(due)
        medication.withhold(desk, dose.order, reason="Nhịn ăn", slot=dose.at)
    else:
        advance(desk, hours=chance.randint(1, 6))


@pytest.mark.parametrize("seed", range(3))
def test_a_list_of_kept_readings_is_the_list_of_the_record(desk, seed):
    chance, before, changed = random.Random(seed), None, 0
    for _ in range(40):
        with suppress(Refused):
            act(desk, chance)
        kept = lists(desk)
        readings.forget()
        assert kept == lists(desk)
        changed += kept[0] != before
        before = kept[0]
    assert changed > 5


def test_a_record_is_read_anew_once_it_says_something_else(desk):
    timing, amount = Timing(times_a_day=1), Amount(Decimal(2), "g")
    drug = Prescription(drug=DRUGS[0], amount=amount, route="uống", timing=timing)
    (reference,) = orders.order_drug(colleague(desk, DOCTOR), PATIENTS[0], drug).references

    def stored():
        with desk.store.read() as view:
            return view.get(*reference.split("/"))

    assert stored().read(drug_order.read) is stored().read(drug_order.read)
    assert stored().read(drug_order.read).status == "active"
    orders.hold(colleague(desk, DOCTOR), reference, reason="Nôn nhiều")
    assert stored().read(drug_order.read).status == "on-hold"
    assert stored().read(drug_order.read) == drug_order.read(stored().resource())


def test_nothing_is_kept_of_a_closed_record(desk):
    calls = []

    def reader(resource):
        calls.append(resource["id"])
        return resource["id"]

    body = '{"resourceType": "Patient", "id": "p1"}'
    assert [readings.read(reader, body) for _ in range(3)] == ["p1"] * 3
    assert len(calls) == 1
    desk.store.close()
    readings.read(reader, body)
    assert len(calls) == 2
