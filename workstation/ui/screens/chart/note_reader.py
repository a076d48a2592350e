"""One signed note to read: texts, author, what was changed and why; errors struck through."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from workstation.clinical.consultation import PARTS, Consultation
from workstation.kernel.words import tr
from workstation.services.note_signatures import Under
from workstation.services.notes import Note, NoteDraft, NoteText
from workstation.ui.screens.chart import note_rows
from workstation.ui.screens.chart.signature_words import (
    earlier_words,
    given_words,
    part_words,
    state_words,
    whom_words,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.text import label


class NoteReader(QScrollArea):
    """Shows one note."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def clear(self) -> None:
        """Show nothing."""
        self._show([])

    def show_note(self, note: Note) -> None:
        """Show a signed note."""
        self._show(_parts(note))

    def show_draft(self, draft: NoteDraft) -> None:
        """Show what is not yet signed."""
        kept = tr("Draft kept at {time}", time=moment_text(draft.saved_at))
        head = label(note_rows.kind_words(draft.kind), "heading")
        self._show([head, Chip(kept, "accent", "note"), *_texts(draft.text, struck=False)])

    def _show(self, parts: list[QWidget]) -> None:
        inside = QWidget()
        inside.setProperty("ground", "surface")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        box = QVBoxLayout(inside)
        gap = theme.px(14)
        box.setContentsMargins(gap, gap, gap, gap)
        box.setSpacing(theme.px(8))
        for widget in parts:
            box.addWidget(widget)
        box.addStretch(1)
        self.setWidget(inside)


def _parts(note: Note) -> list[QWidget]:
    when = moment_text(note.at) if note.at else tr("Unknown")
    by = note.author
    if note.kind == "consultation":
        by = tr("Secretary: {name}", name=note.author)
    parts: list[QWidget] = [
        label(note_rows.title(note), "heading"),
        label(" · ".join(filter(None, (when, by))), "body", "muted"),
    ]
    if note.state == "entered-in-error":
        parts.append(Chip(tr("Entered in error"), "danger", "error"))
    if note.unsent:
        parts.append(Chip(tr("On this terminal only"), "warn", "unsent"))
    parts += _signatures(note.under)
    parts += _texts(note.text, struck=note.state == "entered-in-error")
    for kind in note.other_content:
        words = tr("An attachment of type {kind} is kept with this note.", kind=kind)
        parts.append(label(words, "body", "muted", wrap=True))
    if note.changed_at is not None:
        parts.append(label(_change(note), "body", "warn", wrap=True))
    return parts


def _signatures(under: Under) -> list[QWidget]:
    """Who is asked, who signed these words, and who signed others."""
    parts: list[QWidget] = []
    if under.state in ("waiting", "outdated"):
        said = f"{state_words(under)}: {whom_words(under)}"
        parts.append(Chip(said, "warn", "clock"))
    parts += [Chip(given_words(each), "ok", "check") for each in under.given]
    if not under.given:
        parts += [
            label(f"▲ {earlier_words(each)}", "body", "warn", wrap=True) for each in under.earlier
        ]
    return parts


def _minutes(said: Consultation, *, struck: bool) -> list[QWidget]:
    met = " · ".join(filter(None, (moment_text(said.at) if said.at else "", said.place)))
    head = QWidget()
    grid = QGridLayout(head)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(14))
    grid.setVerticalSpacing(theme.px(4))
    grid.setColumnStretch(1, 1)
    heads = (
        (tr("Met at"), met),
        (tr("Chair"), said.chair.name if said.chair else ""),
        (tr("Others present"), "; ".join(each.name for each in said.members)),
    )
    for row, (words, text) in enumerate(heads):
        grid.addWidget(label(words, "caption"), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_words(text, struck=struck), row, 1)
    parts: list[QWidget] = [head]
    for part in PARTS:
        own = _words(str(getattr(said, part)), struck=struck)
        parts += [label(part_words(part), "caption"), own]
    return parts


def _texts(text: NoteText, *, struck: bool) -> list[QWidget]:
    if text.consultation is not None:
        return _minutes(text.consultation, struck=struck)
    if not text.orders:
        return [_words(text.course, struck=struck)]
    return [
        label(tr("Course of the illness"), "caption"),
        _words(text.course, struck=struck),
        label(tr("Orders"), "caption"),
        _words(text.orders, struck=struck),
    ]


def _words(text: str, *, struck: bool) -> QWidget:
    words = label(text or "–", "body", wrap=True)
    words.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    if struck:
        font = words.font()
        font.setStrikeOut(True)
        words.setFont(font)
    return words


def _change(note: Note) -> str:
    said = {
        "when": moment_text(note.changed_at) if note.changed_at else tr("Unknown"),
        "who": note.changed_by or tr("Unknown"),
        "why": note.reason or "–",
    }
    if note.state == "entered-in-error":
        return tr("Entered in error, marked {when} by {who}: {why}", **said)
    return tr("Amended {when} by {who}: {why}", **said)
