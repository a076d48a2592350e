"""Turns a resource into the index rows by which it is found."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from hospital.search.parameters import IndexPath, index_paths_by_first
from hospital.search.times import EARLIEST, LATEST, span

Row = tuple[Any, ...]
"""For tokens (label, code, system); references (label, target); dates (label, low, high);
strings (label, folded text)."""

LONGEST: Final = 200
"""Characters of a text that are indexed."""


class IndexRows:
    """The index rows of one resource, by the index they belong to, each once."""

    __slots__ = ("dates", "references", "strings", "tokens")

    def __init__(self) -> None:
        self.tokens: set[Row] = set()
        self.references: set[Row] = set()
        self.dates: set[Row] = set()
        self.strings: set[Row] = set()


def extract(resource: dict[str, Any]) -> IndexRows:
    """Read the index rows off a resource; values of a wrong shape are left out."""
    rows = IndexRows()
    plan = _plan(resource["resourceType"])
    for name in plan.keys() & resource.keys():
        value = resource[name]
        for fill, path, further in plan[name]:
            if further:
                for inner in _values(value, further):
                    fill(rows, path, inner)
            elif type(value) is list:
                for inner in value:
                    if inner is not None:
                        fill(rows, path, inner)
            else:
                fill(rows, path, value)
    return rows


def without_nul(rows: IndexRows) -> IndexRows:
    """The same without the character NUL, which not every database can hold.

    Nothing valid has it; what was loaded from elsewhere may.
    """
    made = IndexRows()
    made.dates = rows.dates
    for name in ("tokens", "references", "strings"):
        clean = {tuple(text.replace("\0", "") for text in row) for row in getattr(rows, name)}
        setattr(made, name, clean)
    return made


def fold(text: str) -> str:
    """Lower case without diacritics and with ``d`` for ``đ``, as names are searched."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))[:LONGEST]


def relative(reference: str) -> str:
    """A literal reference without the version it may name."""
    return reference.split("/_history/", 1)[0]


def _values(value: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _values(item, steps)
    elif not steps:
        if value is not None:
            yield value
    elif isinstance(value, dict) and steps[0] in value:
        yield from _values(value[steps[0]], steps[1:])


def _fill_tokens(rows: IndexRows, path: IndexPath, value: Any) -> None:
    if isinstance(value, bool):
        rows.tokens.add((path.label, "true" if value else "false", ""))
    elif isinstance(value, str):
        rows.tokens.add((path.label, value[:LONGEST], ""))
    elif isinstance(value, dict):
        codings = value.get("coding") if path.datatype == "CodeableConcept" else [value]
        for coding in codings if isinstance(codings, list) else []:
            _fill_coding(rows, path.label, coding)


def _fill_coding(rows: IndexRows, label: str, coding: Any) -> None:
    if not isinstance(coding, dict):
        return
    code = coding.get("code", coding.get("value"))
    system = coding.get("system", "")
    if isinstance(code, str) and isinstance(system, str):
        rows.tokens.add((label, code[:LONGEST], system[:LONGEST]))


def _fill_references(rows: IndexRows, path: IndexPath, value: Any) -> None:
    literal = value.get("reference") if isinstance(value, dict) else value
    if isinstance(literal, str) and not literal.startswith("#"):
        rows.references.add((path.label, relative(literal)[:LONGEST]))


def _fill_dates(rows: IndexRows, path: IndexPath, value: Any) -> None:
    try:
        if isinstance(value, str):
            rows.dates.add((path.label, *span(value)))
        elif path.datatype == "Period" and isinstance(value, dict):
            low = span(value["start"])[0] if "start" in value else EARLIEST
            high = span(value["end"])[1] if "end" in value else LATEST
            rows.dates.add((path.label, low, high))
        elif path.datatype == "Timing" and isinstance(value, dict):
            for event in value.get("event", []):
                rows.dates.add((path.label, *span(event)))
    except (ValueError, TypeError, OverflowError):
        return


def _fill_strings(rows: IndexRows, path: IndexPath, value: Any) -> None:
    if isinstance(value, str):
        rows.strings.add((path.label, fold(value)))
    elif isinstance(value, dict):
        for part in value.values():
            for text in part if isinstance(part, list) else [part]:
                if isinstance(text, str):
                    rows.strings.add((path.label, fold(text)))


def _fill_uris(rows: IndexRows, path: IndexPath, value: Any) -> None:
    if isinstance(value, str):
        rows.tokens.add((path.label, value[:LONGEST], ""))


_Fill = Callable[[IndexRows, IndexPath, Any], None]
_FILL: Final[dict[str, _Fill]] = {
    "token": _fill_tokens,
    "reference": _fill_references,
    "date": _fill_dates,
    "string": _fill_strings,
    "uri": _fill_uris,
}


@cache
def _plan(type_: str) -> dict[str, tuple[tuple[_Fill, IndexPath, tuple[str, ...]], ...]]:
    """By the first element name: what to do with each path, and its further steps."""
    return {
        name: tuple((_FILL[path.kind], path, path.steps[1:]) for path in paths)
        for name, paths in index_paths_by_first(type_).items()
    }
