"""The demo hospital's general ward at a desk, as if it had been synced: pictures, journeys."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hospital.demo import places
from hospital.demo.generate import generate
from tests.kit.people import NURSE
from tests.kit.store import make_store, reopen
from workstation.fhir.json import Resource, dump
from workstation.kernel.clock import ManualClock
from workstation.security.people import Person
from workstation.services.desk import Desk
from workstation.store.mirror import Pulled, apply

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
SEED = 7
LAST_UPDATED = "2026-11-20T07:00:00Z"


def demo_desk(folder: Path, person: Person = NURSE) -> Desk:
    """A desk on the general ward of the demo: 36 beds, 32 taken, five days of stays.

    Args:
        folder: Where the store is to lie; it must not exist yet.
        person: Who is logged in.
    """
    shutil.copytree(_template(), folder)
    clock = ManualClock(NOW)
    store = reopen(folder, clock=clock)
    return Desk(store, clock, person, places.GENERAL.id)


@cache
def _template() -> Path:
    """A closed store with the whole demo, made once in a process and copied after."""
    folder = Path(tempfile.mkdtemp(prefix="demo-ward-")) / "store"
    store = make_store(folder, clock=ManualClock(NOW))
    with store.write() as unit:
        apply(unit, [_pulled(resource) for resource in generate(SEED, NOW)])
    store.close()
    return folder


def _pulled(resource: Resource) -> Pulled:
    return Pulled(
        type=resource["resourceType"],
        id=resource["id"],
        version="1",
        last_updated=LAST_UPDATED,
        body=dump(resource),
    )
