"""Measuring: repeat, take median and slow end, keep the conditions beside the numbers."""

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

Figure = Literal["median", "p95", "p99", "worst"]
Unit = Literal["ms", "/s", "MB", "requests", "per 100 orders"]


@dataclass(frozen=True, slots=True)
class Result:
    """One measured promise.

    Attributes:
        promise: What is promised, in words.
        unit: ``/s`` (more is better), or one of which less is better.
        median: Of all repetitions, in `unit`.
        p95: The slow end: 95th percentile; of ``/s`` the 5th.
        p99: The slow end: 99th percentile; of ``/s`` the 1st.
        worst: The longest or largest of all; of ``/s`` the smallest.
        target: What the promise says, in `unit`.
        measured: Which of these figures the target is about.
        repetitions: How many values the figures are taken from.
        conditions: Sizes, settings and whatever else a reader needs to repeat it.
    """

    name: str
    promise: str
    unit: Unit
    median: float
    p95: float
    p99: float
    worst: float
    target: float
    measured: Figure
    repetitions: int
    conditions: dict[str, Any] = field(default_factory=dict)

    @property
    def figure(self) -> float:
        """The value that the target is about."""
        return {
            "median": self.median, "p95": self.p95, "p99": self.p99, "worst": self.worst,
        }[self.measured]  # fmt: skip

    @property
    def ratio(self) -> float:
        """How the figure stands to the target; 1 or more keeps the promise."""
        if self.unit == "/s":
            return self.figure / self.target
        return self.target / self.figure if self.figure else math.inf

    def facts(self) -> dict[str, Any]:
        """Everything, for a file: the attributes, with ``ratio`` and ``machine``."""
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


def little(
    name: str, promise: str, unit: Unit, values: list[float], target: float, **rest: Any
) -> Result:
    """A result of which less is better."""
    return Result(
        name=name,
        promise=promise,
        unit=unit,
        median=statistics.median(values),
        p95=percentile(values, 0.95),
        p99=percentile(values, 0.99),
        worst=max(values),
        target=target,
        repetitions=len(values),
        **rest,
    )


def slow(name: str, promise: str, taken_ms: list[float], target: float, **rest: Any) -> Result:
    """A result in milliseconds."""
    return little(name, promise, "ms", taken_ms, target, **rest)


def fast(name: str, promise: str, rates: list[float], target: float, **rest: Any) -> Result:
    """A result in things per second."""
    return Result(
        name=name,
        promise=promise,
        unit="/s",
        median=statistics.median(rates),
        p95=percentile(rates, 0.05),
        p99=percentile(rates, 0.01),
        worst=min(rates),
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
