"""A benchmark that miscounts is worse than none."""

from __future__ import annotations

import pytest

from benchmarks.measure import durations, fast, percentile, slow


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(1, 101)]
    assert percentile(values, 0.99) == 99
    assert percentile(values, 0.5) == 50
    assert percentile([7.0], 0.99) == 7


def test_a_ratio_of_one_or_more_keeps_the_promise() -> None:
    assert slow("n", "p", [10.0] * 9, 25, measured="p99").ratio == pytest.approx(2.5)
    assert fast("n", "p", [1500.0] * 9, 3000, measured="median").ratio == pytest.approx(0.5)


def test_each_repetition_is_measured_once() -> None:
    calls = []
    assert len(durations(lambda: calls.append(1), 5, warm=2)) == 5
    assert len(calls) == 7
