"""Safety at ordering on a real store: the facts of a record, the check, and what is kept of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR, NURSE
from tests.kit.ward import advance, colleague, patient_id, save
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.vital_signs import VitalSigns
from workstation.fhir import laboratory, order_override, systems
from workstation.fhir.entry import Entry
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PersonId
from workstation.security.people import Person
from workstation.services import (
    allergies,
    medication,
    order_safety,
    orders,
    vital_signs,
)
from workstation.services.order_safety import Kind, Proposed, Severity, Unchecked

PATIENT = patient_id(1)  # a man of 1951
OTHER_DOCTOR = Person(PersonId("doctor-2"), "Trần Thu Hà", "doctor")


@pytest.fixture
def doctor(desk):
    return colleague(desk, DOCTOR)


def order(desk, drug, dose="1", unit="viên", times=1):
    prescription = Prescription(
        drug=drug,
        amount=Amount(Decimal(dose), unit),
        route="uống",
        timing=Timing(times_a_day=times),
    )
    changes = orders.order_drug(desk, PATIENT, prescription)
    return next(each for each in changes.references if each.startswith("MedicationRequest/"))


def result(desk, code, value, unit, *, hours=1, performer=None, patient=PATIENT):
    author = performer or {"reference": "Organization/lab", "display": "Khoa Xét nghiệm"}
    entry = Entry(
        own=f"r-{code}-{hours}", patient=patient, encounter=None, author=author,
        at=desk.now() - timedelta(hours=hours),
    )  # fmt: skip
    concept = {"coding": [{"system": systems.LOINC, "code": code}], "text": code}
    save(
        desk.store,
        laboratory.write(entry, concept, value=Decimal(value), unit=unit, normal=(None, None)),
    )


def kinds(checked):
    return [(alert.kind, alert.severity) for alert in checked.alerts]


class TestFacts:
    def test_of_an_empty_record(self, doctor):
        with doctor.store.read() as view:
            found = order_safety.facts(view, doctor, PATIENT)
        assert found.sex == "male"
        assert not found.allergies_asked
        assert (found.weight, found.creatinine, found.drugs, found.tests) == (None, None, (), ())

    def test_of_a_filled_one(self, doctor):
        allergies.record(doctor, PATIENT, "Penicillin", reaction="Mày đay", high_risk=True)
        vital_signs.record(doctor, PATIENT, VitalSigns(at=doctor.now(), weight=Decimal("52.5")))
        result(doctor, "14682-9", "150", "umol/L")
        order(doctor, "Warfarin 2 mg")
        with doctor.store.read() as view:
            found = order_safety.facts(view, doctor, PATIENT, [Proposed(test="2160-0")])
        assert found.weight.value == Decimal("52.5")
        assert (found.creatinine.value, found.creatinine.unit) == (Decimal(150), "umol/L")
        [allergy] = found.allergies
        assert (allergy.severe, allergy.reaction) == (True, "Mày đay")
        [drug] = found.drugs
        assert (drug.drug, drug.by, drug.times_a_day) == ("Warfarin 2 mg", DOCTOR.name, 1)
        [test] = found.tests
        assert (test.code, test.result, test.facility) == ("14682-9", "150 umol/L", "")

    def test_a_stopped_drug_counts_while_it_was_given_lately(self, desk, doctor):
        own = order(doctor, "Sildenafil 50 mg").partition("/")[2]
        medication.give(desk, own)
        orders.stop(doctor, own, reason="Hết chỉ định")
        with doctor.store.read() as view:
            [drug] = order_safety.facts(view, doctor, PATIENT).drugs
        assert drug.given_only
        advance(doctor, hours=25)
        with doctor.store.read() as view:
            assert order_safety.facts(view, doctor, PATIENT).drugs == ()

    def test_an_order_that_ended_by_itself_does_not_count(self, doctor):
        ends = doctor.now() + timedelta(hours=1)
        timing = Timing(times_a_day=1, ends_at=ends)
        orders.order_drug(
            doctor,
            PATIENT,
            Prescription(
                drug="Warfarin", amount=Amount(Decimal(2), "mg"), route="uống", timing=timing
            ),
        )
        advance(doctor, hours=2)
        with doctor.store.read() as view:
            assert order_safety.facts(view, doctor, PATIENT).drugs == ()

    @pytest.mark.parametrize(
        ("code", "pregnant"),
        [("Z34.9", True), ("O24.4", True), ("O80", None), ("J18.9", None)],
    )
    def test_pregnancy_by_diagnosis(self, doctor, code, pregnant):
        woman = patient_id(2)
        save(
            doctor.store,
            {
                "resourceType": "Condition",
                "id": "c1",
                "clinicalStatus": {"coding": [{"code": "active"}]},
                "code": {"coding": [{"system": systems.ICD10, "code": code}]},
                "subject": {"reference": f"Patient/{woman}"},
            },
        )
        with doctor.store.read() as view:
            assert order_safety.facts(view, doctor, woman).pregnant is pregnant

    def test_pregnancy_by_the_newest_status(self, doctor):
        woman = patient_id(2)
        for number, code in ((2, "77386006"), (1, "60001007")):
            with doctor.store.write() as unit:
                unit.create(
                    {
                        "resourceType": "Observation",
                        "id": f"preg-{number}",
                        "status": "final",
                        "code": {"coding": [{"system": systems.LOINC, "code": "82810-3"}]},
                        "subject": {"reference": f"Patient/{woman}"},
                        "effectiveDateTime": (doctor.now() - timedelta(days=number)).isoformat(),
                        "valueCodeableConcept": {
                            "coding": [{"system": "http://snomed.info/sct", "code": code}]
                        },
                    }
                )
            with doctor.store.read() as view:
                found = order_safety.facts(view, doctor, woman).pregnant
            assert found is (number == 2)


class TestCheck:
    def test_interaction_with_what_is_ordered(self, doctor):
        reference = order(doctor, "Warfarin 2 mg")
        [alert] = order_safety.check(doctor, PATIENT, Proposed(drug="Diclofenac 75 mg")).alerts
        assert (alert.kind, alert.severity) == (Kind.INTERACTION, Severity.REASON)
        assert alert.records == (reference,)
        assert alert.by == DOCTOR.name

    def test_a_test_done_elsewhere(self, doctor):
        save(
            doctor.store,
            {"resourceType": "Organization", "id": "own", "name": "Bệnh viện này"},
            {"resourceType": "Organization", "id": "far", "name": "Bệnh viện Sông Bé"},
            {
                "resourceType": "Location",
                "id": "ward-of-own",
                "name": "Khoa",
                "managingOrganization": {"reference": "Organization/own"},
            },
        )
        far = {"reference": "Organization/far"}
        result(doctor, "4548-4", "8.1", "%", hours=200, performer=far)
        here = replace(doctor, ward="ward-of-own")
        [alert] = order_safety.check(here, PATIENT, Proposed(test="4548-4")).alerts
        assert alert.kind is Kind.SAME_TEST
        assert (alert.result, alert.facility) == ("8.1 %", "Bệnh viện Sông Bé")

    def test_orders_signed_together_meet_each_other(self, doctor):
        allergies.record_none_known(doctor, PATIENT)
        together = [Proposed(drug="Warfarin 2 mg"), Proposed(drug="Diclofenac 75 mg")]
        first, second = order_safety.check_all(doctor, PATIENT, together)
        assert first.alerts == ()
        assert kinds(second) == [(Kind.INTERACTION, Severity.REASON)]

    def test_nobody_asked_for_allergies(self, doctor):
        proposed = Proposed(drug="Paracetamol 500 mg")
        assert Unchecked.ALLERGIES in order_safety.check(doctor, PATIENT, proposed).unchecked


class TestOverride:
    def sign(self, desk, alert, *, reason="Không có thuốc khác", second=None):
        with desk.store.write(desk.author) as unit:
            order_safety.record_override(
                unit, desk, PATIENT, "MedicationRequest/new", alert,
                reason=reason, second_person=second,
            )  # fmt: skip
            return unit.changes

    def alert(self, desk, drug="Diclofenac 75 mg"):
        [alert] = order_safety.check(desk, PATIENT, Proposed(drug=drug)).alerts
        return alert

    def test_is_kept_and_not_asked_again(self, doctor):
        order(doctor, "Warfarin 2 mg")
        alert = self.alert(doctor)
        changes = self.sign(doctor, alert)
        assert {reference.partition("/")[0] for reference in changes.references} == {
            "DetectedIssue"
        }
        again = self.alert(doctor)
        assert again.severity is Severity.INFORM
        assert again.overridden is not None
        assert again.overridden.reason == "Không có thuốc khác"
        others = self.alert(colleague(doctor, OTHER_DOCTOR))
        assert others.severity is Severity.REASON

    def test_in_another_stay_it_is_asked_anew(self, doctor):
        order(doctor, "Warfarin 2 mg")
        self.sign(doctor, self.alert(doctor))
        advance(doctor, hours=1)
        with doctor.store.write() as unit:
            seen = unit.get("Encounter", "stay-1")
            later = {**seen.resource(), "period": {"start": doctor.now().isoformat()}}
            unit.update(later, seen=seen)
        assert self.alert(doctor).severity is Severity.REASON

    @pytest.mark.parametrize(
        ("reason", "second", "code"),
        [
            (" ", NURSE, "reason-missing"),
            ("Cần", None, "second-person-missing"),
            ("Cần", DOCTOR, "second-person-same"),
            ("Cần", Person(PersonId("r1"), "Lễ tân", "reception"), "not-permitted"),
        ],
    )
    def test_what_is_missing_is_refused(self, doctor, reason, second, code):
        order(doctor, "Sildenafil 50 mg")
        alert = self.alert(doctor, "Nitroglycerin 0,5 mg")
        with pytest.raises(Refused) as refused:
            self.sign(doctor, alert, reason=reason, second=second)
        assert refused.value.code == code

    def test_the_second_person_is_named(self, doctor):
        order(doctor, "Sildenafil 50 mg")
        self.sign(doctor, self.alert(doctor, "Nitroglycerin 0,5 mg"), second=NURSE)
        with doctor.store.read() as view:
            [stored] = view.find("DetectedIssue", patient=PATIENT)
        assert order_override.read(stored.resource()).second == NURSE.name
        with doctor.store.read() as view:
            [told] = order_safety.accepted(view, PATIENT)["MedicationRequest/new"]
        assert told.about == "Nitroglycerin 0,5 mg – Sildenafil 50 mg"
        assert (told.reason, told.by, told.second) == (
            "Không có thuốc khác", DOCTOR.name, NURSE.name,
        )  # fmt: skip

    def test_what_only_informs_is_not_kept(self, doctor):
        order(doctor, "Enalapril 5 mg")
        self.sign(doctor, self.alert(doctor, "Spironolacton 25 mg"))
        with doctor.store.read() as view:
            assert view.find("DetectedIssue", patient=PATIENT) == []
