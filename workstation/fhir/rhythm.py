"""How seldom a drug is ordered, out of its dosages: their timing, and what only their words say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from workstation.clinical.seldom import WEEK, Rhythm
from workstation.fhir import dosage as dosages
from workstation.fhir import elements, seldom_words

_PERIOD_DAYS: Final = {"h": 1 / 24, "d": 1, "wk": WEEK, "mo": 28, "a": 365}
"""Of each UCUM unit; a month counts as its shortest, so that a monthly drug is never early."""
_WEEKDAYS: Final = {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_CODES: Final = {"WK": WEEK, "MO": 28, "QOD": 2}
"""HL7 v3 GTSAbbreviation, as far as it is less often than daily; length in days."""


def read(dosage_instruction: Any) -> Rhythm | None:
    """The rhythm of an order; None for one that is given daily, or more often, or just once.

    What several dosages ask for is added up: days of one and days of another are both planned.
    """
    found = [rhythm for each in elements.objects(dosage_instruction) if (rhythm := _of(each))]
    if not found:
        return None
    whole = all(each.weekdays for each in found)
    return Rhythm(
        most=sum(each.most for each in found),
        days=min(each.days for each in found),
        weekdays=frozenset().union(*(each.weekdays for each in found)) if whole else frozenset(),
        times=tuple(sorted({at for each in found for at in each.times})),
    )


def _of(dosage: Mapping[str, Any]) -> Rhythm | None:
    timing = elements.mapping(dosage.get("timing"))
    repeat = elements.mapping(timing.get("repeat"))
    times = tuple(
        at for each in _all(repeat.get("timeOfDay")) if (at := dosages.time_of(each)) is not None
    )
    days = map(str, _all(repeat.get("dayOfWeek")))
    named = frozenset(_WEEKDAYS[day] for day in days if day in _WEEKDAYS)
    if not named and elements.decimal(repeat.get("count")) == 1:
        return None
    often = _often(repeat) or _coded(timing)
    said = _said(dosage, timing)
    if repeat.get("frequency") or repeat.get("period") or times:
        # daily by its code and weekly by its words or its remark: the mistake that kills
        said = seldom_words.about_giving(said)
        often = often or seldom_words.counted(said)
    else:
        often = often or seldom_words.often(said)
    named = named or seldom_words.weekdays(said)
    named = named if len(named) < WEEK else frozenset()
    if named:
        return _on_days(named, often, _a_day(repeat, times, len(named)), times)
    return None if often is None else Rhythm(most=often[0], days=often[1], times=times)


def _said(dosage: Mapping[str, Any], timing: Mapping[str, Any]) -> str:
    more = map(elements.concept_text, (timing.get("code"), dosage.get("additionalInstruction")))
    return "; ".join(filter(None, (elements.text(dosage.get("text")), *more)))


def _on_days(
    named: frozenset[int], often: tuple[int, int] | None, a_day: int, times: tuple[time, ...]
) -> Rhythm:
    """A plan of days of the week; one that comes round less often than weekly keeps its period."""
    if often is not None and often[1] > WEEK:
        return Rhythm(most=often[0], days=often[1], weekdays=named, times=times)
    asked = often[0] if often is not None and often[1] == WEEK else 0
    return Rhythm(most=max(asked, len(named) * a_day), days=WEEK, weekdays=named, times=times)


def _often(repeat: Mapping[str, Any]) -> tuple[int, int] | None:
    """At most how many doses in how many days; None for what is daily or more often."""
    period = elements.decimal(repeat.get("periodMax")) or elements.decimal(repeat.get("period"))
    times = elements.decimal(repeat.get("frequencyMax")) or elements.decimal(
        repeat.get("frequency", 1)
    )
    length = _PERIOD_DAYS.get(str(repeat.get("periodUnit")))
    if length is None or not period or not times or times < 1:
        return None
    shortest = elements.decimal(repeat.get("period")) or period
    days = float(shortest) * length
    return (int(times), int(days)) if days >= 2 and days > times else None  # noqa: PLR2004


def _coded(timing: Mapping[str, Any]) -> tuple[int, int] | None:
    codes = (code for _, code in elements.codings(timing.get("code")))
    return next(((1, _CODES[code]) for code in codes if code in _CODES), None)


def _a_day(repeat: Mapping[str, Any], times: tuple[time, ...], days: int) -> int:
    """How many doses on each of so many named days."""
    frequency = elements.decimal(repeat.get("frequency")) or 1
    single = elements.decimal(repeat.get("period")) == 1
    often = {"d": int(frequency), "wk": int(frequency) // days} if single else {}
    return max(often.get(str(repeat.get("periodUnit")), 1), len(times), 1)


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
