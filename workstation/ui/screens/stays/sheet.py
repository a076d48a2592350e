"""The sheet of a form about a stay: its fields in a grid, what is to be known, its buttons."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.services.admissions import Ground
from workstation.ui.screens.stays import facts
from workstation.ui.screens.stays.deeds import DEEDS
from workstation.ui.screens.stays.fields import WIDE, FieldBox
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

WIDTH = 430
_OPTIONAL = {
    ("take_back", "bed"),
    ("expect", "bed"),
    ("expect_new", "bed"),
    ("change_expected", "bed"),
}


class Sheet(QWidget):
    """What a person sees of a form; subclasses do what it asks for."""

    def __init__(self, workplace: Workplace, deed: str, ground: Ground) -> None:
        """Lay it out, empty or with what is usual.

        Args:
            workplace: What it works with.
            deed: A key of `DEEDS`.
            ground: What was read before.
        """
        super().__init__()
        self.workplace = workplace
        self.deed_id, self.deed = deed, DEEDS[deed]
        now = workplace.desk.now()
        self.fields = {
            field.name: FieldBox(field, ground, now, self.on_edited) for field in self.deed.fields
        }
        self._note = FieldNote()
        self._note.hide()
        self.button = QPushButton()
        self.column = QVBoxLayout()
        self._scroll = QScrollArea()
        self._lay_out(ground)
        for name, text in facts.usual(deed, ground).items():
            if name in self.fields:
                self.fields[name].put(text, usual=True)
        self._refuse_step(ground)

    def keep_in_order(self) -> None:
        """Let Tab walk the fields from the top, then the buttons; call it once it has a window."""
        stops = [box.input for box in self.fields.values()]
        for before, after in pairwise([*stops, self.button, self._close]):
            QWidget.setTabOrder(before, after)

    @abstractmethod
    def save(self) -> None:
        """Do it."""

    @abstractmethod
    def close_form(self) -> None:
        """Give it up."""

    def on_edited(self) -> None:
        """Something was typed or chosen."""

    def fill(self, typed: Mapping[str, str]) -> None:
        """Put a draft, or what another form had, into the fields."""
        for name, text in typed.items():
            if name in self.fields and text:
                self.fields[name].put(text)

    def begin(self) -> None:
        """The keys go to the first field that wants something."""
        empty = [box for box in self.fields.values() if not box.text()]
        first = [box for box in empty if box.field.kind != "now"] or list(self.fields.values())
        target: QWidget = first[0].input if first else self.button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def typed(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: box.text() for name, box in self.fields.items()}

    def _lay_out(self, ground: Ground) -> None:
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.setFixedWidth(theme.px(WIDTH))
        inside = QWidget()
        inside.setProperty("ground", "surface")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        gap = theme.px(16)
        inside.setLayout(self.column)
        self.column.setContentsMargins(gap, theme.px(12), gap, theme.px(8))
        self.column.setSpacing(theme.px(10))
        self.column.addWidget(label(self.deed.title(), "heading", wrap=True))
        for words, tone in facts.before(self.deed_id, ground, self.workplace.desk.now()):
            self.column.addWidget(label(words, "body", tone, wrap=True))
        self.column.addLayout(self._grid())
        self.column.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(0)
        outside.addWidget(self._scroll, 1)
        outside.addLayout(self._foot())

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        row = side = 0
        for box in self.fields.values():
            wide = box.field.kind in WIDE
            if wide and side:
                row, side = row + 1, 0
            where = Qt.AlignmentFlag.AlignTop
            grid.addWidget(box, row, side, 1, 2 if wide else 1, where)
            row, side = (row + 1, 0) if wide or side else (row, 1)
        return grid

    def _foot(self) -> QVBoxLayout:
        kind = "danger" if self.deed.danger else "primary"
        self.button = button(self.deed.verb(), self.save, kind=kind, symbol="check", hint="Ctrl+S")
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self.button)
        self._close = button(tr("Close"), self.close_form, hint="Esc")
        row.addWidget(self._close)
        row.addStretch(1)
        foot = QVBoxLayout()
        gap = theme.px(16)
        foot.setContentsMargins(gap, theme.px(6), gap, theme.px(12))
        foot.addWidget(self._note)
        foot.addLayout(row)
        return foot

    def _refuse_step(self, ground: Ground) -> None:
        """Say at once what cannot be done to this stay, and let nobody fill the form in vain."""
        problem = facts.problem(self.deed, ground)
        if problem is not None:
            self.say(problem)
            self.button.setEnabled(False)

    def values(self) -> dict[str, Any] | None:
        """What is typed; None when something is wrong, which is said beside its field."""
        values: dict[str, Any] = {}
        wrong: list[FieldBox] = []
        for name, box in self.fields.items():
            box.say(None)
            try:
                values[name] = box.value(optional=(self.deed_id, name) in _OPTIONAL)
            except Refused as refused:
                box.say(refused)
                wrong.append(box)
        if wrong:
            self.turn_to(wrong[0])
        return None if wrong else values

    def turn_to(self, box: FieldBox) -> None:
        """Give the keys to a field, and bring it in sight."""
        box.input.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(box)

    def to_the_top(self) -> None:
        """Bring the beginning in sight."""
        self._scroll.ensureVisible(0, 0)

    def say(self, error: WorkstationError | None) -> None:
        """Show what is wrong with the whole, or nothing."""
        self._note.say(error)
        self._note.setVisible(error is not None)
