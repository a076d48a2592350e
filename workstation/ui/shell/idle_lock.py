"""Locks the screen when nobody has touched anything for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer

_SIGNS_OF_LIFE = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel}
)
_MINUTE_MS = 60_000


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
        program.installEventFilter(self)

    def start(self, minutes: int) -> None:
        """Lock after so many minutes without a sign of life."""
        self.timer.start(minutes * _MINUTE_MS)

    def stop(self) -> None:
        """There is nothing to lock."""
        self.timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there."""
        if event.type() in _SIGNS_OF_LIFE and self.timer.isActive():
            self.timer.start()
        return super().eventFilter(watched, event)
