"""The board and the round as the services tell them, on a real store."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, discharge, make_desk, patient, patient_id, save, stay
from workstation.clinical.scores.warning import Risk
from workstation.clinical.vital_signs import Consciousness, Sign, VitalSigns
from workstation.services import vital_signs, vital_signs_round, ward_board


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path, beds=4, taken=3)
    yield made
    made.store.close()


def well(desk, **other):
    values = {
        "heart_rate": Decimal(78),
        "temperature": Decimal("36.8"),
        "systolic": Decimal(124),
        "respiratory_rate": Decimal(16),
        "spo2": Decimal(97),
        "oxygen_flow": Decimal(0),
        "consciousness": Consciousness.ALERT,
    }
    return VitalSigns(at=desk.now(), **(values | other))


def occupant(desk, number):
    beds = {bed.id: bed for bed in ward_board.board(desk).beds}
    return beds[f"bed-{number}"].occupant


def test_the_board_has_every_bed_in_order_and_who_lies_in_it(desk):
    board = ward_board.board(desk)
    assert board.ward == "Khoa Nội tổng hợp"
    assert [bed.name for bed in board.beds] == ["01", "02", "03", "04"]
    assert board.beds[3].occupant is None
    who = board.beds[0].occupant.who
    assert who.name.formal == "NGUYỄN Văn An"
    assert (who.age.count, who.sex, who.record_number) == (75, "male", "26.000001")
    assert (who.day, who.diagnosis, who.care_level) == (3, "Viêm phổi", "2")
    assert who.allergy_state == "not-asked"


def test_a_person_who_was_never_measured_has_no_score_and_is_due(desk):
    found = occupant(desk, 1)
    assert found.score is None
    assert found.due_at is None
    assert found.trend is None


@pytest.mark.parametrize(
    ("values", "risk", "wait"),
    [
        ({}, Risk.LOW, timedelta(hours=6)),  # 12 h by the score, 6 h by care level 2
        ({"heart_rate": Decimal(100)}, Risk.LOW, timedelta(hours=6)),
        ({"respiratory_rate": Decimal(26)}, Risk.LOW_MEDIUM, timedelta(hours=1)),
        (
            {"respiratory_rate": Decimal(26), "heart_rate": Decimal(120)},
            Risk.MEDIUM,
            timedelta(hours=1),
        ),
        (
            {"respiratory_rate": Decimal(26), "spo2": Decimal(88), "heart_rate": Decimal(100)},
            Risk.HIGH,
            timedelta(minutes=30),
        ),
    ],
)
def test_the_next_set_is_due_as_the_score_demands(desk, values, risk, wait):
    vital_signs.record(desk, patient_id(1), well(desk, **values))
    found = occupant(desk, 1)
    assert found.score.risk is risk
    assert found.due_at == desk.now() + wait
    assert found.overdue_minutes == 0
    advance(desk, seconds=wait.total_seconds() + 25 * 60)
    assert occupant(desk, 1).overdue_minutes == 25


def test_the_score_says_where_it_goes(desk):
    trends = []
    for pulse in (78, 112, 112, 80):
        advance(desk, hours=1)
        vital_signs.record(desk, patient_id(1), well(desk, heart_rate=Decimal(pulse)))
        trends.append(occupant(desk, 1).trend)
    assert trends[1:] == ["up", "level", "down"]


def test_a_score_with_a_part_missing_is_not_complete(desk):
    vital_signs.record(desk, patient_id(1), VitalSigns(at=desk.now(), heart_rate=Decimal(80)))
    assert not occupant(desk, 1).score.complete


def test_unsent_changes_are_counted(desk):
    before = occupant(desk, 1).unsent
    vital_signs.record(desk, patient_id(1), well(desk))
    assert occupant(desk, 1).unsent == before + 7


def test_two_people_in_one_bed_both_stand_on_the_board(desk):
    second = stay(5)
    second["location"][0]["location"]["reference"] = "Location/bed-1"
    save(desk.store, patient(5), second)
    shared = [bed for bed in ward_board.board(desk).beds if bed.id == "bed-1"]
    assert [bed.shared for bed in shared] == [True, True]
    assert {bed.occupant.who.patient for bed in shared} == {patient_id(1), patient_id(5)}


def test_people_of_the_same_name_or_birth_date_are_told_apart(desk):
    twin = patient(4) | {"name": [{"family": "NGUYEN", "given": ["Van", "An"]}]}
    save(desk.store, twin, stay(4))
    assert occupant(desk, 1).who.alike == {"name"}
    assert occupant(desk, 4).who.alike == {"name"}
    assert occupant(desk, 2).who.alike == frozenset()


def test_a_bed_is_empty_after_discharge(desk):
    discharge(desk, 2)
    assert occupant(desk, 2) is None


def test_the_round_has_everybody_by_bed_with_the_values_before(desk):
    vital_signs.record(desk, patient_id(2), well(desk, heart_rate=Decimal(91)))
    found = vital_signs_round.read(desk)
    assert [each.who.bed_name for each in found.patients] == ["01", "02", "03"]
    assert found.patients[0].previous == {}
    assert found.patients[1].previous[Sign.HEART_RATE].value == 91
    assert found.patients[1].previous_score.total == 1


def test_a_draft_of_the_round_is_for_who_typed_it_until_it_is_saved(desk):
    vital_signs_round.keep_draft(desk, patient_id(1), "typed")
    assert vital_signs_round.read(desk).patients[0].draft == "typed"
    assert vital_signs_round.read(colleague(desk, DOCTOR)).patients[0].draft is None

    draft = vital_signs_round.draft_id(desk, patient_id(1))
    vital_signs.record(desk, patient_id(1), well(desk), draft=draft)
    assert vital_signs_round.read(desk).patients[0].draft is None


def test_an_empty_draft_is_no_draft(desk):
    vital_signs_round.keep_draft(desk, patient_id(1), "typed")
    vital_signs_round.keep_draft(desk, patient_id(1), "")
    assert vital_signs_round.read(desk).patients[0].draft is None
