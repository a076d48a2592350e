"""Pictures of the sync centre and of the safety alerts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from tests.gallery import Scene
from tests.kit.at_once import workplace_of
from tests.kit.contradictions import contradict, hear
from tests.kit.people import DOCTOR
from tests.kit.store import NURSE, START
from tests.kit.ward import make_desk, patient, patient_id, places, stay
from tests.scenes.conflict import ORDER, OTHER, THEIRS
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.services import collisions
from workstation.services.desk import Desk
from workstation.services.safekeeping import Written
from workstation.store import parking, sync_state, unreadable
from workstation.store.sync_state import LogEntry
from workstation.store.unreadable import Came
from workstation.sync.collisions import examine
from workstation.sync.status import Loss
from workstation.ui.screens.collisions.screen import CollisionsScreen
from workstation.ui.screens.sync_centre.safety import SafetyPanel
from workstation.ui.screens.sync_centre.screen import SyncCentreScreen
from workstation.ui.toolkit.copy_words import rescue_words


def dose(id_: str, minutes: int, by: str) -> Resource:
    at = START - timedelta(minutes=minutes)
    return {
        "resourceType": "MedicationAdministration",
        "id": id_,
        "status": "completed",
        "subject": {"reference": f"Patient/{patient_id(2)}"},
        "medicationCodeableConcept": {"text": "Ceftriaxon 1 g"},
        "effectiveDateTime": at.isoformat(),
        "performer": [{"actor": {"display": by}}],
    }


def eventful(desk: Desk) -> None:
    """One of everything that can need a person."""
    store = desk.store
    with store.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM pending")
    for place in places(4):
        hear(store, place)
    for number in (1, 2, 3, 4):
        hear(store, patient(number))
        hear(store, stay(number))
    crowded = stay(4)
    crowded["location"] = stay(3)["location"]
    hear(store, crowded)
    contradict(store, ORDER, OTHER, THEIRS)
    with store.write(NURSE) as unit:
        unit.create(dose("dose-1", 95, "Đd. Lê Thị Mai"))
        unit.create(dose("dose-2", 70, "Đd. Trần Văn Cường"))
        unit.create({**dose("dose-3", 400, "Đd. Lê Thị Mai"), "status": "not-done"})
        parking.park(
            unit, ("MedicationAdministration", "dose-3"), START - timedelta(hours=2),
            status=422, code="refused-by-server",
            outcome="MedicationAdministration.statusReason: bắt buộc khi status = not-done",
        )  # fmt: skip
    examine(store, Changes(references=frozenset({"Encounter/stay-4"})))


def log(desk: Desk) -> None:
    """Some rounds, good and bad."""
    rounds = (
        (50, "complete", 14, 220, 0, 0, 0), (40, "complete", 3, 12, 1, 0, 0),
        (30, "offline", 3, 0, 0, 0, 0), (20, "offline", 2, 5, 0, 0, 0),
        (10, "cut", 2, 0, 0, 0, 0), (4, "complete", 41, 17, 2, 1, 1),
    )  # fmt: skip
    with desk.store.write() as unit:
        for minutes, outcome, sent, pulled, merged, conflicts, parked in rounds:
            at = START - timedelta(minutes=minutes)
            sync_state.write_log(
                unit, LogEntry(at, at, outcome, pulled, sent, merged, conflicts, parked)
            )


def centre(*, full: bool, tab: int = 0) -> QWidget:
    folder = Path(tempfile.mkdtemp(prefix="scene-"))
    desk = make_desk(folder, person=DOCTOR)
    if full:
        eventful(desk)
        log(desk)
    else:
        with desk.store.write() as unit:
            unit.connection.exec_driver_sql("DELETE FROM pending")
    screen = SyncCentreScreen(workplace_of(desk, folder))
    screen.activate()
    screen.tabs.setCurrentIndex(tab)
    return screen


def unreadable_allergy() -> QWidget:
    """An allergy that came and cannot be read."""
    folder = Path(tempfile.mkdtemp(prefix="scene-"))
    desk = make_desk(folder, person=DOCTOR)
    eventful(desk)
    log(desk)
    with desk.store.write() as unit:
        odd = Came("AllergyIntolerance", "a-17", "3", "patient-2", "too-deep", b"{")
        unreadable.keep(unit, [odd], START)
    screen = SyncCentreScreen(workplace_of(desk, folder))
    screen.activate()
    screen.list.selectRow(2)
    return screen


def accident(code: str, *, looked: bool) -> QWidget:
    """The centre after a server was restored or emptied; `looked` shows what it lost."""
    folder = Path(tempfile.mkdtemp(prefix="scene-"))
    desk = make_desk(folder, person=DOCTOR)
    eventful(desk)
    log(desk)
    struck(desk, code)
    screen = SyncCentreScreen(workplace_of(desk, folder, Backup(LOST)))
    screen.activate()
    if looked:
        screen.accident.findChildren(QPushButton)[-1].click()
    return screen


def server(lacks: tuple[str, ...]) -> QWidget:
    """The page on the server at hand."""
    folder = Path(tempfile.mkdtemp(prefix="scene-"))
    desk = make_desk(folder, person=DOCTOR)
    screen = SyncCentreScreen(workplace_of(desk, folder, Backup(Loss(), lacks=lacks)))
    screen.activate()
    screen.tabs.setCurrentWidget(screen.server)
    return screen


def struck(desk: Desk, code: str) -> None:
    """The last round met a server that had an accident."""
    with desk.store.write() as unit:
        sync_state.write_log(unit, LogEntry(START, START, code))


LOST = Loss(
    missing=(*(f"Observation/o{n}" for n in range(14)), "DocumentReference/d1"),
    older=("Encounter/e1", "Patient/p1"),
    newer=1,
)


@dataclass
class Backup:
    """A server that was restored from its backup."""

    lost: Loss
    failure: WorkstationError | None = None
    lacks: tuple[str, ...] | None = ()
    sent_by: list[str] = field(default_factory=list)

    def loss(self) -> Loss:
        if self.failure is not None:
            raise self.failure
        return self.lost

    def not_kept(self) -> tuple[str, ...] | None:
        return self.lacks

    def send_again(self, desk: Desk) -> int:
        self.sent_by.append(desk.person.id)
        return self.lost.count


def safety(choice: int, show: Callable[[SafetyPanel], object]) -> Callable[[], QWidget]:
    """The copies that leave this machine, with something said."""

    def made() -> QWidget:
        screen = centre(full=True)
        assert isinstance(screen, SyncCentreScreen)
        panel = screen.safety
        screen.tabs.setCurrentWidget(panel)
        panel.choices.button(choice).setChecked(True)
        for form in (panel.export, panel.backup):
            form.path.setText("/media/usb")
        show(panel)
        return screen

    return made


def written(panel: SafetyPanel) -> None:
    file = Path("/media/usb/ward-rescue-2026-11-20-074200.rescue")
    panel.export.show_done(rescue_words(Written(file, 225_280, 14, 2)))


def refused(panel: SafetyPanel) -> None:
    panel.import_.path.setText("/media/usb/ward-rescue-2026-11-20-074200.rescue")
    panel.import_.phrase.setText("mưa rơi trên mái tôn")
    panel.import_.show_failure(Refused("wrong-passphrase", field="passphrase"))


def under_way(panel: SafetyPanel) -> None:
    for entry in (panel.backup.phrase, panel.backup.again):
        entry.setText("mưa rơi trên mái tôn")
    panel.backup.show_progress(1, 2)


def alerts(*, full: bool, seen: bool = False) -> QWidget:
    folder = Path(tempfile.mkdtemp(prefix="scene-"))
    desk = make_desk(folder, person=DOCTOR)
    if full:
        eventful(desk)
    if seen:
        first = collisions.standing(desk)[0]
        collisions.acknowledge(desk, first.id, "Đã khám, huyết áp ổn định, đã báo bác sĩ trực")
    screen = CollisionsScreen(workplace_of(desk, folder))
    screen.activate()
    return screen


_FOREIGN = (
    "client-ids-refused",
    "if-none-match-ignored",
    "transaction-not-atomic",
    "no-type-history",
    "decimals-rewritten",
)
"""A server as many hospitals have it."""

SCENES = (
    Scene("sync-centre", lambda: centre(full=True), scales=(150,)),
    Scene("sync-centre-unreadable-allergy", unreadable_allergy, scales=(150,)),
    Scene("sync-centre-waiting", lambda: centre(full=True, tab=1)),
    Scene("sync-centre-history", lambda: centre(full=True, tab=2)),
    Scene("sync-centre-rescue", safety(0, lambda _panel: None), scales=(150,)),
    Scene("sync-centre-rescue-written", safety(0, written)),
    Scene("sync-centre-take-in-refused", safety(1, refused)),
    Scene("sync-centre-backup-running", safety(2, under_way)),
    Scene("sync-centre-empty", lambda: centre(full=False)),
    Scene("sync-centre-restored", lambda: accident("server-restored", looked=True), scales=(150,)),
    Scene("sync-centre-emptied", lambda: accident("server-emptied", looked=False)),
    Scene("sync-centre-server", lambda: server(_FOREIGN), scales=(150,)),
    Scene("sync-centre-server-keeps-all", lambda: server(())),
    Scene("collisions", lambda: alerts(full=True), scales=(150,)),
    Scene("collisions-seen", lambda: alerts(full=True, seen=True)),
    Scene("collisions-empty", lambda: alerts(full=False)),
)
