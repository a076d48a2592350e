"""The task list: everything that is due on the ward, by time; Enter goes where it is done."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import MY_PATIENTS
from workstation.kernel.words import tr
from workstation.services import task_list, ward_tasks
from workstation.services.task_list import Line, TaskList
from workstation.ui.screens.ward_tasks.forms import NewTask, NotNeeded
from workstation.ui.screens.ward_tasks.wording import columns
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.once import held
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.task_words import PLACES
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.mine import mine_button
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Navigator, Workplace

REFRESH_MS: Final = 60_000
"""Lateness grows while nobody changes anything."""


_SPACE, _N, _X = Qt.Key.Key_Space, Qt.Key.Key_N, Qt.Key.Key_X


class WardTasksScreen(Screen):
    """What is due, of one's own patients or of the whole ward."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._list: TaskList | None = None
        self._asked_for: PatientId | None = None
        self.model: RowsModel[Line] = RowsModel(columns(workplace.clock.now()), self)
        self.view = RowsView(self.model)
        self.view.setAccessibleName(tr("Tasks"))
        self.view.wrap_rows(34)
        self.view.installEventFilter(self)
        self.view.opened.connect(self._on_opened)
        self.new, self.not_needed = NewTask(workplace), NotNeeded(workplace)
        for form in (self.new, self.not_needed):
            form.closed.connect(self._back_to_list)
        self._title, self._as_of = label("", "title", wrap=True), label("", "caption", "muted")
        self._late, self._due = Chip("", "danger", "clock"), Chip("", "warn", "clock")
        self._mine = mine_button(self.perform)
        self._pages = Pages(self.view)
        self._lay_out()
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._read)
        self.setFocusProxy(self.view)
        self._pages.show_loading()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Tasks")

    def arrive(self, **arguments: object) -> None:
        """A task for a patient whose chart one comes from; nothing else is taken."""
        patient = arguments.get("patient")
        self._asked_for = PatientId(patient) if isinstance(patient, str) else None

    def activate(self) -> None:
        """Read again; the list has the keys."""
        self._read()
        self._timer.start()
        self.view.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again when anything of the people on the ward has changed."""
        people = {who.patient for who in self._list.people} if self._list else set()
        if changes.ward or people & changes.patients:
            self._read()

    def can_leave(self) -> bool:
        """Always: a task half written is kept as a draft."""
        self.new.flush()
        return True

    def patient(self) -> PatientId | None:
        """Whose line the cursor is on."""
        line = self._line()
        return line.who.patient if line is not None else None

    def offers(self) -> frozenset[str]:
        """Whose patients, a new task, reading again."""
        return frozenset({"my_patients", "add_task", "refresh"})

    def perform(self, action_id: str) -> bool:
        """Do one of `offers`."""
        if action_id == "my_patients":
            settings = self.workplace.settings
            settings.put(MY_PATIENTS, not settings.get(MY_PATIENTS))
            if settings.get(MY_PATIENTS) and self._list is not None and not self._list.mine:
                self.workplace.navigator.toast(tr("Nobody is assigned to you now: all are shown."))
            self._show()
        elif action_id == "add_task":
            self._write_task()
        elif action_id == "refresh":
            self._read()
        return action_id in self.offers()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space: done; N: a new one; X: not needed any more."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            deeds = {_SPACE: self._done, _N: self._write_task, _X: self._not_needed}
            deed = deeds.get(Qt.Key(event.key()))
            if deed is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                if not held(event):
                    deed()
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        head.addWidget(self._title, 1)
        for widget in (self._late, self._due, self._as_of, self._mine):
            head.addWidget(widget)
        head.addWidget(button(tr("New task"), self._write_task, symbol="add", hint="N"))
        box = QVBoxLayout(self)
        gap = theme.px(16)
        box.setContentsMargins(gap, theme.px(12), gap, theme.px(8))
        box.setSpacing(theme.px(8))
        box.addLayout(head)
        box.addWidget(self._pages, 1)
        box.addWidget(self.new)
        box.addWidget(self.not_needed)
        box.addWidget(label(_keys(), "caption", "muted"))

    def _line(self) -> Line | None:
        index = self.view.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    @Slot()
    def _read(self) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: task_list.read(desk), done=self._on_read, failed=self._on_unreadable
        )

    @Slot(object)
    def _on_read(self, found: TaskList) -> None:
        self._list = found
        self._show()
        if self._asked_for is not None:
            patient, self._asked_for = self._asked_for, None
            self.new.open_for(found.people, patient)
            if patient not in {who.patient for who in found.people}:
                words = tr("That patient is not on this ward: choose whom the task is for.")
                self.workplace.navigator.toast(words)

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self._read)

    def _show(self) -> None:
        """Show the lines wanted; the cursor stays on its line, or on the place where it was."""
        found = self._list
        if found is None:
            return
        wanted = self.workplace.settings.get(MY_PATIENTS)
        self._mine.setChecked(wanted)
        mine = wanted and bool(found.mine)
        lines = [each for each in found.lines if not mine or each.who.patient in found.mine]
        self._title.setText(f"{self.title()} · {found.ward}" if found.ward else self.title())
        self._as_of.setText(tr("Read at {time}", time=time_text(found.as_of)))
        _count(lines, self._late, self._due)
        at, row = self._line(), self.view.currentIndex().row()
        self.model.columns = columns(found.as_of)
        self.model.replace(lines)
        self.view.viewport().update()  # what is late is later by a minute in the same rows
        if not lines:
            self._pages.show_empty(
                tr("Nothing is due in the next 12 hours."), tr("N writes a new task down.")
            )
            return
        self._pages.show_content()
        same = [n for n, line in enumerate(lines) if at is not None and _same(line, at)]
        self.view.selectRow(same[0] if same else min(max(row, 0), len(lines) - 1))

    @Slot(object)
    def _on_opened(self, line: Line) -> None:
        _open(self.workplace.navigator, line)

    def _done(self) -> None:
        """Say that a written task is done; what is charted is done where it is charted."""
        line = self._line()
        if line is None:
            return
        if not line.own_task:
            self.workplace.navigator.toast(tr("This is done by charting it: Enter opens it."))
            return
        desk, tasks, task = self.workplace.desk, self.workplace.tasks, line.own_task

        def undo() -> None:
            tasks.command(lambda: ward_tasks.reopen(desk, task), failed=self._on_refused)

        def said(_changes: Changes) -> None:
            self.workplace.navigator.toast(tr("Done: {task}", task=line.item.words), undo)

        tasks.command(
            lambda: ward_tasks.done(desk, task), done=said, failed=self._on_refused, owner=self
        )

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self.workplace.navigator.toast(explain(error).line)
        self._read()

    def _write_task(self) -> None:
        if self._list is not None and self._list.people:
            self.not_needed.hide()
            self.new.open_for(self._list.people, self.patient())

    def _not_needed(self) -> None:
        line = self._line()
        if line is not None and line.own_task:
            self.new.close_card()
            self.not_needed.open_for(line.own_task, line.item.words)

    @Slot()
    def _back_to_list(self) -> None:
        self.view.setFocus()


def _count(lines: list[Line], late: Chip, due: Chip) -> None:
    """Say how many things are late and how many due; nothing where there are none."""
    numbers = {
        state: sum(each.item.count for each in lines if each.state == state)
        for state in ("late", "due")
    }
    late.say(tr("{count} late", count=numbers["late"]), "danger", "clock")
    due.say(tr("{count} due", count=numbers["due"]), "warn", "clock")
    late.setVisible(bool(numbers["late"]))
    due.setVisible(bool(numbers["due"]))


def _open(go: Navigator, line: Line) -> None:
    """Lead to where it is done; of several notes, to the one that is meant."""
    item, patient = line.item, line.who.patient
    if item.kind == "signature":
        go.open_screen("chart", patient=patient, tab=PLACES[item.kind], record=item.record)
    else:
        go.open_chart(patient, PLACES[item.kind])


def _keys() -> str:
    """The few keys of the list, always in sight."""
    words = (
        tr("Enter opens where it is done"),
        tr("Space done"),
        tr("N new task"),
        tr("X not needed any more"),
    )
    return "  ·  ".join(words)


def _same(one: Line, other: Line) -> bool:
    return (one.who.patient, one.item.kind, one.item.record) == (
        other.who.patient,
        other.item.kind,
        other.item.record,
    )
