"""Modified early obstetric warning system: red and yellow triggers, for pregnancy and after it.

Source: Singh S, McGlennan A, England A, Simons R. A validation study of the CEMACH recommended
modified early obstetric warning system (MEOWS). Anaesthesia 2012;67:12-18, table 1. A trigger is
one value in the red zone or two in the yellow one; there is no sum. The table's pain score runs
from 0 to 3 and is yellow from 2 on; pain here is 0 to 10, and 4 and more (moderate, severe) stand
for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from workstation.clinical.scores.warning import (
    RED,
    STALE_AFTER,
    EarlyWarning,
    Monitoring,
    Part,
    Readings,
    Risk,
    Scale,
    known,
    newest,
)
from workstation.clinical.vital_signs import Consciousness, Sign, Value

PARAMETERS: Final = (
    Sign.TEMPERATURE,
    Sign.SYSTOLIC,
    Sign.DIASTOLIC,
    Sign.HEART_RATE,
    Sign.RESPIRATORY_RATE,
    Sign.SPO2,
    Sign.PAIN,
    Sign.CONSCIOUSNESS,
)
YELLOW: Final = 1
_TWO_YELLOW: Final = 2

_Zones = tuple[Callable[[Decimal], bool], Callable[[Decimal], bool]]
"""Whether a value is in the red zone; whether it is in the yellow or the red one."""


def _outside(low: str, high: str) -> Callable[[Decimal], bool]:
    bottom, top = Decimal(low), Decimal(high)
    return lambda value: value < bottom or value > top


def _beyond(low: str, high: str) -> Callable[[Decimal], bool]:
    """Up to `low` and from `high` on."""
    bottom, top = Decimal(low), Decimal(high)
    return lambda value: value <= bottom or value >= top


def _never(_value: Decimal) -> bool:
    return False


_ZONES: Final[Mapping[Sign, _Zones]] = {
    Sign.TEMPERATURE: (_outside("35", "38"), _outside("36", "38")),
    Sign.SYSTOLIC: (_outside("90", "160"), _beyond("100", "150")),
    Sign.DIASTOLIC: (_outside("0", "100"), _outside("0", "89")),
    Sign.HEART_RATE: (_outside("40", "120"), _beyond("50", "100")),
    Sign.RESPIRATORY_RATE: (_outside("10", "30"), _outside("10", "20")),
    Sign.SPO2: (_outside("95", "100"), _outside("95", "100")),
    Sign.PAIN: (_never, _outside("0", "3")),
}
_MIND: Final[Mapping[Consciousness, int]] = {
    Consciousness.ALERT: 0,
    Consciousness.CONFUSED: YELLOW,
    Consciousness.VOICE: YELLOW,
    Consciousness.PAIN: RED,
    Consciousness.UNRESPONSIVE: RED,
}
"""The table knows alert, voice, pain, unresponsive; new confusion counts as voice does."""


def score(readings: Readings, *, at: datetime) -> EarlyWarning:
    """Look at the newest value of each sign.

    Args:
        readings: The newest value of each sign; others than `PARAMETERS` are ignored.
        at: The moment that the score is for (aware).
    """
    parts = tuple(_part(sign, readings, at) for sign in PARAMETERS)
    found = known(parts)
    red, yellow = found.count(RED), found.count(YELLOW)
    risk = _risk(red, yellow) if found else None
    return EarlyWarning(
        scale=Scale.MEOWS,
        parts=parts,
        total=red + yellow if found else None,
        at=newest(parts),
        risk=risk,
        monitoring=_MONITORING[risk] if risk else None,
        calls=risk in (Risk.MEDIUM, Risk.HIGH),
    )


def points(sign: Sign, value: Value) -> int | None:
    """0 in the white zone, `YELLOW`, or `RED`; ``None`` for a sign without zones."""
    if isinstance(value, Consciousness):
        return _MIND[value]
    if sign not in _ZONES:
        return None
    red, marked = _ZONES[sign]
    return RED if red(value) else YELLOW if marked(value) else 0


_MONITORING: Final[Mapping[Risk, Monitoring]] = {
    Risk.LOW: Monitoring.EVERY_12_HOURS,
    Risk.LOW_MEDIUM: Monitoring.EVERY_4_TO_6_HOURS,
    Risk.MEDIUM: Monitoring.EVERY_HOUR,
    Risk.HIGH: Monitoring.CONTINUOUS,
}
"""Steps of this program: the paper asks for an urgent doctor and names no intervals."""


def _risk(red: int, yellow: int) -> Risk:
    if red:
        return Risk.HIGH
    if yellow >= _TWO_YELLOW:
        return Risk.MEDIUM
    return Risk.LOW_MEDIUM if yellow else Risk.LOW


def _part(sign: Sign, readings: Readings, at: datetime) -> Part:
    reading = readings.get(sign)
    if reading is None:
        return Part(sign, None)
    found = points(sign, reading.value)
    return Part(sign, found, reading.value, reading.at, stale=reading.at < at - STALE_AFTER)
