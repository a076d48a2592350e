"""One thing to decide: its lines before, there and here, and the side that is to count."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QWidget

from workstation.kernel.words import tr
from workstation.services.conflicts import Choice, Line, Question
from workstation.ui.screens.conflict.cell import ValueCell
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.text import label

LABEL, BEFORE, THEIRS, MINE = range(4)
"""Columns of the comparison."""
_LABEL_WIDTH = 190
_SIDES: dict[int, Choice] = {Qt.Key.Key_Left: "theirs", Qt.Key.Key_Right: "mine"}


def set_columns(grid: QGridLayout) -> None:
    """Give a grid the columns that all blocks of the page share, so that they stand in line."""
    grid.setColumnMinimumWidth(LABEL, theme.px(_LABEL_WIDTH))
    for column in (BEFORE, THEIRS, MINE):
        grid.setColumnStretch(column, 1)
        grid.setColumnMinimumWidth(column, theme.px(200))
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(4))
    grid.setContentsMargins(theme.px(16), theme.px(10), theme.px(16), theme.px(12))


class Answer(QRadioButton):
    """One of the two answers: the arrows choose a side, also when none is chosen yet.

    Signals:
        turned: Left or Right was pressed. arg 0: the side that lies there.
    """

    turned = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt alone would move the focus without choosing, and keep Ctrl+arrow from the page."""
        side = _SIDES.get(event.key())
        if side is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            self.turned.emit(side)


class QuestionBlock(QFrame):
    """A question with its two answers.

    Signals:
        decided: A side was chosen.
    """

    decided = Signal()

    def __init__(self, question: Question, *, enabled: bool) -> None:
        """Show a question.

        Args:
            question: What differs.
            enabled: Whether the person may choose.
        """
        super().__init__()
        self.setProperty("card", True)
        self._cells: dict[Choice, list[ValueCell]] = {"theirs": [], "mine": []}
        grid = QGridLayout(self)
        set_columns(grid)
        self._heading(grid, question)
        self._radios = self._answers(grid, question, enabled=enabled)
        for row, line in enumerate(question.lines, start=1):
            self._line(grid, row, line)
        if question.suggested is not None:
            self.choose(question.suggested)

    def choice(self) -> Choice | None:
        """The side that is to count, if one was chosen."""
        for side, radio in self._radios.items():
            if radio.isChecked():
                return side
        return None

    def choose(self, side: Choice) -> None:
        """Let a side count."""
        self._radios[side].setChecked(True)

    def first(self) -> QWidget:
        """Where the keyboard goes: the chosen answer, else the first one."""
        return self._radios[self.choice() or "theirs"]

    def _heading(self, grid: QGridLayout, question: Question) -> None:
        if question.settled:
            chip = Chip(tr("Same by now"), "ok", "check")
        elif question.contradicts:
            chip = Chip(tr("Contradiction"), "danger", "conflict")
        else:
            chip = Chip(tr("Only one side changed this"), "accent", "info")
        grid.addWidget(chip, 0, LABEL, 1, 2, Qt.AlignmentFlag.AlignLeft)

    def _answers(
        self, grid: QGridLayout, question: Question, *, enabled: bool
    ) -> dict[Choice, QRadioButton]:
        what = ", ".join(tr(line.label) for line in question.lines)
        sides: dict[Choice, tuple[int, str]] = {
            "theirs": (THEIRS, tr("Keep the record")),
            "mine": (MINE, tr("Take this instead")),
        }
        group = QButtonGroup(self)
        radios: dict[Choice, QRadioButton] = {}
        for side, (column, words) in sides.items():
            radio = Answer(words)
            radio.setAccessibleName(f"{what}: {words}")
            radio.setEnabled(enabled and not question.settled)
            radio.toggled.connect(self._on_toggled)
            radio.turned.connect(self._on_turned)
            group.addButton(radio)
            grid.addWidget(radio, 0, column)
            radios[side] = radio
        return radios

    def _line(self, grid: QGridLayout, row: int, line: Line) -> None:
        name = label(tr(line.label), "body", "muted", wrap=True)
        name.setContentsMargins(0, theme.px(8), 0, 0)
        grid.addWidget(name, row, LABEL, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(ValueCell(line.before, differs=False), row, BEFORE)
        for side, column, value in (("theirs", THEIRS, line.theirs), ("mine", MINE, line.mine)):
            cell = ValueCell(value, differs=value != line.before)
            grid.addWidget(cell, row, column)
            self._cells["theirs" if side == "theirs" else "mine"].append(cell)

    @Slot(str)
    def _on_turned(self, side: Choice) -> None:
        self.choose(side)
        self._radios[side].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(bool)
    def _on_toggled(self, _checked: bool) -> None:
        chosen = self.choice()
        for side, cells in self._cells.items():
            for cell in cells:
                cell.choose(chosen=side == chosen)
        if chosen is not None:
            self.decided.emit()
