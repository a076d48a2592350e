"""What hides a dose, gives it twice, or gives what nobody ordered: odd orders and old ones."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.store import START
from tests.kit.ward import advance, colleague, discharge, make_desk, patient_id, save
from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.medication_record import State
from workstation.fhir.detected_issue import from_issue
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.services import (
    dose_corrections,
    infusions,
    medication,
    medication_due,
    medication_record,
    order_list,
    orders,
)
from workstation.services.medication import Giving
from workstation.sync.collisions import examine

PATIENT = patient_id(1)
HOUR = timedelta(hours=1)
TABLET = Amount(Decimal(1), "viên")
GRAM = Amount(Decimal(1), "g")
BAG = Amount(Decimal(500), "mL")


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def prescription(drug="Ceftriaxon 1 g", *, amount=GRAM, rate=None, **timing):
    return Prescription(drug=drug, amount=amount, route="uống", timing=Timing(**timing), rate=rate)


def ordered(desk, drug="Ceftriaxon 1 g", **how):
    made = orders.order_drug(colleague(desk, DOCTOR), PATIENT, prescription(drug, **how))
    return next(iter(made.references)).partition("/")[2]


def changed(desk, order, item):
    doctor = colleague(desk, DOCTOR)
    line = orders.Line(item, replaces=f"MedicationRequest/{order}", reason="Đổi liều")
    made = orders.sign(doctor, PATIENT, [line])
    return next(
        own
        for reference in made.references
        if (own := reference.partition("/")[2]) != order and reference.startswith("MedicationReq")
    )


def foreign(desk, **parts):
    """An order as another program writes it."""
    order = {
        "resourceType": "MedicationRequest",
        "id": "foreign-1",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Methotrexat 2,5 mg"},
        "subject": {"reference": f"Patient/{PATIENT}"},
        "authoredOn": (START - timedelta(days=1)).isoformat(),
        "dosageInstruction": [
            {
                "text": "1 viên",
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": Decimal(1), "unit": "viên"}}],
            }
        ],
        **parts,
    }
    order = {key: value for key, value in order.items() if value is not None}
    save(desk.store, order)
    return order["id"]


def repeat(**parts):
    return [{"text": "theo lịch", "timing": {"repeat": parts}}]


def sheet(desk, hours=24):
    now = desk.now()
    return medication_record.sheet(desk, PATIENT, now - hours * HOUR, now + hours * HOUR)


def row(desk, order):
    return next((each for each in sheet(desk).rows if each.order == order), None)


def doses(desk):
    with desk.store.read() as view:
        return view.find("MedicationAdministration", patient=PATIENT)


def due(desk):
    with desk.store.read() as view:
        found = medication_due.due(view, [PATIENT], desk.now(), ahead=24 * HOUR)
    return [each for each in found if each.task == "dose"]


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


class TestAnInfusionThatRunsForDays:
    @pytest.fixture
    def runs(self, desk):
        order = ordered(desk, "Ringer lactat 500 mL", amount=BAG, rate=Rate(Decimal(60), "mL/h"))
        infusions.start(desk, order, rate_ml_h=Decimal(60))
        (first,) = doses(desk)
        advance(desk, hours=1)
        infusions.change_rate(desk, first.id, Decimal(20))
        advance(desk, hours=80)
        return order, first.id

    def test_its_rate_is_that_of_its_last_step(self, desk, runs):
        order, _ = runs
        assert row(desk, order).infusion.rate_ml_h == 20

    def test_it_is_in_sight_when_its_order_is_stopped(self, desk, runs):
        order, first = runs
        orders.stop(colleague(desk, DOCTOR), order, reason="Phù phổi")
        assert row(desk, order).infusion.id == first

    def test_the_time_of_its_start_is_corrected_and_its_end_stays(self, desk, runs):
        _, first = runs
        infusions.end(desk, first)
        stored = doses(desk)[0].resource()
        ended = stored["effectivePeriod"]["end"]
        began = (
            medication_record.sheet(desk, PATIENT, desk.now() - 100 * HOUR, desk.now())
            .rows[0]
            .cells[0]
            .doses[0]
            .at
        )
        dose_corrections.correct(desk, first, at=began - HOUR / 2, reason="Nhìn nhầm giờ")
        (after,) = [each.resource() for each in doses(desk) if each.id == first]
        assert after["effectivePeriod"] == {
            "start": (began - HOUR / 2).isoformat(timespec="seconds"),
            "end": ended,
        }


class TestAClockThatIsAhead:
    """Another terminal, an hour ahead, started an infusion and changed its rate."""

    @pytest.fixture
    def runs(self, desk):
        order = ordered(desk, "Ringer lactat 500 mL", amount=BAG, rate=Rate(Decimal(60), "mL/h"))
        infusions.start(desk, order, rate_ml_h=Decimal(60))
        first = doses(desk)[0].id
        advance(desk, minutes=5)
        infusions.change_rate(desk, first, Decimal(80))
        advance(desk, minutes=-60)
        return order, first

    def test_a_pause_holds_now(self, desk, runs):
        order, first = runs
        infusions.change_rate(desk, first, Decimal(0), reason="Sưng chỗ truyền")
        assert row(desk, order).infusion.rate_ml_h == 0

    def test_it_can_be_ended(self, desk, runs):
        order, first = runs
        infusions.end(desk, first)
        assert row(desk, order).infusion is None


class TestOrdersOfOthers:
    def test_not_to_be_given(self, desk):
        order = foreign(desk, doNotPerform=True)
        assert due(desk) == []
        assert refused(lambda: medication.give(desk, order)).code == "not-active"

    @pytest.mark.parametrize("intent", ["proposal", "plan", "option"])
    def test_what_is_only_proposed(self, desk, intent):
        order = foreign(desk, intent=intent)
        assert due(desk) == []
        assert refused(lambda: medication.give(desk, order)).code == "not-active"

    @pytest.mark.parametrize("category", ["community", "discharge", "outpatient"])
    def test_what_is_for_another_place(self, desk, category):
        order = foreign(desk, category=[{"coding": [{"code": category}]}])
        assert due(desk) == []
        assert [cell.place.slot for cell in row(desk, order).cells] == []

    def test_a_drug_named_by_reference(self, desk):
        order = foreign(
            desk,
            medicationCodeableConcept=None,
            medicationReference={"reference": "Medication/m1", "display": "Amlodipin 5 mg"},
        )
        medication.give(desk, order)
        (dose,) = doses(desk)
        assert dose.resource()["medicationReference"]["reference"] == "Medication/m1"
        assert "medicationCodeableConcept" not in dose.resource()

    def test_a_drug_that_the_order_holds_inside_itself(self, desk):
        order = foreign(
            desk,
            medicationCodeableConcept=None,
            contained=[{"resourceType": "Medication", "id": "m", "code": {"text": "Amlodipin"}}],
            medicationReference={"reference": "#m"},
        )
        assert row(desk, order).drug == "Amlodipin"
        medication.give(desk, order)
        (dose,) = doses(desk)
        assert dose.resource()["medicationCodeableConcept"] == {"text": "Amlodipin"}
        assert "medicationReference" not in dose.resource()

    @pytest.mark.parametrize(
        "parts",
        [
            {"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon"]},
            {"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon", "thu"]},
            {"timeOfDay": ["08:00:00"], "dayOfWeek": ["mon"]},
        ],
    )
    def test_on_one_day_of_the_week_is_not_every_day(self, desk, parts):
        order = foreign(desk, dosageInstruction=repeat(**parts))
        slots = [cell.place.slot for cell in row(desk, order).cells if cell.place.slot]
        days = {f"{slot:%a}".lower() for slot in slots}
        assert days <= set(parts["dayOfWeek"])

    @pytest.mark.parametrize(
        ("parts", "words"),
        [
            ({"timeOfDay": ["08:00:00", "noon"]}, "08:00, noon"),
            ({"when": ["AC"], "frequency": 3, "period": 1, "periodUnit": "d"}, "trước bữa ăn"),
            ({"timeOfDay": ["08:00:00"], "period": 2, "periodUnit": "d"}, "08:00"),
        ],
    )
    def test_what_no_clock_tells_is_due_at_no_time_and_stands_in_words(self, desk, parts, words):
        order = foreign(desk, dosageInstruction=repeat(**parts))
        found = row(desk, order)
        assert (found.kind, [cell.place.slot for cell in found.cells]) == ("other", [])
        assert words in found.instruction

    def test_a_course_of_days_ends(self, desk):
        order = foreign(
            desk,
            authoredOn=(START - timedelta(days=30)).isoformat(),
            dosageInstruction=repeat(
                boundsDuration={"value": Decimal(5), "unit": "d", "code": "d"},
                frequency=1, period=1, periodUnit="d",
            ),
        )  # fmt: skip
        assert [each for each in due(desk) if each.order == order] == []

    def test_stopped_before_the_end_that_was_planned(self, desk):
        bounds = {"end": (START + timedelta(days=9)).isoformat()}
        order = foreign(
            desk,
            status="stopped",
            dosageInstruction=repeat(boundsPeriod=bounds, frequency=1, period=1, periodUnit="d"),
        )
        medication_record.sheet(desk, PATIENT, desk.now(), desk.now() + HOUR)
        states = [cell.place.state for cell in getattr(row(desk, order), "cells", ())]
        assert not set(states) & {State.DUE, State.LATE, State.FUTURE}


def test_what_a_nurse_took_note_of_is_not_what_another_program_wrote_later(desk):
    order = foreign(desk)
    with desk.store.read() as view:
        found = orders.read_order(view, f"MedicationRequest/{order}")
    orders.acknowledge(desk, [(found.reference, found.state)])
    assert order_list.book(desk, PATIENT).to_acknowledge == ()
    with desk.store.write(desk.author) as unit:
        seen = unit.get("MedicationRequest", order)
        (dosage,) = seen.resource()["dosageInstruction"]
        more = {**dosage, "doseAndRate": [{"doseQuantity": {"value": Decimal(4), "unit": "viên"}}]}
        unit.update({**seen.resource(), "dosageInstruction": [more]}, seen=seen)
    (line,) = order_list.book(desk, PATIENT).to_acknowledge
    assert line.order.id == order


class TestTwice:
    def test_a_drug_of_another_strength_after_a_change(self, desk):
        order = ordered(desk, "Amlodipin 5 mg", amount=TABLET, times_a_day=1)
        slot = due(desk)[0].at
        advance(desk, seconds=(slot - desk.now()).total_seconds() - 1800)
        medication.give(desk, order, Giving(slot=slot))
        item = prescription("Amlodipin 10 mg", amount=TABLET, times_a_day=1)
        other = changed(desk, order, item)
        advance(desk, minutes=40)
        error = refused(lambda: medication.give(desk, other, Giving(slot=slot)))
        assert error.code == "dose-just-given"

    def test_a_dose_of_the_order_that_names_the_drug_otherwise(self, desk):
        order = ordered(desk, "Ceftriaxon 1 g", times_a_day=2)
        save(
            desk.store,
            {
                "resourceType": "MedicationAdministration",
                "id": "foreign-dose",
                "status": "completed",
                "medicationCodeableConcept": {"text": "ROCEPHIN 1G INJ"},
                "subject": {"reference": f"Patient/{PATIENT}"},
                "request": {"reference": f"MedicationRequest/{order}"},
                "effectivePeriod": {"start": desk.now().isoformat()},
            },
        )
        advance(desk, minutes=40)
        error = refused(lambda: medication.give(desk, order))
        assert error.code == "dose-just-given"

    def test_what_is_given_when_needed_stays_so_far_apart_after_a_change(self, desk):
        how = {"as_needed": True, "shortest_interval": 6 * HOUR, "most_a_day": 4}
        order = ordered(desk, "Paracetamol 500 mg", amount=Amount(Decimal(500), "mg"), **how)
        medication.give(desk, order)
        item = prescription("Paracetamol 500 mg", amount=Amount(Decimal(1), "g"), **how)
        other = changed(desk, order, item)
        advance(desk, minutes=45)
        assert refused(lambda: medication.give(desk, other)).code == "too-soon"
        assert row(desk, other).again_at is not None


class TestTwoDecisionsAboutOneOrder:
    """One doctor stops or changes it; meanwhile another, offline, changes it as well."""

    @pytest.fixture
    def order(self, desk):
        return ordered(desk, "Amlodipin 5 mg", amount=TABLET, times_a_day=1)

    def elsewhere(self, desk, order):
        with desk.store.read() as view:
            before = view.get("MedicationRequest", order).resource()
        at = (desk.now() + 20 * HOUR / 60).isoformat(timespec="seconds")
        prior = {"reference": f"MedicationRequest/{order}"}
        made = {**before, "id": "elsewhere", "authoredOn": at, "priorPrescription": prior}
        save(desk.store, {**made, "status": "active"})

    def rules(self, desk):
        examine(desk.store, Changes())
        with desk.store.read() as view:
            return {from_issue(each.resource()).rule for each in view.find("DetectedIssue")}

    def test_stopped_here_and_changed_there(self, desk, order):
        orders.stop(colleague(desk, DOCTOR), order, reason="Chảy máu")
        assert self.rules(desk) == set()
        self.elsewhere(desk, order)
        assert self.rules(desk) == {"order-decided-apart"}

    def test_changed_here_and_there(self, desk, order):
        changed(desk, order, prescription("Amlodipin 10 mg", amount=TABLET, times_a_day=1))
        assert self.rules(desk) == set()
        self.elsewhere(desk, order)
        assert self.rules(desk) == {"order-decided-apart"}


class TestTheTruthCanBeCharted:
    def test_given_before_the_order_was_held(self, desk):
        order = ordered(desk, times_a_day=2)
        advance(desk, minutes=10)
        at = desk.now()
        advance(desk, minutes=10)
        orders.hold(colleague(desk, DOCTOR), f"MedicationRequest/{order}", reason="Mổ")
        assert refused(lambda: medication.give(desk, order)).code == "not-active"
        medication.give(desk, order, Giving(at=at))

    def test_given_before_the_order_was_completed(self, desk):
        order = ordered(desk, once=True)
        advance(desk, minutes=10)
        at = desk.now()
        advance(desk, minutes=10)
        orders.complete(colleague(desk, DOCTOR), f"MedicationRequest/{order}")
        medication.give(desk, order, Giving(at=at))

    def test_given_before_the_discharge(self, desk):
        order = ordered(desk, times_a_day=2)
        advance(desk, minutes=10)
        at = desk.now()
        advance(desk, minutes=10)
        discharge(desk, 1)
        medication.give(desk, order, Giving(at=at))
        assert refused(lambda: medication.give(desk, order)).code == "not-active"
