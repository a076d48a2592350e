"""A list of goals or interventions to tick by keys: arrows walk, Space ticks, Enter goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from workstation.ui.toolkit import theme

T = TypeVar("T")
_TICKED, _BLANK = Qt.CheckState.Checked, Qt.CheckState.Unchecked


@dataclass(frozen=True, slots=True)
class Offer(Generic[T]):
    """One line.

    Attributes:
        key: Stable name.
        words: Translated.
        value: What it stands for.
        ticked: Whether it is ticked from the start.
    """

    key: str
    words: str
    value: T
    ticked: bool = True


class Ticks(QListView, Generic[T]):
    """The list.

    Signals:
        changed: Another set of lines is ticked.
        passed: Enter: the keyboard goes on.
    """

    changed = Signal()
    passed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            name: Translated, read out by screen readers.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._offers: tuple[Offer[T], ...] = ()
        self._filling = False
        self._lines = QStandardItemModel(self)
        self.setModel(self._lines)
        self.setAccessibleName(name)
        self.setWordWrap(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(theme.px(1))
        self._lines.itemChanged.connect(self._on_changed)

    def offer(self, offers: Sequence[Offer[T]]) -> None:
        """Show other lines."""
        self._offers = tuple(offers)
        self._filling = True
        self._lines.clear()
        for each in self._offers:
            line = QStandardItem(each.words)
            line.setToolTip(each.words)
            line.setFont(theme.font("body"))
            line.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
            )
            line.setCheckState(_TICKED if each.ticked else _BLANK)
            line.setSizeHint(QSize(0, theme.px(30)))
            self._lines.appendRow(line)
        self._filling = False
        if self._offers:
            self.setCurrentIndex(self._lines.index(0, 0))

    def ticked(self) -> tuple[T, ...]:
        """What is ticked, in the order of the list."""
        return tuple(
            offer.value
            for place, offer in enumerate(self._offers)
            if self._lines.item(place).checkState() == _TICKED
        )

    def blank(self) -> tuple[str, ...]:
        """Keys of the lines that are not ticked."""
        return tuple(
            offer.key
            for place, offer in enumerate(self._offers)
            if self._lines.item(place).checkState() == _BLANK
        )

    def untick(self, keys: Iterable[str]) -> None:
        """Tick all but some."""
        wanted = frozenset(keys)
        for place, offer in enumerate(self._offers):
            self._lines.item(place).setCheckState(_BLANK if offer.key in wanted else _TICKED)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on; Space and the arrows are Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.passed.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_changed(self) -> None:
        if not self._filling:
            self.changed.emit()
