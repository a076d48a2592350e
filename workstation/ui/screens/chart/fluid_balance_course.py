"""The balance of a day as a small curve around zero."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.kernel.words import tr
from workstation.services.fluid_balance_sheet import FluidSheet
from workstation.ui.screens.chart.fluid_balance_words import signed
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import time_text

_TICK: Final = timedelta(hours=4)
_LEAST_ML: Final = 500.0
"""The scale never gets finer than this, so that a cup of tea is no mountain."""


class BalanceCourse(QWidget):
    """The curve from the beginning of the ward's day to now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: FluidSheet | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(200), theme.px(70))

    def show_sheet(self, sheet: FluidSheet) -> None:
        """Show a day."""
        self._sheet = sheet
        last = sheet.course[-1][1]
        self.setAccessibleName(tr("Balance of the day so far {balance} mL", balance=signed(last)))
        self.update()

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(theme.px(420), theme.px(120))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axes, curve and its newest value."""
        if self._sheet is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, foot = theme.px(52), theme.px(18)
        area = QRectF(self.rect()).adjusted(left, theme.px(8), -theme.px(54), -foot)
        most = _reach(self._sheet.course)
        self._paint_axes(painter, area, self._sheet, most)
        if self._sheet.whole.sums:
            self._paint_curve(painter, area, self._sheet, most)

    def _paint_axes(self, painter: QPainter, area: QRectF, sheet: FluidSheet, most: float) -> None:
        painter.setFont(theme.font("caption"))
        for volume in (most, 0.0, -most):
            y = _y(area, volume, most)
            painter.setPen(QPen(theme.colour("line" if volume else "border"), 1))
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, y - theme.px(8), area.left() - theme.px(6), theme.px(16))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, side, signed(Decimal(int(volume))))
        at = sheet.whole.start
        while at <= sheet.whole.end:
            x = _x(area, at, sheet)
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
            painter.setPen(theme.colour("muted"))
            box = QRectF(x - theme.px(24), area.bottom() + theme.px(2), theme.px(48), theme.px(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, time_text(at))
            at += _TICK

    def _paint_curve(self, painter: QPainter, area: QRectF, sheet: FluidSheet, most: float) -> None:
        points = [
            QPointF(_x(area, at, sheet), _y(area, float(ml), most)) for at, ml in sheet.course
        ]
        painter.setPen(QPen(theme.colour("curve_1"), theme.px(2)))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(theme.colour("curve_1"))
        painter.drawEllipse(points[-1], theme.px(3), theme.px(3))
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font("value"))
        at = points[-1] + QPointF(theme.px(8), theme.px(5))
        painter.drawText(at, signed(sheet.course[-1][1]))


def _reach(course: Sequence[tuple[datetime, Decimal]]) -> float:
    """The end of the scale: the next full 500 mL beyond the curve."""
    most = max(abs(float(ml)) for _, ml in course)
    return max(_LEAST_ML, -(-most // _LEAST_ML) * _LEAST_ML)


def _x(area: QRectF, at: datetime, sheet: FluidSheet) -> float:
    share = (at - sheet.whole.start) / (sheet.whole.end - sheet.whole.start)
    return area.left() + area.width() * share


def _y(area: QRectF, volume: float, most: float) -> float:
    return area.center().y() - area.height() / 2 * volume / most
