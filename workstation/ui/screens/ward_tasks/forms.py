"""What is typed on the task list: a new task, or why one is not to be done any more."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import task_list, ward_tasks
from workstation.services.inpatients import Inpatient
from workstation.services.task_list import TaskDraft
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.once import Once
from workstation.ui.toolkit.widgets.moment import MomentEntry, moment_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label, set_property
from workstation.ui.toolkit.workplace import Workplace

_PAUSE_MS = 500
"""So long after the last key what is typed is kept."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Card(QFrame):
    """Fields side by side at the foot of the list; Enter saves, Escape closes.

    Signals:
        closed: The keys go back to the list.
    """

    closed = Signal()

    def __init__(self, title: str, fields: Sequence[tuple[str, QWidget, int]], verb: str) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._note = FieldNote()
        self._title = label(title, "strong")
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        for name, field, share in fields:
            field.setAccessibleName(name)
            row.addWidget(label(name))
            row.addWidget(field, share)
        row.addWidget(button(verb, self.save, kind="primary", symbol="check", hint="Enter"))
        row.addWidget(button(tr("Close"), self.close_card, kind="quiet", hint="Esc"))
        box = QVBoxLayout(self)
        gap = theme.px(10)
        box.setContentsMargins(gap, theme.px(6), gap, theme.px(6))
        box.setSpacing(theme.px(4))
        box.addWidget(self._title)
        box.addLayout(row)
        box.addWidget(self._note)
        self.hide()

    @abstractmethod
    def save(self) -> None:
        """Write it down."""

    def close_card(self) -> None:
        """Close; what is typed stays as a draft where the card keeps one."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in any field saves."""
        if event.key() in _ENTER:
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            super().keyPressEvent(event)


class NewTask(_Card):
    """A task for one of the patients of the ward; what is typed survives as a draft."""

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        self.patient, self.words = QComboBox(), QLineEdit()
        self.patient.setMinimumWidth(theme.px(160))
        self.words.setMinimumWidth(theme.px(150))
        self.words.setMaxLength(ward_tasks.LONGEST_WORDS)
        self.due = MomentEntry(tr("Due"), workplace.clock.now())
        self.due.setFixedWidth(theme.px(148))
        fields = (
            (tr("Patient"), self.patient, 0), (tr("What"), self.words, 1), (tr("Due"), self.due, 0),
        )  # fmt: skip
        super().__init__(tr("New task"), fields, tr("Write down"))
        self.patient.activated.connect(self._on_patient)
        self._for: PatientId | None = None
        self._once = Once(workplace, self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        for field in (self.words, self.due):
            field.textEdited.connect(lambda _text: self._pause.start())

    def open_for(self, people: Sequence[Inpatient], patient: PatientId | None) -> None:
        """Begin, or go on with what was typed before."""
        self.flush()
        self.patient.clear()
        for who in people:
            self.patient.addItem(f"{who.bed_name or '–'}  {who.name.formal}", who.patient)
        places = [n for n, who in enumerate(people) if who.patient == patient]
        self.patient.setCurrentIndex(places[0] if places else -1)  # never a neighbour unasked
        self._for = self.patient.currentData()
        self._note.say(None)
        self.words.clear()
        self.due.setText(moment_text(self.workplace.clock.now() + timedelta(hours=1)))
        self.show()
        first = self.words if places else self.patient
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look_for_draft()

    def save(self) -> None:
        """Put it on the list of everybody who cares for the patient."""
        patient = self._for
        try:
            due = self.due.value()
        except Refused as refused:
            self._on_failed(Refused(refused.code, field="due"))
            return
        if patient is None:
            self.patient.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.flush()  # a refusal finds it kept, whatever is open by then
        desk, words = self.workplace.desk, self.words.text()
        draft = task_list.draft_id(desk, patient)
        self._once.command(
            lambda: ward_tasks.add(desk, patient, words, due, draft=draft),
            done=partial(self._on_written, (patient, words)),
            failed=self._on_failed,
        )

    @Slot()
    def flush(self) -> None:
        """Keep what is typed."""
        self._pause.stop()
        patient, desk = self._for, self.workplace.desk
        typing = not self.isHidden() and not self._once.busy
        if patient is not None and typing and self.words.text():
            typed = TaskDraft(self.words.text(), self.due.text())
            self.workplace.tasks.command(lambda: task_list.keep_draft(desk, patient, typed))

    def close_card(self) -> None:
        """Keep the draft and close."""
        self.flush()
        super().close_card()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what is typed when the screen goes away, as at a lock."""
        self.flush()
        super().hideEvent(event)

    def _look_for_draft(self) -> None:
        patient, desk = self._for, self.workplace.desk
        if patient is not None:
            self.workplace.tasks.query(
                lambda: (patient, task_list.draft(desk, patient)), done=self._on_draft
            )

    @Slot(int)
    def _on_patient(self, _place: int) -> None:
        """What is typed was never meant for who was chosen before."""
        before, desk = self._for, self.workplace.desk
        if before is not None and self.words.text():
            nothing = TaskDraft("", "")
            self.workplace.tasks.command(lambda: task_list.keep_draft(desk, before, nothing))
        self._for = self.patient.currentData()

    @Slot(object)
    def _on_draft(self, answer: tuple[PatientId, TaskDraft | None]) -> None:
        patient, draft = answer
        if patient == self._for and draft is not None and not self.words.text():
            self.words.setText(draft.words)
            self.due.setText(draft.due)

    def _on_written(self, written: tuple[PatientId, str], changes: Changes) -> None:
        task = next((ref.partition("/")[2] for ref in changes.references), "")
        desk, tasks = self.workplace.desk, self.workplace.tasks
        why = tr("Taken back by the person who wrote it")

        def undo() -> None:
            tasks.command(
                lambda: ward_tasks.cancel(desk, task, reason=why),
                failed=self.workplace.tell,
            )

        self.workplace.navigator.toast(tr("The task is on the list."), undo)
        if (self._for, self.words.text()) == written:  # else the next one is being typed already
            self.words.clear()
            self.hide()
            self.closed.emit()

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._note.say(error)
        field = self.due if error.field == "due" else self.words
        set_property(self.words, "state", "invalid" if error.field == "words" else "")
        field.setFocus(Qt.FocusReason.OtherFocusReason)


class NotNeeded(_Card):
    """Why a task is not to be done any more."""

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        self._task = ""
        self.reason = QLineEdit()
        self.reason.setMaxLength(ward_tasks.LONGEST_WORDS)
        super().__init__("", ((tr("Reason"), self.reason, 1),), tr("Not needed any more"))

    def open_for(self, task: str, words: str) -> None:
        """Ask for the reason."""
        self._task = task
        self._title.setText(tr("Not needed any more: {task}", task=words))
        self.reason.clear()
        self._note.say(None)
        self.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Cancel the task."""
        desk, task, reason = self.workplace.desk, self._task, self.reason.text()
        self.workplace.tasks.command(
            lambda: ward_tasks.cancel(desk, task, reason=reason),
            done=self._on_cancelled,
            failed=self._note.say,
            owner=self,
        )

    @Slot(object)
    def _on_cancelled(self, _changes: Changes) -> None:
        desk, task, tasks = self.workplace.desk, self._task, self.workplace.tasks

        def undo() -> None:
            tasks.command(
                lambda: ward_tasks.reopen(desk, task),
                failed=self.workplace.tell,
            )

        self.workplace.navigator.toast(tr("The task is off the list."), undo)
        self.close_card()
