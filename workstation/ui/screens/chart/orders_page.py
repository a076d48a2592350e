"""The orders tab: every order by kind, what can be done with each, and where they are written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services import order_drafts, order_list
from workstation.services.order_drafts import OrderDraft
from workstation.services.order_list import Book, OrderLine
from workstation.ui.screens.chart.order_composer import OrderComposer
from workstation.ui.screens.chart.order_reading import OrderReading
from workstation.ui.screens.chart.page import Page
from workstation.ui.toolkit.widgets.stack import Stack
from workstation.ui.toolkit.widgets.text import button

_Read = tuple[Book, OrderDraft]
_WRITING: Final = frozenset({"add_order", "order_again", "order_set"})


class OrdersPage(Page):
    """Orders of one patient."""

    types = frozenset(
        {"MedicationRequest", "ServiceRequest", "NutritionOrder", "Task", "Encounter"}
    )

    def build(self) -> QWidget:
        """Make list, side and composer."""
        self._book: Book | None = None
        self._focus_due = False
        self._signed: frozenset[str] = frozenset()
        self._orders = holds(self.workplace.desk.person.role, "order")
        self._list, self._composer = OrderReading(self.workplace), OrderComposer(self.workplace)
        self._list.add_wanted.connect(self.add)
        self._list.set_wanted.connect(self.choose_set)
        self._list.again_wanted.connect(self.again)
        self._list.change_wanted.connect(self._on_change_wanted)
        self._list.history_wanted.connect(self._history)
        self._list.done.connect(self.refresh)
        self._composer.closed.connect(self._on_closed)
        self._stack = Stack()
        self._stack.add(self._list)
        self._stack.add(self._composer)
        return self._stack

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient; what is typed about the one before is kept first."""
        if patient != self.subject:
            if self._composing():
                self._composer.leave()
            self._list.clear()
        super().set_patient(patient)

    def read(self, patient: PatientId) -> _Read:
        """Ask for the orders, and for what one has not signed yet."""
        desk = self.workplace.desk
        return order_list.book(desk, patient), order_drafts.read(desk, patient)

    def show_read(self, found: object) -> None:
        """Show them; the order that was in focus stays there."""
        self._book, draft = cast("_Read", found)
        self._list.show_book(self._book, draft, self._signed)
        self._signed = frozenset()
        if self._book.lines or draft:
            if self._focus_due:  # the list was not to be seen yet when it was to have the keys
                self.focus_start()
        elif not self._composing():
            action = button(tr("New order"), self.add, kind="primary", symbol="medication")
            self.states.show_empty(
                tr("No orders yet"),
                tr("The first one appears here.") if self._orders else tr("A doctor writes them."),
                action if self._orders else None,
            )

    def focus_start(self) -> None:
        """The form if one writes, else the list."""
        target: QWidget = self._composer.writing if self._composing() else self._list.view
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_due = not target.isVisible()

    def flush(self) -> None:
        """Keep what is typed."""
        self._composer.flush()

    def perform(self, action_id: str) -> bool:
        """Write, sign, add to the list, history."""
        if action_id not in self.offers():
            return False
        deeds: dict[str, Callable[[], object]] = {
            "add_order": self.add,
            "order_again": self.again,
            "order_set": self.choose_set,
            "sign": self._composer.sign,
            "save": self._composer.writing.add,
            "history": self._history,
        }
        deeds[action_id]()
        return True

    def offers(self) -> frozenset[str]:
        """Signing while one writes; history of the order in focus."""
        writes = _WRITING if self._orders else frozenset()
        if self._composing():
            return writes | {"sign", "save"}
        return writes | ({"history"} if self._list.current() else set())

    @Slot()
    def add(self) -> None:
        """Begin an order, or go on with what is not signed yet; once more: to the order sets."""
        if self._composing():
            name = self._composer.writing.form.words
            target = self._composer.sets if name.hasFocus() else name
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._compose(lambda: None)

    @Slot()
    def again(self) -> None:
        """Order again for another day what goes on."""
        goes_on = [line for line in self._book.lines if line.goes_on] if self._book else []
        self._compose(lambda: self._composer.again(goes_on))

    @Slot()
    def choose_set(self) -> None:
        """Put an order set into the list to sign."""
        self._compose(lambda: self._composer.sets.setFocus(Qt.FocusReason.OtherFocusReason))

    def _compose(self, then: Callable[[], object]) -> None:
        patient, desk = self.subject, self.workplace.desk
        if self._composing():
            then()
        elif patient is not None and self._orders:
            self.workplace.tasks.query(
                lambda: (patient, order_drafts.read(desk, patient)),
                done=partial(self._on_draft, then),
                failed=self._on_failed,
            )

    def _on_draft(self, then: Callable[[], object], answer: tuple[PatientId, OrderDraft]) -> None:
        patient, draft = answer
        if patient != self.subject:
            return
        if not self._composing():  # asked twice it is begun once: what is typed meanwhile stays
            self.states.show_content()
            self._stack.bring(self._composer)
            self._composer.begin(patient, draft)
        then()

    def _composing(self) -> bool:
        return self._stack.front() is self._composer

    @Slot()
    def _history(self) -> None:
        line = self._list.current()
        if line is not None:
            type_, _, own = line.order.reference.partition("/")
            self.links.open_history(type_, own)

    @Slot(object)
    def _on_change_wanted(self, line: OrderLine) -> None:
        self._compose(lambda: self._composer.writing.change(line))

    @Slot(frozenset)
    def _on_closed(self, signed: frozenset[str]) -> None:
        """Read on; what was signed has the cursor, so that its writer sees it stand there."""
        self._signed = signed
        self._stack.bring(self._list)
        self.refresh()
        self.focus_start()
