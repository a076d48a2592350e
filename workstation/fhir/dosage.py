"""How a drug is given, as FHIR Dosage: amount, route, timing, rate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.schedule import LONGEST_HOURS, MOST_A_DAY, SHORTEST_HOURS
from workstation.fhir import elements
from workstation.fhir.json import Resource

HOURS: Final = {"min": Decimal(1) / 60, "h": Decimal(1), "d": Decimal(24), "wk": Decimal(168)}
"""Of each UCUM unit of time that a period may have."""
DAYS: Final = {
    "mon": "thứ Hai", "tue": "thứ Ba", "wed": "thứ Tư", "thu": "thứ Năm", "fri": "thứ Sáu",
    "sat": "thứ Bảy", "sun": "Chủ nhật",
}  # fmt: skip
"""Each code of FHIR's days-of-week in the language of the record, from Monday on."""
_CODES: Final = tuple(DAYS)
_DAY: Final = 24
_TIMES: Final = "lần"


def amount_of(value: Any) -> Amount | None:
    """A Quantity; None without number or unit."""
    found = elements.mapping(value)
    number = elements.decimal(found.get("value"))
    unit = elements.text(found.get("unit")) or elements.text(found.get("code"))
    return None if number is None or unit is None else Amount(number, unit)


def quantity(amount: Amount | Rate) -> Resource:
    """A Quantity in the unit of the record."""
    return {"value": amount.value, "unit": amount.unit}


def plain(value: Decimal) -> str:
    """Without trailing zeros and exponent, with the decimal comma of Vietnamese text."""
    return f"{value.normalize():f}".replace(".", ",")


def rate_of(dosage: Mapping[str, Any]) -> Rate | None:
    """The rate of an infusion; None when the record says none."""
    found = amount_of(elements.first(dosage.get("doseAndRate")).get("rateQuantity"))
    return None if found is None else Rate(found.value, found.unit)


def remark_of(dosage: Mapping[str, Any]) -> str:
    """How it is prepared or given, in words."""
    return elements.concept_text(dosage.get("additionalInstruction")) or ""


def timing_of(dosage: Mapping[str, Any], ordered_at: datetime | None = None) -> Timing:
    """When a drug is given, as far as `Timing` can say it; `dosage_words` tells what it cannot.

    Args:
        dosage: A FHIR Dosage.
        ordered_at: When it was ordered (aware): a course of some days begins then if it does not
            say when.
    """
    timing = elements.mapping(dosage.get("timing"))
    repeat = elements.mapping(timing.get("repeat"))
    bounds = elements.mapping(repeat.get("boundsPeriod"))
    as_needed = bool(dosage.get("asNeededBoolean") or dosage.get("asNeededCodeableConcept"))
    at = tuple(sorted(filter(None, map(time_of, _list(repeat.get("timeOfDay"))))))
    once = elements.decimal(repeat.get("count")) == 1
    interval = _interval(repeat)
    days, on_each = _on_weekdays(repeat)
    days = frozenset() if once or as_needed else days
    times = on_each if days else None if once or as_needed else _times_a_day(repeat, at)
    regular = not (once or as_needed or times)
    start = elements.instant(bounds.get("start"))
    end = elements.instant(bounds.get("end")) or _end_of_course(repeat, start or ordered_at)
    return Timing(
        times_a_day=times,
        weekdays=days,
        at=at,
        every_hours=interval if regular else None,
        once=once and not as_needed,
        as_needed=as_needed,
        as_needed_for=elements.concept_text(dosage.get("asNeededCodeableConcept")) or "",
        shortest_interval=timedelta(hours=float(interval)) if interval and as_needed else None,
        most_a_day=_most(dosage) if as_needed else None,
        starts_at=start,
        ends_at=end,
    )


def write(prescription: Prescription) -> Resource:
    """Make the Dosage of a prescription; its text says it all, in the language of the record."""
    ordered, timing = prescription, prescription.timing
    words = timing_text(timing)
    said = (
        f"{plain(ordered.amount.value)} {ordered.amount.unit}" if ordered.amount else "",
        ordered.route,
        words,
        f"tốc độ {plain(ordered.rate.value)} {ordered.rate.unit}" if ordered.rate else "",
    )
    dosage: Resource = {"text": ", ".join(part for part in said if part)}
    if ordered.remark:
        dosage["additionalInstruction"] = [{"text": ordered.remark}]
    repeat = _repeat(timing)
    if repeat:
        dosage["timing"] = {"repeat": repeat, **({"code": {"text": words}} if words else {})}
    if timing.as_needed and timing.as_needed_for:
        dosage["asNeededCodeableConcept"] = {"text": timing.as_needed_for}
    elif timing.as_needed:
        dosage["asNeededBoolean"] = True
    dosage["route"] = {"text": ordered.route}
    portion = {
        **({"doseQuantity": quantity(ordered.amount)} if ordered.amount else {}),
        **({"rateQuantity": quantity(ordered.rate)} if ordered.rate else {}),
    }
    if portion:
        dosage["doseAndRate"] = [portion]
    if timing.most_a_day is not None:
        dosage["maxDosePerPeriod"] = _ratio(timing.most_a_day, ordered.amount)
    return dosage


def timing_text(timing: Timing) -> str:
    """When a drug is given, in the language of the record; empty for what runs without pause."""
    said = _days_text(timing)
    if timing.every_hours is not None:
        said.append(f"mỗi {plain(timing.every_hours)} giờ")
    if timing.once:
        said.append("một lần")
    if timing.at:
        said.append("lúc " + ", ".join(f"{each:%H:%M}" for each in timing.at))
    if timing.as_needed:
        said.append(f"khi {timing.as_needed_for}" if timing.as_needed_for else "khi cần")
    if timing.shortest_interval is not None:
        said.append(f"cách nhau ít nhất {plain(_hours(timing.shortest_interval))} giờ")
    if timing.most_a_day is not None:
        said.append(f"tối đa {timing.most_a_day} lần/ngày")
    return ", ".join(said)


def _days_text(timing: Timing) -> list[str]:
    times = timing.times_a_day
    if not timing.weekdays:
        return [] if times is None else [f"{times} lần/ngày"]
    names = ", ".join(DAYS[_CODES[day]] for day in sorted(timing.weekdays))
    more = [f"mỗi ngày đó {times} lần"] if times is not None and times > 1 else []
    return [f"{names} hằng tuần", *more]


def _repeat(timing: Timing) -> Resource:
    repeat: Resource = {}
    bounds = {"start": _instant(timing.starts_at), "end": _instant(timing.ends_at)}
    if any(bounds.values()):
        repeat["boundsPeriod"] = {key: value for key, value in bounds.items() if value}
    if timing.once:
        repeat["count"] = 1
    days = sorted(timing.weekdays)
    if days:  # counted by the week: a reader that passes over the days does not give it daily
        times = (timing.times_a_day or 1) * len(days)
        repeat |= {"frequency": times, "period": 1, "periodUnit": "wk"}
        repeat["dayOfWeek"] = [_CODES[day] for day in days]
    elif timing.times_a_day is not None:
        repeat |= {"frequency": timing.times_a_day, "period": 1, "periodUnit": "d"}
    hours = timing.every_hours
    if timing.as_needed and timing.shortest_interval is not None:
        hours = _hours(timing.shortest_interval)
    if hours is not None:
        repeat |= {"frequency": 1, "period": hours, "periodUnit": "h"}
    if timing.at:
        repeat["timeOfDay"] = [f"{each:%H:%M:%S}" for each in timing.at]
    return repeat


def _ratio(most: int, amount: Amount | None) -> Resource:
    """A number of doses in a day; FHIR counts them as what they hold together."""
    whole = Amount(amount.value * most, amount.unit) if amount else Amount(Decimal(most), _TIMES)
    return {"numerator": quantity(whole), "denominator": {"value": 1, "unit": "d"}}


def _most(dosage: Mapping[str, Any]) -> int | None:
    ratio = elements.mapping(dosage.get("maxDosePerPeriod"))
    whole, period = amount_of(ratio.get("numerator")), amount_of(ratio.get("denominator"))
    if whole is None or period is None or (period.value * HOURS.get(period.unit, 0)) != _DAY:
        return None
    each = amount_of(elements.first(dosage.get("doseAndRate")).get("doseQuantity"))
    if whole.unit == _TIMES:
        each = Amount(Decimal(1), _TIMES)
    if each is None or each.unit != whole.unit or each.value <= 0:
        return None
    doses = whole.value / each.value
    return int(doses) if 1 <= doses <= MOST_A_DAY else None


def _times_a_day(repeat: Mapping[str, Any], at: tuple[time, ...]) -> int | None:
    frequency, period = repeat.get("frequency"), elements.decimal(repeat.get("period"))
    times = elements.decimal(frequency)
    daily = repeat.get("periodUnit") == "d" and period == 1
    if daily and times is not None and times == int(times) and 1 <= times <= MOST_A_DAY:
        return int(times)
    return len(at) if at and frequency is None and (daily or period is None) else None


def _on_weekdays(repeat: Mapping[str, Any]) -> tuple[frozenset[int], int]:
    """The days of the week, and how often on each, where that comes out even; none otherwise."""
    days = set(map(str, _list(repeat.get("dayOfWeek"))))
    times = elements.decimal(repeat.get("frequency"))
    weekly = repeat.get("periodUnit") == "wk" and elements.decimal(repeat.get("period")) == 1
    if not (days and weekly and times and days <= DAYS.keys()) or times % len(days):
        return frozenset(), 0
    on_each = int(times) // len(days)
    named = frozenset(map(_CODES.index, days))
    return (named, on_each) if 1 <= on_each <= MOST_A_DAY else (frozenset(), 0)


def _interval(repeat: Mapping[str, Any]) -> Decimal | None:
    """Hours from one dose to the next, where each period has one dose or is counted in hours."""
    times = elements.decimal(repeat.get("frequency", 1))
    period, unit = elements.decimal(repeat.get("period")), repeat.get("periodUnit")
    hours = HOURS.get(unit) if isinstance(unit, str) else None
    if times is None or period is None or hours is None or times < 1:
        return None
    if times > 1 and unit not in ("min", "h"):
        return None
    found = period * hours / times
    return found if SHORTEST_HOURS <= found <= LONGEST_HOURS else None


def _end_of_course(repeat: Mapping[str, Any], start: datetime | None) -> datetime | None:
    """When a course of so many days or weeks ends that says no date; None for any other."""
    length = elements.mapping(repeat.get("boundsDuration"))
    value = elements.decimal(length.get("value"))
    unit = elements.text(length.get("code")) or elements.text(length.get("unit")) or ""
    if start is None or value is None or unit not in HOURS:
        return None
    hours = value * HOURS[unit]
    return start + timedelta(hours=float(hours)) if 0 < hours <= LONGEST_HOURS else None


def time_of(value: Any) -> time | None:
    """A time of day, to the second; None for what is none."""
    raw = elements.text(value)
    try:
        found = time.fromisoformat(raw) if raw else None
    except ValueError:
        return None
    return None if found is None else found.replace(microsecond=0, tzinfo=None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _hours(length: timedelta) -> Decimal:
    return Decimal(int(length.total_seconds())) / 3600


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
