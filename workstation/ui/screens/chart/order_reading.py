"""The orders of a patient while one reads: head, list, one in full; deeds by letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QSplitter, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services import orders
from workstation.services.order_drafts import OrderDraft
from workstation.services.order_list import Book, OrderLine
from workstation.ui.screens.chart import order_deeds
from workstation.ui.screens.chart.order_deeds import BY_LETTER
from workstation.ui.screens.chart.order_head import OrderHead
from workstation.ui.screens.chart.order_rows import OrdersView, columns
from workstation.ui.screens.chart.order_side import OrderSide
from workstation.ui.toolkit import order_words as say
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsModel
from workstation.ui.toolkit.workplace import Workplace

_AGAIN, _SET = "g", "e"


class OrderReading(QWidget):
    """List and side.

    Signals:
        add_wanted: Write a new order.
        set_wanted: Choose an order set.
        again_wanted: Order again for another day.
        change_wanted: Write a new version. arg 0: the `OrderLine`.
        history_wanted: Show the versions of the order with the cursor.
        done: Something was done with an order.
    """

    add_wanted = Signal()
    set_wanted = Signal()
    again_wanted = Signal()
    change_wanted = Signal(object)
    history_wanted = Signal()
    done = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start without orders.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.workplace = workplace
        role = workplace.desk.person.role
        self.model: RowsModel[OrderLine] = RowsModel(columns(), self)
        self.view = OrdersView(self.model, "".join((*BY_LETTER, _AGAIN, _SET)))
        self.view.setAccessibleName(tr("Orders"))
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self.view.opened.connect(lambda _line: self.history_wanted.emit())
        self.view.letter.connect(self._on_letter)
        self.side, self.head = OrderSide(role), OrderHead(orders=holds(role, "order"))
        self.side.wanted.connect(self._on_wanted)
        self.side.history_wanted.connect(self.history_wanted)
        self.side.given_up.connect(self.focus_list)
        for wanted in ("add_wanted", "set_wanted", "again_wanted"):
            getattr(self.head, wanted).connect(getattr(self, wanted))
        self.setFocusProxy(self.view)
        self._lay_out()

    def current(self) -> OrderLine | None:
        """The order with the cursor."""
        row = self.view.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, OrderLine) else None

    def show_book(self, book: Book, draft: OrderDraft, signed: frozenset[str]) -> None:
        """Show the orders; the cursor stays, or goes to the first that was just signed."""
        current, lines = self.current(), book.lines
        new = (row.order.reference for row in lines if row.order.reference in signed)
        wanted = next(new, current.order.reference if current else "")
        self.model.replace(lines)
        self.head.show_facts(book, draft)
        place = next((n for n, row in enumerate(lines) if row.order.reference == wanted), 0)
        if lines:
            self.view.selectRow(place)
        self.side.show_line(lines[place] if lines else None)

    def clear(self) -> None:
        """Nothing of the patient before stays in sight."""
        self.side.show_line(None)
        self.model.replace(())

    @Slot()
    def focus_list(self) -> None:
        """The list is walked by arrow keys."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        side = QWidget()
        side.setProperty("ground", "surface")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        scroll = QScrollArea()  # large letters need more than there is
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.side)
        for ground in (scroll.viewport(), self.side):
            ground.setAutoFillBackground(False)
        inner = QVBoxLayout(side)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(scroll)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(self.view)
        halves.addWidget(side)
        halves.setStretchFactor(0, 5)
        halves.setStretchFactor(1, 2)
        halves.setSizes([theme.px(996), theme.px(370)])
        halves.setChildrenCollapsible(False)
        box = QVBoxLayout(self)
        gap = theme.px(12)
        box.setContentsMargins(gap, theme.px(8), gap, gap)
        box.addWidget(self.head)
        box.addWidget(halves, 1)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE)
        self.side.show_line(row if isinstance(row, OrderLine) else None)

    @Slot(str)
    def _on_letter(self, letter: str) -> None:
        if letter == _AGAIN:
            self.again_wanted.emit()
        elif letter == _SET:
            self.set_wanted.emit()
        else:
            self.side.start(BY_LETTER[letter])

    @Slot(str, str)
    def _on_wanted(self, deed: str, reason: str) -> None:
        line, desk = self.current(), self.workplace.desk
        if line is None:
            return
        if deed == "change":
            self.change_wanted.emit(line)
            return
        self.workplace.tasks.command(
            lambda: order_deeds.do(desk, deed, line, reason),
            done=partial(self._on_done, deed, line),
            failed=self.side.refuse,
            initiator=self,
        )

    def _on_done(self, deed: str, line: OrderLine, changes: Changes) -> None:
        self.side.done()
        desk, tasks = self.workplace.desk, self.workplace.tasks
        undo: Callable[[], None] | None = None
        if deed == "acknowledge":
            own = [each.partition("/")[2] for each in changes.references if each[:5] == "Task/"]

            def undo() -> None:
                tasks.command(lambda: orders.take_back(desk, own), failed=self.workplace.tell)

        what = say.name(line.order.item)
        self.workplace.navigator.toast(order_deeds.done_words(deed, what), undo)
        self.done.emit()
        if deed == "acknowledge":
            self._to_next(line)
        self.focus_list()

    def _to_next(self, line: OrderLine) -> None:
        """The cursor goes on to the next order that waits for a nurse."""
        rows = self.model.rows
        start = next((n for n, row in enumerate(rows) if row is line), 0)
        for place in (*range(start + 1, len(rows)), *range(start)):
            if rows[place].to_acknowledge:
                self.view.selectRow(place)
                return
