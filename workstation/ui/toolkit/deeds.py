"""What the person at the window did last and can take back: words, a way back, and an end.

One's own reversible acts of the last minutes, newest first. They end with a lock, so that nobody
takes back what somebody else did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from workstation.kernel.clock import Clock

LAST: Final = timedelta(minutes=10)
"""After that a mistake is found while reading, and is corrected with a reason instead."""
MOST: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Deed:
    """Something that was done.

    Attributes:
        words: What was done, translated, as its toast said it.
        where: Screen and bed, translated, so that it is known whose record is meant.
        at: When (aware).
        began: The same on the monotonic clock, in seconds.
        undo: Takes it back.
    """

    words: str
    where: str
    at: datetime
    began: float
    undo: Callable[[], None] = field(repr=False)


class Deeds:
    """The deeds of one person since they logged in."""

    def __init__(self, clock: Clock) -> None:
        """Start with nothing done.

        Args:
            clock: Where times come from.
        """
        self._clock = clock
        self._done: list[Deed] = []

    def add(self, words: str, where: str, undo: Callable[[], None]) -> Deed:
        """Remember something that was just done."""
        deed = Deed(words, where, self._clock.now(), self._clock.monotonic(), undo)
        self._done = [*self._done[-MOST + 1 :], deed]
        return deed

    def last(self) -> Deed | None:
        """The last one that can still be taken back."""
        limit = self._clock.monotonic() - LAST.total_seconds()
        self._done = [deed for deed in self._done if deed.began >= limit]
        return self._done[-1] if self._done else None

    def drop(self, deed: Deed) -> bool:
        """Forget one, because it is being taken back; whether it was still here."""
        if self.last() is None or deed not in self._done:
            return False
        self._done.remove(deed)
        return True

    def clear(self) -> None:
        """Forget all: somebody else may come."""
        self._done = []
