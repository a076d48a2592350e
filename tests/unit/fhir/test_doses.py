"""Doses, steps of infusions and effects: as they are written, read again, and corrected."""

from copy import deepcopy
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from hospital.schema.validate import validate
from workstation.clinical.as_needed import Effect
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.medication_record import NOT_GIVEN, Outcome
from workstation.fhir import collision_rows, dose, dose_effect, drug_order, infusion
from workstation.fhir.dose import Circumstances
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump, parse

HANOI = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 20, 8, 5, 30, tzinfo=HANOI)
EIGHT = AT.replace(minute=0, second=0)
NURSE = {"reference": "Practitioner/n1", "display": "ĐD Lê Thị Mai"}
OTHER = {"reference": "Practitioner/n2", "display": "ĐD Vũ Thị Lan"}
WHY = {"reason": "Ghi nhầm", "author": OTHER, "at": AT + timedelta(hours=1)}


def entry(own="r1", minutes=0):
    at = AT + timedelta(minutes=minutes)
    return Entry(own=own, patient="p1", encounter="e1", author=NURSE, at=at)


ORDER = drug_order.write(
    entry("o1", -60),
    Prescription(
        drug="Morphin 10 mg/mL",
        codes=(("s", "morphine"),),
        amount=Amount(Decimal(5), "mg"),
        route="tiêm dưới da",
        timing=Timing(times_a_day=4),
    ),
)
ALL = Circumstances(
    slot=EIGHT, timing_reason="Đi chụp X-quang", witness=OTHER, scanned="patient-and-drug",
    recorded_at=AT + timedelta(minutes=20),
)  # fmt: skip


def there_and_back(resource):
    validate(parse(dump(resource)))
    return dose.read(parse(dump(resource)))


def test_golden():
    base = "https://ward-workstation.example/fhir"
    assert dump(dose.write(entry(), ORDER, beside=ALL)) == (
        '{"resourceType":"MedicationAdministration","id":"r1","identifier":[{"system":'
        f'"{base}/sid/workstation-uuid","value":"urn:uuid:r1"}}],"status":"completed",'
        '"medicationCodeableConcept":{"coding":[{"system":"s","code":"morphine"}],'
        '"text":"Morphin 10 mg/mL"},"subject":{"reference":"Patient/p1"},'
        '"context":{"reference":"Encounter/e1"},'
        '"performer":[{"actor":{"reference":"Practitioner/n1","display":"ĐD Lê Thị Mai"}},'
        '{"function":{"coding":[{"system":'
        '"http://terminology.hl7.org/CodeSystem/med-admin-perform-function","code":"witness"}]},'
        '"actor":{"reference":"Practitioner/n2","display":"ĐD Vũ Thị Lan"}}],'
        '"request":{"reference":"MedicationRequest/o1"},"extension":['
        f'{{"url":"{base}/StructureDefinition/scheduled-at",'
        '"valueDateTime":"2026-11-20T08:00:00+07:00"},'
        f'{{"url":"{base}/StructureDefinition/timing-reason","valueString":"Đi chụp X-quang"}},'
        f'{{"url":"{base}/StructureDefinition/scanned","valueCode":"patient-and-drug"}},'
        f'{{"url":"{base}/StructureDefinition/recorded-at",'
        '"valueDateTime":"2026-11-20T08:25:30+07:00"}],'
        '"effectiveDateTime":"2026-11-20T08:05:30+07:00",'
        '"dosage":{"dose":{"value":5,"unit":"mg"}}}'
    )


def test_what_is_written_is_read():
    found = there_and_back(dose.write(entry(), ORDER, beside=ALL))
    assert (found.outcome, found.at, found.scheduled_at) == (Outcome.GIVEN, AT, EIGHT)
    assert (found.giver, found.witness) == ("ĐD Lê Thị Mai", "ĐD Vũ Thị Lan")
    assert (found.timing_reason, found.scanned) == ("Đi chụp X-quang", "patient-and-drug")
    assert found.recorded_at == AT + timedelta(minutes=20)
    assert found.fact.scheduled_at == EIGHT
    plain = there_and_back(dose.write(entry(), ORDER))
    assert (plain.witness, plain.scheduled_at, plain.scanned, plain.reason) == ("", None, "", None)


@pytest.mark.parametrize("outcome", sorted(NOT_GIVEN))
def test_what_was_not_given_says_which_way(outcome):
    made = dose.write(entry(), ORDER, outcome=outcome, reason="Nôn", beside=ALL)
    found = there_and_back(made)
    assert (found.outcome, found.status, found.reason) == (outcome, "not-done", "Nôn")
    assert found.amount is None
    assert collision_rows.dose_row(made) is None
    silent = there_and_back(dose.write(entry(), ORDER, outcome=outcome))
    assert (silent.outcome, silent.reason) == (outcome, None)


def test_a_part_is_what_was_taken_and_counts_as_given():
    half = Amount(Decimal("2.5"), "mg")
    made = dose.write(entry(), ORDER, amount=half, outcome=Outcome.PARTIAL, reason="Nôn")
    found = there_and_back(made)
    assert (found.outcome, found.status, found.amount) == (Outcome.PARTIAL, "stopped", half)
    row = collision_rows.dose_row(made)
    assert row is not None
    assert row.partial


def test_a_correction_keeps_what_it_does_not_touch():
    stored = {**dose.write(entry(), ORDER, beside=ALL), "device": [{"display": "Bơm tiêm"}]}
    before = deepcopy(stored)
    given_at = AT - timedelta(minutes=10)
    made = dose.corrected(stored, amount=Amount(Decimal(4), "mg"), at=given_at, why=WHY)
    assert stored == before
    assert made["device"] == [{"display": "Bơm tiêm"}]
    found = there_and_back(made)
    assert (found.amount, found.at, found.scheduled_at) == (
        Amount(Decimal(4), "mg"), given_at, EIGHT,
    )  # fmt: skip
    assert (found.outcome, found.corrected, found.giver) == (
        Outcome.GIVEN, "Ghi nhầm", "ĐD Lê Thị Mai",
    )  # fmt: skip


def test_an_error_is_kept_and_counts_for_nothing():
    made = dose.enter_in_error(dose.write(entry(), ORDER), why=WHY)
    found = there_and_back(made)
    assert (found.outcome, found.amount) == (Outcome.ERROR, Amount(Decimal(5), "mg"))
    assert collision_rows.dose_row(made) is None


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("in-progress", Outcome.RUNNING),
        ("on-hold", Outcome.RUNNING),
        ("not-done", Outcome.WITHHELD),
        ("unknown", Outcome.UNKNOWN),
        (None, Outcome.UNKNOWN),
        ("odd", Outcome.UNKNOWN),
    ],
)
def test_foreign_ones(status, outcome):
    assert dose.read({"status": status, "performer": [3], "partOf": "x"}).outcome is outcome


class TestInfusion:
    bag = Amount(Decimal(500), "mL")

    def started(self):
        return infusion.start(entry("i1"), ORDER, bag=self.bag, rate_ml_h=Decimal(40), beside=ALL)

    def test_from_start_to_end(self):
        first = self.started()
        slower = infusion.change(entry("i2", 60), first, rate_ml_h=Decimal("20.5"), reason="Phù")
        pause = infusion.change(entry("i3", 90), first, rate_ml_h=Decimal(0))
        bag = infusion.change(entry("i4", 120), first, bag=self.bag, rate_ml_h=Decimal(40))
        for resource in (first, slower, pause, bag):
            validate(parse(dump(resource)))
        (found,) = infusion.read_all([bag, pause, slower, first])
        assert found.running
        assert [step.rate_ml_h for step in found.steps] == [40, Decimal("20.5"), 0, 40]
        assert [step.bag for step in found.steps] == [self.bag, None, None, self.bag]
        assert (found.started_at, found.rate_ml_h, found.order) == (AT, 40, "o1")
        assert found.steps[1].reason == "Phù"

        over = infusion.ended(first, at=AT + timedelta(hours=3))
        validate(parse(dump(over)))
        (found,) = infusion.read_all([over, slower])
        assert (found.running, found.ended_at) == (False, AT + timedelta(hours=3))
        assert first["status"] == "in-progress"

    def test_a_step_is_no_dose_of_its_own(self):
        first = self.started()
        step = infusion.change(entry("i2", 5), first, rate_ml_h=Decimal(20))
        assert dose.read(step).outcome is Outcome.CHANGED
        assert collision_rows.dose_row(step) is None
        assert collision_rows.dose_row(first) is not None

    def test_errors_and_what_is_no_infusion_are_left_out(self):
        first = self.started()
        step = infusion.change(entry("i2", 5), first, rate_ml_h=Decimal(20))
        wrong = dose.enter_in_error(step, why=WHY)
        (found,) = infusion.read_all([first, wrong, dose.write(entry("d"), ORDER)])
        assert len(found.steps) == 1
        assert infusion.read_all([step, dose.enter_in_error(first, why=WHY)]) == ()

    @pytest.mark.parametrize(
        ("quantity", "rate"),
        [
            ({"value": 2, "unit": "mL/min"}, 120),
            ({"value": 40, "unit": "x", "code": "mL/h"}, 40),
            ({"value": 5, "unit": "mg/h"}, None),
            ({"unit": "mL/h"}, None),
        ],
    )
    def test_rates_of_others(self, quantity, rate):
        assert infusion.rate_of({"rateQuantity": quantity}) == rate

    def test_a_foreign_one_that_is_over_without_an_end(self):
        first = {**self.started(), "status": "completed"}
        (found,) = infusion.read_all([first])
        assert found.ended_at == AT


def test_the_effect_of_a_dose():
    made = dose_effect.write(entry("e1", 60), "d1", "Morphin", Effect.SOME, "Đau còn 4/10")
    validate(parse(dump(made)))
    found = dose_effect.read(parse(dump(made)))
    assert found is not None
    assert (found.dose, found.effect, found.words) == ("d1", Effect.SOME, "Đau còn 4/10")
    assert (found.at, found.by) == (AT + timedelta(minutes=60), "ĐD Lê Thị Mai")
    assert dose_effect.read({**made, "status": "entered-in-error"}) is None
    assert dose_effect.read({**made, "partOf": []}) is None
    assert dose_effect.read({"code": {"text": "x"}}) is None
