"""National Early Warning Score 2, exact to the table of the Royal College of Physicians (2017).

Source: Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017;
chart 1 (scoring), chart 2 (thresholds and triggers) and chart 4 (clinical response). For people
of 16 years and older who are not pregnant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from workstation.clinical.vital_signs import Consciousness, Sign, Value, VitalSigns

PARAMETERS: Final = (
    Sign.RESPIRATORY_RATE,
    Sign.SPO2,
    Sign.OXYGEN_FLOW,
    Sign.SYSTOLIC,
    Sign.HEART_RATE,
    Sign.CONSCIOUSNESS,
    Sign.TEMPERATURE,
)
"""The seven parameters in the order of the chart."""

STALE_AFTER: Final = timedelta(hours=12)
"""The longest interval between two sets that the RCP allows (a score of 0)."""

MINIMUM_AGE_YEARS: Final = 16


class Risk(StrEnum):
    """Clinical risk (chart 2)."""

    LOW = "low"
    LOW_MEDIUM = "low-medium"
    MEDIUM = "medium"
    HIGH = "high"


class Monitoring(StrEnum):
    """Least frequency of monitoring (chart 4)."""

    EVERY_12_HOURS = "every-12-hours"
    EVERY_4_TO_6_HOURS = "every-4-to-6-hours"
    EVERY_HOUR = "every-hour"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest value of one sign and when it was measured (aware)."""

    value: Value
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """What one parameter adds to the score.

    Attributes:
        points: 0 to 3; ``None`` when it cannot be scored.
        value: What was measured; ``None`` when it was not.
        at: When it was measured.
        stale: Measured too long ago to stand for now.
    """

    sign: Sign
    points: int | None
    value: Value | None = None
    at: datetime | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class News2:
    """The score with the parts that made it.

    Attributes:
        parts: One for each of `PARAMETERS`, in that order.
        spo2_scale: 1, or 2 when a doctor prescribed it.
        total: Sum of the known parts, the least that the score can be; ``None`` when none is known.
        at: Time of the newest value in it.
    """

    parts: tuple[Part, ...]
    spo2_scale: int
    total: int | None
    at: datetime | None

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
        """Parameters that score 3 alone ("red score")."""
        return tuple(part.sign for part in self.parts if part.points == 3)  # noqa: PLR2004

    @property
    def risk(self) -> Risk | None:
        """Clinical risk; of an incomplete score the least that it can be."""
        if self.total is None:
            return None
        if self.total >= 7:  # noqa: PLR2004
            return Risk.HIGH
        if self.total >= 5:  # noqa: PLR2004
            return Risk.MEDIUM
        return Risk.LOW_MEDIUM if self.red else Risk.LOW

    @property
    def monitoring(self) -> Monitoring | None:
        """How often the patient must be observed at least."""
        risk = self.risk
        if risk is None:
            return None
        if risk is Risk.LOW:
            return Monitoring.EVERY_4_TO_6_HOURS if self.total else Monitoring.EVERY_12_HOURS
        return Monitoring.CONTINUOUS if risk is Risk.HIGH else Monitoring.EVERY_HOUR


_Bands = tuple[tuple[Decimal | None, int], ...]


def _bands(*rows: tuple[str | None, int]) -> _Bands:
    """Highest value of each band, from below; ``None`` is the band without an upper end."""
    return tuple((None if top is None else Decimal(top), points) for top, points in rows)


_TABLE: Final[Mapping[Sign, _Bands]] = {
    Sign.RESPIRATORY_RATE: _bands(("8", 3), ("11", 1), ("20", 0), ("24", 2), (None, 3)),
    Sign.SYSTOLIC: _bands(("90", 3), ("100", 2), ("110", 1), ("219", 0), (None, 3)),
    Sign.HEART_RATE: _bands(("40", 3), ("50", 1), ("90", 0), ("110", 1), ("130", 2), (None, 3)),
    Sign.TEMPERATURE: _bands(("35.0", 3), ("36.0", 1), ("38.0", 0), ("39.0", 1), (None, 2)),
}
_SPO2_SCALE_1: Final = _bands(("91", 3), ("93", 2), ("95", 1), (None, 0))
_SPO2_SCALE_2_AIR: Final = _bands(("83", 3), ("85", 2), ("87", 1), (None, 0))
_SPO2_SCALE_2_OXYGEN: Final = _bands(
    ("83", 3), ("85", 2), ("87", 1), ("92", 0), ("94", 1), ("96", 2), (None, 3)
)
_SPO2_SCALE_2_TARGET_TOP: Final = Decimal(92)
_ON_OXYGEN: Final = 2
_NOT_ALERT: Final = 3


def score(vitals: VitalSigns, *, spo2_scale_2: bool = False) -> News2:
    """Score one set of vital signs.

    Args:
        vitals: The set.
        spo2_scale_2: Whether a doctor prescribed scale 2 (hypercapnic respiratory failure).
    """
    readings = {sign: Reading(value, vitals.at) for sign, value in vitals.measured()}
    return score_latest(readings, at=vitals.at, spo2_scale_2=spo2_scale_2)


def score_latest(
    readings: Mapping[Sign, Reading],
    *,
    at: datetime,
    spo2_scale_2: bool = False,
    stale_after: timedelta = STALE_AFTER,
) -> News2:
    """Score the newest value of each sign, which may come from several sets.

    Args:
        readings: The newest value of each sign; others than `PARAMETERS` are ignored.
        at: The moment that the score is for (aware).
        spo2_scale_2: Whether a doctor prescribed scale 2.
        stale_after: Age from which on a value is marked as stale; it is scored none the less.
    """
    oxygen = readings.get(Sign.OXYGEN_FLOW)
    on_oxygen = _on_oxygen(oxygen.value) if oxygen else None
    parts = tuple(
        _part(sign, readings.get(sign), on_oxygen, at - stale_after, spo2_scale_2=spo2_scale_2)
        for sign in PARAMETERS
    )
    known = [part.points for part in parts if part.points is not None]
    times = [part.at for part in parts if part.at is not None]
    return News2(
        parts=parts,
        spo2_scale=2 if spo2_scale_2 else 1,
        total=sum(known) if known else None,
        at=max(times) if times else None,
    )


def points(
    sign: Sign, value: Value, *, spo2_scale_2: bool = False, on_oxygen: bool | None = None
) -> int | None:
    """The points of one value.

    A number with more digits than the chart has is rounded half up to the chart's digits
    (temperature 0.1 °C, all others whole numbers) before it is scored.

    Args:
        sign: One of `PARAMETERS`.
        value: In the unit of `workstation.clinical.vital_signs.LIMITS`.
        spo2_scale_2: Whether scale 2 is prescribed.
        on_oxygen: Whether the patient breathes supplemental oxygen; ``None`` if it is not known.

    Returns:
        0 to 3, or ``None``: a saturation above the target of scale 2 cannot be scored without
        knowing about oxygen, and other signs have no points.
    """
    if isinstance(value, Consciousness):
        return 0 if value is Consciousness.ALERT else _NOT_ALERT
    if sign is Sign.OXYGEN_FLOW:
        return _ON_OXYGEN if value > 0 else 0
    rounded = _as_charted(sign, value)
    if sign is Sign.SPO2:
        bands = _spo2_bands(rounded, on_oxygen, spo2_scale_2=spo2_scale_2)
    else:
        bands = _TABLE.get(sign)
    return None if bands is None else _look_up(bands, rounded)


def _on_oxygen(flow: Value) -> bool | None:
    return flow > 0 if isinstance(flow, Decimal) else None


def _part(
    sign: Sign,
    reading: Reading | None,
    on_oxygen: bool | None,  # noqa: FBT001
    oldest: datetime,
    *,
    spo2_scale_2: bool,
) -> Part:
    if reading is None:
        return Part(sign, None)
    scored = points(sign, reading.value, spo2_scale_2=spo2_scale_2, on_oxygen=on_oxygen)
    return Part(sign, scored, reading.value, reading.at, stale=reading.at < oldest)


def _as_charted(sign: Sign, value: Decimal) -> Decimal:
    digit = Decimal("0.1") if sign is Sign.TEMPERATURE else Decimal(1)
    return value.quantize(digit, ROUND_HALF_UP)


def _spo2_bands(
    value: Decimal,
    on_oxygen: bool | None,  # noqa: FBT001
    *,
    spo2_scale_2: bool,
) -> _Bands | None:
    if not spo2_scale_2:
        return _SPO2_SCALE_1
    if on_oxygen:
        return _SPO2_SCALE_2_OXYGEN
    if on_oxygen is None and value > _SPO2_SCALE_2_TARGET_TOP:
        return None
    return _SPO2_SCALE_2_AIR


def _look_up(bands: _Bands, value: Decimal) -> int:
    return next(points for top, points in bands if top is None or value <= top)
