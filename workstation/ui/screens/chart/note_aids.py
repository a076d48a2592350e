"""What helps to write a note: the newest values by one key, text snippets and one's own list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import language, tr
from workstation.services import note_values, snippets
from workstation.services.snippets import Snippet
from workstation.ui.screens.chart.note_field import NoteField
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, label, set_property
from workstation.ui.toolkit.workplace import Workplace


class NoteAids(QWidget):
    """A line that names the keys, and below it the list of snippets while it is wanted."""

    def __init__(self, workplace: Workplace, fields: Sequence[NoteField]) -> None:
        """Help with some fields.

        Args:
            workplace: What it works with.
            fields: Where text goes; the first one when none has the keyboard.
        """
        super().__init__()
        self.workplace, self._fields = workplace, tuple(fields)
        self._patient: PatientId | None = None
        self._target = self._fields[0]
        self._model: RowsModel[Snippet] = RowsModel(_columns(), self)
        self._view = RowsView(self._model)
        self._view.wrap_rows(34)
        self._view.setAccessibleName(tr("Text snippets"))
        self._view.opened.connect(self._on_opened)
        self._view.selectionModel().currentChanged.connect(self._on_current)
        self._key, self._text, self._note = QLineEdit(), NoteField(), FieldNote()
        self._list = self._lay_out()
        self._list.hide()

    def begin(self, patient: PatientId, first: NoteField) -> None:
        """Help with a note about somebody.

        Args:
            patient: Who it is about.
            first: Where text goes when no field has the keyboard.
        """
        self._patient, self._target = patient, first
        self._list.hide()
        self._read()

    def insert_values(self) -> None:
        """Put the newest values at the cursor, for the writer to see and to change."""
        patient, desk, tongue = self._patient, self.workplace.desk, language()
        if patient is None:
            return
        target = self._in_use()

        def show(text: str) -> None:
            if patient != self._patient:
                return
            if text:
                target.insert(text)
                self.workplace.navigator.toast(tr("Values put in. Read them before you sign."))
            else:
                self.workplace.navigator.toast(tr("There are no values of this patient yet."))

        self.workplace.tasks.query(
            lambda: note_values.newest_values(desk, patient, tongue),
            done=show,
            failed=self._on_failed,
        )

    def turn(self) -> None:
        """Show the list of snippets, or go back to the note."""
        if self._list.isVisible():
            self._list.hide()
            self._target.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._target = self._in_use()
        self._list.show()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._model.rows and not self._view.currentIndex().isValid():
            self._view.selectRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the note."""
        if event.key() == Qt.Key.Key_Escape and self._list.isVisible():
            self.turn()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> QWidget:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        keys = tr("Ctrl+Shift+V: newest values · ;word and Space: snippet · Ctrl+Shift+S: snippets")
        box.addWidget(label(keys, "caption", "muted", wrap=True))
        whole = QWidget()
        halves = QHBoxLayout(whole)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(theme.px(10))
        halves.addWidget(self._view, 3)
        form = QVBoxLayout()
        self._key.setAccessibleName(tr("Short word"))
        self._key.setPlaceholderText(tr("Short word"))
        self._text.setAccessibleName(tr("Text"))
        self._text.setPlaceholderText(tr("Text; ___ is a blank to fill in"))
        form.addWidget(self._key)
        form.addWidget(self._text, 1)
        form.addWidget(self._note)
        row = QHBoxLayout()
        row.addWidget(button(tr("Keep snippet"), self._keep, symbol="save"))
        row.addWidget(button(tr("Delete my own"), self._forget, kind="quiet", symbol="delete"))
        row.addStretch(1)
        form.addLayout(row)
        halves.addLayout(form, 2)
        whole.setMaximumHeight(theme.px(190))
        box.addWidget(whole)
        return whole

    def _in_use(self) -> NoteField:
        return next((field for field in self._fields if field.hasFocus()), self._target)

    def _read(self) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: snippets.snippets(desk), done=self._on_read, failed=self._on_failed
        )

    def _keep(self) -> None:
        key, text, desk = self._key.text(), self._text.toPlainText(), self.workplace.desk
        self._command(lambda: snippets.keep(desk, key, text))

    def _forget(self) -> None:
        key, desk = self._key.text(), self.workplace.desk
        self._command(lambda: snippets.forget(desk, key))

    def _command(self, work: Callable[[], Changes]) -> None:
        self.workplace.tasks.command(work, done=self._on_changed, failed=self._on_refused)

    @Slot(object)
    def _on_read(self, found: tuple[Snippet, ...]) -> None:
        self._model.replace(found)
        texts = {each.key: each.text for each in found}
        for field in self._fields:
            field.use_snippets(texts)

    @Slot(object)
    def _on_changed(self, _changes: Changes) -> None:
        self._note.say(None)
        self.workplace.navigator.toast(tr("Your snippets are kept on this terminal."))
        self._read()

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self._note.say(error)
        field = self._key if error.field == "key" else self._text
        set_property(self._key, "state", "invalid" if error.field == "key" else "")
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self.workplace.navigator.toast(explain(error).line)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE)
        if row is not None:
            self._key.setText(row.key)
            self._text.setPlainText(row.text)
            set_property(self._key, "state", "")
            self._note.say(None)

    @Slot(object)
    def _on_opened(self, row: Snippet) -> None:
        """Enter puts it into the note."""
        self.turn()
        self._target.insert(row.text)


def _columns() -> tuple[Column[Snippet], ...]:
    return (
        Column(tr("Short word"), lambda row: f";{row.key}", 100, role="strong"),
        Column(tr("Text"), lambda row: row.text.replace("\n", " ⏎ ")),
        Column(tr("Whose"), lambda row: tr("mine") if row.own else tr("ward's"), 80),
    )
