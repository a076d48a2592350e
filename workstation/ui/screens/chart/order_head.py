"""The line above the orders: care level, the day's signature, what waits, and the buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.services.order_drafts import OrderDraft
from workstation.services.order_list import Book
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.text import button, label


class OrderHead(QWidget):
    """What one wants to know before the list.

    Signals:
        add_wanted: Write a new order, or go on with what is not signed.
        set_wanted: Choose an order set.
        again_wanted: Order again for another day.
    """

    add_wanted = Signal()
    set_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, *, orders: bool, parent: QWidget | None = None) -> None:
        """Start without facts.

        Args:
            orders: Whether the person may order.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._orders = orders
        self._facts, self._waits = label("", "strong"), label("", "strong", "warn")
        self.unsigned = button("", self.add_wanted.emit, symbol="note", hint="Ctrl+O")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._facts)
        row.addSpacing(theme.px(12))
        row.addWidget(self._waits)
        row.addStretch(1)
        row.addWidget(self.unsigned)
        if orders:
            row.addWidget(button(tr("Order set (E)"), self.set_wanted.emit, symbol="list"))
            row.addWidget(button(tr("Order again (G)"), self.again_wanted.emit, symbol="sync"))
            new = tr("New order")
            row.addWidget(
                button(new, self.add_wanted.emit, kind="primary", symbol="add", hint="Ctrl+O")
            )

    def show_facts(self, book: Book, draft: OrderDraft) -> None:
        """Show what holds now."""
        level = book.care_level.value if book.care_level else tr("not set")
        said = [tr("Care level {level}", level=level)]
        if book.again is not None and book.again.at is not None:
            said.append(tr("day's orders signed {when}", when=moment_text(book.again.at)))
        self._facts.setText(" · ".join(said))
        waiting = len(book.to_acknowledge)
        self._waits.setText(f"○ {tr('{count} to acknowledge', count=waiting)}" if waiting else "")
        self.unsigned.setVisible(bool(draft) and self._orders)
        count = len(draft.lines) + bool(draft.form)
        self.unsigned.setText(tr("Not signed yet: {count}", count=count))
