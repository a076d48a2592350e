"""What a ward knows of nursing problems: goals, interventions, what in a chart hints at one.

Circular 31/2021/TT-BYT names the steps: assessment, nursing problem, intervention, evaluation. The
problems are data (`resources/knowledge/nursing_problems.json`, each with its source), and a
hospital may put its own in their place. A hint informs; it never opens a problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from workstation.clinical.care_level import CareLevel
from workstation.clinical.order_safety import NO_WORDS, Words
from workstation.clinical.scores.warning import RED, EarlyWarning
from workstation.clinical.vital_signs import Sign, Value

USUAL_HOURS: Final = 24
"""A goal is looked at again after this many hours where nothing else is said: once a day."""


@dataclass(frozen=True, slots=True)
class KnownGoal:
    """One goal of a problem."""

    id: str
    words: Words


@dataclass(frozen=True, slots=True)
class KnownCare:
    """One intervention.

    Attributes:
        id: In this knowledge; a record names what was done by it.
        words: For people.
        every_hours: How often it is usually done; None when needed.
    """

    id: str
    words: Words
    every_hours: int | None = None


@dataclass(frozen=True, slots=True)
class NursingProblem:
    """One problem.

    Attributes:
        id: In this knowledge.
        source: Key of a document, and the section.
        words: Its name.
        within_hours: So long after it is opened the goals are looked at.
        goals: What is to be reached.
        interventions: What is done; the most frequent first.
        suggested_by: What in a chart hints at it (`Hint`).
    """

    id: str
    source: tuple[str, str]
    words: Words = NO_WORDS
    within_hours: int = USUAL_HOURS
    goals: tuple[KnownGoal, ...] = ()
    interventions: tuple[KnownCare, ...] = ()
    suggested_by: tuple[str, ...] = ()

    def care(self, code: str) -> KnownCare | None:
        """The intervention of a code."""
        return next((each for each in self.interventions if each.id == code), None)

    def goal(self, code: str) -> KnownGoal | None:
        """The goal of a code."""
        return next((each for each in self.goals if each.id == code), None)


class Hint(StrEnum):
    """What in a chart hints at a problem."""

    PAIN = "pain"
    FEVER = "fever"
    MORSE = "morse"
    BRADEN = "braden"
    SCORE = "score"
    BREATHING = "breathing"
    CONFUSION = "confusion"
    LINE = "line"
    FEEDING_TUBE = "feeding-tube"
    WOUND = "wound"
    GLUCOSE = "glucose"
    CARE_LEVEL = "care-level-1"


_PAIN: Final = Decimal(4)
"""Moderate pain and more on the 0-10 scale. Source: Serlin RC et al. When is cancer pain mild,
moderate or severe? Pain 1995;61:277-284 (mild to 4); wards ask for an answer from 4 on."""
_FEVER: Final = Decimal(38)
"""°C."""
_LOW_GLUCOSE, _HIGH_GLUCOSE = Decimal("3.9"), Decimal(10)
"""mmol/L; below is hypoglycaemia, above is over the aim of a stay. Source: American Diabetes
Association, Standards of care: diabetes care in the hospital. Diabetes Care 2024;47:S295-S306."""
_MORSE: Final = 45
"""High risk. Source: Morse JM et al. A prospective study to identify the fall-prone patient. Soc
Sci Med 1989;28:81-86."""
_BRADEN: Final = 18
"""At risk at or below. Source: Bergstrom N et al. The Braden scale for predicting pressure sore
risk. Nurs Res 1987;36:205-210, and its later cut-off for general wards."""
_SCORE: Final = 5
"""NEWS2: the threshold of an urgent response (RCP 2017, chart 2)."""
_TWO_POINTS: Final = 2


@dataclass(frozen=True, slots=True)
class Findings:
    """What a chart holds that may hint at a problem.

    Attributes:
        signs: Newest value of each sign that is not too old.
        warning: The early-warning score now.
        morse: Newest total.
        braden: Newest total.
        line: Whether a line or catheter lies.
        feeding_tube: Whether a gastric tube lies.
        wound: Whether there is a wound.
        level: Care level of the stay.
    """

    signs: Mapping[Sign, Value]
    warning: EarlyWarning | None = None
    morse: int | None = None
    braden: int | None = None
    line: bool = False
    feeding_tube: bool = False
    wound: bool = False
    level: CareLevel | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A problem that the chart hints at.

    Attributes:
        problem: Which.
        hint: By what.
        value: The number that says so; None where being there is enough.
        sign: What the number is of, where a hint goes by more than one sign.
    """

    problem: NursingProblem
    hint: Hint
    value: Decimal | None = None
    sign: Sign | None = None


def hints(found: Findings) -> dict[Hint, Decimal | None]:
    """Everything in a chart that hints at a problem, with the number that says so.

    Breathing and confusion go by the early-warning score that holds for the person (two points or
    more for rate or saturation; the red of a changed consciousness), so that a prescribed lower
    saturation is no hint.
    """
    seen: dict[Hint, Decimal | None] = {}
    pain, heat = found.signs.get(Sign.PAIN), found.signs.get(Sign.TEMPERATURE)
    if isinstance(pain, Decimal) and pain >= _PAIN:
        seen[Hint.PAIN] = pain
    if isinstance(heat, Decimal) and heat >= _FEVER:
        seen[Hint.FEVER] = heat
    sugar = found.signs.get(Sign.GLUCOSE)
    if isinstance(sugar, Decimal) and not _LOW_GLUCOSE <= sugar <= _HIGH_GLUCOSE:
        seen[Hint.GLUCOSE] = sugar
    if found.morse is not None and found.morse >= _MORSE:
        seen[Hint.MORSE] = Decimal(found.morse)
    if found.braden is not None and found.braden <= _BRADEN:
        seen[Hint.BRADEN] = Decimal(found.braden)
    seen |= _warned(found.warning)
    there = {
        Hint.LINE: found.line,
        Hint.FEEDING_TUBE: found.feeding_tube,
        Hint.WOUND: found.wound,
        Hint.CARE_LEVEL: found.level is CareLevel.ONE,
    }
    return seen | {hint: None for hint, present in there.items() if present}


def _warned(warning: EarlyWarning | None) -> dict[Hint, Decimal | None]:
    if warning is None:
        return {}
    seen: dict[Hint, Decimal | None] = {}
    if warning.total is not None and warning.total >= _SCORE and warning.scale.value == "NEWS2":
        seen[Hint.SCORE] = Decimal(warning.total)
    breathing = _breathing(warning)
    if breathing is not None:
        seen[Hint.BREATHING] = breathing[1]
    aware = warning.part(Sign.CONSCIOUSNESS)
    if aware is not None and not aware.stale and aware.shade == RED:
        seen[Hint.CONFUSION] = None
    return seen


def _breathing(warning: EarlyWarning | None) -> tuple[Sign, Decimal | None] | None:
    """The sign that hints at impaired breathing, the rate before the saturation."""
    if warning is None:
        return None
    for sign in (Sign.RESPIRATORY_RATE, Sign.SPO2):
        part = warning.part(sign)
        if part is not None and not part.stale and (part.points or 0) >= _TWO_POINTS:
            return sign, part.value if isinstance(part.value, Decimal) else None
    return None


def suggested(
    problems: Iterable[NursingProblem], found: Findings, opened: Iterable[str]
) -> tuple[Suggestion, ...]:
    """The problems that a chart hints at and that are not open.

    Args:
        problems: What is known.
        found: What the chart holds.
        opened: Ids of the problems that are open.
    """
    seen, known = hints(found), frozenset(opened)
    breathing = _breathing(found.warning)
    suggestions = []
    for problem in problems:
        hint = next((Hint(each) for each in problem.suggested_by if each in seen), None)
        if hint is not None and problem.id not in known:
            sign = breathing[0] if hint is Hint.BREATHING and breathing else None
            suggestions.append(Suggestion(problem, hint, seen[hint], sign))
    return tuple(suggestions)
