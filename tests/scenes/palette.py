"""Pictures of the palette over the demo ward: people, a bed with a tab, what cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from tests.gallery import Scene
from tests.kit.demo_ward import demo_desk
from tests.kit.terminal import PEOPLE, PIN, FakeTerminal, fresh_folder, make_window, settle
from workstation.kernel import words
from workstation.security.people import Person
from workstation.services import patient_record, patient_search
from workstation.services.desk import Desk
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.window import Window
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import BY_ID


class DemoTerminal(FakeTerminal):
    """Lets everybody in to the demo's general ward."""

    def __init__(self, folder: Path, person: Person = PEOPLE[0]) -> None:
        super().__init__()
        self.desk = demo_desk(folder / "demo", person)

    def unlock(self, person: object, pin: str) -> Desk:
        del person, pin
        return self.desk


def inside(folder: Path) -> Window:
    """The window on the demo ward, with somebody logged in."""
    terminal = DemoTerminal(folder)
    made = make_window(
        folder, terminal, language=words.language(), theme=theme.name(), scale=theme.scale()
    )
    page = made.findChild(LogInPage)
    settle(until=lambda: page.picked() is not None)
    field = page.findChild(QLineEdit)
    field.setText(PIN)
    field.returnPressed.emit()
    settle(until=lambda: made.bench is not None)
    return made


def ward() -> QWidget:
    made = inside(fresh_folder())
    desk = made._desk
    assert desk is not None
    for hit in patient_search.at_hand(desk).ward[4:7]:
        patient_record.note_opening(desk, hit.patient)
    return made


def typed(text: str) -> Callable[[QWidget], None]:
    def show(made: QWidget) -> None:
        assert isinstance(made, Window)
        made.do(BY_ID["palette"])
        panel = made.bench.palette_panel  # type: ignore[union-attr]
        settle(until=lambda: panel._reading is None)
        panel._typed.setText(text)
        settle(until=lambda: not panel._searching())

    return show


SCENES = (
    Scene("palette-first", ward, settle=typed("")),
    Scene("palette-people", ward, settle=typed("la"), scales=(150,)),
    Scene("palette-bed-and-tab", ward, settle=typed("3012 th")),
    Scene("palette-cannot", ward, settle=typed("ra vien")),
    Scene("palette-nothing", ward, settle=typed("xyzxyz")),
)
