"""Planned admissions on a real store: who is put on the list, changed, struck, and then comes."""

from datetime import timedelta

import pytest

from tests.kit.store import START
from tests.kit.ward import advance, make_desk, patient, patient_id, save
from workstation.clinical.care_level import CareLevel
from workstation.clinical.names import PersonName
from workstation.fhir import encounter, planned, systems
from workstation.kernel.errors import Refused
from workstation.kernel.ids import EncounterId
from workstation.services import (
    admissions,
    expected,
    registration,
    stay_corrections,
    stays,
    transfers,
)
from workstation.services.expected import Expectation
from workstation.services.registration import Registrant
from workstation.services.stays import Admission
from workstation.store import numbers

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path, beds=4, taken=2)
    save(made.store, patient(3))
    yield made
    made.store.close()


def plan(desk, *, hours=4, **more):
    at = (desk.now() + hours * HOUR).replace(second=0, microsecond=0)
    return Expectation(at, more.pop("reason", "Mổ thoát vị bẹn"), **more)


def put(desk, number=3, **more):
    changes = expected.expect(desk, patient_id(number), plan(desk, **more))
    (reference,) = changes.references
    return EncounterId(reference.partition("/")[2])


def lines(desk):
    return [line for line in admissions.read(desk).lines if line.kind == "expected"]


def resource(desk, own):
    with desk.store.read() as view:
        return view.get("Encounter", own).resource()


def refused(function, *args, **values):
    with pytest.raises(Refused) as found:
        function(*args, **values)
    return found.value


def test_who_is_planned_stands_on_the_list_with_all_that_is_known(desk):
    put(desk, code="k40.9", origin="Phòng khám Ngoại", bed="bed-1")
    (line,) = lines(desk)
    assert (line.patient, line.diagnosis, line.diagnosis_code) == (
        patient_id(3), "Mổ thoát vị bẹn", "K40.9",
    )  # fmt: skip
    assert (line.where, line.other) == ("01", "Phòng khám Ngoại")
    assert line.at == plan(desk).at
    assert line.unsent


def test_the_ward_and_the_bed_are_where_the_stay_is_to_begin(desk):
    own = put(desk, bed="bed-4")
    stay = encounter.read(resource(desk, own))
    assert stay.planned_places == (desk.ward, "bed-4")
    assert resource(desk, own)["hospitalization" if stay.present else "status"] == "planned"
    with desk.store.read() as view:
        assert view.get("Encounter", own).pending


def test_admitting_ends_the_plan_and_the_wished_bed_is_offered_first(desk):
    own = put(desk, bed="bed-4", origin="Cấp cứu")
    ground = admissions.ground(desk, patient_id(3))
    assert ground.expected.bed == "bed-4"
    assert [bed.id for bed in ground.every_bed] == ["bed-1", "bed-2", "bed-3", "bed-4"]
    stays.admit(desk, patient_id(3), Admission("bed-4", "Thoát vị bẹn"))
    stay = encounter.read(resource(desk, own))
    assert (stay.current_places, stay.planned_places) == (("bed-4",), ())
    assert planned.origin(resource(desk, own)) == "Cấp cứu"
    assert not lines(desk)


def test_an_admission_taken_back_leaves_the_plan_as_it_was(desk):
    own = put(desk, bed="bed-4", code="K40.9", origin="Cấp cứu")
    before, (line,) = resource(desk, own), lines(desk)
    advance(desk, minutes=10)
    stays.admit(desk, patient_id(3), Admission("bed-3", "Viêm ruột thừa", "K35.8", CareLevel.ONE))
    stay_corrections.undo(desk, [own])
    (again,) = lines(desk)
    assert (again.at, again.where, again.diagnosis) == (line.at, "04", "Mổ thoát vị bẹn")
    kept = {key: value for key, value in resource(desk, own).items() if key != "meta"}
    assert kept.pop("extension")[0]["url"] == systems.STEP_TAKEN_BACK
    assert kept == {key: value for key, value in before.items() if key != "meta"}
    assert admissions.ground(desk, patient_id(3)).expected.bed == "bed-4"


def test_somebody_new_is_registered_with_the_plan_or_not_at_all(desk):
    with desk.store.write() as unit:
        numbers.add(unit, numbers.Block("b1", registration.RECORD, "26", 1, 9), START)
    who = Registrant(PersonName.of("Lương", "Thị Hoa"), "female")
    assert refused(expected.expect_new, desk, who, plan(desk, hours=-1)).field == "at"
    with desk.store.read() as view:
        assert len(view.find("Patient")) == 3
    expected.expect_new(desk, who, plan(desk))
    assert [line.name.formal for line in lines(desk)] == ["LƯƠNG Thị Hoa"]


def test_what_is_planned_is_changed_and_what_others_wrote_stays(desk):
    own = put(desk, origin="Cấp cứu", bed="bed-4")
    with desk.store.write() as unit:
        seen = unit.get("Encounter", own)
        unit.update({**seen.resource(), "priority": {"text": "x"}}, seen=seen)
    expected.change(desk, own, plan(desk, hours=30, reason="Mổ phiên"))
    (line,) = lines(desk)
    assert (line.diagnosis, line.other, line.where) == ("Mổ phiên", "", "")
    assert line.at == plan(desk, hours=30).at
    assert resource(desk, own)["priority"] == {"text": "x"}
    assert refused(expected.change, desk, own, plan(desk, hours=30, reason="Mổ phiên")).code == (
        "nothing-changed"
    )


def test_who_is_late_is_changed_without_another_time(desk):
    own = put(desk)
    planned_for = plan(desk)
    advance(desk, hours=6)
    expected.change(desk, own, Expectation(planned_for.at, "Mổ phiên"))
    (line,) = lines(desk)
    assert (line.at, line.diagnosis) == (planned_for.at, "Mổ phiên")


@pytest.mark.parametrize(
    ("number", "more", "code", "field"),
    [
        (1, {}, "already-admitted", "patient"),
        (99, {}, "no-such-patient", "patient"),
        (3, {"hours": -1}, "expected-in-past", "at"),
        (3, {"hours": 24 * 400}, "expected-too-far", "at"),
        (3, {"reason": " "}, "required", "diagnosis"),
        (3, {"code": "viêm"}, "not-icd10", "diagnosis_code"),
        (3, {"bed": "bed-99"}, "no-such-bed", "bed"),
    ],
)
def test_what_cannot_be_planned_is_refused_beside_its_field(desk, number, more, code, field):
    error = refused(expected.expect, desk, patient_id(number), plan(desk, **more))
    assert (error.code, error.field) == (code, field)
    assert not lines(desk)


def test_nobody_is_expected_twice_and_who_does_not_come_is_struck(desk):
    own = put(desk)
    assert refused(put, desk).code == "expected-already"
    transfers.cancel_expected(desk, own, "Người bệnh báo hoãn")
    assert not lines(desk)
    assert refused(expected.change, desk, own, plan(desk)).code == "stay-over"
    put(desk)
    assert len(lines(desk)) == 1
