"""The right side of the notes tab while one reads: the note, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services import notes
from workstation.ui.screens.chart.note_reader import NoteReader
from workstation.ui.screens.chart.note_rows import NoteRow
from workstation.ui.screens.chart.note_signing import NoteSigning
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button
from workstation.ui.toolkit.workplace import Workplace


class NoteSide(QWidget):
    """A note with its buttons.

    Signals:
        write_wanted: Go on with the draft, or amend the note. arg 0: its `NoteRow`.
        history_wanted: Show the versions of the note.
    """

    write_wanted = Signal(object)
    history_wanted = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start without a note.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.workplace = workplace
        self._row: NoteRow | None = None
        self._reader, self._note = NoteReader(), FieldNote()
        self.signing = NoteSigning(workplace)
        self._reason = QLineEdit()
        self._reason.setPlaceholderText(tr("Why is it an error?"))
        self._reason.setAccessibleName(tr("Why is it an error?"))
        self._reason.returnPressed.connect(self._on_wrong)
        self._reason.hide()
        self._write = button(tr("Amend"), self._on_write, symbol="note")
        self._wrong = button(tr("Entered in error…"), self._on_wrong, symbol="delete")
        self._versions = button(
            tr("History"), self.history_wanted.emit, symbol="clock", hint="Ctrl+H"
        )
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        for widget in (self.signing.go, self._write, self._versions, self._wrong):
            row.addWidget(widget)
        row.addWidget(self._reason, 1)
        row.addWidget(self._note)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, theme.px(10))
        box.addWidget(self._reader, 1)
        box.addWidget(self.signing)
        box.addLayout(row)

    def clear(self) -> None:
        """Show nothing of anybody: no word and no deed of the patient before stays."""
        self._row = None
        self._reader.clear()
        self.signing.show_note(None)
        self._reason.hide()
        self._note.say(None)
        for each in (self._write, self._wrong, self._versions):
            each.setEnabled(False)

    def show_row(self, row: NoteRow) -> None:
        """Show a note or a draft; where it is there already, what is typed beside it stays."""
        if row == self._row:
            return
        self._row = row
        if row.draft is not None:
            self._reader.show_draft(row.draft)
        elif row.note is not None:
            self._reader.show_note(row.note)
        self.signing.show_note(row.note)
        self._reason.hide()
        self._note.say(None)
        stands = row.note is not None and row.note.state != "entered-in-error"
        self._write.setText(tr("Go on writing") if row.draft else tr("Amend"))
        self._write.setEnabled(row.draft is not None or row.amendable)
        self._wrong.setEnabled(stands)
        self._versions.setEnabled(row.note is not None)

    @Slot()
    def _on_write(self) -> None:
        if self._row is not None:
            self.write_wanted.emit(self._row)

    @Slot()
    def _on_wrong(self) -> None:
        """First ask for the reason, then mark it."""
        note = self._row.note if self._row else None
        if note is None:
            return
        if self._reason.isHidden():
            self._reason.clear()
            self._reason.show()
            self._reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        desk, reason = self.workplace.desk, self._reason.text()
        self.workplace.tasks.command(
            lambda: notes.enter_in_error(desk, note, reason=reason),
            done=self._on_marked,
            failed=self._on_refused,
        )

    @Slot(object)
    def _on_marked(self, _changes: Changes) -> None:
        self._reason.hide()
        self.workplace.navigator.toast(tr("Marked as entered in error."))

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self._note.say(error)
