"""The list of notes: one's own drafts on top, then the notes of the record, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workstation.kernel.words import tr
from workstation.services.notes import Note, NoteDraft, NoteText
from workstation.ui.screens.chart.signature_words import state_words
from workstation.ui.screens.chart.wording import status_text
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.record_words import kind_text
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note or a draft: exactly one of them is there."""

    note: Note | None
    draft: NoteDraft | None

    @property
    def text(self) -> NoteText:
        """What it says."""
        if self.draft is not None:
            return self.draft.text
        return self.note.text if self.note is not None else NoteText()

    @property
    def amendable(self) -> bool:
        """Whether it is a note of a kind that is written here and that still stands."""
        note = self.note
        return note is not None and note.kind != "other" and note.state != "entered-in-error"

    @property
    def waits(self) -> bool:
        """Whether somebody else is to sign these words."""
        return self.note is not None and self.note.under.state in ("waiting", "outdated")

    @property
    def key(self) -> str:
        """Tells it from the others."""
        return self.draft.id if self.draft is not None else self.note.id if self.note else ""


def rows(drafts: tuple[NoteDraft, ...], notes: tuple[Note, ...]) -> list[NoteRow]:
    """Drafts, then notes."""
    return [
        *(NoteRow(None, draft) for draft in drafts),
        *(NoteRow(note, None) for note in notes),
    ]


def columns() -> tuple[Column[NoteRow], ...]:
    """One column: what and by whom; below it when, and the state (see `NoteDelegate`)."""
    return (Column(tr("Note"), _what, role="strong", hint=_hint),)


class NoteDelegate(QStyledItemDelegate):
    """Two lines a row, so that nothing is lost on a narrow screen or in large letters."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw ground, what, when, state."""
        row: NoteRow = index.data(ROW_ROLE)
        area = QRectF(option.rect)
        chosen = QStyle.StateFlag.State_Selected in option.state
        painter.save()
        painter.fillRect(area, theme.colour("selected" if chosen else "surface"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        inside = area.adjusted(theme.px(10), theme.px(5), -theme.px(10), -theme.px(5))
        half = inside.height() / 2
        upper = QRectF(inside.left(), inside.top(), inside.width(), half)
        lower = upper.translated(0, half)
        self._line(painter, upper, _what(row), "strong", "text")
        self._line(painter, lower, _when(row), "caption", "muted")
        lower.setLeft(lower.left() + theme.px(130))
        self._line(painter, lower, _state(row), "caption", _tone(row))
        painter.restore()

    def _line(self, painter: QPainter, area: QRectF, text: str, role: str, tone: str) -> None:
        painter.setFont(theme.font(role))
        painter.setPen(theme.colour(tone))
        width = int(area.width())
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)


def kind_words(kind: str) -> str:
    """What a kind of note is called."""
    return kind_text(kind if kind == "consultation" else f"{kind}-note")


def title(note: Note) -> str:
    """What kind of note it is; a document of another kind by its own words."""
    if note.kind == "other":
        return note.title or tr("Document")
    return kind_words(note.kind)


def _when(row: NoteRow) -> str:
    at = row.draft.saved_at if row.draft else row.note.at if row.note else None
    return moment_text(at) if at else tr("Unknown")


def _what(row: NoteRow) -> str:
    if row.draft is not None:
        return kind_words(row.draft.kind)
    return " · ".join(filter(None, (title(row.note), row.note.author))) if row.note else ""


def _hint(row: NoteRow) -> str:
    said = row.text.consultation.conclusion if row.text.consultation else row.text.course
    return "\n".join(filter(None, (_what(row), _state(row), said[:300])))


def _state(row: NoteRow) -> str:
    if row.note is None:
        return tr("Draft")
    if row.note.state == "entered-in-error":
        return status_text(row.note.state)
    amended = status_text(row.note.state) if row.note.state != "final" else ""
    unsent = tr("Unsent") if row.note.unsent else ""
    return " · ".join(filter(None, (state_words(row.note.under), amended, unsent)))


def _tone(row: NoteRow) -> str:
    if row.note is None:
        return "accent"
    if row.note.state == "entered-in-error":
        return "danger"
    signed = row.note.under.state == "signed" and row.note.state == "final"
    return "ok" if signed and not row.note.unsent else "warn"
