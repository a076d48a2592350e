"""New records of allergies, flags, diagnoses, drugs and results; changed ones keep the rest."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from workstation.clinical.allergies import AllergyState, known, state
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.medication_record import Outcome
from workstation.fhir import allergy, condition, dose, drug_order, flag, laboratory, safety
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump, parse

HANOI = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 20, 8, 5, 30, tzinfo=HANOI)
DOCTOR = {"reference": "Practitioner/d1", "display": "BS Đỗ Minh Quân"}
ENTRY = Entry(own="r1", patient="p1", encounter="e1", author=DOCTOR, at=AT)
ALONE = Entry(own="r1", patient="p1", encounter=None, author=DOCTOR, at=AT)
VOID = {"coding": [{"code": "entered-in-error"}]}


def coded(system, code, **more):
    return {"coding": [{"system": system, "code": code}], **more}


class TestAllergy:
    def test_golden(self):
        written = allergy.write(
            ALONE,
            "Penicillin",
            reaction="Phù mạch",
            high_risk=True,
            coding={"system": "s", "code": "penicillin"},
        )
        base = "http://terminology.hl7.org/CodeSystem/allergyintolerance-"
        assert dump(written) == (
            '{"resourceType":"AllergyIntolerance","id":"r1","identifier":[{"system":'
            '"https://ward-workstation.example/fhir/sid/workstation-uuid",'
            '"value":"urn:uuid:r1"}],"clinicalStatus":{"coding":[{"system":'
            f'"{base}clinical","code":"active"}}]}},"verificationStatus":{{"coding":[{{"system":'
            f'"{base}verification","code":"confirmed"}}]}},"code":{{"text":"Penicillin",'
            '"coding":[{"system":"s","code":"penicillin"}]},'
            '"patient":{"reference":"Patient/p1"},"recordedDate":"2026-11-20T08:05:30+07:00",'
            '"recorder":{"reference":"Practitioner/d1","display":"BS Đỗ Minh Quân"},'
            '"criticality":"high","reaction":[{"manifestation":[{"text":"Phù mạch"}]}]}'
        )

    def test_what_is_written_is_read(self):
        found = allergy.read(allergy.write(ENTRY, "Hải sản"))
        assert (found.substance, found.active, found.none_known) == ("Hải sản", True, False)
        assert (found.high_risk, found.reactions, found.codes) == (False, (), frozenset())
        none = allergy.write_none_known(ENTRY)
        assert none["encounter"] == {"reference": "Encounter/e1"}
        assert allergy.read(none).none_known

    def test_foreign_ones(self):
        found = allergy.read(
            {
                "clinicalStatus": coded("c", "resolved"),
                "code": coded("http://snomed.info/sct", "716186003"),
                "reaction": [{"severity": "severe", "manifestation": [{"text": "Rash"}]}],
            }
        )
        assert (found.none_known, found.active, found.high_risk) == (True, False, True)
        assert found.reactions == ("Rash",)
        assert found.codes == {"http://snomed.info/sct|716186003"}

    def test_a_substance_may_stand_in_the_reaction(self):
        assert allergy.read({"reaction": [{}, {"substance": {"text": "Bee"}}]}).substance == "Bee"
        assert allergy.read({}).substance == ""

    def test_void_ones_are_none(self):
        assert allergy.read({"verificationStatus": VOID}) is None
        assert allergy.read({"verificationStatus": {"coding": [{"code": "refuted"}]}}) is None

    def test_three_states(self):
        one = allergy.read(allergy.write(ENTRY, "Tôm"))
        worse = allergy.read(allergy.write(ENTRY, "Penicillin", high_risk=True))
        none = allergy.read(allergy.write_none_known(ENTRY))
        assert state([]) is AllergyState.NOT_ASKED
        assert state([none]) is AllergyState.NONE_KNOWN
        assert state([none, one]) is AllergyState.KNOWN
        over = allergy.read({"clinicalStatus": coded("c", "resolved"), "code": {"text": "Tôm"}})
        assert state([over]) is AllergyState.NOT_ASKED
        assert known([none, one, over, worse]) == (worse, one)


class TestFlag:
    @pytest.mark.parametrize("code", ["fall", "isolation", "no-cpr", "spo2-scale-2"])
    def test_what_is_written_is_read(self, code):
        written = parse(dump(flag.write(ENTRY, code)))
        found = flag.read(written)
        assert (found.id, found.code, found.active) == ("r1", code, True)
        assert found.text
        assert written["period"] == {"start": "2026-11-20T08:05:30+07:00"}
        assert flag.active_codes([written]) == {code}

    def test_an_ended_one_keeps_the_rest(self):
        written = {**flag.write(ALONE, "fall"), "extension": [{"url": "x"}]}
        before = deepcopy(written)
        ended = flag.ended(written, at=AT + timedelta(hours=1))
        assert written == before
        assert "encounter" not in ended
        assert ended["extension"] == [{"url": "x"}]
        assert ended["period"] == {
            "start": "2026-11-20T08:05:30+07:00",
            "end": "2026-11-20T09:05:30+07:00",
        }
        assert flag.active_codes([ended]) == frozenset()

    def test_foreign_ones(self):
        found = flag.read({"status": "active", "code": coded("x", "fall", text="Fall risk")})
        assert (found.code, found.text, found.active) == (None, "Fall risk", True)
        assert flag.read({}).text == ""
        assert flag.active_codes([{"status": "active"}]) == frozenset()


class TestSafety:
    """What is seen before anything is done to a patient."""

    def test_allergies_in_three_states(self):
        none = allergy.write_none_known(ENTRY)
        severe = allergy.write(ENTRY, "Penicillin", reaction="Phù mạch", high_risk=True)
        found = safety.allergies([none, severe, {**severe, "verificationStatus": VOID}])
        assert found.state == "present"
        assert found.items == (safety.Allergy("r1", "Penicillin", "Phù mạch", severe=True),)
        assert safety.allergies([none]) == safety.Allergies("none-known", ())
        assert safety.allergies([]) == safety.Allergies("not-asked", ())
        assert safety.allergies([{}]).items[0].substance == "?"

    def test_every_manifestation_is_named_once(self):
        rash, itch = {"text": "Ban"}, {"text": "Ngứa"}
        reactions = [{"manifestation": [rash, itch]}, {"manifestation": [rash, {}]}]
        [item] = safety.allergies([{"code": {"text": "Tôm"}, "reaction": reactions}]).items
        assert item.reaction == "Ban, Ngứa"

    def test_alerts(self):
        up = flag.write(ENTRY, "fall")
        foreign = {"id": "x", "status": "active"}
        found = safety.alerts([up, flag.ended(up, at=AT), foreign])
        assert found == (
            safety.Alert("r1", "fall", "Nguy cơ ngã", AT),
            safety.Alert("x", "", "?", None),
        )


class TestCondition:
    def test_what_is_written_is_read(self):
        found = condition.read(condition.write(ENTRY, "Viêm phổi", "J18.9"))
        assert (found.text, found.code, found.active, found.of_stay) == (
            "Viêm phổi",
            "J18.9",
            True,
            True,
        )

    def test_foreign_ones(self):
        found = condition.read(
            {
                "clinicalStatus": coded("c", "resolved"),
                "code": coded("http://hl7.org/fhir/sid/icd-10-cm", "E66.3"),
            }
        )
        assert (found.text, found.code, found.active, found.of_stay) == (
            "E66.3",
            "E66.3",
            False,
            False,
        )
        assert condition.read({}).text == ""
        assert condition.read({"verificationStatus": VOID}) is None


DRUG = Prescription(
    drug="Paracetamol 500 mg",
    codes=(("s", "paracetamol"),),
    amount=Amount(Decimal("500.0"), "mg"),
    route="uống",
    timing=Timing(times_a_day=3),
)
ORDER = drug_order.write(ENTRY, DRUG)


class TestMedication:
    def test_golden_dosage(self):
        assert dump(ORDER["dosageInstruction"][0]) == (
            '{"text":"500 mg, uống, 3 lần/ngày","timing":{"repeat":{"frequency":3,"period":1,'
            '"periodUnit":"d"},"code":{"text":"3 lần/ngày"}},"route":{"text":"uống"},'
            '"doseAndRate":[{"doseQuantity":{"value":500.0,"unit":"mg"}}]}'
        )

    def test_a_small_amount_has_a_leading_zero_and_no_trailing_one(self):
        order = drug_order.write(ENTRY, replace(DRUG, amount=Amount(Decimal("0.50"), "mg")))
        assert order["dosageInstruction"][0]["text"].startswith("0,5 mg")

    def test_an_order_is_read(self):
        found = drug_order.read(ORDER)
        assert (found.id, found.patient, found.name) == ("r1", "p1", "Paracetamol 500 mg")
        assert found.codes == {"s|paracetamol"}
        assert found.amount == Amount(Decimal("500.0"), "mg")
        assert (found.route, found.instruction) == ("uống", "500 mg, uống, 3 lần/ngày")
        assert (found.interval_hours, found.as_needed) == (8, False)
        assert (found.status, found.since, found.stopped_at) == ("active", AT, None)
        assert found.prescriber == "BS Đỗ Minh Quân"

    def test_a_dose_is_that_of_the_order(self):
        given = dose.write(ENTRY, ORDER)
        found = dose.read(parse(dump(given)))
        assert (found.order, found.drug, found.status) == ("r1", "Paracetamol 500 mg", "completed")
        assert found.amount == Amount(Decimal("500.0"), "mg")
        assert (found.at, found.giver, found.reason) == (AT, "BS Đỗ Minh Quân", None)
        given["medicationCodeableConcept"]["text"] = "other"
        assert ORDER["medicationCodeableConcept"]["text"] == "Paracetamol 500 mg"

    def test_another_amount_and_no_dose(self):
        half = Amount(Decimal(250), "mg")
        assert dose.read(dose.write(ENTRY, ORDER, amount=half)).amount == half
        refused = dose.write(ALONE, ORDER, outcome=Outcome.WITHHELD, reason="Từ chối")
        assert "context" not in refused
        found = dose.read(refused)
        assert (found.status, found.reason, found.amount) == ("not-done", "Từ chối", None)
        bare = {key: value for key, value in ORDER.items() if key != "dosageInstruction"}
        assert "dosage" not in dose.write(ENTRY, bare)

    def test_a_stop_keeps_the_rest(self):
        stored = {**deepcopy(ORDER), "extension": [{"url": "x"}]}
        stored["dosageInstruction"].append({"text": "odd"})
        before = deepcopy(stored)
        found = drug_order.stopped(stored, at=AT, reason="Nổi mẩn")
        assert stored == before
        assert found["extension"] == [{"url": "x"}]
        assert found["statusReason"] == {"text": "Nổi mẩn"}
        assert found["dosageInstruction"][0]["timing"]["code"] == {"text": "3 lần/ngày"}
        assert drug_order.read(found).stopped_at == AT

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"meta": {"lastUpdated": "2026-11-20T03:00:00Z"}}, 3),
            ({"authoredOn": "2026-11-20T03:00:00Z"}, None),
            (
                {
                    "authoredOn": "2026-11-20T03:00:00Z",
                    "meta": {"lastUpdated": "2026-11-20T03:00:00Z"},
                },
                None,
            ),
            ({"dosageInstruction": [{}], "meta": {"lastUpdated": "2026-11-20T04:00:00Z"}}, 4),
        ],
    )
    def test_when_a_foreign_order_was_stopped(self, body, expected):
        found = drug_order.read({"status": "stopped", **body}).stopped_at
        at = None if expected is None else datetime(2026, 11, 20, expected, tzinfo=UTC)
        assert found == at

    @pytest.mark.parametrize(
        ("repeat", "hours"),
        [
            ({"frequency": 2, "period": 1, "periodUnit": "d"}, 12),
            ({"period": 6, "periodUnit": "h"}, 6),
            ({"frequency": 1, "period": 30, "periodUnit": "min"}, Decimal("0.5")),
            ({"frequency": 0, "period": 1, "periodUnit": "d"}, None),
            ({"frequency": -1, "period": 1, "periodUnit": "d"}, None),
            ({"frequency": 1, "period": -1, "periodUnit": "d"}, None),
            ({"frequency": 1, "period": 1, "periodUnit": "mo"}, None),
            ({"frequency": 1, "periodUnit": "d"}, None),
            ({}, None),
        ],
    )
    def test_intervals(self, repeat, hours):
        found = drug_order.read({"dosageInstruction": [{"timing": {"repeat": repeat}}]})
        if hours is None:
            assert found.interval_hours is None
        else:
            assert round(found.interval_hours, 6) == hours

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "Paracetamol, 500 mg, uống, 3 lần/ngày"),
            ("500 mg, uống, 3 lần/ngày sau ăn", "Paracetamol, 500 mg, uống, 3 lần/ngày sau ăn"),
            ("ngày 3 lần", "Paracetamol, 500 mg, uống, ngày 3 lần"),
        ],
    )
    def test_a_line_says_all_of_an_order_and_nothing_twice(self, text, said):
        dosage = {
            "text": text,
            "route": {"text": "uống"},
            "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": {"value": Decimal("500.0"), "unit": "mg"}}],
        }
        found = drug_order.read(
            {"medicationCodeableConcept": {"text": "Paracetamol"}, "dosageInstruction": [dosage]}
        )
        assert found.line == said

    def test_foreign_ones(self):
        order = drug_order.read(
            {
                "medicationReference": {"display": "Heparin"},
                "dosageInstruction": [{"asNeededBoolean": True, "text": "khi đau"}],
            }
        )
        assert (order.name, order.as_needed, order.instruction) == ("Heparin", True, "khi đau")
        assert (order.status, order.amount) == ("unknown", None)
        given = dose.read(
            {
                "effectivePeriod": {"start": "2026-11-20T03:00:00Z"},
                "dosage": {"dose": {"value": 5, "code": "mL"}},
                "statusReason": [{"text": "x"}],
            }
        )
        assert given.at == datetime(2026, 11, 20, 3, tzinfo=UTC)
        assert given.amount == Amount(Decimal(5), "mL")
        assert (given.drug, given.status) == ("", "unknown")


class TestLaboratory:
    @pytest.mark.parametrize(
        ("value", "code", "flag_"), [("3.9", "N", ""), ("3.8", "L", "low"), ("6.5", "H", "high")]
    )
    def test_what_is_written_is_read(self, value, code, flag_):
        written = laboratory.write(
            ENTRY,
            coded("http://loinc.org", "14749-6", text="Glucose"),
            value=Decimal(value),
            unit="mmol/L",
            normal=(Decimal("3.9"), Decimal("6.4")),
        )
        assert written["interpretation"][0]["coding"][0]["code"] == code
        found = laboratory.read(parse(dump(written)))
        assert (found.code, found.name, str(found.value)) == ("14749-6", "Glucose", value)
        assert (found.unit, found.low, found.high) == ("mmol/L", Decimal("3.9"), Decimal("6.4"))
        assert (found.flag, found.at) == (flag_, AT)
        assert laboratory.is_result(written)

    def test_a_range_may_be_open_or_missing(self):
        concept = coded("http://loinc.org", "x")
        half = laboratory.write(
            ENTRY, concept, value=Decimal(9), unit="U/L", normal=(None, Decimal(5))
        )
        assert list(half["referenceRange"][0]) == ["high"]
        bare = laboratory.write(ALONE, concept, value=Decimal(9), unit="U/L", normal=(None, None))
        assert "referenceRange" not in bare
        assert "interpretation" not in bare
        assert laboratory.read(bare).flag == ""

    @pytest.mark.parametrize(
        ("body", "words", "flag_"),
        [
            ({"valueQuantity": {"value": 5, "comparator": "<"}}, "< 5", ""),
            ({"valueString": "Âm tính"}, "Âm tính", ""),
            ({"dataAbsentReason": {"text": "Mẫu tan máu"}}, "Mẫu tan máu", ""),
            ({"interpretation": [coded("i", "??"), coded("i", "POS")]}, "", "abnormal"),
            ({"interpretation": [coded("i", "??"), coded("i", "N")]}, "", ""),
            ({"interpretation": [coded("i", "??")]}, "", ""),
        ],
    )
    def test_foreign_ones(self, body, words, flag_):
        found = laboratory.read(body)
        assert (found.value, found.words, found.flag) == (None, words, flag_)
