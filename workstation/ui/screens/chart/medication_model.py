"""The medication record as a table: a row for each order, a column for each two hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workstation.clinical.medication_record import REACHED, Place, State
from workstation.services.medication_record import Cell, Given, Row, Sheet
from workstation.ui.screens.chart.medication_words import cell_text, row_text
from workstation.ui.toolkit.widgets.moment import time_text

Index = QModelIndex | QPersistentModelIndex
COLUMN: Final = timedelta(hours=2)
COLUMNS: Final = 12
BEFORE: Final = 5
"""So many columns before the one of now."""
CELLS_ROLE: Final = Qt.ItemDataRole.UserRole
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_NO_PARENT: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: an order, or a drug of which no order is known here."""

    row: Row | None
    drug: str
    cells: tuple[Cell, ...]


def span(now: datetime, pages: int = 0) -> tuple[datetime, datetime]:
    """The 24 hours to show: the present stands in their middle.

    Args:
        now: The aware present.
        pages: How many half days later (earlier when negative).
    """
    local = now.astimezone()
    start = local.replace(hour=local.hour // 2 * 2, minute=0, second=0, microsecond=0)
    start += pages * timedelta(hours=12) - BEFORE * COLUMN
    return start, start + COLUMNS * COLUMN


def lines_of(sheet: Sheet) -> tuple[Line, ...]:
    """The rows of a sheet; what has no order comes last, a row for each drug."""
    lines = [Line(row, row.drug, row.cells) for row in sheet.rows]
    others: dict[str, list[Cell]] = {}
    for given in sheet.others:
        others.setdefault(given.drug, []).append(_alone(given, sheet))
    lines += [Line(None, drug, tuple(cells)) for drug, cells in sorted(others.items())]
    return tuple(lines)


def _alone(given: Given, sheet: Sheet) -> Cell:
    at = given.at or sheet.since
    return Cell(Place(at, None, State(given.outcome.value), (given.id,)), (given,))


class MedicationModel(QAbstractTableModel):
    """Replaced as a whole."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None
        self.lines: tuple[Line, ...] = ()

    def replace(self, sheet: Sheet) -> None:
        """Show another sheet."""
        self.beginResetModel()
        self.sheet, self.lines = sheet, lines_of(sheet)
        self.endResetModel()

    def column_of(self, at: datetime) -> int:
        """The column in which a time stands."""
        if self.sheet is None:
            return 0
        return min(max((at - self.sheet.since) // COLUMN, 0), COLUMNS - 1)

    def cells(self, row: int, column: int) -> tuple[Cell, ...]:
        """What stands in one place."""
        return tuple(
            cell for cell in self.lines[row].cells if self.column_of(cell.place.at) == column
        )

    def most_in_a_column(self, row: int) -> int:
        """How many places stand below each other in the fullest column of a row."""
        columns = [self.column_of(cell.place.at) for cell in self.lines[row].cells]
        return max((columns.count(each) for each in set(columns)), default=1)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Always 24 hours."""
        return 0 if parent.isValid() else COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Times above with the day where it begins; the order beside."""
        if orientation == Qt.Orientation.Vertical:
            if not 0 <= section < len(self.lines):
                return None
            if role == ROW_ROLE:
                return self.lines[section]
            return (
                row_text(self.lines[section].row) if role == Qt.ItemDataRole.DisplayRole else None
            )
        if role != Qt.ItemDataRole.DisplayRole or self.sheet is None:
            return None
        at = self.sheet.since + section * COLUMN
        new_day = section == 0 or at.astimezone().hour < COLUMN / timedelta(hours=1)
        return f"{at.astimezone():%d/%m}\n{time_text(at)}" if new_day else f"\n{time_text(at)}"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cells themselves, and their words for tool tips and screen readers."""
        if not index.isValid() or self.sheet is None:
            return None
        cells = self.cells(index.row(), index.column())
        if role == CELLS_ROLE:
            return cells
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self.lines[index.row()].row
            return "\n".join(cell_text(row, cell, self.sheet.now) for cell in cells) or None
        return None


def wanted_first(lines: Iterable[Line]) -> tuple[int, Cell] | None:
    """The place where work starts: what is due or late, the earliest first; else the next one."""
    found = [(number, cell) for number, line in enumerate(lines) for cell in line.cells]
    for states in ((State.DUE, State.LATE), (State.FUTURE,)):
        wanted = [(number, cell) for number, cell in found if cell.place.state in states]
        if wanted:
            return min(wanted, key=lambda pair: (pair[1].place.at, pair[0]))
    return None


def reached(cell: Cell) -> bool:
    """Whether something of the drug reached the patient here."""
    return any(given.outcome in REACHED for given in cell.doses)
