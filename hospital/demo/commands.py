"""The demo on the hospital's command line: make it, or tell who works there."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from hospital.demo.generate import IN_WARDS, generate
from hospital.demo.staff import people
from hospital.loading import load
from hospital.store.database import Database
from workstation.fhir.json import dump
from workstation.kernel.clock import SystemClock


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``demo`` and ``demo-people`` to the commands.

    Args:
        commands: What `argparse.ArgumentParser.add_subparsers` gave.
        shared: Parent with ``--database``.
    """
    demo = commands.add_parser("demo", parents=[shared], help="fill in an invented hospital")
    demo.add_argument("--seed", type=int, default=1, help="which one")
    demo.add_argument("--patients", type=int, default=IN_WARDS, help="how many, in beds and past")
    demo.add_argument(
        "--now", type=datetime.fromisoformat, metavar="TIME", help="when it is (with offset)"
    )
    demo.add_argument("--ndjson", type=Path, metavar="FILE", help="write it there instead")
    demo.set_defaults(command=_demo)
    who = commands.add_parser("demo-people", help="the invented staff and their PINs")
    who.add_argument("--json", action="store_true", help="for programs")
    who.set_defaults(command=_people)


def _demo(chosen: argparse.Namespace) -> int:
    now = chosen.now or SystemClock().now()
    if now.tzinfo is None:
        print("--now needs an offset, such as 2026-11-20T08:00:00+07:00", file=sys.stderr)
        return 2
    resources = generate(chosen.seed, now, chosen.patients)
    if chosen.ndjson:
        with chosen.ndjson.open("w", encoding="utf-8") as target:
            count = sum(1 for line in map(dump, resources) if target.write(line + "\n"))
        print(f"wrote {count} resources to {chosen.ndjson}")
        return 0
    database = Database(chosen.database, SystemClock())
    try:
        print(f"stored {load(database, resources).stored} resources")
    finally:
        database.close()
    return 0


def _people(chosen: argparse.Namespace) -> int:
    if chosen.json:
        print(json.dumps(people(), ensure_ascii=False))
        return 0
    for person in people():
        print(f"{person['pin']}  {person['role']:<10}  {person['display']}")
    return 0
