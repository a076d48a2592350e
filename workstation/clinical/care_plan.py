"""A nursing problem of a patient: goals, what is done, how it went; and one that is open twice.

A plan is decided and may be decided anew; what was done and how it went are facts of their own
(ADR 0070), so that nothing that two nurses chart on two terminals is ever lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final

from workstation.clinical.collisions import Action, Collision, Rule
from workstation.kernel.errors import Refused
from workstation.kernel.folding import fold

LONGEST_NAME: Final = 120
"""Characters of a problem, a goal or an intervention in free words."""
LONGEST_WORDS: Final = 500
MOST_PARTS: Final = 20
"""Goals, and interventions, of one plan."""
LONGEST_HOURS: Final = 720


class Outcome(StrEnum):
    """How far the goals were reached."""

    NOT = "not-achieved"
    PARTLY = "partly-achieved"
    ACHIEVED = "achieved"


OUTCOME_WORDS: Final = {
    Outcome.NOT: "Goal not reached",
    Outcome.PARTLY: "Goal partly reached",
    Outcome.ACHIEVED: "Goal reached",
}
"""In English, keys of the translation."""


class State(StrEnum):
    """Whether a plan goes on; codes of FHIR."""

    ACTIVE = "active"
    COMPLETED = "completed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached.

    Attributes:
        words: As the record says it.
        code: In the knowledge; empty for free words.
    """

    words: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Care:
    """What is done.

    Attributes:
        words: As the record says it.
        code: In the knowledge; empty for free words.
        every_hours: How often; None when needed.
    """

    words: str
    code: str = ""
    every_hours: int | None = None

    @property
    def key(self) -> str:
        """By what it is known within its plan."""
        return self.code or fold(self.words)


@dataclass(frozen=True, slots=True)
class Plan:
    """One problem with what is done about it.

    Attributes:
        words: The problem, as the record says it.
        since: When it was seen (aware).
        code: In the knowledge; empty for free words.
        because: What it shows in and comes from, in the nurse's words; may be empty.
        goals: What is to be reached.
        care: What is done.
        within_hours: So long after `since` the goals are looked at.
    """

    words: str
    since: datetime
    code: str = ""
    because: str = ""
    goals: tuple[Goal, ...] = ()
    care: tuple[Care, ...] = ()
    within_hours: int = 24

    @property
    def key(self) -> str:
        """The same for the same problem."""
        return self.code or fold(self.words)

    def care_of(self, key: str) -> Care | None:
        """The intervention of a key."""
        return next((each for each in self.care if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Deed:
    """An intervention that was done.

    Attributes:
        care: What.
        at: When (aware).
        remark: What came of it, in the nurse's words; may be empty.
    """

    care: Care
    at: datetime
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How far the goals were reached at one time (aware)."""

    outcome: Outcome
    at: datetime
    remark: str = ""


def care_due(care: Care, since: datetime, last: datetime | None) -> datetime | None:
    """When an intervention is due again (aware); None for one that is done when needed."""
    if care.every_hours is None:
        return None
    hours = timedelta(hours=care.every_hours)
    return since if last is None else max(since, last) + hours


def evaluation_due(plan: Plan, last: datetime | None) -> datetime:
    """When the goals are to be looked at (aware)."""
    return max(plan.since, last or plan.since) + timedelta(hours=plan.within_hours)


def refuse_impossible(plan: Plan) -> None:
    """Let a plan pass that says something.

    Raises:
        Refused: ``problem-missing`` (field ``problem``); ``words-too-long`` (``most``);
            ``interventions-missing`` (field ``care``); ``too-many`` (``most``);
            ``impossible-value`` (field ``within_hours``).
    """
    if not plan.words.strip():
        raise Refused("problem-missing", field="problem")
    for field, texts in (
        ("problem", [plan.words]),
        ("goals", [goal.words for goal in plan.goals]),
        ("care", [care.words for care in plan.care]),
    ):
        if any(len(text) > LONGEST_NAME for text in texts):
            raise Refused("words-too-long", field=field, most=LONGEST_NAME)
        if len(texts) > MOST_PARTS:
            raise Refused("too-many", field=field, most=MOST_PARTS)
    if len(plan.because) > LONGEST_WORDS:
        raise Refused("words-too-long", field="because", most=LONGEST_WORDS)
    if not plan.care:
        raise Refused("interventions-missing", field="care")
    if not 1 <= plan.within_hours <= LONGEST_HOURS:
        raise Refused("impossible-value", field="within_hours", low=1, high=LONGEST_HOURS, unit="h")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A nursing problem that is open."""

    id: str
    patient: str
    problem: str
    opened_at: datetime | None
    stay: str | None = None


def same_problem_twice(plans: Iterable[PlanRow]) -> list[Collision]:
    """The same nursing problem open twice in one stay, as by two terminals without a net.

    Both stay, with whatever was done by each; a person revokes one.
    """
    groups: dict[tuple[str | None, ...], list[PlanRow]] = {}
    for row in plans:
        groups.setdefault((row.patient, row.stay, row.problem), []).append(row)
    found = []
    for rows in groups.values():
        for one, two in combinations(rows, 2):
            times = [row.opened_at for row in (one, two) if row.opened_at is not None]
            names = tuple(sorted((f"CarePlan/{one.id}", f"CarePlan/{two.id}")))
            found.append(
                Collision(
                    Rule.PROBLEM_TWICE, "low", names, one.patient,
                    max(times, default=None), Action.REVOKE_ONE,
                )
            )  # fmt: skip
    return sorted(found, key=lambda collision: collision.key)
