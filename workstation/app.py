"""The composition root: the only place that builds the parts of a terminal and ties them.

What the log-in window does not need (store, sync, cryptography) is imported on the store thread,
after the window shows.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from workstation.kernel import settings as table
from workstation.kernel.clock import Clock, SystemClock
from workstation.kernel.crash_reports import CrashReports
from workstation.kernel.errors import Damaged, Unavailable
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import DeviceId, PersonId, WardId
from workstation.kernel.settings import Settings
from workstation.ui.shell import faults
from workstation.ui.shell.terminal import Front, SetUp, WardChoice
from workstation.ui.shell.window import Window
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.tasks import TaskRunner

if TYPE_CHECKING:
    from workstation.kernel.changes import Changes
    from workstation.security.keys import Cost, KeyRing
    from workstation.security.people import Person
    from workstation.services.desk import Desk
    from workstation.store import Store
    from workstation.sync.engine import SyncEngine
    from workstation.sync.status import SyncStatus
    from workstation.sync.transport import HttpTransport

LAST_STATUS: Final = "last_status.json"
ENROLMENT: Final = "enrolment.json"
BOTTOM: Final = Qt.ToolBarArea.BottomToolBarArea
_AFTER_SAVE_MS: Final = 400
_LOG_BYTES: Final = 1_000_000


class WardTerminal:
    """What stands behind the window, made of keys, record and sync."""

    def __init__(self, folder: Path, settings: Settings, clock: Clock) -> None:
        """Open nothing yet.

        Args:
            folder: Where the record of this terminal is.
            settings: The values in force.
            clock: Where times come from.
        """
        self._folder, self._settings, self._clock = folder, settings, clock
        self._ring: KeyRing | None = None
        self._store: Store | None = None
        self._engine: SyncEngine | None = None
        self._status: SyncStatus | None = None
        self._remembered: tuple[str, int] = ("", 0)
        self.on_status: Callable[[SyncStatus], object] = lambda _status: None
        self.on_changes: Callable[[Changes], object] = lambda _changes: None
        self.on_opened: Callable[[], object] = lambda: None

    def front(self) -> Front:
        """Who uses this terminal, and how old its data is."""
        as_of, unsent = _read_last_status(self._folder / LAST_STATUS)
        try:
            people = self._keys().people()
        except Damaged as error:
            if error.code != "no-store":
                raise
            people = ()
        return Front(people, self._settings.get(table.WARD_NAME), as_of, unsent)

    def warm_up(self) -> None:
        """Import what the record needs, while the person types the PIN."""
        import workstation.services.desk
        import workstation.sync.engine  # noqa: F401

    def unlock(self, person: PersonId, pin: str) -> Desk:
        """Open the record as a person; the first who enters also lets sync run."""
        from workstation.services.desk import Desk

        ring = self._keys()
        key = ring.unlock(person, pin)
        if self._store is None:
            self._open(key)
        store = self._store
        if store is None:
            raise Damaged("no-store")
        who = next(each for each in ring.people() if each.id == person)
        return Desk(store, self._clock, who, WardId(self._settings.get(table.WARD)))

    def wards_of(self, server: str) -> tuple[WardChoice, ...]:
        """The wards that a server knows."""
        from workstation.sync import directory
        from workstation.sync.client import FhirClient

        transport = self._transport(server)
        try:
            found = directory.wards(FhirClient(transport, self._clock))
        finally:
            transport.close()
        return tuple(WardChoice(ward.id, ward.name) for ward in found)

    def set_up(self, choice: SetUp) -> PersonId:
        """Make this terminal's keys and record for its first person."""
        from workstation.security.people import Person

        person = Person(PersonId(uuid7()), choice.name, choice.role)
        self._store = found_terminal(self._folder, ((person, choice.pin),), self._clock)
        self.on_opened()
        _introduce(self._store, person)
        self._settings.put(table.SERVER, choice.server)
        self._settings.put(table.WARD, choice.ward)
        self._settings.put(table.WARD_NAME, choice.ward_name)
        self._start_sync(self._store)
        return person.id

    def sync_now(self) -> None:
        """Look at the server now."""
        if self._engine is not None:
            self._engine.sync_now()

    def after_save(self) -> None:
        """Count anew what waits, and send it soon."""
        if self._store is None:
            return
        self._tell(self._engine.status() if self._engine else _counted(self._store))
        if self._engine is not None and self._status is not None and self._status.unsent:
            self._engine.sync_now()

    def status(self) -> SyncStatus:
        """Where sync stands, as last told; reads nothing."""
        from workstation.sync.status import SyncStatus

        return self._status or SyncStatus()

    def close(self) -> None:
        """End sync and give the record back; what is unsent stays in its queue."""
        if self._engine is not None:
            self._engine.stop()
        if self._store is not None:
            self._store.close()
        self._engine = self._store = None

    def _keys(self) -> KeyRing:
        from workstation.security.keys import KeyRing

        if self._ring is None:
            self._ring = KeyRing.load(self._folder, self._clock)
        return self._ring

    def _open(self, key: bytes) -> None:
        from workstation.store import Store

        self._store = Store.open(self._folder, key, clock=self._clock)
        self.on_opened()
        self._start_sync(self._store)

    def _start_sync(self, store: Store) -> None:
        from workstation.sync.engine import SyncEngine
        from workstation.sync.pull.scope import Scope

        server, ward = self._settings.get(table.SERVER), self._settings.get(table.WARD)
        if not server or not ward:
            self._tell(_counted(store))
            return
        self._engine = SyncEngine(
            store,
            self._transport(server),
            Scope(WardId(ward)),
            self._clock,
            every_s=float(self._settings.get(table.SYNC_SECONDS)),
            on_status=self._tell,
            on_changes=self.on_changes,
        )
        self._tell(self._engine.status())
        self._engine.start()

    def _transport(self, server: str) -> HttpTransport:
        from workstation.sync.sign_in import BackendServices, DeviceKey, token_endpoint
        from workstation.sync.transport import HttpTransport

        transport = HttpTransport(server)
        enrolment = self._folder / ENROLMENT
        if enrolment.exists():
            key = DeviceKey(**json.loads(enrolment.read_text("utf-8")))
            address = token_endpoint(transport)
            if address is None:
                raise Unavailable("sign-in", reason="no-token-endpoint")
            transport.credentials = BackendServices(address, key, self._clock)
        return transport

    def _tell(self, status: SyncStatus) -> None:
        self._status = status
        as_of = status.data_as_of.isoformat(timespec="minutes") if status.data_as_of else ""
        if (as_of, status.unsent) != self._remembered:
            self._remembered = (as_of, status.unsent)
            _write_last_status(self._folder / LAST_STATUS, as_of, status.unsent)
        self.on_status(status)


def found_terminal(
    folder: Path,
    people: Sequence[tuple[Person, str]],
    clock: Clock,
    *,
    cost: Cost | None = None,
) -> Store:
    """Make the keys and the empty record of a new terminal.

    Args:
        folder: Where they are to be.
        people: Who may unlock it, each with a PIN.
        clock: Where times come from.
        cost: Of one guess of a PIN; the default is for real use.

    Returns:
        The open store.

    Raises:
        Refused: ``weak-pin``; ``store-exists``: what is there is never replaced.
        ValueError: Nobody could open it.
    """
    from workstation.security.keys import KeyRing
    from workstation.store import Store

    if not people:
        raise ValueError("a terminal needs at least one person")
    ring, key = KeyRing.found(folder, clock)
    for person, pin in people:
        ring.add(key, person, pin, cost=cost)
    return Store.create(folder, key, device=DeviceId(uuid7()), clock=clock)


def _introduce(store: Store, person: Person) -> None:
    """Write the first person into the record, so that what they sign refers to somebody."""
    from workstation.fhir import systems
    from workstation.store import Author

    family, _, given = person.name.partition(" ")
    name = {"use": "official", "text": person.name, "family": family, "given": given.split()}
    with store.write(Author(f"Practitioner/{person.id}", person.name, store.device)) as unit:
        unit.create(
            {
                "resourceType": "Practitioner",
                "id": person.id,
                "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{person.id}"}],
                "active": True,
                "name": [{key: value for key, value in name.items() if value}],
            }
        )


def _counted(store: Store) -> SyncStatus:
    """The status of a terminal without a server."""
    from workstation.store import queue
    from workstation.sync.status import SyncStatus

    with store.read() as view:
        counts = queue.counts(view)
        return SyncStatus(
            unsent=counts.unsent, parked=counts.parked, conflicts=counts.conflicts,
            collisions=queue.open_collisions(view),
        )  # fmt: skip


def _read_last_status(file: Path) -> tuple[datetime | None, int]:
    """What the last session left; nothing when there is none or it is not readable."""
    try:
        content = json.loads(file.read_text("utf-8"))
        as_of = content["data_as_of"]
        return (datetime.fromisoformat(as_of) if as_of else None), int(content["unsent"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, 0


def _write_last_status(file: Path, as_of: str, unsent: int) -> None:
    file.write_text(json.dumps({"data_as_of": as_of, "unsent": unsent}), "utf-8")


def run(
    arguments: Sequence[str] = (), *, adorn: Callable[[Window], object] = lambda _window: None
) -> int:
    """Open the window and stay until it is closed.

    Args:
        arguments: ``--folder DIR`` puts the record of this terminal elsewhere.
        adorn: Adds to the window before it shows; the demo's bar comes so.

    Returns:
        0 when the person ended the program; 2 when the settings could not be read.
    """
    folder = _folder(arguments)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _log_into(folder / "logs")
    application = QApplication.instance() or QApplication(["Ward Workstation"])
    if not isinstance(application, QApplication):
        raise TypeError("a window needs a QApplication")
    application.setApplicationDisplayName("Ward Workstation")
    try:
        settings = Settings(folder / "settings")
    except Damaged as error:
        return _show_alone(application, error)
    clock = SystemClock()
    terminal = WardTerminal(folder, settings, clock)
    tasks = TaskRunner()
    window = tie(terminal, tasks, settings, clock)
    CrashReports(
        folder / "logs", lambda number: tasks.call(lambda: window.show_crash(number))
    ).install()
    terminal.on_opened = lambda: tasks.call(_forbid_sql)
    window.resize(1366, 768)
    adorn(window)
    window.showMaximized()
    tasks.query(terminal.warm_up, done=lambda _: None)
    try:
        return int(application.exec())
    finally:
        tasks.query(terminal.close, done=lambda _: None)
        tasks.shutdown()


def tie(terminal: WardTerminal, tasks: TaskRunner, settings: Settings, clock: Clock) -> Window:
    """Build the window and let sync, saves and screens hear of each other.

    Args:
        terminal: What stands behind the window.
        tasks: The bridge to the store thread.
        settings: The values in force.
        clock: Where times come from.
    """
    window = Window(terminal, tasks, settings, clock)
    terminal.on_changes = tasks.publish
    terminal.on_status = lambda status: tasks.call(lambda: window.show_status(status))
    soon = QTimer(window, singleShot=True, interval=_AFTER_SAVE_MS)
    soon.timeout.connect(lambda: tasks.query(terminal.after_save, done=lambda _: None))

    def on_changed(_changes: object, initiator: object) -> None:
        if initiator is not TaskRunner.SYNC:
            soon.start()

    tasks.changed.connect(on_changed)
    return window


def _forbid_sql() -> None:
    """The window's thread must never wait for a disk."""
    from workstation.store import forbid_thread

    forbid_thread()


def _show_alone(application: QApplication, error: Damaged) -> int:
    theme.use(application, "light")
    page = faults.damaged_page(error, application.quit, application.quit)
    page.resize(1000, 640)
    page.show()
    application.exec()
    return 2


def _folder(arguments: Sequence[str]) -> Path:
    parser = argparse.ArgumentParser(prog="workstation start")
    parser.add_argument("--folder", type=Path, help="where the record of this terminal is")
    chosen: Path | None = parser.parse_args(list(arguments)).folder
    if chosen is not None:
        return chosen
    import platformdirs

    return platformdirs.user_data_path("ward-workstation", appauthor=False)


def _log_into(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "workstation.log", maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("workstation")
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
