"""What a measured value cannot be, what it hardly is, and which unit it was probably read in.

Impossible values are refused, with the value in the right unit where the wrong one explains it.
Rare ones have to be entered twice: outside the plausible band of the age, or a weight that has
changed by 30 % or more since the last one of the stay (a slip of a digit or another patient's).
The bands are decisions of this program, wide enough for the sickest patients of a ward; those of
children follow the outermost values of the Bedside PEWS (Parshuram 2009) and, for weight and
height, the WHO growth standards (2006, 2007) from -4 to +4 standard deviations, rounded outwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from workstation.clinical.early_warning import Facts
from workstation.clinical.scores import pews
from workstation.clinical.vital_signs import GLUCOSE_MG_DL, LIMITS, Sign, VitalSigns
from workstation.kernel.errors import Refused

WEIGHT_CHANGE: Final = Decimal("0.3")
"""Share of the last weight from which on a change is doubted."""

_Band = tuple[Decimal, Decimal]


def _band(low: str, high: str) -> _Band:
    return Decimal(low), Decimal(high)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One value that is possible and has to be entered twice.

    Attributes:
        sign: Of what.
        why: ``rare``: outside the plausible band of the age; ``changed``: too far from before.
        before: The value before, when it is that.
    """

    sign: Sign
    why: Literal["rare", "changed"]
    before: Decimal | None = None


_CHILDREN: Final[Mapping[Sign, tuple[_Band, ...]]] = {
    Sign.HEART_RATE: (
        _band("60", "230"), _band("55", "220"), _band("45", "210"), _band("40", "200"),
        _band("30", "220"),
    ),
    Sign.RESPIRATORY_RATE: (
        _band("12", "100"), _band("12", "95"), _band("10", "85"), _band("8", "70"),
        _band("6", "60"),
    ),
    Sign.SYSTOLIC: (
        _band("35", "140"), _band("45", "160"), _band("50", "170"), _band("55", "190"),
        _band("60", "210"),
    ),
    Sign.DIASTOLIC: (
        _band("15", "90"), _band("20", "100"), _band("25", "110"), _band("25", "120"),
        _band("30", "130"),
    ),
    Sign.WEIGHT: (
        _band("0.5", "9"), _band("3", "15"), _band("5", "35"), _band("8", "90"), _band("18", "150"),
    ),
    Sign.HEIGHT: (
        _band("30", "72"), _band("48", "90"), _band("62", "130"), _band("80", "180"),
        _band("110", "205"),
    ),
}  # fmt: skip
"""By the five bands of age of the Bedside PEWS."""


def plausible_band(facts: Facts, sign: Sign) -> _Band:
    """The values of a sign that are not asked for twice, at a person's age."""
    if facts.child and sign in _CHILDREN:
        return _CHILDREN[sign][pews.band(facts.months or 0)]
    return LIMITS[sign].plausible


def doubts(
    vitals: VitalSigns, facts: Facts, *, weight_before: Decimal | None = None
) -> tuple[Doubt, ...]:
    """What has to be entered twice.

    Args:
        vitals: The set.
        facts: Of the person.
        weight_before: The last weight of the stay, kg.
    """
    found = []
    for sign, value in vitals.measured():
        if not isinstance(value, Decimal):
            continue
        low, high = plausible_band(facts, sign)
        if not low <= value <= high:
            found.append(Doubt(sign, "rare"))
        elif sign is Sign.WEIGHT and weight_before and _changed(value, weight_before):
            found.append(Doubt(sign, "changed", weight_before))
    return tuple(found)


def _changed(value: Decimal, before: Decimal) -> bool:
    return abs(value - before) >= WEIGHT_CHANGE * before


def refuse_impossible(vitals: VitalSigns) -> None:
    """Check every value against what a living body can show.

    Raises:
        Refused: ``impossible-value`` (``low``, ``high``, ``unit``), ``other-unit`` (``unit``, the
            one it was probably read in, ``instead``, the value in ours, ``ours``),
            ``too-many-decimals`` (``decimals``) or ``diastolic-not-below-systolic``; ``field`` is
            the sign.
    """
    for sign, value in vitals.measured():
        if isinstance(value, Decimal):
            _refuse_impossible(sign, value)
    systolic, diastolic = vitals.systolic, vitals.diastolic
    if systolic is not None and diastolic is not None and diastolic >= systolic:
        raise Refused("diastolic-not-below-systolic", field=Sign.DIASTOLIC)


def _refuse_impossible(sign: Sign, value: Decimal) -> None:
    limits = LIMITS[sign]
    low, high = limits.possible
    if not value.is_finite() or not low <= value <= high:
        _refuse_other_unit(sign, value)
        raise Refused("impossible-value", field=sign, low=low, high=high, unit=limits.unit)
    if value != value.quantize(Decimal(1).scaleb(-limits.decimals)):
        raise Refused("too-many-decimals", field=sign, decimals=limits.decimals)


_OTHER_UNITS: Final[Mapping[Sign, tuple[str, _Band]]] = {
    Sign.TEMPERATURE: ("[degF]", _band("90", "112")),
    Sign.HEIGHT: ("m", _band("0.3", "2.5")),
    Sign.WEIGHT: ("g", _band("701", "9000")),
    Sign.GLUCOSE: ("mg/dL", _band("33.4", "600")),
}
"""The unit that a value out of bounds was probably read in, where it makes sense in that unit:
32.2 to 44.4 °C, 30 to 250 cm, the weight of a newborn on a scale that shows grams, and the glucose
of a meter that is set to mg/dL."""


def other_unit(sign: Sign, value: Decimal) -> tuple[str, Decimal] | None:
    """The unit that an impossible value was probably read in, and the value in ours.

    Args:
        sign: Of what.
        value: As typed.

    Returns:
        A UCUM code and the value to the digits that people write; ``None`` if no unit explains it.
    """
    if sign not in _OTHER_UNITS or not value.is_finite():
        return None
    unit, (low, high) = _OTHER_UNITS[sign]
    if not low <= value <= high:
        return None
    ours = {
        "[degF]": (value - 32) * 5 / 9,
        "m": value * 100,
        "g": value / 1000,
        "mg/dL": value / GLUCOSE_MG_DL,
    }[unit]
    return unit, ours.quantize(Decimal(1).scaleb(-LIMITS[sign].decimals))


def _refuse_other_unit(sign: Sign, value: Decimal) -> None:
    found = other_unit(sign, value)
    if found is not None:
        unit, instead = found
        raise Refused("other-unit", field=sign, unit=unit, instead=instead, ours=LIMITS[sign].unit)
