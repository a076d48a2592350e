"""Which early-warning score holds for a person, and the normal values at that person's age.

Under 16 years the Bedside PEWS; with a maternity chart MEOWS; for everybody else NEWS2, which is
made for people from 16 years on who are not pregnant (RCP 2017). Of a birth date that is a year
alone the first day counts, so that a child of eight is not scored as an adult. An unknown age is
an adult's: the ward of this program is one of adults unless the record says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from workstation.clinical import news2, vital_signs
from workstation.clinical.age import Age
from workstation.clinical.scores import meows, pews
from workstation.clinical.scores.warning import EarlyWarning, Reading, Readings, Scale
from workstation.clinical.vital_signs import Consciousness, Mark, Sign, Value, VitalSigns

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a person decides which score holds.

    Attributes:
        months: Age in whole months; ``None`` when it is not known.
        maternity: Whether the stay has a maternity chart: pregnant, or up to six weeks after.
        spo2_scale_2: Whether a doctor prescribed SpO2 scale 2.
    """

    months: int | None = None
    maternity: bool = False
    spo2_scale_2: bool = False

    @classmethod
    def of(cls, age: Age | None, *, maternity: bool = False, spo2_scale_2: bool = False) -> Facts:
        """The facts of a person of an age."""
        return cls(age.months if age else None, maternity, spo2_scale_2)

    @property
    def child(self) -> bool:
        """Whether the score of children holds."""
        return self.months is not None and self.months < news2.MINIMUM_AGE_YEARS * _MONTHS_A_YEAR

    @property
    def scale(self) -> Scale:
        """Which score holds; a child with a maternity chart is a mother first."""
        if self.maternity:
            return Scale.MEOWS
        return Scale.PEWS if self.child else Scale.NEWS2


def early_warning(facts: Facts, readings: Readings, *, at: datetime) -> EarlyWarning:
    """Score the newest value of each sign by the score that holds for a person.

    Args:
        facts: Of the person.
        readings: The newest value of each sign, which may come from several sets.
        at: The moment that the score is for (aware).
    """
    if facts.scale is Scale.MEOWS:
        return meows.score(readings, at=at)
    if facts.scale is Scale.PEWS:
        return pews.score(readings, months=facts.months or 0, at=at)
    return news2.score_latest(readings, at=at, spo2_scale_2=facts.spo2_scale_2)


def of_set(facts: Facts, vitals: VitalSigns) -> EarlyWarning:
    """Score one set of vital signs alone."""
    readings = {sign: Reading(value, vitals.at) for sign, value in vitals.measured()}
    return early_warning(facts, readings, at=vitals.at)


def normal_band(facts: Facts, sign: Sign) -> tuple[Decimal, Decimal] | None:
    """The normal band of a sign at a person's age; ``None`` where there is none.

    A child's are the values without points in the table of the Bedside PEWS (Parshuram 2009).
    """
    if facts.child:
        if sign is Sign.DIASTOLIC:
            return None
        band = pews.normal(sign, facts.months or 0)
        if band is not None:
            return band
    return vital_signs.normal_band(sign, spo2_scale_2=facts.spo2_scale_2)


def mark(facts: Facts, sign: Sign, value: Value) -> Mark:
    """Where a value lies against the normal band; everything but alert is low consciousness."""
    if isinstance(value, Consciousness):
        return Mark.NORMAL if value is Consciousness.ALERT else Mark.LOW
    band = normal_band(facts, sign)
    if band is None or band[0] <= value <= band[1]:
        return Mark.NORMAL
    return Mark.LOW if value < band[0] else Mark.HIGH
