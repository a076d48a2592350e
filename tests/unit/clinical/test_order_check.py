"""What an order is warned of: each rule by its source; silence where a fact is missing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.order_check import check
from workstation.clinical.order_safety import (
    ActiveDrug,
    EarlierTest,
    Facts,
    Kind,
    KnownAllergy,
    Measured,
    Override,
    Proposed,
    Severity,
    Unchecked,
)
from workstation.knowledge import shipped

KNOWLEDGE = shipped()
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ADULT = date(1966, 1, 1)
INFORM, REASON, SECOND = Severity.INFORM, Severity.REASON, Severity.SECOND_PERSON


def facts(**more):
    given = {
        "sex": "male",
        "birth_date": ADULT,
        "weight": Measured(Decimal(60), "kg", NOW),
        "creatinine": Measured(Decimal(80), "umol/L", NOW),
    }
    return Facts(NOW, **{**given, **more})


def years(number):
    return (NOW - timedelta(days=int(number * 365.25) + 1)).date()


def drug(words, dose="", times="", route="uống", **more):
    amount, _, unit = dose.partition(" ")
    return Proposed(
        drug=words,
        amount=Decimal(amount) if amount else None,
        unit=unit,
        times_a_day=Decimal(times) if times else None,
        route=route,
        **more,
    )


def active(words, own="o1", **more):
    return ActiveDrug(f"MedicationRequest/{own}", words, frozenset(), NOW, "BS. Lê An", **more)


def allergy(substance, *, severe=False):
    return KnownAllergy("a1", substance, frozenset(), severe)


def found(proposed, known):
    return [(each.kind, each.severity) for each in check(proposed, known, KNOWLEDGE).alerts]


class TestAllergy:
    @pytest.mark.parametrize(
        ("substance", "ordered", "kind", "mild", "severe"),
        [
            ("Penicillin", "Amoxicilin 500 mg", Kind.ALLERGY, REASON, SECOND),
            ("Dị ứng nhóm penicilin", "Piperacilin 4 g", Kind.ALLERGY, REASON, SECOND),
            ("Amoxicillin", "Amoxicilin 500 mg", Kind.ALLERGY, REASON, SECOND),
            ("Vancomycin", "Vancomycin 1 g", Kind.ALLERGY, REASON, SECOND),
            ("Aspirin", "Ibuprofen 400 mg", Kind.ALLERGY, REASON, SECOND),
            ("Amoxicillin", "Ampicillin 1 g", Kind.CROSS_ALLERGY, REASON, SECOND),
            ("Amoxicillin", "Cephalexin 500 mg", Kind.CROSS_ALLERGY, REASON, SECOND),
            ("Penicillin", "Ceftriaxon 1 g", Kind.CROSS_ALLERGY, INFORM, REASON),
            ("Ceftriaxon", "Cefotaxim 1 g", Kind.CROSS_ALLERGY, REASON, SECOND),
            ("Ceftriaxon", "Cefazolin 1 g", Kind.CROSS_ALLERGY, INFORM, REASON),
            ("Ceftazidim", "Aztreonam 1 g", Kind.CROSS_ALLERGY, REASON, SECOND),
            ("Penicillin", "Meropenem 1 g", Kind.CROSS_ALLERGY, INFORM, INFORM),
            ("Levofloxacin", "Ciprofloxacin 500 mg", Kind.CROSS_ALLERGY, REASON, SECOND),
        ],
    )
    def test_by_substance_class_and_side_chain(self, substance, ordered, kind, mild, severe):
        for is_severe, severity in ((False, mild), (True, severe)):
            known = facts(allergies=(allergy(substance, severe=is_severe),))
            assert found(drug(ordered), known) == [(kind, severity)]

    @pytest.mark.parametrize(
        ("substance", "ordered"),
        [
            ("Penicillin", "Paracetamol 500 mg"),
            ("Penicillin", "Aztreonam 1 g"),
            ("Phấn hoa", "Amoxicilin 500 mg"),
            ("Sulfamid", "Furosemid 20 mg"),
            ("Kali clorid", "Natri clorid 0,9 %"),
            ("Nước hoa", "Nước cất pha tiêm"),
        ],
    )
    def test_leaves_alone(self, substance, ordered):
        assert found(drug(ordered), facts(allergies=(allergy(substance, severe=True),))) == []

    def test_an_unnamed_drug_is_found_by_the_word_in_common(self):
        known = facts(allergies=(allergy("Thuốc Lạdượcphẩm"),))
        assert found(drug("Lạdượcphẩm 10 mg"), known) == [(Kind.ALLERGY, REASON)]

    def test_by_code(self):
        row = KnownAllergy("a1", "?", frozenset({"x|1"}), severe=True)
        known = facts(allergies=(row,))
        assert found(drug("Viên bao", codes=frozenset({"x|1"})), known) == [(Kind.ALLERGY, SECOND)]

    def test_nobody_asked(self):
        checked = check(drug("Paracetamol"), facts(allergies_asked=False), KNOWLEDGE)
        assert Unchecked.ALLERGIES in checked.unchecked
        assert checked.alerts == ()


PAIRS = [
    ("Warfarin 2 mg", "Diclofenac 75 mg", REASON),
    ("Enalapril 5 mg", "Kali clorid 600 mg", REASON),
    ("Enalapril 5 mg", "Spironolacton 25 mg", INFORM),
    ("Spironolacton 25 mg", "Kali clorid 600 mg", SECOND),
    ("Simvastatin 20 mg", "Clarithromycin 500 mg", SECOND),
    ("Atorvastatin 20 mg", "Clarithromycin 500 mg", REASON),
    ("Methotrexat 2,5 mg", "Co-trimoxazol 480 mg", SECOND),
    ("Digoxin 0,25 mg", "Amiodaron 200 mg", REASON),
    ("Digoxin 0,25 mg", "Clarithromycin 500 mg", REASON),
    ("Isosorbid dinitrat 10 mg", "Sildenafil 50 mg", SECOND),
    ("Linezolid 600 mg", "Sertralin 50 mg", SECOND),
    ("Clopidogrel 75 mg", "Omeprazol 20 mg", REASON),
    ("Gentamicin 80 mg", "Furosemid 20 mg", REASON),
    ("Bisoprolol 2,5 mg", "Verapamil 80 mg", SECOND),
    ("Azathioprin 50 mg", "Allopurinol 300 mg", SECOND),
    ("Natri valproat 500 mg", "Meropenem 1 g", REASON),
    ("Morphin 10 mg", "Diazepam 10 mg", REASON),
    ("Enalapril 5 mg", "Losartan 50 mg", REASON),
    ("Rivaroxaban 20 mg", "Enoxaparin 40 mg", SECOND),
]


class TestInteraction:
    @pytest.mark.parametrize(("one", "two", "severity"), PAIRS)
    def test_from_either_side(self, one, two, severity):
        for ordered, other in ((one, two), (two, one)):
            [alert] = check(drug(ordered), facts(drugs=(active(other),)), KNOWLEDGE).alerts
            assert (alert.kind, alert.severity) == (Kind.INTERACTION, severity)
            assert alert.other == other
            assert alert.records == ("MedicationRequest/o1",)
            assert alert.source.document
            assert alert.source.section
            assert alert.effect.vi
            assert alert.effect.en

    @pytest.mark.parametrize(
        ("one", "two"),
        [
            ("Pantoprazol 40 mg", "Clopidogrel 75 mg"),
            ("Aspirin 81 mg", "Clopidogrel 75 mg"),
            ("Furosemid 20 mg", "Bisoprolol 2,5 mg"),
            ("Rosuvastatin 10 mg", "Clarithromycin 500 mg"),
            ("Ceftriaxon 1 g", "Levofloxacin 750 mg"),
        ],
    )
    def test_usual_together(self, one, two):
        assert found(drug(one), facts(drugs=(active(two),))) == []

    @pytest.mark.parametrize(("days", "severity"), [(10, SECOND), (28, SECOND), (29, INFORM)])
    def test_ceftriaxone_and_calcium_of_the_newborn(self, days, severity):
        born = (NOW - timedelta(days=days)).date()
        known = facts(birth_date=born, drugs=(active("Calci gluconat 10 %"),))
        alerts = check(drug("Ceftriaxon 1 g", route="tiêm tĩnh mạch"), known, KNOWLEDGE).alerts
        assert [each.severity for each in alerts if each.kind is Kind.INTERACTION] == [severity]

    def test_instructions_do_not_make_a_drug_local(self):
        known = facts(drugs=(active("Warfarin 2 mg"),))
        order = drug("Diclofenac 75 mg", route="truyền tĩnh mạch theo chỉ dẫn")
        assert (Kind.INTERACTION, REASON) in found(order, known)

    def test_an_eye_drop_meets_nothing(self):
        known = facts(drugs=(active("Warfarin 2 mg"),))
        assert found(drug("Diclofenac 0,1 %", route="nhỏ mắt"), known) == []

    def test_several_rules_of_one_pair_are_one_alert_the_strongest(self):
        known = facts(drugs=(active("Clarithromycin 500 mg"),))
        [alert] = check(drug("Co-trimoxazol 480 mg + simvastatin"), known, KNOWLEDGE).alerts
        assert alert.severity is SECOND

    def test_a_drug_given_lately_still_counts(self):
        known = facts(drugs=(active("Sildenafil 50 mg", given_only=True),))
        assert found(drug("Nitroglycerin 0,5 mg"), known) == [(Kind.INTERACTION, SECOND)]


class TestDuplicate:
    @pytest.mark.parametrize(
        ("ordered", "other", "expected"),
        [
            ("Paracetamol 500 mg", "Paracetamol 1 g/100 mL", [(Kind.SAME_DRUG, REASON)]),
            ("Ibuprofen 400 mg", "Diclofenac 75 mg", [(Kind.SAME_CLASS, REASON)]),
            ("Omeprazol 20 mg", "Pantoprazol 40 mg", [(Kind.SAME_CLASS, REASON)]),
            ("Prednisolon 5 mg", "Methylprednisolon 40 mg", [(Kind.SAME_CLASS, INFORM)]),
            ("Ringer lactat 500 mL", "Ringer lactat 500 mL", []),
            ("Insulin glargin 100 đơn vị/mL", "Actrapid 100 đơn vị/mL", []),
            ("Thuốc lạ A", "Thuốc lạ A", [(Kind.SAME_DRUG, REASON)]),
            ("Thuốc lạ A", "Thuốc lạ B", []),
        ],
    )
    def test_drug_and_class(self, ordered, other, expected):
        assert found(drug(ordered), facts(drugs=(active(other),))) == expected

    @pytest.mark.parametrize(
        ("once", "standing_once", "severity"),
        [(True, False, INFORM), (False, True, INFORM), (False, False, REASON)],
    )
    def test_a_loading_dose_beside_the_regular_order(self, once, standing_once, severity):
        known = facts(drugs=(active("Clopidogrel 75 mg", once=standing_once),))
        assert found(drug("Clopidogrel 75 mg", once=once), known) == [(Kind.SAME_DRUG, severity)]

    def test_a_change_is_no_duplicate_of_what_it_replaces(self):
        known = facts(drugs=(active("Paracetamol 500 mg"),))
        assert found(drug("Paracetamol 500 mg", replaces="o1"), known) == []

    def test_given_only_is_no_order_twice(self):
        known = facts(drugs=(active("Paracetamol 500 mg", given_only=True),))
        assert found(drug("Paracetamol 500 mg"), known) == []


class TestDose:
    @pytest.mark.parametrize(
        ("order", "known", "expected"),
        [
            # WHO Model Formulary 2008: 1 g, 4 g a day
            (drug("Paracetamol 500 mg", "1000 mg", "4"), facts(), []),
            (drug("Paracetamol 500 mg", "2 viên", "4"), facts(), []),
            (drug("Paracetamol 500 mg", "1 g", "5"), facts(), [(Kind.DAY_TOO_HIGH, REASON)]),
            (drug("Paracetamol 500 mg", "1.5 g", "2"), facts(), [(Kind.DOSE_TOO_HIGH, REASON)]),
            # ten times too much: a second person
            (drug("Digoxin 0,25 mg", "2.5 mg", ""), facts(), [(Kind.DOSE_TOO_HIGH, SECOND)]),
            (drug("Digoxin 0,25 mg", "0.25 mg", "1"), facts(), []),
            # gentamicin 7 mg/kg once daily: 420 mg at 60 kg
            (drug("Gentamicin 80 mg", "420 mg", "1", "tiêm bắp"), facts(), []),
            (
                drug("Gentamicin 80 mg", "480 mg", "1", "tiêm bắp"),
                facts(),
                [(Kind.DOSE_FOR_WEIGHT, REASON)],
            ),
            # a child of 20 kg: 15 mg/kg for one time, 75 mg/kg a day
            (
                drug("Paracetamol 250 mg", "300 mg", "4"),
                facts(birth_date=years(5), weight=Measured(Decimal(20), "kg", NOW)),
                [],
            ),
            (
                drug("Paracetamol 250 mg", "500 mg", "3"),
                facts(birth_date=years(5), weight=Measured(Decimal(20), "kg", NOW)),
                [(Kind.DOSE_FOR_WEIGHT, REASON)],
            ),
            # methotrexate daily instead of weekly
            (drug("Methotrexat 2,5 mg", "10 mg", "1"), facts(), [(Kind.DAY_TOO_HIGH, SECOND)]),
            (drug("Methotrexat 2,5 mg", "10 mg", "0.143"), facts(), []),
            # an old woman's ketorolac: 60 mg a day from 65 years on
            (
                drug("Ketorolac 30 mg", "30 mg", "3", "tiêm tĩnh mạch"),
                facts(birth_date=years(70)),
                [(Kind.DAY_TOO_HIGH, REASON)],
            ),
            # of a mixture nobody can tell how much is of which
            (drug("Amoxicilin/acid clavulanic 1,2 g", "1.2 g", "3"), facts(), []),
            # 10 mL of 10 % hold 1 g, which is 13.4 mmol
            (drug("Kali clorid 10 %", "100 mL", "1", "truyền tĩnh mạch"), facts(), []),
            (
                drug("Kali clorid 10 %", "200 mL", "1", "truyền tĩnh mạch"),
                facts(),
                [(Kind.DAY_TOO_HIGH, REASON)],
            ),
            # potassium not faster than 10 mmol/h
            (
                drug(
                    "Kali clorid 10 %", "20 mmol", "1", "truyền tĩnh mạch",
                    rate_per_hour=Decimal(20), rate_unit="mmol",
                ),
                facts(),
                [(Kind.DOSE_TOO_HIGH, SECOND)],
            ),
            (
                drug(
                    "Kali clorid 10 %", "10 mL", "1", "truyền tĩnh mạch",
                    rate_per_hour=Decimal(100), rate_unit="mL",
                ),
                facts(),
                [],
            ),
        ],
    )  # fmt: skip
    def test_by_age_weight_and_route(self, order, known, expected):
        assert sorted(found(order, known)) == sorted(expected)

    def test_together_with_what_is_ordered_already(self):
        other = active(
            "Paracetamol 1 g/100 mL",
            amount=Decimal(1), unit="g", times_a_day=Decimal(3), route="truyền tĩnh mạch",
        )  # fmt: skip
        kinds = found(drug("Paracetamol 500 mg", "500 mg", "3"), facts(drugs=(other,)))
        assert kinds == [(Kind.DAY_TOO_HIGH, REASON), (Kind.SAME_DRUG, REASON)]

    @pytest.mark.parametrize(
        ("order", "known", "missing"),
        [
            (drug("Paracetamol 500 mg", "2 muỗng", "4"), facts(), Unchecked.UNIT),
            (drug("Paracetamol 500 mg"), facts(), Unchecked.DOSE),
            (drug("Paracetamol 500 mg", "500 mg"), facts(), Unchecked.FREQUENCY),
            (drug("Metformin 850 mg", "850 mg"), facts(), Unchecked.FREQUENCY),
            (
                drug(
                    "Kali clorid 10 %",
                    "20 mmol",
                    "1",
                    "truyền tĩnh mạch",
                    rate_unit="giọt",
                ),
                facts(),
                Unchecked.UNIT,
            ),
            (drug("Thuốc lạ 5 mg", "5 mg", "1"), facts(), Unchecked.DRUG_UNKNOWN),
            (
                drug("Gentamicin 80 mg", "900 mg", "1", "tiêm bắp"),
                facts(weight=None),
                Unchecked.WEIGHT,
            ),
            (
                drug("Gentamicin 80 mg", "900 mg", "1", "tiêm bắp"),
                facts(weight=Measured(Decimal(60), "kg", NOW - timedelta(days=200))),
                Unchecked.WEIGHT_OLD,
            ),
            (drug("Paracetamol 500 mg", "9 g", "4"), facts(birth_date=None), Unchecked.AGE),
            (
                drug("Metformin 850 mg", "850 mg", "2"),
                facts(creatinine=None),
                Unchecked.RENAL_FUNCTION,
            ),
        ],
    )
    def test_what_is_not_known_is_said_and_not_warned_of(self, order, known, missing):
        checked = check(order, known, KNOWLEDGE)
        assert checked.alerts == ()
        assert missing in checked.unchecked


class TestKidneys:
    @pytest.mark.parametrize(
        ("ordered", "creatinine", "expected"),
        [
            # FDA 2016: metformin not below an eGFR of 30 (man of 60: 80 -> 97, 250 -> 26)
            (drug("Metformin 850 mg", "850 mg", "2"), 80, []),
            (drug("Metformin 850 mg", "850 mg", "2"), 250, [(Kind.RENAL, SECOND)]),
            (drug("Metformin 500 mg", "500 mg", "2"), 170, []),
            (drug("Metformin 850 mg", "850 mg", "2"), 170, [(Kind.RENAL, REASON)]),
            (drug("Ibuprofen 400 mg", "400 mg", "3"), 250, [(Kind.RENAL, REASON)]),
            # enoxaparin 1 mg/kg a day below 30 mL/min (60 kg, 250 µmol/L: 23 mL/min)
            (drug("Enoxaparin 60 mg", "60 mg", "2", "tiêm dưới da"), 250, [(Kind.RENAL, REASON)]),
            (drug("Enoxaparin 40 mg", "40 mg", "1", "tiêm dưới da"), 250, []),
        ],
    )
    def test_by_rate(self, ordered, creatinine, expected):
        known = facts(creatinine=Measured(Decimal(creatinine), "umol/L", NOW))
        assert found(ordered, known) == expected

    def test_the_same_in_mg_per_dl(self):
        order = drug("Metformin 850 mg", "850 mg", "2")
        in_mg = facts(creatinine=Measured(Decimal("2.83"), "mg/dL", NOW))
        [alert] = check(order, in_mg, KNOWLEDGE).alerts
        assert alert.measure.unit == "mL/min/1.73 m²"
        assert alert.measure.value == 25

    def test_an_old_creatinine_says_nothing(self):
        old = Measured(Decimal(250), "umol/L", NOW - timedelta(days=31))
        checked = check(drug("Metformin 850 mg", "850 mg", "2"), facts(creatinine=old), KNOWLEDGE)
        assert checked.alerts == ()
        assert Unchecked.RENAL_FUNCTION in checked.unchecked


class TestAgeAndPregnancy:
    @pytest.mark.parametrize(
        ("ordered", "age", "expected"),
        [
            ("Codein 10 mg", 11, [(Kind.AGE, SECOND)]),
            ("Codein 10 mg", 12, []),
            ("Aspirin 81 mg", 15, [(Kind.AGE, REASON)]),
            ("Levofloxacin 250 mg", 17, [(Kind.AGE, REASON)]),
            ("Promethazin 5 mg", 1, [(Kind.AGE, SECOND)]),
        ],
    )
    def test_not_for_the_young(self, ordered, age, expected):
        assert found(drug(ordered), facts(birth_date=years(age + 0.01))) == expected

    @pytest.mark.parametrize(
        ("ordered", "expected"),
        [("Enalapril 5 mg", [(Kind.PREGNANCY, SECOND)]), ("Paracetamol 500 mg", [])],
    )
    def test_only_when_the_record_says_so(self, ordered, expected):
        known = facts(sex="female", birth_date=years(30), pregnant=True)
        assert found(drug(ordered), known) == expected
        assert found(drug(ordered), replace(known, pregnant=None)) == []


class TestTest:
    def earlier(self, code, hours, **more):
        return EarlierTest("Observation/r1", code, NOW - timedelta(hours=hours), **more)

    @pytest.mark.parametrize(
        ("code", "before", "hours", "warned"),
        [
            ("4548-4", "4548-4", 24 * 59, True),
            ("4548-4", "4548-4", 24 * 61, False),
            ("2823-3", "2823-3", 1, True),
            ("2823-3", "2823-3", 3, False),
            ("14682-9", "2160-0", 3, True),
            ("14682-9", "2823-3", 1, False),
            ("99999-9", "99999-9", 3, True),
            ("99999-9", "99999-9", 5, False),
        ],
    )
    def test_within_its_interval(self, code, before, hours, warned):
        known = facts(tests=(self.earlier(before, hours),))
        assert found(Proposed(test=code), known) == ([(Kind.SAME_TEST, REASON)] if warned else [])

    def test_shows_the_result_and_the_other_facility(self):
        done = self.earlier("4548-4", 240, result="8,1 %", facility="Bệnh viện Sông Bé")
        ordered = EarlierTest("ServiceRequest/s1", "4548-4", NOW - timedelta(hours=1), by="BS. An")
        [alert] = check(Proposed(test="4548-4"), facts(tests=(ordered, done)), KNOWLEDGE).alerts
        assert (alert.result, alert.facility) == ("8,1 %", "Bệnh viện Sông Bé")
        assert alert.records == ("Observation/r1",)


class TestAccepted:
    def test_is_not_asked_again(self):
        known = facts(drugs=(active("Warfarin 2 mg"),))
        [alert] = check(drug("Diclofenac 75 mg"), known, KNOWLEDGE).alerts
        before = Override("BS. Lê An", NOW, "Không có thuốc khác")
        again = replace(known, overrides=((alert.key, before),))
        [softened] = check(drug("Diclofenac 75 mg"), again, KNOWLEDGE).alerts
        assert (softened.severity, softened.overridden) == (INFORM, before)

    @pytest.mark.parametrize("second", ["", "ĐD. Mai"])
    def test_of_an_allergy_that_was_mild_then_does_not_spare_the_second_person(self, second):
        mild = KnownAllergy("a1", "Penicillin", frozenset(), severe=False)
        [alert] = check(drug("Amoxicillin 500 mg"), facts(allergies=(mild,)), KNOWLEDGE).asks
        assert alert.severity is REASON
        before = ((alert.key, Override("BS. Lê An", NOW, "x", second)),)
        now = facts(allergies=(replace(mild, severe=True),), overrides=before)
        [severe] = check(drug("Amoxicillin 500 mg"), now, KNOWLEDGE).alerts
        assert severe.severity is (INFORM if second else Severity.SECOND_PERSON)

    def test_of_a_higher_dose_is_asked_anew(self):
        [alert] = check(drug("Paracetamol 500 mg", "1 g", "5"), facts(), KNOWLEDGE).alerts
        before = facts(overrides=((alert.key, Override("A", NOW, "x")),))
        [higher] = check(drug("Paracetamol 500 mg", "1 g", "6"), before, KNOWLEDGE).alerts
        assert higher.severity is REASON


NAMES = [each.names[0] for each in KNOWLEDGE.drugs]


@given(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4), st.randoms())
def test_order_of_the_record_does_not_matter_and_each_cause_is_told_once(ordered, others, dice):
    rows = [active(name, f"o{number}") for number, name in enumerate(others)]
    once = check(drug(ordered), facts(drugs=tuple(rows)), KNOWLEDGE).alerts
    dice.shuffle(rows)
    again = check(drug(ordered), facts(drugs=tuple(rows)), KNOWLEDGE).alerts
    assert [(each.key, each.severity) for each in once] == [
        (each.key, each.severity) for each in again
    ]
    assert len({each.key for each in once}) == len(once)


@given(st.decimals("0.001", "100000", places=3), st.integers(1, 12))
def test_more_is_never_less_dangerous(amount, times):
    def rank(factor):
        order = replace(drug("Paracetamol 500 mg", "1 mg", str(times)), amount=amount * factor)
        alerts = check(order, facts(), KNOWLEDGE).alerts
        return max((each.severity.rank for each in alerts), default=-1)

    assert rank(1) <= rank(2)
