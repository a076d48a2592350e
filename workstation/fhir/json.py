"""FHIR JSON that keeps what it was given: every decimal digit, every element it does not know.

A resource in memory is a plain ``dict`` whose decimal numbers are ``Decimal`` with the digits of
the text (``1.10`` stays ``1.10``), as FHIR R4 asks (https://hl7.org/fhir/R4/json.html#decimal).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from workstation.kernel.errors import Refused

Resource = dict[str, Any]

_decoder = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")
_sorted_encoder = msgspec.json.Encoder(decimal_format="number", order="sorted")


DEEPEST: Final = 100
"""Levels of lists and objects inside each other that are read; FHIR itself needs a dozen.

What walks through a resource, here and elsewhere, recurses and can rely on this.
"""


def parse(text: str | bytes) -> Resource:
    """Read one JSON object.

    Raises:
        Refused: ``not-json`` when the text is not one JSON object, or nests deeper than `DEEPEST`;
            ``reason`` is ``not-json``, ``not-utf-8`` or ``too-deep``.
    """
    try:
        found = _decoder.decode(text)
    except RecursionError as error:
        raise Refused("not-json", reason="too-deep") from error
    except UnicodeDecodeError as error:
        raise Refused("not-json", reason="not-utf-8") from error
    except msgspec.DecodeError as error:
        raise Refused("not-json", reason="not-json") from error
    if _brackets(text) > DEEPEST and _is_deep(found):
        raise Refused("not-json", reason="too-deep")
    return found


def _brackets(text: str | bytes) -> int:
    if isinstance(text, str):
        return text.count("{") + text.count("[")
    return text.count(b"{") + text.count(b"[")


_NESTING: Final = frozenset({dict, list})


def _is_deep(value: Any) -> bool:
    """Whether it nests deeper than `DEEPEST`, told without recursion."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            item
            for each in level
            for item in (each.values() if type(each) is dict else each)
            if type(item) in _NESTING
        ]
        if not level:
            return False
    return True


def dump(resource: Mapping[str, Any]) -> str:
    """Write compact JSON in the order of the elements."""
    return _encoder.encode(resource).decode()


def dump_bytes(resource: Mapping[str, Any]) -> bytes:
    """Write compact UTF-8 JSON in the order of the elements."""
    return _encoder.encode(resource)


def canonical(resource: Mapping[str, Any]) -> str:
    """Text that is equal for two resources of equal content.

    The server's ``meta.versionId``, ``lastUpdated`` and ``source`` are left out, as is generated
    narrative (`is_generated`); ``1.10`` equals ``1.1``; the order of elements does not count,
    that of lists does.
    """
    plain = {key: value for key, value in resource.items() if key not in ("meta", "text")}
    narrative = resource.get("text")
    if narrative is not None and not is_generated(narrative):
        plain["text"] = narrative
    meta = _kept_meta(resource.get("meta"))
    if meta:
        plain["meta"] = meta
    return _sorted_encoder.encode(_plain(plain)).decode()


def is_generated(narrative: Any) -> bool:
    """Whether a narrative (``text``) says no more than the elements that it was made of."""
    return isinstance(narrative, dict) and narrative.get("status") in ("generated", "empty")


def equal(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two resources have the same content, in the sense of `canonical`."""
    return canonical(one) == canonical(other)


def reference(resource: Mapping[str, Any]) -> str:
    """``Type/id`` of a resource."""
    return f"{resource['resourceType']}/{resource['id']}"


def references(value: Any) -> set[str]:
    """Every relative literal reference (``Type/id``) anywhere inside a value."""
    found: set[str] = set()
    _walk(value, found.add)
    return found


def _walk(value: Any, found: Callable[[str], object]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "reference" and isinstance(item, str):
                if "/" in item and ":" not in item and not item.startswith("#"):
                    found("/".join(item.split("/")[:2]))
            else:
                _walk(item, found)
    elif isinstance(value, list):
        for item in value:
            _walk(item, found)


def _kept_meta(meta: Any) -> dict[str, Any]:
    if not isinstance(meta, dict):
        return {}
    return {key: meta[key] for key in ("profile", "tag", "security") if meta.get(key)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(Decimal(value))
    return value


def _number(value: Decimal) -> list[str]:
    """The exact value, whatever the zeros and the exponent it was written with."""
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    bare = text.rstrip("0")
    if not bare:
        return ["number", "0"]
    return ["number", f"{'-' if sign else ''}{bare}e{int(exponent) + len(text) - len(bare)}"]
