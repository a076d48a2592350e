"""What goes in and comes out of the two patients whose fluids are watched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from hospital.demo.chance import Dice
from hospital.demo.stay import DemoStay
from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.fhir import fluid_balance
from workstation.fhir.json import Resource

WATCHED: Final = (1, 21)
"""Numbers of the patients."""
_DAYS: Final = timedelta(hours=48)
_CUPS: Final = (100, 150, 200, 250)
_DRINKS: Final = ("", "Sữa", "Nước lọc", "Cháo loãng")


def fluids(seed: int, number: int, stay: DemoStay) -> Iterator[Resource]:
    """The amounts of the last two days; with dice of their own, so that nothing else changes."""
    if number not in WATCHED:
        return
    own = replace(stay, dice=Dice(seed, "fluids", number))
    hour = stay.course.now.replace(minute=0, second=0, microsecond=0) - _DAYS
    while hour <= stay.course.now:
        for fluid in _of_hour(own, hour):
            if stay.course.start < fluid.at <= stay.course.now - timedelta(minutes=10):
                written = fluid.at + timedelta(minutes=own.dice.whole(0, 6))
                yield fluid_balance.write(own.entry(written, own.nurse()), fluid)
        hour += timedelta(hours=1)


def _of_hour(stay: DemoStay, hour: datetime) -> Iterator[Fluid]:
    dice = stay.dice
    at = hour + timedelta(minutes=dice.whole(0, 50))
    awake = 6 <= hour.hour <= 21  # noqa: PLR2004 - when people on a ward are awake
    if awake and hour.hour % 3 == 0:
        yield _fluid(Kind.ORAL, at, dice.pick(_CUPS), dice.pick(_DRINKS))
    if hour.hour % 8 == 1:
        yield _fluid(Kind.IV_DRUG, at, 100, "")
    if hour.hour % 4 == 2:  # noqa: PLR2004 - a bottle is emptied six times a day
        yield _fluid(Kind.CATHETER, at, 10 * dice.whole(9, 28), "")
    if hour.hour % 12 == 6:  # noqa: PLR2004 - what runs into a bag is read at the ends of shifts
        abdominal = stay.course.illness.icd10.startswith("K")
        kind, name = (Kind.NASOGASTRIC, "nâu") if abdominal else (Kind.DRAIN, "Màng phổi phải")
        yield _fluid(kind, at, 5 * dice.whole(4, 16), name)
    if hour.hour == 9 and dice.chance(0.7):  # noqa: PLR2004 - after breakfast
        yield Fluid(Kind.STOOL, at, None, 1, "mềm")


def _fluid(kind: Kind, at: datetime, volume_ml: int, name: str) -> Fluid:
    return Fluid(kind, at, Decimal(volume_ml), 1, name)
