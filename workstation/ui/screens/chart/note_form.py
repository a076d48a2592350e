"""The fields of a doctor's or nurse's note, and whose second signature it needs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.services.note_signatures import Colleague
from workstation.services.notes import NoteDraft, NoteText
from workstation.ui.screens.chart.note_field import NoteField
from workstation.ui.screens.chart.person_choice import WantedChoice
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import label


class NoteForm(QWidget):
    """Course and, of a doctor, orders.

    Signals:
        edited: Something was typed or chosen.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course_name, self._orders_name = label("", "strong"), label("", "strong")
        self.course, self.orders, self.wanted = NoteField(), NoteField(), WantedChoice()
        self.texts = (self.course, self.orders)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(6))
        for name, field, share in (
            (self._course_name, self.course, 3), (self._orders_name, self.orders, 2),
        ):  # fmt: skip
            name.setBuddy(field)
            box.addWidget(name)
            box.addWidget(field, share)
            field.textChanged.connect(self.edited)
        row = QHBoxLayout()
        caption = label(tr("Second signature"), "caption")
        caption.setBuddy(self.wanted)
        row.addWidget(caption)
        row.addWidget(self.wanted)
        row.addStretch(1)
        box.addLayout(row)
        self.wanted.activated.connect(self.edited)
        self.setFocusProxy(self.course)

    def show_draft(self, draft: NoteDraft) -> None:
        """Fill the fields."""
        self.course.setPlainText(draft.text.course)
        self.orders.setPlainText(draft.text.orders)
        self.wanted.choose(draft.wanted)
        doctor = draft.kind == "doctor"
        course = tr("Course of the illness") if doctor else tr("Observations and care")
        for name, field, words in (
            (self._course_name, self.course, course),
            (self._orders_name, self.orders, tr("Orders")),
        ):
            name.setText(words)
            field.setAccessibleName(words)
        for widget in (self._orders_name, self.orders):
            widget.setVisible(doctor)
        for text in self.texts:
            text.moveCursor(QTextCursor.MoveOperation.End)

    def know(self, people: Sequence[Colleague], own: str) -> None:
        """Offer colleagues for the second signature; nobody signs twice (own: id of the writer)."""
        self.wanted.offer([each for each in people if each.id != own])

    def written(self, draft: NoteDraft) -> NoteText:
        """What the fields say."""
        del draft
        return NoteText(self.course.toPlainText(), self.orders.toPlainText())

    def start(self) -> None:
        """Put the keyboard where writing begins."""
        self.course.setFocus(Qt.FocusReason.OtherFocusReason)

    def field(self, name: str) -> QWidget | None:
        """The field that a refusal is about."""
        return {"course": self.course, "orders": self.orders}.get(name)
