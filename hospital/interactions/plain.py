"""Reads the few plain parameters of history and ``$everything``."""

from __future__ import annotations

import re

from hospital.interactions.call import Call
from hospital.outcome import bad_request
from hospital.search.query import AFTER, Pairs, refuse_nul
from hospital.search.times import span

_ALWAYS = frozenset({AFTER, "_format", "_pretty"})


def known(call: Call, pairs: Pairs, names: tuple[str, ...]) -> dict[str, str]:
    """The parameters by name.

    Args:
        call: The request, which may ask for lenient handling.
        pairs: Names and values as sent.
        names: The names that are supported.

    Raises:
        Fault: 400 for another name.
    """
    refuse_nul(pairs)
    asked = dict(pairs)
    unknown = set(asked) - _ALWAYS - set(names)
    if unknown and not call.prefers("handling=lenient"):
        raise bad_request(f"parameter {min(unknown)[:60]!r} is not supported", "not-supported")
    return asked


def since(asked: dict[str, str]) -> int:
    """``_since`` in ms since 1970; 0 when it was not asked.

    Raises:
        Fault: 400 when it is no time.
    """
    text = asked.get("_since", "")
    try:
        return span(text.replace(" ", "+"))[0] if text else 0
    except (ValueError, OverflowError) as error:
        raise bad_request("_since must be an instant") from error


def whole(asked: dict[str, str], name: str, default: int) -> int:
    """A whole number.

    Raises:
        Fault: 400 when it is none.
    """
    text = asked.get(name, "")
    if text and not re.fullmatch(r"\d{1,15}", text):
        raise bad_request(f"{name} must be a whole number")
    return int(text) if text else default
