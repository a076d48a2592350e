"""Saying who cares for whom: the patients that are ticked, a nurse, a shift, Enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel import settings as table
from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import EncounterId
from workstation.kernel.words import tr
from workstation.services import assignment
from workstation.services.assignment import Nurse, Shift
from workstation.services.ward_board import Occupant
from workstation.ui.screens.ward_board import wording
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

_Assigned = Mapping[EncounterId, Sequence[Nurse]]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AssignPanel(QFrame):
    """One line above the beds; Enter assigns, Escape closes.

    Signals:
        closed: It is done or given up; the keys go back to the beds.
    """

    closed = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workplace = workplace
        self._people: tuple[Occupant, ...] = ()
        self._shifts: tuple[Shift, Shift] | None = None
        self.setProperty("card", True)
        self._title = label("", "strong")
        self.nurse, self.shift = QComboBox(), QComboBox()
        self.nurse.setMinimumWidth(theme.px(220))
        self.nurse.setAccessibleName(tr("Nurse"))
        self.shift.setAccessibleName(tr("Shift"))
        self.beside = QCheckBox(tr("Beside who cares already"))
        self._note = FieldNote()
        for field in (self.nurse, self.shift, self.beside):
            field.installEventFilter(self)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        row.addWidget(self._title)
        for field in (self.nurse, self.shift, self.beside):
            row.addWidget(field)
        row.addWidget(
            button(tr("Assign"), self.assign, kind="primary", symbol="check", hint="Enter")
        )
        row.addWidget(button(tr("Close"), self._close, kind="quiet", hint="Esc"))
        row.addStretch(1)
        box = QVBoxLayout(self)
        gap = theme.px(10)
        box.setContentsMargins(gap, theme.px(6), gap, theme.px(6))
        box.setSpacing(theme.px(2))
        box.addLayout(row)
        box.addWidget(self._note)
        self._note.hide()
        self.hide()

    def open_for(self, people: Sequence[Occupant]) -> None:
        """Ask whom these patients are to be assigned to."""
        self._people = tuple(people)
        names = wording.name_text(people[0].who) if len(people) == 1 else ""
        self._title.setText(
            tr("Assign {name} to", name=names)
            if names
            else tr("Assign {count} patients to", count=len(people))
        )
        self._show_shifts()
        self._note.hide()
        self.beside.setChecked(False)
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: assignment.nurses(desk), done=self._on_nurses, failed=self._on_failed
        )

    def assign(self) -> None:
        """Do it."""
        if self._shifts is None:
            return
        chosen: Nurse | None = self.nurse.currentData()
        shift = self._shifts[max(self.shift.currentIndex(), 0)]
        desk, beside = self.workplace.desk, self.beside.isChecked()
        stays = [each.who.encounter for each in self._people]
        before: dict[EncounterId, Sequence[Nurse]] = {}

        def write() -> Changes:
            before.update(assignment.of_shift(desk, stays, shift))
            own = () if chosen is None else (chosen,)
            kept = {stay: before.get(stay, ()) if beside else () for stay in stays}
            wanted = {stay: tuple(dict.fromkeys((*kept[stay], *own))) for stay in stays}
            return assignment.assign(desk, wanted, shift)

        def undo() -> None:
            self.workplace.tasks.command(
                lambda: assignment.assign(desk, before, shift), failed=self._on_failed
            )

        def said(_changes: Changes) -> None:
            words = (
                tr("{count} assigned to {name}", count=len(stays), name=chosen.name)
                if chosen
                else tr("{count} assigned to nobody", count=len(stays))
            )
            self.workplace.navigator.toast(words, undo, lasting=False)
            self._close()

        self.workplace.tasks.command(write, done=said, failed=self._on_failed, owner=self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in any of the fields assigns."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _ENTER:
                self.assign()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._close()
                return True
        return super().eventFilter(watched, event)

    def _show_shifts(self) -> None:
        settings = self.workplace.settings
        self._shifts = assignment.shifts_to_assign(
            self.workplace.desk.now(),
            settings.get(table.SHIFT_HOURS),
            settings.get(table.DAY_STARTS),
        )
        self.shift.clear()
        for words, shift in zip((tr("This shift"), tr("Next shift")), self._shifts, strict=True):
            self.shift.addItem(f"{words} {time_text(shift.start)}–{time_text(shift.end)}")

    @Slot(object)
    def _on_nurses(self, nurses: Sequence[Nurse]) -> None:
        self.nurse.clear()
        for each in nurses:
            self.nurse.addItem(each.name, each)
        self.nurse.addItem(tr("Nobody"), None)
        current = self._people[0].nurses[0] if self._people and self._people[0].nurses else None
        own = current.id if current else self.workplace.desk.person.id
        places = [n for n, each in enumerate(nurses) if each.id == own]
        self.nurse.setCurrentIndex(places[0] if places else 0)
        self.show()
        self.nurse.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self.show()
        self._note.show()
        self._note.say(error)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
