"""Collects Python's garbage on the window's thread alone, so that no widget dies on another.

A circle of references that holds a widget is freed by whichever thread happens to collect; Qt
objects freed on the store or sync thread crash the program.

A collection holds up the window for as long as it looks at objects. What stays until the end
(modules, classes, functions) is therefore taken out of its sight by `settle`. What is new is looked
through in small steps: a second in which the store thread reads much makes 100,000 objects, 50 ms
to look through at once. All is looked through only while nobody would notice.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Slot

STEP_MS: Final = 25
FEW: Final = 1_000
"""So few new objects are left to the next step: a resting program is not looked through."""
ALL_MS: Final = 60_000
"""After so long the whole heap is due to be looked through, at the next rest."""
REST_MS: Final = 2_000
"""A rest: so long no key, no mouse, and nothing asked of the record."""
LATEST_MS: Final = 600_000
"""After so long it is looked through without a rest, so that garbage does not pile up."""
_PRECISE: Final = Qt.TimerType.PreciseTimer
_SIGNS_OF_LIFE: Final = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel}
)


class Collector(QObject):
    """Switches automatic collection off while it lives, and collects by a timer instead."""

    def __init__(self, parent: QObject | None = None, *, all_ms: int = ALL_MS) -> None:
        """Begin.

        Args:
            parent: The owner.
            all_ms: After how many milliseconds all is due.
        """
        super().__init__(parent)
        self._all_ms = all_ms
        self._was_on = gc.isenabled()
        gc.disable()
        self._since = QElapsedTimer()
        self._since.start()
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self.step)
        self._timer.start()
        self.rest = QTimer(self, singleShot=True, interval=REST_MS, timerType=_PRECISE)
        self.rest.timeout.connect(self.collect)

    def settle(self) -> None:
        """Look at nothing any more that is there now: what was just imported stays."""
        gc.freeze()

    @Slot()
    def step(self) -> None:
        """Free what is garbage among the newest objects; wait for a rest when all are due."""
        if gc.get_count()[0] >= FEW:
            gc.collect(0)
        if self._since.hasExpired(LATEST_MS):
            self.collect()
        elif self._since.hasExpired(self._all_ms) and not self.rest.isActive():
            self._watch()

    @Slot()
    def collect(self) -> None:
        """Free all that is garbage."""
        self._watch_no_more()
        gc.collect()
        self._since.restart()

    def put_off(self) -> None:
        """Something is asked of the record: this is no rest."""
        if self.rest.isActive():
            self.rest.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there; only asked while all is due to be looked through."""
        if event.type() in _SIGNS_OF_LIFE:
            self.put_off()
        return super().eventFilter(watched, event)

    def stop(self) -> None:
        """Give collection back to Python; only when no other thread of the program runs."""
        self._timer.stop()
        self._watch_no_more()
        gc.unfreeze()
        if self._was_on:
            gc.enable()

    def _watch(self) -> None:
        self.rest.start()
        program = QCoreApplication.instance()
        if program is not None:
            program.installEventFilter(self)

    def _watch_no_more(self) -> None:
        self.rest.stop()
        program = QCoreApplication.instance()
        if program is not None:
            program.removeEventFilter(self)
