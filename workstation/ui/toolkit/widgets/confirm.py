"""A question before what cannot be taken back; it names the deed and stays inside the page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import button, label, set_property


class ConfirmPanel(QFrame):
    """One line to put below what it is about; Escape or Cancel says no, and no is the default.

    Signals:
        closed: It was answered, either way.
    """

    closed = Signal()

    def __init__(
        self, question: str, verb: str, confirmed: Callable[[], None], *, detail: str = ""
    ) -> None:
        """Ask.

        Args:
            question: Translated, naming the deed: "Give 5 mg morphine to …?".
            verb: Translated words of the button, never "OK".
            confirmed: Does it.
            detail: What follows from it.
        """
        super().__init__()
        self._confirmed = confirmed
        self.setProperty("card", True)
        set_property(self, "danger", True)
        box = QVBoxLayout(self)
        gap = theme.px(12)
        box.setContentsMargins(gap, gap, gap, gap)
        box.addWidget(label(question, "strong", wrap=True))
        if detail:
            box.addWidget(label(detail, "body", "muted", wrap=True))
        row = QHBoxLayout()
        row.addStretch(1)
        self._no = button(tr("Cancel"), self._on_no)
        row.addWidget(self._no)
        row.addWidget(button(verb, self._on_yes, kind="danger"))
        box.addLayout(row)

    def ask(self) -> None:
        """Show it with the keys on Cancel."""
        self.show()
        self._no.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape says no."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_no()
        else:
            super().keyPressEvent(event)

    def _on_no(self) -> None:
        self.hide()
        self.closed.emit()

    def _on_yes(self) -> None:
        self.hide()
        self._confirmed()
        self.closed.emit()
