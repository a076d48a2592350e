"""Taking note of a critical result: one line for what was done, with the usual ones to pick."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services import critical_results
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.once import Once
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label, set_property
from workstation.ui.toolkit.workplace import Workplace


def usual_actions() -> tuple[str, ...]:
    """What is usually done about a critical result, the most usual first."""
    return (
        tr("Doctor informed"),
        tr("Treated as ordered"),
        tr("Sample taken again"),
        tr("Known, being watched"),
    )


class _Line(QLineEdit):
    """Down and Up walk through the usual words; Escape gives up."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, or give up; all else is typed."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            usual = usual_actions()
            place = usual.index(self.text()) + step if self.text() in usual else min(step, 0)
            self.setText(usual[place % len(usual)])
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class AcknowledgeForm(QFrame):
    """A line below what it is about; it saves what is given, and offers to take it back.

    Signals:
        closed: It was given up, or what was given is saved.
        changed: The record has another acknowledgement, or one less.
    """

    closed = Signal()
    changed = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Be hidden until something is asked.

        Args:
            workplace: Where it saves.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._workplace = workplace
        self._observation = self._seen = ""
        self._texts: dict[str, str] = {}
        self._once = Once(workplace, self)
        self.setProperty("card", True)
        set_property(self, "danger", True)
        self._title = label("", "strong", wrap=True)
        self.line = _Line()
        self.line.setAccessibleName(tr("What was done"))
        self.line.setPlaceholderText(tr("What was done: ↓ picks, or type"))
        self.line.returnPressed.connect(self._on_given)
        self.line.given_up.connect(self.give_up)
        self._note = FieldNote()
        self._note.hide()
        box = QVBoxLayout(self)
        gap = theme.px(10)
        box.setContentsMargins(gap, gap, gap, gap)
        box.setSpacing(theme.px(6))
        box.addWidget(self._title)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self.line, 1)
        row.addWidget(button(tr("Cancel"), self.give_up, hint="Esc"))
        row.addWidget(
            button(tr("Acknowledge"), self._on_given, kind="primary", symbol="check", hint="Enter")
        )
        box.addLayout(row)
        box.addWidget(self._note)
        self.hide()

    def ask(self, observation: str, title: str, seen: str) -> None:
        """Ask about one result; what was typed for it before is there again.

        Args:
            observation: Id of the Observation.
            title: Who and what, translated.
            seen: What the result says on the screen, see `critical_results.said`.
        """
        self._keep()
        self._observation, self._seen = observation, seen
        self._title.setText(title)
        self.line.setText(self._texts.get(observation, ""))
        self._note.hide()
        self.show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def give_up(self) -> None:
        """Close it; what was typed is kept until it is asked again."""
        self._keep()
        self._observation = ""
        self.hide()
        self.closed.emit()

    def _keep(self) -> None:
        if self._observation and self.line.text().strip():
            self._texts[self._observation] = self.line.text()

    @Slot()
    def _on_given(self) -> None:
        observation, done, desk = self._observation, self.line.text(), self._workplace.desk
        seen = self._seen
        self._once.command(
            lambda: critical_results.acknowledge(desk, observation, done, seen_value=seen),
            done=partial(self._on_saved, observation),
            failed=partial(self._on_refused, observation),
        )

    def _on_saved(self, observation: str, _changes: Changes) -> None:
        self._texts.pop(observation, None)
        self._workplace.navigator.toast(
            tr("Acknowledged with your name. Saved on this terminal."),
            partial(self._take_back, observation),
        )
        if observation == self._observation:  # else it asks about another one by now
            self._observation = ""
            self.hide()
            self.closed.emit()
        self.changed.emit()

    def _take_back(self, observation: str) -> None:
        desk = self._workplace.desk
        self._workplace.tasks.command(
            lambda: critical_results.take_back(desk, observation),
            done=self._on_taken_back,
            failed=self._workplace.tell,
        )

    @Slot(object)
    def _on_taken_back(self, _changes: Changes) -> None:
        self.changed.emit()

    def _on_refused(self, observation: str, error: WorkstationError) -> None:
        if observation != self._observation:
            self._workplace.tell(error)
            return
        self._note.say(error)
        self._note.show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
