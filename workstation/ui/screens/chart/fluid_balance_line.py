"""One amount as it is typed: what, how much, which; by number, first letters, or arrow keys."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from workstation.clinical.fluid_balance import Fluid, Kind, refuse_impossible
from workstation.kernel.errors import Refused
from workstation.kernel.words import tr
from workstation.ui.screens.chart.fluid_balance_words import (
    find_kind,
    kind_name,
    read_volume,
    typed_volume,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import set_property


class KindEntry(QLineEdit):
    """A field for a kind: its number, its first letters, or the arrow keys.

    What is typed becomes the whole name as soon as the field is left, so that the eye sees what
    the program took it for.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("What went in or came out"))
        self.setPlaceholderText(tr("Kind or number"))
        self.textEdited.connect(self._on_edited)

    def kind(self) -> Kind | None:
        """The kind that the text means; None when it means none."""
        return find_kind(self.text())

    def set_kind(self, kind: Kind) -> None:
        """Show a kind."""
        self.setText(kind_name(kind))
        set_property(self, "state", "")

    def settle(self) -> None:
        """Write the whole name in place of what was typed."""
        kind = self.kind()
        if kind is not None:
            self.set_kind(kind)
        set_property(self, "state", "invalid" if self.text().strip() and kind is None else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows walk through the kinds."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        kinds, now = list(Kind), self.kind()
        place = (0 if step > 0 else -1) if now is None else kinds.index(now) + step
        self.set_kind(kinds[place % len(kinds)])
        self.textEdited.emit(self.text())
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving it settles it."""
        self.settle()
        super().focusOutEvent(event)

    @Slot()
    def _on_edited(self) -> None:
        set_property(self, "state", "")


class FluidLine(QWidget):
    """One amount.

    Signals:
        edited: Something was typed.
        done: Enter in its last field that matters; the next amount is wanted.
    """

    edited = Signal()
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind_entry = KindEntry()
        self.volume_entry, self.name_entry = QLineEdit(), QLineEdit()
        self.volume_entry.setAccessibleName(tr("Amount in mL"))
        self.volume_entry.setPlaceholderText("mL")
        self.volume_entry.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.volume_entry.setFixedWidth(theme.px(76))
        self.name_entry.setAccessibleName(tr("Which drain, what drink"))
        self.name_entry.setPlaceholderText(tr("Which, what"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self.kind_entry, 4)
        row.addWidget(self.volume_entry)
        row.addWidget(self.name_entry, 3)
        for entry in self._entries():
            entry.textEdited.connect(self._on_edited)
            entry.returnPressed.connect(self._on_enter)
        self.setFocusProxy(self.kind_entry)
        self._offered = False

    def offer(self, kind: Kind, name: str) -> None:
        """Stand ready for an amount of a kind that the person has not chosen."""
        self.show_kind(kind, name)
        self._offered = True

    def ambiguous(self) -> bool:
        """Whether its amount may have been meant as the number of another kind."""
        text = self.volume_entry.text().strip()
        return self._offered and text.isdecimal() and int(text) <= len(Kind)

    def show_kind(self, kind: Kind, name: str = "") -> None:
        """Stand ready for an amount of a kind."""
        self.kind_entry.set_kind(kind)
        self.name_entry.setText(name)
        self.volume_entry.clear()
        for entry in self._entries():
            entry.setCursorPosition(0)

    def show_fluid(self, fluid: Fluid) -> None:
        """Show an amount."""
        self.show_kind(fluid.kind, fluid.name)
        self.volume_entry.setText(typed_volume(fluid))

    def show_typed(self, texts: tuple[str, str, str]) -> None:
        """Show what was typed before, in whatever language."""
        kind, volume, name = texts
        if kind in set(Kind):
            self.show_kind(Kind(kind), name)
        else:
            self.kind_entry.setText(kind)
            self.name_entry.setText(name)
        self.volume_entry.setText(volume)

    def typed(self) -> tuple[str, str, str]:
        """What stands in the fields: the code of the kind or its text, amount, name."""
        kind, volume, name = (entry.text() for entry in self._entries())
        found = self.kind_entry.kind()
        return found.value if found else kind, volume, name

    def blank(self) -> bool:
        """Whether nothing is chosen: neither a kind nor an amount."""
        return not self.kind_entry.text().strip() and not self.volume_entry.text().strip()

    def filled(self) -> bool:
        """Whether an amount is typed; a kind alone that stands ready says nothing."""
        return bool(self.volume_entry.text().strip())

    def fluid(self, at: datetime) -> Fluid:
        """The amount that is typed.

        Raises:
            Refused: What is wrong with it; ``field`` is ``kind``, ``volume``, ``times``, ``name``.
        """
        self.kind_entry.settle()
        kind = self.kind_entry.kind()
        if kind is None:
            raise Refused("no-such-fluid", field="kind")
        found = read_volume(self.volume_entry.text())
        if found is None:
            raise Refused("required", field="volume")
        volume, times = found
        fluid = Fluid(kind, at, volume, times, self.name_entry.text().strip())
        refuse_impossible(fluid)
        return fluid

    def mark(self, field: str | None, state: str) -> QWidget:
        """Mark a field ``invalid`` or ``doubtful``, the others as right; the field marked."""
        entries = {"kind": self.kind_entry, "name": self.name_entry}
        chosen = entries.get(field or "", self.volume_entry)
        for entry in self._entries():
            set_property(entry, "state", state if entry is chosen else "")
        return chosen

    def unmark(self) -> None:
        """Nothing is wrong with it."""
        for entry in self._entries():
            set_property(entry, "state", "")

    def _entries(self) -> tuple[QLineEdit, QLineEdit, QLineEdit]:
        return self.kind_entry, self.volume_entry, self.name_entry

    @Slot()
    def _on_edited(self) -> None:
        self._offered &= self.sender() is not self.kind_entry
        self.unmark()
        self.edited.emit()

    @Slot()
    def _on_enter(self) -> None:
        """From the kind to the amount; a drain without a name is asked for it; then on."""
        entry = self.sender()
        self.kind_entry.settle()
        nameless = self.kind_entry.kind() is Kind.DRAIN and not self.name_entry.text().strip()
        if entry is self.kind_entry and not self.blank():
            self.volume_entry.setFocus(Qt.FocusReason.TabFocusReason)
        elif entry is self.volume_entry and nameless:
            self.name_entry.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.done.emit()
