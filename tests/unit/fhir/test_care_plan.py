"""Nursing plans, what was done and how it went as FHIR: golden JSON, valid R4, what survives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital.schema.validate import validate
from workstation.clinical.care_plan import Care, Deed, Evaluation, Goal, Outcome, Plan, State
from workstation.fhir import care_deed, care_site, differences
from workstation.fhir import care_plan as mapping
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump, parse
from workstation.fhir.summary import summarise
from workstation.sync.merge import Clash, merge

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SINCE = datetime(2026, 11, 19, 22, 30, tzinfo=UTC)
NURSE = {"reference": "Practitioner/nurse-1", "display": "ĐD Lan"}
WHY = {"reason": "Nhầm", "author": NURSE, "at": AT}
ENTRY = Entry(own="c-1", patient="p-1", encounter="e-1", author=NURSE, at=AT)
BASE = "https://ward-workstation.example/fhir"
HEAD = {
    "id": "c-1",
    "identifier": [{"system": f"{BASE}/sid/workstation-uuid", "value": "urn:uuid:c-1"}],
}
PERSON = {"reference": "Patient/p-1"}
STAY = {"encounter": {"reference": "Encounter/e-1"}}
TURN = Care("Xoay trở tư thế", "pressure-risk.turn", 2)
PLAN = Plan(
    "Nguy cơ loét do tì đè",
    SINCE,
    code="pressure-risk",
    because="Braden 14",
    goals=(Goal("Da nguyên vẹn", "pressure-risk.skin"), Goal("Ngủ yên")),
    care=(TURN, Care("Kê gối")),
    within_hours=24,
)


def coded(code, text):
    return {"coding": [{"system": f"{BASE}/CodeSystem/nursing-problem", "code": code}],
            "text": text}  # fmt: skip


def goal(own, description):
    hours = {"value": Decimal(24), "unit": "h", "system": "http://unitsofmeasure.org", "code": "h"}
    return {
        "resourceType": "Goal",
        "id": own,
        "lifecycleStatus": "active",
        "description": description,
        "subject": PERSON,
        "startDate": "2026-11-19",
        "target": [{"dueDuration": hours}],
    }


def test_golden_plan():
    made = mapping.write(ENTRY, PLAN)
    category = {
        "system": f"{BASE}/CodeSystem/ward-category",
        "code": "nursing",
        "display": "Nursing care plan",
    }
    timing = {"repeat": {"frequency": 1, "period": Decimal(2), "periodUnit": "h"}}
    turn = coded("pressure-risk.turn", "Xoay trở tư thế")
    assert made == {
        "resourceType": "CarePlan",
        **HEAD,
        "contained": [
            {
                "resourceType": "Condition",
                "id": "problem",
                "code": coded("pressure-risk", "Nguy cơ loét do tì đè"),
                "subject": PERSON,
            },
            goal("goal-1", coded("pressure-risk.skin", "Da nguyên vẹn")),
            goal("goal-2", {"text": "Ngủ yên"}),
        ],
        "title": "Nguy cơ loét do tì đè",
        "addresses": [{"reference": "#problem"}],
        "activity": [
            {"detail": {"status": "in-progress", "code": turn, "scheduledTiming": timing}},
            {"detail": {"status": "in-progress", "code": {"text": "Kê gối"}}},
        ],
        "description": "Braden 14",
        "goal": [
            {"reference": "#goal-1", "display": "Da nguyên vẹn"},
            {"reference": "#goal-2", "display": "Ngủ yên"},
        ],
        "status": "active",
        "intent": "plan",
        "category": [{"coding": [category]}],
        "subject": PERSON,
        **STAY,
        "period": {"start": "2026-11-19T22:30:00+00:00"},
        "created": "2026-11-20T08:00:00+00:00",
        "author": NURSE,
    }
    validate(parse(dump(made)))


def test_golden_deed():
    made = care_deed.write_deed(ENTRY, "CarePlan/c-9", Deed(TURN, AT, "Da không đỏ"))
    recorded = f"{BASE}/StructureDefinition/recorded-at"
    assert made == {
        "resourceType": "Procedure",
        **HEAD,
        "extension": [{"url": recorded, "valueDateTime": "2026-11-20T08:00:00+00:00"}],
        "basedOn": [{"reference": "CarePlan/c-9"}],
        "status": "completed",
        "category": {"coding": [{"system": f"{BASE}/CodeSystem/ward-category", "code": "nursing"}]},
        "code": coded("pressure-risk.turn", "Xoay trở tư thế"),
        "subject": PERSON,
        **STAY,
        "performedDateTime": "2026-11-20T08:00:00+00:00",
        "performer": [{"actor": NURSE}],
        "outcome": {"text": "Da không đỏ"},
    }
    validate(parse(dump(made)))
    assert care_site.read(made) is None


def test_golden_evaluation():
    found = Evaluation(Outcome.PARTLY, AT, "Còn đỏ nhẹ")
    made = care_deed.write_evaluation(ENTRY, "CarePlan/c-9", "Nguy cơ loét", found)
    own = f"{BASE}/CodeSystem/nursing"
    words = {"coding": [{"system": own, "code": "evaluation-words"}]}
    assert made == {
        "resourceType": "Observation",
        **HEAD,
        "status": "final",
        "category": [
            {"coding": [{"system": f"{BASE}/CodeSystem/ward-category", "code": "nursing"}]}
        ],
        "code": {"coding": [{"system": own, "code": "evaluation"}], "text": "Nguy cơ loét"},
        "subject": PERSON,
        "focus": [{"reference": "CarePlan/c-9"}],
        **STAY,
        "issued": "2026-11-20T08:00:00+00:00",
        "performer": [NURSE],
        "effectiveDateTime": "2026-11-20T08:00:00+00:00",
        "valueCodeableConcept": {"coding": [{"system": own, "code": "partly-achieved"}]},
        "component": [{"code": words, "valueString": "Còn đỏ nhẹ"}],
    }
    validate(parse(dump(made)))


TEXTS = st.text("aăđ ệx", min_size=1, max_size=8).map(str.strip).filter(bool)
CODES = st.sampled_from(("", "pain", "pain.assess"))
PLANS = st.builds(
    Plan,
    words=TEXTS,
    since=st.just(SINCE),
    code=CODES,
    because=st.sampled_from(("", "Sau mổ")),
    goals=st.lists(st.builds(Goal, TEXTS, CODES), max_size=3).map(tuple),
    care=st.lists(
        st.builds(Care, TEXTS, CODES, st.sampled_from((None, 1, 24))), min_size=1, max_size=4
    ).map(tuple),
    within_hours=st.just(24),
)


@given(PLANS, PLANS)
def test_what_is_written_is_read_and_an_amendment_keeps_what_is_foreign(plan, other):
    made = mapping.write(ENTRY, plan)
    validate(parse(dump(made)))
    assert mapping.read(made).plan == plan
    stored = {**made, "supportingInfo": [{"reference": "Observation/o"}],
              "contained": [*made["contained"], {"resourceType": "Basic", "id": "x"}]}  # fmt: skip
    amended = mapping.amend(stored, other, **WHY)
    assert mapping.read(amended).plan == other
    assert amended["supportingInfo"] == stored["supportingInfo"]
    assert stored["contained"][-1] in amended["contained"]
    assert amended["note"][-1]["text"] == "Nhầm"


@pytest.mark.parametrize("state", [State.COMPLETED, State.REVOKED])
def test_an_end_says_who_and_why_and_can_be_taken_back(state):
    made = mapping.write(ENTRY, PLAN)
    over = mapping.ended(made, state, end=AT, reason="Đã ổn", author=NURSE, at=AT)
    validate(parse(dump(over)))
    found = mapping.read(over)
    assert (found.open, found.valid, found.status) == (False, True, state.value)
    assert (found.decided.person, found.decided.reason) == ("Practitioner/nurse-1", "Đã ổn")
    assert mapping.row(over) is None
    again = mapping.reopened(over, **WHY)
    assert mapping.read(again).open
    assert mapping.read(again).decided is None
    assert again["period"] == made["period"]
    assert mapping.row(again).problem == "pressure-risk"


def test_an_error_is_marked_never_erased():
    made = mapping.write(ENTRY, PLAN)
    wrong = mapping.enter_in_error(made, **WHY)
    assert not mapping.read(wrong).valid
    assert {k: v for k, v in wrong.items() if k not in ("status", "note")} == {
        k: v for k, v in made.items() if k != "status"
    }


def test_a_deed_keeps_what_it_was_when_time_and_remark_are_corrected():
    made = care_deed.write_deed(ENTRY, "CarePlan/c-9", Deed(TURN, AT, "Da đỏ"))
    later = Deed(TURN, AT + timedelta(minutes=5))
    amended = care_deed.amend_deed(made, later, **WHY)
    fact = care_deed.read(amended)
    assert fact.what == replace(later, care=replace(TURN, every_hours=None))
    assert (fact.plan, fact.valid, fact.reason) == ("CarePlan/c-9", True, "Nhầm")
    assert not care_deed.read(care_deed.enter_in_error(made, **WHY)).valid


def test_an_evaluation_is_amended_as_a_whole():
    made = care_deed.write_evaluation(
        ENTRY, "CarePlan/c-9", "Đau", Evaluation(Outcome.NOT, AT, "Còn đau")
    )
    better = Evaluation(Outcome.ACHIEVED, AT)
    fact = care_deed.read(care_deed.amend_evaluation(made, better, **WHY))
    assert (fact.what, fact.status) == (better, "amended")


@pytest.mark.parametrize(
    "foreign",
    [
        {"resourceType": "CarePlan", "status": "active", "intent": "plan", "created": "2026-11-20"},
        {"resourceType": "Condition"},
    ],
)
def test_plans_of_others_are_none_of_ours(foreign):
    assert mapping.read(foreign) is None
    assert mapping.row(foreign) is None


def test_deeds_of_others_are_none_of_ours():
    made = care_deed.write_deed(ENTRY, "CarePlan/c-9", Deed(TURN, AT))
    assert care_deed.read({**made, "category": {"text": "surgery"}}) is None
    assert care_deed.read({**made, "basedOn": [{"reference": "ServiceRequest/1"}]}) is None
    assert care_deed.read({"resourceType": "Observation", "code": {"text": "x"}}) is None


def test_the_timeline_knows_them_apart():
    plan = summarise(mapping.write(ENTRY, PLAN))
    deed = summarise(care_deed.write_deed(ENTRY, "CarePlan/c-9", Deed(TURN, AT)))
    found = Evaluation(Outcome.NOT, AT)
    went = summarise(care_deed.write_evaluation(ENTRY, "CarePlan/c-9", "Đau", found))
    assert [each.kind for each in (plan, deed, went)] == [
        "care-plan", "nursing-care", "care-plan",
    ]  # fmt: skip
    assert (plan.title, plan.at, plan.author) == ("Nguy cơ loét do tì đè", SINCE, "ĐD Lan")
    assert deed.title == "Xoay trở tư thế"


def test_a_conflict_about_a_plan_is_told_in_words():
    base = mapping.write(ENTRY, PLAN)
    over = mapping.ended(base, State.COMPLETED, end=AT, reason="", author=NURSE, at=AT)
    more = replace(PLAN, goals=(*PLAN.goals, Goal("Ăn được")), care=(*PLAN.care, Care("Cho ăn")))
    other = mapping.amend(base, more, reason="Thêm", author=NURSE, at=AT)
    found = clash(base, over, other)
    told = {
        line.label: (line.before, line.theirs, line.mine)
        for field in found
        for line in differences.lines(
            field, differences.Versions("CarePlan", base, other, over), lambda key: key,
            lambda _: None,
        )
    }  # fmt: skip
    assert told["field|Status"][2] == "code|Completed"
    assert told["field|Interventions"] == (
        "Xoay trở tư thế / 2 h; Kê gối",
        "Xoay trở tư thế / 2 h; Kê gối; Cho ăn",
        "Xoay trở tư thế / 2 h; Kê gối",
    )
    assert told["field|Goals"][1] == "Da nguyên vẹn; Ngủ yên; Ăn được"
    assert told["field|Problem and goals"][0].startswith("Nguy cơ loét do tì đè; Da nguyên vẹn")
    assert differences.title(base, str) == "Nguy cơ loét do tì đè"


def clash(base, mine, theirs):
    found = merge(base, mine, theirs)
    assert isinstance(found, Clash)
    return found.fields
