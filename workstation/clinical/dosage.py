"""What is ordered of a drug: how much, when, how fast, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """How much, in the unit of the record."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast an infusion runs, in the unit of the record: ``mL/h`` or ``giọt/phút``."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a drug is given. At most one of `times_a_day`, `every_hours` and `once` holds.

    None of them is a drug given when needed, or one that runs without end.

    Attributes:
        times_a_day: How often in 24 hours; with `weekdays`, on each of them.
        weekdays: Days of the week on which it is given, so often on each; Monday is 0, empty is
            every day.
        at: Times of day; empty is the usual times of the ward.
        every_hours: Hours from one dose to the next, counted from `starts_at`.
        once: One dose and no more.
        as_needed: Only when needed.
        as_needed_for: For what: ``sốt ≥ 38,5 °C``.
        shortest_interval: At least so long between two doses, for what is given when needed.
        most_a_day: At most so many doses in 24 hours, for what is given when needed.
        starts_at: No dose before (aware); None when not said.
        ends_at: No dose at this time or later (aware); None when not said.
    """

    times_a_day: int | None = None
    weekdays: frozenset[int] = frozenset()
    at: tuple[time, ...] = ()
    every_hours: Decimal | None = None
    once: bool = False
    as_needed: bool = False
    as_needed_for: str = ""
    shortest_interval: timedelta | None = None
    most_a_day: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def scheduled(self) -> bool:
        """Whether there are times at which a dose is due."""
        regular = self.times_a_day is not None or self.every_hours is not None or self.once
        return regular and not self.as_needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """One drug as a doctor orders it.

    Attributes:
        drug: Generic name with strength, never shortened.
        codes: System and code of the drug; empty for one that was typed freely.
        amount: Each time; of an infusion, what is in the bag.
        route: In words.
        timing: When.
        rate: How fast, of an infusion.
        indication: What for.
        remark: How it is prepared or given, in words.
        urgent: Whether the first dose is to be given at once.
    """

    drug: str
    codes: tuple[tuple[str, str], ...] = ()
    amount: Amount | None
    route: str
    timing: Timing
    rate: Rate | None = None
    indication: str = ""
    remark: str = ""
    urgent: bool = False

    @property
    def continuous(self) -> bool:
        """Whether it runs without pause: it has a rate, and no times of its own."""
        return self.rate is not None and not self.timing.scheduled and not self.timing.as_needed
