"""Dosages that no times are reckoned from: several in one order, and such as are only for a count.

A loading dose and what follows it, two tablets in the morning and one in the evening, six doses and
no more: a slot out of one part of them would hide the rest, or go on after the last. The words of
all of them are the order then, and who gives a dose reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.fhir import dosage as dosages
from workstation.fhir import elements
from workstation.fhir.json import Resource

_BOUNDS: Final = ("boundsPeriod", "boundsDuration", "boundsRange")
_APART: Final = ("frequency", "period", "periodUnit")
_DAYS: Final = {
    "mon": "thứ Hai", "tue": "thứ Ba", "wed": "thứ Tư", "thu": "thứ Năm", "fri": "thứ Sáu",
    "sat": "thứ Bảy", "sun": "Chủ nhật",
}  # fmt: skip
_SPAN: Final = ("low", "high")
_ENDS: Final = (("từ", "start"), ("đến", "end"))
_UNITS: Final = {"min": "phút", "h": "giờ", "d": "ngày", "wk": "tuần", "mo": "tháng"}


def whole(value: Any, ordered_at: datetime | None) -> tuple[Mapping[str, Any], bool]:
    """One dosage for all of an order, and whether its words alone say when it is given.

    Args:
        value: The dosages of an order, as the record has them.
        ordered_at: When it was ordered (aware).
    """
    found = _different(value)
    if len(found) > 1:
        return _together(found, ordered_at), True
    dosage = found[0] if found else {}
    repeat, count = _repeat(dosage), _count(dosage)
    if not repeat.get("dayOfWeek") and not count:
        return dosage, False
    needed = dosages.timing_of(dosage).as_needed
    kept = {name: repeat[name] for name in (*_BOUNDS, *_APART * needed) if name in repeat}
    timing = {**elements.mapping(dosage.get("timing")), "repeat": kept}
    made = {**dosage, "text": words_of(dosage), "timing": timing}
    if count and needed:  # beside its shortest interval, which is still kept to
        said = filter(None, (dosages.remark_of(dosage), count))
        made["additionalInstruction"] = [{"text": ", ".join(said)}]
    return made, True


def words_of(dosage: Mapping[str, Any]) -> str:
    """A dosage in words: as the record says it, with the days and the count that it leaves out."""
    said = elements.text(dosage.get("text"))
    parts = [said] if said else _composed(dosage)
    repeat = _repeat(dosage)
    days = [_DAYS[day] for day in _list(repeat.get("dayOfWeek")) if day in _DAYS]
    for more in (*days, _count(dosage)):
        if more.casefold() not in ", ".join(parts).casefold():
            parts.append(more)
    return ", ".join(parts)


def _different(value: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in elements.objects(value):
        bare = {name: part for name, part in each.items() if name != "id"}
        if bare and bare not in found:
            found.append(bare)
    ranks = [elements.decimal(each.get("sequence")) for each in found]
    ranked = [(rank, place) for place, rank in enumerate(ranks) if rank is not None]
    return [found[place] for _, place in sorted(ranked)] if len(ranked) == len(found) else found


def _together(found: Sequence[Mapping[str, Any]], ordered_at: datetime | None) -> Resource:
    said = (words_of(each) or "?" for each in found)
    made: Resource = {"text": "; ".join(said)}
    timings = [dosages.timing_of(each, ordered_at) for each in found]
    starts = [each.starts_at for each in timings if each.starts_at]
    ends = [each.ends_at for each in timings if each.ends_at]
    bounds = {
        **({"start": min(starts).isoformat()} if len(starts) == len(found) else {}),
        **({"end": max(ends).isoformat()} if len(ends) == len(found) else {}),
    }
    if bounds:
        made["timing"] = {"repeat": {"boundsPeriod": bounds}}
    if all(each.as_needed for each in timings):
        made["asNeededBoolean"] = True
    routes = {elements.concept_text(each.get("route")) or "" for each in found}
    if len(routes) == 1:
        made["route"] = {"text": routes.pop()}
    return made


def _count(dosage: Mapping[str, Any]) -> str:
    """For how many doses a dosage is, in words; empty for one, which is reckoned, and for any."""
    count = elements.decimal(_repeat(dosage).get("count"))
    return f"tất cả {dosages.plain(count)} lần" if count is not None and count > 1 else ""


def _composed(dosage: Mapping[str, Any]) -> list[str]:
    rate = dosages.rate_of(dosage)
    parts = (
        _dose(dosage),
        elements.concept_text(dosage.get("route")) or "",
        _when(dosage),
        f"tốc độ {dosages.plain(rate.value)} {rate.unit}" if rate else "",
        dosages.remark_of(dosage),
        elements.text(dosage.get("patientInstruction")) or "",
    )
    return [part for part in parts if part]


def _dose(dosage: Mapping[str, Any]) -> str:
    portion = elements.first(dosage.get("doseAndRate"))
    span = elements.mapping(portion.get("doseRange"))
    amounts = (portion.get("doseQuantity") or dosage.get("doseQuantity"), *map(span.get, _SPAN))
    found = filter(None, map(dosages.amount_of, amounts))
    return " – ".join(f"{dosages.plain(each.value)} {each.unit}" for each in found)


def _when(dosage: Mapping[str, Any]) -> str:
    """When it is given; the days and the count stand beside it."""
    timing = elements.mapping(dosage.get("timing"))
    said = elements.concept_text(timing.get("code"))
    if said:
        return said
    repeat = {name: part for name, part in _repeat(dosage).items() if name != "dayOfWeek"}
    read = dosages.timing_of({**dosage, "timing": {"repeat": repeat}})
    times, period = (elements.decimal(repeat.get(name)) for name in ("frequency", "period"))
    unit = elements.text(repeat.get("periodUnit")) or ""
    often = ""
    if period is not None and unit and not (read.scheduled or read.shortest_interval):
        length = f"{dosages.plain(period)} {_UNITS.get(unit, unit)}"
        often = f"{dosages.plain(times or Decimal(1))} lần/{length}"
    if read.at and times is None:  # its times of day say how often
        read = replace(read, times_a_day=None)
    parts = (often, dosages.timing_text(read), _until(repeat))
    return ", ".join(part for part in parts if part)


def _until(repeat: Mapping[str, Any]) -> str:
    length = elements.mapping(repeat.get("boundsDuration"))
    value, unit = elements.decimal(length.get("value")), elements.text(length.get("code"))
    unit = unit or elements.text(length.get("unit"))
    if value is not None and unit:
        return f"trong {dosages.plain(value)} {_UNITS.get(unit, unit)}"
    bounds = elements.mapping(repeat.get("boundsPeriod"))
    ends = [(name, elements.instant(bounds.get(key))) for name, key in _ENDS]
    return ", ".join(f"{name} {at:%d/%m/%Y %H:%M}" for name, at in ends if at)


def _repeat(dosage: Mapping[str, Any]) -> dict[str, Any]:
    return elements.mapping(elements.mapping(dosage.get("timing")).get("repeat"))


def _list(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, str)]
