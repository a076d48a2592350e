"""A quiet word about what was just done, with a way back for some seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import button, label

STAYS_MS = 8000
"""Five to ten seconds: long enough to read and reach for Undo."""


class Toast(QFrame):
    """One at a time, at the bottom of the widget it lies on."""

    def __init__(
        self, over: QWidget, clear_of: Callable[[], Iterable[QWidget | None]] = tuple
    ) -> None:
        """Lie hidden over a widget.

        Args:
            over: The widget to lie on, usually the window's body.
            clear_of: What at its foot must stay legible: the toast lies above all of it.
        """
        super().__init__(over)
        self._clear_of = clear_of
        self._over = over
        self._undo: Callable[[], None] | None = None
        self.setProperty("toast", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._words = label("")
        self._button = button(tr("Undo"), self._on_undo, kind="bar", symbol="undo", hint="Ctrl+Z")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(8), theme.px(10), theme.px(8))
        row.setSpacing(theme.px(14))
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._timer = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._timer.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Show a text for some seconds.

        Args:
            text: Translated words.
            undo: Takes it back; None when there is no way back.
        """
        self._undo = undo
        self._words.setText(text)
        self._button.setVisible(undo is not None)
        self.show()
        self._place()
        self.raise_()
        self._timer.start()

    def undo(self) -> bool:
        """Take the last thing back, if its toast still shows; whether it did."""
        if self._undo is None or not self.isVisible():
            return False
        self._on_undo()
        return True

    def words(self) -> str:
        """What it says now; empty when it does not show."""
        return "" if self.isHidden() else self._words.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the widget below."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    @Slot()
    def _on_undo(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()

    def _place(self) -> None:
        self.adjustSize()
        left = (self._over.width() - self.width()) // 2
        feet = [each for each in self._clear_of() if each is not None and each.isVisible()]
        tops = [each.mapTo(self._over, QPoint(0, 0)).y() for each in feet]
        floor = min((self._over.height(), *tops))
        self.move(max(left, 0), max(floor - self.height() - theme.px(12), 0))
