"""Calls for help on a real store, and what the board makes of them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, patient_id
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel.errors import Refused
from workstation.services import alerts, escalation, vital_signs, ward_board

PATIENT = patient_id(1)


def measured(desk, **values):
    found = {"respiratory_rate": 16, "spo2": 98, "oxygen_flow": 0, "systolic": 120,
             "heart_rate": 70, **values}  # fmt: skip
    vitals = VitalSigns(at=desk.now(), **{k: Decimal(v) for k, v in found.items()})
    vital_signs.record(desk, PATIENT, vitals)
    return occupant(desk).score


def occupant(desk):
    beds = ward_board.board(desk).beds
    return next(b.occupant for b in beds if b.occupant and b.occupant.who.patient == PATIENT)


def lines(desk):
    return [item for item in occupant(desk).tasks if item.kind == "escalation"]


def called(desk, score, **more):
    arguments = {"whom": "BS trực", "at": desk.now(), **more}
    (reference,) = escalation.call(desk, PATIENT, score, **arguments).references
    return reference.removeprefix("Task/")


def test_a_high_score_asks_for_a_call_until_one_is_made(desk):
    score = measured(desk, heart_rate=135, respiratory_rate=26, systolic=95)
    assert score.calls
    (line,) = lines(desk)
    assert (line.at, line.words) == (score.at, "gọi hỗ trợ: NEWS2 8")
    assert line.state(desk.now() + timedelta(minutes=15)) == "due"
    assert line.state(desk.now() + timedelta(minutes=16)) == "late"

    called(desk, score)
    (line,) = lines(desk)
    assert line.at == desk.now() + timedelta(minutes=30)
    assert line.words.endswith("BS trực")
    assert line.state(desk.now()) == "later"
    advance(desk, minutes=31)
    assert lines(desk)[0].state(desk.now()) == "late"


def test_an_answer_ends_it(desk):
    score = measured(desk, heart_rate=135)
    task = called(desk, score)
    advance(desk, minutes=10)
    escalation.answer(colleague(desk, DOCTOR), task, "Đã khám, truyền dịch", desk.now())
    assert lines(desk) == []
    (found,) = escalation.situation(desk, PATIENT).calls
    assert (found.answer, found.answered_by) == ("Đã khám, truyền dịch", DOCTOR.name)
    with pytest.raises(Refused) as refused:
        escalation.answer(desk, task, "x", desk.now())
    assert refused.value.code == "task-over"


def test_a_low_score_asks_for_nothing(desk):
    assert not measured(desk).calls
    assert lines(desk) == []


def test_a_call_stands_for_the_same_score_and_not_for_a_worse_one(desk):
    task = called(desk, measured(desk, heart_rate=135))
    escalation.answer(desk, task, "Theo dõi", desk.now())
    advance(desk, hours=1)
    measured(desk, heart_rate=135)
    assert lines(desk) == []
    advance(desk, hours=1)
    measured(desk, heart_rate=135, respiratory_rate=26)
    assert [line.words for line in lines(desk)] == ["gọi hỗ trợ: NEWS2 6"]


def test_of_a_maternity_chart_a_red_value_is_worse_than_two_yellow_ones(desk):
    alerts.set_maternity(desk, PATIENT, on=True)
    yellow = measured(desk, heart_rate=105, respiratory_rate=24)
    assert (yellow.scale, yellow.total, yellow.risk) == ("MEOWS", 2, "medium")
    escalation.answer(desk, called(desk, yellow), "Theo dõi", desk.now())
    assert lines(desk) == []
    advance(desk, hours=1)
    red = measured(desk, heart_rate=125)
    assert (red.total, red.risk) == (1, "high")
    assert [line.words for line in lines(desk)] == ["gọi hỗ trợ: MEOWS 1"]
    called(desk, red)
    assert not escalation.situation(desk, PATIENT).wanted


def test_a_call_does_not_stand_for_longer_than_a_shift(desk):
    task = called(desk, measured(desk, heart_rate=135))
    escalation.answer(desk, task, "Theo dõi", desk.now())
    advance(desk, hours=12, minutes=1)
    measured(desk, heart_rate=135)
    assert len(lines(desk)) == 1


def test_a_call_that_was_taken_back_does_not_stand(desk):
    task = called(desk, measured(desk, heart_rate=135))
    escalation.take_back(desk, task)
    assert [line.words for line in lines(desk)] == ["gọi hỗ trợ: NEWS2 3"]
    assert escalation.situation(desk, PATIENT).calls == ()


@pytest.mark.parametrize(
    ("whom", "minutes", "code", "field"),
    [
        ("  ", 0, "whom-missing", "whom"),
        ("x" * 401, 0, "words-too-long", "whom"),
        ("BS", 3, "in-future", "at"),
    ],
)
def test_what_is_refused(desk, whom, minutes, code, field):
    score = measured(desk, heart_rate=135)
    with pytest.raises(Refused) as refused:
        called(desk, score, whom=whom, at=desk.now() + timedelta(minutes=minutes))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_an_answer_comes_after_its_call(desk):
    task = called(desk, measured(desk, heart_rate=135))
    for words, at, code in (
        (" ", desk.now(), "answer-empty"),
        ("x", desk.now() - timedelta(hours=1), "answer-before-call"),
    ):
        with pytest.raises(Refused) as refused:
            escalation.answer(desk, task, words, at)
        assert refused.value.code == code
