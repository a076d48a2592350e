"""Collects Python's garbage on the window's thread alone, so that no widget dies on another.

A circle of references that holds a widget is freed by whichever thread happens to collect; Qt
objects freed on the store or sync thread crash the program.
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

    @Slot()
    def collect(self) -> None:
        """Free what is garbage: mostly the young, from time to time all."""
        self._rounds += 1
        gc.collect(2 if self._rounds % ALL_EVERY == 0 else 1)

    def stop(self) -> None:
        """Give collection back to Python; only when no other thread of the program runs."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
