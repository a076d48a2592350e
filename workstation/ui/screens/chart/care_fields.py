"""Fields of the care forms: find one of many by number or part of its name, or by its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from workstation.clinical.care_site import Grade, grade
from workstation.kernel.folding import fold
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import label, set_property

_SHOWN = 5
_SIGNS = ("", "▲ ", "▲▲ ")


class FindEntry(QLineEdit):
    """A field for one of many: its number, any part of its name, or the arrow keys.

    Signals:
        found: What is typed means another one, or none. arg 0: its key, or empty.
    """

    found = Signal(str)

    def __init__(
        self, name: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        """Start empty.

        Args:
            name: Translated name, read out by screen readers.
            choices: Key and translated words of each; their numbers count from 1.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._choices = tuple(choices)
        self._last = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(tr("Number or part of the name"))
        self.textChanged.connect(self._on_changed)

    def key(self) -> str:
        """The key of the one that is meant; empty when none is."""
        typed = fold(self.text())
        if not typed:
            return ""
        if typed.isdecimal():
            place = int(typed) - 1
            return self._choices[place][0] if 0 <= place < len(self._choices) else ""
        matches = self.matches()
        return matches[0][1] if matches else ""

    def matches(self) -> list[tuple[int, str, str]]:
        """Number, key and words of those that fit what is typed, the best first."""
        typed = fold(self.text()).split()
        if len(typed) == 1 and typed[0].isdecimal():
            return []
        fitting = [
            (number, key, words)
            for number, (key, words) in enumerate(self._choices, start=1)
            if all(part in fold(words) for part in typed)
        ]
        whole = " ".join(typed)
        return sorted(fitting, key=lambda each: (fold(each[2]) != whole, each[0]))

    def show_key(self, key: str) -> None:
        """Show one by its whole name."""
        self.setText(next((words for own, words in self._choices if own == key), ""))
        self.setCursorPosition(0)

    def settle(self) -> None:
        """Write the whole name in place of what was typed."""
        key = self.key()
        if key:
            self.show_key(key)
        wrong = bool(self.text().strip()) and not key
        set_property(self, "state", "invalid" if wrong else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows walk through all."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        keys, now = [key for key, _ in self._choices], self.key()
        place = keys.index(now) + step if now in keys else (0 if step > 0 else -1)
        self.show_key(keys[place % len(keys)])
        self.textEdited.emit(self.text())
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving it settles it."""
        self.settle()
        super().focusOutEvent(event)

    def advice(self) -> str:
        """Which ones what is typed could mean, with their numbers."""
        found = self.matches()[:_SHOWN] if not self.key() or len(self.matches()) > 1 else []
        return "   ".join(f"{number} {words}" for number, _, words in found)

    @Slot(str)
    def _on_changed(self, _text: str) -> None:
        set_property(self, "state", "")
        key = self.key()
        if key != self._last:
            self._last = key
            self.found.emit(key)


class GradeEntry(QLineEdit):
    """A field for one step of a scale, by its key."""

    def __init__(self, name: str, scale: Sequence[Grade], parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            name: Translated name.
            scale: Its steps.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.scale = tuple(scale)
        self.setMaxLength(1)
        self.setFixedWidth(theme.px(48))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(f"{name}: {self.advice()}")
        self.textChanged.connect(self._on_changed)

    def advice(self) -> str:
        """What the key stands for, or all keys."""
        step = grade(self.scale, self.text().strip())
        if step is not None:
            return grade_words(step)
        return " · ".join(f"{each.key}\u00a0{tr(each.words)}" for each in self.scale)

    @Slot(str)
    def _on_changed(self, text: str) -> None:
        wrong = bool(text.strip()) and grade(self.scale, text.strip()) is None
        set_property(self, "state", "invalid" if wrong else "")


def grade_words(step: Grade) -> str:
    """A step in words, with the sign of how grave it is."""
    return f"{_SIGNS[step.shade]}{step.key}  {tr(step.words)}"


class Fields(QWidget):
    """Named fields below each other; Enter goes on, and out after the last.

    Signals:
        typed: Something was typed.
        finished: Enter in the last field.
    """

    typed = Signal()
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, QLineEdit] = {}
        self._advice: dict[str, QLabel] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.px(4))
        self.setProperty("ground", "surface")

    def add(self, name: str, words: str, entry: QLineEdit) -> None:
        """One more field.

        Args:
            name: Stable name, that of the errors' ``field``.
            words: Translated, above it.
            entry: The field.
        """
        self._entries[name] = entry
        self._box.addWidget(label(words, "caption"))
        self._box.addWidget(entry)
        if isinstance(entry, FindEntry | GradeEntry):
            advice = label(entry.advice() if isinstance(entry, GradeEntry) else "", "caption",
                           "muted", wrap=True)  # fmt: skip
            self._advice[name] = advice
            self._box.addWidget(advice)
        self._box.addSpacing(theme.px(4))
        if not entry.accessibleName():
            entry.setAccessibleName(words)
        entry.textChanged.connect(self._on_typed)
        entry.returnPressed.connect(self._on_enter)

    def text(self, name: str) -> str:
        """What stands in a field, without blanks around it; empty when there is no such field."""
        entry = self._entries.get(name)
        return entry.text().strip() if entry is not None else ""

    def texts(self) -> dict[str, str]:
        """What stands in each field; of a choice its key, in whatever language it was typed."""
        return {
            name: (entry.key() or entry.text()) if isinstance(entry, FindEntry) else entry.text()
            for name, entry in self._entries.items()
        }

    def put(self, texts: Mapping[str, str]) -> None:
        """Show what was typed before."""
        for name, entry in self._entries.items():
            text = texts.get(name, entry.text())
            if isinstance(entry, FindEntry):
                entry.show_key(text)
                if not entry.text():
                    entry.setText(text)
            else:
                entry.setText(text)

    def write(self, name: str, text: str) -> None:
        """Put a text into one field, and leave the others alone."""
        self._entries[name].setText(text)

    def begin(self) -> None:
        """Put the keyboard into the first field that is empty."""
        entries = list(self._entries.values())
        first = next((each for each in entries if not each.text()), entries[0])
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.selectAll()

    def blame(self, name: str | None, state: str = "invalid") -> bool:
        """Mark a field and put the keyboard there; whether there is one of this name."""
        for own, entry in self._entries.items():
            if own == name:
                set_property(entry, "state", state)
                entry.setFocus(Qt.FocusReason.OtherFocusReason)
                entry.selectAll()
        return name in self._entries

    def last(self) -> QLineEdit:
        """The last field."""
        return list(self._entries.values())[-1]

    @Slot()
    def _on_typed(self) -> None:
        for name, advice in self._advice.items():
            entry = self._entries[name]
            if isinstance(entry, FindEntry | GradeEntry):
                advice.setText(entry.advice())
        self.typed.emit()

    @Slot()
    def _on_enter(self) -> None:
        entries = list(self._entries.values())
        place = next((n for n, each in enumerate(entries) if each is self.sender()), -1)
        if place + 1 < len(entries):
            entries[place + 1].setFocus(Qt.FocusReason.TabFocusReason)
            entries[place + 1].selectAll()
        else:
            self.finished.emit()
