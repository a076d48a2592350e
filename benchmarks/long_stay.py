"""A full ward of the demo hospital, one of whose people has been there for sixty days.

The demo's charts hold a few hundred records of all kinds. The long stay is one of them told again
and again, each time earlier: what was measured, ordered, given, found and written, with ids and
times of its own. Orders, tasks and notes come with each fifth turn only, for in sixty days there
are some hundreds of them; what was ordered in earlier turns has ended.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.small_ward import NURSE
from benchmarks.years import BEDS, NOW, PIN, take_in
from hospital.demo import places
from hospital.demo.generate import generate
from workstation.fhir import json
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource
from workstation.founding import found_terminal
from workstation.kernel import settings as table
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import Settings

DAYS: Final = 60
_SEED: Final = 7
_ONCE: Final = frozenset({"Patient", "Encounter", "Condition", "Flag", "AllergyIntolerance"})
_OVER: Final = frozenset({"MedicationRequest", "ServiceRequest", "NutritionOrder", "Task"})
_FEW: Final = _OVER | {"DocumentReference"}
_EVERY: Final = 5
_RUNNING: Final = frozenset({"active", "requested", "accepted", "in-progress", "ready", "on-hold"})
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d|Z)")
_Chart = list[Resource]


def prepare(folder: Path, records: int) -> tuple[PatientId, PatientId]:
    """A terminal of that ward.

    Args:
        folder: Where it is to be.
        records: How many the long stay has.

    Returns:
        Who stays long, and somebody who does not.
    """
    settings = Settings(folder / "settings")
    settings.put(table.WARD, places.GENERAL.id)
    settings.put(table.WARD_NAME, places.GENERAL.name)
    store = found_terminal(folder, [(NURSE, PIN)], ManualClock(NOW))
    house, charts = _demo()
    take_in(store, house)
    for chart in charts:
        take_in(store, chart)
    for number in range(BEDS - len(charts)):
        take_in(store, _neighbour(charts[number % len(charts)], number))
    longest = max(charts, key=_doses)
    take_in(store, _earlier(longest, records - len(longest)))
    store.close()
    short = min(charts, key=len)
    return PatientId(str(patient_of(longest[-1]))), PatientId(str(patient_of(short[-1])))


def _demo() -> tuple[_Chart, list[_Chart]]:
    """The house, and a chart for each of those who lie on the general ward."""
    house: _Chart = []
    charts: dict[str, _Chart] = defaultdict(list)
    for resource in generate(_SEED, NOW):
        patient = patient_of(resource)
        (house if patient is None else charts[patient]).append(resource)
    beds = {bed.id for bed in places.GENERAL.beds}
    return house, [chart for chart in charts.values() if any(_bed(each) in beds for each in chart)]


def _bed(resource: Resource) -> str:
    """Where somebody lies now; empty for anything but a stay in progress."""
    if resource["resourceType"] != "Encounter" or resource["status"] != "in-progress":
        return ""
    current = [each for each in resource["location"] if each.get("status") == "active"]
    return str(current[-1]["location"]["reference"]).partition("/")[2] if current else ""


def _doses(chart: _Chart) -> int:
    return sum(each["resourceType"] == "MedicationAdministration" for each in chart)


def _neighbour(chart: _Chart, number: int) -> Iterator[Resource]:
    """The same chart of somebody else in a bed of their own."""
    bed = f"more-{number}"
    yield {
        "resourceType": "Location",
        "id": bed,
        "status": "active",
        "name": f"{310 + number // 4}-{1 + number % 4}",
        "physicalType": next(
            each["physicalType"] for each in places.resources() if each["id"] == _place(chart)
        ),
        "partOf": {"reference": f"Location/{places.GENERAL.id}"},
    }
    names = {each["id"]: f"{each['id'][:-3]}b{number:02}" for each in chart}
    yield from _renamed(chart, {**names, _place(chart): bed})


def _place(chart: _Chart) -> str:
    return next(bed for each in chart if (bed := _bed(each)))


def _earlier(chart: _Chart, count: int) -> Iterator[Resource]:
    """What was charted of a long stay before; the stay itself begins earlier."""
    told = [each for each in chart if each["resourceType"] not in _ONCE]
    many = [each for each in told if each["resourceType"] not in _FEW]
    turns = count // (len(many) + (len(told) - len(many)) // _EVERY) + 1
    for turn in range(turns):
        back = timedelta(days=DAYS) * (turn + 1) / turns
        few = turn // _EVERY * _EVERY
        own = {each["id"]: few if each["resourceType"] in _FEW else turn for each in told}
        names = {id_: f"{id_[:-4]}c{number:03}" for id_, number in own.items()}
        again = told if turn % _EVERY == 0 else many
        for resource in _renamed(again, names, back):
            yield _ended(resource, back)
    for stay in (each for each in chart if each["resourceType"] == "Encounter"):
        start = (NOW - timedelta(days=DAYS)).isoformat()
        yield {**stay, "period": {**stay["period"], "start": start}}


def _ended(resource: Resource, back: timedelta) -> Resource:
    """The same without anything that would still run now."""
    type_, status = resource["resourceType"], resource.get("status")
    if type_ == "MedicationAdministration" and status in _RUNNING:
        return {**resource, "status": "completed"}
    if type_ in _OVER and status in _RUNNING:
        resource = {**resource, "status": "completed"}
    for dosage in resource.get("dosageInstruction", ()) if type_ in _OVER else ():
        repeat = dosage.get("timing", {}).get("repeat")
        if repeat is not None:
            repeat["boundsPeriod"] = {
                **repeat.get("boundsPeriod", {}),
                "end": (NOW - back + timedelta(days=1)).isoformat(),
            }
    return resource


def _renamed(
    chart: _Chart, names: dict[str, str], back: timedelta = timedelta()
) -> Iterator[Resource]:
    known = re.compile("|".join(map(re.escape, names)))
    for resource in chart:
        text = known.sub(lambda found: names[found[0]], json.dump(resource))
        yield json.parse(_MOMENT.sub(partial(_moved, back), text))


def _moved(back: timedelta, found: re.Match[str]) -> str:
    return (datetime.fromisoformat(found[0]) - back).isoformat()
