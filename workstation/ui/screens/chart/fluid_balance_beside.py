"""The forms beside the fluid sheet: new amounts, one put right, the goal; one at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services.fluid_balance_sheet import FluidSheet
from workstation.ui.screens.chart.fluid_balance_amend import FluidAmend
from workstation.ui.screens.chart.fluid_balance_form import FluidForm
from workstation.ui.screens.chart.fluid_balance_goal import FluidGoalForm
from workstation.ui.toolkit.workplace import Workplace

Form = FluidForm | FluidAmend | FluidGoalForm


class FluidForms(QObject):
    """The three of them; none is open at first.

    Signals:
        writing_changed: One was opened, or all are closed. arg 0: whether one is open.
        closed: The person left one, by saving or by Escape. arg 0: the form.
    """

    writing_changed = Signal(bool)
    closed = Signal(object)

    def __init__(self, workplace: Workplace, parent: QObject) -> None:
        """Make them.

        Args:
            workplace: What they work with.
            parent: The page.
        """
        super().__init__(parent)
        self._workplace = workplace
        self.new, self.amend = FluidForm(workplace), FluidAmend(workplace)
        self.goal = FluidGoalForm(workplace)
        self.all: tuple[Form, ...] = (self.new, self.amend, self.goal)
        for form in self.all:
            form.hide()
            form.closed.connect(self._on_closed)

    @property
    def shown(self) -> Form | None:
        """The one that is open."""
        return next((form for form in self.all if not form.isHidden()), None)

    def open(self, wanted: Form) -> None:
        """Open one in the place of another; what is typed there is kept."""
        if self.shown is self.new and wanted is not self.new:
            self.new.leave()
        for form in self.all:
            form.setVisible(form is wanted)
        self.writing_changed.emit(True)

    def takes_goal(self, sheet: FluidSheet) -> bool:
        """Whether a goal can be set on a sheet by the person at the desk; says why if it cannot."""
        why = ""
        if not holds(self._workplace.desk.person.role, "order"):
            why = tr("A doctor sets the goal.")
        elif not sheet.current:
            why = tr("A goal is set on the sheet of today: PgDn.")
        if why:
            self._workplace.navigator.toast(why)
        return not why

    def hide(self) -> None:
        """Close whatever is open."""
        for form in self.all:
            form.hide()
        self.writing_changed.emit(False)

    @Slot()
    def _on_closed(self) -> None:
        form = self.shown
        self.hide()
        self.closed.emit(form)
