"""A curve as small as a word: the shape of a trend beside its newest value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.ui.toolkit import theme

Points = Sequence[tuple[datetime, Decimal]]
Band = tuple[Decimal | None, Decimal | None]


def paint_sparkline(painter: QPainter, area: QRectF, points: Points, band: Band) -> None:
    """Draw the normal band, the curve, and a dot on the newest value.

    Args:
        painter: Where to.
        area: The rectangle to fill.
        points: Time and value, oldest first; fewer than two draw only a dot.
        band: Normal band; None at an end that is open.
    """
    if not points:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inside = area.adjusted(3, 3, -4, -3)
    low, high = _extent(points, band)
    if band != (None, None):
        top = _y(inside, float(band[1]) if band[1] is not None else high, low, high)
        bottom = _y(inside, float(band[0]) if band[0] is not None else low, low, high)
        painter.fillRect(
            QRectF(inside.left(), top, inside.width(), bottom - top), theme.colour("band")
        )
    start, end = points[0][0].timestamp(), points[-1][0].timestamp()
    length = (end - start) or 1.0
    curve = [
        QPointF(
            inside.left() + inside.width() * ((at.timestamp() - start) / length),
            _y(inside, float(value), low, high),
        )
        for at, value in points
    ]
    if len(points) == 1:
        curve[0].setX(inside.right())
    painter.setPen(QPen(theme.colour("curve_1"), theme.px(1.5)))
    painter.drawPolyline(QPolygonF(curve))
    painter.setBrush(theme.colour("curve_1"))
    painter.drawEllipse(curve[-1], theme.px(2.2), theme.px(2.2))
    painter.restore()


def _extent(points: Points, band: Band) -> tuple[float, float]:
    values = [float(value) for _, value in points]
    values += [float(end) for end in band if end is not None]
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 1, high + 1)


def _y(area: QRectF, value: float, low: float, high: float) -> float:
    return area.bottom() - area.height() * (value - low) / (high - low)


class Sparkline(QWidget):
    """A sparkline as a widget."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: Points = ()
        self._band: Band = (None, None)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_trend(self, points: Points, band: Band = (None, None)) -> None:
        """Show a trend, as in `paint_sparkline`."""
        self._points, self._band = points, band
        self.update()

    def sizeHint(self) -> QSize:
        """A word's height."""
        return QSize(theme.px(90), theme.px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        paint_sparkline(QPainter(self), QRectF(self.rect()), self._points, self._band)
