"""Lines of amounts below each other: one more appears as the last one is written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.clinical.fluid_balance import Fluid, Row
from workstation.kernel.errors import Refused
from workstation.ui.screens.chart.fluid_balance_line import FluidLine
from workstation.ui.toolkit import theme

_READY, _FEWEST, _MOST = 4, 4, 12
"""So many kinds stand ready at most; so many lines at least, and at most."""


class FluidStack(QWidget):
    """The lines.

    Signals:
        edited: Something was typed.
        finished: Enter on the last line; nothing more is to come.
        entered: The keys went to another line. arg 0: the field.
    """

    edited = Signal()
    finished = Signal()
    entered = Signal(object)

    def __init__(self, before: QWidget, after: QWidget, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            before: What Tab comes from.
            after: What Tab goes on to.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._before, self._after = before, after
        self._lines: list[FluidLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))

    def ready(self, rows: Iterable[Row]) -> None:
        """Stand ready for the first of some kinds, and for others."""
        for kind, name in list(rows)[:_READY]:
            self._add().offer(kind, name)
        self._fill_up()

    def restore(self, lines: Iterable[tuple[str, str, str]]) -> None:
        """Show what was typed before."""
        for texts in lines:
            self._add().show_typed(texts)
        self._fill_up()

    def clear(self) -> None:
        """Have no lines."""
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []

    def typed(self) -> list[tuple[str, str, str]]:
        """What stands in the lines that are not blank."""
        return [line.typed() for line in self._lines if not line.blank()]

    def filled(self) -> list[FluidLine]:
        """The lines with an amount."""
        return [line for line in self._lines if line.filled()]

    def begin(self) -> None:
        """Put the keys where the next amount is typed."""
        line = next((line for line in self._lines if not line.filled()), self._lines[-1])
        entry = line.kind_entry if line.blank() else line.volume_entry
        entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self, at: datetime) -> tuple[list[Fluid], Refused | None]:
        """The amounts that are typed, and the first thing that is wrong; that field is marked.

        Args:
            at: Their time (aware).
        """
        fluids = []
        for line in self.filled():
            try:
                fluids.append(line.fluid(at))
            except Refused as refused:
                line.mark(refused.field, "invalid").setFocus(Qt.FocusReason.OtherFocusReason)
                return fluids, refused
        return fluids, None

    def ambiguous(self) -> list[int]:
        """Amounts that may be numbers of kinds, by their place among those filled in."""
        return [place for place, line in enumerate(self.filled()) if line.ambiguous()]

    def doubt(self, places: Sequence[int]) -> None:
        """Mark amounts that are to be confirmed, by their place among those filled in."""
        filled = self.filled()
        for place in places:
            entry = filled[place].mark("volume", "doubtful")
            entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_up(self) -> None:
        while len(self._lines) < _FEWEST or not self._lines[-1].blank():
            self._add()

    def _add(self) -> FluidLine:
        line = FluidLine()
        line.edited.connect(self._on_edited)
        line.done.connect(self._on_done)
        stops = (
            self._lines[-1].name_entry if self._lines else self._before,
            *(line.kind_entry, line.volume_entry, line.name_entry),
            self._after,
        )
        self._lines.append(line)
        self._column.addWidget(line)
        for here, there in pairwise(stops):
            QWidget.setTabOrder(here, there)
        return line

    @Slot()
    def _on_edited(self) -> None:
        if not self._lines[-1].blank() and len(self._lines) < _MOST:
            self._add()
        self.edited.emit()

    @Slot()
    def _on_done(self) -> None:
        """On to the next line that stands ready; after the last one there is no more to do."""
        line = self.sender()
        place = self._lines.index(line) if isinstance(line, FluidLine) else 0
        following = self._lines[place + 1 : place + 2]
        if not following or self._lines[place].blank():
            self.finished.emit()
            return
        entry = following[0].kind_entry if following[0].blank() else following[0].volume_entry
        entry.setFocus(Qt.FocusReason.TabFocusReason)
        self.entered.emit(entry)
