"""Draws the graph of vital signs: axis, normal bands, curves, pressure bars, cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from workstation.clinical.vital_signs import Sign
from workstation.kernel.words import tr
from workstation.services.flowsheet import Column, Flowsheet
from workstation.ui.screens.chart.graph_scale import TimeScale, ValueScale, extent
from workstation.ui.screens.chart.wording import sign_name, unit
from workstation.ui.toolkit import theme


@dataclass(frozen=True, slots=True)
class Strip:
    """One strip: its signs, the stretch it usually shows, its share of the height."""

    signs: tuple[Sign, ...]
    usual: tuple[float, float]
    step: float
    share: float


STRIPS: Final = (
    Strip((Sign.HEART_RATE, Sign.SYSTOLIC, Sign.DIASTOLIC), (40, 180), 40, 1.7),
    Strip((Sign.TEMPERATURE,), (35, 40), 1, 1.2),
    Strip((Sign.RESPIRATORY_RATE,), (8, 32), 8, 0.9),
    Strip((Sign.SPO2,), (84, 100), 4, 0.9),
)
_COLOURS: Final = {Sign.HEART_RATE: "curve_2", Sign.TEMPERATURE: "curve_1"}
LEFT, TOP, AXIS, GAP, RIGHT = 128, 6, 22, 5, 14
_BROKEN_AFTER: Final = timedelta(hours=26)
_LEAST_STEP: Final = 13
"""Pixels between two numbers of a scale."""


class GraphPainter:
    """Draws one picture of the graph."""

    def __init__(
        self,
        painter: QPainter,
        size: QSize,
        sheet: Flowsheet,
        columns: tuple[Column, ...],
        times: TimeScale,
    ) -> None:
        """Take what to draw.

        Args:
            painter: Where to.
            size: Of the whole graph, in pixels.
            sheet: Normal bands.
            columns: The sets in sight.
            times: Where times lie.
        """
        self._painter = painter
        self._size = size
        self._sheet = sheet
        self._columns = columns
        self._times = times

    def paint(self, cursor: Column | None) -> None:
        """Draw everything; `cursor` is the set that the cursor stands on."""
        self._paint_axis()
        for strip, area in self._areas():
            self._paint_strip(strip, area)
        self._paint_cursor(cursor)

    def _areas(self) -> list[tuple[Strip, QRectF]]:
        height = self._size.height() - theme.px(TOP + AXIS) - theme.px(GAP) * (len(STRIPS) - 1)
        total = sum(strip.share for strip in STRIPS)
        top = float(theme.px(TOP))
        areas = []
        for strip in STRIPS:
            part = height * strip.share / total
            width = self._size.width() - theme.px(LEFT) - theme.px(RIGHT)
            areas.append((strip, QRectF(theme.px(LEFT), top, width, part)))
            top += part + theme.px(GAP)
        return areas

    def _paint_axis(self) -> None:
        self._painter.setFont(theme.font("caption"))
        bottom = self._size.height() - theme.px(AXIS)
        for tick in self._times.ticks():
            x = self._times.x(tick)
            midnight = tick.hour == 0
            self._painter.setPen(QPen(theme.colour("border" if midnight else "line"), 1))
            self._painter.drawLine(QPointF(x, theme.px(TOP)), QPointF(x, bottom))
            self._painter.setPen(theme.colour("text" if midnight else "muted"))
            text = f"{tick:%d/%m}" if midnight else f"{tick:%H:%M}"
            box = QRectF(x - 40, bottom + 2, 80, theme.px(AXIS) - 2)
            if box.right() <= self._size.width() + 26:
                self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_strip(self, strip: Strip, area: QRectF) -> None:
        curves = [self._visible(sign) for sign in strip.signs]
        low, high = extent([value for curve in curves for _, value in curve], strip.usual)
        scale = ValueScale(low, high, area.bottom(), area.height())
        self._paint_band(strip.signs[0], area, scale)
        self._painter.setPen(QPen(theme.colour("border"), 1))
        self._painter.drawRect(area)
        self._paint_values(strip, area, scale)
        if Sign.SYSTOLIC in strip.signs:
            self._paint_pressures(scale)
        self._paint_curve(curves[0], strip.signs[0], scale)
        self._paint_name(strip, area)

    def _visible(self, sign: Sign) -> list[tuple[datetime, Decimal]]:
        found = ((column.at, column.vitals.value(sign)) for column in self._columns)
        return [(at, value) for at, value in found if isinstance(value, Decimal)]

    def _paint_band(self, sign: Sign, area: QRectF, scale: ValueScale) -> None:
        curve = self._sheet.curves.get(sign)
        if curve is None or curve.normal is None:
            return
        low, high = curve.normal
        top, bottom = max(scale.y(high), area.top()), min(scale.y(low), area.bottom())
        self._painter.fillRect(
            QRectF(area.left(), top, area.width(), bottom - top), theme.colour("band")
        )

    def _paint_values(self, strip: Strip, area: QRectF, scale: ValueScale) -> None:
        self._painter.setFont(theme.font("caption"))
        value, step = strip.usual[0], strip.step
        while step < scale.high - scale.low and scale.y(0) - scale.y(step) < theme.px(_LEAST_STEP):
            step *= 2
        while value <= scale.high:
            y = scale.y(value)
            if area.top() + 6 <= y <= area.bottom() - 4:
                self._painter.setPen(QPen(theme.colour("line"), 1))
                self._painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
                self._painter.setPen(theme.colour("muted"))
                box = QRectF(area.left() - theme.px(38), y - 9, theme.px(32), 18)
                self._painter.drawText(
                    box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:g}"
                )
            value += step

    def _paint_pressures(self, scale: ValueScale) -> None:
        """Each blood pressure as a bar from diastolic to systolic, as on paper."""
        self._painter.setPen(QPen(theme.colour("curve_1"), theme.px(2)))
        for column in self._columns:
            upper, lower = column.vitals.systolic, column.vitals.diastolic
            if upper is None:
                continue
            x, half = self._times.x(column.at), theme.px(4)
            top = scale.y(upper)
            self._painter.drawLine(QPointF(x - half, top), QPointF(x + half, top))
            if lower is not None:
                bottom = scale.y(lower)
                self._painter.drawLine(QPointF(x, top), QPointF(x, bottom))
                self._painter.drawLine(QPointF(x - half, bottom), QPointF(x + half, bottom))

    def _paint_curve(
        self,
        curve: list[tuple[datetime, Decimal]],
        sign: Sign,
        scale: ValueScale,
    ) -> None:
        colour = theme.colour(_COLOURS.get(sign, "curve_3"))
        self._painter.setPen(QPen(colour, theme.px(1.6)))
        for part in unbroken(curve):
            line = QPolygonF([QPointF(self._times.x(at), scale.y(value)) for at, value in part])
            self._painter.drawPolyline(line)
        self._painter.setBrush(colour)
        self._painter.setPen(QPen(QColor(theme.colour("surface")), 1))
        for at, value in curve:
            self._painter.drawEllipse(
                QPointF(self._times.x(at), scale.y(value)), theme.px(3.2), theme.px(3.2)
            )
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_name(self, strip: Strip, area: QRectF) -> None:
        box = QRectF(theme.px(10), area.top(), theme.px(LEFT - 36), area.height())
        if Sign.SYSTOLIC in strip.signs:
            names = [(tr("● Pulse"), "curve_2"), (tr("I Pressure"), "curve_1")]
        else:
            sign = strip.signs[0]
            words = f"{sign_name(sign)} {unit(sign)}".rstrip()
            names = [(words, _COLOURS.get(sign, "curve_3"))]
        self._painter.setFont(theme.font("caption"))
        line = min(float(theme.px(17)), box.height() / len(names))
        top = box.center().y() - line * len(names) / 2
        for place, (text, token) in enumerate(names):
            self._painter.setPen(theme.colour(token))
            self._painter.drawText(
                QRectF(box.left(), top + place * line, box.width(), line),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                text,
            )

    def _paint_cursor(self, cursor: Column | None) -> None:
        if cursor is None:
            self._painter.setPen(theme.colour("muted"))
            self._painter.setFont(theme.font("body"))
            self._painter.drawText(
                QRectF(0, 0, self._size.width(), self._size.height()),
                Qt.AlignmentFlag.AlignCenter,
                tr("Nothing in this time"),
            )
            return
        x = self._times.x(cursor.at)
        self._painter.setPen(QPen(theme.colour("accent"), 1.5, Qt.PenStyle.DashLine))
        self._painter.drawLine(
            QPointF(x, theme.px(TOP)), QPointF(x, self._size.height() - theme.px(AXIS))
        )


def unbroken(
    curve: list[tuple[datetime, Decimal]],
) -> list[list[tuple[datetime, Decimal]]]:
    """Pieces of a curve without a gap of more than a day: no line is drawn over the unknown."""
    pieces: list[list[tuple[datetime, Decimal]]] = []
    for point in curve:
        if pieces and point[0] - pieces[-1][-1][0] <= _BROKEN_AFTER:
            pieces[-1].append(point)
        else:
            pieces.append([point])
    return pieces
