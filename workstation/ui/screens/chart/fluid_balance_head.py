"""The line above the fluid sheet: which day, what it adds up to, and the way to other days."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.clinical.fluid_goal import Track
from workstation.kernel.words import tr
from workstation.services.fluid_balance_sheet import FluidSheet
from workstation.ui.screens.chart.fluid_balance_words import (
    gaps_text,
    goal_text,
    signed,
    sums_text,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.flow import FlowLayout
from workstation.ui.toolkit.widgets.moment import date_text
from workstation.ui.toolkit.widgets.text import button, label, set_property


class FluidHead(QWidget):
    """Day and sums.

    Signals:
        day_wanted: Another day is wanted. arg 0: -1 or 1.
        add_wanted: Something new is to be charted.
    """

    day_wanted = Signal(int)
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        back, after = tr("Day before (PgUp)"), tr("Day after (PgDn)")
        earlier = button("", lambda: self.day_wanted.emit(-1), symbol="back", hint=back)
        self._later = button("", lambda: self.day_wanted.emit(1), symbol="forward", hint=after)
        earlier.setAccessibleName(back)
        self._later.setAccessibleName(after)
        self._day, self._sums = label("", "heading"), label("", "value")
        self._gaps, self._before = label("", "body", "warn"), label("", "caption")
        self._goals = label("", "strong", wrap=True)
        row = FlowLayout(theme.px(8), last_right=True)
        for widget in (earlier, self._later, self._day, self._sums, self._gaps, self._before):
            row.addWidget(widget)
        self._add = button(tr("New fluids"), self.add_wanted.emit, symbol="add", hint="Ctrl+I")
        row.addWidget(self._add)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(4))
        box.addLayout(row)
        box.addWidget(self._goals)

    @Slot(bool)
    def show_writing(self, writing: bool) -> None:
        """The way to the form is not needed while it is open."""
        self._add.setVisible(not writing)

    def show_sheet(self, sheet: FluidSheet) -> None:
        """Show a day."""
        day, sums, before = date_text(sheet.day), sheet.whole.sums, sheet.before.sums
        self._day.setText(tr("Today, {date}", date=day) if sheet.current else day)
        self._later.setEnabled(not sheet.current)
        self._sums.setText(sums_text(sums))
        self._gaps.setText("" if sums.complete else f"▲ {gaps_text(sums)}")
        self._gaps.setVisible(not sums.complete)
        off = any(line.track in (Track.LOW, Track.HIGH) for line in sheet.goals)
        self._goals.setText("\n".join(map(goal_text, sheet.goals)))
        set_property(self._goals, "tone", "warn" if off else "")
        self._goals.setVisible(bool(sheet.goals))
        said = tr("day before {balance} mL", balance=signed(before.balance_ml))
        self._before.setText(said if before else "")
