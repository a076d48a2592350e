"""What waits to be signed: a list to tick, to take back into the form, to throw out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workstation.clinical.ordering import kind_of
from workstation.kernel.words import tr
from workstation.services.order_drafts import BasketLine
from workstation.ui.screens.chart.order_rows import paint_ground, two_lines, two_lines_size
from workstation.ui.toolkit import order_words as say
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView

_WHAT = 2


class Basket(RowsView):
    """The list. Space ticks, Enter takes a line back into the form, Delete throws it out.

    Signals:
        changed: Another line, or another tick.
        edit_wanted: A line is to be written on. arg 0: its `BasketLine`, which is out of the list.
    """

    changed = Signal()
    edit_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        self._rows: RowsModel[BasketLine] = RowsModel(_columns())
        super().__init__(self._rows, parent)
        self._rows.setParent(self)
        self.setAccessibleName(tr("To be signed"))
        self.setItemDelegateForColumn(_WHAT, _What(self))
        self.wrap_rows(44)
        self.horizontalHeader().hide()
        self.opened.connect(self._take_out)

    @property
    def lines(self) -> tuple[BasketLine, ...]:
        """Every line, ticked or not."""
        return tuple(self._rows.rows)

    def show_lines(self, lines: Sequence[BasketLine]) -> None:
        """Show other lines; the cursor stays where it is."""
        place = max(self.currentIndex().row(), 0)
        self._rows.replace(lines)
        if lines:
            self.selectRow(min(place, len(lines) - 1))
        self.changed.emit()

    def add(self, line: BasketLine) -> None:
        """Put a line at the end; one that changes the same order gives way to it."""
        others = [
            each for each in self.lines if not line.replaces or each.replaces != line.replaces
        ]
        self.show_lines([*others, line])
        self.selectRow(len(others))

    def to_top(self, place: int = 0) -> None:
        """Put the cursor and the keys on a line."""
        if self.lines:
            self.selectRow(min(place, len(self.lines) - 1))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks, Delete throws out."""
        row = self.currentIndex().row()
        lines = list(self.lines)
        if event.key() == Qt.Key.Key_Space and 0 <= row < len(lines):
            lines[row] = replace(lines[row], ticked=not lines[row].ticked)
            self.show_lines(lines)
        elif event.key() == Qt.Key.Key_Delete and 0 <= row < len(lines):
            del lines[row]
            self.show_lines(lines)
        else:
            super().keyPressEvent(event)

    def _take_out(self, line: BasketLine) -> None:
        if not line.again:
            self.show_lines([each for each in self.lines if each is not line])
            self.edit_wanted.emit(line)


class _What(QStyledItemDelegate):
    """What is ordered, and below it how; of a change, that it is one and why."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the ground as the table does, then both lines."""
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        paint_ground(painter, plain)
        line: BasketLine = index.data(ROW_ROLE)
        two_lines(painter, QRectF(option.rect), say.name(line.item), _how(line), _tone(line))

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as both need."""
        line: BasketLine = index.data(ROW_ROLE)
        return two_lines_size(option, say.name(line.item), _how(line))


def _columns() -> tuple[Column[BasketLine], ...]:
    return (
        Column(tr("Sign"), _tick, 112, role="heading", tone=_tick_tone),
        Column(tr("Kind"), lambda line: say.kind_name(kind_of(line.item)), 110, tone=_tone),
        Column(tr("Order"), lambda line: say.name(line.item), hint=_hint),
    )


def _tick(line: BasketLine) -> str:
    if line.again:
        return f"☑ {tr('goes on')}" if line.ticked else f"☐ {tr('ends')}"
    return f"☑ {tr('change')}" if line.ticked and line.replaces else "☑" if line.ticked else "☐"


def _tick_tone(line: BasketLine) -> str:
    return "danger" if line.again and not line.ticked else "text"


def _tone(line: BasketLine) -> str:
    return "text" if line.ticked else "muted"


def _how(line: BasketLine) -> str:
    why = tr("change: {why}", why=line.reason) if line.replaces and line.reason else ""
    return " · ".join(filter(None, (say.details(line.item), why)))


def _hint(line: BasketLine) -> str:
    return f"{say.name(line.item)}\n{_how(line)}"
