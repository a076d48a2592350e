"""Ordering on a real store: sign, change, hold, stop, acknowledge, order again; drafts, lists."""

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pypdfium2
import pytest

from tests.kit.people import DOCTOR, NURSE
from tests.kit.ward import WARD, advance, colleague, patient_id
from workstation.clinical.care_level import CareLevel
from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.ordering import OrderKind, Request, refuse_impossible
from workstation.kernel.errors import Refused
from workstation.services import (
    documents,
    formulary,
    history,
    medication,
    order_drafts,
    order_list,
    order_safety,
    order_sheet,
    orders,
)
from workstation.services.order_drafts import BasketLine, OrderDraft
from workstation.services.orders import Answer, Line

PATIENT = patient_id(1)
DRUG = Prescription(
    drug="Ceftriaxon 1 g",
    amount=Amount(Decimal(2), "g"),
    route="truyền tĩnh mạch",
    timing=Timing(times_a_day=1, at=(time(9),)),
)
DIET = Request(kind=OrderKind.DIET, words="Cháo")
CRP = Request(kind=OrderKind.LABORATORY, words="CRP", codes=(("http://loinc.org", "1988-5"),))
LEVEL_ONE = next(each.item for each in formulary.choices(OrderKind.CARE_LEVEL))


@pytest.fixture
def doctor(desk):
    return colleague(desk, DOCTOR)


def book(desk):
    return order_list.book(desk, PATIENT)


def only(desk, reference=""):
    return next(x for x in book(desk).lines if not reference or x.order.reference == reference)


def code(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_a_set_is_signed_as_a_whole(desk, doctor) -> None:
    orders.sign(doctor, PATIENT, [Line(DIET), Line(CRP), Line(DRUG), Line(LEVEL_ONE)])
    found = book(desk)
    assert [line.order.kind for line in found.lines] == [
        OrderKind.DRUG, OrderKind.LABORATORY, OrderKind.DIET,
    ]  # fmt: skip
    assert found.care_level is CareLevel.ONE
    assert {line.order.prescriber for line in found.lines} == {DOCTOR.name}
    assert all(line.unsent and line.to_acknowledge for line in found.lines)


def test_nothing_is_signed_when_one_line_cannot_be(desk, doctor) -> None:
    bad = replace(DRUG, amount=None)
    with pytest.raises(Refused) as caught:
        orders.sign(doctor, PATIENT, [Line(DIET), Line(bad)])
    assert (caught.value.code, caught.value.field, caught.value.data["line"]) == (
        "dose-missing", "amount", 1,
    )  # fmt: skip
    assert book(desk).lines == ()


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, ref: orders.sign(desk, PATIENT, [Line(DIET)]),
        lambda desk, ref: orders.hold(desk, ref, reason="x"),
        orders.resume,
        lambda desk, ref: orders.stop(desk, ref, reason="x"),
    ],
)
def test_ordering_is_for_doctors(desk, doctor, act) -> None:
    orders.order_drug(doctor, PATIENT, DRUG)
    assert code(lambda: act(desk, only(desk).order.reference)) == "not-permitted"


@pytest.mark.parametrize("remark", ["1 lần/tuần, thứ 5", "thứ 2-4-6", "once a week"])
def test_daily_by_its_times_and_weekly_by_its_remark_is_not_signed(desk, doctor, remark) -> None:
    drug = replace(DRUG, drug="Vitamin D3 50000 IU", codes=(), timing=Timing(times_a_day=1))
    with pytest.raises(Refused) as caught:
        orders.sign(doctor, PATIENT, [Line(CRP), Line(replace(drug, remark=remark))])
    assert (caught.value.code, caught.value.field) == ("daily-by-form", "mode")
    assert caught.value.data["line"] == 1
    assert not book(desk).lines
    weekly = Timing(times_a_day=1, weekdays=frozenset({3}))
    orders.sign(doctor, PATIENT, [Line(replace(drug, remark=remark, timing=weekly))])


def test_what_is_only_watched_weekly_is_signed_as_daily(desk, doctor) -> None:
    orders.sign(doctor, PATIENT, [Line(replace(DRUG, remark="xét nghiệm máu 1 lần/tuần"))])
    assert only(desk).order.item.timing.times_a_day


def test_acknowledging_is_for_nurses(desk, doctor) -> None:
    orders.order_drug(doctor, PATIENT, DRUG)
    seen = [(only(desk).order.reference, only(desk).order.state)]
    assert code(lambda: orders.acknowledge(doctor, seen)) == "not-permitted"


def test_a_change_is_a_new_order_and_doses_keep_the_old_one(desk, doctor) -> None:
    orders.order_drug(doctor, PATIENT, DRUG)
    old = only(desk).order
    medication.give(desk, old.id)
    advance(desk, hours=1)
    less = replace(DRUG, amount=Amount(Decimal(1), "g"))
    change = Line(less, replaces=old.reference, state=old.state, reason="Suy thận")
    orders.sign(doctor, PATIENT, [change])

    new, before = book(desk).lines
    assert (new.order.item, new.order.version_of) == (less, old.reference)
    assert (before.order.reference, before.order.status) == (old.reference, "stopped")
    assert before.order.decided.reason == "Suy thận"
    assert before.order.drug.schedule.ends_at == new.order.drug.schedule.starts_at
    with desk.store.read() as view:
        (dose,) = view.find("MedicationAdministration", patient=PATIENT)
    assert dose.resource()["request"]["reference"] == old.reference


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [("", " ", "reason-missing"), ("active@1", "Suy thận", "stale-edit")],
)
def test_a_change_needs_a_reason_and_the_order_as_it_was_read(
    desk, doctor, state, reason, expected
) -> None:
    orders.order_drug(doctor, PATIENT, DRUG)
    change = Line(DRUG, replaces=only(desk).order.reference, state=state, reason=reason)
    assert code(lambda: orders.sign(doctor, PATIENT, [change])) == expected
    assert len(book(desk).lines) == 1


def test_hold_go_on_and_stop(desk, doctor) -> None:
    orders.sign(doctor, PATIENT, [Line(DRUG), Line(DIET)])
    for reference in [line.order.reference for line in book(desk).lines]:
        orders.hold(doctor, reference, reason="Chuẩn bị mổ")
        assert only(desk, reference).order.status == "on-hold"
        assert code(lambda ref=reference: orders.hold(doctor, ref, reason="x")) == "not-active"
        advance(desk, minutes=1)
        orders.resume(doctor, reference)
        assert only(desk, reference).order.status == "active"
        orders.stop(doctor, reference, reason="Ra viện")
        assert only(desk, reference).order.decided.reason == "Ra viện"
        assert code(lambda ref=reference: orders.resume(doctor, ref)) == "not-active"


def test_who_charts_may_say_that_a_test_is_done(desk, doctor) -> None:
    orders.sign(doctor, PATIENT, [Line(CRP)])
    orders.complete(desk, only(desk).order.reference)
    assert only(desk).order.status == "completed"
    assert not only(desk).to_acknowledge
    orders.sign(doctor, PATIENT, [Line(DIET)])
    diet = only(desk).order.reference
    assert code(lambda: orders.complete(desk, diet)) == "not-permitted"
    orders.complete(doctor, diet)


def test_each_state_is_acknowledged_anew(desk, doctor) -> None:
    orders.order_drug(doctor, PATIENT, DRUG)
    reference = only(desk).order.reference
    for act in (
        lambda: None,
        lambda: orders.hold(doctor, reference, reason="x"),
        lambda: orders.resume(doctor, reference),
        lambda: orders.stop(doctor, reference, reason="x"),
    ):
        advance(desk, minutes=1)
        act()
        assert only(desk).to_acknowledge
        orders.acknowledge(desk, [(reference, only(desk).order.state)])
        assert only(desk).acknowledged.by == NURSE.name
    assert book(desk).to_acknowledge == ()


def test_only_what_was_read_is_acknowledged(desk, doctor) -> None:
    orders.order_drug(doctor, PATIENT, DRUG)
    order = only(desk).order
    advance(desk, minutes=1)
    orders.stop(doctor, order.reference, reason="x")
    assert code(lambda: orders.acknowledge(desk, [(order.reference, order.state)])) == "stale-edit"


def test_an_acknowledgement_is_taken_back_by_its_writer_only(desk, doctor) -> None:
    orders.order_drug(doctor, PATIENT, DRUG)
    orders.acknowledge(desk, [(only(desk).order.reference, only(desk).order.state)])
    task = only(desk).acknowledged.task
    other = colleague(desk, replace(NURSE, id="nurse-2"))
    assert code(lambda: orders.take_back(other, [task])) == "not-own"
    orders.take_back(desk, [task])
    assert only(desk).to_acknowledge


def test_the_ward_waits_in_the_order_in_which_it_waits(desk, doctor) -> None:
    orders.sign(doctor, patient_id(2), [Line(DIET)])
    advance(desk, minutes=5)
    orders.sign(doctor, PATIENT, [Line(DRUG), Line(CRP)])
    with desk.store.read() as view:
        found = order_list.unacknowledged(view, WARD, desk.now())
    assert [(each.who.patient, len(each.lines)) for each in found] == [
        (patient_id(2), 1), (PATIENT, 2),
    ]  # fmt: skip
    for each in found:
        seen = [(line.order.reference, line.order.state) for line in each.lines]
        orders.acknowledge(desk, seen)
    assert order_list.ward_unacknowledged(desk) == ()


def test_a_stop_of_long_ago_waits_no_more(desk, doctor) -> None:
    orders.order_drug(doctor, PATIENT, DRUG)
    orders.stop(doctor, only(desk).order.reference, reason="x")
    assert len(order_list.ward_unacknowledged(desk)) == 1
    advance(desk, days=3, seconds=1)
    assert order_list.ward_unacknowledged(desk) == ()


def test_ordered_again_what_is_left_out_ends(desk, doctor) -> None:
    once = replace(DRUG, drug="Vắc xin", timing=Timing(once=True))
    orders.sign(doctor, PATIENT, [Line(DRUG), Line(DIET), Line(CRP), Line(once)])
    advance(desk, days=1)
    goes_on = [line for line in book(desk).lines if line.goes_on]
    assert [line.order.kind for line in goes_on] == [OrderKind.DRUG, OrderKind.DIET]
    drug, diet = [(line.order.reference, line.order.state) for line in goes_on]
    rice = Line(replace(DIET, words="Cơm"))
    orders.sign(doctor, PATIENT, [rice], again=[drug], ended=[diet])

    found = book(desk)
    assert (found.again.by, found.again.orders) == (DOCTOR.name, (drug[0],))
    assert only(desk, drug[0]).again == desk.now()
    assert only(desk, drug[0]).day == 2
    assert only(desk, diet[0]).order.status == "stopped"
    assert only(desk, diet[0]).order.decided.reason == orders.NOT_AGAIN
    assert code(lambda: orders.sign(doctor, PATIENT, [])) == "nothing-to-sign"


def test_days_are_counted_through_a_change_and_only_where_they_count(desk, doctor) -> None:
    half = Amount(Decimal(500), "mg")
    paracetamol = replace(DRUG, drug="Paracetamol 500 mg", amount=half, route="uống")
    orders.sign(doctor, PATIENT, [Line(DRUG), Line(paracetamol)])
    advance(desk, days=2)
    lines = {line.order.item.drug: line for line in book(desk).lines}
    assert (lines[DRUG.drug].day, lines[paracetamol.drug].day) == (3, None)
    old = lines[DRUG.drug].order
    change = Line(replace(DRUG, drug="Ceftriaxon 2 g"), replaces=old.reference, reason="x")
    orders.sign(doctor, PATIENT, [change])
    assert {line.day for line in book(desk).lines if line.order.current} == {3, None}


class TestDrafts:
    draft = OrderDraft(
        lines=(
            BasketLine(replace(DRUG, rate=Rate(Decimal("2.5"), "mL/h"))),
            BasketLine(CRP, ticked=False),
            BasketLine(DIET, replaces="NutritionOrder/x", state="active@1", again=True),
        ),
        form={"words": "cef", "amount": "2,"},
    )

    def test_a_draft_comes_back_as_it_was_for_its_writer_alone(self, desk, doctor):
        order_drafts.keep(doctor, PATIENT, self.draft)
        found = order_drafts.read(doctor, PATIENT)
        assert (found.lines, found.form) == (self.draft.lines, self.draft.form)
        assert not order_drafts.read(doctor, patient_id(2))
        assert not order_drafts.read(desk, PATIENT)

    def test_an_empty_one_is_forgotten_and_a_signed_one_is_gone(self, doctor):
        order_drafts.keep(doctor, PATIENT, self.draft)
        order_drafts.keep(doctor, PATIENT, OrderDraft())
        assert not order_drafts.read(doctor, PATIENT)
        order_drafts.keep(doctor, PATIENT, self.draft)
        own = order_drafts.draft_id(doctor, PATIENT)
        orders.sign(doctor, PATIENT, [Line(DRUG)], draft=own)
        assert not order_drafts.read(doctor, PATIENT)


class TestFormulary:
    def test_everything_that_is_offered_can_be_ordered(self, desk):
        sets = [line.item for each in formulary.order_sets() for line in each.lines]
        listed = [each.item for kind in OrderKind for each in formulary.choices(kind)]
        for item in (*sets, *listed):
            refuse_impossible(item, desk.now())
        assert len(formulary.order_sets()) >= 6
        assert all(each.source for each in formulary.order_sets())
        names = [each.id for each in formulary.choices(OrderKind.DRUG)]
        assert len(names) == len(set(names))

    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("cef", "Cefazolin 1 g"),
            ("triax", "Ceftriaxon 1 g"),
            ("amox cla", "Amoxicilin/acid clavulanic 1,2 g"),
            ("khang sinh quino", "Levofloxacin 750 mg/150 mL"),
            ("ha duong huyet", "Glucose 30 % 20 mL"),
        ],
    )
    def test_a_drug_is_found_by_any_part_without_marks(self, text, first):
        assert formulary.find(OrderKind.DRUG, text)[0].name == first

    def test_nothing_is_found_where_nothing_is(self):
        assert formulary.find(OrderKind.DRUG, "zzz") == ()
        assert len(formulary.find(OrderKind.DIET, "")) > 5

    @pytest.mark.parametrize(
        ("name", "counted"),
        [
            ("Ceftriaxon 2 g", True),
            ("Amoxicilin 500 mg", True),
            ("Piperacilin/tazobactam 4,5 g", True),
            ("Morphin 10 mg/mL", True),
            ("Methylprednisolon 125 mg", True),
            ("Paracetamol 500 mg", False),
            ("Furosemid 40 mg", False),
        ],
    )
    def test_whose_days_are_counted(self, name, counted):
        assert formulary.counts_days(name) is counted


def test_what_is_checked_before_it_is_signed() -> None:
    before = "MedicationRequest/x"
    asked = orders.proposed(Line(DRUG, replaces=before))
    assert (asked.drug, asked.amount, asked.unit) == (DRUG.drug, 2, "g")
    assert (asked.times_a_day, asked.replaces, asked.rate_per_hour) == (1, "x", None)
    running = replace(DRUG, timing=Timing(), rate=Rate(Decimal(5), "mL/h"))
    asked = orders.proposed(Line(running))
    assert (asked.rate_per_hour, asked.rate_unit, asked.times_a_day) == (5, "mL", None)
    potassium = replace(DRUG, rate=Rate(Decimal(20), "mmol/h"))
    asked = orders.proposed(Line(potassium))
    assert (asked.rate_per_hour, asked.rate_unit, asked.times_a_day) == (20, "mmol", 1)
    needed = replace(DRUG, timing=Timing(as_needed=True, shortest_interval=timedelta(hours=6)))
    assert orders.proposed(Line(needed)).times_a_day == 4
    assert orders.proposed(Line(CRP)).test == "1988-5"
    assert orders.proposed(Line(DIET)) is None


def test_an_alert_is_answered_before_anything_is_signed(desk, doctor) -> None:
    heavy = replace(DRUG, drug="Paracetamol 500 mg", amount=Amount(Decimal(5), "g"))
    line = Line(heavy)
    asks = order_safety.check(doctor, PATIENT, orders.proposed(line)).asks
    assert asks
    with pytest.raises(Refused) as caught:
        orders.sign(doctor, PATIENT, [line])
    assert (caught.value.code, caught.value.data["line"]) == ("alert-unanswered", 0)
    assert book(desk).lines == ()

    answers = tuple(Answer(alert, "Hội chẩn", second=NURSE) for alert in asks)
    orders.sign(doctor, PATIENT, [replace(line, answers=answers)])
    assert only(desk).order.item == heavy
    with desk.store.read() as view:
        kept = view.find("DetectedIssue", patient=PATIENT)
    assert len(kept) == len(asks)


def test_an_answer_is_to_the_alert_as_it_is_now(desk, doctor) -> None:
    line = Line(replace(DRUG, drug="Paracetamol 500 mg", amount=Amount(Decimal(5), "g")))
    asks = order_safety.check(doctor, PATIENT, orders.proposed(line)).asks
    shown = (replace(each, severity=order_safety.Severity.REASON) for each in asks)
    answers = tuple(Answer(each, "Hội chẩn") for each in shown)
    assert code(lambda: orders.sign(doctor, PATIENT, [replace(line, answers=answers)])) == (
        "second-person-missing"
    )
    assert book(desk).lines == ()


def test_the_treatment_sheet_says_what_was_ordered_when_and_by_whom(desk, doctor) -> None:
    orders.sign(doctor, PATIENT, [Line(DRUG), Line(CRP), Line(DIET)])
    advance(desk, days=1)
    drug = only(desk).order
    half = replace(DRUG, amount=Amount(Decimal(1), "g"))
    orders.sign(
        doctor, PATIENT, [Line(half, replaces=drug.reference, state=drug.state, reason="Suy thận")]
    )
    advance(desk, days=1)
    goes_on = [(line.order.reference, line.order.state) for line in book(desk).lines
               if line.goes_on]  # fmt: skip
    orders.sign(doctor, PATIENT, [], again=goes_on[:1], ended=goes_on[1:])
    with desk.store.read() as view:
        first, second, third = order_sheet.signatures(view, PATIENT, desk.now(), "vi")
    how = "truyền tĩnh mạch, 1 lần/ngày, lúc 09:00"
    assert first.text == f"- Ceftriaxon 1 g, 2 g, {how} (ngày 1)\n- Cháo\n- Xét nghiệm: CRP"
    assert second.text == f"- Thay bằng: Ceftriaxon 1 g, 1 g, {how} (ngày 2)"
    assert third.text == (
        f"- Tiếp tục: Ceftriaxon 1 g, 1 g, {how} (ngày 3)\n- Đã ngừng: Cháo – {orders.NOT_AGAIN}"
    )
    assert {each.by for each in (first, second, third)} == {DOCTOR.name}


def test_the_printed_sheet_has_the_orders_of_each_signature(desk, doctor) -> None:
    orders.sign(doctor, PATIENT, [Line(DRUG), Line(CRP)])
    draft = documents.gather(desk, PATIENT, documents.Request("progress"), documents.House())
    with pypdfium2.PdfDocument(documents.make(draft).pdf) as paper:
        text = " ".join(paper[0].get_textpage().get_text_bounded().split())
    assert "Ceftriaxon 1 g, 2 g, truyền tĩnh mạch" in text
    assert "Xét nghiệm: CRP" in text
    assert DOCTOR.name in text


def test_the_history_of_an_order_says_what_who_and_why(desk, doctor) -> None:
    orders.order_drug(doctor, PATIENT, DRUG)
    order = only(desk).order
    advance(desk, minutes=1)
    orders.hold(doctor, order.reference, reason="Chờ hội chẩn")
    held, written = history.record_history(desk, "MedicationRequest", order.id).versions
    assert (held.status, held.by, held.reason) == ("on-hold", DOCTOR.name, "Chờ hội chẩn")
    assert (written.status, written.reason) == ("active", "")
    assert written.content.startswith("Ceftriaxon 1 g, 2 g, truyền tĩnh mạch")
