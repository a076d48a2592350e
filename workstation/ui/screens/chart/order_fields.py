"""What a doctor types in the order form, read as an order; each refusal names its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.ordering import Item, OrderKind, Request
from workstation.kernel.errors import Refused
from workstation.kernel.words import tr
from workstation.ui.toolkit.order_words import bare
from workstation.ui.toolkit.weekday_words import parse_weekdays, weekdays_text
from workstation.ui.toolkit.widgets.moment import moment_text, parse_moment
from workstation.ui.toolkit.widgets.number_entry import parse_number

T = TypeVar("T")
Texts = Mapping[str, str]
MODES: Final = ("times", "weekdays", "every", "once", "needed", "continuous")
"""How often: so often a day, on some days of the week, every so many hours, once, when needed,
without pause."""
DRUG_FIELDS: Final = (
    "words", "amount", "unit", "route", "mode", "count", "on_days", "at", "needed_for", "apart",
    "most", "rate", "rate_unit", "starts_at", "days", "indication", "remark",
)  # fmt: skip
OTHER_FIELDS: Final = ("words", "remark", "starts_at", "indication")
_ONLY: Final[Mapping[str, frozenset[str]]] = {
    "count": frozenset({"times", "weekdays", "every"}),
    "on_days": frozenset({"weekdays"}),
    "at": frozenset({"times", "weekdays", "once"}),
    "needed_for": frozenset({"needed"}),
    "apart": frozenset({"needed"}),
    "most": frozenset({"needed"}),
}
_WEEK: Final = 7
_TIME: Final = re.compile(r"(\d{1,2})(?:[:hH]?(\d{2})?)")
_FIELDS: Final = {"frequency": "count", "ends_at": "days"}
"""Fields of the form by those that the rules name otherwise."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was picked out of a list: its codes hold as long as the name is as it was."""

    name: str
    codes: tuple[tuple[str, str], ...]


def shown(kind: OrderKind, mode: str) -> frozenset[str]:
    """The fields that a kind of order needs, and of a drug how often it is given."""
    if kind is not OrderKind.DRUG:
        return frozenset(OTHER_FIELDS)
    return frozenset(name for name in DRUG_FIELDS if mode in _ONLY.get(name, frozenset({mode})))


def field_of(error: Refused) -> str:
    """The field of the form that a refusal is about; empty for none."""
    return _FIELDS.get(error.field or "", error.field or "")


def item_of(kind: OrderKind, texts: Texts, known: Known | None, now: datetime) -> Item:
    """The order that the fields say.

    Args:
        kind: Of what kind.
        texts: What is typed, by field; ``urgent`` is ``1`` or empty.
        known: What was picked out of the list.
        now: The aware present.

    Raises:
        Refused: A field says nothing that can be read; the field is named.
    """
    said = " ".join(texts.get("words", "").split())
    codes = known.codes if known is not None and known.name == said else ()
    urgent = bool(texts.get("urgent"))
    remark, indication = texts.get("remark", "").strip(), texts.get("indication", "").strip()
    starts = _moment(texts, "starts_at", now)
    if kind is not OrderKind.DRUG:
        return Request(
            kind=kind, words=said, codes=codes, remark=remark, indication=indication,
            urgent=urgent, at=starts,
        )  # fmt: skip
    amount, rate = _number(texts, "amount", 3), _number(texts, "rate", 2)
    typed = texts.get("rate_unit", "").strip()
    rate_unit = "mL/h" if typed in ("", tr("mL/h")) else typed
    return Prescription(
        drug=said,
        codes=codes,
        amount=None if amount is None else Amount(amount, texts.get("unit", "").strip()),
        route=texts.get("route", "").strip(),
        timing=_timing(texts, starts, now),
        rate=None if rate is None else Rate(rate, rate_unit),
        indication=indication,
        remark=remark,
        urgent=urgent,
    )


def texts_of(item: Item, now: datetime) -> dict[str, str]:
    """What the fields say for an order; `now` is the aware present."""
    urgent = "1" if item.urgent else ""
    if isinstance(item, Request):
        return {
            "words": item.words,
            "remark": item.remark,
            "indication": item.indication,
            "starts_at": moment_text(item.at) if item.at else "",
            "urgent": urgent,
        }
    timing = item.timing
    return {
        "words": item.drug,
        "amount": _said(item.amount.value if item.amount else None),
        "unit": item.amount.unit if item.amount else "",
        "route": item.route,
        "mode": mode_of(timing),
        "count": _said(timing.times_a_day if timing.times_a_day else timing.every_hours),
        "on_days": weekdays_text(timing.weekdays),
        "at": ", ".join(f"{at:%H:%M}" for at in timing.at),
        "needed_for": timing.as_needed_for,
        "apart": _said(_hours(timing.shortest_interval)),
        "most": _said(timing.most_a_day),
        "rate": _said(item.rate.value if item.rate else None),
        "rate_unit": item.rate.unit if item.rate else "",
        "starts_at": moment_text(timing.starts_at) if timing.starts_at else "",
        "days": _days(timing, now),
        "indication": item.indication,
        "remark": item.remark,
        "urgent": urgent,
    }


def mode_of(timing: Timing) -> str:
    """How often, as the form has it."""
    if timing.as_needed:
        return "needed"
    if timing.once:
        return "once"
    if timing.every_hours is not None:
        return "every"
    if timing.weekdays:
        return "weekdays"
    return "times" if timing.times_a_day is not None else "continuous"


def _timing(texts: Texts, starts: datetime | None, now: datetime) -> Timing:
    mode = texts.get("mode") or "times"
    days = _number(texts, "days", 2)
    ends = None if days is None else (starts or now) + timedelta(days=float(days))
    if mode == "every":
        hours = _number(texts, "count", 2)
        return Timing(every_hours=hours, starts_at=starts, ends_at=ends)
    if mode == "once":
        return Timing(once=True, at=_times(texts), starts_at=starts, ends_at=ends)
    if mode == "needed":
        apart, most = _number(texts, "apart", 2), _number(texts, "most", 0)
        return Timing(
            as_needed=True,
            as_needed_for=texts.get("needed_for", "").strip(),
            shortest_interval=None if apart is None else timedelta(hours=float(apart)),
            most_a_day=None if most is None else int(most),
            starts_at=starts,
            ends_at=ends,
        )
    if mode == "continuous":
        return Timing(starts_at=starts, ends_at=ends)
    times = _number(texts, "count", 0)
    count = None if times is None else int(times)
    at, days_named = _times(texts), frozenset[int]()
    if mode == "weekdays":
        days_named = _in_field("on_days", lambda: parse_weekdays(texts.get("on_days", "")))
        count = (len(at) or 1) if count is None else count
    every_day = len(days_named) == _WEEK
    return Timing(
        times_a_day=count,
        weekdays=frozenset() if every_day else days_named,
        at=at,
        starts_at=starts,
        ends_at=ends,
    )


def _number(texts: Texts, name: str, decimals: int) -> Decimal | None:
    return _in_field(name, lambda: parse_number(texts.get(name, ""), decimals))


def _moment(texts: Texts, name: str, now: datetime) -> datetime | None:
    text = texts.get(name, "").strip()
    return _in_field(name, lambda: parse_moment(text, now)) if text else None


def _times(texts: Texts) -> tuple[time, ...]:
    found = []
    for part in re.split(r"[\s,;]+", texts.get("at", "").strip()):
        match = _TIME.fullmatch(part)
        if not part:
            continue
        hour, minute = (int(match[1]), int(match[2] or 0)) if match else (-1, -1)
        if not (0 <= hour < 24 and 0 <= minute < 60):  # noqa: PLR2004 - a day and an hour
            raise Refused("not-a-time", field="at")
        found.append(time(hour, minute))
    return tuple(sorted(set(found)))


def _in_field(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except Refused as refused:
        refused.field = name
        raise


def _said(value: Decimal | int | None) -> str:
    return "" if value is None else bare(Decimal(value))


def _hours(length: timedelta | None) -> Decimal | None:
    return None if length is None else Decimal(int(length.total_seconds())) / 3600


def _days(timing: Timing, now: datetime) -> str:
    """From its beginning, or from now on; rounded down, so that no dose is added at its end."""
    if timing.ends_at is None:
        return ""
    left = max(timing.ends_at - (timing.starts_at or now), timedelta(0))
    return _said(Decimal(left // (timedelta(days=1) / 100)) / 100)
