"""The vitals tab: graph above, flowsheet below, a form for a new set beside them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final, cast

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from workstation.clinical.early_warning import Facts
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import escalation, flowsheet
from workstation.services.escalation import Situation
from workstation.services.flowsheet import Column, Flowsheet
from workstation.ui.screens.chart.entry_form import EntryForm
from workstation.ui.screens.chart.flowsheet_view import (
    CELL_ROLE,
    COLUMN_ROLE,
    FlowsheetModel,
    FlowsheetView,
)
from workstation.ui.screens.chart.graph import VitalsGraph
from workstation.ui.screens.chart.page import Page
from workstation.ui.screens.chart.wording import reading_line
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.call_prompt import CallPrompt
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.text import button, label

_SPANS: Final[tuple[timedelta | None, ...]] = (
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    None,
)
_FIRST: Final = 1
_AT_FIRST: Final = 72
"""Sets that are shown at once, while the others are read: the graph's first days hour by hour."""


class VitalsPage(Page):
    """Vital signs over time."""

    types = frozenset({"Observation", "Flag", "Task"})

    def build(self) -> QWidget:
        """Make the widgets."""
        self._sheet: Flowsheet | None = None
        self._calling = False
        self._graph = VitalsGraph()
        self._model = FlowsheetModel(self)
        self._table = FlowsheetView(self._model)
        self._form = EntryForm(self.workplace)
        self._prompt = CallPrompt(self.workplace)
        self._prompt.left.connect(self.focus_start)
        self._prompt.recorded.connect(self.refresh)
        self._form.hide()
        self._reading_words = label("", "caption", wrap=True)
        self._graph.setAccessibleName(tr("Graph of the vital signs"))
        self._graph.cursor_moved.connect(self._on_cursor_moved)
        self._table.selectionModel().currentChanged.connect(self._on_current_changed)
        self._form.closed.connect(self._on_form_closed)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.addWidget(self._graph)
        halves.addWidget(self._table)
        halves.setStretchFactor(0, 1)
        halves.setStretchFactor(1, 0)
        halves.setChildrenCollapsible(False)
        halves.setSizes([theme.px(195), theme.px(345)])
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.read_side = self._left(halves)
        row.addWidget(self.read_side, 1)
        row.addWidget(self._form)
        return whole

    def _left(self, halves: QSplitter) -> QWidget:
        left = QWidget()
        box = QVBoxLayout(left)
        gap = theme.px(12)
        box.setContentsMargins(gap, theme.px(8), gap, gap)
        box.setSpacing(theme.px(6))
        box.addLayout(self._bar())
        box.addWidget(self._prompt)
        box.addWidget(halves, 1)
        return left

    def refresh(self) -> None:
        """Read again, all sets from the beginning."""
        if self.subject is not None:
            self._pieces = flowsheet.in_pieces(self.workplace.desk, self.subject)
        super().refresh()

    def read(self, patient: PatientId) -> tuple[Flowsheet, Situation] | None:
        """Ask for the newest sets, then for all of them: None while there are more to be read."""
        desk = self.workplace.desk
        if self._sheet is None:
            found: Flowsheet | None = flowsheet.flowsheet(desk, patient, newest=_AT_FIRST)
        else:
            found = next(self._pieces)
        return None if found is None else (found, escalation.situation(desk, patient))

    def show_read(self, found: object) -> None:
        """Show it; when only the earlier sets have come, nobody is moved by them."""
        if found is None:
            self._ask_next()
            return
        found, situation = cast("tuple[Flowsheet, Situation]", found)
        filled = self._sheet is not None and not self._sheet.whole
        standing, pointed = self._table.standing(), self._graph.current
        self._sheet = found
        self._prompt.show_situation(situation)
        if self._calling:
            self.record_call()
        self._model.replace(found)
        now = self.workplace.clock.now().astimezone()
        self._graph.show_sheet(found, now)
        if filled and standing is not None:
            if pointed is not None:
                self._graph.point_at(pointed.at)
            self._table.stand_again(standing)
        else:
            self._table.show_newest()
        if not found.whole:
            self.read_on()
        if not found.columns and self._form.isHidden():
            action = button(tr("New vital signs"), self.add, kind="primary", symbol="add")
            self.states.show_empty(
                tr("No vital signs yet"), tr("The first set appears here."), action
            )

    def _ask_next(self) -> None:
        """Ask for the next piece, behind a save that waits; what nobody looks at can wait too."""
        if self.isVisible() and not self._stale:
            super().refresh()
        else:
            self._stale = True

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient: what is read next are the newest sets of this one."""
        if patient != self.subject:
            self._sheet, self._calling = None, False
            self._form.put_away()
        super().set_patient(patient)

    def focus_start(self) -> None:
        """The table is walked by arrow keys."""
        if self._form.isVisible():
            return
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def add(self) -> None:
        """Open the form for a new set."""
        if self.subject is None:
            return
        self.states.show_content()
        self._form.show()
        facts = self._sheet.facts if self._sheet else Facts()
        if not self._form.dirty():
            self._form.begin(self.subject, facts)

    def flush(self) -> None:
        """Keep what is typed."""
        self._form.flush()

    def record_call(self) -> None:
        """Put the keyboard where a call is written down, as soon as the score is read."""
        self._calling = self._sheet is None
        if not self._calling and not self._prompt.begin():
            self.workplace.navigator.toast(tr("No call has to be written down now."))

    def perform(self, action_id: str) -> bool:
        """New set, save it, history of the value in focus."""
        if action_id not in self.offers():
            return False
        actions = {
            "add_vital_signs": self.add,
            "save": self._form.save,
            "history": self._history,
            "record_call": self.record_call,
        }
        actions[action_id]()
        return True

    def offers(self) -> frozenset[str]:
        """A new set always; saving while the form is open."""
        form = {"save"} if self._form.isVisible() else set()
        cell = {"history"} if self._table.currentIndex().data(CELL_ROLE) else set()
        return frozenset({"add_vital_signs", "record_call"} | form | cell)

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(6))
        self._spans = QButtonGroup(self)
        names = (tr("24 hours"), tr("3 days"), tr("7 days"), tr("Everything"))
        for place, name in enumerate(names):
            choice = button(name, partial(self._show_span, place))
            choice.setCheckable(True)
            choice.setChecked(place == _FIRST)
            self._spans.addButton(choice, place)
            row.addWidget(choice)
        row.addWidget(self._reading_words, 1)
        row.addWidget(button(tr("History"), self._history, symbol="clock", hint="Ctrl+H"))
        return row

    def _show_span(self, place: int) -> None:
        self._graph.show_span(_SPANS[place])

    def _history(self) -> None:
        cell = self._table.currentIndex().data(CELL_ROLE)
        if cell is not None:
            self.links.open_history("Observation", cell.observation)

    @Slot(object)
    def _on_cursor_moved(self, column: Column) -> None:
        line = reading_line(column.vitals)
        said = f"{moment_text(column.at)}  {line}"
        self._reading_words.setText(f"{said} · {column.by}" if column.by else said)
        place = self._model.place_of(column.at)
        current = self._table.currentIndex()
        if place >= 0 and place != current.column():
            index = self._model.index(max(current.row(), 0), place)
            self._table.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self._table.scrollTo(index)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        column = current.data(COLUMN_ROLE)
        if column is not None and self._table.hasFocus():
            self._graph.point_at(column.at)

    @Slot()
    def _on_form_closed(self) -> None:
        self._form.hide()
        self.focus_start()
        self.refresh()
