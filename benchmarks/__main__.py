"""``python -m benchmarks [NAME ...] [--quick] [--json FILE]``: measure the promises of speed."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from benchmarks.measure import Result, machine

NAMES = ("durable_save", "ward_board", "push", "pull", "server_share")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    facts = machine()
    print(f"{facts['system']}, Python {facts['python']}, {facts['cores']} cores\n")
    results = []
    for name in options.names or NAMES:
        result = importlib.import_module(f"benchmarks.{name}").measure(quick=options.quick)
        results.append(result)
        show(result)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        content = [result.facts() for result in results]
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


def show(result: Result) -> None:
    unit = result.unit
    print(
        f"{result.name:14} median {result.median:9.1f} {unit:3} p99 {result.p99:9.1f} {unit:3} "
        f"target {result.measured} {result.target:7.0f} {unit:3} ratio {result.ratio:5.2f}  "
        f"({result.repetitions} x)"
    )
    print(f"  {result.promise}")
    print("  " + ", ".join(f"{key} {value}" for key, value in result.conditions.items()) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
