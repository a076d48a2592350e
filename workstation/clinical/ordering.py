"""What a doctor orders, as plain values, and what no order can say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Final

from workstation.clinical.dosage import Prescription, Timing
from workstation.clinical.schedule import LONGEST_HOURS, MOST_A_DAY, SHORTEST_HOURS
from workstation.kernel.errors import Refused


class OrderKind(StrEnum):
    """What kind of order, in the order in which a treatment sheet lists them."""

    DRUG = "drug"
    OXYGEN = "oxygen"
    LABORATORY = "laboratory"
    IMAGING = "imaging"
    PROCEDURE = "procedure"
    MONITORING = "monitoring"
    DIET = "diet"
    CARE_LEVEL = "care-level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An order of anything but a drug.

    Attributes:
        kind: Of what.
        words: What is ordered.
        codes: System and code; empty for what was typed freely. Of a care level its code.
        remark: How, in words.
        indication: What for, in words.
        urgent: Whether it is to be done at once.
        at: When it is to be done (aware); None for now.
    """

    kind: OrderKind
    words: str
    codes: tuple[tuple[str, str], ...] = ()
    remark: str = ""
    indication: str = ""
    urgent: bool = False
    at: datetime | None = None


Item = Prescription | Request

EARLIEST_START: Final = timedelta(days=1)
"""An order may be written up to so long after it began to hold, as after an emergency."""


def kind_of(item: Item) -> OrderKind:
    """Of what kind an order is."""
    return OrderKind.DRUG if isinstance(item, Prescription) else item.kind


def refuse_impossible(item: Item, now: datetime) -> None:
    """Refuse what cannot be carried out, with the field that it is about.

    Raises:
        Refused: ``order-empty``; ``dose-missing``, ``dose-not-positive``, ``unit-missing``,
            ``route-missing``, ``frequency-missing``, ``not-a-frequency``,
            ``times-do-not-match``, ``ends-before-start``, ``start-long-ago``.
    """
    if isinstance(item, Request):
        if not item.words.strip():
            raise Refused("order-empty", field="words")
        _refuse_start(item.at, now)
        return
    _refuse_dose(item)
    _refuse_timing(item)
    _refuse_start(item.timing.starts_at, now)
    ends = item.timing.ends_at
    if ends is not None and ends <= (item.timing.starts_at or now):
        raise Refused("ends-before-start", field="ends_at")


def _refuse_dose(item: Prescription) -> None:
    if not item.drug.strip():
        raise Refused("order-empty", field="words")
    if item.amount is None:
        raise Refused("dose-missing", field="amount")
    if item.amount.value <= 0:
        raise Refused("dose-not-positive", field="amount")
    if not item.amount.unit.strip():
        raise Refused("unit-missing", field="unit")
    if not item.route.strip():
        raise Refused("route-missing", field="route")
    if item.rate is not None and item.rate.value <= 0:
        raise Refused("dose-not-positive", field="rate")


def _refuse_timing(item: Prescription) -> None:
    timing = item.timing
    if not (timing.scheduled or timing.as_needed or item.continuous):
        raise Refused("frequency-missing", field="frequency")
    for times in (timing.times_a_day, timing.most_a_day):
        if times is not None and not 1 <= times <= MOST_A_DAY:
            raise Refused("not-a-frequency", field="frequency", most=MOST_A_DAY)
    if timing.every_hours is not None:
        if not SHORTEST_HOURS <= timing.every_hours <= LONGEST_HOURS:
            raise Refused("not-an-interval", field="frequency")
    elif timing.times_a_day is not None and timing.at and len(timing.at) != timing.times_a_day:
        raise Refused("times-do-not-match", field="at")


def _refuse_start(at: datetime | None, now: datetime) -> None:
    if at is not None and at < now - EARLIEST_START:
        raise Refused("start-long-ago", field="starts_at")


def most_in_a_day(timing: Timing) -> Decimal | None:
    """Most doses in 24 hours that an order allows; None when it sets no bound.

    What is given on one day of the week counts as its share of a day, as every 168 hours does:
    else the bound that keeps methotrexate from being given daily (5 mg) would refuse it weekly.
    """
    if timing.once:
        return Decimal(1)
    if len(timing.weekdays) == 1:
        return Decimal(timing.times_a_day or 1) / 7
    if timing.most_a_day is not None or timing.times_a_day is not None:
        return Decimal(timing.most_a_day or timing.times_a_day or 0)
    hours = timing.every_hours
    if timing.shortest_interval is not None:
        hours = Decimal(int(timing.shortest_interval.total_seconds())) / 3600
    return Decimal(24) / hours if hours else None


Period = tuple[datetime, datetime | None]
"""From when until when a drug was ordered; None for one that still is."""


def day_of_course(periods: Iterable[Period], at: datetime, zone: tzinfo) -> int | None:
    """Which day of a course of a drug it is: 1 on the day of its first order.

    Orders that follow each other without a whole calendar day between them are one course, so
    that a change of dose does not start the count anew. (Circular 23/2011/TT-BYT, article 3: the
    days of antibiotics, opioids, psychotropics, corticoids, drugs for tuberculosis and radioactive
    drugs are numbered on the treatment sheet.)

    Args:
        periods: Each order of the drug.
        at: The day that counts (aware).
        zone: Of the ward.

    Returns:
        None when the drug is not ordered on that day.
    """
    day, first, last = at.astimezone(zone).date(), None, None
    for start, end in sorted(periods, key=lambda period: period[0]):
        begins = start.astimezone(zone).date()
        ends = day if end is None else min(end.astimezone(zone).date(), day)
        if begins > day:
            continue
        if first is None or last is None or (begins - last).days > 1:
            first = begins
            last = ends
        else:
            last = max(last, ends)
    if first is None or last != day:
        return None
    return (day - first).days + 1
