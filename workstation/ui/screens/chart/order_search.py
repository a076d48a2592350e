"""The field in which an order is looked for: any part of its name, arrows, Enter."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from workstation.clinical.ordering import OrderKind
from workstation.kernel.words import tr
from workstation.services import formulary
from workstation.services.formulary import Choice
from workstation.ui.toolkit import theme

ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WALK: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ROWS: Final = 6


class OrderSearch(QWidget):
    """A field with the list of what fits below it, as long as one types.

    Signals:
        picked: Something of the list was taken. arg 0: its `Choice`.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty, with drugs."""
        super().__init__(parent)
        self._kind = OrderKind.DRUG
        self._choices: tuple[Choice, ...] = ()
        self.words = QLineEdit()
        self.words.setAccessibleName(tr("Order"))
        self.words.installEventFilter(self)
        self.words.textEdited.connect(self._on_typed)
        self._names = QStringListModel(self)
        self.offered = QListView()
        self.offered.setModel(self._names)
        self.offered.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.offered.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.offered.clicked.connect(lambda index: self._pick(index.row()))
        self.offered.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(4))
        box.addWidget(self.words)
        box.addWidget(self.offered)
        self.setFocusProxy(self.words)

    def look_for(self, kind: OrderKind) -> None:
        """Look among orders of a kind from now on."""
        self._kind = kind
        self.words.setPlaceholderText(
            tr("Any part of the name, or its use")
            if kind is OrderKind.DRUG
            else tr("Any part of the name")
        )
        self.offered.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list, Enter takes what is marked, Escape puts the list away."""
        if event.type() == QEvent.Type.FocusOut:
            self.offered.hide()
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() in _WALK:
            if self.offered.isHidden():
                self._offer(self.words.text())
            else:
                self.offered.keyPressEvent(event)
            return True
        if self.offered.isHidden() or event.modifiers():
            return False
        if event.key() in ENTER:
            return self._pick(self.offered.currentIndex().row())
        if event.key() == Qt.Key.Key_Escape:
            self.offered.hide()
            return True
        return False

    def _pick(self, row: int) -> bool:
        if not 0 <= row < len(self._choices):
            return False
        self.offered.hide()
        self.picked.emit(self._choices[row])
        return True

    def _offer(self, text: str) -> None:
        self._choices = formulary.find(self._kind, text)
        self._names.setStringList([each.name for each in self._choices])
        self.offered.setVisible(bool(self._choices))
        if self._choices:
            rows = min(len(self._choices), _ROWS)
            self.offered.setFixedHeight(self.offered.sizeHintForRow(0) * rows + theme.px(6))
            self.offered.setCurrentIndex(self._names.index(0))

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        if text.strip():
            self._offer(text)
        else:
            self.offered.hide()
