"""Tasks of the ward on a real store, and that the board shows what is due."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, discharge, patient_id
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel.errors import Refused
from workstation.security.people import Person
from workstation.services import vital_signs, ward_board, ward_tasks
from workstation.sync import merge

ONE = patient_id(1)


def occupant(desk, number=1):
    board = ward_board.board(desk)
    return next(
        bed.occupant
        for bed in board.beds
        if bed.occupant and bed.occupant.who.patient == patient_id(number)
    )


def tasks(desk, kind="task"):
    return [item for item in occupant(desk).tasks if item.kind == kind]


def write(desk, words="Thay băng", minutes=30):
    changes = ward_tasks.add(desk, ONE, words, desk.now() + timedelta(minutes=minutes))
    return next(iter(changes.references)).partition("/")[2]


def test_a_task_is_quiet_then_due_then_late_then_done(desk) -> None:
    own = write(desk)
    (item,) = tasks(desk)
    assert (item.words, item.record, item.state(desk.now())) == (
        "Thay băng",
        f"Task/{own}",
        "later",
    )
    advance(desk, minutes=30)
    assert tasks(desk)[0].state(desk.now()) == "due"
    advance(desk, minutes=31)
    assert tasks(desk)[0].state(desk.now()) == "late"
    ward_tasks.done(desk, own)
    assert tasks(desk) == []


def test_what_was_done_by_mistake_is_open_again(desk) -> None:
    own = write(desk)
    ward_tasks.done(desk, own)
    ward_tasks.reopen(desk, own)
    assert len(tasks(desk)) == 1
    ward_tasks.cancel(desk, own, reason="Đã làm ở phòng mổ")
    assert tasks(desk) == []
    ward_tasks.reopen(desk, own)
    assert len(tasks(desk)) == 1


def test_what_somebody_else_did_is_not_done_again(desk) -> None:
    own = write(desk)
    ward_tasks.done(colleague(desk, DOCTOR), own)
    with pytest.raises(Refused, match="task-over") as refused:
        ward_tasks.done(desk, own)
    assert refused.value.data["by"] == DOCTOR.name


@pytest.mark.parametrize(
    ("words", "minutes", "code", "field"),
    [
        ("  ", 30, "words-missing", "words"),
        ("x" * 401, 30, "words-too-long", "words"),
        ("Cân", -6, "due-in-past", "due"),
        ("Cân", 31 * 24 * 60, "due-too-far", "due"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(desk, words, minutes, code, field) -> None:
    with pytest.raises(Refused, match=code) as refused:
        write(desk, words, minutes)
    assert refused.value.field == field
    assert tasks(desk) == []


def test_a_task_needs_somebody_who_is_here_and_somebody_who_may(desk) -> None:
    discharge(desk, 1)
    with pytest.raises(Refused, match="not-admitted"):
        write(desk)
    clerk = Person("r1", "Tiếp đón", "reception")
    with pytest.raises(Refused, match="not-permitted"):
        write(colleague(desk, clerk))


def test_a_reason_is_needed_and_only_our_tasks_are_touched(desk) -> None:
    own = write(desk)
    with pytest.raises(Refused, match="reason-missing"):
        ward_tasks.cancel(desk, own, reason=" ")
    with pytest.raises(Refused, match="gone"):
        ward_tasks.done(desk, "nothing")


def test_vital_signs_are_due_from_admission_on_and_then_by_the_score(desk) -> None:
    (never,) = tasks(desk, "vital-signs")
    assert never.state(desk.now()) == "late"
    vital_signs.record(desk, ONE, VitalSigns(at=desk.now(), respiratory_rate=Decimal(16)))
    (item,) = tasks(desk, "vital-signs")
    assert item.at == occupant(desk).due_at
    assert item.state(desk.now()) == "later"


def test_the_board_says_whose_patient_it_is(desk) -> None:
    shift, _ = ward_board.assignment.shifts_to_assign(desk.now(), 12, "07:00")
    mine = ward_board.Nurse(desk.person.id, desk.person.name)
    ward_board.assignment.assign(desk, {"stay-1": [mine]}, shift)
    assert occupant(desk).belongs_to(desk.person.id)
    assert not occupant(desk, 2).belongs_to(desk.person.id)


def test_one_task_done_by_two_people_apart_is_for_a_person_to_settle(desk) -> None:
    own = write(desk)
    with desk.store.read() as view:
        base = view.get("Task", own).resource()
    sides = [
        ward_tasks.mapping.done(base, by=person, at=desk.now())
        for person in ({"reference": "Practitioner/a"}, {"reference": "Practitioner/b"})
    ]
    clash = merge.merge(base, *sides)
    assert isinstance(clash, merge.Clash)
    assert [field.name for field in clash.fields] == ["task-state"]
    assert isinstance(merge.merge(base, sides[0], sides[0]), merge.Merged)
