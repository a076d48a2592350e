"""How much of a substance an amount is: units of mass, international units, tablets by strength.

Where a text can be read in two ways (``1.000``), or says several strengths, there is no answer:
what cannot be reckoned with certainty is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from workstation.clinical.order_safety import Quantity
from workstation.kernel.folding import fold

_UNITS: Final[Mapping[str, tuple[str, Decimal]]] = {
    "g": ("mg", Decimal(1000)),
    "gam": ("mg", Decimal(1000)),
    "gram": ("mg", Decimal(1000)),
    "mg": ("mg", Decimal(1)),
    "mcg": ("mg", Decimal("0.001")),
    "ug": ("mg", Decimal("0.001")),
    "µg": ("mg", Decimal("0.001")),
    "μg": ("mg", Decimal("0.001")),
    "microgam": ("mg", Decimal("0.001")),
    "iu": ("IU", Decimal(1)),
    "ui": ("IU", Decimal(1)),
    "u": ("IU", Decimal(1)),
    "[iu]": ("IU", Decimal(1)),
    "don vi": ("IU", Decimal(1)),
    "mmol": ("mmol", Decimal(1)),
    "meq": ("mmol", Decimal(1)),
    "ml": ("mL", Decimal(1)),
    "l": ("mL", Decimal(1000)),
}
"""Kind and factor of a unit, folded. 1 mEq is 1 mmol only of ions with one charge, as potassium."""
_PIECES: Final = frozenset(
    {"vien", "ong", "lo", "goi", "tui", "chai", "but", "nang", "tablet", "capsule", "ampoule"}
    | {"vial", "sachet", "tab", "cap"}
)
"""What is counted; how much is in one is said by the strength in the drug's name."""
_NUMBER: Final = r"(\d+(?:[.,]\d+)?)"
_UNIT: Final = r"(mg|mcg|µg|μg|g|iu|ui|don vi|mmol|meq)"
_STRENGTH: Final = re.compile(
    rf"{_NUMBER}\s*{_UNIT}(?![a-z])(?:\s*/\s*(?:{_NUMBER}\s*)?(ml|l|vien|ong|lo|goi|tui|chai))?"
)
_PERCENT: Final = re.compile(rf"{_NUMBER}\s*%")
_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""A thousand to some and one with three decimals to others."""


def substance(amount: Decimal, unit: str, drug: str, wanted: str) -> Decimal | None:
    """An amount in one of the units ``mg``, ``IU``, ``mmol`` or ``mL``.

    Args:
        amount: As ordered.
        unit: As written: ``g``, ``viên``, ``mL``.
        drug: Name with strength, by which tablets and millilitres are converted.
        wanted: The unit to reckon in.

    Returns:
        None when it cannot be said with certainty.
    """
    bare = fold(unit).rstrip(".")
    kind, factor = _UNITS.get(bare, ("", Decimal(0)))
    if kind == wanted:
        return amount * factor
    strength = _strength(fold(drug))
    if strength is None or strength.content.unit != wanted:
        return None
    if kind == "mL" and strength.millilitres is not None:
        return amount * factor * strength.content.value / strength.millilitres
    if bare in _PIECES and strength.whole and strength.piece in ("", bare):
        return amount * strength.content.value
    return None


def is_unit(folded: str) -> bool:
    """Whether a folded word measures or counts drugs, and so stands beside the name of any."""
    return folded in _UNITS or folded in _PIECES


@dataclass(frozen=True, slots=True)
class _Strength:
    """``1 g/100 mL``: content; the mL it is in, or None; whether that is one piece, and which."""

    content: Quantity
    millilitres: Decimal | None
    whole: bool
    piece: str = ""


def _strength(drug: str) -> _Strength | None:
    """The one strength in a name; of ``100 IU/mL`` nobody knows how much is in a vial."""
    found = _STRENGTH.findall(drug)
    percent = _PERCENT.findall(drug)
    if percent and not found:
        return _of_percent(percent)
    if percent or len(found) != 1:
        return None
    number, unit, per, measure = found[0]
    value, share = _number(number), _number(per) if per else Decimal(1)
    if value is None or not share:
        return None
    kind, factor = _UNITS[unit]
    content = Quantity(value * factor, kind)
    if measure in ("ml", "l"):
        return _Strength(content, share * _UNITS[measure][1], whole=bool(per))
    return _Strength(content, None, whole=True, piece=measure) if share == 1 else None


def _of_percent(found: list[str]) -> _Strength | None:
    """``10 %`` of a solution is 10 g in 100 mL."""
    value = _number(found[0]) if len(found) == 1 else None
    if value is None:
        return None
    return _Strength(Quantity(value * 1000, "mg"), Decimal(100), whole=False)


def _number(text: str) -> Decimal | None:
    return None if _THOUSANDS.fullmatch(text) else Decimal(text.replace(",", "."))
