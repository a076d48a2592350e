"""Time as the program knows it: wall clock, and an order that survives a wrong wall clock."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where aware times come from, so that tests can turn the hands."""

    def now(self) -> datetime:
        """The time of this machine, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for measuring how long something took."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The time of this machine, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is moved: for tests and rehearsals."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._monotonic = 0.0

    def now(self) -> datetime:
        """The time it was set to."""
        return self._now

    def monotonic(self) -> float:
        """Seconds moved forward so far."""
        return self._monotonic

    def advance(self, step: timedelta) -> None:
        """Let time pass."""
        self._now += step
        self._monotonic += max(step.total_seconds(), 0.0)

    def jump(self, step: timedelta) -> None:
        """Move the wall clock, as a person or a dead battery does; no time passes."""
        self._now += step


class HybridClock:
    """A hybrid logical clock: stamps that grow, and that grow past every stamp seen.

    A stamp is text that sorts by order: 15 digits of milliseconds, 6 of counter, the device.
    """

    def __init__(self, clock: Clock, device: str, last: str = "") -> None:
        self._clock = clock
        self._device = device
        self._milliseconds, self._counter = _parts(last) if last else (0, 0)
        self._lock = threading.Lock()

    def stamp(self) -> str:
        """The next stamp, after everything stamped or seen here."""
        with self._lock:
            now = int(self._clock.now().timestamp() * 1000)
            if now > self._milliseconds:
                self._milliseconds, self._counter = now, 0
            else:
                self._counter += 1
            return f"{self._milliseconds:015d}-{self._counter:06d}-{self._device}"

    def saw(self, stamp: str) -> None:
        """Take note of another device's stamp, so that ours come after it."""
        with self._lock:
            self._milliseconds, self._counter = max(
                (self._milliseconds, self._counter), _parts(stamp)
            )


def _parts(stamp: str) -> tuple[int, int]:
    milliseconds, counter, _device = stamp.split("-", 2)
    return int(milliseconds), int(counter)
