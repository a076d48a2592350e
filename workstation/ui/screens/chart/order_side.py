"""The right side of the orders tab while one reads: one order in full, and what can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services.order_list import OrderLine
from workstation.services.order_safety import Accepted
from workstation.ui.screens.chart.order_deeds import DEEDS, WITH_REASON, Deed
from workstation.ui.toolkit import order_words as say
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.units import unbroken
from workstation.ui.toolkit.widgets.flow import FlowLayout
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label, rule, set_property


class OrderSide(QWidget):
    """One order with its buttons.

    Signals:
        wanted: A deed is to be done. arg 0: its id; arg 1: the reason, or empty.
        history_wanted: Show its versions.
        given_up: The reason was not given: the list is to have the keys.
    """

    wanted = Signal(str, str)
    history_wanted = Signal()
    given_up = Signal()

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        """Start without an order.

        Args:
            role: Of who is logged in.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._role = role
        self._line: OrderLine | None = None
        self._asked = ""
        self._kind, self._name = label("", "caption", "muted"), label("", "heading", wrap=True)
        self._how = label("", "body", wrap=True)
        self._facts = label("", "body", "muted", wrap=True)
        self._decision = label("", "strong", wrap=True)
        self._noted = label("", "body", wrap=True)
        self._buttons: dict[str, QPushButton] = {}
        self._question = label("", "strong", wrap=True)
        self._reason, self._note = QLineEdit(), FieldNote()
        self._reason.returnPressed.connect(self._on_reason)
        self._confirm = button("", self._on_reason, kind="danger")
        self._lay_out()
        self.show_line(None)

    def show_line(self, line: OrderLine | None) -> None:
        """Show an order, or nothing; a reason that is being written for it is written on."""
        before, self._line = self._line, line
        self.setVisible(line is not None)
        if line is None:
            self._put_away()
            return
        if before is None or before.order.reference != line.order.reference:
            self._put_away()
        order = line.order
        self._kind.setText(say.kind_name(order.kind))
        self._name.setText(unbroken(say.title(line)))
        self._how.setText(unbroken(say.details(order.item) or order.words))
        self._facts.setText("\n".join(self._said(line)))
        self._decision.setText(say.decision_text(order))
        self._decision.setVisible(order.decided is not None)
        self._noted.setText(say.acknowledged_text(line))
        set_property(self._noted, "tone", "warn" if line.to_acknowledge else "muted")
        for deed in DEEDS:
            self._buttons[deed.id].setVisible(deed.may(line, self._role))

    def ask(self, deed: Deed) -> None:
        """Ask for the reason of a deed."""
        if self._line is None:
            return
        self._asked = deed.id
        what = say.name(self._line.order.item)
        asks = {
            "hold": tr("Hold {order}: why?", order=what),
            "stop": tr("Stop {order}: why?", order=what),
        }
        self._question.setText(asks[deed.id])
        self._reason.setAccessibleName(asks[deed.id])
        self._confirm.setText(deed.words())
        self._reason.clear()
        self._note.say(None)
        self._show_asking(shown=True)
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, error: WorkstationError) -> None:
        """Say beside the reason why it was not done."""
        self._note.say(error)
        self._note.show()
        if self._asked:
            self._reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self) -> None:
        """It was done: the question goes."""
        self._put_away()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the question up."""
        if event.key() == Qt.Key.Key_Escape and self._asked:
            self._put_away()
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        gap = theme.px(16)
        box.setContentsMargins(gap, gap, gap, gap)
        box.setSpacing(theme.px(8))
        for said in (self._kind, self._name, self._how, self._decision, self._facts, self._noted):
            box.addWidget(said)
        box.addWidget(rule())
        row = FlowLayout(theme.px(8))
        for deed in DEEDS:
            made = button(
                f"{deed.words()} ({deed.letter.upper()})",
                partial(self.start, deed),
                symbol=deed.icon,
            )
            self._buttons[deed.id] = made
            row.addWidget(made)
        row.addWidget(
            button(tr("History"), self.history_wanted.emit, symbol="clock", hint="Ctrl+H")
        )
        box.addLayout(row)
        for asked in (self._question, self._reason, self._note, self._confirm):
            box.addWidget(asked)
        box.addStretch(1)

    def start(self, deed: Deed) -> None:
        """Do a deed, or first ask for its reason."""
        if not deed.may(self._line, self._role):
            return
        if deed.id in WITH_REASON:
            self.ask(deed)
        else:
            self.wanted.emit(deed.id, "")

    def _said(self, line: OrderLine) -> list[str]:
        order = line.order
        since = moment_text(order.since) if order.since else tr("Unknown")
        said = [tr("Ordered {when} by {who}", when=since, who=order.prescriber or tr("Unknown"))]
        if order.version_of:
            said.append(tr("Replaces an earlier order."))
        if line.again is not None:
            said.append(tr("Ordered again {when}", when=moment_text(line.again)))
        if line.unsent:
            said.append(tr("Saved here, not sent yet."))
        return [*said, *map(_accepted, line.accepted)]

    def _put_away(self) -> None:
        self._asked = ""
        self._show_asking(shown=False)

    def _show_asking(self, *, shown: bool) -> None:
        for widget in (self._question, self._reason, self._confirm):
            widget.setVisible(shown)
        self._note.hide()

    @Slot()
    def _on_reason(self) -> None:
        if self._asked:
            self.wanted.emit(self._asked, self._reason.text())


def _accepted(alert: Accepted) -> str:
    """An alert that the order was signed in spite of: for who gives the drug, too."""
    who = ", ".join(filter(None, (alert.by, alert.second)))
    return tr(
        "▲ Alert accepted: {about}. {reason} ({who})",
        about=alert.about,
        reason=alert.reason,
        who=who,
    )
