"""The parts of a resource that are compared, merged, shown and decided as one value each.

A part is a set of top-level elements (a clinical group such as drug and dose, a ``value[x]`` with
its primitive extensions) or one entry of a list that is recognised by a key, never by its place.
A `Field` describes itself completely, so that a conflict opened on one terminal can be decided on
another one, by a newer program with another policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workstation.fhir.json import Resource, canonical

_CHOICES: Final = (
    "abatement", "allowed", "asNeeded", "asserted", "collected", "deceased", "defaultValue",
    "dose", "due", "effective", "identified", "location", "medication", "multipleBirth",
    "occurred", "occurrence", "onset", "performed", "product", "quantity", "rate", "reported",
    "scheduled", "serviced", "statusReason", "timing", "used", "value",
)  # fmt: skip
_TYPES: Final = (
    "Age", "Annotation", "Attachment", "Boolean", "Code", "CodeableConcept", "Coding", "Date",
    "DateTime", "Decimal", "Duration", "Identifier", "Instant", "Integer", "Money", "Period",
    "PositiveInt", "Quantity", "Range", "Ratio", "Reference", "SampledData", "String", "Time",
    "Timing", "UnsignedInt", "Uri",
)  # fmt: skip
_STEMS: Final = {choice + kind: choice for choice in _CHOICES for kind in _TYPES}

BY_VALUE: Final[tuple[str, ...]] = ()
"""Entries that are the same when they say the same: a set."""


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a resource.

    Attributes:
        name: The element, or the name of the clinical group.
        elements: Stems of the elements that make it: ``value`` stands for every ``value[x]``
            and for the ``_value[x]`` beside it.
        by: For one entry of a list: the dotted paths that make its key, `BY_VALUE` when the
            whole entry is its key. None when the field is no entry.
        key: The key of that entry.
        inside: The element that holds the list when it is not at the top (``meta``).
    """

    name: str
    elements: tuple[str, ...]
    by: tuple[str, ...] | None = None
    key: str = ""
    inside: str = ""


def stem(element: str) -> str:
    """The name under which an element belongs together with its variants.

    ``valueQuantity`` and ``_valueString`` are both ``value``; ``_birthDate`` is ``birthDate``.
    """
    bare = element.removeprefix("_")
    return _STEMS.get(bare, bare)


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same; ``1.10`` is ``1.1``."""
    return one is other or canonical({"value": one}) == canonical({"value": other})


def entry_key(entry: Any, by: Sequence[str]) -> str | None:
    """The key of a list entry, or None when it has nothing of what the key is made of."""
    if not by:
        return canonical({"value": entry})
    parts = [_at(entry, path.split(".")) for path in by]
    return None if all(part is None for part in parts) else canonical({"value": parts})


def keyed(entries: Any, by: Sequence[str]) -> dict[str, Any] | None:
    """The entries of a list by key, in order; None when keys are missing or double."""
    if not isinstance(entries, list):
        return None
    found: dict[str, Any] = {}
    for entry in entries:
        key = entry_key(entry, by)
        if key is None or key in found:
            return None
        found[key] = entry
    return found


def part(resource: Mapping[str, Any], stems: Iterable[str]) -> dict[str, Any]:
    """The elements of a resource that belong to some stems."""
    wanted = frozenset(stems)
    return {name: value for name, value in resource.items() if stem(name) in wanted}


def read(resource: Mapping[str, Any], field: Field) -> Any:
    """The value of a field: a dict of elements, the entry of a list, or None when absent."""
    holder = _holder(resource, field)
    if field.by is None:
        return part(holder, field.elements) or None
    entries = keyed(holder.get(field.elements[0]), field.by)
    return None if entries is None else entries.get(field.key)


def take(resource: Resource, field: Field, source: Mapping[str, Any]) -> None:
    """Give one field of `resource` the value that it has in `source`, absent included.

    An entry of a list keeps its place; a new one goes to the end.
    """
    value = read(source, field)
    if field.inside:
        inner = dict(resource.get(field.inside) or {})
        _put(inner, field, value)
        _set(resource, field.inside, inner)
    else:
        _put(resource, field, value)


def _holder(resource: Mapping[str, Any], field: Field) -> Mapping[str, Any]:
    if not field.inside:
        return resource
    inner = resource.get(field.inside)
    return inner if isinstance(inner, dict) else {}


def _put(holder: Resource, field: Field, value: Any) -> None:
    if field.by is None:
        for name in part(holder, field.elements):
            del holder[name]
        holder.update(value or {})
        return
    element = field.elements[0]
    entries = list(holder.get(element) or [])
    places = [n for n, entry in enumerate(entries) if entry_key(entry, field.by) == field.key]
    if value is None:
        entries = [entry for n, entry in enumerate(entries) if n not in places]
    elif places:
        entries[places[0]] = value
    else:
        entries.append(value)
    _set(holder, element, entries)


def _set(holder: Resource, element: str, value: Any) -> None:
    if value:
        holder[element] = value
    else:
        holder.pop(element, None)


def _at(value: Any, path: Sequence[str]) -> Any:
    for step in path:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value
