"""Transfers, leave, endings and what is taken back, on a real store."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR, NURSE
from tests.kit.store import START
from tests.kit.ward import advance, colleague, make_desk, patient, patient_id, save
from workstation.clinical.body_site import SITES
from workstation.clinical.care_site import KINDS, Site
from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.clinical.names import PersonName
from workstation.clinical.ordering import OrderKind, Request
from workstation.clinical.stays import Disposition, Outcome
from workstation.clinical.vital_signs import VitalSigns
from workstation.fhir import drug_order, encounter, stays, systems
from workstation.fhir.entry import Entry
from workstation.kernel.errors import Refused
from workstation.kernel.ids import EncounterId, PersonId, WardId
from workstation.security.people import Person
from workstation.services import (
    admissions,
    care_sites,
    discharges,
    fluid_balance,
    infusions,
    orders,
    patient_record,
    stay_corrections,
    transfers,
    vital_signs,
    ward_board,
)
from workstation.services import stays as services
from workstation.services.discharges import Departure, Diagnosis
from workstation.services.registration import Registrant
from workstation.services.stay_corrections import LastStep
from workstation.services.stays import Admission
from workstation.store import numbers

STAY = EncounterId("stay-1")
CURED = Departure(Disposition.DISCHARGED, Outcome.CURED, Diagnosis("Viêm phổi", "J189"))
DIED = Departure(Disposition.DIED, Outcome.DIED, Diagnosis("Sốc nhiễm khuẩn", "A41.9"))
OTHER = WardId("ward-b")


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path, beds=5, taken=3, person=DOCTOR)
    other = {
        "resourceType": "Location",
        "id": OTHER,
        "status": "active",
        "name": "Khoa Tim mạch",
        "physicalType": {"coding": [{"system": systems.PHYSICAL_TYPE, "code": "wa"}]},
    }
    bed = {
        **other,
        "id": "bed-b1",
        "name": "B1",
        "physicalType": {"coding": [{"system": systems.PHYSICAL_TYPE, "code": "bd"}]},
        "partOf": {"reference": f"Location/{OTHER}"},
    }
    save(made.store, other, bed)
    yield made
    made.store.close()


@pytest.fixture
def there(desk):
    """The other ward's desk, on the same store."""
    return replace(desk, ward=OTHER, person=NURSE)


def stored(desk, type_, own):
    with desk.store.read() as view:
        return view.get(type_, own).resource()


def stay(desk, own="stay-1"):
    return encounter.read(stored(desk, "Encounter", own))


def refused(deed):
    with pytest.raises(Refused) as caught:
        deed()
    return caught.value.code, caught.value.field


def kinds(desk):
    return [(line.kind, str(line.encounter)) for line in admissions.read(desk).lines]


def expect(desk, number, ward=OTHER):
    entry = Entry(
        own=f"planned-{number}",
        patient=patient_id(number),
        encounter=None,
        author={},
        at=desk.now() + timedelta(hours=2),
    )
    place = stays.place_entry(ward, "Khoa", "planned", entry.at)
    reason = {"text": "Đau ngực"}
    save(desk.store, patient(number), stays.new(entry, place, status="planned", reason=reason))


def test_somebody_expected_is_listed_and_comes(desk):
    expect(desk, 4, desk.ward)
    assert kinds(desk) == [("expected", "planned-4")]
    assert len(ward_board.board(desk).beds) == 5
    services.admit(desk, patient_id(4), Admission("bed-4", "Đau ngực", "I20.0"))
    found = stay(desk, "planned-4")
    assert (found.status, found.current_places) == ("in-progress", ("bed-4",))
    assert found.started_at == desk.now()
    assert kinds(desk) == []


def test_somebody_expected_does_not_come(desk):
    expect(desk, 4, desk.ward)
    assert refused(lambda: transfers.cancel_expected(desk, "planned-4", " ")) == (
        "reason-missing",
        "reason",
    )
    transfers.cancel_expected(desk, "planned-4", "Người nhà báo không đến")
    assert kinds(desk) == []
    assert refused(lambda: transfers.cancel_expected(desk, "stay-1", "x"))[0] == "already-admitted"


NEW = Registrant(PersonName.from_text("Hồ Thị Kỷ"), "female", national_id="079168001234")


def test_a_newcomer_is_registered_and_admitted_in_one_unit_of_work(desk):
    with desk.store.write() as unit:
        numbers.add(unit, numbers.Block("b1", "record", "26", 1, 9), START)
    changes = services.admit_new(desk, NEW, Admission("bed-4", "Sốt"))
    assert {"Patient", "Encounter", "Condition"} <= changes.types
    assert refused(lambda: services.admit_new(desk, NEW, Admission("bed-5", "Sốt"))) == (
        "possible-duplicate",
        None,
    )


def test_a_newcomer_without_a_bed_is_not_registered_either(desk):
    with desk.store.write() as unit:
        numbers.add(unit, numbers.Block("b1", "record", "26", 1, 9), START)
    assert refused(lambda: services.admit_new(desk, NEW, Admission("bed-1", "Sốt"))) == (
        "bed-occupied",
        "bed",
    )
    with desk.store.read() as view:
        assert len(view.find("Patient")) == 3


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"diagnosis": " "}, "required", "diagnosis"),
        ({"diagnosis_code": "XX"}, "not-icd10", "diagnosis_code"),
        ({"bed": ""}, "no-such-bed", "bed"),
        ({"bed": "bed-b1"}, "no-such-bed", "bed"),
        ({"bed": "bed-2"}, "bed-occupied", "bed"),
    ],
)
def test_what_is_wrong_in_an_admission_is_told_at_its_field(desk, change, code, field):
    save(desk.store, patient(4))
    admission = replace(Admission("bed-4", "Sốt"), **change)
    assert refused(lambda: services.admit(desk, patient_id(4), admission)) == (code, field)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"minutes": 1}, "in-future"),
        ({"days": -40}, "unusual-time"),
        ({"days": -365 * 90}, "before-birth"),
    ],
)
def test_the_time_of_an_admission_must_be_possible(desk, step, code):
    save(desk.store, patient(4))
    admission = Admission("bed-4", "Sốt", at=desk.now() + timedelta(**step))
    assert refused(lambda: services.admit(desk, patient_id(4), admission)) == (code, "at")
    if code == "unusual-time":
        services.admit(desk, patient_id(4), replace(admission, confirmed=True))


def test_two_patients_change_beds_at_once_and_back(desk):
    services.swap(desk, STAY, EncounterId("stay-2"))
    assert (stay(desk).current_places, stay(desk, "stay-2").current_places) == (
        ("bed-2",),
        ("bed-1",),
    )
    stay_corrections.undo(desk, [STAY, EncounterId("stay-2")])
    assert (stay(desk).current_places, stay(desk, "stay-2").current_places) == (
        ("bed-1",),
        ("bed-2",),
    )


def test_beds_are_changed_as_they_were_asked_about_or_not_at_all(desk):
    """Another terminal put one of them elsewhere while the question stood there."""
    other = EncounterId("stay-2")
    services.move(desk, other, "bed-4")
    seen = ("bed-1", "bed-2")
    assert refused(lambda: services.swap(desk, STAY, other, seen_in=seen)) == ("bed-changed", "bed")
    assert stay(desk).current_places == ("bed-1",)
    services.swap(desk, STAY, other, seen_in=("bed-1", "bed-4"))
    assert stay(desk).current_places == ("bed-4",)


def test_a_transfer_is_asked_for_seen_there_and_accepted(desk, there):
    transfers.request(desk, STAY, OTHER)
    assert kinds(desk) == [("outgoing", "stay-1")]
    assert kinds(there) == [("incoming", "stay-1")]
    assert stay(desk).current_places == ("bed-1",)
    transfers.accept(there, STAY, "bed-b1")
    assert stay(desk).current_places == ("bed-b1",)
    assert kinds(desk) == kinds(there) == []
    assert [bed.name for bed in admissions.free_beds(desk)] == ["01", "04", "05"]


def test_a_transfer_refused_tells_the_asking_ward_why(desk, there):
    transfers.request(desk, STAY, OTHER)
    transfers.refuse(there, STAY, "Hết giường")
    (line,) = admissions.read(desk).lines
    assert (line.kind, line.other, line.reason, line.by) == (
        "refused",
        "Khoa Tim mạch",
        "Hết giường",
        NURSE.name,
    )
    assert kinds(there) == []


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda desk, _there: transfers.request(desk, STAY, desk.ward), "no-such-ward"),
        (lambda desk, _there: transfers.withdraw(desk, STAY), "no-transfer"),
        (lambda _desk, there: transfers.accept(there, STAY, "bed-b1"), "no-transfer"),
        (lambda _desk, there: transfers.refuse(there, STAY, "x"), "no-transfer"),
        (lambda _desk, there: services.move(there, STAY, "bed-4"), "no-such-bed"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(desk, there, deed, code):
    assert refused(lambda: deed(desk, there))[0] == code


def test_a_withdrawn_transfer_leaves_everything_as_it_was(desk, there):
    transfers.request(desk, STAY, OTHER)
    transfers.withdraw(desk, STAY)
    assert kinds(desk) == kinds(there) == []


def test_on_leave_the_bed_is_kept_and_nothing_is_measured(desk):
    services.leave(desk, STAY, until=desk.now() + timedelta(hours=8))
    assert kinds(desk) == [("leave", "stay-1")]
    (bed, *_) = ward_board.board(desk).beds
    assert bed.occupant.who.on_leave
    assert bed.occupant.tasks == ()
    advance(desk, hours=1)
    vitals = VitalSigns(at=desk.now(), heart_rate=Decimal(80))
    assert refused(lambda: vital_signs.record(desk, patient_id(1), vitals)) == ("on-leave", "at")
    before = VitalSigns(at=desk.now() - timedelta(hours=2), heart_rate=Decimal(80))
    vital_signs.record(desk, patient_id(1), before)
    intake = [Fluid(Kind.ORAL, desk.now(), Decimal(200))]
    assert refused(lambda: fluid_balance.record(desk, patient_id(1), intake))[0] == "on-leave"
    assert refused(lambda: services.move(desk, STAY, "bed-4"))[0] == "on-leave"
    services.come_back(desk, STAY)
    vital_signs.record(desk, patient_id(1), vitals)


def test_a_leave_begins_before_it_ends(desk):
    assert refused(lambda: services.leave(desk, STAY, until=desk.now())) == (
        "return-before-leave",
        "until",
    )


def order(desk):
    orders.order_drug(
        desk,
        patient_id(1),
        Prescription(
            drug="Ceftriaxon",
            amount=Amount(Decimal(1), "g"),
            route="Tiêm tĩnh mạch",
            timing=Timing(times_a_day=2),
        ),
    )


def statuses(desk):
    with desk.store.read() as view:
        found = view.find("MedicationRequest", patient=patient_id(1))
    return [drug_order.read(each.resource()).status for each in found]


def test_a_discharge_ends_the_orders_and_writes_the_diagnoses(desk):
    order(desk)
    look = discharges.leaving(desk, patient_id(1))
    assert (look.orders, look.diagnosis) == (("Ceftriaxon",), "Viêm phổi")
    discharges.discharge(
        desk, STAY, replace(CURED, others=(Diagnosis("Tăng huyết áp", "I10"), Diagnosis("")))
    )
    assert statuses(desk) == ["stopped"]
    found = stored(desk, "Encounter", "stay-1")
    assert [each["use"]["coding"][0]["code"] for each in found["diagnosis"]] == ["DD", "CM"]
    (line,) = admissions.read(desk).lines
    assert (line.ending.disposition, line.ending.outcome, line.days) == ("discharged", "1", 2)
    with desk.store.read() as view:
        texts = [each.resource()["code"] for each in view.find("Condition")]
    codes = [code["coding"][0]["code"] for code in texts]
    assert sorted(codes) == ["I10", "J18.9"]
    assert kinds(desk) == [("left", "stay-1")]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"main": Diagnosis("")}, "required", "diagnosis"),
        ({"main": Diagnosis("Sốt", "?")}, "not-icd10", "diagnosis_code"),
        ({"others": (Diagnosis("Sốt", "?"),)}, "not-icd10", "others"),
        ({"outcome": Outcome.DIED}, "outcome-contradicts", "outcome"),
    ],
)
def test_what_is_wrong_in_a_discharge_is_told_at_its_field(desk, change, code, field):
    departure = replace(CURED, **change)
    assert refused(lambda: discharges.discharge(desk, STAY, departure)) == (code, field)
    assert stay(desk).present


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"minutes": 1}, "in-future"),
        ({"days": -3}, "before-admission"),
        ({"hours": -30}, "unusual-time"),
    ],
)
def test_nobody_is_discharged_before_the_admission_or_tomorrow(desk, step, code):
    departure = replace(CURED, at=desk.now() + timedelta(**step))
    assert refused(lambda: discharges.discharge(desk, STAY, departure)) == (code, "at")
    if code == "unusual-time":
        discharges.discharge(desk, STAY, replace(departure, confirmed=True))


def test_a_discharge_lies_not_before_the_last_move(desk):
    services.move(desk, STAY, "bed-4")
    departure = replace(CURED, at=desk.now() - timedelta(hours=1))
    assert refused(lambda: discharges.discharge(desk, STAY, departure)) == (
        "before-last-step",
        "at",
    )


def test_death_stands_on_the_banner_and_can_be_taken_back(desk):
    order(desk)
    discharges.discharge(desk, STAY, DIED)
    banner = patient_record.banner(desk, patient_id(1))
    assert (banner.deceased, banner.died) == (True, desk.now())
    (line,) = admissions.read(desk).lines
    assert line.died
    assert refused(lambda: services.admit(desk, patient_id(1), Admission("bed-1", "x"))) == (
        "deceased",
        "patient",
    )
    stay_corrections.take_back(desk, STAY, "Nhầm người bệnh")
    assert not patient_record.banner(desk, patient_id(1)).deceased
    assert statuses(desk) == ["active"]
    assert stay(desk).current_places == ("bed-1",)


def test_nurses_do_not_discharge_and_doctors_may_take_back(desk):
    nurse = colleague(desk, NURSE)
    assert refused(lambda: discharges.discharge(nurse, STAY, CURED))[0] == "not-permitted"
    discharges.discharge(desk, STAY, CURED)
    assert refused(lambda: stay_corrections.take_back(nurse, STAY, "x"))[0] == "not-permitted"
    reception = colleague(desk, Person(PersonId("r"), "Lễ tân", "reception"))
    assert refused(lambda: services.move(reception, STAY, "bed-4"))[0] == "not-permitted"


def test_a_discharge_taken_back_into_a_bed_that_is_taken_needs_another(desk):
    discharges.discharge(desk, STAY, CURED)
    services.move(desk, EncounterId("stay-2"), "bed-1")
    assert refused(lambda: stay_corrections.take_back(desk, STAY, "Nhầm")) == (
        "bed-occupied",
        "bed",
    )
    stay_corrections.take_back(desk, STAY, "Nhầm", bed="bed-5")
    assert stay(desk).current_places == ("bed-5",)
    with desk.store.read() as view:
        verified = [each.resource().get("verificationStatus") for each in view.find("Condition")]
    assert [each["coding"][0]["code"] for each in verified] == ["entered-in-error"]


def test_an_ending_is_not_taken_back_once_the_patient_is_admitted_again(desk):
    discharges.discharge(desk, STAY, CURED)
    services.admit(desk, patient_id(1), Admission("bed-4", "Sốt"))
    assert refused(lambda: stay_corrections.take_back(desk, STAY, "Nhầm"))[0] == "already-admitted"
    assert stay(desk).status == "finished"


def test_the_last_step_is_told_from_the_stay(desk):
    def last(own="stay-1"):
        return stay_corrections.last_step(stored(desk, "Encounter", own))

    assert last() is LastStep.ADMITTED
    services.move(desk, STAY, "bed-4")
    assert last() is LastStep.MOVED
    advance(desk, hours=1)
    services.leave(desk, STAY, until=desk.now() + timedelta(hours=8))
    assert last() is LastStep.LEFT
    advance(desk, hours=1)
    services.come_back(desk, STAY)
    assert last() is LastStep.RETURNED
    advance(desk, hours=1)
    stay_corrections.take_back(desk, STAY, "Chưa về")
    assert last() is LastStep.LEFT
    assert admissions.stay_now(desk, patient_id(1)).until is not None
    stay_corrections.take_back(desk, STAY, "Không đi")
    assert last() is LastStep.MOVED
    stay_corrections.take_back(desk, STAY, "Không chuyển")
    assert stay(desk).current_places == ("bed-1",)
    assert last() is LastStep.ADMITTED


def _pulse(desk):
    vital_signs.record(
        desk, patient_id(4), VitalSigns(at=desk.now(), heart_rate=Decimal(80))
    )  # fmt: skip


def _wound(desk):
    sacrum = SITES["sacrum"]
    ulcer = Site(KINDS["pressure-ulcer"], sacrum, sacrum.point, desk.now(), "")
    care_sites.put_in(desk, patient_id(4), ulcer)


@pytest.mark.parametrize("charted", [_pulse, _wound])
def test_an_admission_in_which_something_was_charted_is_not_taken_back(desk, charted):
    save(desk.store, patient(4))
    services.admit(desk, patient_id(4), Admission("bed-4", "Sốt"))
    own = admissions.stay_now(desk, patient_id(4)).encounter
    charted(desk)
    assert refused(lambda: stay_corrections.take_back(desk, own, "Nhầm"))[0] == "stay-has-records"


def test_an_admission_taken_back_leaves_the_diagnosis_of_who_sent_the_patient(desk):
    expect(desk, 4, desk.ward)
    save(
        desk.store,
        {
            "resourceType": "Condition",
            "id": "referral",
            "subject": {"reference": f"Patient/{patient_id(4)}"},
            "code": {"text": "Đau ngực"},
        },
    )
    with desk.store.write() as unit:
        seen = unit.get("Encounter", "planned-4")
        unit.update(stays.with_diagnosis(seen.resource(), "referral"), seen=seen)
    services.admit(desk, patient_id(4), Admission("bed-4", "Sốt"))
    (own,) = {*stay(desk, "planned-4").conditions} - {"referral"}
    stay_corrections.take_back(desk, EncounterId("planned-4"), "Nhầm giường")
    assert stay(desk, "planned-4").expected
    assert stay(desk, "planned-4").conditions == ("referral",)
    assert "verificationStatus" not in stored(desk, "Condition", "referral")
    struck = stored(desk, "Condition", own)["verificationStatus"]["coding"][0]["code"]
    assert struck == "entered-in-error"


def test_an_admission_by_mistake_is_undone_by_who_made_it_and_only_soon(desk):
    nurse = colleague(desk, NURSE)
    save(desk.store, patient(4))
    services.admit(nurse, patient_id(4), Admission("bed-4", "Sốt"))
    own = admissions.stay_now(desk, patient_id(4)).encounter
    assert refused(lambda: stay_corrections.undo(desk, [own]))[0] == "not-own-entry"
    advance(nurse, minutes=11)
    assert refused(lambda: stay_corrections.undo(nurse, [own]))[0] == "too-late-to-undo"
    advance(nurse, minutes=-2)
    stay_corrections.undo(nurse, [own])
    assert stored(desk, "Encounter", own)["status"] == "entered-in-error"
    assert [bed.name for bed in admissions.free_beds(desk)] == ["04", "05"]


def care(desk, kind, words):
    made = orders.sign(desk, patient_id(1), [orders.Line(Request(kind=kind, words=words))])
    return next(iter(made.references))


def standing(desk, references):
    return [stored(desk, *each.split("/")).get("status") for each in references]


def test_what_is_prescribed_for_home_goes_on_after_the_discharge(desk):
    order(desk)
    with desk.store.write(desk.author) as unit:
        (ward,) = unit.find("MedicationRequest", patient=patient_id(1))
        unit.create(
            {
                **ward.resource(),
                "id": "home",
                "category": [{"coding": [{"code": "discharge"}]}],
            }
        )
    assert len(discharges.leaving(desk, patient_id(1)).orders) == 1
    discharges.discharge(desk, STAY, CURED)
    assert stored(desk, "MedicationRequest", "home")["status"] == "active"
    assert sorted(statuses(desk)) == ["active", "stopped"]


@pytest.mark.parametrize("departure", [CURED, DIED])
def test_diet_oxygen_and_monitoring_end_with_the_stay_and_only_they_come_back(desk, departure):
    kinds_of = (OrderKind.DIET, OrderKind.OXYGEN, OrderKind.MONITORING)
    going = [care(desk, kind, f"Y lệnh {kind.value}") for kind in kinds_of]
    orders.hold(desk, going[1], reason="Mổ")
    stopped = care(desk, OrderKind.DIET, "Nhịn ăn")
    orders.stop(desk, stopped, reason="Xong")
    once = care(desk, OrderKind.LABORATORY, "Công thức máu")
    everything = [*going, stopped, once]
    before = [stored(desk, *each.split("/")) for each in going]
    assert sorted(discharges.leaving(desk, patient_id(1)).care) == sorted(
        f"Y lệnh {kind.value}" for kind in kinds_of
    )
    discharges.discharge(desk, STAY, departure)
    assert standing(desk, everything) == [*["revoked"] * 4, "active"]
    stay_corrections.take_back(desk, STAY, "Nhầm người bệnh")
    assert standing(desk, everything) == ["active", "on-hold", "active", "revoked", "active"]
    after = [stored(desk, *each.split("/")) for each in going]
    assert [{**each, "meta": None} for each in after] == [{**each, "meta": None} for each in before]


def test_an_infusion_that_runs_is_told_before_a_discharge_and_not_ended_by_it(desk):
    made = orders.order_drug(
        desk,
        patient_id(1),
        Prescription(
            drug="Ringer lactat",
            amount=Amount(Decimal(500), "mL"),
            route="Truyền tĩnh mạch",
            timing=Timing(),
            rate=Rate(Decimal(60), "mL/h"),
        ),
    )
    nurse = colleague(desk, NURSE)
    own = next(iter(made.references)).partition("/")[2]
    infusions.start(nurse, own, rate_ml_h=Decimal(60))
    assert discharges.leaving(desk, patient_id(1)).running == ("Ringer lactat",)
    discharges.discharge(desk, STAY, CURED)
    with desk.store.read() as view:
        (bag,) = view.find("MedicationAdministration", patient=patient_id(1))
    assert bag.resource()["status"] == "in-progress"
