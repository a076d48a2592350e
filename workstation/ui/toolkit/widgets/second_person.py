"""Where a second clinician confirms with a PIN, beside the person who is logged in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label

if TYPE_CHECKING:
    from workstation.security.people import Person
    from workstation.ui.toolkit.workplace import Workplace

_CLINICIANS = ("doctor", "nurse", "head-nurse")


class SecondPerson(QFrame):
    """Name and PIN of a colleague; the PIN is tried off the window's thread and never kept.

    Signals:
        proved: Somebody confirmed, or what was confirmed is not any more.
    """

    proved = Signal()

    def __init__(
        self,
        workplace: Workplace,
        parent: QWidget | None = None,
        *,
        may: Callable[[Person], bool] | None = None,
        title: str = "",
    ) -> None:
        """Ask for somebody.

        Args:
            workplace: What it works with.
            parent: The widget around it.
            may: Who can be chosen; any clinician when None.
            title: Translated words above the fields.
        """
        super().__init__(parent)
        self._workplace = workplace
        self._may = may or (lambda each: each.role in _CLINICIANS)
        self._wants_keys = False
        self.person: Person | None = None
        self._people: tuple[Person, ...] = ()
        self.setProperty("card", True)
        self._who = QComboBox()
        self._who.setAccessibleName(tr("Second person"))
        self._pin = QLineEdit()
        self._pin.setEchoMode(QLineEdit.EchoMode.Password)
        self._pin.setAccessibleName(tr("PIN of the second person"))
        self._pin.setPlaceholderText(tr("PIN of the second person"))
        self._pin.returnPressed.connect(self._prove)
        self._confirm = button(tr("Confirm"), self._prove, symbol="check")
        self._note = FieldNote()
        self._done = Chip("", "ok", "check")
        self._fields = self._laid_out()
        self._lay_out(title or tr("A second clinician confirms"))
        self._read()

    def _lay_out(self, title: str) -> None:
        box = QVBoxLayout(self)
        gap = theme.px(12)
        box.setContentsMargins(theme.px(18), gap, gap, gap)
        box.setSpacing(theme.px(6))
        box.addWidget(label(title, "strong", wrap=True))
        for part in (self._fields, self._note, self._done):
            box.addWidget(part)
        self._note.hide()
        self._done.hide()

    def _laid_out(self) -> QWidget:
        made = QWidget()
        fields = QVBoxLayout(made)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(theme.px(6))
        fields.addWidget(self._who)
        row = QHBoxLayout()
        row.addWidget(self._pin, 1)
        row.addWidget(self._confirm)
        fields.addLayout(row)
        return made

    def ask(self, missing: Refused) -> None:
        """Put the keyboard where it is wanted, and say why."""
        self._say(missing)
        (self._pin if self._who.count() == 1 else self._who).setFocus()

    def start(self) -> None:
        """Take the keyboard, as soon as it is known who can be asked."""
        self._wants_keys = True
        if self._people:
            (self._pin if len(self._people) == 1 else self._who).setFocus()

    def forget(self) -> None:
        """Ask anew: what was confirmed has changed."""
        if self.person is not None:
            self.person = None
            self.proved.emit()
        self._pin.clear()
        self._fields.show()
        self._done.hide()
        self._say(None)

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        return [self._who, self._pin, self._confirm]

    def _read(self) -> None:
        colleagues = self._workplace.colleagues
        if colleagues is None:
            self._on_people(())
            return
        self._workplace.tasks.slow(
            lambda _progress: colleagues.people(),
            done=self._on_people,
            failed=self._say,
            owner=self,
        )

    def _on_people(self, people: tuple[Person, ...]) -> None:
        own = self._workplace.desk.person.id
        self._people = tuple(each for each in people if self._may(each) and each.id != own)
        self._who.clear()
        self._who.addItems([each.name for each in self._people])
        alone = not self._people
        self._fields.setEnabled(not alone)
        self._say(Refused("nobody-to-confirm") if alone else None)
        if self._wants_keys:
            self.start()

    def _prove(self) -> None:
        colleagues, place = self._workplace.colleagues, self._who.currentIndex()
        if colleagues is None or not 0 <= place < len(self._people) or not self._pin.text():
            return
        who, pin = self._people[place].id, self._pin.text()
        self._pin.clear()
        self._fields.setEnabled(False)
        self._workplace.tasks.slow(
            lambda _progress: colleagues.prove(who, pin),
            done=self._on_proved,
            failed=self._on_refused,
            owner=self,
        )

    def _on_proved(self, person: Person) -> None:
        self.person = person
        self._fields.setEnabled(True)
        self._fields.hide()
        self._say(None)
        self._done.say(tr("Confirmed by {name}", name=person.name), "ok", "check")
        self._done.show()
        self.proved.emit()

    def _on_refused(self, error: WorkstationError) -> None:
        self._fields.setEnabled(True)
        self._say(error)
        self._pin.setFocus()

    def _say(self, error: WorkstationError | None) -> None:
        self._note.say(error)
        self._note.setVisible(error is not None)
