"""A field of a note: ``;word`` and Space or Tab become the snippet, its first blank is chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workstation.kernel.folding import fold
from workstation.services.snippets import BLANK
from workstation.ui.toolkit import theme

_WORD = re.compile(r";([^\s;]{1,20})$")


class NoteField(QPlainTextEdit):
    """The field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snippets: Mapping[str, str] = {}
        self.setTabChangesFocus(True)
        self.setMinimumHeight(theme.px(44))

    def use_snippets(self, texts: Mapping[str, str]) -> None:
        """Know these texts by their keys."""
        self._snippets = texts

    def insert(self, text: str) -> None:
        """Put text at the cursor, in one step that Ctrl+Z takes back, and choose its blank."""
        cursor = self.textCursor()
        start = min(cursor.position(), cursor.anchor())
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        blank = text.find(BLANK)
        if blank >= 0:
            self._choose(start + blank)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space after a key of a snippet lets it grow."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier,)
        if event.key() == Qt.Key.Key_Space and plain and self._grow():
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab lets a snippet grow, or goes to the next blank, else to the next field."""
        if next and (self._grow() or self._to_blank()):
            return True
        return super().focusNextPrevChild(next)

    def _grow(self) -> bool:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        typed = _WORD.search(before)
        text = self._snippets.get(fold(typed[1])) if typed else None
        if typed is None or text is None:
            return False
        cursor.movePosition(
            QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(typed[0])
        )
        self.setTextCursor(cursor)
        self.insert(text)
        return True

    def show_blank(self) -> None:
        """Take the keyboard and choose the first blank."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._to_blank(after=0)

    def _to_blank(self, after: int | None = None) -> bool:
        """Whether there was one after a place; after the cursor if none is given."""
        start = self.textCursor().position() if after is None else after
        place = self.toPlainText().find(BLANK, start)
        if place < 0:
            return False
        self._choose(place)
        return True

    def _choose(self, place: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(place)
        cursor.setPosition(place + len(BLANK), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
