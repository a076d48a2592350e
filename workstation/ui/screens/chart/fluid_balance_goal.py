"""What is wanted of the fluids in 24 hours: a doctor sets it, changes it, or ends it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QWidget

from workstation.clinical.fluid_goal import Measure, Target
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import fluid_goal
from workstation.services.fluid_balance_sheet import FluidSheet
from workstation.ui.screens.chart.fluid_balance_words import measure_name
from workstation.ui.screens.chart.side_form import SideForm
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.number_entry import NumberEntry, number_text
from workstation.ui.toolkit.widgets.text import button, label, set_property
from workstation.ui.toolkit.workplace import Workplace


class FluidGoalForm(SideForm):
    """The form; left, it changes nothing."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start without a patient.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(workplace, parent)
        self._patient: PatientId | None = None
        self._day: date | None = None
        self._held: dict[Measure, Target] = {}
        self._busy = False
        self.setFixedWidth(theme.px(400))
        self._measure = QComboBox()
        self._measure.setAccessibleName(tr("Goal of"))
        for measure in Measure:
            self._measure.addItem(measure_name(measure), measure)
        self._measure.currentIndexChanged.connect(self._on_measure)
        self._low, self._high = NumberEntry(tr("At least")), NumberEntry(tr("At most"))
        self._entries = {"low": self._low, "high": self._high}
        self._end = button(tr("End this goal"), self.end, symbol="close")
        for entry in (self._measure, self._low, self._high):
            entry.installEventFilter(self)
        self._lay_out()

    def begin(self, patient: PatientId, sheet: FluidSheet) -> None:
        """Ask for a goal of today; what is wanted already stands there."""
        self._patient, self._day, self._busy = patient, sheet.day, False
        self._held = {line.goal.target.measure: line.goal.target for line in sheet.goals}
        first = next(iter(self._held), Measure.BALANCE)
        self._measure.setCurrentIndex(list(Measure).index(first))
        self._on_measure()
        self._measure.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Set what is typed."""
        patient, day = self._patient, self._day
        target = self._target()
        if patient is None or day is None or target is None or self._busy:
            return
        self._send(partial(fluid_goal.set_goal, self.workplace.desk, patient, target, day))

    @Slot()
    def end(self) -> None:
        """End what is wanted of this."""
        patient, day = self._patient, self._day
        if patient is None or day is None or self._busy:
            return
        measure = Measure(self._measure.currentData())
        self._send(partial(fluid_goal.end_goal, self.workplace.desk, patient, measure, day))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next field, and saves from the last."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        following = {self._measure: self._low, self._low: self._high}
        for widget, after in following.items():
            if watched is widget:
                after.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        self.save()
        return True

    def _send(self, work: partial[Changes]) -> None:
        self._busy = True
        self.workplace.tasks.command(work, done=self._on_saved, failed=self._on_refused, owner=self)

    def _target(self) -> Target | None:
        bounds: dict[str, Decimal | None] = {}
        for name, entry in self._entries.items():
            try:
                bounds[name] = entry.value()
            except Refused as refused:
                self._say(Refused(refused.code, field=name, **refused.data))
                return None
        return Target(Measure(self._measure.currentData()), bounds["low"], bounds["high"])

    def _say(self, error: WorkstationError) -> None:
        self.note.say(error)
        for name, entry in self._entries.items():
            set_property(entry, "state", "invalid" if name == error.field else "")
        wrong = self._entries.get(error.field or "")
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_measure(self) -> None:
        held = self._held.get(Measure(self._measure.currentData()))
        for entry, value in ((self._low, held and held.low), (self._high, held and held.high)):
            entry.setText(number_text(value or None) if value != 0 else "0")
            set_property(entry, "state", "")
        self._end.setVisible(held is not None)
        self.note.say(None)

    @Slot(object)
    def _on_saved(self, _changes: Changes) -> None:
        self._busy = False
        self.workplace.navigator.toast(tr("Saved on this terminal."))
        self.closed.emit()

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self._busy = False
        self._say(error)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(theme.px(8))
        form.addRow(label(tr("Goal of")), self._measure)
        for name, entry in ((tr("At least"), self._low), (tr("At most"), self._high)):
            row = QHBoxLayout()
            row.addWidget(entry, 1)
            row.addWidget(label(tr("mL")))
            form.addRow(label(name), row)
        said = tr("One of the two is enough. A minus before a balance: more out than in.")
        hint = label(said, "caption", wrap=True)
        self.put_below(tr("Fluid goal for 24 h"), form, self.note, hint, other=self._end)
