"""Dosages that no times are reckoned from: several in one order, and such as say more than a clock.

A loading dose and what follows it, six doses and no more, before breakfast, on Mondays, at a time
that cannot be read: a slot out of one part of them would hide the rest, come at a wrong time or go
on after the last. The words of all of them are the order then, and who gives a dose reads them.
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
_WHEN: Final = {
    "MORN": "buổi sáng", "MORN.early": "sáng sớm", "MORN.late": "cuối buổi sáng",
    "NOON": "buổi trưa", "AFT": "buổi chiều", "AFT.early": "đầu giờ chiều",
    "AFT.late": "cuối giờ chiều", "EVE": "buổi tối", "EVE.early": "đầu buổi tối",
    "EVE.late": "cuối buổi tối", "NIGHT": "ban đêm", "PHS": "sau khi ngủ",
    "HS": "trước khi đi ngủ", "WAKE": "khi thức dậy",
    "C": "trong bữa ăn", "CM": "trong bữa sáng", "CD": "trong bữa trưa", "CV": "trong bữa tối",
    "AC": "trước bữa ăn", "ACM": "trước bữa sáng", "ACD": "trước bữa trưa",
    "ACV": "trước bữa tối",
    "PC": "sau bữa ăn", "PCM": "sau bữa sáng", "PCD": "sau bữa trưa", "PCV": "sau bữa tối",
}  # fmt: skip
"""FHIR EventTiming and HL7 v3 TimingEvent; a code that is not here is said as it is."""
_NO_CLOCK: Final = ("dayOfWeek", "when", "frequencyMax", "periodMax", "countMax")
"""Parts of a timing by which no time can be reckoned."""
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
    if not _beyond_times(dosage):
        return dosage, False
    repeat, more = _repeat(dosage), [*_moments(dosage), _count(dosage)]
    needed = dosages.timing_of(dosage).as_needed
    kept = {name: repeat[name] for name in (*_BOUNDS, *_APART * needed) if name in repeat}
    timing = {**elements.mapping(dosage.get("timing")), "repeat": kept}
    made = {**dosage, "text": words_of(dosage), "timing": timing}
    if needed and any(more):  # beside its shortest interval, which is still kept to
        said = filter(None, (dosages.remark_of(dosage), *more))
        made["additionalInstruction"] = [{"text": ", ".join(said)}]
    return made, True


def words_of(dosage: Mapping[str, Any]) -> str:
    """A dosage in words: as the record says it, with when and how often that it leaves out."""
    said = elements.text(dosage.get("text"))
    parts = [said] if said else _composed(dosage)
    for more in (*_moments(dosage), _count(dosage)):
        if more.casefold() not in ", ".join(parts).casefold():
            parts.append(more)
    return ", ".join(parts)


def _beyond_times(dosage: Mapping[str, Any]) -> bool:
    """Whether a dosage says of when it is given what no times can be reckoned from."""
    timing, repeat = elements.mapping(dosage.get("timing")), _repeat(dosage)
    clock = _all(repeat.get("timeOfDay"))
    read = dosages.timing_of(dosage)
    unclear = (name for name in _NO_CLOCK if name != "dayOfWeek" or not read.weekdays)
    if any(map(repeat.get, unclear)) or timing.get("event") or _count(dosage):
        return True
    if None in map(dosages.time_of, clock):
        return True
    if read.as_needed:
        return False
    if clock and not read.once:
        return read.times_a_day != len(clock)
    said = timing.get("code") or repeat.keys() - {*_BOUNDS}
    return bool(said) and not read.scheduled


def _moments(dosage: Mapping[str, Any]) -> list[str]:
    """Times of day, events of the day, days of the week and dates; one that is odd as it is."""
    repeat = _repeat(dosage)
    clock = _all(repeat.get("timeOfDay"))
    times = [f"{at:%H:%M}" if (at := dosages.time_of(each)) else str(each) for each in clock]
    whens = [_WHEN.get(each, str(each)) for each in map(str, _all(repeat.get("when")))]
    offset = elements.decimal(repeat.get("offset"))
    if whens and offset:
        whens.append(f"cách {dosages.plain(offset)} phút")
    days = [dosages.DAYS.get(each, each) for each in map(str, _all(repeat.get("dayOfWeek")))]
    events = _all(elements.mapping(dosage.get("timing")).get("event"))
    dates = [f"{on:%d/%m/%Y %H:%M}" if (on := elements.instant(e)) else str(e) for e in events]
    return [*times, *whens, *days, *dates]


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
    count, most = (elements.decimal(_repeat(dosage).get(name)) for name in ("count", "countMax"))
    if count is not None and most is not None:
        return f"tất cả {dosages.plain(count)} – {dosages.plain(most)} lần"
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
    repeat = _repeat(dosage)
    if not dosages.timing_of(dosage).weekdays:
        repeat = {name: part for name, part in repeat.items() if name != "dayOfWeek"}
    read = dosages.timing_of({**dosage, "timing": {"repeat": repeat}})
    times, period = (elements.decimal(repeat.get(name)) for name in ("frequency", "period"))
    unit = elements.text(repeat.get("periodUnit")) or ""
    often = _span(repeat)
    if not often and period is not None and unit and not (read.scheduled or read.shortest_interval):
        often = _often(dosages.plain(times or Decimal(1)), dosages.plain(period), unit)
    if read.at and times is None:  # its times of day say how often
        read = replace(read, times_a_day=None)
    if _span(repeat):
        read = replace(read, times_a_day=None, every_hours=None)
    parts = (often, dosages.timing_text(read), _until(repeat))
    return ", ".join(part for part in parts if part)


def _span(repeat: Mapping[str, Any]) -> str:
    """How often, where it is a span: every 4 to 6 hours, once or twice a day."""
    if not (repeat.get("frequencyMax") or repeat.get("periodMax")):
        return ""
    unit = elements.text(repeat.get("periodUnit")) or ""
    said = []
    for low, high in (("frequency", "frequencyMax"), ("period", "periodMax")):
        ends = (elements.decimal(repeat.get(name)) for name in (low, high))
        said.append(" – ".join(dosages.plain(each) for each in ends if each is not None) or "1")
    return _often(said[0], said[1], unit)


def _often(times: str, length: str, unit: str) -> str:
    """So many times in a length of time; of one day or week only its name is said."""
    span = _UNITS.get(unit, unit)
    return (
        f"{times} lần/{span}" if length == "1" and span else f"{times} lần/{length} {span}".rstrip()
    )


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


def _all(value: Any) -> list[Any]:
    """What a list holds; a lone value counts as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]
