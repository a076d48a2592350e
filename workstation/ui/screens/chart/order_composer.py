"""Where orders are put together and signed as a whole: form, list to sign, alerts.

Nothing typed is lost: a pause of half a second, a lock, another tab or another patient keep it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import order_drafts, orders
from workstation.services.order_drafts import BasketLine, OrderDraft
from workstation.services.order_list import OrderLine
from workstation.services.order_safety import Checked
from workstation.services.orders import Answer, Line, Seen
from workstation.ui.screens.chart.order_signing import OrderSigning
from workstation.ui.screens.chart.order_writing import OrderWriting
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.tasks import Task
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.order_alerts import Answered
from workstation.ui.toolkit.workplace import Workplace

PAUSE_MS = 500


class OrderComposer(QWidget):
    """One doctor's unsigned orders for one patient.

    Signals:
        closed: They were signed, given up, or left for later. arg 0: ``Type/id`` of what was
            written when they were signed.
    """

    closed = Signal(frozenset)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start without a patient.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.workplace = workplace
        self._patient: PatientId | None = None
        self._kept = OrderDraft()
        self._checking: Task | None = None
        self.writing = OrderWriting(workplace.clock)
        self.signing = OrderSigning(workplace)
        self.basket, self.alerts = self.signing.basket, self.signing.alerts
        self.sets = self.signing.sets
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self.writing.edited.connect(self._on_edited)
        self.writing.added.connect(self.basket.add)
        self.basket.changed.connect(self._on_edited)
        self.basket.edit_wanted.connect(self.writing.edit)
        self.signing.sign_wanted.connect(self.sign)
        self.signing.leave_wanted.connect(self.leave)
        self.signing.discard_wanted.connect(self.discard)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(_halves(self.writing, self.signing))

    def begin(self, patient: PatientId, draft: OrderDraft) -> None:
        """Write a draft on, or begin an empty one."""
        self._patient = patient
        self.writing.clear()
        if draft.form:
            self.writing.restore(draft.form)
        self.basket.show_lines(draft.lines)
        self._kept = self._draft()
        at = draft.saved_at
        self.signing.say_kept(tr("Draft kept at {time}", time=time_text(at)) if at else "")
        self.signing.say(None)
        self.alerts.begin(patient)
        self._check()
        self.writing.setFocus(Qt.FocusReason.OtherFocusReason)

    def again(self, lines: Sequence[OrderLine]) -> None:
        """Put the orders that go on into the list, all ticked, in place of an earlier such list."""
        own = [each for each in self.basket.lines if not each.again]
        self.basket.show_lines([*map(_repeated, lines), *own])
        self.basket.to_top()

    def sign(self) -> None:
        """Make everything ticked an order, with what stands in the form."""
        self._pause.stop()
        patient = self._patient
        if patient is None or (self.writing.form.typed() and not self.writing.add()):
            return
        if self.alerts.missing() is not None:
            self.alerts.focus_missing()
            return
        self.flush()  # a refusal finds it kept, whatever is open by then
        self._patient = None  # pressed twice it is signed once, and what is signed is not kept anew
        desk, lines = self.workplace.desk, self._lines()
        again, ended = (_seen(self.basket.lines, goes_on=goes_on) for goes_on in (True, False))
        draft = order_drafts.draft_id(desk, patient)
        self.workplace.tasks.command(
            lambda: orders.sign(desk, patient, lines, again=again, ended=ended, draft=draft),
            done=self._on_signed,
            failed=partial(self._on_not_signed, patient),
            initiator=self,
            owner=self,
        )

    def leave(self) -> None:
        """Keep the draft for later and close."""
        self.flush()
        self._patient = None
        self.closed.emit(frozenset())

    def discard(self) -> None:
        """Give everything up, with a way back."""
        patient, draft = self._patient, self._draft()
        if patient is None:
            return
        self._pause.stop()
        self._patient = None
        place, desk, tasks = self.workplace, self.workplace.desk, self.workplace.tasks

        def bring_back() -> None:
            tasks.command(lambda: order_drafts.keep(desk, patient, draft), failed=place.tell)

        tasks.command(lambda: order_drafts.keep(desk, patient, OrderDraft()), failed=place.tell)
        if draft:
            place.navigator.toast(tr("Unsigned orders given up"), bring_back, lasting=False)
        self.closed.emit(frozenset())

    @Slot()
    def flush(self) -> None:
        """Keep what is typed, now."""
        self._pause.stop()
        draft, patient = self._draft(), self._patient
        if patient is None or draft == self._kept:
            return
        self._kept = draft
        desk = self.workplace.desk
        self.workplace.tasks.command(
            lambda: order_drafts.keep(desk, patient, draft),
            done=self._on_kept,
            failed=self._on_refused,
        )

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what is typed when the page goes away, as at a lock."""
        self.flush()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves; the draft stays."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _draft(self) -> OrderDraft:
        return OrderDraft(self.basket.lines, self.writing.draft())

    def _lines(self) -> list[Line]:
        return _to_sign(self.basket.lines, self.alerts.answers())

    def _check(self) -> None:
        """See what speaks against what is ticked and what is being written."""
        patient, lines = self._patient, self._lines()
        written = self.writing.proposal()
        if written is not None:
            lines.append(written)
        if self._checking is not None:
            self._checking.cancel()
        if patient is None:
            return
        desk = self.workplace.desk
        self._checking = self.workplace.tasks.query(
            lambda: orders.check(desk, patient, lines),
            done=self._on_checked,
            failed=self.alerts.show_error,
        )

    @Slot()
    def _on_edited(self) -> None:
        if self._patient is not None:
            self.signing.say_kept(tr("Writing…"))
            self._pause.start()

    @Slot()
    def _on_pause(self) -> None:
        self.flush()
        self._check()

    @Slot(object)
    def _on_checked(self, found: tuple[Checked, ...]) -> None:
        if found:
            self.alerts.show_checked(_together(found))
        else:
            self.alerts.show_nothing()

    @Slot(object)
    def _on_kept(self, _changes: Changes) -> None:
        if not self._pause.isActive():
            when = time_text(self.workplace.clock.now())
            self.signing.say_kept(tr("Draft kept at {time}", time=when))

    @Slot(object)
    def _on_signed(self, changes: Changes) -> None:
        self.workplace.navigator.toast(tr("Signed and saved on this terminal."))
        if self._patient is None:
            self.closed.emit(frozenset(changes.references))

    def _on_not_signed(self, patient: PatientId, error: WorkstationError) -> None:
        """Go on where it was; who has gone on to something else is told all the same."""
        if not self.isVisible() or self._patient is not None:
            self.workplace.tell(error)
        if self._patient is not None:
            return
        self._patient = patient
        self._on_refused(error)
        self._check()

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self.signing.say(error)


def _to_sign(lines: Sequence[BasketLine], answered: Sequence[Answered]) -> list[Line]:
    """What is ticked, with the answers; each line takes those to its own alerts."""
    answers = tuple(Answer(each.alert, each.reason, each.second) for each in answered)
    return [
        Line(each.item, each.replaces, each.state, each.reason, answers)
        for each in lines
        if each.ticked and not each.again
    ]


def _seen(lines: Sequence[BasketLine], *, goes_on: bool) -> list[Seen]:
    """The orders of the day before that go on, or those that end."""
    found = (each for each in lines if each.again and each.ticked is goes_on)
    return [(each.replaces, each.state) for each in found]


def _together(found: Sequence[Checked]) -> Checked:
    """What speaks against several orders, as one list."""
    alerts = tuple(alert for each in found for alert in each.alerts)
    return Checked(alerts, tuple(dict.fromkeys(what for each in found for what in each.unchecked)))


def _repeated(line: OrderLine) -> BasketLine:
    order = line.order
    return BasketLine(order.item, replaces=order.reference, state=order.state, again=True)


def _halves(left: QWidget, right: QWidget) -> QSplitter:
    made = QSplitter(Qt.Orientation.Horizontal)
    made.addWidget(left)
    made.addWidget(right)
    made.setStretchFactor(0, 3)
    made.setStretchFactor(1, 4)
    made.setSizes([theme.px(586), theme.px(780)])
    made.setChildrenCollapsible(False)
    return made
