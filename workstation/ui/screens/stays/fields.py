"""The fields of a form about a stay: one widget each, with its words below when it is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QDate, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from workstation.clinical.care_level import CareLevel
from workstation.clinical.stays import Disposition, Outcome
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.services.admissions import Ground
from workstation.ui.screens.stays import wording
from workstation.ui.screens.stays.deeds import Field
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.banner import sex_word
from workstation.ui.toolkit.widgets.moment import MomentEntry, moment_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import label, set_property

WIDE: Final = frozenset({"text", "lines", "name", "ward", "disposition", "outcome"})
"""Kinds of fields that take the whole width of a form."""
_CHOICES: Final = frozenset({"bed", "wish", "ward", "disposition", "outcome", "level", "sex"})
_MEANT: Final = {"disposition": Disposition, "outcome": Outcome, "level": CareLevel}
"""What a chosen code is a code of."""


class FieldBox(QWidget):
    """Label, widget and the words of a refusal."""

    def __init__(
        self, field: Field, ground: Ground, now: datetime, edited: Callable[[], object]
    ) -> None:
        """Make it, empty or with what is usual.

        Args:
            field: What it asks for.
            ground: Beds and wards to choose from.
            now: The present (aware).
            edited: Is called after each edit.
        """
        super().__init__()
        self.field = field
        self._now = now
        self._untouched = ""
        self.note = FieldNote()
        self.note.hide()
        self.input = self._make(ground, edited)
        self.input.setAccessibleName(field.label())
        name = label(field.label())
        name.setBuddy(self.input)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(3))
        box.addWidget(name)
        box.addWidget(self.input)
        box.addWidget(self.note)

    def value(self, *, optional: bool = False) -> Any:
        """What is typed or chosen; None for a time that was left as "now".

        Args:
            optional: Whether nothing may be chosen.

        Raises:
            Refused: With the name of the field.
        """
        try:
            return self._value(optional=optional)
        except Refused as refused:
            raise Refused(refused.code, field=self.field.name, **refused.data) from refused

    def text(self) -> str:
        """What a draft keeps; empty for what nobody touched."""
        if isinstance(self.input, QComboBox):
            chosen = str(self.input.currentData() or "")
            return "" if chosen == self._untouched else chosen
        typed = (
            self.input.toPlainText()
            if isinstance(self.input, QPlainTextEdit)
            else self.input.text()
        )
        return "" if typed == self._untouched else typed

    def put(self, text: str, *, usual: bool = False) -> None:
        """Put a text into the field.

        Args:
            text: As `text` gave it.
            usual: Whether it is only what is usual, no draft.
        """
        if isinstance(self.input, QComboBox):
            was = self.input.blockSignals(usual)  # what is usual is nobody's edit
            self.input.setCurrentIndex(self.input.findData(text))
            self.input.blockSignals(was)
        elif isinstance(self.input, QPlainTextEdit):
            self.input.setPlainText(text)
        else:
            self.input.setText(text)
        if usual:
            self._untouched = text

    def say(self, error: WorkstationError | None) -> None:
        """Show what is wrong with it, or nothing."""
        self.note.say(error)
        self.note.setVisible(error is not None)
        set_property(self.input, "state", "invalid" if error is not None else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the form and chooses nothing by accident; Enter goes on."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            )
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                self.input.focusNextChild()
                return True
        return super().eventFilter(watched, event)

    def _make(
        self, ground: Ground, edited: Callable[[], object]
    ) -> QLineEdit | QPlainTextEdit | QComboBox:
        kind = self.field.kind
        if kind in _CHOICES:
            box = QComboBox()
            for words, data in _choices(self.field, ground):
                box.addItem(words, data)
            box.setCurrentIndex(-1)
            box.setPlaceholderText(tr("Choose…"))
            box.currentIndexChanged.connect(lambda _: edited())
            box.installEventFilter(self)
            return box
        if kind == "lines":
            lines = QPlainTextEdit()
            lines.setTabChangesFocus(True)
            lines.setFixedHeight(theme.px(62))
            lines.textChanged.connect(edited)
            return lines
        entry = self._line(kind)
        entry.textEdited.connect(lambda _: edited())
        entry.installEventFilter(self)
        return entry

    def _line(self, kind: str) -> QLineEdit:
        if kind in ("now", "later"):
            entry: QLineEdit = MomentEntry(self.field.label(), self._now)
            self._untouched = moment_text(self._now) if kind == "now" else ""
            entry.setText(self._untouched)
            set_property(entry, "state", "")
            return entry
        entry = QLineEdit()
        if kind == "date":
            entry.setPlaceholderText("dd/MM/yyyy")
        entry.setMaxLength(400)
        return entry

    def _value(self, *, optional: bool) -> Any:
        if isinstance(self.input, QComboBox):
            chosen = self.input.currentData()
            if not chosen and not optional:
                raise Refused("required")
            kind = _MEANT.get(self.field.kind)
            return kind(chosen) if kind is not None and chosen else chosen
        if isinstance(self.input, QPlainTextEdit):
            return self.input.toPlainText()
        typed = self.input.text().strip()
        if isinstance(self.input, MomentEntry):
            if self.field.kind == "now" and typed == self._untouched:
                return None
            if not typed:
                raise Refused("required")
            return self.input.value()
        if self.field.kind == "date":
            return _date(typed)
        return typed


def _choices(field: Field, ground: Ground) -> list[tuple[str, Any]]:
    found: dict[str, list[tuple[str, Any]]] = {
        "bed": [(bed.name, bed.id) for bed in ground.beds],
        "wish": [(tr("Any bed"), ""), *((bed.name, bed.id) for bed in ground.every_bed)],
        "ward": [(name, own) for own, name in ground.wards],
        "disposition": [
            (wording.disposition_words(each), each.value)
            for each in Disposition
            if each is not Disposition.DIED
        ],
        "outcome": [
            (wording.outcome_words(each), each.value)
            for each in Outcome
            if each is not Outcome.DIED
        ],
        "level": [(tr("Level {level}", level=each.value), each.value) for each in CareLevel],
        "sex": [(sex_word(each), each) for each in ("male", "female", "other", "unknown")],
    }
    return found[field.kind]


def _date(typed: str) -> Any:
    """A day, ``dd/MM/yyyy``; None when nothing is typed."""
    if not typed:
        return None
    found = QDate.fromString(typed.replace(".", "/").replace("-", "/"), "d/M/yyyy")
    if not found.isValid():
        raise Refused("not-a-birth-date")
    return found.toPython()
