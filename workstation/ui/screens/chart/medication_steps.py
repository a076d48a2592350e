"""What can be done about an infusion that runs, chosen by number."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workstation.ui.toolkit import theme
from workstation.ui.toolkit.giving.deed import Verb, verb_words
from workstation.ui.toolkit.widgets.text import button

STEPS: Final[tuple[Verb, ...]] = ("rate", "pause", "bag", "end")


class InfusionSteps(QWidget):
    """A row of buttons with numbers.

    Signals:
        chosen: What is to be done. arg 0: the verb.
        closed: Nothing, after all.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[QPushButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        for number, verb in enumerate(STEPS, start=1):
            made = button(f"{number}  {verb_words(verb)}", partial(self._choose, verb))
            self._buttons.append(made)
            row.addWidget(made)
        row.addStretch(1)
        self.hide()

    def offer(self) -> None:
        """Show it with the keys on the first."""
        self.show()
        self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A number chooses, arrows walk, Enter takes, Escape closes."""
        text, key = event.text(), event.key()
        if text.isdecimal() and 1 <= int(text) <= len(STEPS):
            self._choose(STEPS[int(text) - 1])
        elif key == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.focusNextPrevChild(key == Qt.Key.Key_Right)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            here = next((n for n, each in enumerate(self._buttons) if each.hasFocus()), 0)
            self._choose(STEPS[here])
        else:
            super().keyPressEvent(event)

    def _choose(self, verb: Verb) -> None:
        self.hide()
        self.chosen.emit(verb)
