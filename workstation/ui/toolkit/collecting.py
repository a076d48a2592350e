"""Collects Python's garbage on the window's thread alone, so that no widget dies on another.

A circle of references that holds a widget is freed by whichever thread happens to collect; Qt
objects freed on the store or sync thread crash the program.

A collection holds up the window for as long as it looks at objects. What stays until the end
(modules, classes, functions: nine tenths of all) is therefore taken out of its sight by `settle`:
looking through the rest takes a few milliseconds and not forty.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

YOUNG_MS: Final = 1_000
ALL_EVERY: Final = 60
"""The whole heap is looked through once in so many young collections."""


class Collector(QObject):
    """Switches automatic collection off while it lives, and collects by a timer instead."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rounds = 0
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=YOUNG_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def settle(self) -> None:
        """Look at nothing any more that is there now: what was just imported stays."""
        gc.freeze()

    @Slot()
    def collect(self) -> None:
        """Free what is garbage: mostly the young, from time to time all."""
        self._rounds += 1
        gc.collect(2 if self._rounds % ALL_EVERY == 0 else 1)

    def stop(self) -> None:
        """Give collection back to Python; only when no other thread of the program runs."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()
