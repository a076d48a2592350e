"""The graph of vital signs: strips below each other on one time axis, with normal bands.

Left and Right move a cursor from set to set and say its values; Home and End go to the ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from workstation.services.flowsheet import Column, Flowsheet
from workstation.ui.screens.chart.graph_paint import LEFT, RIGHT, GraphPainter
from workstation.ui.screens.chart.graph_scale import TimeScale, nearest
from workstation.ui.screens.chart.wording import reading_line
from workstation.ui.toolkit import theme

_LEAST_HOURS: Final = 6
_ROOMY: Final = 125
"""Per cent up to which there is room for a graph that tells more than a trend."""


class VitalsGraph(QWidget):
    """The graph.

    Signals:
        cursor_moved: The cursor stands on another set. arg 0: its `Column`.
    """

    cursor_moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: Flowsheet | None = None
        self._columns: tuple[Column, ...] = ()
        self._span: timedelta | None = timedelta(days=3)
        self._now: datetime | None = None
        self._cursor = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(theme.px(150 if theme.scale() <= _ROOMY else 120))

    def show_sheet(self, sheet: Flowsheet, now: datetime) -> None:
        """Show every set of a patient, up to a moment (aware)."""
        self._sheet, self._now = sheet, now
        self._choose()

    def show_span(self, span: timedelta | None) -> None:
        """Show so much of the time before now; all of it when None."""
        self._span = span
        self._choose()

    @property
    def current(self) -> Column | None:
        """The set that the cursor stands on."""
        return self._columns[self._cursor] if self._columns else None

    def point_at(self, at: datetime) -> None:
        """Put the cursor on the set nearest to a time."""
        if self._columns:
            self._go(nearest([column.at for column in self._columns], at))

    def sizeHint(self) -> QSize:
        """As wide as it may be."""
        return QSize(theme.px(900), theme.px(330))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor."""
        last = len(self._columns) - 1
        moves = {
            Qt.Key.Key_Left: self._cursor - 1,
            Qt.Key.Key_Right: self._cursor + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        goal = moves.get(Qt.Key(event.key()))
        if goal is None or not self._columns:
            super().keyPressEvent(event)
        else:
            self._go(min(max(goal, 0), last))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the cursor on the set nearest to the click."""
        if self._columns:
            times = self._times()
            share = (event.position().x() - times.left) / times.width
            self.point_at(times.start + (times.end - times.start) * share)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axis, strips, curves, cursor."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("surface"))
        if self._sheet is None or self._now is None:
            return
        times = self._times()
        GraphPainter(painter, self.size(), self._sheet, self._columns, times).paint(self.current)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _choose(self) -> None:
        if self._sheet is None or self._now is None:
            return
        since = None if self._span is None else self._now - self._span
        self._columns = tuple(
            column for column in self._sheet.columns if since is None or column.at >= since
        )
        self._cursor = len(self._columns) - 1
        self._tell()

    def _go(self, place: int) -> None:
        self._cursor = place
        self._tell()

    def _tell(self) -> None:
        self.update()
        if self._columns:
            column = self._columns[self._cursor]
            self.setAccessibleDescription(reading_line(column.vitals))
            self.cursor_moved.emit(column)

    def _times(self) -> TimeScale:
        now = self._now
        assert now is not None  # noqa: S101 - only called with a sheet
        first = self._columns[0].at if self._columns else now
        start = first - timedelta(hours=1) if self._span is None else now - self._span
        end = max(now, self._columns[-1].at if self._columns else now).astimezone(now.tzinfo)
        start = min(start, end - timedelta(hours=_LEAST_HOURS))
        left = theme.px(LEFT)
        return TimeScale(start, end, left, max(self.width() - left - theme.px(RIGHT), 10))
