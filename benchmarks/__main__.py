"""``python -m benchmarks [NAME ...] [--quick] [--json FILE]``: measure the promises of speed.

The file holds a list with one object for each promise: the attributes of
`benchmarks.measure.Result` (``name``, ``promise``, ``unit``, ``median``, ``p95``, ``p99``,
``worst``, ``target``, ``measured``, ``repetitions``, ``conditions``), ``ratio`` (1 or more keeps
the promise) and ``machine``. One script may measure several promises. ``--quick`` takes small
sizes: it shows that everything runs, and its figures say nothing. A script that fails is told with
its error; the others are measured all the same, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Result, machine

NAMES = (
    "durable_save",
    "ward_board",
    "open_chart",
    "downtime_pack",
    "results_page",
    "shift_screens",
    "search",
    "stall",
    "delta",
    "start",
    "memory",
    "push",
    "pull",
    "server_share",
    "alert_rate",
)


def measured(name: str, *, quick: bool) -> list[Result]:
    """Run one script."""
    found = importlib.import_module(f"benchmarks.{name}").measure(quick=quick)
    return [found] if isinstance(found, Result) else list(found)


def main(arguments: list[str], measure: Callable[..., list[Result]] = measured) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    facts = machine()
    print(f"{facts['system']}, Python {facts['python']}, {facts['cores']} cores\n")
    results: list[Result] = []
    failed: list[str] = []
    for name in options.names or NAMES:
        try:
            found = measure(name, quick=options.quick)
        except Exception:  # noqa: BLE001 - told in full, and in the exit code
            failed.append(name)
            print(f"{name:16} FAILED", flush=True)
            traceback.print_exc()
            continue
        results += found
        for result in found:
            show(result)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        content = [result.facts() for result in results]
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def show(result: Result) -> None:
    unit = result.unit
    print(
        f"{result.name:16} median {result.median:9.1f}  p95 {result.p95:9.1f}  "
        f"p99 {result.p99:9.1f}  worst {result.worst:9.1f} {unit}  "
        f"({result.repetitions} x); target {result.measured} {result.target:.0f} {unit}, "
        f"ratio {result.ratio:.2f}"
    )
    print(f"  {result.promise}")
    print("  " + ", ".join(f"{key} {value}" for key, value in result.conditions.items()) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
