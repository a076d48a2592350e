"""The right half of the composer: the list to sign, order sets, alerts, the signature."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services import formulary
from workstation.services.order_drafts import BasketLine
from workstation.ui.screens.chart.order_basket import Basket
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.order_alerts import OrderAlerts
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace


class OrderSigning(QWidget):
    """The list, what speaks against it, and the buttons.

    Signals:
        sign_wanted: Sign what is ticked.
        leave_wanted: Keep it for later.
        discard_wanted: Give it up.
    """

    sign_wanted = Signal()
    leave_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            workplace: Whose colleagues answer for an alert too.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.basket, self.alerts, self.sets = Basket(), OrderAlerts(workplace), QComboBox()
        self.sets.addItem(tr("Choose an order set, then Enter"))
        self.sets.addItems([each.name for each in formulary.order_sets()])
        self.sets.setAccessibleName(tr("Order set"))
        self.sets.setToolTip("Ctrl+O")
        self._source = label("", "caption", "muted", wrap=True)
        self._source.hide()
        self._kept_at, self._note = label("", "caption", "muted"), FieldNote()
        self._note.hide()
        self._sign = button(
            tr("Sign"), self.sign_wanted.emit, kind="primary", symbol="check", hint="Ctrl+Enter"
        )
        self.basket.changed.connect(self._on_changed)
        self._lay_out()

    def add_set(self) -> None:
        """Put the lines of the chosen set into the list, below what is there."""
        place = self.sets.currentIndex() - 1
        if place < 0:
            return
        chosen = formulary.order_sets()[place]
        there = [each.item for each in self.basket.lines]
        new = [BasketLine(each.item, each.ticked) for each in chosen.lines]
        self.basket.show_lines(
            [*self.basket.lines, *(each for each in new if each.item not in there)]
        )
        self._source.setText(tr("After: {sources}", sources="; ".join(chosen.source)))
        self._source.show()
        self.sets.setCurrentIndex(0)
        self.basket.to_top(len(there))

    def say(self, error: WorkstationError | None) -> None:
        """Say why it was not signed; the keys go to the line that it is about."""
        self._note.say(error)
        self._note.setVisible(error is not None)
        line = error.data.get("line") if error is not None else None
        if isinstance(line, int):
            ticked = [
                place
                for place, each in enumerate(self.basket.lines)
                if each.ticked and not each.again
            ]
            self.basket.to_top(ticked[line] if line < len(ticked) else 0)

    def say_kept(self, words: str) -> None:
        """Say how far the draft is kept."""
        self._kept_at.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the chosen set."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
        if enter and self.sets.hasFocus():
            self.add_set()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        gap = theme.px(14)
        box.setContentsMargins(gap, theme.px(10), gap, theme.px(10))
        box.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.addWidget(label(tr("To be signed"), "heading"))
        head.addStretch(1)
        head.addWidget(self.sets)
        box.addLayout(head)
        box.addWidget(self._source)
        box.addWidget(self.basket, 3)
        keys = tr("Space ticks · Enter writes a line on · Delete throws it out")
        box.addWidget(label(keys, "caption", "muted"))
        box.addWidget(self.alerts, 2)
        box.addWidget(self._note)
        row = QHBoxLayout()
        row.addWidget(self._sign)
        row.addWidget(
            button(tr("Keep for later"), self.leave_wanted.emit, symbol="save", hint="Esc")
        )
        row.addWidget(self._kept_at, 1)
        row.addWidget(
            button(tr("Give up"), self.discard_wanted.emit, kind="quiet", symbol="delete")
        )
        box.addLayout(row)

    @Slot()
    def _on_changed(self) -> None:
        lines = self.basket.lines
        signed = sum(each.ticked for each in lines)
        ended = sum(each.again and not each.ticked for each in lines)
        words = tr("Sign {count}", count=signed) if signed else tr("Sign")
        if ended:
            words = f"{words} · {tr('end {count}', count=ended)}"
        self._sign.setText(words)
