"""The notes tab: list on the left, reader or editor on the right."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import notes
from workstation.services.notes import Note, NoteDraft, NoteText, OwnKind
from workstation.ui.screens.chart import note_rows
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.note_rows import NoteRow
from workstation.ui.screens.chart.note_side import NoteSide
from workstation.ui.screens.chart.page import Page
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.stack import Stack
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button

_NEW = frozenset({"add_note", "add_consultation"})
_Read = tuple[tuple[NoteDraft, ...], tuple[Note, ...]]


class NotesPage(Page):
    """Notes and drafts of one patient."""

    types = frozenset({"DocumentReference", "Task"})
    paper = "progress"

    def build(self) -> QWidget:
        """Make list, reader and editor."""
        self._wanted = ""
        self._model: RowsModel[NoteRow] = RowsModel(note_rows.columns(), self)
        self._view = RowsView(self._model)
        self._view.setAccessibleName(tr("Notes"))
        self._view.setItemDelegate(note_rows.NoteDelegate(self._view))
        self._view.verticalHeader().setDefaultSectionSize(theme.px(50))
        self._view.horizontalHeader().hide()
        self._view.selectionModel().currentChanged.connect(self._on_current_changed)
        self._view.opened.connect(self._on_opened)
        self._side, self._editor = NoteSide(self.workplace), NoteEditor(self.workplace)
        self._side.write_wanted.connect(self._on_opened)
        self._side.history_wanted.connect(self._history)
        self._side.signing.closed.connect(self.focus_start)
        self._editor.closed.connect(self._on_editor_closed)
        self._right = Stack()
        self._right.setProperty("ground", "surface")
        self._right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._right.add(self._side)
        self._right.add(self._editor)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(self._list_side())
        halves.addWidget(self._right)
        halves.setStretchFactor(0, 2)
        halves.setStretchFactor(1, 3)
        halves.setSizes([theme.px(430), theme.px(910)])
        halves.setChildrenCollapsible(False)
        return halves

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient; what is typed about the one before is kept first."""
        if patient != self.subject:
            self.flush()
            self._right.bring(self._side)
            self._side.clear()
            self._wanted = ""
            self._model.replace(())
        super().set_patient(patient)

    def read(self, patient: PatientId) -> _Read:
        """Ask for one's own drafts and for all notes."""
        desk = self.workplace.desk
        return notes.my_drafts(desk, patient), notes.notes(desk, patient)

    def show_read(self, found: object) -> None:
        """Show them; the row that was in focus stays there."""
        drafts, written = cast("_Read", found)
        current = self._view.currentIndex().data(ROW_ROLE)
        wanted = self._wanted or (current.key if current else "")
        rows = note_rows.rows(drafts, written)
        self._model.replace(rows)
        place = next((n for n, row in enumerate(rows) if row.key == wanted), 0)
        if rows:
            self._view.selectRow(place)
            self._show(rows[place])
        elif not self._editing():
            action = button(tr("New note"), self.add, kind="primary", symbol="note")
            self.states.show_empty(tr("No notes yet"), tr("The first one appears here."), action)

    def focus_start(self) -> None:
        """The editor if one writes, else the list."""
        if self._editing():
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Keep what is typed."""
        self._editor.flush()

    def point_at(self, record: str) -> None:
        """Stand on one note, as soon as it is read."""
        if self._editing():
            self._editor.leave()
        self._wanted = record.removeprefix("DocumentReference/")
        self.refresh()

    def add(self) -> None:
        """Begin a doctor's or a nurse's note."""
        self._begin("doctor" if self.workplace.desk.person.role == "doctor" else "nurse")

    def _begin(self, kind: OwnKind) -> None:
        """Begin a note, or go on with the draft of one; what is being written stays as it is."""
        now_written = self._editor.draft if self._editing() else None
        if now_written is not None and (now_written.amends, now_written.kind) == (None, kind):
            self.focus_start()
            return
        desk, patient = self.workplace.desk, self.subject
        if patient is None:
            return
        self._write(NoteDraft(uuid7(), kind, NoteText(), self.workplace.clock.now()))
        self.workplace.tasks.query(
            lambda: (patient, notes.my_drafts(desk, patient)),
            done=self._on_drafts,
            failed=self._on_failed,
        )

    @Slot(object)
    def _on_drafts(self, answer: tuple[PatientId, tuple[NoteDraft, ...]]) -> None:
        """Go on with the draft that was left, unless something new is typed already."""
        patient, found = answer
        empty = self._editor.draft if self._editing() and patient == self.subject else None
        if empty is None or empty.text or empty.amends is not None:
            return
        open_one = next((d for d in found if d.amends is None and d.kind == empty.kind), None)
        if open_one is not None:
            self._write(open_one)

    def perform(self, action_id: str) -> bool:
        """New note, sign, keep, history, what helps to write."""
        if action_id not in self.offers():
            return False
        {
            "add_note": self.add,
            "add_consultation": lambda: self._begin("consultation"),
            "co_sign": self._side.signing.sign,
            "sign": self._editor.sign,
            "save": self._editor.leave,
            "history": self._history,
            "insert_values": self._editor.aids.insert_values,
            "snippets": self._editor.aids.turn,
        }[action_id]()
        return True

    def offers(self) -> frozenset[str]:
        """Signing while one writes; history of a note in focus."""
        if self._editing():
            return _NEW | {"sign", "save", "insert_values", "snippets"}
        signs = {"co_sign"} if self._side.signing.possible else set()
        return _NEW | signs | ({"history"} if self._current() else set())

    def guide(self) -> str:
        """Minutes have their own page, while they are written and while they are read."""
        shown = self._editor.draft if self._editing() else self._current()
        return "consultation" if shown is not None and shown.kind == "consultation" else ""

    def _list_side(self) -> QWidget:
        side, gap = QWidget(), theme.px(12)
        box = QVBoxLayout(side)
        box.setContentsMargins(gap, theme.px(8), theme.px(4), gap)
        box.addWidget(self._view, 1)
        return side

    def _editing(self) -> bool:
        return self._right.front() is self._editor

    def _current(self) -> Note | None:
        row = self._view.currentIndex().data(ROW_ROLE)
        return row.note if row else None

    def _show(self, row: NoteRow) -> None:
        if not self._editing():
            met = row.note is not None and row.note.kind == "consultation"
            self.paper = "consultation" if met else "progress"
            self._side.show_row(row)

    def _write(self, draft: NoteDraft) -> None:
        if self.subject is None:
            return
        self.states.show_content()
        self._right.bring(self._editor)
        self._editor.begin(self.subject, draft)

    def _history(self) -> None:
        if (note := self._current()) is not None:
            self.links.open_history("DocumentReference", note.id)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE)
        if row is not None:
            self._wanted = row.key
            self._show(row)

    @Slot(object)
    def _on_opened(self, row: NoteRow) -> None:
        note = row.note
        if row.draft is not None:
            self._write(row.draft)
        elif note is not None and row.amendable:
            kind: OwnKind = "nurse" if note.kind == "other" else note.kind
            now, wanted = self.workplace.clock.now(), note.under.wanted
            own = NoteDraft(uuid7(), kind, note.text, now, note.id, note.digest, wanted=wanted)
            self._write(own)

    @Slot(str)
    def _on_editor_closed(self, signed: str) -> None:
        """Read on; what was signed shows, so that its writer sees it stand in the record."""
        self._right.bring(self._side)
        self._wanted = signed
        self.refresh()
        self.focus_start()
