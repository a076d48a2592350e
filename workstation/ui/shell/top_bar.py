"""The bar at the window's head: where one can go, who is logged in, and the lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from workstation.kernel.words import tr
from workstation.ui.shell.person_tile import role_word
from workstation.ui.shell.screens import SCREENS
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import BY_ID, ActionSpec
from workstation.ui.toolkit.icons import icon
from workstation.ui.toolkit.widgets.text import button, label

if TYPE_CHECKING:
    from workstation.security.people import Person

_PLACES = (
    "ward_board",
    "vital_signs_round",
    "ward_tasks",
    "handover",
    "patient_search",
    "sync_centre",
)


class TopBar(QWidget):
    """Dark, one line; what does not fit is still in the command palette."""

    def __init__(
        self,
        person: Person,
        ward: str,
        chosen: Callable[[ActionSpec], None],
        parent: QWidget | None = None,
    ) -> None:
        """Show who is logged in.

        Args:
            person: Who.
            ward: Name of the ward.
            chosen: Does an action.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._chosen = chosen
        self.setProperty("ground", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(6), theme.px(10), theme.px(6))
        row.setSpacing(theme.px(4))
        place = label(ward, "heading")
        row.addWidget(place)
        row.addSpacing(theme.px(14))
        there = [each for each in _PLACES if each in SCREENS]
        self._places = {each: self._button(each, checkable=True) for each in there}
        for made in self._places.values():
            row.addWidget(made)
        row.addStretch(1)
        self._savings = self._right_side(person, place)

    def mark(self, screen_id: str) -> None:
        """Show which place is in front."""
        for each, made in self._places.items():
            made.setChecked(each == screen_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Save room until all fits, by what is least needed first; name and lock always stay."""
        super().resizeEvent(event)
        for save in self._savings:
            save(False)
        for save in self._savings:
            if self._row.sizeHint().width() <= self.width():
                break
            save(True)

    def _right_side(self, person: Person, place: QLabel) -> tuple[Callable[[bool], None], ...]:
        """Who and the lock.

        Returns:
            How room is saved (True) or given back, least needed first. Role and ward then stand
            in the name's tool tip; a button keeps its icon.
        """
        commands, settings = self._button("palette"), self._button("settings", checkable=True)
        self._places["settings"] = settings
        name = label(person.name, "strong")
        role = label(role_word(person.role), "caption", "muted")
        name.setToolTip(" · ".join((person.name, role.text(), place.text())))
        lock = self._button("lock")
        for widget in (commands, settings, name, role, lock):
            self._row.addWidget(widget)
        self._row.insertSpacing(self._row.indexOf(name), theme.px(8))
        self._row.insertSpacing(self._row.indexOf(lock), theme.px(6))
        places = [made for each, made in reversed(self._places.items()) if each in _PLACES]
        return (
            _hiding(role),
            *(_wordless(made) for made in (commands, settings, *places)),
            _hiding(place),
            _wordless(lock),
        )

    def _button(self, action_id: str, *, checkable: bool = False) -> QPushButton:
        action = BY_ID[action_id]
        made = button(
            tr(action.words), lambda: self._on_chosen(action), hint=action.shortcut, kind="bar",
            symbol=action.icon,
        )  # fmt: skip
        made.setCheckable(checkable)
        if checkable:
            both = icon(action.icon, "on_bar")
            both.addPixmap(icon(action.icon, "bar").pixmap(64, 64), both.Mode.Normal, both.State.On)
            made.setIcon(both)
        return made

    def _on_chosen(self, action: ActionSpec) -> None:
        self._chosen(action)


def _hiding(widget: QWidget) -> Callable[[bool], None]:
    return lambda saving: widget.setVisible(not saving)


def _wordless(made: QPushButton) -> Callable[[bool], None]:
    """Leave a button its icon; its words stay for the tool tip and for screen readers."""
    words = made.text()
    made.setAccessibleName(words)
    made.setToolTip(f"{words} ({made.toolTip()})")
    return lambda saving: made.setText("" if saving else words)
