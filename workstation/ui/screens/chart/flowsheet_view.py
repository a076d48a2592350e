"""The flowsheet: one row a sign, one column a set; abnormal by sign, weight and colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workstation.clinical.scores.warning import RED, Scale
from workstation.clinical.vital_signs import Sign
from workstation.kernel.words import tr
from workstation.services.flowsheet import Cell, Column, Flowsheet
from workstation.ui.screens.chart.wording import (
    gaps_text,
    marked,
    risk_shade,
    risk_text,
    sign_name,
    unit,
    value_text,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.badge import paint_score
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.wide_header import WideHeader

Index = QModelIndex | QPersistentModelIndex
COLUMN_ROLE: Final = Qt.ItemDataRole.UserRole
CELL_ROLE: Final = Qt.ItemDataRole.UserRole + 1
ROWS: Final = (
    Sign.RESPIRATORY_RATE,
    Sign.SPO2,
    Sign.OXYGEN_FLOW,
    Sign.SYSTOLIC,
    Sign.DIASTOLIC,
    Sign.HEART_RATE,
    Sign.CONSCIOUSNESS,
    Sign.TEMPERATURE,
    Sign.PAIN,
    Sign.WEIGHT,
)
"""The order of the published NEWS2 chart, then what is not scored. Row 0 is the score itself."""
_GROUNDS: Final = ("surface", "news_low", "news_medium", "news_high")


def rows_of(sheet: Flowsheet) -> tuple[Sign, ...]:
    """The signs of a person's flowsheet: those of `ROWS`, a child's own, and what was measured."""
    extra = (Sign.RESPIRATORY_EFFORT, Sign.CAPILLARY_REFILL, Sign.GLUCOSE, Sign.HEIGHT)
    children = {sign for sign in extra[:2] if sheet.facts.scale is Scale.PEWS}
    return ROWS + tuple(sign for sign in extra if sign in children or sheet.latest(sign))


class FlowsheetModel(QAbstractTableModel):
    """Frozen columns, oldest first; row 0 is the early-warning score, then `rows_of` it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._scale = ""
        self._rows: tuple[Sign, ...] = ROWS

    def replace(self, sheet: Flowsheet) -> None:
        """Show another flowsheet."""
        self.beginResetModel()
        self._columns = sheet.columns
        self._scale = sheet.facts.scale.value
        self._rows = rows_of(sheet)
        self.endResetModel()

    def place_of(self, at: datetime) -> int:
        """The column of a set; -1 when there is none of this time."""
        return next((i for i, column in enumerate(self._columns) if column.at == at), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """The score and each sign."""
        return 0 if parent.isValid() else 1 + len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many sets there are."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Times above, names of signs with their units beside."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            if section == 0:
                return self._scale
            sign = self._rows[section - 1]
            return f"{sign_name(sign)} {unit(sign)}".rstrip()
        if not 0 <= section < len(self._columns):
            return None
        local = self._columns[section].at.astimezone()
        earlier = self._columns[section - 1].at.astimezone() if section else None
        new_day = earlier is None or earlier.date() != local.date()
        return f"{local:%d/%m/%Y}\n{local:%H:%M}" if new_day else f"\n{local:%H:%M}"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, its `Column` for `COLUMN_ROLE`, its `Cell` for `CELL_ROLE`."""
        if not index.isValid():
            return None
        column = self._columns[index.column()]
        if role == COLUMN_ROLE:
            return column
        cell = column.cells.get(self._rows[index.row() - 1]) if index.row() else None
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return _score_text(column) if index.row() == 0 else (marked(cell) if cell else "")
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return _hint(column, cell, index.row())
        return None


def _score_text(column: Column) -> str:
    total = column.score.total
    if total is None:
        return ""
    return str(total) if column.score.complete else f"{total}*"


def _hint(column: Column, cell: Cell | None, row: int) -> str:
    if row == 0:
        parts = [risk_text(column.score), gaps_text(column.score)]
    elif cell is None:
        return tr("Not measured")
    else:
        value = f"{value_text(cell.value)} {unit(cell.sign)}".rstrip()
        scored = tr("{points} points", points=cell.points) if cell.points is not None else ""
        changed = tr("Corrected, see the history") if cell.amended else ""
        unsent = tr("On this terminal only") if cell.unsent else ""
        parts = [f"{sign_name(cell.sign)} {value}", scored, changed, unsent]
    who = f"{moment_text(column.at)} {column.by}".strip()
    return "\n".join([*filter(None, parts), who])


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in the flowsheet that more sets do not move.

    Attributes:
        at: Time of the set (aware).
        row: Its row.
        from_end: How far the view is scrolled back from the newest set, in pixels.
    """

    at: datetime
    row: int
    from_end: int


class _CellDelegate(QStyledItemDelegate):
    """Grounds by points, weight for what is abnormal, a corner for what is unsent."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        area = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        if index.row() == 0:
            self._paint_total(painter, area, index.data(COLUMN_ROLE))
        else:
            self._paint_value(painter, area, index)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_total(self, painter: QPainter, area: QRectF, column: Column) -> None:
        score = column.score
        if score.total is None:
            return
        side = theme.px(4)
        paint_score(
            painter,
            area.adjusted(side, 3, -side, -3),
            str(score.total),
            risk_shade(score.risk),
            complete=score.complete,
        )

    def _paint_value(self, painter: QPainter, area: QRectF, index: Index) -> None:
        cell: Cell | None = index.data(CELL_ROLE)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if cell is None:
            return
        ground = cell.shade
        if ground:
            painter.fillRect(area.adjusted(2, 2, -2, -2), theme.colour(_GROUNDS[ground]))
        abnormal = "↑" in index.data() or "↓" in index.data() or bool(cell.points)
        painter.setFont(theme.font("value" if abnormal else "body"))
        ink = ("text", "on_news", "on_news", "on_news_high")[ground]
        painter.setPen(theme.colour(ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, index.data())
        if cell.shade == RED:
            painter.setPen(QPen(theme.colour("text"), 2))
            painter.drawRect(area.adjusted(3, 3, -3, -3))
        if cell.unsent:
            painter.setBrush(theme.colour("warn"))
            painter.setPen(Qt.PenStyle.NoPen)
            dot = theme.px(5)
            painter.drawEllipse(QRectF(area.right() - dot - 3, area.top() + 3, dot, dot))


class FlowsheetView(QTableView):
    """The flowsheet as a table that is walked by arrow keys; it opens at the newest set."""

    def __init__(self, model: FlowsheetModel, parent: QWidget | None = None) -> None:
        """Show a model.

        Args:
            model: Its sets.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setItemDelegate(_CellDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalHeader(WideHeader(theme.px(86), theme.px(38), self))
        down = self.verticalHeader()
        down.setDefaultSectionSize(theme.px(24))
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setFixedWidth(theme.px(200))
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(tr("Vital signs"))

    def show_newest(self) -> None:
        """Scroll to the newest set and stand on its score."""
        newest = self.model().columnCount() - 1
        if newest >= 0:
            self.setCurrentIndex(self.model().index(0, newest))
            # Only after the layout is it known how far one can scroll.
            QTimer.singleShot(0, self, self._scroll_to_end)

    def standing(self) -> Standing | None:
        """Where the person stands and looks; None without a set."""
        index, across = self.currentIndex(), self.horizontalScrollBar()
        column = index.data(COLUMN_ROLE)
        if column is None:
            return None
        return Standing(column.at, index.row(), across.maximum() - across.value())

    def stand_again(self, place: Standing) -> None:
        """Stand and look where one did before earlier sets came in front."""
        self.setCurrentIndex(self.model().index(place.row, self._model.place_of(place.at)))
        QTimer.singleShot(0, self, partial(self._scroll_to_end, place.from_end))

    @Slot()
    def _scroll_to_end(self, short_of: int = 0) -> None:
        across = self.horizontalScrollBar()
        across.setValue(across.maximum() - short_of)
