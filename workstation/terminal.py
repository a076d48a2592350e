"""What stands behind the window: keys, record and sync of one terminal, tied together.

What the log-in window does not need (store, sync, cryptography) is imported on the store thread,
after the window shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workstation.kernel import settings as table
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Damaged, Refused, Unavailable
from workstation.kernel.ids import PersonId, WardId
from workstation.kernel.settings import Settings
from workstation.services.safe import Safe
from workstation.ui.shell.terminal import (
    Enrolment,
    Front,
    NewPerson,
    SetUp,
    Voucher,
    WardChoice,
)

if TYPE_CHECKING:
    from workstation.kernel.changes import Changes
    from workstation.security.keys import KeyRing
    from workstation.security.people import Person
    from workstation.services.desk import Desk
    from workstation.store import Store
    from workstation.sync.engine import SyncEngine
    from workstation.sync.restoration import Forgotten
    from workstation.sync.status import Link, Loss, SyncStatus
    from workstation.sync.transport import HttpTransport

LAST_STATUS: Final = "last_status.json"


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
        self._transport: HttpTransport | None = None
        self._status: SyncStatus | None = None
        self.safe: Safe | None = None
        self.restorer = Restoring(lambda: self._engine)
        self.colleagues = Vouching(self._keys)
        self._last = LastStatus(folder / LAST_STATUS)
        self.on_status: Callable[[SyncStatus], object] = lambda _status: None
        self.on_changes: Callable[[Changes], object] = lambda _changes: None
        self.on_opened: Callable[[], object] = lambda: None

    def front(self) -> Front:
        """Who uses this terminal, and how old its data is."""
        as_of, unsent = self._last.read()
        try:
            people = self._keys().people()
        except Damaged as error:
            if error.code != "no-store":
                raise
            people = ()
        return Front(people, self._settings.get(table.WARD_NAME), as_of, unsent)

    def unlock(self, person: PersonId, pin: str) -> Desk:
        """Open the record as a person; the first who enters also lets sync run."""
        from workstation.knowledge import load
        from workstation.services.desk import Desk

        ring = self._keys()
        key = ring.unlock(person, pin)
        self.safe = Safe(self._folder, key, self._clock)
        if self._store is None:
            self._open(ring, key)
        who = next(each for each in ring.people() if each.id == person)
        ward = WardId(self._settings.get(table.WARD))
        known = load(self._settings.get(table.KNOWLEDGE_FOLDER))
        return Desk(self._opened(), self._clock, who, ward, self.safe, known)

    def wards_of(self, server: str) -> tuple[WardChoice, ...]:
        """The wards that a server knows."""
        from workstation import enrolment

        found = enrolment.look(server, None, self._settings, self._clock)
        if found.problem:
            raise Unavailable(found.problem)
        return found.wards

    def set_up(self, choice: SetUp) -> PersonId:
        """Make this terminal's keys and record for its first person."""
        from workstation import founding, staff
        from workstation.security import lost_keys

        lost_keys.refuse_to_begin(self._folder)
        person = staff.newcomer(NewPerson(choice.name, choice.role, choice.pin))
        self._settings.put(table.SERVER, choice.server)
        self._settings.put(table.WARD, choice.ward)
        self._settings.put(table.WARD_NAME, choice.ward_name)
        self._store = founding.set_up(self._folder, person, choice.pin, self._clock)
        self.on_opened()
        self._start_sync(self._store)
        return person.id

    def enrolment(self) -> Enrolment:
        """What the hospital must know of this terminal; asks the server whether it may in."""
        from workstation import enrolment

        store = self._opened()
        device = enrolment.device_of(store, self._settings)
        found = enrolment.look(
            self._settings.get(table.SERVER), device, self._settings, self._clock
        )
        if self._engine is None:
            link: Link = "sign-in" if found.admission == "waiting" else "never"
            self._tell(replace(_counted(store), link=link, problem=found.problem or None))
        elif found.admission == "accepted" and self.status().link == "sign-in":
            self._engine.sync_now()
        kept_in = self._keys().secret_kept_in
        return enrolment.introduction(store, self._settings, found, kept_in)

    def write_key_set(self, target: Path) -> str:
        """Write the public key for the hospital's IT."""
        from workstation import enrolment

        store = self._opened()
        enrolment.write_key_set(store, target)
        return enrolment.command(store, self._settings, target.name)

    def join(self, server: str, ward: WardChoice) -> None:
        """Keep a copy of a ward from now on."""
        store = self._opened()
        before = (self._settings.get(table.SERVER), self._settings.get(table.WARD))
        self._settings.put(table.SERVER, server)
        self._settings.put(table.WARD, ward.id)
        self._settings.put(table.WARD_NAME, ward.name)
        if before != (server, ward.id):
            self._stop_sync()
            self._start_sync(store)

    def add_person(self, voucher: Voucher, new: NewPerson) -> PersonId:
        """Let one more person open this terminal."""
        from workstation import staff

        person = staff.newcomer(new)
        if new.login:
            person = staff.vouched(new, self._settings, self._clock)
        staff.add(self._keys(), self._opened(), voucher, person, new.pin, known=bool(new.login))
        return person.id

    def remove_person(self, voucher: Voucher, person: PersonId) -> None:
        """Take a person off this terminal."""
        from workstation import staff

        staff.remove(self._keys(), self._opened(), voucher, person)

    def change_pin(self, person: PersonId, old: str, new: str) -> None:
        """Give a person another PIN."""
        from workstation import staff

        staff.change_pin(self._keys(), self._opened(), person, old, new)

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
        self._stop_sync()
        if self._store is not None:
            self._store.close()
        self._store = None

    def _stop_sync(self) -> None:
        if self._engine is not None:
            self._engine.stop()
        if self._transport is not None:
            self._transport.close()
        self._engine = self._transport = None

    def _opened(self) -> Store:
        if self._store is None:
            raise Damaged("no-store")
        return self._store

    def _keys(self) -> KeyRing:
        from workstation.security.keys import KeyRing

        if self._ring is None:
            self._ring = KeyRing.load(self._folder, self._clock)
        return self._ring

    def _open(self, ring: KeyRing, key: bytes) -> None:
        from workstation import founding

        self._store = founding.opened(self._folder, ring, key, self._clock)
        self.on_opened()
        self._start_sync(self._store)

    def _start_sync(self, store: Store) -> None:
        if not self._settings.get(table.SERVER) or not self._settings.get(table.WARD):
            self._tell(_counted(store))
            return
        self._engine, self._transport = _engine(
            store, self._settings, self._clock, self._tell, self.on_changes
        )
        self._tell(self._engine.status())
        self._engine.start()

    def _tell(self, status: SyncStatus) -> None:
        self._status = status
        self._last.keep(status)
        self.on_status(status)


def warm_up() -> None:
    """Import what the record and the first screens need, while the person types the PIN."""
    import workstation.services.desk
    import workstation.sync.engine
    import workstation.ui.screens.chart.screen
    import workstation.ui.screens.patient_search.screen
    import workstation.ui.screens.ward_board.screen
    import workstation.ui.shell.workbench  # noqa: F401


class Restoring:
    """Looks at what a restored or emptied server lost, and sends it again when a person says so.

    Args:
        engine: The sync that runs now; None while there is no server.
    """

    def __init__(self, engine: Callable[[], SyncEngine | None]) -> None:
        self._engine = engine
        self._forgotten: Forgotten | None = None

    def loss(self) -> Loss:
        """What the server does not have any more."""
        engine = self._engine()
        if engine is None:
            raise Unavailable("offline")
        self._forgotten = engine.forgotten()
        return self._forgotten.loss

    def not_kept(self) -> tuple[str, ...] | None:
        """What the server does not keep; None as long as it was not asked."""
        engine = self._engine()
        return None if engine is None else engine.not_kept

    def send_again(self, desk: Desk) -> int:
        """Send it what the person at `desk` saw that it lost."""
        engine = self._engine()
        forgotten, self._forgotten = self._forgotten, None
        if engine is None or forgotten is None:
            raise Refused("not-looked")
        return engine.send_again(forgotten, desk.author)


class Vouching:
    """Lets somebody prove who they are while another person is logged in.

    Args:
        keys: The keys of the terminal.
    """

    def __init__(self, keys: Callable[[], KeyRing]) -> None:
        self._keys = keys

    def people(self) -> tuple[Person, ...]:
        """Everybody with a key here."""
        return self._keys().people()

    def prove(self, person: PersonId, pin: str) -> Person:
        """Try the PIN on the key, and give the key back unused."""
        ring = self._keys()
        ring.unlock(person, pin)
        return next(each for each in ring.people() if each.id == person)


def _engine(
    store: Store,
    settings: Settings,
    clock: Clock,
    on_status: Callable[[SyncStatus], object],
    on_changes: Callable[[Changes], object],
) -> tuple[SyncEngine, HttpTransport]:
    """The sync of a terminal with the server and the ward of its settings, not started."""
    from workstation import enrolment
    from workstation.sync.engine import SyncEngine
    from workstation.sync.pull.scope import Scope

    device = enrolment.device_of(store, settings)
    transport = enrolment.connect(settings.get(table.SERVER), device, settings, clock)
    engine = SyncEngine(
        store,
        transport,
        Scope(WardId(settings.get(table.WARD))),
        clock,
        every_s=float(settings.get(table.SYNC_SECONDS)),
        on_status=on_status,
        on_changes=on_changes,
    )
    return engine, transport


def _counted(store: Store) -> SyncStatus:
    """The status of a terminal without a server."""
    from workstation.store import queue, unreadable
    from workstation.sync.status import SyncStatus

    with store.read() as view:
        counts = queue.counts(view)
        return SyncStatus(
            unsent=counts.unsent, parked=counts.parked, conflicts=counts.conflicts,
            collisions=queue.open_collisions(view), unreadable=unreadable.count(view),
        )  # fmt: skip


class LastStatus:
    """How old the data was and what was unsent, for the log-in page of the next session.

    Args:
        file: A plain one: there is nothing of a patient in it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: tuple[str, int] = ("", 0)

    def keep(self, status: SyncStatus) -> None:
        """Write it down, if it is another than before."""
        as_of = status.data_as_of.isoformat(timespec="minutes") if status.data_as_of else ""
        if (as_of, status.unsent) != self._kept:
            self._kept = (as_of, status.unsent)
            content = {"data_as_of": as_of, "unsent": status.unsent}
            self._file.write_text(json.dumps(content), "utf-8")

    def read(self) -> tuple[datetime | None, int]:
        """What the last session left; nothing when there is none or it is not readable."""
        try:
            content = json.loads(self._file.read_text("utf-8"))
            as_of = content["data_as_of"]
            return (datetime.fromisoformat(as_of) if as_of else None), int(content["unsent"])
        except (OSError, ValueError, KeyError, TypeError):
            return None, 0
