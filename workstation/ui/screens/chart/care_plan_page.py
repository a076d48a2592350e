"""The nursing problems of the care tab: open, tick what was done, say how it goes, end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from workstation.kernel.ids import PatientId
from workstation.services import care_plan_deeds, care_plans
from workstation.services.care_plans import CarePlans, CareRow, FactRow, PlanRow
from workstation.ui.screens.chart.care_deeds import StrikeForm
from workstation.ui.screens.chart.care_form import CareForm
from workstation.ui.screens.chart.care_part import CarePart
from workstation.ui.screens.chart.care_plan_acts import (
    CorrectForm,
    DoneForm,
    EndPlanForm,
    EvaluateForm,
    chart_now,
)
from workstation.ui.screens.chart.care_plan_form import PlanForm
from workstation.ui.screens.chart.care_plan_lists import PlanLists
from workstation.ui.screens.chart.care_plan_words import outcome_words
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsView

_DIGITS: Final = (
    Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5,
    Qt.Key.Key_6, Qt.Key.Key_7, Qt.Key.Key_8, Qt.Key.Key_9,
)  # fmt: skip


class PlanPage(CarePart):
    """Nursing problems of one patient.

    Signals:
        counted: How many are open (arg 0), and how many the chart hints at (arg 1).
    """

    counted = Signal(int, int)
    begins = "add_problem"
    types = frozenset({"CarePlan", "Procedure", "Observation", "Condition"})

    def build(self) -> QWidget:
        """Make the lists, and room for a form."""
        self._problem = ""
        self.lists = PlanLists(self.workplace.clock.now(), self.add)
        self.lists.view.selectionModel().currentChanged.connect(self._on_current)
        self.lists.view.opened.connect(self._on_opened)
        self.lists.care_view.opened.connect(self._on_care)
        self.lists.fact_view.opened.connect(self._on_fact)
        for keys, deed in (("Del", self._end), ("F2", self._change), ("Shift+Del", self._strike)):
            self.lists.on_key(keys, deed)
        self.lists.on_key("Shift+Del", self._strike_fact, self.lists.fact_view)
        for place, key in enumerate(_DIGITS):
            self.lists.on_key(
                key, partial(self._done, place), self.lists.view, self.lists.care_view
            )
        return self.beside(self.lists)

    @property
    def view(self) -> RowsView:
        """The list of the problems."""
        return self.lists.view

    def forget(self) -> None:
        """Show nothing of the patient before: no key reaches it."""
        super().forget()
        self.lists.clear()

    def read(self, patient: PatientId) -> CarePlans:
        """Ask for all of them."""
        return care_plans.read(self.workplace.desk, patient)

    def show_found(self, found: object) -> None:
        """Show them in the lists, and say how many there are."""
        assert isinstance(found, CarePlans)  # noqa: S101 - what `read` returns
        self.lists.show_found(found, self._wanted)
        self.counted.emit(sum(row.going for row in found.rows), len(found.suggestions))

    def chosen(self) -> str:
        """The problem in focus."""
        row = self._current()
        return row.record.reference if row is not None else ""

    def make_room(self, form: CareForm | None) -> None:
        """The form of a problem takes all the room, others stand beside the lists."""
        over = isinstance(form, PlanForm)
        if form is not None and over:
            self._row.setStretchFactor(form, 1)
        self.lists.setVisible(not over)
        self.lists.make_room(taken=form is not None)

    def go_on(self) -> None:
        """Begin the problem that was asked for before all was read."""
        self.add(self._problem)

    def add(self, problem: str = "") -> None:
        """Begin a new one, or go on with the draft.

        Args:
            problem: One that is known, to begin with.
        """
        if self._found is None:
            self._beginning, self._problem = True, problem
        elif self.subject is not None and self._form is None:
            form = PlanForm(self.workplace, self.subject)
            self._show_form(form, fresh=bool(problem))
            if problem:
                form.suggest(problem)

    def _current(self) -> PlanRow | None:
        listed = self.lists.current()
        return listed.row if listed is not None else None

    def _begin(self, make: Callable[[PlanRow, PatientId], CareForm], *, going: bool = True) -> None:
        """Open a form about the problem in focus."""
        row = self._current()
        usable = row is not None and (row.going if going else row.record.valid)
        if row is not None and usable and self.subject is not None and self._form is None:
            self._show_form(make(row, self.subject))

    def _end(self) -> None:
        self._begin(lambda row, whose: EndPlanForm(self.workplace, whose, row))

    def _change(self) -> None:
        self._begin(lambda row, whose: PlanForm(self.workplace, whose, row))

    def _strike(self) -> None:
        strike = care_plan_deeds.enter_in_error
        self._begin(
            lambda row, whose: StrikeForm(
                self.workplace, whose, row.record.reference, row.words, strike
            ),
            going=False,
        )

    def _strike_fact(self) -> None:
        fact: FactRow | None = self.lists.fact_view.currentIndex().data(ROW_ROLE)
        if fact is not None and fact.record.valid and self.subject and self._form is None:
            reference, words = fact.record.reference, outcome_words(fact)
            strike = care_plan_deeds.enter_in_error
            self._show_form(StrikeForm(self.workplace, self.subject, reference, words, strike))

    def _done(self, place: int) -> None:
        """One key charts that an intervention was done now."""
        row = self._current()
        if row is not None and row.going and place < len(row.care) and self._form is None:
            chart_now(self.workplace, row, row.care[place], self.refresh)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        listed = current.data(ROW_ROLE)
        if listed is not None:
            self._wanted = listed.reference
        self.lists.show_current()

    @Slot(object)
    def _on_opened(self, _listed: object) -> None:
        listed = self.lists.current()
        if listed is not None and listed.hint is not None:
            self.add(listed.hint.problem.id)
        else:
            self._begin(lambda row, whose: EvaluateForm(self.workplace, whose, row))

    @Slot(object)
    def _on_care(self, care: CareRow) -> None:
        self._begin(lambda row, whose: DoneForm(self.workplace, whose, row, care))

    @Slot(object)
    def _on_fact(self, fact: FactRow) -> None:
        if fact.record.valid and self.subject is not None and self._form is None:
            self._show_form(CorrectForm(self.workplace, self.subject, fact))
