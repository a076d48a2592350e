"""Drugs, allergies, registration and search, each on a real store."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.store import START
from tests.kit.ward import advance, colleague, patient_id
from workstation.clinical.allergies import known
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.names import PersonName
from workstation.fhir import dose
from workstation.kernel.errors import Refused
from workstation.services import allergies, medication, orders, patient_search, registration
from workstation.services.registration import Registrant
from workstation.store import audit, numbers

PATIENT = patient_id(1)
TWO_GRAMS = Amount(Decimal(2), "g")
DRUG = Prescription(
    drug="Ceftriaxone 1 g",
    amount=TWO_GRAMS,
    route="Tiêm tĩnh mạch",
    timing=Timing(times_a_day=2),
)
HOA = Registrant(
    PersonName.from_text("Lâm Thị Hoa"), "female", date(1990, 5, 20), national_id="079190001234"
)


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


@pytest.fixture
def order_id(desk):
    changes = orders.order_drug(colleague(desk, DOCTOR), PATIENT, DRUG)
    (reference,) = changes.references
    return reference.partition("/")[2]


def doses(desk):
    with desk.store.read() as view:
        found = view.find("MedicationAdministration", patient=PATIENT)
        return [dose.read(stored.resource()) for stored in found]


def test_a_dose_is_given_as_ordered(desk, order_id):
    medication.give(desk, order_id)
    (given,) = doses(desk)
    assert (given.order, given.amount, given.giver) == (order_id, TWO_GRAMS, "Lê Thị Mai")


def test_a_dose_just_given_is_refused_with_who_and_when(desk, order_id):
    medication.give(desk, order_id)
    advance(desk, hours=5, minutes=59)
    error = refused(lambda: medication.give(colleague(desk, DOCTOR), order_id))
    assert error.code == "dose-just-given"
    assert error.data["giver"] == "Lê Thị Mai"
    assert error.data["at"] == START

    advance(desk, minutes=1)
    medication.give(desk, order_id)
    assert len(doses(desk)) == 2


def test_a_withheld_dose_does_not_stand_in_the_way(desk, order_id):
    medication.withhold(desk, order_id, reason="Nôn")
    medication.give(desk, order_id)
    assert {each.status for each in doses(desk)} == {"not-done", "completed"}


def test_nothing_is_given_after_a_stop(desk, order_id):
    orders.stop(colleague(desk, DOCTOR), order_id, reason="Dị ứng")
    for act in (
        lambda: medication.give(desk, order_id),
        lambda: orders.stop(colleague(desk, DOCTOR), order_id, reason="Nhầm"),
    ):
        assert refused(act).code == "not-active"


def test_orders_and_doses_stand_in_the_audit(desk, order_id):
    medication.give(desk, order_id)
    with desk.store.read() as view:
        deeds = [entry.action for entry in audit.entries(view)]
    assert deeds[:2] == ["give-dose", "order-drug"]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda desk: medication.give(desk, "nowhere"), "gone"),
        (
            lambda desk: orders.stop(colleague(desk, DOCTOR), "nowhere", reason=" "),
            "reason-missing",
        ),
        (lambda desk: medication.withhold(desk, "nowhere", reason=""), "reason-missing"),
        (lambda desk: orders.order_drug(desk, PATIENT, DRUG), "not-permitted"),
        (lambda desk: orders.stop(desk, "nowhere", reason="x"), "not-permitted"),
        (
            lambda desk: orders.order_drug(
                colleague(desk, DOCTOR), PATIENT, replace(DRUG, amount=Amount(Decimal(0), "g"))
            ),
            "dose-not-positive",
        ),
        (
            lambda desk: orders.order_drug(
                colleague(desk, DOCTOR), PATIENT, replace(DRUG, timing=Timing(times_a_day=0))
            ),
            "not-a-frequency",
        ),
    ],
)
def test_what_cannot_be_is_refused(desk, act, code):
    assert refused(lambda: act(desk)).code == code


def test_allergies_are_recorded_once(desk):
    allergies.record(desk, PATIENT, "  Penicillin ", reaction="Phát ban", high_risk=True)
    assert refused(lambda: allergies.record(desk, PATIENT, "PENICILLIN")).code == "already-recorded"
    assert refused(lambda: allergies.record(desk, PATIENT, " ")).code == "substance-missing"
    assert refused(lambda: allergies.record_none_known(desk, PATIENT)).code == "allergy-known"
    with desk.store.read() as view:
        (found,) = known(allergies.of_patient(view, PATIENT))
    assert (found.substance, found.high_risk) == ("Penicillin", True)


def test_an_allergy_entered_in_error_no_longer_holds(desk):
    changes = allergies.record(desk, PATIENT, "Penicillin")
    (reference,) = changes.references
    allergies.enter_in_error(desk, reference.partition("/")[2], reason="Nhầm người bệnh")
    with desk.store.read() as view:
        assert known(allergies.of_patient(view, PATIENT)) == ()
    allergies.record_none_known(desk, PATIENT)


def test_somebody_unknown_has_no_allergies(desk):
    error = refused(lambda: allergies.record_none_known(desk, patient_id(99)))
    assert error.code == "no-such-patient"
    error = refused(lambda: allergies.enter_in_error(desk, "nowhere", reason="Nhầm"))
    assert error.code == "gone"


@pytest.fixture
def reception(desk):
    with desk.store.write() as unit:
        numbers.add(unit, numbers.Block("b1", registration.RECORD, "26", 1, 2), START)
    return desk


def test_a_new_person_gets_the_next_number_of_the_block(reception):
    changes = registration.register(reception, HOA)
    (found,) = patient_search.find(reception, "hoa lam").hits
    assert changes.patients == {found.patient}
    assert (found.record_number, found.identity_tail) == ("2600000001", "1234")
    assert (found.age.count, found.place, found.here) == (36, "", False)


def test_somebody_who_is_known_is_not_registered_twice_unseen(reception):
    registration.register(reception, HOA)
    twin = Registrant(PersonName.from_text("LAM THI HOA"), "female", date(1990, 5, 20))
    error = refused(lambda: registration.register(reception, twin))
    assert error.code == "possible-duplicate"
    assert len(error.data["patients"]) == 1
    registration.register(reception, twin, despite_duplicates=True)
    assert len(patient_search.find(reception, "lam hoa").hits) == 2


def test_numbers_run_out_before_one_is_given_twice(reception):
    for _ in range(2):
        registration.register(reception, HOA, despite_duplicates=True)
    error = refused(lambda: registration.register(reception, HOA, despite_duplicates=True))
    assert error.code == "no-numbers-left"


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Registrant(PersonName.from_text("Hoa"), "female"), "name"),
        (Registrant(HOA.name, "female", date(2030, 1, 1)), "birth_date"),
        (Registrant(HOA.name, "female", national_id="12"), "national_id"),
        (Registrant(HOA.name, "female", insurance_number="12"), "insurance_number"),
    ],
)
def test_what_is_wrong_at_the_desk_is_told_beside_its_field(reception, person, field):
    assert refused(lambda: registration.register(reception, person)).field == field


@pytest.mark.parametrize("text", ["an nguyen", "NGUYỄN", "van an", "26.000001"])
def test_search_finds_any_part_in_any_order(desk, text):
    hits = patient_search.find(desk, text).hits
    assert hits[0].name.formal == "NGUYỄN Văn An"
    assert hits[0].place == "Khoa Nội tổng hợp · 01"
    assert hits[0].here


def test_an_empty_search_finds_nobody(desk):
    assert patient_search.find(desk, "  ").hits == ()
