"""All questions of one conflict below each other, and what only others changed under them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.services.conflicts import Choice, Detail, Line
from workstation.ui.screens.conflict.cell import ValueCell
from workstation.ui.screens.conflict.question import (
    BEFORE,
    LABEL,
    MINE,
    THEIRS,
    QuestionBlock,
    set_columns,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.text import label


class Comparison(QWidget):
    """The questions; Ctrl+Left keeps the whole record, Ctrl+Right takes all of the other side.

    Signals:
        changed: Another side was chosen somewhere.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.px(10))
        self._blocks: list[QuestionBlock] = []
        self._below: QWidget | None = None
        self._shown: Detail | None = None

    def show_conflict(self, detail: Detail) -> None:
        """Show all questions; what was chosen stays where the questions are the same."""
        same = self._shown is not None and self._shown.questions == detail.questions
        if same and self._shown is not None and self._shown.open == detail.open:
            return
        self._shown = detail
        for old in (*self._blocks, *([self._below] if self._below else [])):
            self._box.removeWidget(old)
            old.deleteLater()
        enabled = detail.open and detail.may_decide
        self._blocks = [QuestionBlock(each, enabled=enabled) for each in detail.questions]
        for block in self._blocks:
            block.decided.connect(self.changed)
            self._box.addWidget(block)
        self._below = _elsewhere(detail.elsewhere) if detail.elsewhere else None
        if self._below is not None:
            self._box.addWidget(self._below)

    def choices(self) -> list[Choice | None]:
        """The side chosen for each question."""
        return [block.choice() for block in self._blocks]

    def choose(self, number: int, side: Choice) -> None:
        """Choose a side for one question."""
        self._blocks[number].choose(side)

    def missing(self) -> int:
        """How many questions have no answer yet."""
        return self.choices().count(None)

    def start(self) -> None:
        """Put the keyboard at the first question without an answer."""
        for block in sorted(self._blocks, key=lambda block: block.choice() is not None)[:1]:
            block.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Left and Ctrl+Right answer everything at once."""
        side: Choice | None = None
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            keys: dict[int, Choice] = {Qt.Key.Key_Left: "theirs", Qt.Key.Key_Right: "mine"}
            side = keys.get(event.key())
        if side is None:
            super().keyPressEvent(event)
            return
        for block, question in zip(
            self._blocks, self._shown.questions if self._shown else (), strict=True
        ):
            if not question.settled:
                block.choose(side)


def _elsewhere(lines: tuple[Line, ...]) -> QFrame:
    """What only the others changed; nothing to choose."""
    frame = QFrame()
    frame.setProperty("card", True)
    grid = QGridLayout(frame)
    set_columns(grid)
    chip = Chip(tr("Changed in the record only; it stays"), "", "check")
    grid.addWidget(chip, 0, LABEL, 1, 3, Qt.AlignmentFlag.AlignLeft)
    for row, line in enumerate(lines, start=1):
        grid.addWidget(label(tr(line.label), "body", "muted", wrap=True), row, LABEL)
        grid.addWidget(ValueCell(line.before, differs=False), row, BEFORE)
        grid.addWidget(ValueCell(line.theirs, differs=False), row, THEIRS)
        grid.addWidget(label("", "body"), row, MINE)
    return frame
