"""What the conflict is about, in one sentence, and the columns of the comparison below."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.services.conflicts import Detail, Side
from workstation.ui.screens.conflict.question import BEFORE, LABEL, MINE, THEIRS, set_columns
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.icons import pixmap
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.text import label


class Heading(QWidget):
    """Stays above the comparison, whatever is scrolled."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(4))
        self._inside: QWidget | None = None

    def show_conflict(self, detail: Detail) -> None:
        """Say what it is about."""
        if self._inside is not None:
            self._box.removeWidget(self._inside)
            self._inside.deleteLater()
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addLayout(_what(detail))
        column.addWidget(label(_why(detail), "body", "muted", wrap=True))
        for line in _history(detail):
            column.addWidget(line)
        column.addWidget(_columns(detail))
        self._box.addWidget(self._inside)


def _what(detail: Detail) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.px(10))
    sign = QLabel()
    sign.setPixmap(pixmap("conflict", "danger", 22))
    row.addWidget(sign)
    words = tr(detail.record)
    row.addWidget(label(f"{words}: {detail.about}" if detail.about else words, "title"))
    row.addStretch(1)
    return row


def _why(detail: Detail) -> str:
    if not detail.open:
        return tr("This conflict is decided. It stays here to be read.")
    reasons = {
        "both-changed": tr(
            "Two people changed this at the same time. The record stays as it is until you decide."
        ),
        "deleted-there": tr(
            "This was deleted while it was changed on another terminal. Decide what is to count."
        ),
        "deleted-here": tr(
            "This was to be deleted while somebody else changed it. Decide what is to count."
        ),
        "other-subject": tr(
            "By now this belongs to another patient. Check carefully what is to be taken over."
        ),
    }
    return reasons.get(detail.reason, reasons["both-changed"])


def _history(detail: Detail) -> list[QLabel]:
    outcomes = {
        "mine": tr("the version put aside"),
        "theirs": tr("the record as it was"),
        "both": tr("some of both"),
    }
    lines = [
        tr(
            "{who} decided for {what} on {when}: {reason}",
            who=past.by,
            what=outcomes[past.outcome],
            when=moment_text(past.at) if past.at else tr("an unknown day"),
            reason=past.reason,
        )
        for past in detail.past
    ]
    if detail.open and lines:
        lines.append(tr("These decisions contradict each other, so it is open again."))
    return [label(line, "strong" if detail.open else "body", wrap=True) for line in lines]


def _columns(detail: Detail) -> QWidget:
    aside = tr("Mine: put aside") if detail.mine.here else tr("Put aside")
    head = QWidget()
    grid = QGridLayout(head)
    set_columns(grid)
    grid.addWidget(label(tr("What differs"), "caption"), 0, LABEL)
    for column, title, under in (
        (BEFORE, tr("Before"), tr("What both started from")),
        (THEIRS, tr("Theirs: in the record now"), _by(detail.theirs)),
        (MINE, aside, _by(detail.mine)),
    ):
        grid.addWidget(label(title, "heading", wrap=True), 0, column)
        grid.addWidget(label(under, "caption", wrap=True), 1, column)
    return head


def _by(side: Side) -> str:
    who = side.by or tr("Somebody on another terminal")
    when = moment_text(side.at) if side.at else ""
    where = {True: tr("this terminal"), False: tr("another terminal"), None: ""}[
        side.here if side.by else None
    ]
    return " · ".join(part for part in (who, when, where) if part)
