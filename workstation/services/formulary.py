"""What can be ordered: list of drugs, list of other orders, order sets; files a hospital replaces.

What is not in a list can always be typed freely.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.ordering import Item, OrderKind, Request
from workstation.fhir import systems
from workstation.kernel import resources
from workstation.kernel.folding import fold

FOUND: Final = 12
"""So many are offered at once."""
_STRENGTH: Final = re.compile(r"\s*\d.*")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something of a list.

    Attributes:
        id: Its own in the list.
        name: As it is ordered.
        kind: Of what kind.
        item: As it is usually ordered.
        routes: Possible routes, the usual one first.
        folded: What it is found by.
    """

    id: str
    name: str
    kind: OrderKind
    item: Item
    routes: tuple[str, ...] = ()
    folded: str = ""


@dataclass(frozen=True, slots=True)
class SetLine:
    """One order of a set; `ticked` is whether it is usually wanted."""

    item: Item
    ticked: bool


@dataclass(frozen=True, slots=True)
class OrderSet:
    """Orders that usually go together.

    Attributes:
        id: Its own.
        name: As doctors call it.
        source: The guidelines that it follows.
        lines: In the order in which they are shown.
    """

    id: str
    name: str
    source: tuple[str, ...]
    lines: tuple[SetLine, ...]


def find(kind: OrderKind, text: str) -> tuple[Choice, ...]:
    """What a text means, by any part of each word of it, best first.

    Args:
        kind: Of what kind.
        text: As typed, with or without diacritics; an empty one finds everything.
    """
    wanted = fold(text).split()
    found = [each for each in choices(kind) if all(word in each.folded for word in wanted)]
    if wanted:
        found.sort(key=lambda each: (not each.folded.startswith(wanted[0]), each.folded))
    return tuple(found if not wanted else found[:FOUND])


@cache
def choices(kind: OrderKind) -> tuple[Choice, ...]:
    """The whole list of a kind."""
    if kind is OrderKind.DRUG:
        return tuple(map(_drug, _read("drugs/demo.json")["drugs"]))
    return tuple(map(_order, (e for e in _read("orders/demo.json")["orders"] if e["kind"] == kind)))


@cache
def order_sets() -> tuple[OrderSet, ...]:
    """All order sets, by name."""
    files = sorted((resources.folder() / "order_sets").glob("*.json"))
    found = [_set(json.loads(file.read_text("utf-8"))) for file in files]
    return tuple(sorted(found, key=lambda each: fold(each.name)))


def generic(name: str) -> str:
    """A drug's name without strength and diacritics: two strengths are one drug."""
    return fold(_STRENGTH.sub("", name))


def counts_days(name: str) -> bool:
    """Whether the days of a drug are numbered on the treatment sheet (Circular 23/2011/TT-BYT)."""
    drug = generic(name)
    return drug in _counted() or any(word in _counted() for word in re.split(r"[\s/,]+", drug))


@cache
def _counted() -> frozenset[str]:
    body = _read("drugs/demo.json")
    listed = (entry["name"] for entry in body["drugs"] if entry.get("counted"))
    return frozenset({*map(generic, listed), *body["counted_too"]})


def _read(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((resources.folder() / path).read_text("utf-8"))
    return found


def _drug(entry: Mapping[str, Any]) -> Choice:
    item = Prescription(
        drug=entry["name"],
        codes=((systems.DEMO_DRUG, entry["code"]),),
        amount=Amount(Decimal(entry["dose"]), entry["unit"]),
        route=entry["routes"][0],
        timing=_timing(entry, as_needed="times_a_day" not in entry and "rate" not in entry),
        rate=Rate(Decimal(entry["rate"]), entry["rate_unit"]) if "rate" in entry else None,
        remark=entry.get("remark", ""),
    )
    said = fold(f"{entry['name']} {entry.get('words', '')}")
    routes = tuple(entry["routes"])
    return Choice(entry["id"], entry["name"], OrderKind.DRUG, item, routes, said)


def _timing(entry: Mapping[str, Any], *, as_needed: bool) -> Timing:
    if not as_needed:
        return Timing(times_a_day=entry.get("times_a_day"))
    hours = entry.get("shortest_interval_hours")
    return Timing(
        as_needed=True,
        as_needed_for=entry.get("as_needed_for", ""),
        shortest_interval=timedelta(hours=hours) if hours else None,
        most_a_day=entry.get("most_a_day"),
    )


def _order(entry: Mapping[str, Any]) -> Choice:
    kind = OrderKind(entry["kind"])
    system = {OrderKind.LABORATORY: systems.LOINC, OrderKind.DIET: systems.DIET}.get(
        kind, systems.CARE_LEVEL
    )
    codes = ((system, entry["code"]),) if "code" in entry else ()
    item = Request(kind=kind, words=entry["words"], codes=codes, remark=entry.get("remark", ""))
    return Choice(entry["words"], entry["words"], kind, item, folded=fold(entry["words"]))


def _set(body: Mapping[str, Any]) -> OrderSet:
    lines = tuple(SetLine(_item(line), line.get("ticked", True)) for line in body["lines"])
    return OrderSet(body["id"], body["name"], tuple(body["source"]), lines)


def _item(line: Mapping[str, Any]) -> Item:
    if "order" in line:
        found = next(
            each
            for kind in OrderKind
            if kind is not OrderKind.DRUG
            for each in choices(kind)
            if each.id == line["order"]
        )
        assert isinstance(found.item, Request)  # noqa: S101 - the list says so
        return replace(found.item, remark=line.get("remark", found.item.remark))
    entry = next(e for e in _read("drugs/demo.json")["drugs"] if e["id"] == line["drug"])
    changed = {**entry, **{key: line[key] for key in ("dose", "remark") if key in line}}
    item = _drug(changed).item
    assert isinstance(item, Prescription)  # noqa: S101 - it is a drug
    if line.get("once"):
        return replace(item, timing=Timing(once=True))
    return replace(item, timing=_timing(entry, as_needed=True)) if line.get("as_needed") else item
