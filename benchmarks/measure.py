"""Measuring: repeat, take median and p99, keep the conditions beside the numbers."""

from __future__ import annotations

import gc
import math
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Result:
    """One measured promise.

    Attributes:
        promise: What is promised, in words.
        unit: ``ms`` (less is better) or ``/s`` (more is better).
        median: Of all repetitions, in `unit`.
        p99: The slow end: 99th percentile in ``ms``, 1st percentile in ``/s``.
        target: What the promise says, in `unit`.
        measured: Which of the two figures the target is about.
        conditions: Sizes, settings and whatever else a reader needs to repeat it.
    """

    name: str
    promise: str
    unit: Literal["ms", "/s"]
    median: float
    p99: float
    target: float
    measured: Literal["median", "p99"]
    repetitions: int
    conditions: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How the figure stands to the target; 1 or more keeps the promise."""
        figure = self.median if self.measured == "median" else self.p99
        return figure / self.target if self.unit == "/s" else self.target / figure

    def facts(self) -> dict[str, Any]:
        """Everything, for a file."""
        return asdict(self) | {"ratio": round(self.ratio, 3), "machine": machine()}


def durations(work: Callable[[], object], repetitions: int, *, warm: int = 1) -> list[float]:
    """How long `work` takes each time, in ms; garbage is collected between, not during."""
    for _ in range(warm):
        work()
    taken = []
    for _ in range(repetitions):
        gc.collect()
        gc.disable()
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
        gc.enable()
    return taken


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def slow(name: str, promise: str, taken_ms: list[float], target: float, **rest: Any) -> Result:
    """A result in milliseconds."""
    return Result(
        name=name,
        promise=promise,
        unit="ms",
        median=statistics.median(taken_ms),
        p99=percentile(taken_ms, 0.99),
        target=target,
        repetitions=len(taken_ms),
        **rest,
    )


def fast(name: str, promise: str, rates: list[float], target: float, **rest: Any) -> Result:
    """A result in things per second."""
    return Result(
        name=name,
        promise=promise,
        unit="/s",
        median=statistics.median(rates),
        p99=percentile(rates, 0.01),
        target=target,
        repetitions=len(rates),
        **rest,
    )


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
