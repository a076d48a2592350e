"""Giving drugs on a real store: once, in time, by two where two are needed, and never unsaid."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from tests.kit.people import DOCTOR, NURSE
from tests.kit.ward import advance, colleague, patient_id, save
from workstation.clinical import collisions
from workstation.clinical.as_needed import Effect
from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.medication_record import Outcome, State
from workstation.fhir import collision_rows
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PersonId
from workstation.security.people import Person
from workstation.services import (
    dose_corrections,
    infusions,
    medication,
    medication_due,
    medication_record,
    orders,
)
from workstation.services.medication import Giving
from workstation.store import audit

PATIENT = patient_id(1)
TWO_GRAMS = Amount(Decimal(2), "g")
CLERK = Person(PersonId("clerk"), "Phan Thị Tâm", "reception")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def refused(act) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def ordered(desk, drug="Ceftriaxon 1 g", *, amount=TWO_GRAMS, route="uống", rate=None, **timing):
    prescription = Prescription(
        drug=drug, amount=amount, route=route, timing=Timing(**timing), rate=rate
    )
    changes = orders.order_drug(colleague(desk, DOCTOR), PATIENT, prescription)
    (reference,) = changes.references
    return reference.partition("/")[2]


def sheet(desk, hours=48):
    now = desk.now()
    return medication_record.sheet(desk, PATIENT, now - hours * HOUR, now + hours * HOUR)


def row(desk, order):
    return next(each for each in sheet(desk).rows if each.order == order)


def given(desk, order):
    return [dose for cell in row(desk, order).cells for dose in cell.doses]


@pytest.fixture
def twice(desk):
    """An order of twice a day, and its next slot."""
    order = ordered(desk, times_a_day=2)
    slot = next(cell.place.slot for cell in row(desk, order).cells)
    until(desk, slot)
    return order, slot


def until(desk, at: datetime) -> None:
    advance(desk, seconds=(at - desk.now()).total_seconds())


def test_a_dose_stands_in_its_slot_with_who_gave_it(desk, twice):
    order, slot = twice
    assert row(desk, order).cells[0].place.state is State.DUE
    medication.give(desk, order, Giving(slot=slot, scanned="patient-and-drug"))
    cell = row(desk, order).cells[0]
    assert cell.place.state is State.GIVEN
    dose = cell.shown
    assert (dose.by, dose.amount, dose.timing) == (NURSE.name, TWO_GRAMS, "")
    assert (dose.scanned, dose.own, dose.unsent) == ("patient-and-drug", True, True)


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        (-61, "early-reason-missing"),
        (-60, None),
        (60, None),
        (61, "late-reason-missing"),
    ],
)
def test_early_and_late_want_a_reason(desk, twice, minutes, code):
    order, slot = twice
    until(desk, slot + minutes * MINUTE)
    if code is None:
        medication.give(desk, order, Giving(slot=slot))
        return
    error = refused(lambda: medication.give(desk, order, Giving(slot=slot)))
    assert (error.code, error.field) == (code, "reason")
    medication.give(desk, order, Giving(slot=slot, reason="Đi chụp phim"))
    (dose,) = given(desk, order)
    assert (dose.timing, dose.timing_reason) == (code.partition("-")[0], "Đi chụp phim")


def test_the_same_slot_is_not_given_twice_however_late(desk):
    order = ordered(desk, times_a_day=1)
    slot = row(desk, order).cells[0].place.slot
    until(desk, slot)
    medication.give(desk, order, Giving(slot=slot))
    advance(desk, hours=9)
    again = Giving(slot=slot, reason="Muộn")
    error = refused(lambda: medication.give(colleague(desk, DOCTOR), order, again))
    assert error.code == "dose-just-given"
    assert error.data["giver"] == NURSE.name
    medication.give(desk, order)


def test_a_dose_of_the_order_before_its_change_stands_in_the_way(desk, twice):
    order, slot = twice
    medication.give(desk, order, Giving(slot=slot))
    orders.stop(colleague(desk, DOCTOR), order, reason="Đổi liều")
    changed = ordered(desk, times_a_day=2, amount=Amount(Decimal(1), "g"))
    advance(desk, hours=1)
    assert refused(lambda: medication.give(desk, changed)).code == "dose-just-given"


def test_a_part_and_then_the_rest(desk, twice):
    order, slot = twice
    part = Giving(slot=slot, amount=Amount(Decimal(1), "g"), part=True)
    assert refused(lambda: medication.give(desk, order, part)).code == "reason-missing"
    part = replace(part, reason="Nôn một nửa")
    medication.give(desk, order, part)
    too_much = replace(part, reason="Uống nốt", amount=Amount(Decimal("1.5"), "g"))
    assert refused(lambda: medication.give(desk, order, too_much)).code == "dose-just-given"
    medication.give(desk, order, replace(part, reason="Uống nốt"))
    cell = row(desk, order).cells[0]
    assert (cell.place.state, len(cell.doses), cell.place.twice) == (State.PARTIAL, 2, False)
    whole = Giving(slot=slot)
    assert refused(lambda: medication.give(desk, order, whole)).code == "dose-just-given"


class TestADoubleDoseInTruth:
    @pytest.fixture
    def first(self, desk, twice):
        order, slot = twice
        until(desk, slot)
        medication.give(desk, order, Giving(slot=slot))
        advance(desk, hours=1)
        return order, slot

    def second(self, first, **more):
        order, slot = first
        return order, Giving(slot=slot, at=slot + 20 * MINUTE, **more)

    def test_it_is_charted_once_it_is_confirmed_with_a_reason(self, desk, first):
        order, slot = first
        doctor = colleague(desk, DOCTOR)
        for more, code in (
            ({"reason": "Hai người cùng cho"}, "dose-just-given"),
            ({"again": True, "reason": "  "}, "reason-missing"),
        ):
            order, giving = self.second(first, **more)
            error = refused(partial(medication.give, doctor, order, giving))
            assert error.code == code
        assert len(given(desk, order)) == 1
        medication.give(doctor, order, replace(giving, reason="Hai người cùng cho"))
        cell = next(each for each in row(desk, order).cells if each.place.slot == slot)
        assert cell.place.twice
        assert {(dose.by, dose.at, dose.timing_reason) for dose in cell.doses} == {
            (NURSE.name, slot, ""),
            (DOCTOR.name, slot + 20 * MINUTE, "Hai người cùng cho"),
        }
        with desk.store.read() as view:
            deeds = [entry.action for entry in audit.entries(view)]
        assert deeds[0] == "chart-second-dose"

    def test_the_collision_of_the_two_is_found(self, desk, first):
        order, giving = self.second(first, again=True, reason="Hai người cùng cho")
        medication.give(desk, order, giving)
        with desk.store.read() as view:
            found = [each.resource() for each in view.find("MedicationAdministration")]
            plans = [each.resource() for each in view.find("MedicationRequest")]
        told = collisions.dose_twice(
            filter(None, map(collision_rows.dose_row, found)),
            filter(None, map(collision_rows.order_row, plans)),
        )
        assert [each.rule.value for each in told] == ["dose-twice"]

    @pytest.mark.parametrize("now", [None, timedelta(0)])
    def test_one_to_be_given_now_stays_refused(self, desk, first, now):
        order, giving = self.second(first, again=True, reason="Vẫn cho")
        giving = replace(giving, at=None if now is None else desk.now() + now)
        error = refused(partial(medication.give, desk, order, giving))
        assert error.code == "dose-just-given"

    def test_one_that_was_given_too_soon_is_charted_too(self, desk):
        tablet = Amount(Decimal(500), "mg")
        how = {"as_needed": True, "shortest_interval": 6 * HOUR, "most_a_day": 4}
        order = ordered(desk, "Paracetamol 500 mg", amount=tablet, **how)
        medication.give(desk, order)
        advance(desk, hours=3)
        early = Giving(at=desk.now() - HOUR, reason="Không biết liều trước")
        assert refused(partial(medication.give, desk, order, early)).code == "too-soon"
        now = replace(early, at=None, again=True)
        assert refused(partial(medication.give, desk, order, now)).code == "too-soon"
        medication.give(desk, order, replace(early, again=True))
        assert len(given(desk, order)) == 2

    def test_what_repeats_nothing_is_an_ordinary_dose(self, desk, twice):
        order, slot = twice
        until(desk, slot)
        giving = Giving(slot=slot, at=slot - MINUTE, again=True)
        medication.give(desk, order, giving)
        with desk.store.read() as view:
            assert next(iter(audit.entries(view))).action == "give-dose"


@pytest.mark.parametrize("outcome", [Outcome.WITHHELD, Outcome.REFUSED, Outcome.UNAVAILABLE])
def test_what_was_not_given_fills_its_slot_and_may_be_given_later(desk, twice, outcome):
    order, slot = twice
    act = partial(medication.withhold, desk, order, outcome=outcome, slot=slot)
    assert refused(lambda: act(reason=" ")).code == "reason-missing"
    act(reason="Buồn nôn")
    cell = row(desk, order).cells[0]
    assert (cell.place.state.value, cell.shown.reason) == (outcome.value, "Buồn nôn")
    medication.give(desk, order, Giving(slot=slot))
    assert row(desk, order).cells[0].place.state is State.GIVEN
    assert refused(lambda: act(reason="Nhầm")).code == "dose-just-given"


def test_a_dose_too_near_to_that_of_another_slot_is_not_called_given(desk):
    order = ordered(desk, "Vitamin C 500 mg", times_a_day=4)
    slots = [cell.place.slot for cell in row(desk, order).cells]
    first, second = [slot for slot in slots if slot > desk.now()][:2]
    until(desk, first)
    medication.refuse_now(desk, order, first)
    medication.give(desk, order, Giving(slot=first))
    again = refused(lambda: medication.refuse_now(desk, order, first))
    assert again.code == "dose-just-given"
    near = Giving(slot=second, reason="Sắp đi mổ")
    advance(desk, minutes=10)
    for act in (
        lambda: medication.refuse_now(desk, order, second),
        lambda: medication.give(desk, order, near),
    ):
        error = refused(act)
        assert (error.code, error.data["giver"], error.data["at"]) == (
            "dose-too-near", NURSE.name, first,
        )  # fmt: skip


class TestHighRisk:
    @pytest.fixture
    def morphine(self, desk):
        return ordered(
            desk, "Morphin 10 mg/mL", amount=Amount(Decimal(5), "mg"), route="tiêm dưới da",
            as_needed=True, shortest_interval=4 * HOUR, most_a_day=2,
        )  # fmt: skip

    def test_a_second_person_signs(self, desk, morphine):
        for witness, code in (
            (None, "second-person-missing"),
            (NURSE, "second-person-same"),
            (CLERK, "not-permitted"),
        ):
            act = partial(medication.give, desk, morphine, Giving(witness=witness))
            assert refused(act).code == code
        medication.give(desk, morphine, Giving(witness=DOCTOR))
        (dose,) = given(desk, morphine)
        assert (dose.by, dose.witness) == (NURSE.name, DOCTOR.name)
        assert row(desk, morphine).risk.id == "opioid"

    def test_not_too_soon_and_not_too_often(self, desk, morphine):
        both = Giving(witness=DOCTOR)
        first = desk.now()
        medication.give(desk, morphine, both)
        advance(desk, hours=3, minutes=59)
        error = refused(lambda: medication.give(desk, morphine, both))
        assert (error.code, error.data["again"]) == ("too-soon", first + 4 * HOUR)
        assert row(desk, morphine).again_at == first + 4 * HOUR
        advance(desk, minutes=1)
        medication.give(desk, morphine, both)
        advance(desk, hours=5)
        error = refused(lambda: medication.give(desk, morphine, both))
        assert error.data["again"] == first + 24 * HOUR

    def test_somebody_looks_whether_it_helped(self, desk, morphine):
        medication.give(desk, morphine, Giving(witness=DOCTOR))
        assert due(desk) == []
        advance(desk, hours=1)
        assert [(each.task, each.state) for each in due(desk)] == [("effect", State.DUE)]
        (dose,) = given(desk, morphine)
        assert dose.effect_wanted
        assert (
            refused(lambda: medication.note_effect(desk, dose.id, Effect.HARM)).code
            == "reason-missing"
        )
        medication.note_effect(desk, dose.id, Effect.SOME, "Đau còn 4/10")
        (dose,) = given(desk, morphine)
        assert (dose.effect, dose.effect_words) == (Effect.SOME, "Đau còn 4/10")
        assert not dose.effect_wanted
        assert due(desk) == []


def due(desk):
    with desk.store.read() as view:
        return list(medication_due.due(view, [PATIENT], desk.now()))


def test_what_is_due_comes_and_goes(desk, twice):
    order, slot = twice
    until(desk, slot - 61 * MINUTE)
    assert [each.state for each in due(desk)] == [State.FUTURE]
    until(desk, slot + 61 * MINUTE)
    (line,) = due(desk)
    assert (line.order, line.at, line.state, line.drug) == (
        order, slot, State.LATE, "Ceftriaxon 1 g",
    )  # fmt: skip
    medication.give(desk, order, Giving(slot=slot, reason="Bận"))
    assert due(desk) == []


class TestAfterAStop:
    def test_given_before_it_may_be_charted_after_it(self, desk, twice):
        order, slot = twice
        advance(desk, minutes=30)
        orders.stop(colleague(desk, DOCTOR), order, reason="Dị ứng")
        advance(desk, minutes=30)
        assert refused(lambda: medication.give(desk, order)).code == "not-active"
        after = Giving(at=desk.now() - 10 * MINUTE)
        assert refused(lambda: medication.give(desk, order, after)).code == "not-active"
        medication.give(desk, order, Giving(slot=slot, at=slot + 5 * MINUTE))
        found = row(desk, order)
        assert found.over
        assert found.cells[0].place.state is State.GIVEN
        assert found.cells[0].shown.recorded_at == desk.now()
        assert found.stopped_at == slot + 30 * MINUTE

    def test_what_was_never_used_leaves_the_record(self, desk):
        order = ordered(desk, times_a_day=2)
        orders.stop(colleague(desk, DOCTOR), order, reason="Nhầm")
        advance(desk, days=3)
        assert order not in {each.order for each in sheet(desk).rows}


@pytest.mark.parametrize(
    ("giving", "code"),
    [
        (Giving(amount=Amount(Decimal(0), "g")), "dose-not-positive"),
        (Giving(amount=Amount(Decimal(-1), "g")), "dose-not-positive"),
    ],
)
def test_impossible_amounts_are_refused(desk, twice, giving, code):
    assert refused(lambda: medication.give(desk, twice[0], giving)).code == code


def test_impossible_times_are_refused(desk, twice):
    order, _ = twice
    for at, code in (
        (desk.now() + 3 * MINUTE, "in-future"),
        (desk.now() - timedelta(days=30), "before-stay"),
    ):
        error = refused(lambda at=at: medication.give(desk, order, Giving(at=at)))
        assert (error.code, error.field) == (code, "at")


def test_who_may_not_give_drugs_gives_none(desk, twice):
    order, _ = twice
    clerk = colleague(desk, CLERK)
    for act in (
        lambda: medication.give(clerk, order),
        lambda: medication.withhold(clerk, order, reason="x"),
        lambda: medication.note_effect(clerk, "x", Effect.GOOD),
        lambda: dose_corrections.undo(clerk, "x"),
        lambda: infusions.end(clerk, "x"),
    ):
        assert refused(act).code == "not-permitted"


class TestCorrections:
    @pytest.fixture
    def dose(self, desk, twice):
        order, slot = twice
        medication.give(desk, order, Giving(slot=slot))
        return given(desk, order)[0]

    def test_undo_leaves_the_slot_open_and_the_entry_in_sight(self, desk, twice, dose):
        dose_corrections.undo(desk, dose.id)
        states = [cell.place.state for cell in row(desk, twice[0]).cells]
        assert states[:2] == [State.DUE, State.ERROR]
        assert refused(lambda: dose_corrections.undo(desk, dose.id)).code == "gone"
        medication.give(desk, twice[0], Giving(slot=twice[1]))

    def test_not_after_ten_minutes_and_not_by_another(self, desk, dose):
        other = colleague(desk, DOCTOR)
        assert refused(lambda: dose_corrections.undo(other, dose.id)).code == "not-own-entry"
        advance(desk, minutes=10, seconds=1)
        assert refused(lambda: dose_corrections.undo(desk, dose.id)).code == "too-late-to-undo"

    def test_a_correction_keeps_slot_and_giver(self, desk, twice, dose):
        right = Amount(Decimal(1), "g")
        correct = partial(dose_corrections.correct, colleague(desk, DOCTOR), dose.id)
        assert refused(lambda: correct(amount=right, reason="")).code == "reason-missing"
        assert refused(lambda: correct(amount=TWO_GRAMS, reason="x")).code == "nothing-changed"
        correct(amount=right, at=dose.at - MINUTE, reason="Đọc nhầm y lệnh")
        (found,) = given(desk, twice[0])
        assert (found.amount, found.at) == (right, dose.at - MINUTE)
        assert (found.by, found.corrected) == (NURSE.name, "Đọc nhầm y lệnh")

    def test_an_error_needs_a_reason_and_is_never_deleted(self, desk, twice, dose):
        act = partial(dose_corrections.enter_in_error, desk, dose.id)
        assert refused(lambda: act(reason=" ")).code == "reason-missing"
        act(reason="Nhầm người bệnh")
        assert [each.corrected for each in given(desk, twice[0])] == ["Nhầm người bệnh"]


class TestInfusion:
    BAG = Amount(Decimal(500), "mL")

    @pytest.fixture
    def ringer(self, desk):
        return ordered(
            desk, "Ringer lactat 500 mL", amount=self.BAG, route="truyền tĩnh mạch",
            rate=Rate(Decimal(60), "mL/h"),
        )  # fmt: skip

    def test_from_start_to_end(self, desk, ringer):
        assert refused(lambda: medication.give(desk, ringer)).code == "is-infusion"
        infusions.start(desk, ringer, rate_ml_h=Decimal(60))
        runs = row(desk, ringer).infusion
        assert (runs.rate_ml_h, runs.steps[0].bag) == (60, self.BAG)
        again = refused(lambda: infusions.start(desk, ringer, rate_ml_h=Decimal(60)))
        assert again.code == "runs-already"

        advance(desk, hours=1)
        infusions.change_rate(desk, runs.id, Decimal(30))
        assert (
            refused(lambda: infusions.change_rate(desk, runs.id, Decimal(30))).code
            == "nothing-changed"
        )
        advance(desk, hours=1)
        pause = partial(infusions.change_rate, desk, runs.id, Decimal(0))
        assert refused(pause).code == "reason-missing"
        pause(reason="Đi chụp phim")
        advance(desk, minutes=30)
        infusions.change_bag(desk, runs.id, self.BAG)
        infusions.change_rate(desk, runs.id, Decimal(60))
        infusions.end(desk, runs.id)
        found = row(desk, ringer)
        assert found.infusion is None
        states = [cell.place.state for cell in found.cells]
        assert states == [State.GIVEN, *[State.CHANGED] * 4]
        assert refused(lambda: infusions.end(desk, runs.id)).code == "not-running"
        assert refused(lambda: infusions.change_bag(desk, runs.id, self.BAG)).code == "not-running"

    def test_it_is_due_until_it_was_started(self, desk, ringer):
        assert [(each.task, each.state) for each in due(desk)] == [("infusion", State.DUE)]
        advance(desk, minutes=61)
        assert [each.state for each in due(desk)] == [State.LATE]
        infusions.start(desk, ringer, rate_ml_h=Decimal(60))
        assert due(desk) == []

    @pytest.mark.parametrize("rate", [0, -5, 2001])
    def test_impossible_rates(self, desk, ringer, rate):
        act = partial(infusions.start, desk, ringer, rate_ml_h=Decimal(rate))
        assert refused(act).code == "rate-not-possible"

    def test_a_high_risk_one_is_checked_at_each_new_rate(self, desk):
        order = ordered(
            desk, "Noradrenalin 4 mg/4 mL", amount=Amount(Decimal(50), "mL"),
            route="truyền tĩnh mạch", rate=Rate(Decimal(5), "mL/h"),
        )  # fmt: skip
        start = partial(infusions.start, desk, order, rate_ml_h=Decimal(5))
        assert refused(start).code == "second-person-missing"
        start(giving=Giving(witness=DOCTOR))
        runs = row(desk, order).infusion
        faster = partial(infusions.change_rate, desk, runs.id, Decimal(8))
        assert refused(faster).code == "second-person-missing"
        infusions.change_rate(desk, runs.id, Decimal(0), reason="Huyết áp 160/90")

    def test_after_a_stop_it_is_paused_and_ended_never_let_run_on(self, desk, ringer):
        infusions.start(desk, ringer, rate_ml_h=Decimal(60))
        runs = row(desk, ringer).infusion
        advance(desk, minutes=30)
        before = Giving(at=desk.now() - MINUTE)
        orders.stop(colleague(desk, DOCTOR), ringer, reason="Đủ dịch")
        advance(desk, minutes=5)
        faster = partial(infusions.change_rate, desk, runs.id, Decimal(90))
        hung = partial(infusions.change_bag, desk, runs.id, self.BAG)
        assert [refused(act).code for act in (faster, hung)] == ["not-active"] * 2
        faster(giving=before)
        hung(giving=before)
        infusions.change_rate(desk, runs.id, Decimal(0), reason="Đã ngừng y lệnh")
        infusions.end(desk, runs.id)

    @pytest.mark.parametrize(
        ("rate", "ml_h"),
        [
            (Rate(Decimal(40), "mL/h"), 40),
            (Rate(Decimal(20), "giọt/phút"), 60),
            (Rate(Decimal(2), "mL/min"), 120),
            (Rate(Decimal(2), "mg/h"), None),
            (None, None),
        ],
    )
    def test_the_ordered_rate_in_ml_h(self, rate, ml_h):
        assert infusions.ordered_ml_h(rate) == ml_h


def test_a_dose_of_an_order_that_is_unknown_here_is_shown(desk, twice):
    order, slot = twice
    medication.give(desk, order, Giving(slot=slot))
    (dose,) = given(desk, order)
    with desk.store.write(desk.author) as unit:
        seen = unit.get("MedicationAdministration", dose.id)
        moved = {**seen.resource(), "request": {"reference": "MedicationRequest/nowhere"}}
        unit.update(moved, seen=seen)
    assert [each.id for each in sheet(desk).others] == [dose.id]


SEVERAL = [
    {"doseAndRate": [{"doseQuantity": {"value": amount, "unit": "viên"}}],
     "route": {"text": "uống"},
     "timing": {"repeat": {"timeOfDay": [at]}}}
    for amount, at in ((2, "08:00:00"), (1, "20:00:00"))
]  # fmt: skip
COUNTED = [{
    "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "viên"}}],
    "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "count": 6}},
}]  # fmt: skip


@pytest.mark.parametrize(
    ("dosages", "words"),
    [
        (SEVERAL, "2 viên, uống, lúc 08:00; 1 viên, uống, lúc 20:00"),
        (COUNTED, "1 viên, 2 lần/ngày, tất cả 6 lần"),
    ],
)
def test_what_only_words_say_is_shown_whole_never_due_and_given_by_hand(desk, dosages, words):
    save(
        desk.store,
        {
            "resourceType": "MedicationRequest",
            "id": "foreign",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "Prednisolon 5 mg"},
            "subject": {"reference": f"Patient/{PATIENT}"},
            "authoredOn": (desk.now() - timedelta(days=1)).isoformat(),
            "dosageInstruction": dosages,
        },
    )
    shown = row(desk, "foreign")
    assert (shown.kind, shown.instruction, shown.cells) == ("other", words, ())
    assert [line for line in due(desk) if line.order == "foreign"] == []
    medication.give(desk, "foreign")
    assert [cell.shown.outcome for cell in row(desk, "foreign").cells] == [Outcome.GIVEN]


class TestADrugThatIsGivenSeldom:
    """Methotrexate daily instead of weekly kills: a dose beside the plan is asked about."""

    @pytest.fixture
    def mondays(self, desk):
        ordered_on = desk.now() - timedelta(days=9)
        order = {
            "resourceType": "MedicationRequest",
            "id": "weekly",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "Methotrexat 2,5 mg"},
            "subject": {"reference": f"Patient/{PATIENT}"},
            "authoredOn": ordered_on.isoformat(),
            "dosageInstruction": [
                {
                    "text": "10 mg, uống",
                    "timing": {"repeat": {"dayOfWeek": ["mon"]}},
                    "route": {"text": "uống"},
                    "doseAndRate": [{"doseQuantity": {"value": Decimal(10), "unit": "mg"}}],
                }
            ],
        }
        save(desk.store, order)
        days = (7 - desk.now().weekday()) % 7
        advance(desk, hours=24 * days)
        return order["id"]

    def test_its_own_day_asks_nothing_else_of_its_plan(self, desk, mondays):
        with pytest.raises(Refused) as caught:
            medication.give(desk, mondays)
        assert caught.value.code == "second-person-missing"  # a high-risk drug

    def test_a_wrong_day_says_what_was_and_what_comes(self, desk, mondays):
        medication.give(desk, mondays, Giving(witness=DOCTOR))
        first = desk.now()
        advance(desk, hours=96)
        error = refused(lambda: medication.give(desk, mondays, Giving(witness=DOCTOR)))
        assert error.code == "beside-plan"
        assert error.data["last"] == first
        assert error.data["next"] == f"{first + timedelta(days=7):%d/%m/%Y}"

    def test_it_is_given_with_a_reason_and_two_people_and_kept_as_such(self, desk, mondays):
        advance(desk, hours=24)
        sure = Giving(again=True, reason="Bác sĩ cho uống bù hôm nay")
        assert refused(lambda: medication.give(desk, mondays, sure)).code == "beside-plan"
        silent = replace(sure, witness=DOCTOR, reason=" ")
        assert refused(lambda: medication.give(desk, mondays, silent)).field == "reason"
        medication.give(desk, mondays, replace(sure, witness=DOCTOR))
        (dose,) = given(desk, mondays)
        assert dose.witness == DOCTOR.name
        with desk.store.read() as view:
            assert next(iter(audit.entries(view))).action == "give-beside-plan"

    def test_what_was_given_in_truth_is_charted(self, desk, mondays):
        advance(desk, hours=24)
        past = Giving(at=desk.now() - HOUR, witness=DOCTOR, reason="Cho nhầm ngày")
        assert refused(lambda: medication.give(desk, mondays, past)).code == "beside-plan"
        medication.give(desk, mondays, replace(past, again=True))
        assert len(given(desk, mondays)) == 1

    def test_twice_in_half_its_week_is_the_same_dose_twice(self, desk, mondays):
        medication.give(desk, mondays, Giving(witness=DOCTOR))
        advance(desk, hours=48)
        again = Giving(witness=DOCTOR, again=True, reason="Muộn")
        assert refused(lambda: medication.give(desk, mondays, again)).code == "dose-just-given"

    def test_days_of_the_week_that_the_doctor_chose_are_the_only_ones_planned(self, desk):
        day = (desk.now() + timedelta(days=1)).weekday()
        chosen = {"weekdays": frozenset({day}), "times_a_day": 1}
        order = ordered(desk, "Vitamin D3 50000 IU", **chosen)
        assert [cell.place.slot.weekday() for cell in row(desk, order).cells] == [day]
        early = refused(lambda: medication.give(desk, order, Giving(reason="Tiện tay")))
        assert early.code == "beside-plan"
        advance(desk, hours=24)
        (cell,) = row(desk, order).cells
        medication.give(desk, order, Giving(slot=cell.place.slot, reason="Cùng ngày"))
        advance(desk, hours=24)
        assert refused(lambda: medication.give(desk, order, Giving())).code == "dose-just-given"

    def test_a_plan_reckoned_from_its_interval_is_kept_too(self, desk):
        order = ordered(desk, "Vitamin D3 50000 IU", every_hours=Decimal(168), starts_at=desk.now())
        slot = row(desk, order).cells[0].place.slot
        medication.give(desk, order, Giving(slot=slot))
        advance(desk, hours=24 * 5)
        early = Giving(slot=slot + timedelta(days=7), reason="Tiện tay")
        error = refused(lambda: medication.give(desk, order, early))
        assert error.code == "beside-plan"
        assert error.data["next"] == f"{slot + timedelta(days=7):%d/%m/%Y %H:%M}"
