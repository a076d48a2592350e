"""Chance that a seed repeats: every patient has dice of its own, so that any can be made alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import TypeVar

T = TypeVar("T")

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


class Dice:
    """Random choices of one patient."""

    def __init__(self, seed: int, *parts: object) -> None:
        self._random = Random(":".join(map(str, (seed, *parts))))

    def uuid(self, at: datetime) -> str:
        """An id ordered by time (UUID version 7) that the same seed makes again."""
        bits = self._random.getrandbits(74)
        high = int(at.timestamp() * 1000) << 80 | _VERSION_7 | (bits >> 62) << 64
        return str(uuid.UUID(int=high | _VARIANT | bits & ((1 << 62) - 1)))

    def pick(self, choices: Sequence[T]) -> T:
        """One of several."""
        return choices[int(self._random.random() * len(choices))]

    def whole(self, low: int, high: int) -> int:
        """A whole number between two, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def chance(self, part: float) -> bool:
        """True in `part` of all cases."""
        return self._random.random() < part

    def near(self, middle: float, spread: float, digits: int = 0) -> Decimal:
        """A number near another, rounded to some digits after the point."""
        return Decimal(f"{self._random.gauss(middle, spread):.{digits}f}")
