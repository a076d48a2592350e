"""The results tab: cumulative table, trend of the row in focus, reports, taking note."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services import critical_results, reports, result_table
from workstation.services.reports import Listed
from workstation.services.result_table import Line, ResultTable, Value
from workstation.ui.screens.chart.page import Page
from workstation.ui.screens.chart.results_bar import ResultsBar
from workstation.ui.screens.chart.results_looked import Looked
from workstation.ui.screens.chart.results_reports import ReportsView
from workstation.ui.screens.chart.results_rows import line_name
from workstation.ui.screens.chart.results_side import TableSide
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.result_words import measured_text
from workstation.ui.toolkit.widgets.acknowledge_form import AcknowledgeForm
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.stack import Stack

_AT_FIRST: Final = 400
"""Values that are shown at once, while the others are still read."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one reading found."""

    table: ResultTable
    reports: tuple[Listed, ...]


class ResultsPage(Page):
    """Results of the laboratory, and reports."""

    paper = "results"
    types = frozenset({"Observation", "DiagnosticReport", "Task", "Organization"})

    def build(self) -> QWidget:
        """Make the widgets."""
        self._table: ResultTable | None = None
        self._looked = Looked(self.workplace)
        self._wanted = ""
        self._bar = ResultsBar()
        self.side = TableSide()
        self._form = AcknowledgeForm(self.workplace)
        self._reports = ReportsView(self.workplace)
        self._stack = Stack()
        self._stack.add(self.side)
        self._stack.add(self._reports)
        whole = QWidget()
        box = QVBoxLayout(whole)
        gap = theme.px(12)
        box.setContentsMargins(gap, theme.px(8), gap, gap)
        box.setSpacing(theme.px(6))
        box.addWidget(self._bar)
        box.addWidget(self._form)
        box.addWidget(self._stack, 1)
        self._tie()
        return whole

    def _tie(self) -> None:
        self._bar.side_chosen.connect(self._show_side)
        self._bar.panel_chosen.connect(self._choose)
        self._bar.acknowledge_wanted.connect(self._ask)
        self._bar.history_wanted.connect(self._history)
        self.side.moved.connect(self._show_asked)
        self.side.view.key.connect(self._on_key)
        self._form.closed.connect(self.focus_start)
        self._form.changed.connect(self.refresh)
        self._reports.back.connect(partial(self._show_side, False))

    def read(self, patient: PatientId) -> Shown:
        """Ask for table and reports, against the same moment; at first for the newest alone."""
        desk, newest = self.workplace.desk, _AT_FIRST if self._table is None else None
        table = result_table.table(desk, patient, self._looked.baseline(patient), newest=newest)
        return Shown(table, reports.reports(desk, patient, table.baseline))

    def show_read(self, found: object) -> None:
        """Show them, and note that they were seen."""
        assert isinstance(found, Shown)  # noqa: S101 - what `read` returns
        first = self._table is None
        self._table = found.table
        self._bar.show_panels(found.table.panels, self._bar.panel)
        self.side.show_table(found.table, self._bar.panel)
        self._reports.show_reports(found.reports)
        self._bar.show_news(sum(each.new for each in found.reports))
        if not found.table.lines and not found.reports:
            self.states.show_empty(
                tr("No results yet"), tr("They appear here as soon as the hospital has them.")
            )
        elif not found.table.lines:
            self._show_side(reports=True)
        self._stand()
        if first:
            self.focus_start()
        if self.subject is not None:
            self._looked.note(self.subject, found.table, visible=self.isVisible())
        if not found.table.whole:
            self.read_on()

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient: nothing of the one before stays, neither form nor filter."""
        if patient != self.subject:
            self._table, self._wanted = None, ""
            self._bar.show_panels((), "")
            self._form.give_up()
            self._stack.bring(self.side)
            self._bar.show_side(reports=False)
            self._reports.forget()
        super().set_patient(patient)

    def shown(self) -> PatientId | None:
        """Whose results are on the page."""
        return self.subject if self._table is not None else None

    def point_at(self, record: str) -> None:
        """Stand on one result or report once it is read."""
        self._wanted = record
        if self._table is not None:
            self._stand()

    def focus_start(self) -> None:
        """The table is walked by arrow keys."""
        if self._form.isVisible():
            self._form.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._shows_reports():
            self._reports.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.side.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def perform(self, action_id: str) -> bool:
        """The history of the record in focus; taking note of the result in focus."""
        if action_id not in self.offers():
            return False
        {"history": self._history, "acknowledge_result": self._ask}[action_id]()
        return True

    def offers(self) -> frozenset[str]:
        """The history when there is a record; taking note of a critical result."""
        found = set()
        if self._record() is not None:
            found.add("history")
        if self._asked() is not None and self._may():
            found.add("acknowledge_result")
        return frozenset(found)

    @Slot(str)
    def _choose(self, panel: str) -> None:
        """Show one group, or all; a cursor that is still in it stays."""
        if self._table is None:
            return
        self._bar.show_panels(self._table.panels, panel)
        self.side.show_table(self._table, panel)
        self._show_side(reports=False)

    def _stand(self) -> None:
        """Stand where one was sent, if it is there."""
        kind, _, id_ = self._wanted.partition("/")
        place = {"DiagnosticReport": self._reports.stand_on, "Observation": self.side.view.stand_on}
        if kind in place and place[kind](id_):
            self._wanted = ""
            self._show_side(reports=kind == "DiagnosticReport")

    def _shows_reports(self) -> bool:
        return self._stack.front() is self._reports

    @Slot(bool)
    def _show_side(self, reports: bool) -> None:
        self._stack.bring(self._reports if reports else self.side)
        self._bar.show_side(reports=reports)
        self._show_asked()
        self.focus_start()

    @Slot()
    def _show_asked(self) -> None:
        self._bar.acknowledge.setVisible("acknowledge_result" in self.offers())

    @Slot(int)
    def _on_key(self, key: int) -> None:
        if key == Qt.Key.Key_A:
            self.perform("acknowledge_result")
        elif key == Qt.Key.Key_R:
            self._show_side(reports=True)
        elif key == Qt.Key.Key_G:
            self.side.toggle_trend()
        elif key == Qt.Key.Key_P:
            self._choose(self._bar.next_panel())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._history()

    def _may(self) -> bool:
        return holds(self.workplace.desk.person.role, "chart")

    def _asked(self) -> tuple[Line, Value] | None:
        """The critical result in focus."""
        spot = self.side.spot() if not self._shows_reports() else None
        if spot is None or spot.value is None or not spot.value.critical:
            return None
        return spot.line, spot.value

    def _record(self) -> tuple[str, str] | None:
        if self._shows_reports():
            listed = self._reports.current()
            return ("DiagnosticReport", listed.id) if listed else None
        spot = self.side.spot()
        return ("Observation", spot.value.observation) if spot and spot.value else None

    def _history(self) -> None:
        record = self._record()
        if record is not None:
            self.links.open_history(*record)

    def _ask(self) -> None:
        asked = self._asked()
        if asked is None:
            return
        line, value = asked
        at = moment_text(value.at) if value.at else ""
        said = f"{line_name(line)} {measured_text(value, value.flag)} {at}".strip()
        question = tr("What was done about {result}?", result=said)
        self._form.ask(value.observation, question, critical_results.said(value.value, value.words))
