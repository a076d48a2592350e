"""The time grid of the medication record: walked by arrows, from place to place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from workstation.kernel.words import tr
from workstation.services.medication_record import Cell, Row
from workstation.ui.screens.chart.medication_model import (
    CELLS_ROLE,
    ROW_ROLE,
    Line,
    MedicationModel,
    wanted_first,
)
from workstation.ui.screens.chart.medication_paint import ENTRY, MedicationPainter
from workstation.ui.screens.chart.medication_words import order_line, row_text, status_line
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.drug_words import risk_text
from workstation.ui.toolkit.icons import pixmap
from workstation.ui.toolkit.once import held

Key = Qt.Key
_NAMES: Final = 316
_COLUMN: Final = 82
_WRAP: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_FLAGS: Final = int(_WRAP) | int(Qt.TextFlag.TextWordWrap)
_LETTERS: Final = {
    Key.Key_W: "withhold",
    Key.Key_R: "refuse",
    Key.Key_P: "part",
    Key.Key_T: "earlier",
    Key.Key_U: "unavailable",
    Key.Key_I: "infusion",
    Key.Key_E: "effect",
    Key.Key_C: "correct",
    Key.Key_X: "error",
    Key.Key_H: "history",
}


class MedicationGrid(QTableView):
    """The view.

    Signals:
        wanted: A key asks for a deed on the place with the cursor. arg 0: ``give``, ``withhold`` …
        moved: The cursor stands elsewhere.
        turned: Another time is wanted. arg 0: how many half days later; 0 is back to now.
    """

    wanted = Signal(str)
    moved = Signal()
    turned = Signal(int)

    def __init__(self, model: MedicationModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self._painter = MedicationPainter(model, self)
        self.setItemDelegate(self._painter)
        self.setVerticalHeader(OrderNames(model, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(theme.px(_COLUMN))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        model.modelReset.connect(self._size_rows)
        self._steps = {
            Key.Key_Right: lambda: self._step(1),
            Key.Key_Left: lambda: self._step(-1),
            Key.Key_Down: lambda: self._change_row(1),
            Key.Key_Up: lambda: self._change_row(-1),
            Key.Key_PageDown: lambda: self.turned.emit(1),
            Key.Key_PageUp: lambda: self.turned.emit(-1),
            Key.Key_Home: lambda: self.turned.emit(0),
            Key.Key_Return: lambda: self.wanted.emit("give"),
            Key.Key_Enter: lambda: self.wanted.emit("give"),
        }

    def chosen(self) -> tuple[Row | None, Cell | None]:
        """The order and the place with the cursor."""
        line = self._line()
        return (line.row if line else None, self._painter.chosen)

    def start(self) -> None:
        """Put the cursor where work starts."""
        first = wanted_first(self._model.lines)
        if first is not None:
            self._choose(*first)
        elif self._model.lines:
            self._choose(0, None)

    def keep(self, order: str | None, place: object) -> bool:
        """Put the cursor back on a place of an order after a new reading; whether it is there."""
        for number, line in enumerate(self._model.lines):
            if line.row is None or line.row.order != order:
                continue
            same = [cell for cell in line.cells if (cell.place.slot or cell.place.at) == place]
            self._choose(number, same[0] if same else None)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, letters act."""
        control = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        key = Key(event.key())
        if control:
            super().keyPressEvent(event)
        elif key in self._steps:
            self._steps[key]()
        elif key in _LETTERS:
            if not held(event):
                self.wanted.emit(_LETTERS[key])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cursor stays in sight when the form takes its place."""
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the place under it."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        cells = index.data(CELLS_ROLE) or ()
        box = self.visualRect(index)
        below = (event.position().y() - box.center().y()) / theme.px(ENTRY) + len(cells) / 2
        self._choose(index.row(), cells[min(max(int(below), 0), len(cells) - 1)] if cells else None)

    def _line(self) -> Line | None:
        row = self.currentIndex().row()
        return self._model.lines[row] if 0 <= row < len(self._model.lines) else None

    def _step(self, step: int) -> None:
        line = self._line()
        if line is None or not line.cells:
            return
        cells, chosen = line.cells, self._painter.chosen
        place = next((n for n, cell in enumerate(cells) if cell is chosen), None)
        if place is None:
            self._choose(self.currentIndex().row(), cells[0 if step > 0 else -1])
        elif 0 <= place + step < len(cells):
            self._choose(self.currentIndex().row(), cells[place + step])

    def _change_row(self, step: int) -> None:
        row = self.currentIndex().row() + step
        if not 0 <= row < len(self._model.lines):
            return
        chosen, sheet = self._painter.chosen, self._model.sheet
        if sheet is None:
            return
        at = chosen.place.at if chosen is not None else sheet.now
        cells = self._model.lines[row].cells
        nearest = min(cells, key=lambda cell: abs(cell.place.at - at), default=None)
        self._choose(row, nearest)

    def _choose(self, row: int, cell: Cell | None) -> None:
        sheet = self._model.sheet
        if sheet is None:
            return
        self._painter.chosen = cell
        at = cell.place.at if cell is not None else sheet.now
        self.setCurrentIndex(self._model.index(row, self._model.column_of(at)))
        self.viewport().update()
        self.verticalHeader().viewport().update()
        self.moved.emit()

    def _size_rows(self) -> None:
        names = self.verticalHeader()
        for row in range(self._model.rowCount()):
            cells = theme.px(ENTRY) * self._model.most_in_a_column(row) + theme.px(8)
            words = names.wanted_height(row) if isinstance(names, OrderNames) else 0
            self.setRowHeight(row, max(cells, words))


class OrderNames(QHeaderView):
    """The orders beside the grid: drug names are wrapped, never shortened."""

    def __init__(self, model: MedicationModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._lines = model
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def sizeHint(self) -> QSize:
        """A fixed width; less on a narrow window."""
        return QSize(theme.px(_NAMES), super().sizeHint().height())

    def wanted_height(self, row: int) -> int:
        """What the words of a row need."""
        line = self._lines.lines[row]
        room = theme.px(_NAMES) - theme.px(40)
        tall = 0
        for words, role, _ink in _words(line, self._lines):
            tall += _height(words, theme.font(role), room)
        return tall + theme.px(12)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one order."""
        line: Line | None = self._lines.headerData(section, Qt.Orientation.Vertical, ROW_ROLE)
        if line is None:
            return
        view = self.parent()
        here = isinstance(view, QTableView) and view.currentIndex().row() == section
        painter.save()
        painter.fillRect(rect, theme.colour("selected" if here else "surface"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        symbol, tone = _sign(line)
        painter.drawPixmap(
            rect.left() + theme.px(8), rect.top() + theme.px(8), pixmap(symbol, tone, 16)
        )
        inside = rect.adjusted(theme.px(30), theme.px(5), -theme.px(8), -theme.px(4))
        for words, role, ink in _words(line, self._lines):
            painter.setFont(theme.font(role))
            painter.setPen(theme.colour(ink))
            box = painter.boundingRect(inside, _FLAGS, words)
            painter.drawText(inside, _FLAGS, words)
            inside.setTop(box.bottom() + 1)
        painter.restore()


def _height(words: str, font: QFont, room: int) -> int:
    return QFontMetrics(font).boundingRect(QRect(0, 0, room, 1000), _FLAGS, words).height() + 1


def _words(line: Line, model: MedicationModel) -> list[tuple[str, str, str]]:
    """Words, role and ink of each part of an order."""
    row = line.row
    if row is None:
        return [(line.drug, "strong", "text"), (row_text(None), "caption", "warn")]
    said = [(row.drug, "strong", "muted" if row.over else "text")]
    said.append((order_line(row), "caption", "muted" if row.over else "text"))
    if row.remark:
        said.append((row.remark, "caption", "muted"))
    if row.risk is not None:
        said.append((tr("High-risk: {name}", name=risk_text(row.risk)), "caption", "danger"))
    sheet = model.sheet
    status = status_line(row, sheet.now) if sheet is not None else ""
    if status:
        said.append((status, "caption", "warn"))
    return said


def _sign(line: Line) -> tuple[str, str]:
    row = line.row
    if row is None or (row.risk is not None and not row.over):
        return "warning", "danger"
    symbols = {"as-needed": "help", "infusion": "forward"}
    return symbols.get(row.kind, "medication"), "muted" if row.over else "accent"
