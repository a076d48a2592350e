"""The cumulative table: a row an analyte, a column a sample, the newest at the right.

Time runs to the right as in the flowsheet and in every graph of the chart, so that a fall is never
read as a rise; it opens at the newest. Names and ranges stand still at the left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from workstation.kernel.words import tr
from workstation.services.result_table import Line, Moment, ResultTable, Value
from workstation.ui.screens.chart.results_paint import ResultDelegate, ResultHeader
from workstation.ui.screens.chart.results_rows import Heading, Row, cell_text, hint, row_words
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.result_words import panel_name
from workstation.ui.toolkit.widgets.wide_header import WideHeader

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = Qt.ItemDataRole.UserRole
VALUES_ROLE: Final = Qt.ItemDataRole.UserRole + 1
MOMENT_ROLE: Final = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the cursor stands: a row and perhaps a value."""

    line: Line
    value: Value | None


class ResultsModel(QAbstractTableModel):
    """Rows by panel, columns by time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._moments: tuple[Moment, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Headings and lines as they stand."""
        return self._rows

    def replace(self, table: ResultTable, panel: str) -> None:
        """Show a table, of one panel or (empty) of all; columns without a value are left out."""
        rows: list[Row] = []
        for group in table.panels:
            lines = [line for line in table.lines if line.panel == group.id]
            if lines and panel in ("", group.id):
                rows += [Heading(panel_name(group)), *lines]
        used = {moment for row in rows if isinstance(row, Line) for moment in row.values}
        self.beginResetModel()
        self._rows = tuple(rows)
        self._moments = tuple(moment for moment in table.moments if moment in used)
        self.endResetModel()

    def find(self, observation: str) -> tuple[int, int] | None:
        """Row and column of a result."""
        for number, row in enumerate(self._rows):
            for moment, values in row.values.items() if isinstance(row, Line) else ():
                if any(value.observation == observation for value in values):
                    return number, self._moments.index(moment)
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Headings and analytes."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many samples there are."""
        return 0 if parent.isValid() else len(self._moments)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is walked over."""
        if index.isValid() and isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Times above; the row itself at the left, for its painter.

        A header may ask for a section that there was before the table was replaced.
        """
        down = orientation == Qt.Orientation.Vertical
        if not 0 <= section < len(self._rows if down else self._moments):
            return None
        if down:
            row = self._rows[section]
            told: dict[int, Any] = {ROW_ROLE: row, Qt.ItemDataRole.DisplayRole: row_words(row)}
            return told.get(role)
        moment = self._moments[section]
        said: dict[int, Any] = {MOMENT_ROLE: moment, Qt.ItemDataRole.ToolTipRole: moment.foreign}
        return _moment_words(moment) if role == Qt.ItemDataRole.DisplayRole else said.get(role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, its values for `VALUES_ROLE`, its row for `ROW_ROLE`."""
        if not index.isValid():
            return None
        row, moment = self._rows[index.row()], self._moments[index.column()]
        if role in (ROW_ROLE, MOMENT_ROLE):
            return row if role == ROW_ROLE else moment
        if isinstance(row, Heading):
            return () if role == VALUES_ROLE else None
        values = row.values.get(moment, ())
        told = _TOLD.get(role)
        return None if told is None else told(row, values)


def _hints(row: Line, values: Sequence[Value]) -> str:
    return "\n\n".join(hint(row, each) for each in values)


_TOLD: Final[dict[int, Callable[[Line, Sequence[Value]], Any]]] = {
    VALUES_ROLE: lambda _row, values: values,
    Qt.ItemDataRole.DisplayRole: cell_text,
    Qt.ItemDataRole.ToolTipRole: _hints,
    Qt.ItemDataRole.AccessibleTextRole: _hints,
}


def _moment_words(moment: Moment) -> str:
    """Day, time, and that it was made elsewhere."""
    where = f"\n{tr('Elsewhere')}" if moment.foreign else ""
    if moment.at is None:
        return f"{tr('Unknown')}{where}"
    local = moment.at.astimezone()
    return f"{local:%d/%m/%Y}\n{local:%H:%M}{where}"


class ResultsView(QTableView):
    """The table, walked by arrow keys.

    Signals:
        moved: The cursor stands elsewhere. arg 0: the `Spot`, or None.
        key: A plain letter key that is no walking. arg 0: Qt's key.
    """

    moved = Signal(object)
    key = Signal(int)

    def __init__(self, model: ResultsModel, parent: QWidget | None = None) -> None:
        """Show a model.

        Args:
            model: Its rows and columns.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._results = model
        self.setModel(model)
        self.setItemDelegate(ResultDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalHeader(ResultHeader(self))
        self.setHorizontalHeader(WideHeader(theme.px(92), theme.px(38), self))
        self.setAccessibleName(tr("Results by time"))
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def spot(self) -> Spot | None:
        """Where the cursor stands."""
        index = self.currentIndex()
        row = index.data(ROW_ROLE)
        if not isinstance(row, Line):
            return None
        values: Sequence[Value] = index.data(VALUES_ROLE)
        return Spot(row, values[0] if values else None)

    def stand_on(self, observation: str) -> bool:
        """Put the cursor on a result; whether it is there."""
        found = self._results.find(observation)
        if found is not None:
            self._go(*found)
        return found is not None

    def stand_on_newest(self) -> None:
        """Put the cursor on the first analyte of the newest sample."""
        newest = self._results.columnCount() - 1
        first = next((n for n, row in enumerate(self._results.rows) if isinstance(row, Line)), -1)
        if newest >= 0 and first >= 0:
            self._go(first, newest)
            self.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are for the page, not a search; all else is Qt's."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if plain and (enter or event.text().strip()):
            self.key.emit(event.key())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cursor stays in sight, whatever the room."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _go(self, row: int, column: int) -> None:
        index = self._results.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        # Only after the layout is it known how far one can scroll.
        QTimer.singleShot(0, self, self._show_current)

    @Slot()
    def _show_current(self) -> None:
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self.moved.emit(self.spot())
