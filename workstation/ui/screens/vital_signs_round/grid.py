"""The round's grid: every key goes straight into a cell, so that nothing typed can be lost.

There is no editor to open or close. Digits and letters fill the cell that the cursor is on, Enter
accepts it and goes on in the order of work, an implausible value has to be typed a second time.
No input method sits in between, so that Vietnamese typing aids cannot garble a value.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QWidget,
)

from workstation.kernel.clock import Clock
from workstation.ui.screens.vital_signs_round.entry import Column
from workstation.ui.screens.vital_signs_round.frozen import PatientsFrozen
from workstation.ui.screens.vital_signs_round.model import (
    FIRST,
    LAST,
    Index,
    RoundModel,
    column_of,
)
from workstation.ui.screens.vital_signs_round.row import Row
from workstation.ui.toolkit.widgets.number_entry import number_text

Key = Qt.Key
_ENTER: Final = (Key.Key_Return, Key.Key_Enter)
_LONGEST: Final = 12
_LETTERS: Final = " .,/-"


class RoundGrid(PatientsFrozen):
    """A table that is typed into.

    Signals:
        written: Something was typed in the row (arg 0).
        finished: The cursor leaves the row (arg 0): save it.
        moved: The cursor stands elsewhere, or what it waits for has changed.
    """

    written = Signal(int)
    finished = Signal(int)
    moved = Signal()

    def __init__(self, model: RoundModel, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._model = model
        self._clock = clock
        self._fresh = True
        self.again: str | None = None
        """What was typed so far the second time; None when no second time is asked for."""
        self._keys: dict[int, Callable[[], None]] = {
            Key.Key_Tab: lambda: self._step(1),
            Key.Key_Right: lambda: self._step(1),
            Key.Key_Backtab: lambda: self._step(-1),
            Key.Key_Left: lambda: self._step(-1),
            Key.Key_Down: lambda: self._go(self._at().row() + 1, self._at().column()),
            Key.Key_Up: lambda: self._go(self._at().row() - 1, self._at().column()),
            Key.Key_Backspace: self._rub_out,
            Key.Key_Delete: lambda: self._fill(""),
            Key.Key_Escape: self._escape,
            Key.Key_Home: lambda: self._go(self._at().row(), FIRST),
            Key.Key_End: lambda: self._go(self._at().row(), LAST),
            Key.Key_PageDown: lambda: self._go(self._at().row() + self._page(), FIRST),
            Key.Key_PageUp: lambda: self._go(self._at().row() - self._page(), FIRST),
        }

    @property
    def typing(self) -> bool:
        """Whether the cell with the cursor is half typed: too early to judge it."""
        return not self._fresh and self.again is None

    def start(self, row: int = 0) -> None:
        """Put cursor and keyboard on the first cell of a row."""
        self.go_to(row)
        self.setFocus()

    def go_to(self, row: int) -> None:
        """Put the cursor on the first cell of a row; the keyboard stays where it is."""
        if self._model.rowCount():
            self.setCurrentIndex(self._model.index(row, FIRST))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """A new cell is typed into from its beginning; a row that is left is finished."""
        super().currentChanged(current, previous)
        self._fresh, self.again = True, None
        if previous.isValid() and current.row() != previous.row():
            self.finished.emit(previous.row())
        self.viewport().update()
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the round."""
        control = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        key = event.key()
        if key in _ENTER and not control:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(-1) if back else self._accept()
        elif not control and key in self._keys:
            self._keys[key]()
        elif not control and _types(event.text()):
            self._type(event.text())
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab moves inside the grid, in the order of work."""
        del next
        return False

    def _at(self) -> QModelIndex:
        return self.currentIndex()

    def _page(self) -> int:
        return max(1, self.viewport().height() // max(1, self.rowHeight(0)) - 1)

    def _text(self) -> str:
        column = column_of(self._at())
        return self._model.row(self._at().row()).typed.get(column.key, "") if column else ""

    def _type(self, text: str) -> None:
        if column_of(self._at()) is None:
            return
        if self.again is not None:
            self.again = (self.again + text)[:_LONGEST]
            self._show()
            return
        self._fill(text if self._fresh else (self._text() + text)[:_LONGEST])

    def _rub_out(self) -> None:
        if self.again is not None:
            self.again = self.again[:-1]
            self._show()
        else:
            self._fill(self._text()[:-1])

    def _fill(self, text: str) -> None:
        at, column = self._at(), column_of(self._at())
        if column is None:
            return
        self._fresh, self.again = False, None
        row = self._model.row(at.row())
        self._model.put(at.row(), row.write(column.key, text, self._clock.now().astimezone()))
        self.written.emit(at.row())
        self._show()

    def _escape(self) -> None:
        """Give up the second typing; else take back what was typed in this cell."""
        column = column_of(self._at())
        if column is None:
            return
        if self.again is not None:
            self.again = None
            self._show()
        else:
            self._fill(self._model.row(self._at().row()).saved_typed.get(column.key, ""))
        self._fresh = True

    def _accept(self) -> None:
        """Go on if the cell is right; ask for a doubtful value a second time."""
        at, column = self._at(), column_of(self._at())
        if column is None:
            self._step(1)
            return
        row = self._model.row(at.row())
        state = row.cell(column).state
        if state == "doubtful" and self.again is None:
            self.again = ""
            self._show()
        elif state == "doubtful":
            self._compare()
        elif state == "wrong":
            self._take_offer(row, column)
        else:
            self._step(1)

    def _take_offer(self, row: Row, column: Column) -> None:
        """A second Enter on a value of another unit puts it into ours; it can still be changed."""
        error = row.cell(column).error
        offered = error.data.get("instead") if error else None
        if offered is not None and self._fresh:
            self._fill(number_text(Decimal(str(offered))))
        self._fresh = True
        self._show()

    def _compare(self) -> None:
        """Take a doubtful value that was typed the same twice; any other starts anew."""
        at, column, second = self._at(), column_of(self._at()), self.again or ""
        if column is None or not second.strip():
            return
        if second.strip() == self._text().strip():
            self._model.put(at.row(), self._model.row(at.row()).confirm(column.key))
            self.written.emit(at.row())
            self._step(1)
        else:
            self._fill(second)
            self._accept()

    def _step(self, step: int) -> None:
        """To the next cell in the order of work; past the end of a row to the next person."""
        row, column = self._at().row(), self._at().column() + step
        if column > LAST:
            self._next_person(row)
        elif column < FIRST:
            self._go(row - 1, LAST)
        else:
            self._go(row, column)

    def _next_person(self, row: int) -> None:
        if row + 1 < self._model.rowCount():
            self._go(row + 1, FIRST)
        else:
            self.finished.emit(row)

    def _go(self, row: int, column: int) -> None:
        if self._model.rowCount():
            row = min(max(row, 0), self._model.rowCount() - 1)
            self.setCurrentIndex(self._model.index(row, min(max(column, FIRST), LAST)))

    def _show(self) -> None:
        self.viewport().update()
        self.moved.emit()


def _types(text: str) -> bool:
    return bool(text) and all(letter.isalnum() or letter in _LETTERS for letter in text)
