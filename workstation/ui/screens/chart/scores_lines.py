"""The lines of a scale that is being filled in: a key each, its answers below."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from workstation.clinical.scores.scale import AssessmentScale, Item
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import label, set_property


class KeyEntry(QLineEdit):
    """A field for one key.

    Signals:
        left: The line after (True) or the one before (False) is wanted.
        entered: Enter was pressed.
    """

    left = Signal(bool)
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Down go on, Up and Backspace in an empty field go back."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Down:
            self.left.emit(True)
        elif key == Qt.Key.Key_Up or (key == Qt.Key.Key_Backspace and not self.text()):
            self.left.emit(False)
        else:
            super().keyPressEvent(event)


class ItemEntry(QWidget):
    """One line of a scale: its name, the key typed, and its answers below.

    Signals:
        typed: Another key stands in it.
        left: The line after (True) or the one before (False) is wanted.
        entered: Enter was pressed: on, or save when nothing is left to answer.
    """

    typed = Signal()
    left = Signal(bool)
    entered = Signal()

    def __init__(self, item: Item, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        self.entry = KeyEntry()
        self.entry.setMaxLength(1)
        self.entry.setFixedWidth(theme.px(44))
        self.entry.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.entry.setFont(theme.font("value"))
        keys = " · ".join(f"{option.key}\u00a0{tr(option.words)}" for option in item.options)
        self.entry.setAccessibleName(f"{tr(item.words)}: {keys}")
        self._chosen = label("", "body", "accent", wrap=True)
        self._options = label(keys, "caption", "muted", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(label(tr(item.words), "strong"))
        head.addWidget(self._chosen, 1)
        words.addLayout(head)
        words.addWidget(self._options)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        row.addWidget(self.entry, alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setFocusProxy(self.entry)
        self.entry.textEdited.connect(self._on_edited)
        self.entry.left.connect(self.left)
        self.entry.entered.connect(self.entered)

    def key(self) -> str:
        """What is typed."""
        return self.entry.text().strip()

    def put(self, key: str) -> None:
        """Show a key that was typed before."""
        self.entry.setText(key)
        self.judge()

    def judge(self) -> bool:
        """Show the answer that the key stands for; whether there is one."""
        option = self.item.option(self.key())
        self._chosen.setText(f"  {tr(option.words)}" if option else "")
        set_property(self.entry, "state", "invalid" if self.key() and option is None else "")
        return option is not None

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        self.entry.setText(text.upper())
        answered = self.judge()
        self.entry.selectAll()
        self.typed.emit()
        if answered:
            self.left.emit(True)


class ItemLines(QScrollArea):
    """All lines of one scale, walked by keys.

    Signals:
        typed: Another key stands in one of them.
        finished: Enter was pressed when every line is answered.
    """

    typed = Signal()
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[ItemEntry] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_scale(self, scale: AssessmentScale, answers: Mapping[str, str]) -> None:
        """Show the lines of a scale, with what was typed before."""
        page = QWidget()
        page.setProperty("ground", "surface")
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, theme.px(6), 0)
        box.setSpacing(theme.px(10))
        self._lines = []
        for place, item in enumerate(scale.items):
            line = ItemEntry(item)
            line.put(answers.get(item.id, ""))
            line.typed.connect(self.typed)
            line.left.connect(partial(self._on_left, place))
            line.entered.connect(partial(self._on_entered, place))
            self._lines.append(line)
            box.addWidget(line)
        box.addStretch(1)
        self.setWidget(page)

    def lines(self) -> tuple[ItemEntry, ...]:
        """The lines, in order."""
        return tuple(self._lines)

    def answers(self) -> dict[str, str]:
        """What is typed, by id of the item."""
        return {line.item.id: line.key() for line in self._lines}

    def missing(self) -> int:
        """How many lines are not answered."""
        return sum(line.item.option(line.key()) is None for line in self._lines)

    def begin(self) -> None:
        """Put the keyboard on the first line that is not answered."""
        first = next((line for line in self._lines if not line.key()), self._lines[0])
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.entry.selectAll()

    def blame(self, item: str | None) -> None:
        """Mark a line that was refused, and put the keyboard there."""
        for line in self._lines:
            if line.item.id == item:
                set_property(line.entry, "state", "invalid")
                line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_left(self, place: int, on: bool) -> None:
        """To the line after or before."""
        goal = place + (1 if on else -1)
        if 0 <= goal < len(self._lines):
            self._lines[goal].setFocus(Qt.FocusReason.TabFocusReason)
            self._lines[goal].entry.selectAll()
            self.ensureWidgetVisible(self._lines[goal])

    def _on_entered(self, place: int) -> None:
        """Enter goes on, until every line is answered."""
        if self.missing():
            self._on_left(place, True)
        else:
            self.finished.emit()
