"""The keys of the board: letters go to the search, arrows to the beds, Space ticks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit

from workstation.ui.screens.ward_board.model import BoardModel

_WALKING: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BoardKeys(QObject):
    """Watches the search and both views."""

    def __init__(
        self,
        search: QLineEdit,
        beds: BoardModel,
        view: Callable[[], QAbstractItemView],
        opened: Callable[[int], None],
    ) -> None:
        """Watch nothing but the search yet; install it on each view.

        Args:
            search: Where typed letters go.
            beds: What the views show.
            view: The view in front.
            opened: Opens the bed in a row.
        """
        super().__init__(search)
        self._search, self._beds, self._view, self._opened = search, beds, view, opened
        search.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key, or leave it to the widget."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        return self._in_search(event) if watched is self._search else self._on_beds(event)

    def _on_beds(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
        elif event.key() == Qt.Key.Key_Space and plain:
            self._tick()
        elif plain and event.text().strip() and event.text().isprintable():
            self._search.setFocus()
            self._search.insert(event.text())
        else:
            return False
        return True

    def _in_search(self, event: QKeyEvent) -> bool:
        row = max(self._view().currentIndex().row(), 0)
        if event.key() == Qt.Key.Key_Escape:
            self._search.clear()
            self._view().setFocus()
        elif event.key() in _WALKING:
            self._view().setFocus()
            self._view().setCurrentIndex(self._beds.index(row, 0))
        elif event.key() in _ENTER:
            self._opened(row)
        else:
            return False
        return True

    def _tick(self) -> None:
        """Tick the person with the cursor and go on to the next."""
        row = self._view().currentIndex().row()
        self._beds.tick(row)
        below = self._beds.index(min(row + 1, self._beds.rowCount() - 1), 0)
        self._view().setCurrentIndex(below)
