"""The orders of the ward that no nurse has acknowledged, who waits longest first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.clock import Clock
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services import order_list, orders
from workstation.services.inpatients import Inpatient
from workstation.services.order_list import OrderLine, Unacknowledged, changed_at
from workstation.ui.toolkit import order_words as say
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.once import held
from workstation.ui.toolkit.person_words import age_words, born_words, short_moment
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.units import unbroken
from workstation.ui.toolkit.widgets.banner import sex_word
from workstation.ui.toolkit.widgets.moment import moment_text, time_text
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace

_TYPES: Final = frozenset(
    {"MedicationRequest", "ServiceRequest", "NutritionOrder", "Task", "Encounter"}
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One order that waits, and whose it is."""

    who: Inpatient
    line: OrderLine


class OrdersToAcknowledgeScreen(Screen):
    """A list; A takes note of one order, P of all of one patient."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._may = holds(workplace.desk.person.role, "acknowledge")
        self.model: RowsModel[Waiting] = RowsModel(_columns(workplace.clock), self)
        self.view = RowsView(self.model)
        self.view.setAccessibleName(self.title())
        self.view.wrap_rows(38)
        self.view.installEventFilter(self)
        self.view.opened.connect(self._on_opened)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self._title, self._as_of = label("", "title"), label("", "caption", "muted")
        self._order, self._more = label("", "heading", wrap=True), label("", "body", wrap=True)
        self._note = label("", "strong", "danger", wrap=True)
        self._pages = Pages(self.view)
        self._lay_out()
        self.setFocusProxy(self.view)
        self._pages.show_loading()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Orders to acknowledge")

    def activate(self) -> None:
        """Read again; the list has the keys."""
        self._read()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_changed(self, changes: Changes) -> None:
        """Read again when an order was written, changed or acknowledged."""
        if _TYPES & changes.types:
            self._read()

    def patient(self) -> PatientId | None:
        """Whose order the cursor is on."""
        row = self._current()
        return row.who.patient if row else None

    def offers(self) -> frozenset[str]:
        """Reading again."""
        return frozenset({"refresh"})

    def perform(self, action_id: str) -> bool:
        """Read again."""
        if action_id == "refresh":
            self._read()
        return action_id in self.offers()

    def foot(self) -> QWidget | None:
        """The order in full stays legible while a toast shows."""
        return self._order

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A or Space: this order; P: all of this patient."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            one = event.key() in (Qt.Key.Key_A, Qt.Key.Key_Space)
            if plain and (one or event.key() == Qt.Key.Key_P):
                if not held(event):
                    self._acknowledge(of_patient=not one)
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._as_of)
        box = QVBoxLayout(self)
        gap = theme.px(16)
        box.setContentsMargins(gap, theme.px(12), gap, theme.px(8))
        box.setSpacing(theme.px(8))
        box.addLayout(head)
        box.addWidget(self._pages, 1)
        for widget in (self._order, self._more, self._note):
            box.addWidget(widget)
        box.addWidget(label(self._keys(), "caption", "muted"))

    def _keys(self) -> str:
        if not self._may:
            return tr("Enter opens the chart. Nurses acknowledge orders.")
        return tr("A acknowledges this order · P all of this patient · Enter opens the chart")

    def _current(self) -> Waiting | None:
        row = self.view.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, Waiting) else None

    @Slot()
    def _read(self) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: order_list.ward_unacknowledged(desk),
            done=self._on_read,
            failed=self._on_unreadable,
        )

    @Slot(object)
    def _on_read(self, found: tuple[Unacknowledged, ...]) -> None:
        now = self.workplace.clock.now()
        self._as_of.setText(tr("Read at {time}", time=time_text(now)))
        rows = [Waiting(each.who, line) for each in found for line in each.lines]
        words = self.title()
        self._title.setText(f"{words} · {len(rows)}" if rows else words)
        at, before = self._current(), max(self.view.currentIndex().row(), 0)
        self.model.replace(rows)
        if not rows:
            self._show(None)
            self._pages.show_empty(
                tr("Every order is acknowledged."), tr("New and changed ones appear here.")
            )
            return
        first = not self.view.isVisible()
        self._pages.show_content()
        if first and self.isVisible():  # a later reading must not take the keys from a palette
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        same = [n for n, row in enumerate(rows) if at is not None and _key(row) == _key(at)]
        self.view.selectRow(same[0] if same else min(before, len(rows) - 1))
        self._show(self._current())

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self._read)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE)
        self._show(row if isinstance(row, Waiting) else None)

    @Slot(object)
    def _on_opened(self, row: Waiting) -> None:
        self.workplace.navigator.open_chart(row.who.patient, "orders")

    def _show(self, row: Waiting | None) -> None:
        """The order in full, and whose it is by a second identifier."""
        if row is None:
            self._order.clear()
            self._more.clear()
            return
        order = row.line.order
        self._order.setText(f"{say.title(row.line)}, {say.details(order.item)}".rstrip(", "))
        at = changed_at(order)
        since = tr("{when} by {who}", when=moment_text(at), who=_who(row)) if at else _who(row)
        reason = order.decided.reason if order.decided else ""
        self._more.setText(" · ".join(filter(None, (_person(row), _news(row), since, reason))))

    def _acknowledge(self, *, of_patient: bool) -> None:
        row = self._current()
        if row is None or not self._may:
            return
        self._note.clear()
        taken = [row]
        if of_patient:
            taken = [each for each in self.model.rows if each.who.patient == row.who.patient]
        seen = [(each.line.order.reference, each.line.order.state) for each in taken]
        desk = self.workplace.desk
        self.workplace.tasks.command(
            lambda: orders.acknowledge(desk, seen),
            done=partial(self._on_acknowledged, tuple(taken)),
            failed=self._on_refused,
            initiator=self,
        )

    def _on_acknowledged(self, taken: tuple[Waiting, ...], changes: Changes) -> None:
        own = [each.partition("/")[2] for each in changes.references if each.startswith("Task/")]
        desk, tasks = self.workplace.desk, self.workplace.tasks

        def take_back() -> None:
            tasks.command(lambda: orders.take_back(desk, own), failed=self.workplace.tell)

        words = tr("{count} orders acknowledged", count=len(taken))
        if len(taken) == 1:
            words = tr("Acknowledged: {order}", order=say.name(taken[0].line.order.item))
        self.workplace.navigator.toast(words, take_back)
        self._read()

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self._note.setText(f"▲ {explain(error).line}")
        self._read()


def _columns(clock: Clock) -> tuple[Column[Waiting], ...]:
    def since(row: Waiting) -> str:
        at = changed_at(row.line.order)
        return short_moment(at, clock.now()) if at else "–"

    return (
        Column(tr("Bed"), lambda row: row.who.bed_name or "–", 60, role="strong"),
        Column(tr("Patient"), _name, 184, role="strong"),
        Column(tr("Age and sex"), _age, 124),
        Column(tr("What is new"), _news, 112, tone=_tone),
        Column(tr("Kind"), lambda row: say.kind_name(row.line.order.kind), 96),
        Column(tr("Order"), lambda row: unbroken(say.line(row.line.order.item)), role="strong"),
        Column(tr("order|By"), _who, 124),
        Column(tr("Since"), since, 104),
    )


def _key(row: Waiting) -> str:
    return row.line.order.reference


def _name(row: Waiting) -> str:
    name = row.who.name.formal or tr("Name unknown")
    return f"⚠ {name}" if row.who.alike else name


def _person(row: Waiting) -> str:
    who = row.who
    born = born_words(who.birth_date, who.born)
    return " · ".join(filter(None, (who.name.formal, born, who.record_number)))


def _age(row: Waiting) -> str:
    return f"{age_words(row.who.age)} · {sex_word(row.who.sex)}"


def _news(row: Waiting) -> str:
    order = row.line.order
    sign = say.status_mark(order.status)[1]
    if order.decided is None:
        return f"+ {tr('Changed')}" if order.version_of else f"+ {tr('New')}"
    words = {"active": tr("Goes on again"), "on-hold": tr("On hold"), "stopped": tr("Stopped")}
    return f"{sign} {words.get(order.status, order.status)}"


def _tone(row: Waiting) -> str:
    status = row.line.order.status
    return "accent" if status == "active" else say.status_mark(status)[0]


def _who(row: Waiting) -> str:
    order = row.line.order
    return (order.decided.by if order.decided else "") or order.prescriber or tr("Unknown")
