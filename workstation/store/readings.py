"""What was made of the texts of records, kept for the next time: the ward is read again and again.

The key is the text itself, as it has just come from the store. So nothing here can be out of date:
a record that says something else is another text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

from workstation.fhir.json import Resource, parse

T = TypeVar("T")

_MOST: Final = 4_000
"""Texts kept: a ward of 60 has about 2,000 that each look at its board reads, 5 kB each."""


def read(reader: Callable[[Resource], T], body: str) -> T:
    """What a reader makes of a text; the same object each time, which nobody may change.

    Args:
        reader: Takes all it says from the resource alone: no clock, no language, no settings.
        body: JSON text of a resource.
    """
    return cast("T", _made(reader, body))


def forget() -> None:
    """Keep nothing any more, once a store is closed."""
    _made.cache_clear()


@lru_cache(maxsize=_MOST)
def _made(reader: Callable[[Resource], Any], body: str) -> Any:
    return reader(parse(body))
