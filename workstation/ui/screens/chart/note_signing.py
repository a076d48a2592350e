"""Where a note is signed a second time: by whoever is logged in, or by a colleague's PIN."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.clinical import co_signature as rules
from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.security.people import Person
from workstation.services import note_signatures
from workstation.services.notes import Note
from workstation.ui.screens.chart.signature_words import whom_words
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.once import Once
from workstation.ui.toolkit.widgets.second_person import SecondPerson
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace


class NoteSigning(QWidget):
    """Name and PIN when somebody else is to sign here, and a button to begin.

    Signals:
        closed: The keys go back to the list.

    Attributes:
        go: The button; it stands in the row of what can be done with the note.
    """

    closed = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start without a note.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.workplace = workplace
        self._shown: Note | None = None
        self._once = Once(workplace, self)
        self.person: SecondPerson | None = None
        self.go = button("", self.sign, kind="primary", symbol="check", hint="Ctrl+Shift+G")
        self.go.hide()
        later = tr("Or later at their own log-in, on any terminal: it stands in their tasks.")
        self._note, self._later = FieldNote(), label(later, "caption", "muted", wrap=True)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        self._box.setSpacing(theme.px(6))
        self._box.addWidget(self._note)
        self._box.addWidget(self._later)
        for widget in (self._note, self._later):
            widget.hide()

    @property
    def possible(self) -> bool:
        """Whether the note in sight waits for a second signature."""
        return self._shown is not None and self._shown.under.state in ("waiting", "outdated")

    def show_note(self, note: Note | None) -> None:
        """Be about another note; a PIN half typed is forgotten when its words are others."""
        before = self._shown
        same = note is not None and before is not None and note.version == before.version
        if not same or note is None or note.id != (before.id if before else ""):
            self._drop()
            self._say(None)
        self._shown = note
        if not self.possible:
            self._drop()
        wanted = note.under.wanted if note is not None else None
        chair = wanted is not None and wanted.post == "chair"
        self.go.setText(tr("The chair signs") if chair else tr("Sign beside the author"))
        self.go.setVisible(self.possible)

    def sign(self) -> None:
        """Sign as the person at the desk, or ask who signs and for their PIN."""
        note, own = self._shown, self.workplace.desk.person
        if note is None or not self.possible:
            return
        if self._may(own):
            self._sign(own)
        elif self.person is None:
            self.person = SecondPerson(
                self.workplace, may=self._may, title=tr("{who} signs here with their PIN",
                                                        who=whom_words(note.under)),
            )  # fmt: skip
            self.person.proved.connect(self._on_proved)
            self._box.addWidget(self.person)
            self._say(None)
            self._later.show()
            self.person.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes name and PIN."""
        if event.key() == Qt.Key.Key_Escape and self.person is not None:
            self._drop()
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """A PIN half typed is forgotten with the page, as at a lock."""
        self._drop()
        super().hideEvent(event)

    def _may(self, person: Person) -> bool:
        note = self._shown
        wanted = note.under.wanted if note is not None else None
        if note is None or wanted is None:
            return False
        author = note.author_reference.removeprefix("Practitioner/")
        return person.id != author and rules.answers(wanted, person.id, person.role)

    def _sign(self, person: Person) -> None:
        note, desk = self._shown, self.workplace.desk
        if note is None:
            return
        self._once.command(
            lambda: note_signatures.sign(desk, note.id, note.version, by=person),
            done=lambda _changes: self._on_signed(note, person),
            failed=self._on_refused,
        )

    def _on_signed(self, note: Note, person: Person) -> None:
        self._drop()
        desk, tasks = self.workplace.desk, self.workplace.tasks

        def undo() -> None:
            tasks.command(lambda: note_signatures.take_back(desk, note.id), failed=self._on_refused)

        own = person.id == desk.person.id
        said = tr("Signed by {name}.", name=person.name)
        self.workplace.navigator.toast(said, undo if own else None)
        self.closed.emit()

    @Slot()
    def _on_proved(self) -> None:
        if self.person is not None and self.person.person is not None:
            self._sign(self.person.person)

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self._drop()
        self._say(error)

    def _say(self, error: WorkstationError | None) -> None:
        self._note.say(error)
        self._note.setVisible(error is not None)

    def _drop(self) -> None:
        self._later.hide()
        if self.person is not None:
            self._box.removeWidget(self.person)
            self.person.hide()
            self.person.deleteLater()
            self.person = None
