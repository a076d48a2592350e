"""The board and the round as the services tell them, on a real store."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, discharge, make_desk, patient, patient_id, save, stay
from workstation import knowledge
from workstation.clinical.ordering import OrderKind, Request
from workstation.clinical.scores.warning import Risk
from workstation.clinical.vital_signs import Consciousness, Sign, VitalSigns
from workstation.fhir import systems
from workstation.kernel.errors import Refused
from workstation.services import (
    chart,
    orders,
    stays,
    vital_signs,
    vital_signs_round,
    ward_board,
)


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


class TestAnOrderToMonitor:
    SIGNS = Request(
        kind=OrderKind.MONITORING, words="Theo dõi mạch, huyết áp", remark="2 giờ một lần"
    )

    def order(self, desk, item=SIGNS):
        doctor = colleague(desk, DOCTOR)
        changes = orders.sign(doctor, patient_id(1), [orders.Line(item)])
        return next(r for r in changes.references if r.startswith("ServiceRequest/"))

    def test_it_is_due_sooner_on_board_round_and_chart(self, desk):
        vital_signs.record(desk, patient_id(1), well(desk))
        self.order(desk)
        own = desk.now() + timedelta(hours=2)
        (first, *_) = vital_signs_round.read(desk).patients
        dues = (occupant(desk, 1).due, first.due, chart.summary(desk, patient_id(1)).due)
        for due in dues:
            assert (due.at, due.by, due.words) == (
                own, "order", "Theo dõi mạch, huyết áp, 2 giờ một lần",
            )  # fmt: skip
        assert occupant(desk, 2).due is None

    def test_it_ends_when_it_is_stopped_or_held(self, desk):
        vital_signs.record(desk, patient_id(1), well(desk))
        reference = self.order(desk)
        orders.hold(colleague(desk, DOCTOR), reference, reason="Ổn định")
        assert occupant(desk, 1).due.by == "care-level"

    def test_one_of_something_else_or_without_an_interval_changes_nothing(self, desk):
        vital_signs.record(desk, patient_id(1), well(desk))
        self.order(desk, replace(self.SIGNS, words="Theo dõi đường huyết mao mạch"))
        self.order(desk, replace(self.SIGNS, remark="liên tục"))
        assert occupant(desk, 1).due.by == "care-level"

    def test_another_program_says_it_by_its_timing(self, desk):
        vital_signs.record(desk, patient_id(1), well(desk))
        reference = self.order(desk)
        with desk.store.read() as view:
            resource = view.get(*reference.split("/")).resource()
        assert resource["occurrenceTiming"] == {
            "repeat": {"frequency": 1, "period": 2, "periodUnit": "h"}
        }
        resource["id"] = "foreign"
        resource["orderDetail"] = [{"text": "as discussed"}]
        resource["occurrenceTiming"]["repeat"] |= {"period": 20, "periodUnit": "min"}
        save(desk.store, resource)
        assert occupant(desk, 1).due.every == timedelta(minutes=20)


def test_the_hospital_s_own_intervals_hold(desk, tmp_path):
    body = {
        "version": "1", "date": "2026-11-30", "licence": "own", "sources": {"own": "Rule 12"},
        "vital_signs": [{"id": "care-level-2", "minutes": 180, "source": ["own", "2"]}],
    }  # fmt: skip
    (tmp_path / "monitoring.json").write_text(json.dumps(body))
    own = replace(desk, knowledge=knowledge.load(str(tmp_path)))
    vital_signs.record(own, patient_id(1), well(own))
    due = occupant(own, 1).due
    assert (due.every, due.by, due.hospital) == (timedelta(hours=3), "care-level", True)


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


class TestAStayWithSeveralPlaces:
    """As other programs leave them: a place behind that nobody ended, a ward beside its bed."""

    OLD, NEW = "2026-11-18T08:00:00+07:00", "2026-11-19T08:00:00+07:00"

    @pytest.fixture
    def desk(self, tmp_path):
        made = make_desk(tmp_path, beds=4, taken=1)
        kinds = (("ward-b", "wa", ""), ("bed-b1", "bd", "ward-b"))
        for own, kind, part_of in kinds:
            coding = {"system": systems.PHYSICAL_TYPE, "code": kind}
            place = {
                "resourceType": "Location",
                "id": own,
                "status": "active",
                "name": own,
                "physicalType": {"coding": [coding]},
                **({"partOf": {"reference": f"Location/{part_of}"}} if part_of else {}),
            }
            save(made.store, place)
        yield made
        made.store.close()

    def place(self, desk, *places):
        person = stay(2)
        person["location"] = [
            {
                "location": {"reference": f"Location/{own}"},
                **({"status": "active"} if active else {}),
                **({"period": period} if period else {}),
            }
            for own, active, period in places
        ]
        save(desk.store, patient(2), person)
        return [
            bed.name for bed in ward_board.board(desk).beds
            if bed.occupant and bed.occupant.who.patient == patient_id(2)
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("places", "beds"),
        [
            ([("ward-a", True, None), ("bed-2", True, None)], ["02"]),
            ([("bed-2", True, None), ("ward-b", True, None)], ["02"]),
            ([("ward-b", True, {"start": OLD}), ("bed-2", True, {"start": NEW})], ["02"]),
            ([("bed-b1", True, {"start": OLD}), ("bed-2", True, {"start": NEW})], ["02"]),
            ([("bed-2", True, {"start": NEW}), ("bed-b1", True, {"start": OLD})], ["02"]),
            ([("bed-2", True, {"start": OLD}), ("bed-b1", True, {"start": NEW})], []),
            ([("bed-3", True, {"start": OLD}), ("bed-2", True, {"start": NEW})], ["02"]),
            ([("bed-b1", False, {"start": OLD}), ("bed-2", False, {"start": NEW})], ["02"]),
            # no status, but an end: over
            ([("bed-b1", False, {"start": NEW, "end": NEW}), ("bed-2", False, None)], ["02"]),
            ([("bed-2", False, {"start": OLD, "end": NEW}), ("bed-b1", False, None)], []),
        ],
    )
    def test_the_newest_bed_that_is_not_left_is_where_the_patient_lies(self, desk, places, beds):
        assert self.place(desk, *places) == beds

    def test_no_second_patient_is_put_into_the_other_bed(self, desk):
        self.place(desk, ("bed-3", True, {"start": self.OLD}), ("bed-2", True, None))
        with pytest.raises(Refused) as caught:
            stays.move(desk, "stay-1", "bed-3")
        assert caught.value.code == "bed-occupied"
