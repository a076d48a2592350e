"""Makes the rows of a table as high as their wrapped words need, without holding up the window.

Qt asks for the size of every cell of every row each time that a row or a column changes: half a
second for a stay's orders. Here the rows in sight are measured before they are painted, the others
a few at a time afterwards; and words that surely fit their column need no measuring.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem, QTableView

from workstation.ui.toolkit import theme

_SLICE_S: Final = 0.006
"""How long measuring may keep the window from the next key."""
_AROUND: Final = 24
"""More than a cell has on both sides of its words, in pixels at 100 %."""


class RowHeights(QObject):
    """Keeps the heights of one view's rows.

    Args:
        view: Whose rows; their words are wrapped.
        cell: Words and font role of a cell, by row and column.
        least: Height, in pixels at 100 %, of a row that needs no more: more than one line.
    """

    _asked = Signal()

    def __init__(
        self, view: QTableView, cell: Callable[[int, int], tuple[str, str]], least: int
    ) -> None:
        super().__init__(view)
        self._view, self._cell, self._least = view, cell, least
        self._left: Iterator[int] = iter(())
        self._waits = self._anew = self._stale = False
        header = view.verticalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(theme.px(least))
        header.setDefaultSectionSize(theme.px(least))
        self._rest = QTimer(self, interval=0)
        self._rest.timeout.connect(self._on_rest)
        # Queued: once for all that changes at a time, and still before it is painted.
        self._asked.connect(self._measure, Qt.ConnectionType.QueuedConnection)
        model = view.model()
        model.modelReset.connect(self._on_reset)
        model.dataChanged.connect(self.ask)
        view.horizontalHeader().sectionResized.connect(self.ask)

    @Slot()
    def ask(self) -> None:
        """Measure anew before the next painting."""
        self._rest.stop()
        self._stale = True
        if not self._waits:
            self._waits = True
            self._asked.emit()

    def shown(self) -> None:
        """The view has come into sight: measure what has changed meanwhile."""
        if self._stale:
            self.ask()

    @Slot()
    def _measure(self) -> None:
        self._waits = False
        view, cursor, count = self._view, self._view.currentIndex(), self._view.model().rowCount()
        if not view.isVisible():
            return
        self._stale = False
        seen = view.viewport().rect()
        followed = cursor.isValid() and (self._anew or view.visualRect(cursor).intersects(seen))
        self._anew = False
        self._left = iter(range(count))
        sizes = self._fill(range(max(view.rowAt(0), 0), count), seen.height())
        if followed:
            sizes |= self._fill(range(cursor.row(), -1, -1), seen.height())
            sizes |= self._fill(range(cursor.row(), count), seen.height())
        self._resize(view.verticalHeader(), sizes)
        if followed:
            view.updateGeometries()
            view.scrollTo(cursor)
        self._rest.start()

    @Slot()
    def _on_reset(self) -> None:
        self._anew = True
        self.ask()

    def _fill(self, rows: range, height: int) -> dict[int, int]:
        """Measure as many of some rows as fill a height."""
        sizes: dict[int, int] = {}
        for row in rows:
            if height <= 0:
                break
            sizes[row] = self._height(row)
            height -= sizes[row]
        return sizes

    @Slot()
    def _on_rest(self) -> None:
        until, sizes = time.perf_counter() + _SLICE_S, {}
        while time.perf_counter() < until:
            row = next(self._left, None)
            if row is None:
                self._rest.stop()
                break
            sizes[row] = self._height(row)
        self._resize(self._view.verticalHeader(), sizes)

    def _resize(self, header: QHeaderView, sizes: dict[int, int]) -> None:
        other = {row: size for row, size in sizes.items() if header.sectionSize(row) != size}
        if not other:
            return
        view = self._view
        top, bottom = view.rowAt(0), view.rowAt(view.viewport().height() - 1)
        before = header.blockSignals(True)
        for row, size in other.items():
            header.resizeSection(row, size)
        header.blockSignals(before)
        view.updateGeometries()
        # What grows above the rows in sight must not push them down: the view scrolls by rows.
        header.setOffsetToSectionPosition(view.verticalScrollBar().value())
        if any(top <= row and (row <= bottom or bottom < 0) for row in other):
            view.viewport().update()

    def _height(self, row: int) -> int:
        view, model = self._view, self._view.model()
        heights = [theme.px(self._least)]
        for column in range(model.columnCount()):
            width = view.columnWidth(column)
            if view.itemDelegateForColumn(column) is None:
                words, role = self._cell(row, column)
                if _advance(words, role, theme.scale()) <= width - theme.px(_AROUND):
                    continue
            index = model.index(row, column)
            option = QStyleOptionViewItem()
            view.initViewItemOption(option)
            option.rect = QRect(0, 0, width, heights[0])
            heights.append(view.itemDelegateForIndex(index).sizeHint(option, index).height())
        return max(heights)


@lru_cache(maxsize=4_000)
def _advance(words: str, role: str, _scale: int) -> int:
    """How wide words are in one line; ones of several lines are wider than any column."""
    if "\n" in words:
        return 1 << 20
    return QFontMetrics(theme.font(role)).horizontalAdvance(words)
