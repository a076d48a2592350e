"""Paints the cumulative table: flags by sign, weight and colour; what is new, foreign, critical."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workstation.services.result_table import Line, Moment, Value
from workstation.ui.screens.chart.results_rows import Heading, Row, line_name, line_range
from workstation.ui.toolkit import theme

Index = QModelIndex | QPersistentModelIndex
_ROW: Final = Qt.ItemDataRole.UserRole
_VALUES: Final = Qt.ItemDataRole.UserRole + 1
_MOMENT: Final = Qt.ItemDataRole.UserRole + 2
NAMES_WIDTH: Final = 300
"""Pixels at 100 % for name, range and unit."""
_RANGE: Final = 140


class ResultDelegate(QStyledItemDelegate):
    """One cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw ground, value, marks, cursor."""
        area = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        if isinstance(index.data(_ROW), Heading):
            painter.fillRect(area, theme.colour("sunken"))
        else:
            self._paint_cell(painter, area, index)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        moment: Moment = index.data(_MOMENT)
        if moment.foreign:
            painter.fillRect(area, theme.colour("warn_soft"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        values: tuple[Value, ...] = index.data(_VALUES)
        if not values:
            return
        value = values[0]
        if value.waits:
            painter.fillRect(area.adjusted(2, 2, -2, -2), theme.colour("news_high"))
        painter.setFont(_font(value))
        painter.setPen(theme.colour(_ink(value)))
        room = int(area.width()) - theme.px(8)
        short = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, short)
        if value.critical and not value.waits:
            painter.setPen(QPen(theme.colour("danger"), 1.5))
            painter.drawRect(area.adjusted(3, 3, -3, -3))
        if value.new:
            _dot(painter, area.left() + 4, area.top() + 4, "accent")
        if value.unsent:
            _dot(painter, area.right() - theme.px(6) - 4, area.top() + 4, "warn")


def _ink(value: Value) -> str:
    if value.waits:
        return "on_news_high"
    if value.void:
        return "muted"
    return "danger" if value.flag else "text"


def _font(value: Value) -> QFont:
    made = QFont(theme.font("value" if value.flag and not value.void else "body"))
    made.setStrikeOut(value.void)
    return made


def _dot(painter: QPainter, x: float, y: float, token: str) -> None:
    painter.setBrush(theme.colour(token))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(QRectF(x, y, theme.px(6), theme.px(6)))


class ResultHeader(QHeaderView):
    """The frozen side: name at the left, range and unit at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setDefaultSectionSize(theme.px(26))
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFixedWidth(theme.px(NAMES_WIDTH))

    def sizeHint(self) -> QSize:
        """As wide as names and ranges need."""
        return QSize(theme.px(NAMES_WIDTH), theme.px(200))

    def paintSection(
        self,
        painter: QPainter,
        rect: QRect,
        logicalIndex: int,  # noqa: N803 - Qt's name
    ) -> None:
        """Draw one row's name and range."""
        row: Row | None = self.model().headerData(logicalIndex, Qt.Orientation.Vertical, _ROW)
        painter.save()
        gap = theme.px(8)
        inside = rect.adjusted(gap, 0, -gap, 0)
        if isinstance(row, Line):
            painter.fillRect(rect, theme.colour("surface"))
            self._paint_line(painter, inside, row)
        elif row is not None:
            painter.fillRect(rect, theme.colour("sunken"))
            _words(painter, inside, row.words, "strong", "text")
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.restore()

    def _paint_line(self, painter: QPainter, inside: QRect, line: Line) -> None:
        wide = theme.px(_RANGE)
        name = inside.adjusted(0, 0, -wide, 0)
        side = QRect(inside.right() - wide, inside.top(), wide, inside.height())
        _words(painter, name, line_name(line), "body", "text")
        _words(painter, side, line_range(line), "caption", "muted")


def _words(painter: QPainter, area: QRect, words: str, role: str, token: str) -> None:
    right = role == "caption"
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.setFont(theme.font(role))
    painter.setPen(theme.colour(token))
    short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, short)
