"""How long to wait after a failure: exponential with full jitter, 1 s to 5 min.

Full jitter (a random share of the bound, not the bound itself) is what lets twenty terminals come
back after one outage without arriving together.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

FIRST_S: Final = 1.0
LONGEST_S: Final = 300.0


class Backoff:
    """Counts failures in a row and says how long to wait.

    Args:
        chance: Gives a number from 0 to 1; tests give their own.
    """

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._failures = 0

    def failed(self, retry_after: float | None = None) -> float:
        """Take note of a failure.

        Args:
            retry_after: Seconds that the server asked for; honoured up to 5 min, with jitter on
                top so that not everybody comes at that second.

        Returns:
            Seconds to wait.
        """
        bound = min(LONGEST_S, FIRST_S * 2.0 ** min(self._failures, 16))
        self._failures += 1
        if retry_after is not None:
            return min(LONGEST_S, retry_after) + self._chance()
        return max(FIRST_S, self._chance() * float(bound))

    def succeeded(self) -> None:
        """Start anew: something worked, the network changed, or a person asked for it."""
        self._failures = 0
