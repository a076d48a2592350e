"""The fluid sheet as a table: kinds down, in above out; the day, its shifts and hours across."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workstation.clinical.fluid_balance import Kind, Row, Totals
from workstation.kernel.words import tr
from workstation.services.fluid_balance_sheet import FluidSheet, Span
from workstation.ui.screens.chart.fluid_balance_words import (
    cell_text,
    gaps_text,
    row_name,
    signed,
    span_text,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.number_entry import number_text

Index = QModelIndex | QPersistentModelIndex
Sum = Literal["in", "out", "balance", "course"]
CELL_ROLE: Final = Qt.ItemDataRole.UserRole
ALWAYS: Final[tuple[Row, ...]] = ((Kind.ORAL, ""), (Kind.IV_INFUSION, ""), (Kind.URINE, ""))
"""Lines that stand there on every sheet, as on paper."""
_DECIMALS: Final = re.compile(r"[.,]\d+")
_DAY, _HOUR, _NAMES, _LINE = 66, 40, 168, 22


@dataclass(frozen=True, slots=True)
class FluidCell:
    """One cell.

    Attributes:
        row: Its line, or which sum.
        span: Its hours.
        hour: Whether it is one hour, and not a shift or the day.
        begun: Whether its time has begun.
        now: Whether the present lies in it.
    """

    row: Row | Sum
    span: Span
    hour: bool
    begun: bool
    now: bool


class FluidGridModel(QAbstractTableModel):
    """One day: lines of what went in, their sum, of what came out, their sum, and the balance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: FluidSheet | None = None
        self._rows: tuple[Row | Sum, ...] = ()
        self._spans: tuple[Span, ...] = ()

    def replace(self, sheet: FluidSheet) -> None:
        """Show another sheet; one of the same shape keeps the cursor where it is."""
        order = list(Kind)
        lines = sorted({*ALWAYS, *sheet.rows}, key=lambda row: (order.index(row[0]), row[1]))
        intake = [row for row in lines if row[0].intake]
        output = [row for row in lines if not row[0].intake]
        rows: tuple[Row | Sum, ...] = (*intake, "in", *output, "out", "balance", "course")
        spans = (sheet.whole, *sheet.shifts, *sheet.hours)
        same = rows == self._rows and len(spans) == len(self._spans)
        if not same:
            self.beginResetModel()
        self._sheet, self._rows, self._spans = sheet, rows, spans
        if same:
            end = self.index(len(rows) - 1, len(spans) - 1)
            self.dataChanged.emit(self.index(0, 0), end)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(spans) - 1)
        else:
            self.endResetModel()

    @property
    def sums(self) -> int:
        """How many columns of sums stand before the hours."""
        return len(self._sheet.shifts) + 1 if self._sheet else 0

    def place_of_now(self) -> int:
        """The column of the present hour, else of the first one."""
        hours = range(self.sums, len(self._spans))
        return next((n for n in hours if self._now(self._spans[n])), self.sums)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Lines and sums."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """The day, its shifts, its hours."""
        return 0 if parent.isValid() else len(self._spans)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Times above, names beside; sums stand out by weight."""
        across = orientation == Qt.Orientation.Horizontal
        if not 0 <= section < (len(self._spans) if across else len(self._rows)):
            return None
        if role == Qt.ItemDataRole.FontRole:
            strong = section < self.sums if across else isinstance(self._rows[section], str)
            return theme.font("strong" if strong else "caption" if across else "body")
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._time(section) if across else _line_name(self._rows[section])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, its `FluidCell` for `CELL_ROLE`, its whole words as a hint."""
        if not index.isValid() or self._sheet is None:
            return None
        row, span = self._rows[index.row()], self._spans[index.column()]
        if role == CELL_ROLE:
            begun = span.start <= self._sheet.now
            return FluidCell(row, span, index.column() >= self.sums, begun, self._now(span))
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            said = self._text(row, index.column()) or "–"
            gaps = gaps_text(span.sums) if isinstance(row, str) else ""
            times = f"{time_text(span.start)}–{time_text(span.end)}"
            return "\n".join(filter(None, (f"{_line_name(row)} {said}", times, gaps)))
        return None

    def _now(self, span: Span) -> bool:
        sheet = self._sheet
        return sheet is not None and span.start <= sheet.now < span.end

    def _time(self, section: int) -> str:
        if section == 0:
            return tr("24 h")
        span = self._spans[section]
        return span_text(span) if section < self.sums else _clock(time_text(span.start))

    def _text(self, row: Row | Sum, column: int) -> str:
        span, sheet = self._spans[column], self._sheet
        if not isinstance(row, str):
            return cell_text(row, span.sums)
        if row == "course":
            return self._course(column)
        if sheet is None or not span.sums:
            return ""
        said = _sum_text(row, span.sums)
        gap = row == "balance" and column < self.sums and not span.sums.complete
        return f"{said}*" if gap else said

    def _course(self, column: int) -> str:
        """The balance since the day began, at the end of a span that has begun."""
        sheet, span = self._sheet, self._spans[column]
        if sheet is None or span.start > sheet.now or not sheet.whole.sums:
            return ""
        hours = (span.end - sheet.whole.start) // timedelta(hours=1)
        return signed(sheet.course[min(hours, len(sheet.course) - 1)][1])


def _clock(text: str) -> str:
    return text.removesuffix(":00")


def _sum_text(row: Sum, sums: Totals) -> str:
    if row == "balance":
        return signed(sums.balance_ml)
    return number_text(sums.intake_ml if row == "in" else sums.output_ml)


def _line_name(row: Row | Sum) -> str:
    if not isinstance(row, str):
        return row_name(row)
    return {
        "in": tr("All in"),
        "out": tr("All out"),
        "balance": tr("Balance"),
        "course": tr("Balance of the day so far"),
    }[row]


def _fitted(painter: QPainter, text: str, width: float) -> str:
    """A number that never loses its sign: smaller, and without what stands after the comma."""
    if painter.fontMetrics().horizontalAdvance(text) <= width:
        return text
    small = theme.font("caption")
    small.setWeight(painter.font().weight())
    painter.setFont(small)
    if painter.fontMetrics().horizontalAdvance(text) > width:
        text = _DECIMALS.sub("", text)
    while painter.fontMetrics().horizontalAdvance(text) > width and small.pixelSize() > 1:
        small.setPixelSize(small.pixelSize() - 1)
        painter.setFont(small)
    return text


def _font(cell: FluidCell, *, total: bool) -> QFont:
    """Sums are strong; of an hour a balance has a sign and more digits, in all of its cells."""
    font = theme.font("strong" if total or not cell.hour else "body")
    if cell.hour and cell.row in ("balance", "course"):
        font.setPixelSize(theme.font("caption").pixelSize())
    return font


class _CellDelegate(QStyledItemDelegate):
    """Sums on a ground of their own, what is to come hatched away, the present hour framed."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        cell: FluidCell = index.data(CELL_ROLE)
        area = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        total = isinstance(cell.row, str)
        painter.save()
        ground = "sunken" if not cell.begun else "hover" if total or not cell.hour else "surface"
        painter.fillRect(area, theme.colour("accent_soft" if cell.now and cell.hour else ground))
        edges = area.adjusted(0, 0, -1, -1)
        painter.setPen(QPen(theme.colour("line" if cell.hour else "border"), 1))
        painter.drawLine(edges.topRight(), edges.bottomRight())
        painter.setPen(QPen(theme.colour("border" if total else "line"), 1))
        painter.drawLine(edges.bottomLeft(), edges.bottomRight())
        painter.setPen(theme.colour("text"))
        inside = area.adjusted(theme.px(1), 0, -theme.px(3), 0)
        painter.setFont(_font(cell, total=total))
        said = _fitted(painter, index.data(), inside.width())
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, side, said)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()


class FluidGrid(QTableView):
    """The sheet, walked by arrow keys.

    Signals:
        opened: Enter or a double click on a cell. arg 0: its `FluidCell`.
        day_wanted: PageUp or PageDown. arg 0: -1 or 1.
        goal_wanted: G.
    """

    opened = Signal(object)
    day_wanted = Signal(int)
    goal_wanted = Signal()

    def __init__(self, model: FluidGridModel, parent: QWidget | None = None) -> None:
        """Show a model.

        Args:
            model: Its day.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._grid = model
        self.setModel(model)
        self.setItemDelegate(_CellDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        across.setMinimumSectionSize(theme.px(20))
        across.setHighlightSections(False)
        down.setMinimumSectionSize(theme.px(_LINE))
        down.setDefaultSectionSize(theme.px(_LINE))
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setFixedWidth(theme.px(_NAMES))
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        down.setHighlightSections(False)
        self.setAccessibleName(tr("Fluids in and out by the hour"))
        self.doubleClicked.connect(self._on_opened)

    def show_now(self) -> None:
        """Give the columns their widths, and stand on the present hour."""
        for column in range(self._grid.columnCount()):
            wide = _DAY if column < self._grid.sums else _HOUR
            self.setColumnWidth(column, theme.px(wide))
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._grid.index(0, self._grid.place_of_now()))
        # Only after the layout is it known how far one can scroll.
        QTimer.singleShot(0, self, self._scroll)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a cell, a page is a day; all else is Qt's."""
        days = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        key = Qt.Key(event.key())
        if key in days:
            self.day_wanted.emit(days[key])
        elif key == Qt.Key.Key_G and not event.modifiers():
            self.goal_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_opened(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @Slot()
    def _scroll(self) -> None:
        self.scrollTo(self.currentIndex())

    @Slot(QModelIndex)
    def _on_opened(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(CELL_ROLE))
