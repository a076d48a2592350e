"""A terminal as people have it: real window, keys, record and sync, against a real server process.

Only keys go in. What comes out is read from what the person sees.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from hospital.wire import Request
from tests.kit.hospital_process import HospitalProcess
from tests.kit.people import CHEAP
from tests.kit.typing import compose
from tests.kit.ward import patient, places, save, stay
from tests.kit.workplace import answered
from workstation import app, demo
from workstation.fhir import systems
from workstation.fhir.json import Resource, dump_bytes
from workstation.fhir.practitioner import QUALIFICATION
from workstation.founding import found_terminal
from workstation.kernel import settings as table
from workstation.kernel.changes import Changes
from workstation.kernel.clock import Clock, SystemClock
from workstation.kernel.ids import PersonId
from workstation.kernel.settings import Settings
from workstation.security.people import Person
from workstation.services.desk import Desk
from workstation.sync.status import SyncStatus
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.window import Window
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.tasks import TaskRunner

PIN = demo.PIN
NURSE = "Lê Thị Mai"
DOCTOR = "Đỗ Quang Huy"
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NO = Qt.KeyboardModifier.NoModifier

S = TypeVar("S", bound=QWidget)


def staff() -> list[Resource]:
    """A nurse and a doctor."""
    return [_practitioner("nurse-1", NURSE, "RN"), _practitioner("doctor-1", DOCTOR, "MD")]


def small_ward(beds: int = 4, taken: int = 3) -> list[Resource]:
    """A ward with a few people in it, admitted two days ago, and who works there."""
    start = (SystemClock().now() - timedelta(days=2)).isoformat(timespec="seconds")
    found = [*places(beds), *staff()]
    for number in range(1, taken + 1):
        found += [patient(number), {**stay(number), "period": {"start": start}}]
    return found


def store_at(hospital: HospitalProcess, resources: Sequence[Resource]) -> None:
    """Put resources into a running server in one transaction."""
    entries = [
        {
            "resource": resource,
            "request": {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"},
        }
        for resource in resources
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    headers = {"Content-Type": "application/fhir+json"}
    answer = hospital.handle(Request("POST", "/fhir", "", headers, dump_bytes(bundle)))
    assert answer.status == 200, answer.body


def found_on(
    folder: Path, base: str, ward: str, ward_name: str, known: Sequence[Resource] = ()
) -> None:
    """Set a terminal up for the nurse and the doctor of `staff`, on a ward of a server.

    Args:
        folder: Where its record is to lie.
        base: The server's address.
        ward: Id of the ward.
        ward_name: As written on the door.
        known: What its record holds from the start.
    """
    settings = Settings(folder / "settings")
    for setting, value in (
        (table.SERVER, base), (table.WARD, ward), (table.WARD_NAME, ward_name),
    ):  # fmt: skip
        settings.put(setting, value)
    people = [
        (Person(PersonId("nurse-1"), NURSE, "nurse"), PIN),
        (Person(PersonId("doctor-1"), DOCTOR, "doctor"), PIN),
    ]
    store = found_terminal(folder, people, SystemClock(), cost=CHEAP)
    if known:
        save(store, *known)
    store.close()


def until(done: Callable[[], object], what: str = "it", seconds: float = 30.0) -> None:
    """Let the windows work until `done()` holds."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"never came: {what}\n{in_sight()}"
        work()
        time.sleep(0.002)
    work()


def in_sight() -> str:
    """Every word on the labels of the window in front."""
    front = QApplication.activeWindow()
    labels = front.findChildren(QLabel) if front is not None else ()
    return "\n".join(each.text() for each in labels if each.isVisible())


def work() -> None:
    """One turn of the event loop, with what was to be deleted."""
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class WardWindow:
    """One terminal.

    Args:
        folder: Where its record lies; set up for everybody on the ward if it is new.
        base: The server's address.
        clock: The terminal's clock, when it is not to be right.
    """

    def __init__(self, folder: Path, base: str, clock: Clock | None = None) -> None:
        demo.prepare(folder, base)
        self.folder = folder
        self.settings, self.clock = Settings(folder / "settings"), clock or SystemClock()
        self.tasks = TaskRunner()
        self.terminal = app.WardTerminal(folder, self.settings, self.clock)
        self.window: Window = app.tie(self.terminal, self.tasks, self.settings, self.clock)
        self.window.resize(1366, 768)
        self.window.show()

    def close(self) -> None:
        """Close the window as a person does, and give the record back."""
        self.window.close()
        self.terminal.on_status = lambda _status: None
        self.window.deleteLater()
        work()
        self.tasks.query(self.terminal.close, done=lambda _: None)
        self.tasks.shutdown()

    @property
    def desk(self) -> Desk:
        """Who sits here, on which record."""
        desk = self.window._desk
        assert desk is not None
        return desk

    def front(self) -> WardWindow:
        """Turn to this window: keys go here now."""
        self.window.activateWindow()
        until(self.window.isActiveWindow, "the window in front")
        return self

    def focus(self) -> QWidget:
        """The widget that the keys reach."""
        return self.window.focusWidget() or self.window

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO) -> None:
        """One key, and let what it starts come to its end."""
        self.front()
        QTest.keyClick(self.focus(), key, modifier)
        self.settle()

    def keys(self, text: str) -> None:
        """Plain keys, one after the other."""
        self.front()
        for letter in text:
            QTest.keyClicks(self.focus(), letter)
        work()

    def compose(self, text: str) -> None:
        """Vietnamese words through the input method."""
        self.front()
        compose(self.focus(), text)
        work()

    def settle(self) -> None:
        """Wait until everything asked of the store so far has been answered and shown."""
        answered(self.tasks)

    def entrance(self) -> LogInPage:
        """The log-in page, with its people."""

        def shown() -> LogInPage | None:
            pages = self.window.findChildren(LogInPage)
            return next((page for page in pages if page.isVisible() and page.picked()), None)

        until(shown, "the log-in page")
        page = shown()
        assert page is not None
        return page

    def log_in(self, name: str, pin: str = PIN) -> None:
        """Pick a person by the arrows, type the PIN, press Enter."""
        self.pick(name)
        self.keys(pin)
        self.front()
        QTest.keyClick(self.focus(), Qt.Key.Key_Return)
        until(lambda: self.window.bench is not None, f"the ward for {name}")
        self.settle()

    def pick(self, name: str) -> None:
        """Walk to a person with the arrows."""
        page = self.entrance()
        self.front()
        for _ in self.terminal.front().people:
            if page.picked().name == name:
                return
            QTest.keyClick(self.focus(), Qt.Key.Key_Down)
            work()
        raise AssertionError(f"{name} cannot be picked by keys")

    def screen(self, kind: type[S]) -> S:
        """The screen in front, which must be of a kind."""
        until(lambda: isinstance(self.current(), kind), f"{kind.__name__} in front")
        found = self.current()
        assert isinstance(found, kind)
        return found

    def current(self) -> Screen | None:
        """The screen in front."""
        bench = self.window.bench
        return bench.area.current() if bench is not None else None

    def strip(self) -> tuple[str, ...]:
        """What the connection strip says."""
        assert self.window.bench is not None
        return self.window.bench.strip_words()

    def words(self) -> str:
        """Every word in sight on this window's labels."""
        self.front()
        return in_sight()

    def sync(self, done: Callable[[SyncStatus], bool], what: str) -> None:
        """Press F9 until the status is as it should be."""
        self.press(Qt.Key.Key_F9)
        until(lambda: done(self.terminal.status()), what)
        self.settle()

    def online(self) -> None:
        """Press F9 and see everything go through."""
        before = self.terminal.status().data_as_of

        def complete(status: SyncStatus) -> bool:
            newer = status.data_as_of is not None and status.data_as_of != before
            return status.link == "online" and newer and not status.unsent

        self.sync(complete, "a complete round")

    def act(self, deed: Callable[[Desk], Changes]) -> None:
        """Do, on the store thread, what has no key of its own yet."""
        desk, done = self.desk, []
        self.tasks.command(lambda: deed(desk), done=done.append)
        until(lambda: done, "the deed")
        self.settle()


@contextmanager
def two_terminals(
    folder: Path, hospital: HospitalProcess
) -> Iterator[tuple[WardWindow, WardWindow]]:
    """Two terminals of one ward; both end with the block."""
    opened: list[WardWindow] = []
    try:
        a = WardWindow(folder / "a", hospital.base)
        opened.append(a)
        b = WardWindow(folder / "b", hospital.base)
        opened.append(b)
        yield a, b
    finally:
        for each in opened:
            each.close()


def _practitioner(own: str, name: str, code: str) -> Resource:
    family, _, given = name.partition(" ")
    return {
        "resourceType": "Practitioner",
        "id": own,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
        "active": True,
        "name": [{"use": "official", "family": family, "given": given.split()}],
        "qualification": [{"code": {"coding": [{"system": QUALIFICATION, "code": code}]}}],
    }
