"""A terminal with an empty record and no server, for the shell's tests and pictures."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.kit.people import PIN, AtHand
from tests.kit.store import make_store
from workstation.kernel import settings as table
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PersonId, WardId
from workstation.kernel.settings import Settings
from workstation.security.people import Person
from workstation.services.desk import Desk
from workstation.services.safe import Safe
from workstation.store import Store
from workstation.sync.status import Loss, SyncStatus
from workstation.ui.shell.terminal import (
    Enrolment,
    Front,
    NewPerson,
    SetUp,
    Voucher,
    WardChoice,
)
from workstation.ui.shell.window import Window
from workstation.ui.toolkit.tasks import TaskRunner

NOW = datetime(2026, 11, 23, 7, 42, tzinfo=UTC)
PEOPLE = (
    Person(PersonId("p1"), "Nguyễn Thị Hồng Nhung", "nurse"),
    Person(PersonId("p2"), "Trần Đức Anh", "doctor"),
    Person(PersonId("p3"), "Lê Thị Phương Thảo", "head-nurse"),
    Person(PersonId("p4"), "Phạm Quốc Bảo", "nurse"),
    Person(PersonId("p5"), "Hoàng Ngọc Ánh Nguyệt", "nurse"),
)
SYNCED = SyncStatus("online", NOW - timedelta(hours=3), NOW - timedelta(minutes=1))


KNOWN = Enrolment(
    server="https://fhir.benhvien.example/fhir",
    client="0199b3c4-7d11-7a52-9c40-5f1e2d3c4b5a",
    name="Khoa Nội tổng hợp · may-tram-2",
    thumbprint="7c1e 90ab 44d2 0f3b 6a5d e871 23c9 b0f4",
    secret_kept_in="file",
    admission="accepted",
    wards=(WardChoice("w1", "Khoa Nội tổng hợp"), WardChoice("w2", "Khoa Ngoại chấn thương")),
    ward="w1",
)

WARD = WardId("w1")
_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


def fresh_folder() -> Path:
    """An empty folder that goes away with the process."""
    _FOLDERS.append(tempfile.TemporaryDirectory(prefix="terminal-"))
    return Path(_FOLDERS[-1].name)


@dataclass
class FakeTerminal:
    """Lets in whoever types `PIN`."""

    people: tuple[Person, ...] = PEOPLE
    now: SyncStatus = SYNCED
    failure: Exception | None = None
    wards: tuple[WardChoice, ...] = (WardChoice("w1", "Khoa Nội tổng hợp"),)
    asked: list[Any] = field(default_factory=list)
    store: Store | None = None
    kept: Safe | None = None
    known: Enrolment = KNOWN
    lost: Loss = field(default_factory=Loss)
    lacks: tuple[str, ...] | None = ()
    ward: WardId = WARD

    @property
    def colleagues(self) -> AtHand:
        return AtHand(*self.people)

    def front(self) -> Front:
        return Front(self.people, "Khoa Nội tổng hợp", self.now.data_as_of, self.now.unsent)

    def unlock(self, person: PersonId, pin: str) -> Desk:
        if self.failure is not None:
            raise self.failure
        if pin != PIN:
            raise Refused("wrong-pin", field="pin", failures=3, seconds=2.0)
        if self.store is None:
            self.store = make_store(fresh_folder())
        who = next(each for each in self.people if each.id == person)
        return Desk(self.store, ManualClock(NOW), who, self.ward)

    def wards_of(self, server: str) -> tuple[WardChoice, ...]:
        self.asked.append(server)
        if self.failure is not None:
            raise self.failure
        return self.wards

    def set_up(self, choice: SetUp) -> PersonId:
        self.asked.append(choice)
        self.people = (Person(PersonId("new"), choice.name, choice.role),)
        return PersonId("new")

    def enrolment(self) -> Enrolment:
        if self.failure is not None:
            raise self.failure
        return self.known

    def write_key_set(self, target: Path) -> str:
        self.asked.append(target)
        if self.failure is not None:
            raise self.failure
        return f"python -m hospital device add --id {self.known.client} --jwks {target.name}"

    def join(self, server: str, ward: WardChoice) -> None:
        self.asked.append((server, ward))

    def add_person(self, voucher: Voucher, new: NewPerson) -> PersonId:
        self._prove(voucher.pin)
        self.asked.append(new)
        self.people = (*self.people, Person(PersonId("added"), new.name, new.role))
        return PersonId("added")

    def remove_person(self, voucher: Voucher, person: PersonId) -> None:
        self._prove(voucher.pin)
        self.people = tuple(each for each in self.people if each.id != person)

    def change_pin(self, person: PersonId, old: str, new: str) -> None:
        self._prove(old)
        self.asked.append((person, new))

    def _prove(self, pin: str) -> None:
        if pin != PIN:
            raise Refused("wrong-pin", field="pin", failures=1, seconds=0.0)

    def sync_now(self) -> None:
        self.asked.append("sync")

    @property
    def safe(self) -> Safe | None:
        return self.kept

    @property
    def restorer(self) -> FakeTerminal:
        return self

    def loss(self) -> Loss:
        return self.lost

    def not_kept(self) -> tuple[str, ...] | None:
        return self.lacks

    def send_again(self, desk: Desk) -> int:
        self.asked.append(desk.person.id)
        return self.lost.count

    def status(self) -> SyncStatus:
        return self.now


def settle(seconds: float = 30.0, until: Any = None) -> None:
    """Run the event loop until `until()` is true, or for a few rounds."""
    import time

    end = time.monotonic() + seconds
    while until is not None and not until():
        assert time.monotonic() < end, "it never came"
        QApplication.processEvents()
        time.sleep(0.002)
    for _ in range(4):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def make_window(folder: Path, terminal: FakeTerminal, **values: Any) -> Window:
    """A window on a fake terminal, with settings put before it shows."""
    settings = Settings(folder)
    for name, value in {"ward_name": "Khoa Nội tổng hợp", **values}.items():
        settings.put(table.BY_NAME[name], value)
    window = Window(terminal, TaskRunner(), settings, ManualClock(NOW))  # type: ignore[arg-type]
    window.resize(1366, 768)
    return window
