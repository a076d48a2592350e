"""One set of vital signs: values, units, normal bands, what is impossible or implausible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from workstation.kernel.errors import Refused


class Sign(StrEnum):
    """What is measured; the value is the name of the field in `VitalSigns`."""

    RESPIRATORY_RATE = "respiratory_rate"
    SPO2 = "spo2"
    OXYGEN_FLOW = "oxygen_flow"
    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    HEART_RATE = "heart_rate"
    CONSCIOUSNESS = "consciousness"
    TEMPERATURE = "temperature"
    PAIN = "pain"
    WEIGHT = "weight"
    HEIGHT = "height"
    CAPILLARY_REFILL = "capillary_refill"
    RESPIRATORY_EFFORT = "respiratory_effort"
    GLUCOSE = "glucose"


class Consciousness(StrEnum):
    """The ACVPU scale of NEWS2 (RCP 2017)."""

    ALERT = "A"
    CONFUSED = "C"
    VOICE = "V"
    PAIN = "P"
    UNRESPONSIVE = "U"


Value = Decimal | Consciousness


class Mark(StrEnum):
    """Where a value lies against the normal band of adults."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sign is measured in, and its bounds (all inclusive, in `unit`).

    Attributes:
        unit: UCUM code.
        decimals: Digits after the decimal mark that people write.
        possible: Outside of it the value cannot be true: refused.
        plausible: Outside of it the value is asked for twice.
        normal: Normal band of a resting adult, drawn behind graphs; ``None`` where there is none.
    """

    unit: str
    decimals: int
    possible: tuple[Decimal, Decimal]
    plausible: tuple[Decimal, Decimal]
    normal: tuple[Decimal, Decimal] | None


def _band(low: str, high: str) -> tuple[Decimal, Decimal]:
    return Decimal(low), Decimal(high)


LIMITS: Final[Mapping[Sign, Limits]] = {
    Sign.RESPIRATORY_RATE: Limits(
        "/min", 0, _band("0", "120"), _band("6", "60"), _band("12", "20")
    ),
    Sign.SPO2: Limits("%", 0, _band("1", "100"), _band("70", "100"), _band("95", "100")),
    Sign.OXYGEN_FLOW: Limits("L/min", 1, _band("0", "80"), _band("0", "15"), None),
    Sign.SYSTOLIC: Limits("mm[Hg]", 0, _band("20", "350"), _band("60", "260"), _band("90", "139")),
    Sign.DIASTOLIC: Limits("mm[Hg]", 0, _band("0", "300"), _band("30", "150"), _band("60", "89")),
    Sign.HEART_RATE: Limits("/min", 0, _band("0", "350"), _band("30", "220"), _band("60", "100")),
    Sign.TEMPERATURE: Limits("Cel", 1, _band("13", "46"), _band("33", "42"), _band("36.0", "37.5")),
    Sign.PAIN: Limits("{score}", 0, _band("0", "10"), _band("0", "10"), _band("0", "3")),
    Sign.WEIGHT: Limits("kg", 1, _band("0.2", "700"), _band("25", "200"), None),
    Sign.HEIGHT: Limits("cm", 0, _band("20", "275"), _band("120", "210"), None),
    Sign.CAPILLARY_REFILL: Limits("s", 1, _band("0", "30"), _band("0", "10"), _band("0", "2.9")),
    Sign.RESPIRATORY_EFFORT: Limits(
        "{score}", 0, _band("0", "3"), _band("0", "3"), _band("0", "0")
    ),
    Sign.GLUCOSE: Limits(
        "mmol/L", 1, _band("0.6", "33.3"), _band("2.8", "25"), _band("3.9", "10.0")
    ),
}
"""Bounds of the measured numbers.

Normal bands: adult reference values as taught in Viet Nam; blood pressure by the hypertension
guideline of the health ministry (QĐ 3192/2010: from 140/90). The colours of the early-warning
score do not come from here but from `workstation.clinical.news2`. Glucose in capillary blood:
what a meter can show (0.6 to 33.3; beyond that it says LO or HI), and from where low begins (3.9)
to the upper target in hospital (10.0) of the ADA's Standards of Care in Diabetes.
"""

GLUCOSE_MG_DL: Final = Decimal("18.016")
"""mg/dL of glucose in 1 mmol/L: its molar mass is 180.16 g/mol."""

SPO2_SCALE_2_NORMAL: Final = _band("88", "92")
"""Target saturation of patients on SpO2 scale 2 (RCP 2017)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSigns:
    """One set, measured at one time. ``None`` means that it was not measured.

    Attributes:
        at: When it was measured (aware).
        respiratory_rate: Breaths per minute.
        spo2: Oxygen saturation, %.
        oxygen_flow: Inhaled oxygen, L/min; 0 is room air.
        systolic: mmHg.
        diastolic: mmHg.
        heart_rate: Beats per minute.
        consciousness: ACVPU.
        temperature: °C.
        pain: 0 to 10.
        weight: kg.
        height: cm.
        capillary_refill: Seconds until a pressed nail bed is pink again.
        respiratory_effort: 0 normal, 1 mild, 2 moderate, 3 severe increase or any apnoea.
        glucose: In capillary blood, by a meter at the bedside, mmol/L.
    """

    at: datetime
    respiratory_rate: Decimal | None = None
    spo2: Decimal | None = None
    oxygen_flow: Decimal | None = None
    systolic: Decimal | None = None
    diastolic: Decimal | None = None
    heart_rate: Decimal | None = None
    consciousness: Consciousness | None = None
    temperature: Decimal | None = None
    pain: Decimal | None = None
    weight: Decimal | None = None
    height: Decimal | None = None
    capillary_refill: Decimal | None = None
    respiratory_effort: Decimal | None = None
    glucose: Decimal | None = None

    def value(self, sign: Sign) -> Value | None:
        """The value of one sign, ``None`` if it was not measured."""
        value: Value | None = getattr(self, sign.value)
        return value

    def measured(self) -> Iterator[tuple[Sign, Value]]:
        """Every sign that was measured, in the order of `Sign`."""
        for sign in Sign:
            value = self.value(sign)
            if value is not None:
                yield sign, value

    def __bool__(self) -> bool:
        """Whether anything was measured."""
        return any(True for _ in self.measured())


_NUMBER: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:[.,'\u00a0\u202f ][0-9]{3})+(?:[.,][0-9]+)?")


def parse_number(text: str, *, field: str | None = None) -> Decimal | None:
    """Read what a person typed; decimal comma and point mean the same.

    ``1.234`` and ``1,234`` are refused: one reader takes them for 1234, another for 1.234.

    Args:
        text: As typed; spaces around it do not count.
        field: Name of the input, for the message.

    Returns:
        The exact number, or ``None`` for an empty text.

    Raises:
        Refused: ``group-separator`` or ``not-a-number``.
    """
    bare = text.strip()
    if not bare:
        return None
    if _GROUPED.fullmatch(bare):
        raise Refused("group-separator", field=field)
    if not _NUMBER.fullmatch(bare):
        raise Refused("not-a-number", field=field)
    return Decimal(bare.replace(",", "."))


def parse_blood_pressure(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Read ``120/80`` (or ``120``): systolic and diastolic in mmHg.

    Raises:
        Refused: ``group-separator`` or ``not-a-number``, with the field at fault.
    """
    systolic, _, diastolic = text.partition("/")
    return (
        parse_number(systolic, field=Sign.SYSTOLIC),
        parse_number(diastolic, field=Sign.DIASTOLIC),
    )


def parse_consciousness(text: str) -> Consciousness | None:
    """Read one letter of ACVPU, in either case.

    Raises:
        Refused: ``not-acvpu``.
    """
    bare = text.strip().upper()
    if not bare:
        return None
    try:
        return Consciousness(bare)
    except ValueError as error:
        raise Refused("not-acvpu", field=Sign.CONSCIOUSNESS) from error


def normal_band(sign: Sign, *, spo2_scale_2: bool = False) -> tuple[Decimal, Decimal] | None:
    """The normal band of a sign, in its unit; ``None`` where there is none."""
    if sign is Sign.SPO2 and spo2_scale_2:
        return SPO2_SCALE_2_NORMAL
    limits = LIMITS.get(sign)
    return limits.normal if limits else None
