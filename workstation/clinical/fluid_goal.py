"""What a doctor wants the fluids of 24 hours to come to, and whether the day is on its way there.

A goal is for a whole day of the ward; before its end the share of it is compared that belongs to
the part of the day that is over. That nobody drinks or passes evenly is allowed for by
`LEEWAY_ML`. Both are this program's choice, no guideline's: they point out, they decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from workstation.clinical.fluid_balance import MOST_ML, Totals
from workstation.kernel.errors import Refused

LEEWAY_ML: Final = Decimal(250)
"""So far from the share of the day is still on the way."""


class Measure(StrEnum):
    """What the goal is about."""

    BALANCE = "balance"
    INTAKE = "intake"
    OUTPUT = "output"

    def of(self, sums: Totals) -> Decimal:
        """That of some hours, in mL."""
        return {
            Measure.BALANCE: sums.balance_ml,
            Measure.INTAKE: sums.intake_ml,
            Measure.OUTPUT: sums.output_ml,
        }[self]


class Track(StrEnum):
    """How the day stands to a goal."""

    UNKNOWN = "unknown"
    """Nothing is charted."""
    ON = "on"
    LOW = "low"
    """Less than wanted by now, or in the end."""
    HIGH = "high"
    """More than wanted by now, or in the end."""


@dataclass(frozen=True, slots=True)
class Target:
    """A goal for 24 hours, in mL; at least one bound is set.

    Attributes:
        measure: Of what.
        low: At least; None for no bound.
        high: At most; None for no bound.
    """

    measure: Measure
    low: Decimal | None
    high: Decimal | None


def refuse_impossible(target: Target) -> None:
    """Refuse a goal that nothing can meet.

    Raises:
        Refused: ``required`` (field ``low``) without a bound; ``impossible-value`` (``low``,
            ``high``, ``unit``), ``goal-upside-down``, ``too-many-decimals``.
    """
    if target.low is None and target.high is None:
        raise Refused("required", field="low")
    least = -MOST_ML if target.measure is Measure.BALANCE else Decimal(0)
    for field, value in (("low", target.low), ("high", target.high)):
        if value is not None and not least <= value <= MOST_ML:
            raise Refused("impossible-value", field=field, low=least, high=MOST_ML, unit="mL")
        if value is not None and value != value.to_integral_value():
            raise Refused("too-many-decimals", field=field, decimals=0)
    if target.low is not None and target.high is not None and target.low > target.high:
        raise Refused("goal-upside-down", field="high")


def track(target: Target, sums: Totals, share: Decimal) -> Track:
    """How a day stands to a goal.

    Args:
        target: The goal.
        sums: Of the day up to now.
        share: How much of the day is over; 1 when it has ended.
    """
    if not sums:
        return Track.UNKNOWN
    value = target.measure.of(sums)
    leeway = Decimal(0) if share >= 1 else LEEWAY_ML
    spent = target.measure is not Measure.BALANCE  # what went in or came out never comes back
    if target.high is not None:
        most = target.high * share + leeway
        if value > (min(most, target.high) if spent else most):
            return Track.HIGH
    if target.low is not None and value < target.low * share - leeway:
        return Track.LOW
    return Track.ON
