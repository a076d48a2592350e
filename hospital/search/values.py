"""Reads one search parameter's value into the tests of which one must hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from hospital.outcome import bad_request
from hospital.schema.r4 import resource_types
from hospital.search.criteria import During, IsMissing, Not, Reads, RefersTo, Test, TokenIs
from hospital.search.index import LONGEST, fold, relative
from hospital.search.parameters import Parameter
from hospital.search.times import span

_COMMA: Final = re.compile(r"(?<!\\),")
_BAR: Final = re.compile(r"(?<!\\)\|")
_ESCAPED: Final = re.compile(r"\\([,|$\\])")
_DATED: Final = re.compile(r"(eq|ne|gt|ge|lt|le|sa|eb)?(\d.*)")
_STRING_MODIFIERS: Final = {"": "start", "exact": "exact", "contains": "contains"}


def tests_of(parameter: Parameter, modifier: str, value: str, base: str) -> tuple[Test, ...]:
    """The tests that a parameter's value stands for.

    Args:
        parameter: Which one.
        modifier: What follows the colon of its name; empty for nothing.
        value: As asked, alternatives parted by commas.
        base: Our own FHIR base, which a reference may be written with.

    Raises:
        Fault: 400 for a modifier that is not supported, or a value that makes no sense.
    """
    if modifier == "missing":
        if value not in {"true", "false"}:
            raise bad_request(f"{parameter.name}:missing must be true or false")
        return (IsMissing(parameter.kind, parameter.labels, value == "true"),)
    if modifier == "not" and parameter.kind == "token":
        none_of = tests_of(parameter, "", value, base)
        return (Not(none_of),) if none_of else ()
    read = _READ[parameter.kind]
    parts = [part for part in _COMMA.split(value) if part]
    return tuple(read(parameter, modifier, part, base) for part in parts)


def dated(value: str) -> tuple[str, int, int]:
    """Prefix, first and last millisecond of a date in a search.

    Raises:
        Fault: 400 when it is none.
    """
    found = _DATED.fullmatch(value.replace(" ", "+"))
    if not found:
        raise bad_request("a date, perhaps with a prefix such as ge, is expected")
    try:
        low, high = span(found[2])
    except (ValueError, OverflowError) as error:
        raise bad_request("a date of the calendar is expected") from error
    return found[1] or "eq", low, high


def _token(parameter: Parameter, modifier: str, value: str, _base: str) -> Test:
    _refuse(parameter, modifier)
    parts = [_plain(part) for part in _BAR.split(value, maxsplit=1)]
    if len(parts) == 1:
        return TokenIs(parameter.labels, parts[0][:LONGEST], None)
    return TokenIs(parameter.labels, parts[1][:LONGEST], parts[0][:LONGEST])


def _reference(parameter: Parameter, modifier: str, value: str, base: str) -> Test:
    if modifier and modifier not in resource_types():
        _refuse(parameter, modifier)
    literal = relative(_plain(value).removeprefix(f"{base}/"))
    if "/" in literal or ":" in literal:
        return RefersTo(parameter.labels, (literal[:LONGEST],))
    types = (modifier,) if modifier else parameter.targets
    return RefersTo(parameter.labels, tuple(f"{type_}/{literal}"[:LONGEST] for type_ in types))


def _date(parameter: Parameter, modifier: str, value: str, _base: str) -> Test:
    _refuse(parameter, modifier)
    return During(parameter.labels, *dated(value))


def _string(parameter: Parameter, modifier: str, value: str, _base: str) -> Test:
    if modifier not in _STRING_MODIFIERS:
        _refuse(parameter, modifier)
    return Reads(parameter.labels, fold(_plain(value)), _STRING_MODIFIERS[modifier])


def _uri(parameter: Parameter, modifier: str, value: str, _base: str) -> Test:
    _refuse(parameter, modifier)
    return TokenIs(parameter.labels, _plain(value)[:LONGEST], None)


def _refuse(parameter: Parameter, modifier: str) -> None:
    if modifier:
        raise bad_request(f"{parameter.name}:{modifier[:60]} is not supported", "not-supported")


def _plain(value: str) -> str:
    return _ESCAPED.sub(r"\1", value)


_READ: Final[dict[str, Callable[[Parameter, str, str, str], Test]]] = {
    "token": _token,
    "reference": _reference,
    "date": _date,
    "string": _string,
    "uri": _uri,
}
