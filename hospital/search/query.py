"""Reads the parameters of a search into `Criteria`."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final
from urllib.parse import parse_qsl

import msgspec

from hospital.outcome import bad_request
from hospital.schema.r4 import resource_types
from hospital.search.criteria import (
    Criteria,
    HasId,
    Include,
    Not,
    Order,
    RefersTo,
    RefersToSuch,
    Test,
    Updated,
)
from hospital.search.parameters import Parameter, parameters
from hospital.search.values import dated, tests_of

Pairs = Sequence[tuple[str, str]]

MOST_PARAMETERS: Final = 100
MOST_VALUES: Final = 1000
"""Alternatives of one parameter: ids are looked up together."""
MOST_TESTS: Final = 250
"""Alternatives of all parameters but ``_id``: each is a look-up of its own in one statement, and
SQLite nests no more than a thousand of them."""
MOST_TARGETS: Final = 5000
"""Types times ids that references without a type may mean."""
MOST_SORTS: Final = 8
MOST_INCLUDES: Final = 40
LARGEST_PAGE: Final = 1000
USUAL_PAGE: Final = 50
_NUMBERS: Final = frozenset({"updated", "key", "date"})
_BEYOND: Final = 2**63
AFTER: Final = "_after"
"""The parameter of our own links that says where the page before ended."""

_LONGEST_CHAIN: Final = 2
_IGNORED: Final = frozenset({"_format", "_pretty"})
_SUMMARIES: Final = frozenset({"false", "count", "data"})
_TOTALS: Final = frozenset({"none", "accurate", "estimate"})


@dataclass(slots=True)
class _Draft:
    """A search while its parameters are being read."""

    type: str
    base: str
    every: list[tuple[Test, ...]] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    understood: list[tuple[str, str]] = field(default_factory=list)
    count: int = USUAL_PAGE
    after: tuple[object, ...] = ()
    elements: tuple[str, ...] = ()
    summary: str = "false"
    total: bool = False


def pairs_of(query: str, *, blank: bool = False) -> list[tuple[str, str]]:
    """Names and values of a query or form, decoded.

    Args:
        query: What follows the ``?``.
        blank: Keep names without a value.

    Raises:
        Fault: 400 when there are more than a search may have.
    """
    try:
        return parse_qsl(query, keep_blank_values=blank, max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        words = f"a search may have {MOST_PARAMETERS} parameters"
        raise bad_request(words, "too-costly") from error


def read_query(
    type_: str, pairs: Pairs, *, base: str, lenient: bool = False, largest: int = LARGEST_PAGE
) -> Criteria:
    """Read a search.

    Args:
        type_: The resource type searched.
        pairs: Names and values, decoded, in order.
        base: Our own FHIR base, which references may be written with.
        lenient: Leave out unknown parameters instead of refusing them.
        largest: Matches that a page may have.

    Raises:
        Fault: 400 for a parameter that is unknown or makes no sense.
    """
    draft = _Draft(type_, base)
    refuse_nul(pairs)
    for name, value in pairs:
        if name in _IGNORED or not value.strip(","):
            continue
        if value.count(",") >= MOST_VALUES:
            raise bad_request(f"a parameter may have {MOST_VALUES} values", "too-costly")
        if _control(draft, name, value) or _filter(draft, name, value):
            draft.understood.append((name, value))
        elif not lenient:
            raise bad_request(f"search parameter {name[:60]!r} is not supported for {type_}")
    return _finished(draft, largest)


def refuse_nul(pairs: Pairs) -> None:
    """Refuse what no resource can have, and not every database can look for.

    Raises:
        Fault: 400.
    """
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise bad_request("a text of FHIR has no character NUL")


def _finished(draft: _Draft, largest: int) -> Criteria:
    if draft.after and not _belongs(draft.after, (*draft.order, Order("key"))):
        raise bad_request("the page link does not belong to this search")
    _refuse_too_much(draft)
    return Criteria(
        type=draft.type,
        every=tuple(draft.every),
        order=tuple(draft.order),
        count=min(draft.count, largest),
        after=draft.after,
        includes=tuple(draft.includes),
        elements=draft.elements,
        summary="count" if draft.count == 0 else draft.summary,
        total=draft.total,
        understood=tuple(pair for pair in draft.understood if pair[0] != AFTER),
    )


def _belongs(place: Sequence[object], order: Sequence[Order]) -> bool:
    """Whether a place is one in this order: a text for a text, a number for a number."""
    return len(place) == len(order) and all(
        isinstance(value, int) and -_BEYOND < value < _BEYOND
        if key.kind in _NUMBERS
        else isinstance(value, str)
        for key, value in zip(order, place, strict=True)
    )


def _refuse_too_much(draft: _Draft) -> None:
    """A search that is sound and would hold up everybody else's is refused before it is begun."""
    asked = Counter[str]()
    for test in _each(draft.every):
        asked["values"] += not isinstance(test, HasId)
        asked["targets"] += len(test.targets) if isinstance(test, RefersTo) else 0
    asked["sort keys"], asked["includes"] = len(draft.order), len(draft.includes)
    for what, most in _MOST.items():
        if asked[what] > most:
            raise bad_request(f"a search may have {most} {what}", "too-costly")


def _each(groups: Iterable[Iterable[Test]]) -> Iterator[Test]:
    """Every single test, also those inside others."""
    for test in chain.from_iterable(groups):
        if isinstance(test, Not):
            yield from _each([test.tests])
        elif isinstance(test, RefersToSuch):
            yield from _each(test.every)
        else:
            yield test


_MOST: Final = {
    "values": MOST_TESTS,
    "targets": MOST_TARGETS,
    "sort keys": MOST_SORTS,
    "includes": MOST_INCLUDES,
}


def place_text(place: Sequence[object]) -> str:
    """The opaque text by which a link continues a search behind a row."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(place))).decode().rstrip("=")


def first_page(criteria: Criteria) -> Criteria:
    """The same search from its beginning."""
    return replace(criteria, after=())


def _control(draft: _Draft, name: str, value: str) -> bool:
    handler = _CONTROLS.get(name.split(":", 1)[0])
    if handler is None:
        return False
    handler(draft, name, value)
    return True


def _count(draft: _Draft, _name: str, value: str) -> None:
    if not re.fullmatch(r"\d{1,9}", value):
        raise bad_request("_count must be a whole number")
    draft.count = int(value)


def _sort(draft: _Draft, _name: str, value: str) -> None:
    for part in value.split(","):
        name = part.lstrip("-")
        descending = part.startswith("-")
        if name == "_lastUpdated":
            draft.order.append(Order("updated", (), descending))
        elif name == "_id":
            draft.order.append(Order("id", (), descending))
        else:
            found = _known(draft.type, name)
            draft.order.append(Order(found.kind, found.labels, descending))


def _elements(draft: _Draft, _name: str, value: str) -> None:
    draft.elements = tuple(part.strip().split(".")[-1] for part in value.split(","))


def _summary(draft: _Draft, _name: str, value: str) -> None:
    if value not in _SUMMARIES:
        raise bad_request("_summary may be count, data or false here", "not-supported")
    draft.summary = value


def _total(draft: _Draft, _name: str, value: str) -> None:
    if value not in _TOTALS:
        raise bad_request("_total may be none, estimate or accurate")
    draft.total = value != "none"


def _after(draft: _Draft, _name: str, value: str) -> None:
    try:
        padded = value + "=" * (-len(value) % 4)
        draft.after = tuple(
            msgspec.json.decode(
                base64.b64decode(padded, altchars=b"-_", validate=True), type=list[int | str]
            )
        )
        refuse_nul([("", value) for value in draft.after if isinstance(value, str)])
    except (binascii.Error, ValueError) as error:
        raise bad_request("the page link is damaged") from error


def _include(draft: _Draft, name: str, value: str) -> None:
    reverse = name.startswith("_rev")
    source, _, rest = value.partition(":")
    parameter, _, target = rest.partition(":")
    if source not in resource_types() or ":" in name:
        raise bad_request(f"{name[:60]} names no resource type that is known", "not-supported")
    labels = _reference_labels(source, parameter)
    if not reverse and source != draft.type:
        labels = ()
    found = Include(labels, source if reverse else target, reverse)
    if found not in draft.includes:
        draft.includes.append(found)


def _reference_labels(source: str, parameter: str) -> tuple[str, ...]:
    if parameter == "*":
        every = parameters(source).values()
        return tuple({label for p in every if p.kind == "reference" for label in p.labels})
    found = _known(source, parameter)
    if found.kind != "reference":
        raise bad_request(f"{source}:{parameter[:60]} is no reference")
    return found.labels


def _known(type_: str, name: str) -> Parameter:
    found = parameters(type_).get(name)
    if found is None:
        raise bad_request(f"search parameter {name[:60]!r} is not supported for {type_}")
    return found


def _filter(draft: _Draft, name: str, value: str, depth: int = 0) -> bool:
    first, dot, rest = name.partition(".")
    bare, _, modifier = first.partition(":")
    if dot and bare in parameters(draft.type):
        parameter = parameters(draft.type)[bare]
        draft.every.append((_chained(draft, parameter, modifier, (rest, value), depth),))
    elif bare == "_id":
        draft.every.append((HasId(tuple(value.split(","))),))
    elif bare == "_lastUpdated":
        spans = (dated(part) for part in value.split(","))
        draft.every.append(tuple(Updated(*each) for each in spans))
    elif bare in parameters(draft.type):
        parameter = parameters(draft.type)[bare]
        draft.every.append(tests_of(parameter, modifier, value, draft.base))
    else:
        return False
    return True


def _chained(
    draft: _Draft, parameter: Parameter, type_: str, chain: tuple[str, str], depth: int
) -> RefersToSuch:
    """``subject:Patient.family=…``: what is referred to is found by a search of its own."""
    rest, value = chain
    types = [type_] if type_ else list(parameter.targets)
    if parameter.kind != "reference" or len(types) != 1 or types[0] not in resource_types():
        message = f"{parameter.name[:60]} must be a reference to one type, such as subject:Patient"
        raise bad_request(message, "not-supported")
    such = _Draft(types[0], draft.base)
    if depth >= _LONGEST_CHAIN or not _filter(such, rest, value, depth + 1):
        raise bad_request(f"{rest[:60]} of {types[0]} is not supported in a chain", "not-supported")
    return RefersToSuch(parameter.labels, types[0], tuple(such.every))


_CONTROLS: Final[dict[str, Callable[[_Draft, str, str], None]]] = {
    "_count": _count,
    "_sort": _sort,
    "_elements": _elements,
    "_summary": _summary,
    "_total": _total,
    "_include": _include,
    "_revinclude": _include,
    AFTER: _after,
}

RESULT_PARAMETERS: Final = tuple(name for name in _CONTROLS if name != AFTER)
"""What shapes the answer of a search, for the CapabilityStatement."""
