"""Fluids in and out: what is counted, and what it adds up to in an hour, a shift, a day.

Counted is what somebody measured. What is not seen (sweat, breath) is never guessed: the loss is
estimated by doctors, not by a program. What was passed but not measured is counted by its number,
and a balance with such entries says that it is incomplete.

Source of the kinds and of the rule that an unmeasured passage is charted as such: National
Institute for Health and Care Excellence. Intravenous fluid therapy in adults in hospital (CG174),
2013, recommendations 1.2.4 and 1.2.5 (fluid balance charts); Pinnington S et al. Fluid balance
charts: nursing practice. Nursing Times 2016; 112: 49/50.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from workstation.clinical.infusion import Infusion
from workstation.kernel.errors import Refused

ZERO: Final = Decimal(0)
MOST_ML: Final = Decimal(20_000)
"""More than this at one time is refused: it is more than the extracellular water of an adult."""
PLAUSIBLE_ML: Final = Decimal(5_000)
"""More than this at one time is asked for twice: the largest bags of dialysis hold as much."""
MOST_TIMES: Final = 20
"""So often at most a passage that was not measured is counted in one entry."""


class Kind(StrEnum):
    """What goes in, by its route, and what comes out, by its source; in the order of the sheet."""

    ORAL = "oral"
    ENTERAL_TUBE = "enteral-tube"
    IV_INFUSION = "iv-infusion"
    BLOOD_PRODUCT = "blood-product"
    IV_DRUG = "iv-drug"
    IRRIGATION_IN = "irrigation-in"
    URINE = "urine"
    CATHETER = "urine-catheter"
    STOOL = "stool"
    VOMIT = "vomit"
    NASOGASTRIC = "nasogastric-aspirate"
    DRAIN = "drain"
    BLOOD_LOSS = "blood-loss"
    ULTRAFILTRATION = "ultrafiltration"
    IRRIGATION_OUT = "irrigation-out"

    @property
    def intake(self) -> bool:
        """Whether it goes in."""
        return self in INTAKE


INTAKE: Final = (
    Kind.ORAL, Kind.ENTERAL_TUBE, Kind.IV_INFUSION, Kind.BLOOD_PRODUCT, Kind.IV_DRUG,
    Kind.IRRIGATION_IN,
)  # fmt: skip
OUTPUT: Final = tuple(kind for kind in Kind if kind not in INTAKE)


def kind_words(kind: Kind, tr: Callable[[str], str]) -> str:
    """What a kind is called, on the screen and on paper alike.

    Args:
        kind: Which.
        tr: Says English words in the language that is wanted.
    """
    return {
        Kind.ORAL: tr("Oral"),
        Kind.ENTERAL_TUBE: tr("Feeding tube"),
        Kind.IV_INFUSION: tr("Infusion"),
        Kind.BLOOD_PRODUCT: tr("Blood product"),
        Kind.IV_DRUG: tr("Drug into the vein"),
        Kind.IRRIGATION_IN: tr("Irrigation in"),
        Kind.URINE: tr("Urine"),
        Kind.CATHETER: tr("Urine by catheter"),
        Kind.STOOL: tr("Stool"),
        Kind.VOMIT: tr("Vomit"),
        Kind.NASOGASTRIC: tr("Gastric aspirate"),
        Kind.DRAIN: tr("Drain"),
        Kind.BLOOD_LOSS: tr("Blood loss"),
        Kind.ULTRAFILTRATION: tr("Ultrafiltration"),
        Kind.IRRIGATION_OUT: tr("Irrigation out"),
    }[kind]


@dataclass(frozen=True, slots=True)
class Fluid:
    """One amount that went in or came out at one time.

    Attributes:
        kind: What.
        at: When (aware).
        volume_ml: How much; None when it was not measured.
        times: How often it came, when it was not measured.
        name: Which drain, or which drink or solution; drains are told apart by it.
    """

    kind: Kind
    at: datetime
    volume_ml: Decimal | None
    times: int = 1
    name: str = ""


Row = tuple[Kind, str]
"""One line of the sheet: a kind; of drains each by its name."""


def row_of(kind: Kind, name: str) -> Row:
    """The line of the sheet on which an amount is counted."""
    return kind, name.strip() if kind is Kind.DRAIN else ""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a stretch of time adds up to.

    Attributes:
        measured: mL by line.
        unmeasured: How often something came that was not measured, by line.
    """

    measured: Mapping[Row, Decimal] = field(default_factory=dict)
    unmeasured: Mapping[Row, int] = field(default_factory=dict)

    @property
    def intake_ml(self) -> Decimal:
        """All that went in."""
        return sum((ml for (kind, _), ml in self.measured.items() if kind.intake), ZERO)

    @property
    def output_ml(self) -> Decimal:
        """All that came out."""
        return sum((ml for (kind, _), ml in self.measured.items() if not kind.intake), ZERO)

    @property
    def balance_ml(self) -> Decimal:
        """In less out; positive when more went in."""
        return self.intake_ml - self.output_ml

    @property
    def complete(self) -> bool:
        """Whether all of it was measured."""
        return not self.unmeasured

    def __bool__(self) -> bool:
        """Whether anything was charted."""
        return bool(self.measured or self.unmeasured)

    def __add__(self, other: Totals) -> Totals:
        """Both stretches together."""
        measured, unmeasured = dict(self.measured), dict(self.unmeasured)
        for row, ml in other.measured.items():
            measured[row] = measured.get(row, ZERO) + ml
        for row, times in other.unmeasured.items():
            unmeasured[row] = unmeasured.get(row, 0) + times
        return Totals(measured, unmeasured)


def totals(
    fluids: Iterable[Fluid],
    infusions: Iterable[Infusion],
    since: datetime,
    until: datetime,
    *,
    now: datetime,
) -> Totals:
    """Add up what went in and came out from `since` on, up to but without `until`.

    Additive: the totals of two stretches that meet are those of both together, in whole mL too.

    Args:
        fluids: What counts; entries made in error are left out by the caller.
        infusions: What ran in, and what still runs.
        since: First moment (aware).
        until: First moment after it (aware).
        now: What runs on is counted up to here (aware).
    """
    measured: dict[Row, Decimal] = {}
    unmeasured: dict[Row, int] = {}
    for fluid in fluids:
        if not since <= fluid.at < until:
            continue
        row = row_of(fluid.kind, fluid.name)
        if fluid.volume_ml is None:
            unmeasured[row] = unmeasured.get(row, 0) + fluid.times
        else:
            measured[row] = measured.get(row, ZERO) + fluid.volume_ml
    for infusion in infusions:
        if ml := infusion.ran_between(since, until, now=now):
            row = row_of(Kind.IV_INFUSION, "")
            measured[row] = measured.get(row, ZERO) + ml
    return Totals(measured, unmeasured)


def refuse_impossible(fluid: Fluid) -> None:
    """Check one amount against what can be true.

    Raises:
        Refused: ``impossible-value`` (``low``, ``high``, ``unit``), ``too-many-decimals``
            (``decimals``), ``drain-without-name``; ``field`` is ``volume``, ``times`` or ``name``.
    """
    if fluid.kind is Kind.DRAIN and not fluid.name.strip():
        raise Refused("drain-without-name", field="name")
    volume = fluid.volume_ml
    if volume is None:
        if not 1 <= fluid.times <= MOST_TIMES:
            raise Refused("impossible-value", field="times", low=1, high=MOST_TIMES, unit="×")
        return
    if not volume.is_finite() or not ZERO <= volume <= MOST_ML:
        raise Refused("impossible-value", field="volume", low=0, high=MOST_ML, unit="mL")
    if volume != volume.quantize(Decimal("0.1")):
        raise Refused("too-many-decimals", field="volume", decimals=1)


def implausible(fluid: Fluid) -> bool:
    """Whether an amount is possible, but so large that it must be entered twice."""
    return fluid.volume_ml is not None and fluid.volume_ml > PLAUSIBLE_ML
