"""The nursing problems of the care tab: open, tick what was done, say how it goes, end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workstation.kernel.ids import PatientId
from workstation.services import care_plan_deeds, care_plans
from workstation.services.care_plans import CarePlans, CareRow, FactRow, PlanRow
from workstation.ui.screens.chart.care_deeds import StrikeForm
from workstation.ui.screens.chart.care_form import CareForm
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
from workstation.ui.screens.chart.page import Page
from workstation.ui.toolkit.widgets.table import ROW_ROLE

_DIGITS: Final = (
    Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5,
    Qt.Key.Key_6, Qt.Key.Key_7, Qt.Key.Key_8, Qt.Key.Key_9,
)  # fmt: skip


class PlanPage(Page):
    """Nursing problems of one patient.

    Signals:
        counted: How many are open (arg 0), and how many the chart hints at (arg 1).
    """

    counted = Signal(int, int)
    types = frozenset({"CarePlan", "Procedure", "Observation", "Condition"})
    paper = "care"

    def build(self) -> QWidget:
        """Make the lists, and room for a form."""
        self._found: CarePlans | None = None
        self._form: CareForm | None = None
        self._wanted, self._beginning = "", False
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
        whole = QWidget()
        self._row = QHBoxLayout(whole)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.lists, 1)
        return whole

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient; what is typed about the one before is kept first."""
        if patient != self.subject:
            self._drop_form()
            self._wanted, self._beginning, self._found = "", False, None
            self.lists.clear()
        super().set_patient(patient)

    def read(self, patient: PatientId) -> CarePlans:
        """Ask for all of them."""
        return care_plans.read(self.workplace.desk, patient)

    def show_read(self, found: object) -> None:
        """Show them; the one in focus stays in focus."""
        assert isinstance(found, CarePlans)  # noqa: S101 - what `read` returns
        first, self._found = self._found is None, found
        self.lists.show_found(found, self._wanted)
        opened = sum(row.going for row in found.rows)
        self.counted.emit(opened, len(found.suggestions))
        if self._beginning:
            self._beginning = False
            self.add(self._problem)
        elif first and self.isVisible() and self._form is None:
            self.focus_start()

    def point_at(self, record: str) -> None:
        """Stand on one of them."""
        self._wanted = record

    def focus_start(self) -> None:
        """The form if one types, else the list."""
        if self._form is not None:
            self._form.fields.begin()
        else:
            self.lists.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Keep what is typed."""
        if self._form is not None:
            self._form.flush()

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

    def perform(self, action_id: str) -> bool:
        """New one, save, history of the one in focus."""
        if action_id not in self.offers():
            return False
        if action_id == "add_problem":
            self.add()
        elif action_id == "save" and self._form is not None:
            self._form.save()
        elif action_id == "history" and (row := self._current()) is not None:
            self.links.open_history("CarePlan", row.record.id)
        return True

    def offers(self) -> frozenset[str]:
        """A new one always; saving while a form is open."""
        form = {"save"} if self._form is not None else set()
        row = {"history"} if self._current() is not None else set()
        return frozenset({"add_problem"} | form | row)

    def _current(self) -> PlanRow | None:
        listed = self.lists.current()
        return listed.row if listed is not None else None

    def _show_form(self, form: CareForm, *, fresh: bool = False) -> None:
        self._form = form
        form.closed.connect(self._on_closed)
        over = isinstance(form, PlanForm)
        self._row.addWidget(form, 1 if over else 0)
        self.lists.setVisible(not over)
        self.lists.make_room(taken=True)
        form.show()
        typed = self._found.drafts.get(form.deed, {}) if self._found and not fresh else {}
        form.begin(typed)

    def _drop_form(self) -> None:
        form, self._form = self._form, None
        if form is not None:
            form.closed.disconnect(self._on_closed)
            form.retire()
            self._row.removeWidget(form)
            form.hide()
            form.deleteLater()
        self.lists.setVisible(True)
        self.lists.make_room(taken=False)

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

    @Slot()
    def _on_closed(self) -> None:
        self._drop_form()
        self.lists.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()
