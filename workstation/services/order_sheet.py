"""What the treatment sheet (tờ điều trị) says of orders: each signature and what it ordered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from workstation.clinical.dosage import Prescription
from workstation.clinical.ordering import OrderKind
from workstation.fhir import order as order_mapping
from workstation.fhir.order import Order
from workstation.kernel.ids import PatientId
from workstation.kernel.words import Language, say
from workstation.services import order_list
from workstation.store import View

_ONE_LINE: Final = {
    OrderKind.LABORATORY: "Laboratory",
    OrderKind.IMAGING: "order|Imaging",
}
"""Kinds whose orders of one signature stand in one line, after this word."""
_RANK: Final = {kind: place for place, kind in enumerate(OrderKind)}
_VOID: Final = ("draft", "entered-in-error", "unknown")


@dataclass(frozen=True, slots=True)
class Signed:
    """What one doctor ordered at one time.

    Attributes:
        at: When (aware), to the minute.
        by: Name of the doctor.
        text: One order a line, in the words of the record; day of the course where it is counted.
    """

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class _Deed:
    """One line of a signature; `verb` is what was done, empty for a new order."""

    at: datetime
    by: str
    order: Order
    verb: str = ""
    why: str = ""


def signatures(
    view: View, patient: PatientId, now: datetime, language: Language
) -> tuple[Signed, ...]:
    """Every signature under orders of a patient, in order of time.

    Args:
        view: One snapshot.
        patient: Whose.
        now: The time at this terminal, with its offset.
        language: Of the words between those of the record.
    """
    lines, again = order_list.read_all(view, patient, now)
    orders = [line.order for line in lines if line.order.status not in _VOID]
    known = {each.reference: each for each in orders}
    deeds = [deed for each in orders for deed in _deeds(each, orders)]
    for repeated in again:
        if repeated.at is not None:
            going = (known[each] for each in repeated.orders if each in known)
            deeds += [_Deed(repeated.at, repeated.by, each, "Goes on") for each in going]
    groups: dict[tuple[datetime, str], list[_Deed]] = defaultdict(list)
    for deed in deeds:
        groups[deed.at.replace(second=0, microsecond=0), deed.by].append(deed)
    zone = now.tzinfo
    if zone is None:
        return ()
    return tuple(
        Signed(at.astimezone(zone), by, _text(group, orders, zone, language))
        for (at, by), group in sorted(groups.items())
    )


def _deeds(order: Order, orders: Iterable[Order]) -> list[_Deed]:
    """A new order or a change, and what was decided about it last.

    The end of an order that another replaced is told by the change.
    """
    found = []
    if order.since is not None:
        verb = "Changed to" if order.version_of else ""
        found.append(_Deed(order.since, order.prescriber, order, verb))
    decided = order.decided
    replaced = any(each.version_of == order.reference for each in orders)
    verbs = {"stopped": "Stopped", "on-hold": "On hold", "active": "Goes on again"}
    if decided is not None and decided.at is not None and order.status in verbs and not replaced:
        found.append(_Deed(decided.at, decided.by, order, verbs[order.status], decided.reason))
    return found


def _text(deeds: Sequence[_Deed], orders: Sequence[Order], zone: tzinfo, language: Language) -> str:
    ranked = sorted(deeds, key=lambda deed: (_RANK[deed.order.kind], _name(deed.order)))
    said: list[str] = []
    for kind, word in _ONE_LINE.items():
        new = [
            order_mapping.words(deed.order)
            for deed in ranked
            if deed.order.kind is kind and not deed.verb
        ]
        if new:
            said.append(f"{say(language, word)}: {'; '.join(new)}")
    rest = [deed for deed in ranked if deed.verb or deed.order.kind not in _ONE_LINE]
    lines = [_line(deed, orders, zone, language) for deed in rest]
    return "\n".join(f"- {line}" for line in (*lines, *said))


def _line(deed: _Deed, orders: Sequence[Order], zone: tzinfo, language: Language) -> str:
    ends = deed.verb in ("Stopped", "On hold")
    words = _name(deed.order) if ends else order_mapping.words(deed.order)
    day = None if ends else order_list.day_of(deed.order, orders, deed.at, zone)
    if day is not None:
        words = f"{words} ({say(language, 'day {count}', count=day)})"
    verb = f"{say(language, deed.verb)}: " if deed.verb else ""
    return f"{verb}{words}" + (f" – {deed.why}" if deed.why else "")


def _name(order: Order) -> str:
    item = order.item
    return item.drug if isinstance(item, Prescription) else item.words
