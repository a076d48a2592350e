"""Names several resources in one SQL statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

Key = tuple[str, str]
"""Type and id."""

KEYS: Final = "(SELECT value ->> 0, value ->> 1 FROM json_each(?))"
"""SQL for "one of these", with `encoded` keys as its argument."""


def encoded(keys: Iterable[Key]) -> str:
    """Keys as one SQL argument, for `KEYS`."""
    return msgspec.json.encode(list(keys)).decode()
