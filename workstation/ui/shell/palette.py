"""The command palette (Ctrl+K): every command by its words, without diacritics if one likes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.kernel.folding import fold
from workstation.kernel.words import tr
from workstation.ui.shell.overlay import Overlay
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import ActionSpec
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label

_MOVES = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def matching(actions: Sequence[ActionSpec], typed: str) -> list[ActionSpec]:
    """The actions that have every typed word somewhere in their label or English words."""
    parts = fold(typed).split()
    found = []
    for action in actions:
        text = fold(f"{action.label()} {action.words}")
        if all(part in text for part in parts):
            found.append(action)
    return found


class Palette(Overlay):
    """A field to type in and the commands that match."""

    def __init__(self, over: QWidget, chosen: Callable[[ActionSpec], None]) -> None:
        """Lie hidden over the window.

        Args:
            over: The window's body.
            chosen: Does a command.
        """
        super().__init__(over, 620)
        self._chosen = chosen
        self._actions: tuple[ActionSpec, ...] = ()
        self._typed = QLineEdit()
        self._typed.setPlaceholderText(tr("Type a command…"))
        self._typed.setAccessibleName(tr("Commands"))
        self._model: RowsModel[ActionSpec] = RowsModel(
            (
                Column(tr("Command"), lambda action: action.label()),
                Column(tr("Keys"), lambda action: action.keys(), 130, tone=lambda _: "muted"),
            )
        )
        self._view = RowsView(self._model)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.horizontalHeader().hide()
        self._view.setMinimumHeight(theme.px(306))
        self._none = label(tr("No command has these words."), "caption")
        for widget in (self._typed, self._none, self._view):
            self.box.addWidget(widget)
        self._typed.textChanged.connect(self._on_typed)
        self._typed.installEventFilter(self)
        self._view.opened.connect(self._on_opened)

    def open_with(self, actions: Sequence[ActionSpec]) -> None:
        """Offer these commands."""
        self._actions = tuple(actions)
        self._typed.clear()
        self._on_typed("")
        self.open_at(self._typed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter go to the list while the keys are in the field."""
        if watched is self._typed and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
                self._view.keyPressEvent(event)
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() in _ENTER:
                self._view.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _on_typed(self, typed: str) -> None:
        self._model.replace(matching(self._actions, typed))
        self._none.setVisible(not self._model.rows)
        if self._model.rows:
            self._view.selectRow(0)

    @Slot(object)
    def _on_opened(self, action: ActionSpec) -> None:
        self.put_away()
        self._chosen(action)
