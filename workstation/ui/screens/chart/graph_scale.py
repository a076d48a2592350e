"""Where times and values of the graph lie: pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

_STEPS_HOURS = (1, 2, 3, 6, 12, 24, 48, 96, 168)
_LEAST_GAP = 74


@dataclass(frozen=True, slots=True)
class TimeScale:
    """A stretch of time over a stretch of pixels.

    Attributes:
        start: First moment (aware).
        end: Last moment (aware), after `start`.
        left: Pixel of `start`.
        width: Pixels between both.
    """

    start: datetime
    end: datetime
    left: float
    width: float

    def x(self, at: datetime) -> float:
        """The pixel of a moment."""
        return self.left + self.width * ((at - self.start) / (self.end - self.start))

    def ticks(self) -> Iterator[datetime]:
        """Full hours, on the clock of `end`, as many as stand beside each other."""
        hours = (self.end - self.start) / timedelta(hours=1)
        fit = max(self.width / _LEAST_GAP, 1)
        step = next((step for step in _STEPS_HOURS if hours / step <= fit), _STEPS_HOURS[-1])
        local = self.start.astimezone(self.end.tzinfo)
        tick = local.replace(hour=0, minute=0, second=0, microsecond=0)
        while tick <= self.end:
            if tick >= self.start:
                yield tick
            tick += timedelta(hours=step)


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Values over a stretch of pixels, the lowest at the bottom."""

    low: float
    high: float
    bottom: float
    height: float

    def y(self, value: Decimal | float) -> float:
        """The pixel of a value."""
        return self.bottom - self.height * (float(value) - self.low) / (self.high - self.low)


def extent(values: Sequence[Decimal], usual: tuple[float, float]) -> tuple[float, float]:
    """The usual stretch of a sign, wider when values lie outside of it."""
    if not values:
        return usual
    margin = (usual[1] - usual[0]) * 0.05
    low, high = float(min(values)), float(max(values))
    return (
        usual[0] if low >= usual[0] else low - margin,
        usual[1] if high <= usual[1] else high + margin,
    )


def nearest(times: Sequence[datetime], at: datetime) -> int:
    """The place of the time that is nearest; there is at least one."""
    return min(range(len(times)), key=lambda place: abs(times[place] - at))
