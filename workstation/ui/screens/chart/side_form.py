"""What stands beside the lists of a page while something is typed: a title, fields, Save, Close."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace


class SideForm(QWidget):
    """The form. A subclass makes the fields and says what saving does.

    Signals:
        closed: It was saved or left.

    Attributes:
        workplace: What it works with.
        note: What was refused, and why.
    """

    closed = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.workplace = workplace
        self.note = FieldNote()
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)

    @abstractmethod
    def save(self) -> None:
        """Save what is typed, or say what is wrong with it."""

    def leave(self) -> None:
        """Close."""
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def put_below(self, title: str, *parts: QWidget | QLayout, other: QWidget) -> None:
        """Put a title, parts, what was refused, and the buttons below each other.

        Args:
            title: Translated heading.
            parts: What stands between the title and the buttons, the note among them.
            other: The button of what else can be done, on the far side.
        """
        row = QHBoxLayout()
        row.addWidget(button(tr("Save"), self.save, kind="primary", symbol="save", hint="Ctrl+S"))
        row.addWidget(button(tr("Close"), self.leave, hint="Esc"))
        row.addStretch(1)
        row.addWidget(other)
        box = QVBoxLayout(self)
        box.setContentsMargins(*map(theme.px, (14, 10, 14, 10)))
        box.setSpacing(theme.px(8))
        box.addWidget(label(title, "heading"))
        for part in parts:
            if isinstance(part, QLayout):
                box.addLayout(part)
            else:
                box.addWidget(part)
        box.addStretch(1)
        box.addLayout(row)
