"""Log-in and lock: who are you, and your PIN; it works offline and says how old the data is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.shell import pin_pad
from workstation.ui.shell.page_head import page_head
from workstation.ui.shell.person_tile import PersonTile, role_word
from workstation.ui.shell.pin_pad import PinPad
from workstation.ui.shell.terminal import Front
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import age_text, moment_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, card, label, set_property

if TYPE_CHECKING:
    from workstation.kernel.ids import PersonId
    from workstation.security.people import Person

_STEPS: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_TWO_COLUMNS_NEED_WIDTH = 1000
_PAD_NEEDS_HEIGHT = 600
"""Pixels at 100 %."""


class LogInPage(QWidget):
    """Tiles of people on the left, PIN on the right."""

    def __init__(
        self,
        entered: Callable[[PersonId, str], None],
        switch_language: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Start without people.

        Args:
            entered: Gets who wants to enter and what they typed.
            switch_language: Changes the language of the program.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._entered = entered
        self._tiles: list[PersonTile] = []
        self._wait_until = 0
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._on_tick)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.px(28), theme.px(20), theme.px(28), theme.px(20))
        self._ward, self._age = label("", "title"), label("", "body", "muted")
        whole.addLayout(page_head(self._ward, self._age, switch_language))
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(20))
        middle.addStretch(1)
        middle.addWidget(self._people_card(), 6)
        middle.addWidget(self._pin_card(), 4)
        middle.addStretch(1)
        whole.addStretch(2)
        whole.addLayout(middle)
        whole.addStretch(3)

    def show_front(self, front: Front, now: datetime, locked_by: PersonId | None = None) -> None:
        """Show who may enter and how old the data is.

        Args:
            front: What is known before log-in.
            now: The present.
            locked_by: Who locked the screen; they are picked already.
        """
        self._ward.setText(front.ward or tr("No ward chosen yet"))
        self._age.setText(_age(front, now))
        for tile in self._tiles:
            tile.deleteLater()
        self._tiles = []
        for person in front.people:
            tile = PersonTile(person)
            tile.clicked.connect(self._on_picked)
            self._tiles.append(tile)
        self._arrange()
        first = self._tiles[0] if self._tiles else None
        self._pick(next((t for t in self._tiles if t.person.id == locked_by), first))
        self._title.setText(tr("Locked: enter your PIN") if locked_by else tr("Who is working?"))

    def focus_pin(self) -> None:
        """Put the keys where the PIN is typed."""
        self._pin.setFocus()

    def show_busy(self, *, busy: bool) -> None:
        """Say that the record is being opened."""
        self._pin.setEnabled(not busy)
        self._enter.setEnabled(not busy)
        self._enter.setText(tr("Opening…") if busy else tr("Log in"))

    def show_refusal(self, error: WorkstationError) -> None:
        """Say why nobody was let in; a delay counts down and holds the button."""
        self.show_busy(busy=False)
        self._pin.clear()
        self._note.say(error)
        set_property(self._pin, "state", "invalid")
        seconds = error.data.get("seconds", 0)
        self._wait_until = round(seconds) if isinstance(seconds, int | float) else 0
        if self._wait_until > 0:
            self._enter.setEnabled(False)
            self._timer.start()
        self._pin.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The PIN has the keys; the arrows that it has no use for pick the next person."""
        step, now = _STEPS.get(event.key()), self.picked()
        if step is None or now is None or not self._pin.isEnabled():
            super().keyPressEvent(event)
        else:
            self._pick(self._tiles[(_people(self._tiles).index(now) + step) % len(self._tiles)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room tiles stand in one column and the keyboard is enough."""
        super().resizeEvent(event)
        self._keys.setVisible(self.height() >= theme.px(_PAD_NEEDS_HEIGHT))
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= theme.px(_TWO_COLUMNS_NEED_WIDTH) else 1
        for number, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, number // columns, number % columns)

    def picked(self) -> Person | None:
        """Who is picked."""
        return next((tile.person for tile in self._tiles if tile.isChecked()), None)

    def _people_card(self) -> QWidget:
        self._title = label("", "heading")
        inside = QWidget()
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(0, 0, theme.px(4), 0)
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(10))
        outer.addLayout(self._grid)
        outer.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        hint = label(
            tr("Arrows pick a person, then type the PIN and press Enter."), "caption", wrap=True
        )
        made = card(self._title, scroll, hint, margin=20)
        made.setMinimumWidth(theme.px(290))
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        return made

    def _pin_card(self) -> QWidget:
        self._name = label("", "heading")
        self._role = label("", "body", "muted")
        self._pin = QLineEdit()
        self._pin.setEchoMode(QLineEdit.EchoMode.Password)
        self._pin.setAccessibleName(tr("PIN or password"))
        self._pin.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pin.setFont(theme.font("heading"))
        self._pin.returnPressed.connect(self._on_enter)
        self._pin.textEdited.connect(self._on_edited)
        self._note = FieldNote()
        self._note.setMinimumHeight(theme.px(34))
        self._keys = PinPad(self._on_pad)
        self._enter = button(tr("Log in"), self._on_enter, kind="primary", symbol="forward")
        made = card(
            self._name, self._role, label(tr("PIN or password"), "caption"), self._pin, self._note,
            self._keys, self._enter, margin=20, spacing=8,
        )  # fmt: skip
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.setMaximumWidth(theme.px(380))
        made.setMinimumWidth(theme.px(280))
        return made

    def _pick(self, tile: PersonTile | None) -> None:
        self._pin.clear()
        self._on_edited("")
        self._pin.setEnabled(tile is not None)
        self._enter.setEnabled(tile is not None)
        if tile is None:
            self._name.setText("")
            self._role.setText("")
            return
        tile.setChecked(True)
        self._name.setText(tile.person.name)
        self._role.setText(role_word(tile.person.role))
        self._pin.setFocus()

    @Slot()
    def _on_picked(self) -> None:
        self._pick(next((tile for tile in self._tiles if tile.isChecked()), None))

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        set_property(self._pin, "state", "")
        if not self._timer.isActive():
            self._note.say(None)

    def _on_pad(self, key: str) -> None:
        if key == pin_pad.ENTER:
            self._on_enter()
        elif key == pin_pad.DELETE:
            self._pin.backspace()
        else:
            self._pin.insert(key)
        self._pin.setFocus()

    @Slot()
    def _on_enter(self) -> None:
        person = self.picked()
        if person is None or not self._pin.text() or not self._enter.isEnabled():
            return
        self.show_busy(busy=True)
        self._entered(person.id, self._pin.text())

    @Slot()
    def _on_tick(self) -> None:
        self._wait_until -= 1
        if self._wait_until > 0:
            self._note.say(Refused("wait", seconds=self._wait_until))
            return
        self._timer.stop()
        self._note.say(None)
        self._enter.setEnabled(self.picked() is not None)


def _people(tiles: list[PersonTile]) -> list[Person]:
    return [tile.person for tile in tiles]


def _age(front: Front, now: datetime) -> str:
    if front.data_as_of is None:
        return tr("No data from the server yet")
    words = tr(
        "Data as of {time} ({age})",
        time=moment_text(front.data_as_of),
        age=age_text(now - front.data_as_of),
    )
    return f"{words} · {tr('{count} unsent', count=front.unsent)}" if front.unsent else words
