"""Charting fluids, putting them right, adding them up, on a real store."""

from datetime import time, timedelta
from decimal import Decimal

import pypdfium2
import pytest

from tests.kit.people import DOCTOR, NURSE
from tests.kit.ward import advance, colleague, discharge, patient_id, save, stay
from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.clinical.fluid_goal import Measure, Target, Track
from workstation.fhir import fluid_balance as mapping
from workstation.kernel.errors import Refused
from workstation.security.people import Person
from workstation.services import documents, fluid_balance, fluid_balance_sheet, fluid_goal
from workstation.services.fluid_balance_sheet import Plan
from workstation.store import audit

PATIENT = patient_id(1)
PLAN = Plan(12, time(7))


@pytest.fixture
def desk(desk):
    """The ward some hours into its day."""
    advance(desk, hours=5)
    return desk


def fluid(desk, kind=Kind.URINE, ml="300", *, hours=0.0, times=1, name=""):
    at = desk.now().replace(second=0) - timedelta(hours=hours)
    return Fluid(kind, at, None if ml is None else Decimal(ml), times, name)


def chart(desk, *fluids):
    changes = fluid_balance.record(desk, PATIENT, fluids)
    return [reference.removeprefix("Observation/") for reference in changes.references]


def sheet(desk, **values):
    return fluid_balance_sheet.sheet(desk, PATIENT, PLAN, **values)


def refused(function, *args, **values):
    with pytest.raises(Refused) as found:
        function(*args, **values)
    return found.value


def test_several_amounts_are_one_unit_of_work_in_the_stay(desk):
    changes = fluid_balance.record(
        desk, PATIENT, [fluid(desk), fluid(desk, Kind.ORAL, "200"), fluid(desk, Kind.STOOL, None)]
    )
    assert len(changes.references) == 3
    with desk.store.read() as view:
        found = [each.resource() for each in view.find("Observation", patient=PATIENT)]
    assert {r["encounter"]["reference"] for r in found} == {"Encounter/stay-1"}
    read = sheet(desk)
    assert (read.whole.sums.intake_ml, read.whole.sums.output_ml) == (200, 300)
    assert not read.whole.sums.complete
    assert [row for row, _ in read.rows] == [Kind.ORAL, Kind.URINE, Kind.STOOL]
    assert all(line.unsent for line in read.lines)


def test_hours_and_shifts_add_up_to_the_day(desk):
    for hours, ml in ((0, "100"), (1, "50"), (2, "25")):
        chart(desk, fluid(desk, Kind.ORAL, ml, hours=hours))
    read = sheet(desk)
    assert len(read.hours) == 24
    assert [(shift.end - shift.start) for shift in read.shifts] == [timedelta(hours=12)] * 2
    for spans in (read.hours, read.shifts):
        assert sum((span.sums for span in spans[1:]), spans[0].sums) == read.whole.sums
    assert read.course[-1] == (read.now, read.whole.sums.balance_ml)
    assert read.current


def test_another_day_has_its_own_sums(desk):
    chart(desk, fluid(desk, ml="100", hours=24), fluid(desk, ml="70"))
    today = sheet(desk)
    yesterday = sheet(desk, day=today.day - timedelta(days=1))
    assert today.whole.sums.output_ml == 70
    assert today.before.sums == yesterday.whole.sums
    assert yesterday.whole.sums.output_ml == 100
    assert not yesterday.current
    assert len(yesterday.course) == 25


def test_what_is_charted_for_another_is_not_here(desk):
    fluid_balance.record(desk, patient_id(2), [fluid(desk)])
    assert not sheet(desk).whole.sums


def test_what_others_charted_by_code_alone_counts(desk):
    save(
        desk.store,
        {
            "resourceType": "Observation",
            "id": "icu-1",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "9187-6"}]},
            "subject": {"reference": f"Patient/{PATIENT}"},
            "effectiveDateTime": desk.now().isoformat(),
            "valueQuantity": {"value": Decimal("0.4"), "unit": "L"},
        },
    )
    assert sheet(desk).whole.sums.output_ml == 400


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"hours": -0.1}, "in-future", "at"),
        ({"hours": 24 * 2 + 6}, "before-admission", "at"),
        ({"ml": "-5"}, "impossible-value", "volume"),
        ({"kind": Kind.DRAIN}, "drain-without-name", "name"),
        ({"ml": "5001"}, "implausible-value", "volume"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(desk, values, code, field):
    good = fluid(desk, Kind.ORAL, "100")
    error = refused(fluid_balance.record, desk, PATIENT, [good, fluid(desk, **values)])
    assert (error.code, error.field) == (code, field)
    assert not sheet(desk).lines


def test_a_very_large_amount_is_taken_when_it_was_entered_twice(desk):
    large = fluid(desk, Kind.ULTRAFILTRATION, "6000")
    error = refused(fluid_balance.record, desk, PATIENT, [fluid(desk), large])
    assert error.data["lines"] == (1,)
    fluid_balance.record(desk, PATIENT, [large], confirmed={large})
    assert sheet(desk).whole.sums.output_ml == 6000


def test_nothing_typed_is_refused(desk):
    assert refused(fluid_balance.record, desk, PATIENT, []).code == "nothing-measured"


def test_who_may_not_chart_is_refused(desk):
    clerk = colleague(desk, Person(NURSE.id, NURSE.name, "clerk"))
    assert refused(fluid_balance.record, clerk, PATIENT, [fluid(desk)]).code == "not-permitted"


def test_somebody_who_is_not_admitted_is_refused(desk):
    error = refused(fluid_balance.record, desk, patient_id(99), [fluid(desk)])
    assert error.code == "not-admitted"


def test_a_correction_keeps_the_wrong_value_in_the_history(desk):
    [id_] = chart(desk, fluid(desk, ml="3000"))
    [line] = sheet(desk).lines
    right = fluid(desk, Kind.CATHETER, "300")
    fluid_balance.correct(desk, PATIENT, line.entry, right, reason="Gõ thừa số 0")
    [line] = sheet(desk).lines
    assert (line.entry.id, line.entry.fluid, line.entry.amended) == (id_, right, True)
    assert line.entry.reason == "Gõ thừa số 0"
    with desk.store.read() as view:
        assert any(e.action == "correct-fluid" for e in audit.entries(view))


def test_a_correction_of_what_somebody_else_changed_meanwhile_is_refused(desk):
    chart(desk, fluid(desk))
    [line] = sheet(desk).lines
    fluid_balance.correct(desk, PATIENT, line.entry, fluid(desk, ml="200"), reason="a")
    for other in (fluid(desk, ml="100"), fluid(desk, ml="200")):
        error = refused(fluid_balance.correct, desk, PATIENT, line.entry, other, reason="b")
        assert error.code == "stale-edit"


def test_a_correction_is_checked_like_an_entry(desk):
    chart(desk, fluid(desk))
    [line] = sheet(desk).lines

    def code(value, reason="x"):
        return refused(fluid_balance.correct, desk, PATIENT, line.entry, value, reason=reason).code

    assert code(fluid(desk, ml="200"), " ") == "reason-missing"
    assert code(fluid(desk, ml="9000")) == "implausible-value"
    assert code(fluid(desk, hours=24 * 3)) == "before-admission"


def test_what_was_entered_in_error_does_not_count_but_is_shown(desk):
    [id_] = chart(desk, fluid(desk))
    fluid_balance.enter_in_error(desk, id_, reason="Nhầm người bệnh")
    read = sheet(desk)
    assert not read.whole.sums
    assert [line.entry.status for line in read.lines] == ["entered-in-error"]
    assert refused(fluid_balance.enter_in_error, desk, "other", reason="x").code == "gone"
    assert refused(fluid_balance.enter_in_error, desk, id_, reason="").code == "reason-missing"


def test_ones_own_entry_is_taken_back_within_ten_minutes(desk):
    ids = chart(desk, fluid(desk), fluid(desk, Kind.ORAL, "50"))
    other = colleague(desk, DOCTOR)
    assert refused(fluid_balance.undo, other, ids).code == "not-own-entry"
    fluid_balance.undo(desk, ids)
    assert not sheet(desk).whole.sums
    late = chart(desk, fluid(desk))
    advance(desk, minutes=11)
    assert refused(fluid_balance.undo, desk, late).code == "too-late-to-undo"
    assert refused(fluid_balance.undo, desk, ["none"]).code == "gone"


def test_what_is_typed_is_kept_until_it_is_saved(desk):
    assert fluid_balance.my_draft(desk, PATIENT) == ""
    fluid_balance.keep_draft(desk, PATIENT, "[1]")
    assert fluid_balance.my_draft(desk, PATIENT) == "[1]"
    assert fluid_balance.my_draft(desk, patient_id(2)) == ""
    assert fluid_balance.my_draft(colleague(desk, DOCTOR), PATIENT) == ""
    chart(desk, fluid(desk))
    assert fluid_balance.my_draft(desk, PATIENT) == ""
    fluid_balance.keep_draft(desk, PATIENT, "[1]")
    fluid_balance.keep_draft(desk, PATIENT, "")
    assert fluid_balance.my_draft(desk, PATIENT) == ""


def test_what_is_usually_charted_comes_newest_first(desk):
    chart(desk, fluid(desk, hours=5), fluid(desk, Kind.ORAL, "10", hours=3))
    chart(desk, fluid(desk, Kind.DRAIN, "10", hours=4, name="Redon"))
    assert fluid_balance_sheet.usual(desk, PATIENT) == (
        (Kind.ORAL, ""),
        (Kind.DRAIN, "Redon"),
        (Kind.URINE, ""),
    )


def infusion(desk, *, hours, rate, bag, id="bag-1", **more):
    since = (desk.now() - timedelta(hours=hours)).isoformat()
    unit = {"unit": "mL/h", "code": "mL/h"}
    return {
        "resourceType": "MedicationAdministration",
        "id": id,
        "status": "in-progress",
        "medicationCodeableConcept": {"text": "Natri clorid 0,9 %"},
        "subject": {"reference": f"Patient/{PATIENT}"},
        "effectivePeriod": {"start": since},
        "dosage": {
            "rateQuantity": {"value": Decimal(rate), **unit},
            "dose": {"value": Decimal(bag), "unit": "mL"},
        },
        **more,
    }


def test_a_running_infusion_counts_up_to_now_and_says_when_its_bag_is_empty(desk):
    save(desk.store, infusion(desk, hours=1, rate="60", bag="500"))
    read = sheet(desk)
    [running] = read.infusions
    assert (running.rate_ml_h, running.ran_ml, running.left_ml) == (60, 60, 440)
    assert running.empty_at == read.now + timedelta(hours=7, minutes=20)
    assert read.whole.sums.intake_ml == 60
    assert (Kind.IV_INFUSION, "") in read.rows
    advance(desk, minutes=30)
    assert sheet(desk).whole.sums.intake_ml == 90


def test_an_infusion_of_another_day_is_not_of_this_one(desk):
    period = {
        "start": (desk.now() - timedelta(hours=40)).isoformat(),
        "end": (desk.now() - timedelta(hours=39)).isoformat(),
    }
    save(
        desk.store,
        infusion(desk, hours=0, rate="60", bag="500", status="completed", effectivePeriod=period),
    )
    assert sheet(desk).infusions == ()
    assert not sheet(desk).whole.sums


def test_what_is_written_is_what_the_mapping_reads(desk):
    [id_] = chart(desk, fluid(desk, Kind.DRAIN, "12.5", name="Redon"))
    with desk.store.read() as view:
        stored = view.get("Observation", id_)
    assert stored is not None
    found = mapping.read(stored.resource())
    assert found is not None
    assert found.fluid == fluid(desk, Kind.DRAIN, "12.5", name="Redon")
    assert found.issued == desk.now()


def printed(desk, **values):
    request = documents.Request("fluid-balance", **values)
    draft = documents.gather(desk, PATIENT, request, documents.House())
    paper = documents.make(draft)
    assert str(PATIENT) not in paper.file_name
    with pypdfium2.PdfDocument(paper.pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_the_paper_has_a_page_for_each_day_with_something_and_for_today(desk):
    chart(desk, fluid(desk, ml="333", hours=24))
    save(desk.store, infusion(desk, hours=1, rate="60", bag="500"))
    before, today = printed(desk)
    assert "333" in before
    assert "Natri clorid" not in before
    assert "Natri clorid 0,9 %" in today
    assert "333" not in today
    assert len(printed(desk, since=desk.now().date())) == 1


def test_a_paper_counts_what_was_struck_out_and_corrected(desk):
    ids = chart(desk, fluid(desk, ml="111"), fluid(desk, Kind.ORAL, "50"))
    fluid_balance.enter_in_error(desk, ids[0], reason="Nhầm")
    line = next(line for line in sheet(desk).lines if line.entry.valid)
    fluid_balance.correct(desk, PATIENT, line.entry, fluid(desk, Kind.ORAL, "60"), reason="x")
    [text] = printed(desk)
    assert "111" not in text
    assert "Ghi nhầm, không tính: 1." in text
    assert "Đã sửa sau khi ghi: 1." in text


class TestTheGoalOfADay:
    DRY = Target(Measure.BALANCE, Decimal(-1000), Decimal(-500))

    def set(self, desk, target=DRY):
        return fluid_goal.set_goal(colleague(desk, DOCTOR), PATIENT, target, PLAN.day(desk.now()))

    def test_a_doctor_sets_it_and_the_sheet_says_how_the_day_stands(self, desk):
        self.set(desk)
        (line,) = sheet(desk).goals
        assert (line.goal.target, line.goal.by, line.track) == (
            self.DRY, DOCTOR.name, Track.UNKNOWN,
        )  # fmt: skip
        chart(desk, fluid(desk, Kind.ORAL, "900"))
        assert [(each.value_ml, each.track) for each in sheet(desk).goals] == [(900, Track.HIGH)]
        assert refused(fluid_goal.set_goal, desk, PATIENT, self.DRY, sheet(desk).day).code == (
            "not-permitted"
        )

    def test_the_same_again_is_refused_and_another_takes_its_place(self, desk):
        self.set(desk)
        assert refused(self.set, desk).code == "nothing-changed"
        wider = Target(Measure.BALANCE, None, Decimal(0))
        self.set(desk, wider)
        self.set(desk, Target(Measure.INTAKE, None, Decimal(1500)))
        assert [line.goal.target.measure for line in sheet(desk).goals] == [
            Measure.BALANCE, Measure.INTAKE,
        ]  # fmt: skip
        assert sheet(desk).goals[0].goal.target == wider

    def test_days_before_keep_theirs_when_it_is_ended_and_none_has_it_before_it_was_set(self, desk):
        day = PLAN.day(desk.now())
        self.set(desk)
        advance(desk, hours=24)
        fluid_goal.end_goal(colleague(desk, DOCTOR), PATIENT, Measure.BALANCE, sheet(desk).day)
        assert sheet(desk).goals == ()
        assert len(sheet(desk, day=day).goals) == 1
        assert sheet(desk, day=day - timedelta(days=1)).goals == ()

    def test_a_goal_of_an_earlier_stay_holds_no_more(self, desk):
        self.set(desk)
        discharge(desk, 1)
        advance(desk, hours=48)
        later = {**stay(1, days=0), "id": "stay-again"}
        later["period"] = {"start": (desk.now() - timedelta(hours=3)).isoformat()}
        save(desk.store, later)
        assert sheet(desk).goals == ()

    def test_it_stands_on_the_paper(self, desk):
        self.set(desk)
        chart(desk, fluid(desk, Kind.ORAL, "900"))
        (today,) = printed(desk, since=desk.now().date())
        assert "từ −1000 đến −500 mL · đến nay +900 mL" in today.replace("\r\n", " ")
