"""Years of a hospital in one terminal's store, and the server of its ward: built once, shared.

The store holds 10,000 people with 100 values each; 60 of them lie on the ward, and their records
came last, as on a real terminal. It has keys, so that the real program can open it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.hospital_at_hand import HospitalAtHand
from benchmarks.small_ward import NURSE, place
from workstation.fhir import json, systems
from workstation.fhir.json import Resource
from workstation.founding import found_terminal
from workstation.kernel import settings as table
from workstation.kernel.clock import Clock, ManualClock, SystemClock
from workstation.kernel.ids import WardId
from workstation.kernel.settings import Settings
from workstation.security.keys import KeyRing
from workstation.services.desk import Desk
from workstation.store import Store, mirror
from workstation.store.mirror import Pulled

PIN: Final = "246810"
WARD: Final = WardId("ward-1")
BEDS: Final = 60
NOW: Final = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""When all this was: a clock in a benchmark stands here where ages are shown."""
SIGNS: Final = (
    ("9279-1", "/min", 18),
    ("59408-5", "%", 96),
    ("3151-8", "L/min", 0),
    ("8867-4", "/min", 84),
    ("8310-5", "Cel", 37),
)
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Years:
    """A terminal's folder with all that in it.

    Attributes:
        folder: Where keys, settings and store lie.
        patients: How many people are in the store.
        each: How many Observations each of them has.
        records: How many records there are in all.
    """

    folder: Path
    patients: int
    each: int
    records: int

    def open(self, clock: Clock | None = None) -> Desk:
        """Open the store as the nurse; the caller closes it.

        Args:
            clock: The time at the desk; without one it stands at `NOW`.
        """
        clock = clock or ManualClock(NOW)
        key = KeyRing.load(self.folder, clock).unlock(NURSE.id, PIN)
        return Desk(Store.open(self.folder, key, clock=clock), clock, NURSE, WARD)

    def words(self) -> str:
        """How much there is, for the promise."""
        return f"{self.patients:,} patients / {self.patients * self.each:,} Observations"


def years(*, quick: bool) -> Years:
    """The store, made at the first call of this process and removed at its end."""
    return _years(200, 20) if quick else _years(10_000, 100)


def ward_alone(*, quick: bool) -> Years:
    """A store that holds nothing but the same ward's records."""
    return _years(BEDS, years(quick=quick).each)


@cache
def _years(patients: int, each: int) -> Years:
    folder = _folder() / f"terminal-{patients}"
    settings = Settings(folder / "settings")
    settings.put(table.WARD, WARD)
    settings.put(table.WARD_NAME, "Khoa Nội")
    store = found_terminal(folder, [(NURSE, PIN)], SystemClock())
    records = take_in(store, hospital(patients, each))
    store.close()
    return Years(folder, patients, each, records)


@cache
def server_of_the_ward(*, quick: bool) -> HospitalAtHand:
    """A server process that has the ward's records as the store has them."""
    each = 20 if quick else 100
    hospital_at_hand = HospitalAtHand(_folder() / "hospital")
    hospital_at_hand.take_in(house())
    for number in range(BEDS):
        hospital_at_hand.take_in(person(number, each, inside=True))
    return hospital_at_hand


@cache
def _folder() -> Path:
    _KEPT.append(tempfile.TemporaryDirectory(prefix="years-"))
    return Path(_KEPT[-1].name)


_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []
"""Removed when the process ends."""


def take_in(store: Store, records: Iterable[Resource]) -> int:
    """Put records into a store as sync does.

    Returns:
        How many there were.
    """
    left, count = iter(records), 0
    while part := list(islice(left, _AT_ONCE)):
        with store.write() as unit:
            mirror.apply(unit, [_pulled(resource) for resource in part])
        count += len(part)
    return count


def hospital(patients: int, each: int) -> Iterator[Resource]:
    """People with values through the years; those who lie on the ward come last."""
    yield from house()
    for number in reversed(range(patients)):
        yield from person(number, each, inside=number < BEDS)


def house() -> Iterator[Resource]:
    """The nurse, the ward and its beds."""
    yield {"resourceType": "Practitioner", "id": NURSE.id, "name": [{"text": NURSE.name}]}
    yield place(WARD, "wa", None)
    for bed in range(BEDS):
        yield place(f"bed-{bed}", "bd", WARD)


def person(number: int, each: int, *, inside: bool) -> Iterator[Resource]:
    """One person, one stay, and values half an hour apart."""
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
        yield value(f"o{number}-{turn}", number, turn, start + timedelta(minutes=30 * (turn // 5)))


def value(own: str, number: int, turn: int, at: datetime) -> Resource:
    """One vital sign of a person."""
    code, unit, amount = SIGNS[turn % len(SIGNS)]
    return {
        "resourceType": "Observation",
        "id": own,
        "status": "final",
        "category": [{"coding": [{"system": systems.OBSERVATION_CATEGORY, "code": "vital-signs"}]}],
        "code": {"coding": [{"system": systems.LOINC, "code": code}]},
        "subject": {"reference": f"Patient/p{number}"},
        "encounter": {"reference": f"Encounter/e{number}"},
        "effectiveDateTime": at.isoformat(),
        "performer": [{"reference": f"Practitioner/{NURSE.id}", "display": NURSE.name}],
        "valueQuantity": {"value": amount, "unit": unit, "system": systems.UCUM, "code": unit},
    }


def _pulled(resource: Resource) -> Pulled:
    # When is left open: a server at hand took the same records in at a time of its own.
    return Pulled(resource["resourceType"], resource["id"], "1", "", json.dump(resource))
