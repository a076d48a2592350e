"""How well the kidneys work, reckoned from creatinine."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_UMOL_PER_MG: Final = Decimal("88.42")
"""µmol/L of creatinine in 1 mg/dL (molar mass 113.12 g/mol)."""
_UNITS: Final = {
    "mg/dl": Decimal(1),
    "umol/l": 1 / _UMOL_PER_MG,
    "µmol/l": 1 / _UMOL_PER_MG,
    "μmol/l": 1 / _UMOL_PER_MG,
    "micromol/l": 1 / _UMOL_PER_MG,
}
CREATININE: Final = ("14682-9", "2160-0", "38483-4")
"""LOINC of creatinine: of serum by moles and by mass, of blood by mass."""
ADULT: Final = 18
"""CKD-EPI and Cockcroft–Gault hold from this age on, in years."""


def creatinine_mg_dl(value: Decimal, unit: str) -> Decimal | None:
    """Creatinine of serum in mg/dL; None in a unit that is not known, or when it is not positive.

    Args:
        value: In `unit`.
        unit: UCUM: ``umol/L`` or ``mg/dL``.
    """
    factor = _UNITS.get(unit.strip().casefold())
    return None if factor is None or value <= 0 else value * factor


def egfr(creatinine: Decimal, age: int, sex: str) -> Decimal | None:
    """Estimated filtration rate in mL/min/1.73 m², whole.

    CKD-EPI 2021 without race: Inker LA et al., N Engl J Med 2021;385:1737-1749.

    Args:
        creatinine: In mg/dL.
        age: In years; None comes back for children.
        sex: ``male`` or ``female``; None comes back for others.
    """
    if age < ADULT or sex not in ("male", "female"):
        return None
    female = sex == "female"
    kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
    ratio = float(creatinine) / kappa
    value = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.2 * 0.9938**age
    return _whole(Decimal(value * (1.012 if female else 1.0)))


def clearance(creatinine: Decimal, age: int, sex: str, weight: Decimal) -> Decimal | None:
    """Creatinine clearance in mL/min, whole, with the actual weight.

    Cockcroft DW, Gault MH, Nephron 1976;16:31-41.

    Args:
        creatinine: In mg/dL.
        age: In years; None comes back for children.
        sex: ``male`` or ``female``; None comes back for others.
        weight: In kg.
    """
    if age < ADULT or sex not in ("male", "female") or weight <= 0:
        return None
    value = (140 - min(age, 139)) * weight / (72 * creatinine)
    return _whole(value * Decimal("0.85") if sex == "female" else value)


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)
