"""Nursing problems on a real store: opened, done, evaluated, ended, put right, suggested."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, discharge, patient_id, save, stay
from workstation.clinical.body_site import SITES
from workstation.clinical.care_plan import Care, Deed, Evaluation, Goal, Outcome, Plan, State
from workstation.clinical.care_site import KINDS, Site
from workstation.clinical.nursing_problem import Hint
from workstation.clinical.scores.morse import MORSE
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel import words
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.services import (
    assessments,
    care_plan_deeds,
    care_plans,
    care_sites,
    history,
    timeline,
    vital_signs,
)

PATIENT = patient_id(1)
HOUR = timedelta(hours=1)
ASSESS = Care("Đánh giá mức đau", "pain.assess", 4)
PACK = Care("Chườm lạnh")


def plan(desk, ago=2.0, **changes):
    made = Plan(
        "Đau", desk.now() - ago * HOUR, code="pain", because="Sau mổ",
        goals=(Goal("Đau ≤ 3/10 khi nghỉ", "pain.mild"),), care=(ASSESS, PACK), within_hours=8,
    )  # fmt: skip
    return replace(made, **changes)


def opened(desk, own="plan-1", **changes):
    care_plan_deeds.open_problem(desk, PATIENT, plan(desk, **changes), own=own)
    return f"CarePlan/{own}"


def rows(desk):
    return care_plans.read(desk, PATIENT).rows


def refused(code, field, deed):
    with pytest.raises(Refused) as raised:
        deed()
    assert (raised.value.code, raised.value.field) == (code, field)


def test_the_history_of_a_problem_names_it_in_the_language_spoken(desk):
    opened(desk)
    words.use("en")
    english = history.record_history(desk, "CarePlan", "plan-1")
    words.use("vi")
    vietnamese = history.record_history(desk, "CarePlan", "plan-1")
    assert (english.title, vietnamese.title) == ("Pain", "Đau")
    assert [each.content for each in english.versions] == ["Pain"]


def test_a_problem_is_shown_in_the_language_spoken_and_recorded_in_vietnamese(desk):
    opened(desk)
    words.use("en")
    (row,) = rows(desk)
    words.use("vi")
    assert (row.words, row.goals[0]) == ("Pain", "Pain ≤ 3/10 at rest")
    assert [each.words for each in row.care] == [
        "Assess pain 0–10 at rest and on moving", "Chườm lạnh",
    ]  # fmt: skip
    with desk.store.read() as view:
        (stored,) = view.find("CarePlan", patient=PATIENT)
    assert stored.resource()["title"] == "Đau"
    assert stored.resource()["encounter"] == {"reference": "Encounter/stay-1"}


def test_saved_twice_it_is_opened_once_and_the_same_problem_is_not_opened_beside_it(desk):
    opened(desk)
    assert not care_plan_deeds.open_problem(desk, PATIENT, plan(desk), own="plan-1").references
    refused("problem-open", "problem", lambda: opened(desk, own="plan-2"))
    opened(desk, own="plan-3", code="", words="Đau đầu")
    assert len(rows(desk)) == 2


def test_what_cannot_be_is_refused(desk):
    refused("in-future", "since", lambda: opened(desk, ago=-1))
    refused("interventions-missing", "care", lambda: opened(desk, care=()))
    own = opened(desk)
    late = Deed(ASSESS, desk.now() + HOUR)
    refused("in-future", "at", lambda: care_plan_deeds.done(desk, own, late))
    at = desk.now()
    early = Deed(ASSESS, desk.now() - 3 * HOUR)
    refused("not-there-then", "at", lambda: care_plan_deeds.done(desk, own, early))
    refused("reason-missing", "reason",
            lambda: care_plan_deeds.end(desk, own, State.REVOKED, at, reason=" "))  # fmt: skip
    assert rows(desk)[0].facts == ()


def test_a_key_pressed_twice_charts_once_and_again_after_it_was_taken_back(desk):
    own = opened(desk)
    deed = Deed(ASSESS, desk.now())
    first = care_plan_deeds.done(desk, own, deed)
    assert not care_plan_deeds.done(desk, own, deed).references
    care_plan_deeds.undo(desk, [each for each in first.references if "Procedure" in each])
    assert care_plan_deeds.done(desk, own, deed).references
    facts = rows(desk)[0].facts
    assert sorted(each.record.valid for each in facts) == [False, True]


def test_two_people_who_do_the_same_in_one_minute_did_it_twice(desk):
    own = opened(desk)
    deed = Deed(ASSESS, desk.now())
    care_plan_deeds.done(desk, own, deed)
    care_plan_deeds.done(colleague(desk, DOCTOR), own, deed)
    assert len([each for each in rows(desk)[0].facts if each.record.valid]) == 2


def test_what_is_due_follows_from_what_was_done(desk):
    own = opened(desk, ago=6)
    first = rows(desk)[0]
    assert first.care[0].due == desk.now() - 6 * HOUR
    assert first.care[1].due is None
    assert first.evaluation_due == desk.now() + 2 * HOUR
    care_plan_deeds.done(desk, own, Deed(ASSESS, desk.now() - HOUR, "4/10"))
    found = Evaluation(Outcome.PARTLY, desk.now(), "Còn đau khi ho")
    care_plan_deeds.evaluate(desk, own, found, own="look-1")
    row = rows(desk)[0]
    assert row.care[0].due == desk.now() + 3 * HOUR
    assert row.care[0].last.record.what.remark == "4/10"
    assert row.evaluation_due == desk.now() + 8 * HOUR
    assert row.evaluation.record.what.outcome is Outcome.PARTLY


def test_the_timeline_says_how_far_a_goal_is_reached_in_words_and_no_code(desk):
    found = Evaluation(Outcome.PARTLY, desk.now(), "Còn đau khi ho")
    care_plan_deeds.evaluate(desk, opened(desk), found, own="look-1")
    told = [event.detail for event in timeline.timeline(desk, PATIENT).events]
    assert "Đạt một phần mục tiêu · Còn đau khi ho" in told


def test_a_goal_that_is_reached_closes_the_problem_and_undo_opens_it_again(desk):
    own = opened(desk)
    found = Evaluation(Outcome.ACHIEVED, desk.now(), "Hết đau")
    changes = care_plan_deeds.evaluate(desk, own, found, own="look-1", close=True)
    (row,) = rows(desk)
    assert (row.record.status, row.record.decided.reason) == ("completed", "Hết đau")
    assert row.evaluation_due is None
    assert row.care[0].due is None
    refused("plan-over", None, lambda: care_plan_deeds.done(desk, own, Deed(ASSESS, desk.now())))
    care_plan_deeds.undo(desk, [each for each in changes.references if "Prov" not in each])
    (row,) = rows(desk)
    assert row.record.open
    assert row.evaluation is None


def test_one_that_was_opened_wrongly_is_revoked_with_a_reason_and_stands_below(desk):
    own = opened(desk)
    opened(desk, own="plan-2", code="fever", words="Sốt")
    care_plan_deeds.end(desk, own, State.REVOKED, desk.now(), reason="Mở hai lần")
    assert [(each.words, each.record.status) for each in rows(desk)] == [
        ("Sốt", "active"), ("Đau", "revoked"),
    ]  # fmt: skip


def test_goals_and_interventions_are_changed_with_a_reason(desk):
    own = opened(desk)
    wanted = plan(desk, words="Another", code="fever", care=(PACK,), within_hours=24)
    refused("reason-missing", "reason",
            lambda: care_plan_deeds.amend(desk, own, wanted, reason=""))  # fmt: skip
    care_plan_deeds.amend(desk, own, wanted, reason="Chỉ cần chườm")
    (row,) = rows(desk)
    assert (row.record.plan.code, row.record.plan.within_hours) == ("pain", 24)
    assert [each.care for each in row.care] == [PACK]
    assert row.record.reason == "Chỉ cần chườm"


def test_a_deed_is_corrected_and_struck_out_never_erased(desk):
    own = opened(desk)
    care_plan_deeds.done(desk, own, Deed(ASSESS, desk.now(), "4/10"))
    reference = rows(desk)[0].facts[0].record.reference
    better = Deed(ASSESS, desk.now() - HOUR, "5/10")
    care_plan_deeds.correct(desk, reference, better, reason="Nhầm số")
    fact = rows(desk)[0].facts[0]
    assert (fact.record.what.remark, fact.record.reason) == ("5/10", "Nhầm số")
    care_plan_deeds.enter_in_error(desk, reference, reason="Nhầm người bệnh")
    fact = rows(desk)[0].facts[0]
    assert (fact.record.valid, rows(desk)[0].care[0].last) == (False, None)
    refused("gone", None,
            lambda: care_plan_deeds.enter_in_error(desk, reference, reason="x"))  # fmt: skip


def test_only_ones_own_is_taken_back_and_only_for_a_while(desk):
    own = opened(desk)
    refused("not-own-entry", None, lambda: care_plan_deeds.undo(colleague(desk, DOCTOR), [own]))
    advance(desk, minutes=11)
    refused("too-late-to-undo", None, lambda: care_plan_deeds.undo(desk, [own]))
    assert rows(desk)[0].record.valid


def test_a_doctor_may_chart_and_nobody_else_is_asked(desk):
    care_plan_deeds.open_problem(replace(desk, person=DOCTOR), PATIENT, plan(desk), own="plan-1")
    assert len(rows(desk)) == 1


def test_the_chart_hints_and_opens_nothing(desk):
    vital_signs.record(
        desk, PATIENT, VitalSigns(at=desk.now(), pain=Decimal(6), temperature=Decimal("38.6"))
    )
    answers = {item.id: max(item.options, key=lambda each: each.points).key for item in MORSE.items}
    assessments.record(desk, PATIENT, MORSE, answers, desk.now())
    site = SITES["hand-left"]
    care_sites.put_in(
        desk, PATIENT, Site(KINDS["peripheral-cannula"], site, site.point, desk.now())
    )
    found = care_plans.read(desk, PATIENT)
    told = {each.problem.id: each.hint for each in found.suggestions}
    assert told["pain"] is Hint.PAIN
    assert told["fever"] is Hint.FEVER
    assert told["fall-risk"] is Hint.MORSE
    assert told["line-infection"] is Hint.LINE
    assert found.rows == ()
    opened(desk)
    assert "pain" not in {each.problem.id for each in care_plans.read(desk, PATIENT).suggestions}


def test_old_signs_hint_at_nothing(desk):
    vital_signs.record(
        desk, PATIENT, VitalSigns(at=desk.now() - 13 * HOUR, temperature=Decimal(39))
    )
    assert care_plans.read(desk, PATIENT).suggestions == ()


def test_nobody_else_sees_them(desk):
    opened(desk)
    assert care_plans.read(desk, PatientId(patient_id(2))).rows == ()


def test_what_an_earlier_stay_left_open_is_over_and_may_be_opened_anew(desk):
    own = opened(desk)
    discharge(desk, 1)
    (row,) = rows(desk)
    assert (row.record.status, row.going, row.evaluation_due) == ("active", False, None)
    save(desk.store, {**stay(1), "id": "stay-1b"})
    assert not rows(desk)[0].going
    refused("plan-over", None, lambda: care_plan_deeds.done(desk, own, Deed(ASSESS, desk.now())))
    opened(desk, own="plan-2", ago=0)
    assert [each.going for each in rows(desk)] == [True, False]


def test_what_was_done_long_ago_is_left_out_and_lines_are_none_of_it(desk):
    own = opened(desk)
    care_plan_deeds.done(desk, own, Deed(ASSESS, desk.now()))
    site = SITES["hand-left"]
    care_sites.put_in(
        desk, PATIENT, Site(KINDS["peripheral-cannula"], site, site.point, desk.now())
    )
    assert len(care_sites.read(desk, PATIENT).rows) == 1
    assert len(rows(desk)[0].facts) == 1
    advance(desk, days=15)
    assert rows(desk)[0].facts == ()
    with desk.store.read() as view:
        (row,) = care_plans.read_rows(view, desk.knowledge, PATIENT, "vi")
    assert len(row.facts) == 1
