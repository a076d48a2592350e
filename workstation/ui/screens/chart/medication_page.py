"""The medication tab: the time grid, what the place with the cursor says, and the form beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import medication_record, patient_record
from workstation.services.medication_record import Sheet
from workstation.ui.screens.chart.medication_deeds import deed_for
from workstation.ui.screens.chart.medication_grid import MedicationGrid
from workstation.ui.screens.chart.medication_model import MedicationModel, span
from workstation.ui.screens.chart.medication_steps import InfusionSteps
from workstation.ui.screens.chart.medication_words import cell_text, order_line, status_line
from workstation.ui.screens.chart.page import Page
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.giving.deed import Verb
from workstation.ui.toolkit.giving.doer import Doer
from workstation.ui.toolkit.giving.form import DoseForm
from workstation.ui.toolkit.person_words import person_text
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import label


class MedicationPage(Page):
    """What was planned, what was given."""

    types = frozenset({"MedicationRequest", "MedicationAdministration", "Observation"})
    paper = "medication"

    def build(self) -> QWidget:
        """Make the widgets."""
        self._turns, self._who, self._coming = 0, "", False
        self._kept: tuple[str, datetime | None] | None = None
        self._model = MedicationModel(self)
        self._grid = MedicationGrid(self._model)
        self._grid.setAccessibleName(tr("Medication record"))
        self._form = DoseForm(self.workplace.clock.now())
        self._form.hide()
        self._doer = Doer(self.workplace, self._form, self)
        self._said, self._span = label("", "body", wrap=True), label("", "strong")
        self._said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._said.setMinimumHeight(theme.px(46))
        self._problem = FieldNote()
        self._problem.hide()
        self._steps = InfusionSteps()
        self._steps.chosen.connect(self._try)
        self._steps.closed.connect(self.focus_start)
        self._grid.wanted.connect(self._on_wanted)
        self._grid.moved.connect(self._on_moved)
        self._grid.turned.connect(self._on_turned)
        self._form.closed.connect(self.focus_start)
        self._doer.refused.connect(self._on_refused)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left(), 1)
        row.addWidget(self._form)
        return whole

    def read(self, patient: PatientId) -> tuple[Sheet, str]:
        """Ask for the 24 hours around now, or those that were turned to, and whose they are."""
        desk = self.workplace.desk
        banner = patient_record.banner(desk, patient)
        who = person_text(banner, banner.bed)
        return medication_record.sheet(desk, patient, *span(desk.now(), self._turns)), who

    def show_read(self, answer: object) -> None:
        """Show it; the cursor stays with its place."""
        assert isinstance(answer, tuple)  # noqa: S101 - what `read` returns
        found, self._who = answer
        self._remember()
        self._model.replace(found)
        self._span.setText(f"{moment_text(found.since)} – {moment_text(found.until)}")
        if not self._model.lines:
            self.states.show_empty(
                tr("No drugs ordered yet"), tr("They appear here as soon as a doctor orders them.")
            )
            return
        if self._kept is None or not self._grid.keep(*self._kept):
            self._grid.start()
        if self._coming:  # nothing can take the keys while it is not in sight
            self._coming = False
            self.focus_start()

    def set_patient(self, patient: PatientId) -> None:
        """Another patient: nothing of the one before stays, not even a half typed form."""
        if patient != self.subject:
            self._turns, self._kept = 0, None
            if self._form.deed is not None:
                self._form.close_form()
        super().set_patient(patient)

    def come_to_front(self) -> None:
        """As every page; what is read for the first time takes the keys once it is there."""
        self._coming = self._coming or self._stale
        super().come_to_front()

    def focus_start(self) -> None:
        """The grid is walked by arrow keys; a form that is open keeps the keys."""
        if self._form.isVisible():
            self._form.take_keys()
        else:
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def perform(self, action_id: str) -> bool:
        """Save the form, give at the cursor, history of what is there."""
        if action_id not in self.offers():
            return False
        if action_id == "save":
            self._form.submit()
        else:
            self._on_wanted({"give_drug": "give"}.get(action_id, action_id))
        return True

    def offers(self) -> frozenset[str]:
        """Saving while a form is open; else giving, and the history."""
        if self._form.isVisible():
            return frozenset({"save"})
        return frozenset({"give_drug", "history"})

    def _left(self) -> QWidget:
        left = QWidget()
        box = QVBoxLayout(left)
        gap = theme.px(12)
        box.setContentsMargins(gap, theme.px(8), gap, theme.px(8))
        box.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.addWidget(self._span)
        turn = tr("PageUp earlier · PageDown later · Home now")
        head.addWidget(label(turn, "caption", "muted", wrap=True), 1)
        box.addLayout(head)
        box.addWidget(self._grid, 1)
        box.addWidget(self._steps)
        box.addWidget(self._problem)
        box.addWidget(self._said)
        keys = tr(
            "Enter give · T given earlier · P part · W withhold · R refused · U not in stock"
            " · I infusion · E effect · C correct · X error · H history"
        )
        box.addWidget(label(keys, "caption", "muted", wrap=True))
        return left

    def _remember(self) -> None:
        row, cell = self._grid.chosen()
        if row is not None:
            self._kept = (row.order, (cell.place.slot or cell.place.at) if cell else None)

    @Slot()
    def _on_moved(self) -> None:
        row, cell = self._grid.chosen()
        sheet = self._model.sheet
        self._problem.hide()
        self._steps.hide()
        if sheet is None or (row is None and cell is None):
            self._said.clear()
            return
        first = ""
        if row is not None:
            ordered = tr("ordered by {name}", name=row.prescriber) if row.prescriber else ""
            parts = (row.drug, order_line(row), row.indication, status_line(row, sheet.now))
            first = " · ".join(filter(None, (*parts, ordered)))
        second = cell_text(row, cell, sheet.now) if cell is not None else ""
        self._said.setText("\n".join(filter(None, (first, second))))

    @Slot(int)
    def _on_turned(self, turns: int) -> None:
        self._turns = self._turns + turns if turns else 0
        self._kept = None
        self._model.sheet = None
        self.refresh()

    @Slot(str)
    def _on_wanted(self, wanted: str) -> None:
        patient = self.subject
        row, _ = self._grid.chosen()
        if patient is None or self._doer.busy or self.states.blank:
            return
        if wanted == "history":
            self._history()
        elif wanted == "infusion" and row is not None and row.infusion is not None:
            self._steps.offer()
        else:
            self._try("start" if wanted == "infusion" else wanted)  # type: ignore[arg-type]

    @Slot(str)
    def _try(self, verb: Verb) -> None:
        row, cell = self._grid.chosen()
        if self.subject is None:
            return
        try:
            deed = replace(deed_for(verb, self.subject, row, cell), who=self._who)
        except Refused as refused:
            self._on_refused(refused)
        else:
            self._problem.hide()
            self._doer.do(deed)

    def _history(self) -> None:
        row, cell = self._grid.chosen()
        shown = cell.shown if cell is not None else None
        if shown is not None:
            self.links.open_history("MedicationAdministration", shown.id)
        elif row is not None:
            self.links.open_history("MedicationRequest", row.order)

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        if self._form.isVisible():
            return
        self._problem.say(error)
        self._problem.show()
