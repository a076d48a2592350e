"""How much of an infusion has run in, and when its bag should be empty.

Nobody charts every hour of a running infusion. Its rate holds until it is changed, paused or
ended, and never gives more than hangs on the stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Final

_HOUR: Final = Decimal(3_600_000_000)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """From when on an infusion runs at a rate.

    Attributes:
        at: When (aware).
        rate_ml_h: mL an hour; 0 is a pause. None keeps the rate, as with a new bag alone.
        bag_ml: What hangs from now on; None when the bag is the one before, or is not known.
    """

    at: datetime
    rate_ml_h: Decimal | None
    bag_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Infusion:
    """One infusion from its start.

    Attributes:
        steps: Its start and its changes, in any order.
        ended_at: When it was ended (aware); None while it runs.
    """

    steps: tuple[Step, ...]
    ended_at: datetime | None = None

    def ran_between(self, since: datetime, until: datetime, *, now: datetime) -> Decimal:
        """Whole mL that ran in from `since` to `until`, up to `now`.

        The total so far is rounded, not the part: so the parts of a day add up to the day.
        """
        if until <= since or self._idle(since, until):
            return Decimal(0)
        return self.ran_until(min(until, now)) - self.ran_until(min(since, now))

    def ran_until(self, at: datetime) -> Decimal:
        """Whole mL that have run in by a moment (aware), rounded down."""
        total, _ = self._run(at)
        return total.quantize(Decimal(1), ROUND_DOWN)

    def rate_at(self, at: datetime) -> Decimal:
        """The mL an hour at a moment (aware), as set; 0 before it starts and once it is ended."""
        if self.ended_at is not None and at >= self.ended_at:
            return Decimal(0)
        rate = Decimal(0)
        for step in self._ordered():
            if step.at <= at and step.rate_ml_h is not None:
                rate = step.rate_ml_h
        return rate

    def left_at(self, at: datetime) -> Decimal | None:
        """The mL left in the bag at a moment (aware); None when it is not known what hangs."""
        return self._run(at)[1]

    def empty_at(self, now: datetime) -> datetime | None:
        """When the bag should be empty at the rate of now; in the past when it should be already.

        Returns:
            An aware time; None when it does not run or nobody said what hangs.
        """
        rate = self.rate_at(now)
        if rate <= 0 or self._run(now)[1] is None:
            return None
        last = max(step.at for step in self._ordered() if step.at <= now)
        left = self._run(last)[1] or Decimal(0)
        return last + int(left * _HOUR / rate) * _MICROSECOND

    def _idle(self, since: datetime, until: datetime) -> bool:
        """Whether it was over by then, or not begun: a long stay has hundreds of such."""
        over = self.ended_at is not None and self.ended_at <= since
        return over or all(step.at >= until for step in self.steps)

    def _ordered(self) -> list[Step]:
        return sorted(self.steps, key=_order)

    def _run(self, until: datetime) -> tuple[Decimal, Decimal | None]:
        """What ran in, and what is left in the bag, at a moment."""
        if self.ended_at is not None:
            until = min(until, self.ended_at)
        steps = [step for step in self._ordered() if step.at <= until]
        total, rate, left = Decimal(0), Decimal(0), None
        ends = [*(step.at for step in steps), until][1:]
        for step, end in zip(steps, ends, strict=True):
            rate = rate if step.rate_ml_h is None else step.rate_ml_h
            left = left if step.bag_ml is None else step.bag_ml
            volume = rate * Decimal((end - step.at) // _MICROSECOND) / _HOUR
            if left is not None:
                volume = min(volume, left)
                left -= volume
            total += volume
        return total, left


def _order(step: Step) -> tuple[datetime, bool, Decimal, Decimal]:
    """By time; of one moment a change of rate after what keeps it, so that any order is one."""
    rate = step.rate_ml_h
    return step.at, rate is not None, rate or Decimal(0), step.bag_ml or Decimal(0)
