"""F18: 48 hours offline with 10,000 changes from five users, then the server is back.

It drains without freezing the window; order and authorship are kept. By default the changes are
fewer; ``WARD_LONG=1`` makes all of them.
"""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from sqlalchemy import Engine, event

from tests.kit.fault_proxy import FaultProxy
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.line_terminal import Ledger
from tests.kit.ward import patient, stay
from tests.kit.ward_terminal import pulse
from tests.kit.ward_window import NURSE, WardWindow, found_on, small_ward, store_at, until
from workstation.fhir.json import Resource, canonical, parse
from workstation.kernel.changes import Changes
from workstation.kernel.clock import ManualClock, SystemClock
from workstation.kernel.ids import DeviceId
from workstation.services.desk import Desk
from workstation.store import Author
from workstation.sync.status import SyncStatus

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(0 if os.environ.get("WARD_LONG") else 300),
]

CHANGES = 10_000 if os.environ.get("WARD_LONG") else 400
OFFLINE = timedelta(hours=48)
PEOPLE = [
    Author(f"Practitioner/nurse-{n}", f"Điều dưỡng {n}", DeviceId("terminal-1"))
    for n in range(1, 6)
]
BEAT_MS = 5


class Heart:
    """Beats in the window's event loop, and feels how long it stood still.

    Attributes:
        beats: How often the loop came round.
        longest_s: Longest time between two beats, in seconds.
    """

    def __init__(self) -> None:
        self.beats = 0
        self.longest_s = 0.0
        self._last = time.monotonic()
        self._timer = QTimer()
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest_s = max(self.longest_s, now - self._last)
        self._last = now
        self.beats += 1


@contextmanager
def sql_by_thread() -> Iterator[dict[int, int]]:
    """How many statements each thread runs within the block."""
    counts: dict[int, int] = defaultdict(int)

    def count(*_arguments: object) -> None:
        counts[threading.get_ident()] += 1

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield counts
    finally:
        event.remove(Engine, "before_cursor_execute", count)


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[HospitalProcess]:
    folder = tmp_path / "hospital"
    folder.mkdir()
    with running(folder, "--demo") as process:
        store_at(process, small_ward())
        yield process


@pytest.fixture
def window(
    qtbot: QtBot, hospital: HospitalProcess, tmp_path: Path
) -> Iterator[tuple[WardWindow, FaultProxy]]:
    clock = ManualClock(SystemClock().now() - OFFLINE)
    with FaultProxy(hospital.base) as proxy:
        folder = tmp_path / "terminal"
        found_on(folder, proxy.base, "ward-a", "Khoa Nội tổng hợp")
        opened = WardWindow(folder, proxy.base, clock)
        yield opened, proxy
        opened.close()


def chart_for_two_days(desk: Desk) -> Changes:
    """Five people in turn: new readings, corrections of each other's, and an admission."""
    clock = desk.clock
    assert isinstance(clock, ManualClock)
    found = Changes()
    known: list[str] = []
    admitted = [patient(7), stay(7)]
    for number in range(CHANGES):
        clock.advance(OFFLINE / CHANGES)
        with desk.store.write(PEOPLE[number % len(PEOPLE)]) as unit:
            if number % 10 in (3, 7) and known:
                seen = unit.get("Observation", known[number * 7 % len(known)])
                assert seen is not None
                reading = seen.resource()
                reading["status"] = "amended"
                reading["valueQuantity"]["value"] = 50 + number % 100
                unit.update(reading, seen=seen)
            elif number in (10, 11):
                unit.create(admitted[number - 10])
            else:
                bed = 7 if number > 11 and number % 4 == 0 else 1 + number % 3
                reading = pulse(f"patient-{bed}", f"stay-{bed}", 50 + number % 100)
                unit.create(reading)
                known.append(reading["id"])
        found |= unit.changes
    return found


def journal(desk: Desk) -> list[tuple[object, ...]]:
    """Every save: order, record, author, time, body."""
    with desk.store.read() as view:
        rows = view.connection.exec_driver_sql(
            "SELECT seq, type, id, author, recorded_at, body FROM change ORDER BY seq"
        ).all()
    return [tuple(row) for row in rows]


def asked(window: WardWindow, read: object) -> list[tuple[object, ...]]:
    """Something read on the store thread."""
    answers: list[list[tuple[object, ...]]] = []
    desk = window.desk
    window.tasks.query(lambda: read(desk), done=answers.append)  # type: ignore[operator]
    until(lambda: answers, "an answer", 60)
    return answers[0]


def synced(status: SyncStatus) -> bool:
    return status.synced and status.link == "online" and status.unsent == 0


def meaning(resource: Resource) -> str:
    return canonical({key: value for key, value in resource.items() if key != "meta"})


@pytest.mark.long
def test_two_days_of_five_peoples_work_drain_beneath_a_living_window(
    window: tuple[WardWindow, FaultProxy],
    hospital: HospitalProcess,
    record_property: pytest.RecordProperty,
) -> None:
    terminal, proxy = window
    terminal.log_in(NURSE)
    terminal.online()
    with proxy.refusing():
        done: list[Changes] = []
        desk = terminal.desk
        terminal.tasks.command(lambda: chart_for_two_days(desk), done=done.append)
        until(lambda: done, "two days of charting", 600)
        before = asked(terminal, journal)
        assert len(before) >= CHANGES
        until(lambda: terminal.terminal.status().unsent, "the count of what waits", 60)
    heart = Heart()
    with sql_by_thread() as counts:
        terminal.terminal.sync_now()
        until(lambda: synced(terminal.terminal.status()), "everything sent", 900)
    heart.stop()
    print(f"{CHANGES} changes: {heart.beats} beats, longest stall {heart.longest_s * 1000:.0f} ms")
    record_property("longest_stall_ms", round(heart.longest_s * 1000))
    assert heart.beats > 20, "the loop kept turning"
    assert counts.get(threading.get_ident(), 0) == 0, "no SQL on the window's thread"
    assert sum(counts.values()) > 100
    everything_is_there_in_order(Ledger(hospital), before, asked(terminal, journal))


def everything_is_there_in_order(
    ledger: Ledger, before: list[tuple[object, ...]], after: list[tuple[object, ...]]
) -> None:
    """The journal says the same; the server has each last word, and everybody's name."""
    assert after[: len(before)] == before
    last: dict[str, str] = {}
    authors: dict[str, list[str]] = defaultdict(list)
    for _seq, type_, id_, author, _at, body in before:
        if type_ not in ("Observation", "Patient", "Encounter"):
            continue
        last[f"{type_}/{id_}"] = str(body)
        if author not in authors[f"{type_}/{id_}"]:
            authors[f"{type_}/{id_}"].append(str(author))
    arrived = ledger.history()
    born = {name: place for place, name in reversed(list(enumerate(arrived)))}
    for name, body in last.items():
        held = ledger.resource(name)
        assert held is not None, name
        assert meaning(held) == meaning(parse(body)), f"{name}: the last word of all"
        assert arrived.count(name) == 1, f"P4: {name}"
    assert born["Patient/patient-7"] < born["Encounter/stay-7"]
    assert all(
        born["Encounter/stay-7"] < born[name]
        for name, body in last.items()
        if '"Encounter/stay-7"' in body
    )
    several = {name: people for name, people in authors.items() if len(people) > 1}
    told = {
        each["target"][0]["reference"]: [agent["who"]["reference"] for agent in each["agent"]]
        for each in ledger.every("Provenance")
    }
    assert len(several) > 20
    assert told == several, "and each of several people is named, in their order"
