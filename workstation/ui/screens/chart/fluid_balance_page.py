"""The fluids tab: the sheet of a day by the hour, its curve, its amounts, and the forms beside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from workstation.clinical.fluid_balance import Row, row_of
from workstation.kernel import settings as table
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import Settings
from workstation.kernel.words import tr
from workstation.services import fluid_balance, fluid_balance_sheet
from workstation.services.fluid_balance_sheet import FluidSheet, Line, Plan
from workstation.ui.screens.chart.fluid_balance_beside import FluidForms
from workstation.ui.screens.chart.fluid_balance_course import BalanceCourse
from workstation.ui.screens.chart.fluid_balance_grid import FluidCell, FluidGrid, FluidGridModel
from workstation.ui.screens.chart.fluid_balance_head import FluidHead
from workstation.ui.screens.chart.fluid_balance_lines import FluidLines, RunningInfusions
from workstation.ui.screens.chart.page import Page
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import button

_TICK_MS: Final = 60_000
"""So often the sheet is read again while an infusion runs."""
_ROOM_FOR_CURVE: Final = 440


class FluidsPage(Page):
    """Fluids of one patient."""

    types = frozenset({"Observation", "MedicationAdministration", "Encounter", "Goal"})
    paper = "fluid-balance"

    def build(self) -> QWidget:
        """Make the widgets."""
        self._day: date | None = None
        self._sheet: FluidSheet | None = None
        self._wanted: tuple[Row | None, datetime | None] = (None, None)
        self._model = FluidGridModel(self)
        self._grid, self._lines = FluidGrid(self._model), FluidLines()
        self._course, self._infusions = BalanceCourse(), RunningInfusions()
        self._forms = forms = FluidForms(self.workplace, self)
        self._form, self._amend, self._goal = forms.new, forms.amend, forms.goal
        self._head = FluidHead()
        self._head.day_wanted.connect(self._turn)
        self._head.add_wanted.connect(self.add)
        self._grid.opened.connect(self._on_cell)
        self._grid.day_wanted.connect(self._turn)
        self._grid.goal_wanted.connect(self.set_goal)
        self._lines.day_wanted.connect(self._turn)
        self._lines.opened.connect(self._on_line)
        self._lines.strike_wanted.connect(self._on_strike)
        forms.closed.connect(self._on_closed)
        forms.writing_changed.connect(self._head.show_writing)
        self._clock = QTimer(self, interval=_TICK_MS)
        self._clock.timeout.connect(self._on_minute)
        self._clock.start()
        whole = QWidget()
        row = _bare(QHBoxLayout(whole))
        self.read_side = _left(self._head, self._grid, (self._infusions, self._course), self._lines)
        row.addWidget(self.read_side, 1)
        for form in forms.all:
            row.addWidget(form)
        return whole

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient, today; what is typed about the one before is kept first."""
        if patient != self.subject:
            self.flush()
            self._forms.hide()
            self._day, self._sheet = None, None
        super().set_patient(patient)

    def read(self, patient: PatientId) -> FluidSheet:
        """Ask for the sheet of the day."""
        return fluid_balance_sheet.sheet(
            self.workplace.desk, patient, _plan(self.workplace.settings), self._day
        )

    def show_read(self, found: object) -> None:
        """Show it."""
        assert isinstance(found, FluidSheet)  # noqa: S101 - what `read` returns
        self._sheet = found
        self._model.replace(found)
        self._grid.show_now()
        self._course.show_sheet(found)
        self._lines.show_sheet(found)
        self._infusions.show_sheet(found)
        self._head.show_sheet(found)
        there = found.rows or found.lines or found.goals
        if not there and self._day is None and self._forms.shown is None:
            action = button(tr("New fluids"), self.add, kind="primary", symbol="add")
            advice = tr("What goes in and comes out is added up here by the hour.")
            self.states.show_empty(tr("No fluids charted yet"), advice, action)
            _stand_in(action, self._grid, self.set_goal)

    def focus_start(self) -> None:
        """The sheet is walked by arrow keys."""
        if self._forms.shown is None:
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Keep what is typed."""
        self._form.flush()

    def add(self, first: Row | None = None, at: datetime | None = None) -> None:
        """Open the form, ready for what this patient usually has.

        Args:
            first: The kind that is wanted first.
            at: For which time (aware); now when None.
        """
        patient, desk = self.subject, self.workplace.desk
        if patient is None:
            return
        self.states.show_content()
        if self._forms.shown is self._form:
            self._form.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._wanted = first, at
        self.workplace.tasks.query(
            lambda: (
                patient,
                fluid_balance_sheet.usual(desk, patient),
                fluid_balance.my_draft(desk, patient),
            ),
            done=self._on_ready,
            failed=self._on_failed,
        )

    def set_goal(self) -> None:
        """Open the form for what is wanted of today, for who may order."""
        patient, sheet = self.subject, self._sheet
        if patient is None or sheet is None or not self._forms.takes_goal(sheet):
            return
        self.states.show_content()
        self._forms.open(self._goal)
        self._goal.begin(patient, sheet)

    def perform(self, action_id: str) -> bool:
        """New fluids, save what is typed, the goal, history of the amount in focus."""
        if action_id not in self.offers():
            return False
        form = self._forms.shown or self._form
        {
            "add_fluid": self.add,
            "fluid_goal": self.set_goal,
            "save": form.save,
            "history": self._history,
        }[action_id]()
        return True

    def offers(self) -> frozenset[str]:
        """New fluids always; saving while a form is open."""
        form = {"save"} if self._forms.shown else set()
        line = {"history"} if self._lines.line() else set()
        current = self._sheet is not None and self._sheet.current
        goal = {"fluid_goal"} if current else set()
        return frozenset({"add_fluid"} | form | line | goal)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, numbers come before the curve."""
        super().resizeEvent(event)
        self._course.setVisible(self.height() >= theme.px(_ROOM_FOR_CURVE))

    def _history(self) -> None:
        line = self._lines.line()
        if line is not None:
            self.links.open_history("Observation", line.entry.id)

    @Slot(int)
    def _turn(self, days: int) -> None:
        """Show a day before or after; there is none after today."""
        sheet = self._sheet
        if sheet is None or (days > 0 and sheet.current):
            return
        day = sheet.day + timedelta(days=days)
        today = _plan(self.workplace.settings).day(self.workplace.desk.now())
        self._day = None if day >= today else day
        self.refresh()

    @Slot(object)
    def _on_ready(self, found: tuple[PatientId, tuple[Row, ...], str]) -> None:
        patient, usual, draft = found
        if patient != self.subject or self._forms.shown is self._form:  # asked twice, begun once
            return
        first, at = self._wanted
        self._forms.open(self._form)
        run = _running(self._sheet)
        self._form.begin(patient, usual, draft, first=first, at=at, running=run)

    @Slot(object)
    def _on_cell(self, cell: FluidCell) -> None:
        """From a cell to what it is made of; an empty hour that has begun is written into."""
        sheet = self._sheet
        if sheet is None or isinstance(cell.row, str):
            return
        line = _newest_in(sheet, cell)
        if line is not None:
            self._lines.show_line(line)
        elif cell.hour and cell.begun:
            self.add(cell.row, None if cell.now else cell.span.start)

    @Slot(object)
    def _on_line(self, line: Line) -> None:
        """Correct an amount, unless it was struck out."""
        if self.subject is None or self.states.blank or not line.entry.valid:
            return
        self._forms.open(self._amend)
        self._amend.begin(self.subject, line)

    @Slot(object)
    def _on_strike(self, line: Line) -> None:
        self._on_line(line)
        if line.entry.valid:
            self._amend.ask_reason()

    @Slot(object)
    def _on_closed(self, form: QWidget) -> None:
        back: QWidget = self._lines if form is self._amend else self._grid
        back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    @Slot()
    def _on_minute(self) -> None:
        if self.isVisible() and self._sheet is not None and self._sheet.infusions:
            self.refresh()


def _stand_in(action: QWidget, grid: QWidget, set_goal: Callable[[], None]) -> None:
    """Where no sheet shows its button has the keys that the sheet would have."""
    QShortcut(Qt.Key.Key_G, action, set_goal, context=Qt.ShortcutContext.WidgetShortcut)
    if grid.window().focusWidget() in (None, grid):
        action.setFocus(Qt.FocusReason.OtherFocusReason)


def _bare(row: QHBoxLayout) -> QHBoxLayout:
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    return row


def _plan(settings: Settings) -> Plan:
    start = time.fromisoformat(settings.get(table.DAY_STARTS))
    return Plan(settings.get(table.SHIFT_HOURS), start)


def _running(sheet: FluidSheet | None) -> int:
    infusions = sheet.infusions if sheet else ()
    return sum(1 for infusion in infusions if infusion.record.running)


def _newest_in(sheet: FluidSheet, cell: FluidCell) -> Line | None:
    """The newest amount that a cell is made of."""
    for line in sheet.lines:
        fluid = line.entry.fluid
        if row_of(fluid.kind, fluid.name) == cell.row and (
            cell.span.start <= fluid.at < cell.span.end
        ):
            return line
    return None


def _left(head: QWidget, grid: QWidget, beside: tuple[QWidget, QWidget], lines: QWidget) -> QWidget:
    """The sheet above; infusions and curve, and the amounts, below it."""
    below = QWidget()
    box = QVBoxLayout(below)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(theme.px(4))
    infusions, course = beside
    box.addWidget(infusions)
    box.addWidget(course, 1)
    foot = QSplitter(Qt.Orientation.Horizontal)
    foot.addWidget(below)
    foot.addWidget(lines)
    foot.setSizes([theme.px(560), theme.px(680)])
    foot.setChildrenCollapsible(False)
    halves = QSplitter(Qt.Orientation.Vertical)
    halves.addWidget(grid)
    halves.addWidget(foot)
    halves.setStretchFactor(0, 2)
    halves.setStretchFactor(1, 1)
    halves.setSizes([theme.px(375), theme.px(150)])
    halves.setChildrenCollapsible(False)
    left = QWidget()
    column = QVBoxLayout(left)
    gap = theme.px(12)
    column.setContentsMargins(gap, theme.px(8), gap, gap)
    column.setSpacing(theme.px(6))
    column.addWidget(head)
    column.addWidget(halves, 1)
    return left
