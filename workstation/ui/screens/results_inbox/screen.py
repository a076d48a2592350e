"""New results of the ward: critical first. Enter opens the chart at it, A takes note of it."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services import critical_results, result_inbox
from workstation.services.result_inbox import Inbox, InboxRow
from workstation.ui.screens.results_inbox import wording
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.tasks import Task
from workstation.ui.toolkit.widgets.acknowledge_form import AcknowledgeForm
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

_ROOMY_SCALE: Final = 125
_TYPES: Final = frozenset({"Observation", "DiagnosticReport", "Task", "Encounter"})


class _Rows(RowsView):
    """A is for taking note, no search.

    Signals:
        noting: A on a row.
    """

    noting = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A takes note; all else is the table's."""
        if event.key() == Qt.Key.Key_A and not event.modifiers():
            self.noting.emit()
        else:
            super().keyPressEvent(event)


class ResultsInboxScreen(Screen):
    """The list, and below it the line for what was done."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._reading: Task | None = None
        self.model: RowsModel[InboxRow] = RowsModel(_columns(), self)
        self.list = _Rows(self.model)
        self.list.setAccessibleName(self.title())
        self.list.wrap_rows(34)
        self.form = AcknowledgeForm(workplace)
        self._pages = Pages(self.list)
        self._counts = QHBoxLayout()
        self._counts.setSpacing(theme.px(8))
        self._as_of = label("", "caption", "muted")
        self._note = button(tr("Acknowledge (A)"), self._ask, kind="danger", symbol="check")
        self._open = button(tr("Open the chart"), self._open_current, symbol="chart", hint="Enter")
        box = QVBoxLayout(self)
        gap = theme.px(16)
        box.setContentsMargins(gap, theme.px(10), gap, theme.px(12))
        box.setSpacing(theme.px(10))
        box.addLayout(self._head())
        box.addWidget(self.form)
        box.addWidget(self._pages, 1)
        self.setFocusProxy(self.list)
        self._pages.show_loading()
        self._show_offers()
        self.list.opened.connect(self._on_opened)
        self.list.noting.connect(self._ask)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.form.closed.connect(self._focus_list)
        self.form.changed.connect(self.activate)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        head.addWidget(label(self.title(), "title"))
        head.addLayout(self._counts)
        head.addStretch(1)
        head.addWidget(self._note)
        head.addWidget(self._open)
        head.addWidget(self._as_of)
        return head

    def title(self) -> str:
        """What this screen is called."""
        return tr("New results")

    def activate(self) -> None:
        """Read the results of the ward."""
        desk = self.workplace.desk
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self.workplace.tasks.query(
            lambda: result_inbox.inbox(desk), done=self._on_read, failed=self._on_failed
        )
        if not self.form.isVisible():
            self._focus_list()

    def on_changed(self, changes: Changes) -> None:
        """Read again when a result, a note or a stay came."""
        if self.isVisible() and not changes.types.isdisjoint(_TYPES):
            self.activate()

    def patient(self) -> PatientId | None:
        """Whose result the cursor stands on."""
        row = self.current()
        return row.who.patient if row else None

    def perform(self, action_id: str) -> bool:
        """Take note, read again."""
        if action_id not in self.offers():
            return False
        {"acknowledge_result": self._ask, "refresh": self.activate}[action_id]()
        return True

    def offers(self) -> frozenset[str]:
        """Taking note where the cursor stands on a critical result."""
        row, may = self.current(), holds(self.workplace.desk.person.role, "chart")
        asked = may and row is not None and bool(row.observation)
        return frozenset({"refresh"} | ({"acknowledge_result"} if asked else set()))

    def current(self) -> InboxRow | None:
        """The row with the cursor."""
        row = self.list.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, InboxRow) else None

    @Slot()
    def _focus_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_read(self, found: Inbox) -> None:
        before = self.current()
        self._as_of.setText(tr("Read at {time}", time=time_text(found.as_of)))
        self._count(found)
        self.model.replace(found.rows)
        if not found.rows:
            self._pages.show_empty(
                tr("No new results on this ward."),
                tr("What you have looked at in a chart is not new any more."),
            )
        else:
            self._pages.show_content()
            self.list.selectRow(_place(found.rows, before))
        self._show_offers()

    def _count(self, found: Inbox) -> None:
        while (item := self._counts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        waiting = sum(row.kind == "critical" for row in found.rows)
        new = sum(len(row.findings) for row in found.rows if row.kind == "new")
        new += sum(row.kind == "report" for row in found.rows)
        if waiting:
            words = tr("{count} critical results not acknowledged", count=waiting)
            self._counts.addWidget(Chip(words, "danger", "warning"))
        if new:
            self._counts.addWidget(Chip(tr("{count} new", count=new), "accent", "results"))

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self.activate)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self._show_offers()

    def _show_offers(self) -> None:
        self._note.setVisible("acknowledge_result" in self.offers())
        self._open.setVisible(self.current() is not None)

    def _open_current(self) -> None:
        row = self.current()
        if row is not None:
            self._on_opened(row)

    @Slot(object)
    def _on_opened(self, row: InboxRow) -> None:
        record = f"DiagnosticReport/{row.report}"
        if not row.report:
            record = f"Observation/{row.observation or row.findings[0].result.id}"
        self.workplace.navigator.open_screen(
            "chart", patient=row.who.patient, tab="results", record=record
        )

    @Slot()
    def _ask(self) -> None:
        row = self.current()
        if row is not None and "acknowledge_result" in self.offers():
            result = row.findings[0].result
            seen = critical_results.said(result.value, result.words)
            asked = wording.question(row, self.workplace.clock.now())
            self.form.ask(row.observation, asked, seen)


def _place(rows: tuple[InboxRow, ...], before: InboxRow | None) -> int:
    """Where the cursor goes: it stays on its row; one that is dealt with gives way to the first."""
    if before is None:
        return 0
    same = (before.kind, before.who.patient, before.observation, before.panel, before.report)
    keys = [(row.kind, row.who.patient, row.observation, row.panel, row.report) for row in rows]
    return keys.index(same) if same in keys else 0


def _columns() -> tuple[Column[InboxRow], ...]:
    column = partial(Column[InboxRow], tone=wording.tone)
    return (
        column("", wording.mark_text, 52, role="value"),
        column(tr("Bed"), wording.bed_text, 66, role="strong"),
        column(tr("Patient"), lambda row: wording.person_text(row.who), 175, role="strong"),
        column(tr("Result"), wording.what_text),
        column(tr("Taken"), wording.taken_text, 155),
        column(tr("State"), wording.state_text, _state_width(), hint=wording.state_hint),
    )


def _state_width() -> int:
    """Who took note needs room, but the result needs it more where there is little."""
    return 300 if theme.scale() <= _ROOMY_SCALE else 200
