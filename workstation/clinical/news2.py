"""National Early Warning Score 2, exact to the table of the Royal College of Physicians (2017).

Source: Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017;
chart 1 (scoring), chart 2 (thresholds and triggers) and chart 4 (clinical response). For people
of 16 years and older who are not pregnant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from workstation.clinical.scores.warning import (
    STALE_AFTER,
    EarlyWarning,
    Monitoring,
    Part,
    Reading,
    Readings,
    Risk,
    Scale,
    known,
    newest,
)
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

MINIMUM_AGE_YEARS: Final = 16


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
_RED: Final = 3
_URGENT: Final = 5
_EMERGENCY: Final = 7
_NOT_ALERT: Final = 3


def score(vitals: VitalSigns, *, spo2_scale_2: bool = False) -> EarlyWarning:
    """Score one set of vital signs.

    Args:
        vitals: The set.
        spo2_scale_2: Whether a doctor prescribed scale 2 (hypercapnic respiratory failure).
    """
    readings = {sign: Reading(value, vitals.at) for sign, value in vitals.measured()}
    return score_latest(readings, at=vitals.at, spo2_scale_2=spo2_scale_2)


def score_latest(
    readings: Readings,
    *,
    at: datetime,
    spo2_scale_2: bool = False,
    stale_after: timedelta = STALE_AFTER,
) -> EarlyWarning:
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
    points = known(parts)
    total = sum(points) if points else None
    risk = _risk(total, max(points, default=0))
    return EarlyWarning(
        scale=Scale.NEWS2,
        parts=parts,
        total=total,
        at=newest(parts),
        risk=risk,
        monitoring=_monitoring(risk, total),
        calls=risk not in (None, Risk.LOW),
        spo2_scale=2 if spo2_scale_2 else 1,
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


def _risk(total: int | None, worst: int) -> Risk | None:
    """Chart 2."""
    if total is None:
        return None
    if total >= _EMERGENCY:
        return Risk.HIGH
    if total >= _URGENT:
        return Risk.MEDIUM
    return Risk.LOW_MEDIUM if worst == _RED else Risk.LOW


def _monitoring(risk: Risk | None, total: int | None) -> Monitoring | None:
    """Chart 4."""
    if risk is None:
        return None
    if risk is Risk.LOW:
        return Monitoring.EVERY_4_TO_6_HOURS if total else Monitoring.EVERY_12_HOURS
    return Monitoring.CONTINUOUS if risk is Risk.HIGH else Monitoring.EVERY_HOUR


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
