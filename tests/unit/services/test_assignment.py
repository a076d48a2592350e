"""Assigning patients to nurses, on a real store."""

from datetime import timedelta

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, discharge, save
from tests.kit.ward_window import staff
from workstation.kernel.errors import Refused
from workstation.kernel.ids import EncounterId
from workstation.services import assignment
from workstation.services.assignment import Nurse
from workstation.sync import merge

MAI, LAN = Nurse("nurse-1", "Lê Thị Mai"), Nurse("nurse-2", "Nguyễn Thị Lan")
ONE, TWO = EncounterId("stay-1"), EncounterId("stay-2")


def shift(desk, which=0):
    return assignment.shifts_to_assign(desk.now(), 12, "07:00")[which]


def carers(desk):
    with desk.store.read() as view:
        return assignment.carers(view, [ONE, TWO], desk.now())


def test_the_shift_now_and_the_next_follow_each_other(desk) -> None:
    current, following = assignment.shifts_to_assign(desk.now(), 8, "07:00")
    assert desk.now() in current
    assert following.start == current.end
    assert following.end - following.start == timedelta(hours=8)


def test_patients_are_hers_until_the_shift_is_over(desk) -> None:
    changes = assignment.assign(desk, {ONE: [MAI], TWO: [MAI, LAN]}, shift(desk))
    assert changes.ward
    assert carers(desk) == {ONE: (MAI,), TWO: (MAI, LAN)}
    advance(desk, hours=12)
    assert carers(desk) == {ONE: (), TWO: ()}


def test_assigning_anew_replaces_and_the_same_again_writes_nothing(desk) -> None:
    assignment.assign(desk, {ONE: [MAI]}, shift(desk))
    assert not assignment.assign(desk, {ONE: [MAI]}, shift(desk)).types
    assignment.assign(desk, {ONE: [LAN]}, shift(desk))
    assert carers(desk)[ONE] == (LAN,)
    assignment.assign(desk, {ONE: []}, shift(desk))
    assert carers(desk)[ONE] == ()


def test_the_next_shift_can_be_assigned_beforehand(desk) -> None:
    coming = shift(desk, 1)
    assignment.assign(desk, {ONE: [LAN]}, coming)
    assert carers(desk)[ONE] == ()
    assert assignment.of_shift(desk, [ONE], coming) == {ONE: (LAN,)}


def test_only_who_may_assigns_and_only_what_is_not_over(desk) -> None:
    with pytest.raises(Refused, match="not-permitted"):
        assignment.assign(colleague(desk, DOCTOR), {ONE: [MAI]}, shift(desk))
    gone = shift(desk)
    discharge(desk, 1)
    with pytest.raises(Refused, match="stay-over"):
        assignment.assign(desk, {ONE: [MAI]}, gone)
    advance(desk, hours=12)
    with pytest.raises(Refused, match="shift-over"):
        assignment.assign(desk, {TWO: [MAI]}, gone)


def test_nurses_are_found_among_the_staff_and_doctors_are_not(desk) -> None:
    save(desk.store, *staff())
    assert MAI in assignment.nurses(desk)
    assert "doctor-1" not in {each.id for each in assignment.nurses(desk)}


def test_two_terminals_that_assign_two_nurses_mean_both(desk) -> None:
    with desk.store.read() as view:
        base = view.get("Encounter", ONE).resource()
    sides = [
        assignment.mapping.assigned(base, [(each.id, each.name)], shift(desk), at=desk.now())
        for each in (MAI, LAN)
    ]
    both = merge.merge(base, *sides)
    assert isinstance(both, merge.Merged)
    cares = assignment.mapping.of_shift(both.resource, shift(desk))
    assert {each.id for each in cares} == {"nurse-1", "nurse-2"}
