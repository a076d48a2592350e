"""Each rule of collisions: what it finds, what it leaves alone, and that order does not matter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical import collisions
from workstation.clinical.collisions import (
    Action,
    AllergyRow,
    PersonRow,
    RequestRow,
    Rule,
    StayRow,
)
from workstation.clinical.dosage import Amount
from workstation.clinical.double_dose import DoseRow, OrderRow
from workstation.knowledge import shipped

KNOWLEDGE = shipped()
AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PARACETAMOL = frozenset({"x|paracetamol"})


def dose(own, hours=0.0, *, patient="p1", order="o1", codes=PARACETAMOL, drug="Paracetamol"):
    return DoseRow(own, patient, order, codes, drug, AT + hours * HOUR)


def order(own="o1", *, interval=8, active=True, stopped=None, drug="Paracetamol", **more):
    return OrderRow(
        own,
        more.get("patient", "p1"),
        more.get("codes", PARACETAMOL),
        drug,
        active,
        None if interval is None else interval * HOUR,
        AT - 24 * HOUR,
        None if stopped is None else AT + stopped * HOUR,
    )


def allergy(own="a1", *, patient="p1", codes=frozenset(), substance="Paracetamol", recorded=-1):
    at = None if recorded is None else AT + recorded * HOUR
    return AllergyRow(own, patient, codes, substance, at)


class TestDoseTwice:
    def test_two_doses_at_the_same_time(self):
        [found] = collisions.dose_twice([dose("b", 0.2), dose("a")], [order()])
        assert found.rule is Rule.DOSE_TWICE
        assert found.severity == "high"
        assert found.records == ("MedicationAdministration/a", "MedicationAdministration/b")
        assert found.key == "MedicationAdministration/a|MedicationAdministration/b"
        assert found.patient == "p1"
        assert found.since == AT + 0.2 * HOUR
        assert found.action is Action.CHECK_PATIENT_AND_DOSES

    @pytest.mark.parametrize(
        ("interval", "apart", "collides"),
        [
            (8, 3.99, True),
            (8, 4, False),
            (24, 5.99, True),
            (24, 6, False),
            (1, 0.49, True),
            (1, 0.5, False),
            (None, 0.49, True),
            (None, 0.5, False),
        ],
    )
    def test_the_window_is_half_the_interval_six_hours_at_most(self, interval, apart, collides):
        rows = [dose("a"), dose("b", apart)]
        assert bool(collisions.dose_twice(rows, [order(interval=interval)])) is collides

    def test_two_orders_of_one_drug_count_with_the_narrower_window(self):
        rows = [dose("a", order="o1"), dose("b", 3, order="o2")]
        orders = [order("o1", interval=24), order("o2", interval=4)]
        assert collisions.dose_twice(rows, orders) == []
        assert collisions.dose_twice([rows[0], dose("b", 1, order="o2")], orders)

    def test_a_dose_without_order_has_the_window_of_need(self):
        assert collisions.dose_twice([dose("a", order=None), dose("b", 1, order=None)], []) == []
        assert collisions.dose_twice([dose("a", order=None), dose("b", 0.1, order=None)], [])

    def test_a_drug_without_codes_goes_by_its_name(self):
        rows = [
            dose("a", codes=frozenset(), drug="PARACETAMOL  500 mg"),
            dose("b", codes=frozenset(), drug="Paracetamol 500 mg"),
        ]
        assert collisions.dose_twice(rows, [])

    def test_other_patients_drugs_and_unnamed_drugs_do_not_collide(self):
        aspirin = dose("c", codes=frozenset({"x|aspirin"}), drug="Aspirin", order="o2")
        rows = [dose("a"), dose("b", patient="p2"), aspirin]
        assert collisions.dose_twice(rows, [order()]) == []
        unnamed = [dose(own, codes=frozenset(), drug="", order=None) for own in "ab"]
        assert collisions.dose_twice(unnamed, []) == []

    def test_three_doses_make_three_pairs(self):
        rows = [dose("a"), dose("b", 0.1), dose("c", 0.2)]
        assert len(collisions.dose_twice(rows, [order()])) == 3

    @pytest.mark.parametrize(
        ("parts", "told"),
        [
            ((200, 200, 100), []),
            ((200, 200, 150), ["abc"]),
            ((300, 300, 50), ["ab"]),
            ((200, 200, 200, 200), ["abcd"]),
            ((400, 400, 400), ["ab", "ac", "bc"]),
        ],
    )
    def test_parts_that_terminals_gave_apart_are_added_up(self, parts, told):
        """No terminal knew the part that the other gave: each alone was right."""
        rows = [
            replace(
                dose(own, hours, drug=drug), slot=AT, partial=True, amount=Amount(Decimal(mg), "mg")
            )
            for hours, (own, mg, drug) in enumerate(zip("abcd", parts, "ABCD", strict=False))
        ]
        whole = replace(order(), amount=Amount(Decimal(500), "mg"))
        found = collisions.dose_twice(rows, [whole])
        names = [
            tuple(f"MedicationAdministration/{own}" for own in several) for several in sorted(told)
        ]
        assert sorted(each.records for each in found) == names


class TestDecidedApart:
    """`order` orders 24 hours before `AT`; what is stopped here was decided at `AT`."""

    OLD = replace(order("old", active=False), decided_at=AT)
    NEW = replace(order("new"), version_of="old", ordered_at=AT)

    def test_a_change_ends_the_order_before_it(self):
        assert collisions.orders_decided_apart([self.OLD, self.NEW]) == []
        unsaid = replace(self.OLD, decided_at=None)
        assert collisions.orders_decided_apart([unsaid, self.NEW]) == []

    @pytest.mark.parametrize("active", [True, False])
    def test_stopped_there_or_not_stopped_at_all(self, active):
        old = replace(self.OLD, active=active, decided_at=AT + HOUR)
        [found] = collisions.orders_decided_apart([old, self.NEW])
        assert found.records == ("MedicationRequest/new", "MedicationRequest/old")
        assert (found.severity, found.action) == ("high", Action.ASK_WHICH_HOLDS)
        over = replace(self.NEW, active=False)
        assert collisions.orders_decided_apart([old, over]) == []

    def test_changed_twice(self):
        other = replace(self.NEW, id="other", ordered_at=AT + HOUR)
        found = collisions.orders_decided_apart([self.OLD, self.NEW, other])
        assert ("MedicationRequest/new", "MedicationRequest/other") in [
            each.records for each in found
        ]


class TestGivenAfterStop:
    def test_a_dose_after_the_stop(self):
        [found] = collisions.given_after_stop([dose("a")], [order(active=False, stopped=-0.1)])
        assert found.records == ("MedicationAdministration/a", "MedicationRequest/o1")
        assert found.action is Action.TELL_PRESCRIBER
        assert found.since == AT

    @pytest.mark.parametrize(
        "row",
        [
            order(active=False, stopped=0),
            order(active=False, stopped=1),
            order(active=False),
            order(active=True, stopped=-1),
            order("other", active=False, stopped=-1),
        ],
    )
    def test_what_is_in_order(self, row):
        assert collisions.given_after_stop([dose("a"), dose("b", order=None)], [row]) == []


class TestAllergies:
    @pytest.mark.parametrize(
        ("substance", "drug"),
        [
            ("Penicillin", "Amoxicilin 500 mg"),
            ("Dị ứng nhóm penicilin", "Ampicillin 1 g"),
            ("Substance with penicillin structure", "Piperacillin/Tazobactam"),
            ("Aspirin", "Ibuprofen 400 mg"),
            ("Sulfonamide", "Co-trimoxazol 480 mg"),
            ("Ceftriaxon", "Ceftriaxon 1 g"),
        ],
    )
    def test_by_name_and_class(self, substance, drug):
        rows = [dose("a", drug=drug, codes=frozenset())]
        [found] = collisions.given_despite_allergy(rows, [allergy(substance=substance)], KNOWLEDGE)
        assert found.records == ("AllergyIntolerance/a1", "MedicationAdministration/a")
        assert found.action is Action.CHECK_PATIENT_AND_STOP

    @pytest.mark.parametrize(
        ("substance", "drug"),
        [
            ("Penicillin", "Ceftriaxon 1 g"),
            ("Hải sản (tôm, cua)", "Paracetamol 500 mg"),
            ("Natri benzoat", "Natri clorid 0,9 %"),
            ("", "Paracetamol"),
            ("Penicillin", ""),
            ("Sulfonamide", "Magnesi sulfat 15 %"),
        ],
    )
    def test_other_substances(self, substance, drug):
        rows = [dose("a", drug=drug, codes=frozenset())]
        assert (
            collisions.given_despite_allergy(rows, [allergy(substance=substance)], KNOWLEDGE) == []
        )

    def test_by_code(self):
        row = allergy(substance="?", codes=PARACETAMOL)
        assert collisions.given_despite_allergy([dose("a")], [row], KNOWLEDGE)

    def test_an_allergy_recorded_after_the_dose_is_no_collision(self):
        assert (
            collisions.given_despite_allergy([dose("a")], [allergy(recorded=0.1)], KNOWLEDGE) == []
        )
        assert collisions.given_despite_allergy([dose("a")], [allergy(recorded=0)], KNOWLEDGE)
        assert collisions.given_despite_allergy([dose("a")], [allergy(recorded=None)], KNOWLEDGE)

    def test_of_another_patient(self):
        assert (
            collisions.given_despite_allergy([dose("a")], [allergy(patient="p2")], KNOWLEDGE) == []
        )

    def test_an_order_that_holds(self):
        [found] = collisions.ordered_despite_allergy([order()], [allergy(recorded=2)], KNOWLEDGE)
        assert found.records == ("AllergyIntolerance/a1", "MedicationRequest/o1")
        assert found.since == AT + 2 * HOUR
        assert found.action is Action.STOP_ORDER

    def test_an_order_that_is_stopped_or_of_another_drug(self):
        assert (
            collisions.ordered_despite_allergy([order(active=False)], [allergy()], KNOWLEDGE) == []
        )
        other = order(drug="Omeprazol", codes=frozenset())
        assert collisions.ordered_despite_allergy([other], [allergy()], KNOWLEDGE) == []


class TestBeds:
    def test_two_patients_in_one_bed(self):
        rows = [StayRow("e2", "p2", ("b1", "b1"), AT), StayRow("e1", "p1", ("b1",), AT - HOUR)]
        [found] = collisions.two_patients_in_one_bed(rows)
        assert found.records == ("Encounter/e1", "Encounter/e2")
        assert found.key == "Encounter/e1|Encounter/e2|b1"
        assert (found.patient, found.place, found.since) == (None, "b1", AT)
        assert found.action is Action.MOVE_ONE_PATIENT

    def test_one_patient_with_two_stays_in_one_bed_is_another_rule(self):
        rows = [StayRow("e1", "p1", ("b1",)), StayRow("e2", "p1", ("b1",))]
        assert collisions.two_patients_in_one_bed(rows) == []
        assert collisions.one_patient_in_two_beds(rows) == []
        [found] = collisions.two_open_stays(rows)
        assert (found.records, found.patient) == (("Encounter/e1", "Encounter/e2"), "p1")
        assert found.action is Action.CLOSE_ONE_STAY

    def test_one_stay_in_two_beds(self):
        [found] = collisions.one_patient_in_two_beds([StayRow("e1", "p1", ("b2", "b1"))])
        assert (found.records, found.place, found.since) == (("Encounter/e1",), "b1+b2", None)
        assert found.action is Action.CHOOSE_BED

    def test_two_stays_in_two_beds(self):
        rows = [
            StayRow("e1", "p1", ("b1",)),
            StayRow("e2", "p1", ("b2",)),
            StayRow("e3", "p1", ()),
        ]
        [found] = collisions.one_patient_in_two_beds(rows)
        assert found.records == ("Encounter/e1", "Encounter/e2")

    def test_empty_wards(self):
        rows = [StayRow("e1", "p1", ()), StayRow("e2", "p2", ("b1",))]
        assert collisions.two_patients_in_one_bed(rows) == []
        assert collisions.one_patient_in_two_beds(rows) == []
        assert collisions.two_open_stays(rows) == []


class TestSamePerson:
    A = PersonRow("a", "001053000001", "0000000001", "nguyen van an", date(1953, 8, 13), "male")

    @pytest.mark.parametrize(
        ("other", "severity"),
        [
            (PersonRow("b", "001053000001", None, "x", None, "female"), "high"),
            (PersonRow("b", None, "0000000001", "x", None, "female"), "high"),
            (PersonRow("b", None, None, "nguyen van an", date(1953, 8, 13), "male"), "moderate"),
            (
                PersonRow("b", "001053000001", None, "nguyen van an", date(1953, 8, 13), "male"),
                "high",
            ),
        ],
    )
    def test_signs(self, other, severity):
        [found] = collisions.same_person_twice([other, self.A])
        assert (found.records, found.severity) == (("Patient/a", "Patient/b"), severity)
        assert found.action is Action.COMPARE_PERSONS

    @pytest.mark.parametrize(
        "other",
        [
            PersonRow("b", None, None, "nguyen van an", date(1953, 8, 14), "male"),
            PersonRow("b", None, None, "nguyen van an", date(1953, 8, 13), "female"),
            PersonRow("b", None, None, "nguyen van an", None, "male"),
            PersonRow("b", None, None, "", date(1953, 8, 13), "male"),
        ],
    )
    def test_others(self, other):
        assert collisions.same_person_twice([other, self.A]) == []
        assert collisions.same_person_twice([other, PersonRow("c", None, None, "", None, "")]) == []


class TestOrderedTwice:
    @pytest.mark.parametrize(
        ("code", "apart", "collides"),
        [
            ("718-7", timedelta(hours=3, minutes=59), True),
            ("718-7", timedelta(hours=4), False),
            ("4548-4", timedelta(days=59), True),
            ("4548-4", timedelta(days=60), False),
        ],
    )
    def test_repeat_intervals(self, code, apart, collides):
        rows = [RequestRow("a", "p1", code, AT), RequestRow("b", "p1", code, AT + apart)]
        assert bool(collisions.ordered_twice(rows, KNOWLEDGE)) is collides

    def test_the_alert(self):
        rows = [RequestRow("b", "p1", "718-7", AT + HOUR), RequestRow("a", "p1", "718-7", AT)]
        [found] = collisions.ordered_twice(rows, KNOWLEDGE)
        assert found.records == ("ServiceRequest/a", "ServiceRequest/b")
        assert (found.since, found.severity) == (AT + HOUR, "low")
        assert found.action is Action.CANCEL_ONE_TEST

    def test_other_patients_tests_and_unnamed_ones(self):
        rows = [
            RequestRow("a", "p1", "718-7", AT),
            RequestRow("b", "p2", "718-7", AT),
            RequestRow("c", "p1", "777-3", AT),
            RequestRow("d", "p1", "", AT),
            RequestRow("e", "p1", "", AT),
        ]
        assert collisions.ordered_twice(rows, KNOWLEDGE) == []


ids = st.integers(0, 12).map(str)
doses = st.lists(
    st.builds(
        DoseRow,
        id=ids,
        patient=st.sampled_from(["p1", "p2"]),
        order=st.sampled_from(["o1", "o2", None]),
        codes=st.sampled_from([PARACETAMOL, frozenset()]),
        drug=st.sampled_from(["Paracetamol", "Aspirin", ""]),
        at=st.integers(0, 20).map(lambda hours: AT + hours * HOUR),
    ),
    max_size=8,
    unique_by=lambda row: row.id,
)
stays = st.lists(
    st.builds(
        StayRow,
        id=ids,
        patient=st.sampled_from(["p1", "p2", "p3"]),
        beds=st.lists(st.sampled_from(["b1", "b2"]), max_size=2).map(tuple),
    ),
    max_size=8,
    unique_by=lambda row: row.id,
)
ORDERS = [order("o1", active=False, stopped=4), order("o2", interval=24)]
ALLERGIES = [allergy(recorded=3), allergy("a2", patient="p2", substance="Ibuprofen")]


def everything(dose_rows, stay_rows):
    return [
        *collisions.dose_twice(dose_rows, ORDERS),
        *collisions.given_after_stop(dose_rows, ORDERS),
        *collisions.given_despite_allergy(dose_rows, ALLERGIES, KNOWLEDGE),
        *collisions.two_patients_in_one_bed(stay_rows),
        *collisions.one_patient_in_two_beds(stay_rows),
        *collisions.two_open_stays(stay_rows),
    ]


@given(doses, stays, st.randoms())
def test_the_order_in_which_records_came_does_not_matter(dose_rows, stay_rows, random: Random):
    shuffled_doses, shuffled_stays = dose_rows[:], stay_rows[:]
    random.shuffle(shuffled_doses)
    random.shuffle(shuffled_stays)
    assert everything(shuffled_doses, shuffled_stays) == everything(dose_rows, stay_rows)


@given(doses, stays)
def test_keys_tell_collisions_apart_and_name_real_records(dose_rows, stay_rows):
    found = everything(dose_rows, stay_rows)
    assert len({(one.rule, one.key) for one in found}) == len(found)
    known = {f"MedicationAdministration/{row.id}" for row in dose_rows}
    known |= {f"Encounter/{row.id}" for row in stay_rows}
    known |= {f"MedicationRequest/{row.id}" for row in ORDERS}
    known |= {f"AllergyIntolerance/{row.id}" for row in ALLERGIES}
    assert all(set(one.records) <= known for one in found)


@given(doses, ids)
def test_more_doses_never_hide_a_double_one(dose_rows, extra):
    before = {one.key for one in collisions.dose_twice(dose_rows, ORDERS)}
    more = [*dose_rows, dose(f"x{extra}", 3)]
    assert before <= {one.key for one in collisions.dose_twice(more, ORDERS)}
