"""Giving and taking over: who takes over, and their PIN; or a question back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.security.people import Person
from workstation.security.rights import holds
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Panel(QFrame):
    """One line above the foot of the page; Escape closes it.

    Signals:
        closed: The keys go back to the list.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.title = label("", "strong", wrap=True)
        self.note = FieldNote()
        self.row = QHBoxLayout()
        self.row.setSpacing(theme.px(10))
        box = QVBoxLayout(self)
        gap = theme.px(10)
        box.setContentsMargins(gap, theme.px(6), gap, theme.px(6))
        box.setSpacing(theme.px(4))
        box.addWidget(self.title)
        box.addLayout(self.row)
        box.addWidget(self.note)
        self.hide()

    def close_panel(self) -> None:
        """Close without doing anything."""
        self.hide()
        self.closed.emit()

    def refuse(self, error: WorkstationError) -> None:
        """Say why it cannot be done."""
        self.note.say(error)

    @abstractmethod
    def save(self) -> None:
        """Do it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in a field does it, Escape closes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _ENTER:
                self.save()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_panel()
                return True
        return super().eventFilter(watched, event)


class TakeOver(_Panel):
    """The person who takes over proves who they are by their PIN, at the same terminal.

    Signals:
        proved: arg 0: the Person, or None where it is left waiting.
    """

    proved = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.workplace = workplace
        self._people: tuple[Person, ...] = ()
        self._alone = False
        self.person, self.pin = QComboBox(), QLineEdit()
        self.person.setMinimumWidth(theme.px(230))
        self.person.setAccessibleName(tr("Who takes over"))
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText)
        self.pin.setAccessibleName(tr("Their PIN"))
        self.pin.setPlaceholderText(tr("Their PIN"))
        self.pin.setFixedWidth(theme.px(150))
        self._who = label(tr("Who takes over"))
        self._wait = button(tr("Leave it waiting"), self._leave, symbol="clock")
        for field in (self.person, self.pin):
            field.installEventFilter(self)
        for widget in (self._who, self.person, self.pin):
            self.row.addWidget(widget)
        self._go = button(tr("Hand over"), self.save, kind="primary", symbol="handover",
                          hint="Enter")  # fmt: skip
        self.row.addWidget(self._go)
        self.row.addWidget(self._wait)
        self.row.addWidget(button(tr("Close"), self.close_panel, kind="quiet", hint="Esc"))
        self.row.addStretch(1)

    def ask(self, title: str, *, own: bool) -> None:
        """Ask for the PIN.

        Args:
            title: What is handed over.
            own: Whether it is the person at the desk who takes over what waits.
        """
        self.title.setText(title)
        self.note.say(None)
        self.pin.clear()
        self._alone = own
        for widget in (self._who, self.person, self._wait):
            widget.setVisible(not own)
        self._go.setText(tr("Take over") if own else tr("Hand over"))
        colleagues = self.workplace.colleagues
        self.workplace.tasks.query(
            lambda: colleagues.people() if colleagues is not None else (),
            done=self._on_people,
            failed=self.refuse,
            owner=self,
        )

    def save(self) -> None:
        """Let the PIN prove who takes over; the record waits for nobody meanwhile."""
        colleagues = self.workplace.colleagues
        person = self.workplace.desk.person if self._alone else self.person.currentData()
        if colleagues is None or person is None:
            self.refuse(Refused("unknown-person"))
            return
        if not self.pin.text():
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        pin = self.pin.text()
        self.pin.clear()
        self._go.setEnabled(False)
        self.workplace.tasks.slow(
            lambda _progress: colleagues.prove(person.id, pin),
            done=self._on_proved,
            failed=self._on_refused,
            owner=self,
        )

    def hideEvent(self, event: object) -> None:
        """A PIN half typed is forgotten."""
        self.pin.clear()
        super().hideEvent(event)  # type: ignore[arg-type]

    def _leave(self) -> None:
        self.proved.emit(None)

    @Slot(object)
    def _on_people(self, people: Sequence[Person]) -> None:
        own = self.workplace.desk.person.id
        able = [each for each in people if each.id != own and holds(each.role, "chart")]
        before: Person | None = self.person.currentData()
        self.person.clear()
        for each in able:
            self.person.addItem(each.name, each)
        nurses = [n for n, each in enumerate(able) if each.role != "doctor"]
        again = [n for n, each in enumerate(able) if before is not None and each.id == before.id]
        self.person.setCurrentIndex(next(iter(again or nurses), 0))
        self.show()
        field = self.pin if self._alone else self.person
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_proved(self, person: Person) -> None:
        self._go.setEnabled(True)
        self.proved.emit(person)

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self._go.setEnabled(True)
        self.refuse(error)
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)


class AskBack(_Panel):
    """A question to whoever gave the handover."""

    def __init__(self, ask: Callable[[str], None]) -> None:
        """Start empty.

        Args:
            ask: Sends the question.
        """
        super().__init__()
        self._ask = ask
        self.question = QLineEdit()
        self.question.setMaxLength(400)
        self.question.setAccessibleName(tr("Question"))
        self.question.installEventFilter(self)
        self.row.addWidget(label(tr("Question")))
        self.row.addWidget(self.question, 1)
        self.row.addWidget(
            button(tr("Ask"), self.save, kind="primary", symbol="help", hint="Enter")
        )
        self.row.addWidget(button(tr("Close"), self.close_panel, kind="quiet", hint="Esc"))

    def open_for(self, title: str) -> None:
        """Let a question be typed."""
        self.title.setText(title)
        self.note.say(None)
        self.question.clear()
        self.show()
        self.question.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Send it."""
        self._ask(self.question.text())
