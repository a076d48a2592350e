"""Pictures of the window's own pages: log-in, lock, set-up, settings, panels, faults, strip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from tests.gallery import Scene
from tests.kit.terminal import (
    KNOWN,
    NOW,
    PEOPLE,
    PIN,
    SYNCED,
    FakeTerminal,
    fresh_folder,
    make_window,
    settle,
)
from tests.kit.workplace import asked
from tests.scenes import palette
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel import words
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Damaged, Unavailable
from workstation.services import patient_search, vital_signs
from workstation.services.safe import Safe
from workstation.ui.shell.enrolment_card import EnrolmentCard
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.rescue import Rescue
from workstation.ui.shell.set_up import SetUpPage
from workstation.ui.shell.terminal import Enrolment
from workstation.ui.shell.window import Window
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import BY_ID

OFFLINE = replace(
    SYNCED, link="offline", since=NOW - timedelta(minutes=47),
    data_as_of=NOW - timedelta(minutes=48), unsent=23, parked=1, conflicts=2, collisions=1,
    next_try=NOW + timedelta(minutes=3, seconds=20),
)  # fmt: skip


def window(terminal: FakeTerminal) -> Window:
    made = make_window(
        fresh_folder(), terminal, language=words.language(), theme=theme.name(), scale=theme.scale()
    )
    page = made.findChild(LogInPage)
    settle(until=lambda: page.picked() is not None or not terminal.people)
    return made


def log_in() -> QWidget:
    return window(
        FakeTerminal(now=replace(SYNCED, data_as_of=NOW - timedelta(minutes=26), unsent=4))
    )


def wrong_pin() -> QWidget:
    made = window(FakeTerminal())
    page = made.findChild(LogInPage)
    pin = page.findChild(QLineEdit)
    pin.setText("111222")
    pin.returnPressed.emit()
    settle(until=lambda: pin.property("state") == "invalid")
    return made


def inside(terminal: FakeTerminal) -> Window:
    made = window(terminal)
    pin = made.findChild(LogInPage).findChild(QLineEdit)
    pin.setText(PIN)
    pin.returnPressed.emit()
    settle(until=lambda: made.bench is not None)
    made.do(BY_ID["settings"])
    return made


def settings() -> QWidget:
    return inside(FakeTerminal())


def offline() -> QWidget:
    """The board while the server is away: what was charted since then is marked as unsent."""
    made = palette.inside(fresh_folder())
    assert made.bench is not None
    desk = made._desk
    assert desk is not None
    measured = ("308-2", "302-2", "301-2")
    for hit in (each for each in patient_search.at_hand(desk).ward if each.bed in measured):
        pulse = VitalSigns(at=desk.now(), heart_rate=Decimal(98), spo2=Decimal(95))
        vital_signs.record(desk, hit.patient, pulse)
    board = made.bench.area.current()
    assert board is not None
    board.activate()
    asked(board.workplace)
    made.show_status(OFFLINE)
    return made


def panel(action: str) -> Callable[[], QWidget]:
    def build() -> QWidget:
        return inside(FakeTerminal())

    return build


def press(action: str) -> Callable[[QWidget], None]:
    return lambda made: made.do(BY_ID[action])  # type: ignore[attr-defined]


def locked() -> QWidget:
    made = inside(FakeTerminal())
    made.lock()
    page = made.findChild(LogInPage)
    settle(until=lambda: page.picked() is not None)
    return made


def damaged() -> QWidget:
    made = window(FakeTerminal())
    made.show_damage(Damaged("damaged-page", pages=(17,)))
    return made


def rescued() -> QWidget:
    """After a PIN has opened the key: the rescue bundle is offered, and asked for."""
    safe = Safe(Path("/var/lib/ward-workstation"), bytes(32), ManualClock(NOW))
    made = window(FakeTerminal(kept=safe))
    made.show_damage(Damaged("damaged-page", pages=(17,)))
    (offer,) = made.findChildren(Rescue)
    offer.form.path.setText("/media/usb")
    offer.offer.click()
    return made


def crash() -> QWidget:
    made = inside(FakeTerminal())
    made.show_crash("7F3A-91C2")
    return made


def set_up() -> QWidget:
    terminal = FakeTerminal(people=())
    made = window(terminal)
    settle()
    page = made.findChild(SetUpPage)
    page.show_wards(terminal.wards)
    return made


def set_up_wrong() -> QWidget:
    made = window(FakeTerminal(people=()))
    settle()
    made.findChild(SetUpPage).show_no_server(Unavailable("not-fhir"))
    return made


def set_up_closed() -> QWidget:
    made = window(FakeTerminal(people=()))
    settle()
    page = made.findChild(SetUpPage)
    page._server.setText("https://fhir.benhvien.example/fhir")
    page.show_no_server(Unavailable("sign-in"))
    return made


def enrolment(known: Enrolment, *, saved: bool = False) -> Callable[[], QWidget]:
    def build() -> QWidget:
        made = inside(FakeTerminal(known=known))
        made.show_status(_STRIPS.get(known.admission, SYNCED))
        made.do(BY_ID["terminal"])
        card = made.findChild(EnrolmentCard)
        settle(until=lambda: card._known is not None)
        if saved:
            card.save_to(Path("device.jwks.json"))
            settle(until=card._copy.isEnabled)
        return made

    return build


_STRIPS = {
    "waiting": replace(SYNCED, link="sign-in", data_as_of=None, unsent=3),
    "unreachable": OFFLINE,
}
WAITING = replace(KNOWN, admission="waiting", wards=(), ward="", problem="sign-in")
SCENES = (
    Scene("shell-log-in", log_in, scales=(125, 150, 200)),
    Scene("shell-log-in-wrong-pin", wrong_pin),
    Scene("shell-locked", locked),
    Scene("shell-set-up", set_up, scales=(150,)),
    Scene("shell-set-up-wrong-server", set_up_wrong),
    Scene("shell-set-up-closed-server", set_up_closed),
    Scene("shell-terminal-waiting", enrolment(WAITING)),
    Scene("shell-terminal-key-saved", enrolment(WAITING, saved=True), scales=(150, 200)),
    Scene("shell-terminal-let-in", enrolment(replace(KNOWN, ward=""))),
    Scene("shell-terminal-known", enrolment(KNOWN)),
    Scene(
        "shell-terminal-unreachable",
        enrolment(replace(KNOWN, admission="unreachable", wards=(), problem="offline")),
    ),
    Scene("shell-settings", settings, scales=(150, 200)),
    Scene("shell-offline", offline, scales=(125, 200)),
    Scene("shell-palette", panel("palette"), settle=press("palette")),
    Scene("shell-keyboard-help", panel("help"), settle=press("help"), scales=(150,)),
    Scene("shell-damaged", damaged),
    Scene("shell-damaged-rescue", rescued),
    Scene("shell-crash", crash),
)
assert PEOPLE
