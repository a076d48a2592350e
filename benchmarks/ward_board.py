"""How long the ward board takes to be read out of a store that holds years of a hospital."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.measure import Result, durations, slow
from benchmarks.small_ward import KEY, NURSE, place
from workstation.fhir import json, systems
from workstation.fhir.json import Resource
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import DeviceId, WardId
from workstation.services import ward_board
from workstation.services.desk import Desk
from workstation.store import Store, mirror
from workstation.store.mirror import Pulled

TARGET_MS = 100
WARD = WardId("ward-1")
BEDS = 60
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SIGNS = (
    ("9279-1", "/min", 18),
    ("59408-5", "%", 96),
    ("3151-8", "L/min", 0),
    ("8867-4", "/min", 84),
    ("8310-5", "Cel", 37),
)
_AT_ONCE = 5_000


def measure(*, quick: bool) -> Result:
    """Read the board again and again."""
    patients, each = (200, 20) if quick else (10_000, 100)
    with tempfile.TemporaryDirectory() as folder:
        clock = ManualClock(NOW)
        store = Store.create(Path(folder), KEY, device=DeviceId("terminal-1"), clock=clock)
        count = fill(store, patients, each)
        desk = Desk(store, clock, NURSE, WARD)
        occupied = sum(bed.occupant is not None for bed in ward_board.board(desk).beds)
        taken = durations(lambda: ward_board.board(desk), 10 if quick else 50, warm=3)
        store.close()
    return slow(
        "ward_board",
        f"ward board of {occupied} patients out of {patients:,} patients and {count:,} records",
        taken,
        TARGET_MS,
        measured="p99",
        conditions={"values for each patient": each, "cache": "warm"},
    )


def fill(store: Store, patients: int, each: int) -> int:
    """Put a hospital into a store as sync does.

    Args:
        store: Empty.
        patients: How many people; the first of them lie on the ward.
        each: Observations for each.

    Returns:
        How many records were written.
    """
    records = hospital(patients, each)
    count = 0
    while part := list(islice(records, _AT_ONCE)):
        with store.write() as unit:
            mirror.apply(unit, [_pulled(resource) for resource in part])
        count += len(part)
    return count


def hospital(patients: int, each: int) -> Iterator[Resource]:
    """A ward of beds, and people with values through the years."""
    yield place(WARD, "wa", None)
    for bed in range(BEDS):
        yield place(f"bed-{bed}", "bd", WARD)
    for number in range(patients):
        yield from _person(number, each)


def _person(number: int, each: int) -> Iterator[Resource]:
    inside = number < BEDS
    start = NOW - timedelta(days=3 if inside else 400 + number % 1000)
    yield {
        "resourceType": "Patient",
        "id": f"p{number}",
        "name": [{"family": "Nguyễn", "given": ["Văn", f"An{number}"]}],
        "gender": "male",
        "birthDate": "1951-03-07",
    }
    yield {
        "resourceType": "Encounter",
        "id": f"e{number}",
        "status": "in-progress" if inside else "finished",
        "class": {"system": systems.ACT_CODE, "code": "IMP"},
        "subject": {"reference": f"Patient/p{number}"},
        "period": {"start": start.isoformat()},
        "location": [
            {
                "location": {"reference": f"Location/bed-{number % BEDS}"},
                "status": "active" if inside else "completed",
            }
        ],
    }
    for turn in range(each):
        code, unit, value = SIGNS[turn % len(SIGNS)]
        yield {
            "resourceType": "Observation",
            "id": f"o{number}-{turn}",
            "status": "final",
            "category": [
                {"coding": [{"system": systems.OBSERVATION_CATEGORY, "code": "vital-signs"}]}
            ],
            "code": {"coding": [{"system": systems.LOINC, "code": code}]},
            "subject": {"reference": f"Patient/p{number}"},
            "encounter": {"reference": f"Encounter/e{number}"},
            "effectiveDateTime": (start + timedelta(minutes=30 * (turn // 5))).isoformat(),
            "valueQuantity": {"value": value, "unit": unit, "system": systems.UCUM, "code": unit},
        }


def _pulled(resource: Resource) -> Pulled:
    return Pulled(
        resource["resourceType"], resource["id"], "1", "2026-11-20T00:00:00Z", json.dump(resource)
    )
