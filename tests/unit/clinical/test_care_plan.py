"""A nursing plan: what is refused, when it is due, the same problem opened twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from workstation.clinical import care_plan as rules
from workstation.clinical.care_plan import Care, Goal, Plan, PlanRow
from workstation.clinical.collisions import Action, Rule
from workstation.kernel.errors import Refused

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
PLAN = Plan("Đau", AT, code="pain", goals=(Goal("Đau ≤ 3"),), care=(Care("Đánh giá", "", 4),))


def row(own, patient="p", problem="pain", at=AT):
    return PlanRow(own, patient, problem, at)


def test_a_plan_that_says_something_passes():
    rules.refuse_impossible(PLAN)
    rules.refuse_impossible(replace(PLAN, goals=()))


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"words": "  "}, "problem-missing", "problem"),
        ({"words": "x" * 121}, "words-too-long", "problem"),
        ({"care": ()}, "interventions-missing", "care"),
        ({"care": (Care("x" * 121),)}, "words-too-long", "care"),
        ({"goals": tuple(Goal(str(n)) for n in range(21))}, "too-many", "goals"),
        ({"because": "x" * 501}, "words-too-long", "because"),
        ({"within_hours": 0}, "impossible-value", "within_hours"),
        ({"within_hours": 721}, "impossible-value", "within_hours"),
    ],
)
def test_what_says_nothing_or_too_much_is_refused_beside_its_field(changes, code, field):
    with pytest.raises(Refused) as refused:
        rules.refuse_impossible(replace(PLAN, **changes))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_what_is_done_every_few_hours_is_due_from_the_last_time_on():
    turn = Care("Xoay trở", "", 2)
    assert rules.care_due(turn, AT, None) == AT
    assert rules.care_due(turn, AT, AT + timedelta(hours=3)) == AT + timedelta(hours=5)
    assert rules.care_due(Care("Khi cần"), AT, AT) is None


def test_goals_are_looked_at_after_their_hours():
    assert rules.evaluation_due(PLAN, None) == AT + timedelta(hours=24)
    assert rules.evaluation_due(PLAN, AT + timedelta(hours=5)) == AT + timedelta(hours=29)


def test_free_words_mean_the_same_whatever_their_accents_and_case():
    assert Plan("Nấc cụt", AT).key == Plan("NAC CUT", AT).key
    assert Plan("Đau", AT, code="pain").key != Plan("Đau", AT).key


def test_one_problem_open_twice_is_told_the_same_on_every_terminal():
    rows = [row("b"), row("a", at=AT + timedelta(hours=1)), row("c", problem="fever")]
    found = [rules.same_problem_twice(order) for order in permutations(rows)]
    (told,) = found[0]
    assert all(each == found[0] for each in found)
    assert (told.rule, told.action) == (Rule.PROBLEM_TWICE, Action.REVOKE_ONE)
    assert told.records == ("CarePlan/a", "CarePlan/b")
    assert (told.patient, told.since) == ("p", AT + timedelta(hours=1))


def test_two_patients_with_one_problem_are_no_collision():
    assert rules.same_problem_twice([row("a"), row("b", patient="q")]) == []


def test_two_stays_with_one_problem_are_no_collision():
    rows = [PlanRow("a", "p", "pain", AT, "stay-1"), PlanRow("b", "p", "pain", AT, "stay-2")]
    assert rules.same_problem_twice(rows) == []
