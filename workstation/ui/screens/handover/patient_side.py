"""The right half of the handover: who it is, where the handover stands, the four texts."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.kernel import words
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import handover, patient_record
from workstation.services.assignment import Shift
from workstation.services.handover import Patient, Sheet
from workstation.services.patient_record import Banner
from workstation.ui.screens.handover.sheet_view import SheetView
from workstation.ui.screens.handover.wording import story
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.patient_facts import facts
from workstation.ui.toolkit.tasks import Task
from workstation.ui.toolkit.widgets.banner import PatientBanner
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace


class PatientSide(QWidget):
    """One patient; nothing of the one before is in sight from the moment another is chosen.

    Signals:
        failed: It could not be read. arg 0: the error.
    """

    failed = Signal(object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workplace = workplace
        self._patient: PatientId | None = None
        self._reading: Task | None = None
        self._banner = PatientBanner()
        self._banner.hide()
        self._story = label("", "body", "muted", wrap=True)
        self.sheet = SheetView(workplace)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(10), 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self._banner)
        column.addWidget(self._story)
        column.addWidget(self.sheet, 1)

    def show_row(self, row: Patient, shift: Shift) -> None:
        """Read what is handed over of a patient; what was given already is only read."""
        patient, desk, tongue = row.who.patient, self.workplace.desk, words.language()
        if patient != self._patient:
            self.sheet.clear()
            self._banner.hide()
            self._patient = patient
        self._story.setText(story(row.last) or _since(row))
        if self._reading is not None:
            self._reading.cancel()
        self.workplace.tasks.query(
            lambda: patient_record.banner(desk, patient), done=self._on_banner
        )
        if row.state in ("given", "accepted") and row.last is not None:
            self.sheet.show_given(row.last)
            return
        self._reading = self.workplace.tasks.query(
            lambda: handover.sheet(desk, patient, shift, tongue),
            done=self._on_sheet,
            failed=self._on_failed,
        )

    @Slot(object)
    def _on_banner(self, found: Banner) -> None:
        if found.patient == self._patient:
            self._banner.show_patient(facts(found))
            self._banner.show()

    @Slot(object)
    def _on_sheet(self, sheet: Sheet) -> None:
        if sheet.patient == self._patient:
            self.sheet.show_sheet(sheet)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self.failed.emit(error)


def _since(row: Patient) -> str:
    return tr("Written from the chart; changes since {time}", time=time_text(row.since))
