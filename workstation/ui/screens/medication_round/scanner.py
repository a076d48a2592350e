"""The field for the scanner: characters and Enter; it keeps nothing of what it read."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.kernel.words import tr

_BURST_MS: Final = 250
"""Scanners may end with two Enters: the second one must not give what the first one found."""
_REST_MS: Final = 1000
"""After a dose the next one is chosen: the Enter that gave it must not bounce and give that too."""
_WALK: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ScanField(QLineEdit):
    """A line that a scanner, or a person, types into.

    Signals:
        scanned: A code and Enter. arg 0: the code.
        entered: Enter alone: do what is chosen.
        walked: An arrow: choose another line. arg 0: the key.
        left: To the list.
    """

    scanned = Signal(str)
    entered = Signal()
    walked = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Scan wristband or drug"))
        self.setPlaceholderText(tr("Scan wristband or drug"))
        # No input method: it would change letters while the scanner types.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.burst = QTimer(self, singleShot=True)

    def rest(self) -> None:
        """Something was given: Enter gives nothing for a moment."""
        self.burst.start(_REST_MS)

    def take(self, text: str) -> None:
        """Go on with what a scanner began to type elsewhere."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.insert(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ends a code, arrows walk the list."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end()
        elif key in _WALK:
            self.walked.emit(int(key))
        elif key == Qt.Key.Key_Tab or (key == Qt.Key.Key_Right and not self.text()):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _end(self) -> None:
        code = self.text().strip()
        self.clear()
        if code:
            self.burst.start(_BURST_MS)
            self.scanned.emit(code)
        elif not self.burst.isActive():
            self.entered.emit()
