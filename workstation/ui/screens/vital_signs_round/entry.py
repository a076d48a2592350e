"""What a nurse types in one cell of the round, read as values; forgiving about form alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from workstation.clinical.vital_signs import (
    Sign,
    Value,
    parse_blood_pressure,
    parse_consciousness,
    parse_number,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the round.

    Attributes:
        key: Name of the cell.
        words: English title, to be translated.
        unit: As shown under the title; English, to be translated.
        signs: The vital signs that the cell holds, in the order they are typed.
    """

    key: str
    words: str
    unit: str
    signs: tuple[Sign, ...]


# The order of the temperature sheet that nurses know: pulse, temperature, blood pressure, breaths.
COLUMNS: Final[tuple[Column, ...]] = (
    Column("heart_rate", "Pulse", "/min", (Sign.HEART_RATE,)),
    Column("temperature", "Temperature", "°C", (Sign.TEMPERATURE,)),
    Column("blood_pressure", "Blood pressure", "mmHg", (Sign.SYSTOLIC, Sign.DIASTOLIC)),
    Column("respiratory_rate", "Breaths", "/min", (Sign.RESPIRATORY_RATE,)),
    Column("spo2", "SpO₂", "%", (Sign.SPO2,)),
    Column("oxygen_flow", "Oxygen", "L/min", (Sign.OXYGEN_FLOW,)),
    Column("consciousness", "Consciousness", "ACVPU", (Sign.CONSCIOUSNESS,)),
    Column("pain", "Pain", "0–10", (Sign.PAIN,)),
)

_PAIR_WITHOUT_MARK: Final = re.compile(r"([0-9]{2,3})(?:[ .,-]+([0-9]{2,3})|([0-9]{2,3}))")
_DEGREES_WITHOUT_MARK: Final = re.compile(r"[34][0-9]{2}")
_ROOM_AIR: Final = ("air", "kt", "kp")


def read(column: Column, text: str) -> dict[Sign, Value]:
    """Read one cell.

    A temperature without its mark (``375``) is 37.5; a blood pressure may be typed ``120/80``,
    ``120 80`` or ``12080``; ``0``, ``air``, ``kt`` (khí trời) or ``kp`` (khí phòng) is room air.

    Args:
        column: The column it stands in.
        text: What was typed; a decimal comma and a decimal point are both understood.

    Returns:
        The value of each vital sign in the cell; nothing for an empty cell.

    Raises:
        Refused: The text says nothing, with the vital sign as field.
    """
    bare = text.strip().lower()
    if column.key == "blood_pressure":
        pairs = zip(column.signs, parse_blood_pressure(_with_stroke(bare)), strict=True)
        return {sign: value for sign, value in pairs if value is not None}
    sign = column.signs[0]
    value: Value | None
    if sign is Sign.CONSCIOUSNESS:
        value = parse_consciousness(bare)
    elif sign is Sign.OXYGEN_FLOW and bare in _ROOM_AIR:
        value = Decimal(0)
    else:
        value = parse_number(_with_point(bare) if sign is Sign.TEMPERATURE else bare, field=sign)
    return {} if value is None else {sign: value}


def _with_stroke(bare: str) -> str:
    match = _PAIR_WITHOUT_MARK.fullmatch(bare)
    return f"{match[1]}/{match[2] or match[3]}" if match else bare


def _with_point(bare: str) -> str:
    return f"{bare[:2]}.{bare[2]}" if _DEGREES_WITHOUT_MARK.fullmatch(bare) else bare
