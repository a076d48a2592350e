"""The left half of the composer: one order being written, new or the change of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.clinical.dosage import Prescription
from workstation.clinical.ordering import refuse_impossible
from workstation.clinical.schedule import taking_over
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.services.order_drafts import BasketLine
from workstation.services.order_list import OrderLine
from workstation.services.orders import Line
from workstation.services.seldom_doses import refuse_daily_by_form
from workstation.ui.screens.chart.order_form import OrderForm
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label, set_property

_CHANGE = ("replaces", "state")


class OrderWriting(QWidget):
    """The form, with the reason where it is a change.

    Signals:
        edited: Something was typed or chosen.
        added: An order is ready for the list. arg 0: its `BasketLine`.
    """

    edited = Signal()
    added = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            clock: Where the present comes from.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._clock = clock
        self._change: dict[str, str] = {}
        self.form, self.reason = OrderForm(clock), QLineEdit()
        self._heading, self._note = label("", "heading", wrap=True), FieldNote()
        self._reason_name = label(tr("Reason for the change"))
        self.reason.setAccessibleName(tr("Reason for the change"))
        self.form.edited.connect(self._on_edited)
        self.form.finished.connect(self.add)
        self.reason.textChanged.connect(self._on_edited)
        self.setFocusProxy(self.form)
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._lay_out()
        self._set_change({})

    def clear(self) -> None:
        """Begin a new order, of the same kind."""
        self._set_change({})
        self.reason.clear()
        self.form.clear()
        self._say(None)

    def change(self, line: OrderLine) -> None:
        """Write a new version of an order, from now on."""
        order, item = line.order, line.order.item
        if isinstance(item, Prescription):
            item = replace(item, timing=taking_over(item.timing, self._clock.now()))
        self.edit(BasketLine(item, replaces=order.reference, state=order.state))

    def edit(self, line: BasketLine) -> None:
        """Write a line of the list on."""
        self.form.write_on(line.item)
        self._set_change({"replaces": line.replaces, "state": line.state} if line.replaces else {})
        self.reason.setText(line.reason)
        self._say(None)
        self.form.focus_first()

    def draft(self) -> dict[str, str]:
        """What is to be kept of it."""
        texts = self.form.draft()
        return {**texts, **self._change, "reason": self.reason.text()} if texts else {}

    def restore(self, texts: Mapping[str, str]) -> None:
        """Put a draft back."""
        self.form.restore(dict(texts))
        change = {name: texts[name] for name in _CHANGE if texts.get(name)}
        self._set_change(change)
        self.reason.setText(texts.get("reason", ""))
        self._say(None)

    def proposal(self) -> Line | None:
        """The order as it stands, to be checked; None while it cannot be read."""
        if not self.form.typed():
            return None
        try:
            item = self.form.item()
            refuse_impossible(item, self._clock.now())
        except Refused:
            return None
        return Line(item, self._change.get("replaces", ""))

    @Slot()
    def add(self) -> bool:
        """Give the order to the list; whether it could be."""
        try:
            item = self.form.item()
            refuse_impossible(item, self._clock.now())
            refuse_daily_by_form(item)
        except Refused as refused:
            self._say(refused)
            return False
        if self._change and not self.reason.text().strip():
            self._say(Refused("reason-missing", field="reason"))
            return False
        line = BasketLine(
            item,
            replaces=self._change.get("replaces", ""),
            state=self._change.get("state", ""),
            reason=self.reason.text().strip(),
        )
        self.clear()
        self.added.emit(line)
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter after the reason adds the change."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
        if enter and self.reason.hasFocus():
            self.add()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        gap = theme.px(14)
        box.setContentsMargins(gap, theme.px(10), gap, theme.px(10))
        box.setSpacing(theme.px(6))
        box.addWidget(self._heading)
        box.addWidget(self.form, 1)
        box.addWidget(self._reason_name)
        box.addWidget(self.reason)
        box.addWidget(self._note)
        row = QHBoxLayout()
        row.addWidget(button(tr("Add to the list"), self.add, symbol="add", hint="Ctrl+S"))
        row.addStretch(1)
        box.addLayout(row)

    def _set_change(self, change: Mapping[str, str]) -> None:
        self._change = dict(change)
        name = self.form.words.text()
        self._heading.setText(tr("Change: {order}", order=name) if change else tr("New order"))
        self._reason_name.setVisible(bool(change))
        self.reason.setVisible(bool(change))

    def _say(self, error: WorkstationError | None) -> None:
        own = error is not None and error.field == "reason"
        self.form.say(None if own else error)
        self._note.say(error if own else None)
        self._note.setVisible(own)
        set_property(self.reason, "state", "invalid" if own else "")
        if own:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_edited(self) -> None:
        self.edited.emit()
