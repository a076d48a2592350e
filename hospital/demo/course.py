"""How an invented illness runs: severity over time, and the vital signs that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from hospital.demo.chance import Dice
from hospital.demo.illnesses import Illness
from workstation.clinical.vital_signs import Consciousness, VitalSigns

Direction = Literal["recovering", "steady", "deteriorating", "mild"]

_ENDS: Final[dict[Direction, tuple[float, float]]] = {
    "recovering": (1.05, 0.3),
    "steady": (0.85, 0.7),
    "deteriorating": (0.5, 1.2),
    "mild": (0.5, 0.1),
}
_NEEDS_OXYGEN: Final = 0.55
_CONFUSED_FROM: Final = 1.12
_HOURS_THREE_TIMES: Final = (6, 14, 21)
_HOURS_FOUR_TIMES: Final = (6, 11, 17, 22)
_HOURS_SIX_TIMES: Final = (2, 6, 10, 14, 18, 22)


@dataclass(frozen=True, slots=True)
class Course:
    """One illness of one patient over one stay.

    Attributes:
        illness: What it is.
        direction: Where it goes.
        start: Admission (aware).
        now: The present.
        systolic: The patient's own blood pressure when well, mmHg.
        heart_rate: The patient's own pulse when well, per minute.
        spo2: The patient's own saturation when well, %.
        leaves_out: Whether consciousness is often not charted.
    """

    illness: Illness
    direction: Direction
    start: datetime
    now: datetime
    systolic: int
    heart_rate: int
    spo2: int
    leaves_out: bool

    def severity(self, at: datetime) -> float:
        """How bad it is: 0 is well, 1 the worst that the illness usually brings."""
        first, last = _ENDS[self.direction]
        whole = max((self.now - self.start) / timedelta(hours=1), 1.0)
        done = min(max((at - self.start) / timedelta(hours=1) / whole, 0.0), 1.0)
        if self.direction == "deteriorating":
            done = done**3
        return first + (last - first) * done

    def times(self, dice: Dice) -> list[datetime]:
        """When vital signs were measured: on admission, then by the clock of the ward."""
        hours = {
            "deteriorating": _HOURS_SIX_TIMES,
            "mild": _HOURS_THREE_TIMES,
        }.get(self.direction, _HOURS_FOUR_TIMES)
        found = [self.start + timedelta(minutes=dice.whole(5, 20))]
        day = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        while day <= self.now:
            for hour in hours:
                at = day + timedelta(hours=hour, minutes=dice.whole(-12, 18))
                if self.start + timedelta(hours=1) < at <= self.now:
                    found.append(at.replace(second=dice.whole(0, 59)))
            day += timedelta(days=1)
        return [at for at in found if at <= self.now]

    def vital_signs(self, dice: Dice, at: datetime) -> VitalSigns:
        """One set at a time."""
        ill, bad = self.illness, self.severity(at)
        oxygen = self._oxygen(bad)
        well = 92 if ill.hypercapnic else self.spo2
        saturation = min(well + ill.spo2 * bad + float(oxygen) * 0.9, 94 if oxygen else 99)
        systolic = dice.near(self.systolic + ill.systolic * bad, 4)
        return VitalSigns(
            at=at,
            respiratory_rate=dice.near(16 + ill.respiratory_rate * bad, 1),
            spo2=min(dice.near(saturation, 0.7), Decimal(100)),
            oxygen_flow=oxygen,
            systolic=systolic,
            diastolic=min(dice.near(float(systolic) * 0.6, 3), systolic - 15),
            heart_rate=dice.near(self.heart_rate + ill.heart_rate * bad, 4),
            consciousness=self._consciousness(dice, bad),
            temperature=dice.near(36.7 + ill.temperature * bad, 0.15, 1),
            pain=max(dice.near(1 + 3 * bad, 1), Decimal(0)) if dice.chance(0.7) else None,
        )

    def _oxygen(self, bad: float) -> Decimal:
        if self.illness.spo2 * bad > -8 * _NEEDS_OXYGEN:
            return Decimal(0)
        return Decimal(2) if self.illness.hypercapnic else Decimal(round(2 + 3 * bad))

    def _consciousness(self, dice: Dice, bad: float) -> Consciousness | None:
        if self.leaves_out and dice.chance(0.6):
            return None
        return Consciousness.CONFUSED if bad > _CONFUSED_FROM else Consciousness.ALERT
