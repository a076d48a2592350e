"""What every early-warning score comes to: its parts, its total, what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from workstation.clinical.vital_signs import Sign, Value

Shade = Literal[0, 1, 2, 3]
"""Colour of a part on a published chart: 0 white, 1 yellow, 2 orange, 3 red."""
RED: Final = 3


class Scale(StrEnum):
    """Which early-warning score it is."""

    NEWS2 = "NEWS2"
    PEWS = "PEWS"
    MEOWS = "MEOWS"


class Risk(StrEnum):
    """Clinical risk, in the words of NEWS2 chart 2."""

    LOW = "low"
    LOW_MEDIUM = "low-medium"
    MEDIUM = "medium"
    HIGH = "high"


class Monitoring(StrEnum):
    """Least frequency of monitoring, in the steps of NEWS2 chart 4."""

    EVERY_12_HOURS = "every-12-hours"
    EVERY_4_TO_6_HOURS = "every-4-to-6-hours"
    EVERY_HOUR = "every-hour"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest value of one sign and when it was measured (aware)."""

    value: Value
    at: datetime


Readings = Mapping[Sign, Reading]


@dataclass(frozen=True, slots=True)
class Part:
    """What one parameter adds to the score.

    Attributes:
        points: As the scale has them; ``None`` when it cannot be scored.
        value: What was measured; ``None`` when it was not.
        at: When it was measured.
        stale: Measured too long ago to stand for now.
    """

    sign: Sign
    points: int | None
    value: Value | None = None
    at: datetime | None = None
    stale: bool = False

    @property
    def shade(self) -> Shade:
        """The colour of its points; every scale has red as its worst."""
        shades: tuple[Shade, ...] = (0, 1, 2, 3)
        return shades[min(self.points or 0, RED)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyWarning:
    """A score with the parts that made it.

    Attributes:
        scale: Which score.
        parts: One for each parameter of the scale, in the order of its chart.
        total: Sum of the known parts, the least that the score can be; of MEOWS, which has no sum,
            the number of values in a coloured zone. ``None`` when nothing is known.
        at: Time of the newest value in it.
        risk: Clinical risk; of an incomplete score the least that it can be.
        monitoring: How often the patient must be observed at least.
        calls: Whether somebody has to be called.
        spo2_scale: 1, or 2 when a doctor prescribed it (NEWS2 alone).
    """

    scale: Scale
    parts: tuple[Part, ...]
    total: int | None
    at: datetime | None
    risk: Risk | None
    monitoring: Monitoring | None
    calls: bool
    spo2_scale: int = 1

    @property
    def missing(self) -> tuple[Sign, ...]:
        """Parameters that could not be scored."""
        return tuple(part.sign for part in self.parts if part.points is None)

    @property
    def stale(self) -> tuple[Sign, ...]:
        """Parameters that were scored from a value that is too old."""
        return tuple(part.sign for part in self.parts if part.stale)

    @property
    def complete(self) -> bool:
        """Whether every parameter was scored from a value that is not stale."""
        return not self.missing and not self.stale

    @property
    def red(self) -> tuple[Sign, ...]:
        """Parameters in the red zone alone."""
        return tuple(part.sign for part in self.parts if part.shade == RED)

    def part(self, sign: Sign) -> Part | None:
        """The part of one sign; ``None`` where the scale does not look at it."""
        return next((part for part in self.parts if part.sign is sign), None)


def newest(parts: tuple[Part, ...]) -> datetime | None:
    """Time of the newest value among parts."""
    return max((part.at for part in parts if part.at is not None), default=None)


def known(parts: tuple[Part, ...]) -> list[int]:
    """The points of the parts that could be scored."""
    return [part.points for part in parts if part.points is not None]


STALE_AFTER: Final = timedelta(hours=12)
"""The longest interval between two sets that the RCP allows (NEWS2 2017, chart 4: a score of 0)."""
