"""One amount that was charted: put it right with a reason, or say that it never was true."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from workstation.clinical.fluid_balance import Fluid
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import fluid_balance
from workstation.services.fluid_balance_sheet import Line
from workstation.ui.screens.chart.fluid_balance_line import FluidLine
from workstation.ui.screens.chart.fluid_balance_words import fluid_name, volume_text
from workstation.ui.screens.chart.side_form import SideForm
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import MomentEntry, moment_text
from workstation.ui.toolkit.widgets.text import button, label, set_property
from workstation.ui.toolkit.workplace import Workplace


class FluidAmend(SideForm):
    """The form; left, it changes nothing."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start without an amount.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(workplace, parent)
        self._patient: PatientId | None = None
        self._was: Line | None = None
        self._confirmed: frozenset[Fluid] = frozenset()
        self.setFixedWidth(theme.px(400))
        self._said = label("", "body", "muted", wrap=True)
        self._line = FluidLine()
        self._at = MomentEntry(tr("Time"), workplace.clock.now())
        self._reason = QLineEdit()
        self._reason.setAccessibleName(tr("Reason for the change"))
        self._reason.returnPressed.connect(self.save)
        self._line.done.connect(self._at.setFocus)
        self._at.returnPressed.connect(self._reason.setFocus)
        self._lay_out()

    def begin(self, patient: PatientId, line: Line) -> None:
        """Show an amount with the keys on its number."""
        entry = line.entry
        self._patient, self._was, self._confirmed = patient, line, frozenset()
        self._line.show_fluid(entry.fluid)
        self._line.unmark()
        self._at.setText(moment_text(entry.fluid.at))
        self._reason.clear()
        set_property(self._reason, "state", "")
        self.note.say(None)
        said = f"{fluid_name(entry.fluid)} {volume_text(entry.fluid)}"
        self._said.setText(" · ".join(filter(None, (said, moment_text(entry.fluid.at), entry.by))))
        self._line.volume_entry.setFocus(Qt.FocusReason.OtherFocusReason)
        self._line.volume_entry.selectAll()

    def save(self) -> None:
        """Save what it should have been."""
        patient, was = self._patient, self._was
        fluid = self._read()
        if patient is None or was is None or fluid is None:
            return
        desk, reason, confirmed = self.workplace.desk, self._reason.text(), self._confirmed
        self.workplace.tasks.command(
            lambda: fluid_balance.correct(
                desk, patient, was.entry, fluid, reason=reason, confirmed=confirmed
            ),
            done=partial(self._on_done, was, tr("Corrected and saved on this terminal.")),
            failed=partial(self._on_refused, was, fluid),
            owner=self,
        )

    def strike(self) -> None:
        """Say that it never was true; the reason is asked for."""
        was, reason, desk = self._was, self._reason.text(), self.workplace.desk
        if was is None:
            return
        self.workplace.tasks.command(
            lambda: fluid_balance.enter_in_error(desk, was.entry.id, reason=reason),
            done=partial(self._on_done, was, tr("Marked as entered in error.")),
            failed=partial(self._on_refused, was, was.entry.fluid),
            owner=self,
        )

    def ask_reason(self) -> None:
        """Put the keys on the reason."""
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(theme.px(8))
        form.addRow(label(tr("Time")), self._at)
        form.addRow(label(tr("Reason")), self._reason)
        kept = label(tr("What was charted before stays in the history."), "caption", wrap=True)
        strike = button(tr("Entered in error"), self.strike, symbol="delete")
        self.put_below(
            tr("Correct an amount"), self._said, self._line, form, self.note, kept, other=strike
        )

    def _read(self) -> Fluid | None:
        was = self._was
        try:
            typed = self._at.value()
        except Refused as refused:
            self._say(refused, self._at)
            return None
        try:
            fluid = self._line.fluid(typed)
        except Refused as refused:
            self._say(refused, self._line.mark(refused.field, "invalid"))
            return None
        # The field knows no seconds: a time that was not touched stays what it was.
        untouched = was is not None and moment_text(was.entry.fluid.at) == self._at.text()
        return replace(fluid, at=_at(was)) if was is not None and untouched else fluid

    def _say(self, error: WorkstationError, field: QWidget) -> None:
        self.note.say(error)
        set_property(field, "state", "invalid")
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_done(self, was: Line, words: str, _changes: Changes) -> None:
        """An answer that comes late closes no form of another amount."""
        self.workplace.navigator.toast(words)
        if self._was is was:
            self.closed.emit()

    def _on_refused(self, was: Line, fluid: Fluid, error: WorkstationError) -> None:
        fields: dict[str | None, Any] = {"reason": self._reason, "at": self._at}
        if self._was is not was:
            self.workplace.tell(error)
        elif error.code == "implausible-value":
            self._confirmed = frozenset((fluid,))
            self.note.setText(f"▲ {tr('This value is very rare. Save again if it is right.')}")
            self._line.mark("volume", "doubtful").setFocus()
        elif error.field in fields:
            self._say(error, fields[error.field])
        else:
            self.note.say(error)


def _at(line: Line) -> datetime:
    return line.entry.fluid.at
