"""Tables of frozen rows: a model over a tuple, and a view with dividers and a clear focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.row_heights import RowHeights

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_LEAST = 150
_NARROWEST = 0.8
"""Down to which share of their widths columns whose words wrap give way before one scrolls."""
ROW_ROLE = Qt.ItemDataRole.UserRole
"""The frozen row itself, for delegates."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column.

    Attributes:
        heading: Translated heading.
        text: The cell's words for a row.
        width: Pixels at 100 %; 0 takes what is left.
        right: Whether numbers stand to the right.
        role: The font role of `theme.SIZES`.
        tone: The token of the cell's colour for a row.
        hint: The tool tip for a row; the text itself when None, so that none is lost by narrowing.
    """

    heading: str
    text: Callable[[Row], str]
    width: int = 0
    right: bool = False
    role: str = "body"
    tone: Callable[[Row], str] | None = None
    hint: Callable[[Row], str] | None = None


class RowsModel(QAbstractTableModel, Generic[Row]):
    """A table of frozen rows, replaced as a whole."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            columns: What each row shows.
            parent: The owner.
        """
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows shown."""
        return self._rows

    def replace(self, rows: Sequence[Row]) -> None:
        """Show other rows; equal numbers of rows keep the selection where it is."""
        rows = tuple(rows)
        if rows == self._rows:
            return
        if len(rows) == len(self._rows):
            self._rows = rows
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1)
            )
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many rows there are; a row has no children."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Headings of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell's words, colour and font, or the row itself for `ROW_ROLE`."""
        dress = _DRESS.get(role)
        if dress is None or not index.isValid():
            return None
        return dress(self._rows[index.row()], self.columns[index.column()])


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


_DRESS: dict[int, Callable[[Any, Column[Any]], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda row, column: column.text(row),
    ROW_ROLE: lambda row, _column: row,
    Qt.ItemDataRole.TextAlignmentRole: lambda _row, column: _alignment(column),
    Qt.ItemDataRole.FontRole: lambda _row, column: theme.font(column.role),
    Qt.ItemDataRole.ForegroundRole: lambda row, column: (
        theme.colour(column.tone(row) or "text") if column.tone else None
    ),
    Qt.ItemDataRole.ToolTipRole: lambda row, column: (column.hint or column.text)(row),
}


class _ToneKept(QStyledItemDelegate):
    """Writes a selected cell in its own tone: what is red stays red under the cursor."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt would take the colour of selected text for all."""
        super().initStyleOption(option, index)
        if not option.state & QStyle.StateFlag.State_Selected:
            return
        tone = index.data(Qt.ItemDataRole.ForegroundRole)
        if tone is not None:
            option.palette.setColor(QPalette.ColorRole.HighlightedText, tone)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Wrapped words keep off the dividers; the style sheet's padding takes of their width."""
        narrow = QStyleOptionViewItem(option)
        narrow.rect.setWidth(option.rect.width() - 2 * theme.px(5))
        return super().sizeHint(narrow, index) + QSize(0, theme.px(8))


class RowsView(QTableView):
    """A table to read and walk by keys: whole rows, dividers, Enter opens.

    Signals:
        opened: Enter or a double click on a row. arg 0: the frozen row.
    """

    opened = Signal(object)

    def __init__(self, model: RowsModel[Any], parent: QWidget | None = None) -> None:
        """Show a model.

        Args:
            model: Its rows.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._rows_model, self._columns = model, tuple(model.columns)
        self._heights: RowHeights | None = None
        self.setModel(model)
        self.setItemDelegate(_ToneKept(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(34))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._set_widths()
        self.doubleClicked.connect(self._on_opened)

    def wrap_rows(self, least: int) -> None:
        """Wrap words that do not fit, instead of cutting them.

        Args:
            least: Height of a row, in pixels at 100 %, that needs no more.
        """
        self.setWordWrap(True)
        self._heights = RowHeights(self, self._cell, least)

    def _cell(self, row: int, column: int) -> tuple[str, str]:
        shown = self._rows_model.columns[column]
        return shown.text(self._rows_model.rows[row]), shown.role

    def showEvent(self, event: QShowEvent) -> None:
        """Rows are not measured while nobody sees them."""
        super().showEvent(event)
        if self._heights is not None:
            self._heights.shown()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column that takes what is left never gets too narrow to be read: then one scrolls."""
        super().resizeEvent(event)
        header, columns = self.horizontalHeader(), self._columns
        if self._narrowed:
            self._set_widths()
        given = [n for n, column in enumerate(columns) if column.width]
        taken = sum(self.columnWidth(n) for n in given)
        least = theme.px(_LEAST) * (len(columns) - len(given))
        room = self.viewport().width()
        wide = room - taken >= least or self._narrow(given, room, taken + least)
        mode = QHeaderView.ResizeMode.Stretch if wide else QHeaderView.ResizeMode.Interactive
        for position in set(range(len(columns))).difference(given):
            header.setSectionResizeMode(position, mode)
            if not wide:
                self.setColumnWidth(position, theme.px(_LEAST))

    def _narrow(self, given: Sequence[int], room: int, needed: int) -> bool:
        """Let wrapping columns give way, each its share; whether all of them fit then."""
        self._narrowed = self._heights is not None and room >= _NARROWEST * needed
        if self._narrowed:
            for position in given:
                if not self.isColumnHidden(position):
                    self.setColumnWidth(position, self.columnWidth(position) * room // needed)
        return self._narrowed

    def _set_widths(self) -> None:
        self._narrowed = False
        for position, column in enumerate(self._columns):
            if column.width:
                self.setColumnWidth(position, theme.px(column.width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row; all else is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_opened(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_opened(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ROW_ROLE))
