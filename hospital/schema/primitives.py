"""The lexical rules of R4's primitive types (https://hl7.org/fhir/R4/datatypes.html)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from hospital.schema.r4 import resource_types

Primitive = Callable[[Any], bool]

_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)"
_DAY = r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?"
_DATE = re.compile(rf"\d{{4}}(-(0[1-9]|1[0-2]))?|{_DAY}", re.ASCII)
_DATE_TIME = re.compile(rf"\d{{4}}(-(0[1-9]|1[0-2]))?|{_DAY}(T{_TIME}{_ZONE})?", re.ASCII)
_INSTANT = re.compile(rf"{_DAY}T{_TIME}{_ZONE}", re.ASCII)
_ONLY_TIME = re.compile(_TIME, re.ASCII)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_INK = r"[^\s\x00-\x1f]"
_CODE = re.compile(rf"{_INK}+( {_INK}+)*")
_URI = re.compile(rf"{_INK}+")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*={0,2}\s*")
_OID = re.compile(r"urn:oid:[0-2](\.(0|[1-9]\d*))+", re.ASCII)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_RELATIVE = re.compile(r"([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(/_history/[A-Za-z0-9\-.]{1,64})?")
_ABSOLUTE = re.compile(rf"(https?://|urn:(uuid|oid):){_INK}+|#{_INK}*")
_FULL_DAY: Final = 10
_LARGEST: Final = 2**31 - 1
_LONGEST_STRING: Final = 1024 * 1024


def is_id(value: object) -> bool:
    """Whether `value` may be the id of a resource."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_reference(value: str) -> bool:
    """Whether `value` is a well-formed literal reference to a type that exists."""
    relative = _RELATIVE.fullmatch(value)
    if relative:
        return relative[1] in resource_types()
    return _ABSOLUTE.fullmatch(value) is not None


def _string(value: Any) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST_STRING
        and not _CONTROL.search(value)
        and not value.isspace()
    )


def _text(pattern: re.Pattern[str]) -> Primitive:
    full = pattern.fullmatch
    return lambda value: isinstance(value, str) and full(value) is not None


def _dated(pattern: re.Pattern[str]) -> Primitive:
    full = pattern.fullmatch

    def check(value: Any) -> bool:
        return isinstance(value, str) and full(value) is not None and _on_calendar(value)

    return check


def _on_calendar(value: str) -> bool:
    if len(value) < _FULL_DAY:
        return not value.startswith("0000")
    try:
        date.fromisoformat(value[:_FULL_DAY])
    except ValueError:
        return False
    return True


def _whole(low: int) -> Primitive:
    return lambda value: type(value) is int and low <= value <= _LARGEST


def _decimal(value: Any) -> bool:
    return type(value) is int or (isinstance(value, Decimal) and value.is_finite())


PRIMITIVES: Final[dict[str, Primitive]] = {
    "boolean": lambda value: isinstance(value, bool),
    "integer": _whole(-_LARGEST - 1),
    "unsignedInt": _whole(0),
    "positiveInt": _whole(1),
    "decimal": _decimal,
    "string": _string,
    "markdown": _string,
    "xhtml": _string,
    "code": _text(_CODE),
    "id": _text(_ID),
    "uri": _text(_URI),
    "url": _text(_URI),
    "canonical": _text(_URI),
    "oid": _text(_OID),
    "uuid": _text(_UUID),
    "base64Binary": _text(_BASE64),
    "date": _dated(_DATE),
    "dateTime": _dated(_DATE_TIME),
    "instant": _dated(_INSTANT),
    "time": _text(_ONLY_TIME),
}
