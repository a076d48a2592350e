"""Locks the screen when nobody has touched anything for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

_SIGNS_OF_LIFE = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel}
)
_MINUTE_MS = 60_000
REST_MS = 5_000
"""After a sign of life it does not look for the next one at once: each of Qt's events, thousands
while a screen opens, would go through Python. The screen locks so much later than it could."""


class IdleLock(QObject):
    """Watches the whole program for keys and the mouse."""

    def __init__(self, program: QObject, lock: Callable[[], None], parent: QObject) -> None:
        """Wait to be started.

        Args:
            program: The QApplication.
            lock: Locks the screen.
            parent: The owner.
        """
        super().__init__(parent)
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(lock)
        self._program = program
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._look)
        self._look()

    def start(self, minutes: int) -> None:
        """Lock after so many minutes without a sign of life."""
        self.timer.start(minutes * _MINUTE_MS + REST_MS)

    def stop(self) -> None:
        """There is nothing to lock."""
        self.timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there."""
        if event.type() in _SIGNS_OF_LIFE:
            if self.timer.isActive():
                self.timer.start()
            self._program.removeEventFilter(self)
            self._rest.start()
        return super().eventFilter(watched, event)

    @Slot()
    def _look(self) -> None:
        self._program.installEventFilter(self)
