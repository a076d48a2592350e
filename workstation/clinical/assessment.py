"""Assessments by scales: which are made for a person, and when the next one is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from workstation.clinical.early_warning import Facts
from workstation.clinical.scores.braden import BRADEN
from workstation.clinical.scores.flacc import FLACC, FROM_MONTHS, UNTIL_MONTHS
from workstation.clinical.scores.glasgow import CHILD_UNTIL_MONTHS, GLASGOW, GLASGOW_CHILD
from workstation.clinical.scores.morse import MORSE
from workstation.clinical.scores.scale import AssessmentScale, Meaning

SCALES: Final[Mapping[str, AssessmentScale]] = MappingProxyType(
    {each.id: each for each in (GLASGOW, GLASGOW_CHILD, BRADEN, MORSE, FLACC)}
)
FIRST_WITHIN: Final = timedelta(hours=8)
"""How soon after admission the scales of everybody are due: EPUAP/NPIAP/PPPIA 2019 asks for the
risk of pressure sores "as soon as possible"; eight hours are within the shift of admission."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """One filled-in scale.

    Attributes:
        scale: Which.
        at: When (aware).
        answers: Key of the answer by id of the item.
    """

    scale: AssessmentScale
    at: datetime
    answers: Mapping[str, str]

    @property
    def total(self) -> int | None:
        """The sum; ``None`` where a part could not be tested."""
        return self.scale.total(self.answers)

    @property
    def meaning(self) -> Meaning | None:
        """What it says."""
        return self.scale.meaning(self.total)

    @property
    def formula(self) -> str:
        """The parts with their letters."""
        return self.scale.formula(self.answers)


def scales_for(facts: Facts) -> tuple[AssessmentScale, ...]:
    """The scales that are made for a person of an age.

    Braden and Morse were made for adults; the scales of children (Braden Q, Humpty Dumpty) are
    others and not offered.
    """
    months = facts.months
    if months is None or not facts.child:
        return GLASGOW, BRADEN, MORSE
    coma = GLASGOW_CHILD if months < CHILD_UNTIL_MONTHS else GLASGOW
    return (coma, FLACC) if FROM_MONTHS <= months < UNTIL_MONTHS else (coma,)


def due_at(
    scale: AssessmentScale, last: Assessment | None, admitted_at: datetime | None
) -> datetime | None:
    """When the next assessment by a scale is due at the latest; ``None`` when none is.

    Of one without a total, what could not be tested is taken for the best that it can be: only
    the coma scale has such items, and its most points are its best.

    Args:
        scale: Which scale.
        last: The newest assessment of this stay by it.
        admitted_at: Beginning of the stay (aware).
    """
    if last is None:
        return admitted_at + FIRST_WITHIN if scale.on_admission and admitted_at else None
    meaning = scale.meaning(scale.at_best(last.answers))
    again = meaning.again if meaning else None
    return last.at + again if again else None
