"""Typing as people here do: Vietnamese comes from an input method, not from keys."""

from __future__ import annotations

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget


def compose(widget: QWidget, text: str) -> None:
    """Type a text through the input method, word by word, first as it is being composed."""
    for number, word in enumerate(text.split(" ")):
        piece = f" {word}" if number else word
        QApplication.sendEvent(widget, QInputMethodEvent(piece, []))
        done = QInputMethodEvent()
        done.setCommitString(piece)
        QApplication.sendEvent(widget, done)
