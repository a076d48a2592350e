"""The field for the scanner: characters and Enter; and the letters of the list beside it.

Neither keeps anything of what was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit.once import held

_BURST_MS: Final = 250
"""Scanners may end with two Enters: the second one must not give what the first one found."""
_REST_MS: Final = 1000
"""After a dose the next one is chosen: the Enter that gave it must not bounce and give that too."""
_APART_MS: Final = 100
"""The characters of a scanner follow each other faster than this, those of a hand do not."""
_ARROWS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_WALK: Final = (*_ARROWS, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


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
            if not held(event):
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


class ListKeys(QObject):
    """Letters act in a list, once nothing has followed them: a code may begin with any of them.

    Signals:
        acted: A letter was pressed by itself. arg 0: what it stands for.
        began: A scanner types. arg 0: what it has typed so far.
        walked: An arrow where no line is chosen yet. arg 0: the key.
    """

    acted = Signal(str)
    began = Signal(str)
    walked = Signal(int)

    def __init__(self, watched: QAbstractItemView, verbs: Mapping[Qt.Key, str]) -> None:
        """Watch a list.

        Args:
            watched: The list.
            verbs: What each letter stands for.
        """
        super().__init__(watched)
        self._list, self._verbs = watched, verbs
        self._held, self._verb = "", ""
        self._apart = QTimer(self, singleShot=True, interval=_APART_MS)
        self._apart.timeout.connect(self._act)
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A letter waits for what follows it; anything else that types is the scanner's."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            return False
        key, text = Qt.Key(event.key()), event.text()
        if held(event) and key not in _WALK:
            return True
        return self._after_a_letter(key, text) if self._held else self._first(key, text)

    def _first(self, key: Qt.Key, text: str) -> bool:
        if key in self._verbs:
            self._held, self._verb = text, self._verbs[key]
            self._apart.start()
        elif text.isalnum():
            self.began.emit(text)
        elif key in _ARROWS and not self._list.currentIndex().isValid():
            self.walked.emit(int(key))
        else:
            return False
        return True

    def _after_a_letter(self, key: Qt.Key, text: str) -> bool:
        if key == Qt.Key.Key_Shift:  # a scanner presses it for each capital
            return False
        self._apart.stop()
        if text.isprintable() and text.strip():
            held, self._held = self._held, ""
            self.began.emit(held + text)
        else:
            self._act()
        return True

    @Slot()
    def _act(self) -> None:
        self._held = ""
        self.acted.emit(self._verb)
