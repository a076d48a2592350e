"""The fields of the minutes of a consultation, in the order of form 27/BV2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel, QTextCursor
from PySide6.QtWidgets import (
    QCompleter,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from workstation.clinical.consultation import PARTS, Consultation, Member, members_of
from workstation.kernel.clock import Clock
from workstation.kernel.folding import fold
from workstation.kernel.words import tr
from workstation.services.note_signatures import Colleague
from workstation.services.notes import NoteDraft, NoteText
from workstation.ui.screens.chart.note_field import NoteField
from workstation.ui.screens.chart.person_choice import ChairChoice
from workstation.ui.screens.chart.signature_words import part_words
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import MomentEntry
from workstation.ui.toolkit.widgets.text import label

_DIVIDER: Final = "; "
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FOLDED: Final = Qt.ItemDataRole.UserRole
"""The name without case and marks, as it is looked up."""


class ConsultationForm(QWidget):
    """When, where, who, and four texts.

    Signals:
        edited: Something was typed or chosen.
    """

    edited = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            clock: Says when a consultation that is begun now took place.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._clock = clock
        self._staff: tuple[Member, ...] = ()
        self._before: tuple[Member, ...] = ()
        self.at = MomentEntry(tr("Met at"), clock.now())
        self.place, self.chair, self.members = QLineEdit(), ChairChoice(), QLineEdit()
        self._secretary_name, self._secretary = (
            label(tr("Secretary"), "caption"),
            label("", "strong"),
        )
        self._names = _Names(self)
        self.members.setCompleter(self._names)
        self.members.setPlaceholderText(tr("Name; name from outside (hospital)"))
        self._parts = {part: NoteField() for part in PARTS}
        self.texts = tuple(self._parts.values())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(6))
        box.addLayout(self._head())
        box.addLayout(self._body(), 1)
        for line in (self.place, self.members):
            line.textChanged.connect(self.edited)
        for text in self.texts:
            text.textChanged.connect(self.edited)
        self.at.changed.connect(self.edited)
        self.chair.activated.connect(self.edited)
        self.setFocusProxy(self.chair)

    def show_draft(self, draft: NoteDraft) -> None:
        """Fill the fields."""
        said = draft.text.consultation or Consultation()
        self.at.begin(self._clock.now(), said.at)
        self.place.setText(said.place)
        self.chair.choose(said.chair)
        self.members.setText(_DIVIDER.join(each.name for each in said.members))
        self._before = said.members
        for part, field in self._parts.items():
            field.setPlainText(str(getattr(said, part)))
            field.moveCursor(QTextCursor.MoveOperation.End)

    def know(self, people: Sequence[Colleague], own: str) -> None:
        """Offer doctors as chair and everybody as present.

        Args:
            people: The staff.
            own: Id of the secretary, who is not the chair.
        """
        others = [each for each in people if each.id != own]
        self.chair.offer([each for each in others if each.role in ("doctor", "")])
        self._staff = tuple(Member(each.name, each.id) for each in others)
        self._names.know([each.name for each in others])

    def say_secretary(self, name: str) -> None:
        """Show who writes and signs the minutes; nothing when somebody else amends them."""
        self._secretary.setText(name)
        for widget in (self._secretary, self._secretary_name):
            widget.setVisible(bool(name))

    def written(self, draft: NoteDraft) -> NoteText:
        """What the fields say; of a time that is half typed, what was there before."""
        before = draft.text.consultation
        at = before.at if before is not None else None
        if self.at.problem() is None:
            at = self.at.value()
        parts = {part: field.toPlainText() for part, field in self._parts.items()}
        return NoteText(
            consultation=Consultation(
                at,
                self.place.text(),
                self.chair.chair(),
                members_of(self.members.text(), (*self._before, *self._staff)),
                *(parts[part] for part in PARTS),
            )
        )

    def start(self) -> None:
        """Put the keyboard where writing begins."""
        self.chair.setFocus(Qt.FocusReason.OtherFocusReason)

    def field(self, name: str) -> QWidget | None:
        """The field that a refusal is about."""
        fields: dict[str, QWidget] = {str(part): text for part, text in self._parts.items()}
        fields.update(at=self.at, place=self.place, chair=self.chair)
        return fields.get(name)

    def _head(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(6))
        self.place.setAccessibleName(tr("Where"))
        self.members.setAccessibleName(tr("Others present"))
        rows: tuple[tuple[int, int, str, QWidget], ...] = (
            (0, 0, tr("Met at"), self.at),
            (0, 2, tr("Where"), self.place),
            (1, 0, tr("Chair"), self.chair),
            (2, 0, tr("Others present"), self.members),
        )
        for row, column, words, field in rows:
            grid.addWidget(_caption(words, field), row, column)
            grid.addWidget(field, row, column + 1, 1, 3 if field is self.members else 1)
        grid.addWidget(self._secretary_name, 1, 2)
        grid.addWidget(self._secretary, 1, 3)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 3)
        return grid

    def _body(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(4))
        for number, (part, field) in enumerate(self._parts.items()):
            row, column = divmod(number, 2)
            words = part_words(part)
            field.setAccessibleName(words)
            name = label(words, "strong")
            name.setBuddy(field)
            grid.addWidget(name, 2 * row, column)
            grid.addWidget(field, 2 * row + 1, column)
            grid.setRowStretch(2 * row + 1, 1)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        return grid


class _Names(QCompleter):
    """Completes the last of several names in a line; letters find a name without its marks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = QStandardItemModel(self)
        self.setModel(self._lines)
        self.setCompletionRole(_FOLDED)
        self.setFilterMode(Qt.MatchFlag.MatchContains)

    def know(self, names: Sequence[str]) -> None:
        """Offer these."""
        self._lines.clear()
        for name in names:
            line = QStandardItem(name)
            line.setData(fold(name), _FOLDED)
            self._lines.appendRow(line)

    def splitPath(self, path: str) -> list[str]:
        """What is looked up."""
        return [fold(path.rpartition(";")[2])]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The line with the name that was taken."""
        line = self.widget()
        typed = line.text() if isinstance(line, QLineEdit) else ""
        before, divider, _ = typed.rpartition(";")
        name = str(index.data())
        return f"{before}{_DIVIDER}{name}" if divider else name

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes the first name offered: no half name becomes somebody from outside."""
        popup = self.popup()
        enter = isinstance(event, QKeyEvent) and event.key() in _ENTER
        if enter and watched is popup and not popup.currentIndex().isValid():
            popup.setCurrentIndex(self.completionModel().index(0, 0))
        return super().eventFilter(watched, event)


def _caption(words: str, field: QWidget) -> QLabel:
    made = label(words, "caption")
    made.setBuddy(field)
    return made
