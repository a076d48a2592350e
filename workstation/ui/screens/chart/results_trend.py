"""The trend of one analyte: our values joined, those of others apart, over the reference band."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from workstation.clinical.results import series
from workstation.kernel.words import tr
from workstation.services.result_table import Line, Value
from workstation.ui.screens.chart.graph_scale import TimeScale, ValueScale
from workstation.ui.screens.chart.results_rows import line_name
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.result_words import flagged_text, measured_text, unit_text
from workstation.ui.toolkit.widgets.number_entry import number_text

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 26, 22
_LEAST_SPAN: Final = timedelta(hours=12)
_LABELLED: Final = 12
"""Up to so many points each says its value."""

Point = tuple[Value, Decimal]


class ResultTrend(QWidget):
    """Draws one line of the table; it takes no keys, the table's cursor is its cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line: Line | None = None
        self._current: Value | None = None
        self._points: tuple[Point, ...] = ()
        self.setMinimumHeight(theme.px(110))

    def sizeHint(self) -> QSize:
        """Low and wide."""
        return QSize(theme.px(620), theme.px(170))

    def show_line(self, line: Line | None, current: Value | None) -> None:
        """Show an analyte, with a ring round one value."""
        self._line, self._current = line, current
        self._points = tuple(_points(line)) if line else ()
        self.setAccessibleName(tr("Trend of {name}", name=line_name(line)) if line else "")
        self.setAccessibleDescription(
            ", ".join(flagged_text(value, value.flag) for value, _ in self._points)
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw band, axes, curve, values."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("surface"))
        line = self._line
        if line is None:
            return
        title = f"{line_name(line)} ({unit_text(line.newest.unit)})".replace(" ()", "")
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("text"))
        painter.drawText(QPointF(theme.px(8), theme.px(18)), title)
        if not self._points:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.colour("muted"))
            area = QRectF(self.rect())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("No numbers to draw"))
            return
        self._paint(painter, line)

    def _paint(self, painter: QPainter, line: Line) -> None:
        times, values = self._times(), self._values(line)
        self._paint_band(painter, line, times, values)
        self._paint_axes(painter, times, values)
        own = [point for point in self._points if not point[0].foreign]
        curve = [QPointF(times.x(_at(value)), values.y(number)) for value, number in own]
        painter.setPen(QPen(theme.colour("curve_1"), theme.px(1.6)))
        painter.drawPolyline(QPolygonF(curve))
        for value, number in self._points:
            self._paint_point(painter, QPointF(times.x(_at(value)), values.y(number)), value)

    def _paint_point(self, painter: QPainter, at: QPointF, value: Value) -> None:
        size = theme.px(3.2)
        token = "danger" if value.flag else "curve_1"
        painter.setPen(QPen(theme.colour(token), theme.px(1.6)))
        if value.foreign:
            painter.setBrush(theme.colour("surface"))
            painter.drawRect(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size))
        else:
            painter.setBrush(theme.colour(token))
            painter.drawEllipse(at, size, size)
        if value is self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawEllipse(at, 2 * size, 2 * size)
        if len(self._points) <= _LABELLED or value is self._current:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("text"))
            words = flagged_text(value, value.flag)
            if self._line is not None and value.unit != self._line.newest.unit:
                words = measured_text(value, value.flag)
            wide = painter.fontMetrics().horizontalAdvance(words)
            x = min(max(at.x() - wide / 2, theme.px(_LEFT) + 2.0), self.width() - wide - 2.0)
            painter.drawText(QPointF(x, at.y() - 2.4 * size), words)

    def _paint_band(
        self, painter: QPainter, line: Line, times: TimeScale, values: ValueScale
    ) -> None:
        newest = line.newest
        if newest.low is None and newest.high is None:
            return
        top = values.y(newest.high) if newest.high is not None else values.y(values.high)
        bottom = values.y(newest.low) if newest.low is not None else values.y(values.low)
        band = QRectF(times.left, top, times.width, bottom - top)
        painter.fillRect(band, theme.colour("band"))

    def _paint_axes(self, painter: QPainter, times: TimeScale, values: ValueScale) -> None:
        painter.setFont(theme.font("caption"))
        bottom = values.bottom + theme.px(6)
        for tick in times.ticks():
            x = times.x(tick)
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(x, theme.px(_TOP)), QPointF(x, bottom))
            painter.setPen(theme.colour("muted"))
            words = f"{tick:%d/%m}" if tick.hour == 0 else f"{tick:%H:%M}"
            painter.drawText(QPointF(x + 3, bottom + theme.px(12)), words)
        painter.setPen(theme.colour("muted"))
        line = self._line
        ends = (line.newest.low, line.newest.high) if line else ()
        for end in ends:
            if end is not None:
                area = QRectF(0, values.y(end) - theme.px(9), times.left - 6, theme.px(18))
                side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(area, side, number_text(end))

    def _times(self) -> TimeScale:
        moments = [_at(value) for value, _ in self._points]
        first, last = min(moments), max(moments).astimezone()
        spare = max((last - first) * 0.04, timedelta(minutes=30))
        if last - first < _LEAST_SPAN:
            spare = (_LEAST_SPAN - (last - first)) / 2
        left = theme.px(_LEFT)
        wide = max(self.width() - left - theme.px(_RIGHT), 10)
        return TimeScale(first - spare, last + spare, left, wide)

    def _values(self, line: Line) -> ValueScale:
        numbers = [float(number) for _, number in self._points]
        ends = (line.newest.low, line.newest.high)
        numbers += [float(end) for end in ends if end is not None]
        low, high = min(numbers), max(numbers)
        spare = (high - low) * 0.14 or abs(high) * 0.1 or 1.0
        bottom = self.height() - theme.px(_BOTTOM) - theme.px(6)
        top = theme.px(_TOP) + theme.px(8)
        return ValueScale(low - spare, high + spare, bottom, max(bottom - top, 10))


def _points(line: Line) -> Sequence[Point]:
    """The values that can be drawn in the unit of the newest, oldest first."""
    cells = [each for values in line.values.values() for each in values]
    usable = [
        each for each in cells if each.value is not None and each.at is not None and not each.void
    ]
    usable.sort(key=_at)
    pairs = [(each.value or Decimal(0), each.unit) for each in usable]
    drawn = series(line.analyte, pairs, line.newest.unit)
    return [
        (each, number) for each, number in zip(usable, drawn, strict=True) if number is not None
    ]


def _at(value: Value) -> datetime:
    if value.at is None:
        raise ValueError(value.observation)
    return value.at
