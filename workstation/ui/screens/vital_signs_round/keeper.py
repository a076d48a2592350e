"""Keeps what is typed in the round: a draft at once, the set when its row is left, undo after."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import vital_signs, vital_signs_round
from workstation.ui.screens.vital_signs_round.model import RoundModel
from workstation.ui.screens.vital_signs_round.row import Row
from workstation.ui.toolkit.workplace import Workplace

DRAFT_DELAY_MS = 300


class RoundKeeper(QObject):
    """Writes the rows of one round through the services.

    Signals:
        told: A row says something else than before.
        returned: The set of a row (arg 0) was taken back.
        charted: The set of a person (arg 0) was saved.
    """

    told = Signal()
    returned = Signal(int)
    charted = Signal(str)

    def __init__(self, workplace: Workplace, model: RoundModel, parent: QObject) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._model = model
        self._undrafted: set[PatientId] = set()
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_DELAY_MS)
        self._timer.timeout.connect(self.keep_drafts)

    @Slot(int)
    def note(self, number: int) -> None:
        """Something was typed into a row: keep it as a draft soon."""
        self._undrafted.add(self._model.row(number).patient.who.patient)
        self._timer.start()
        self.told.emit()

    @Slot(int)
    def save(self, number: int) -> None:
        """Save a row that is left, unless something in it is wrong; then it stays as it is."""
        if not 0 <= number < self._model.rowCount():
            return
        row = self._model.row(number)
        if row.state != "typing" or self._model.verdict(number).trouble is not None:
            self.told.emit()
            return
        self._model.put(number, row.saving())
        patient = row.patient.who.patient
        self._undrafted.discard(patient)
        self._workplace.tasks.command(
            partial(self._write, row),
            done=partial(self._on_saved, patient, row),
            failed=partial(self._on_refused, patient),
            initiator=self.parent(),
            owner=self,
        )

    def _write(self, row: Row) -> Changes:
        """Chart the row, or correct the set it was saved as; its draft ends with that."""
        desk, patient = self._workplace.desk, row.patient.who.patient
        vitals, confirmed = row.verdict().vitals, row.confirmed_signs()
        draft = vital_signs_round.draft_id(desk, patient)
        if not row.references:
            return vital_signs.record(desk, patient, vitals, confirmed=confirmed, draft=draft)
        ids = [reference.partition("/")[2] for reference in row.references]
        why = tr("Typed wrongly")
        return vital_signs.amend(
            desk, patient, ids, vitals, confirmed=confirmed, reason=why, draft=draft
        )

    def _on_saved(self, patient: PatientId, sent: Row, changes: Changes) -> None:
        number = self._model.number_of(patient)
        if number is None:
            return
        row = self._model.row(number)
        now = self._workplace.clock.now()
        self._model.put(number, row.was_saved(sent.typed, changes.references, now))
        self.told.emit()
        self._workplace.navigator.toast(
            tr("Saved on this terminal: bed {bed}", bed=row.patient.who.bed_name),
            partial(self.undo, patient),
        )
        self.charted.emit(patient)

    def _on_refused(self, patient: PatientId, error: WorkstationError) -> None:
        number = self._model.number_of(patient)
        if number is not None:
            self._model.put(number, self._model.row(number).failed(error))
            self.told.emit()

    def undo(self, patient: PatientId) -> None:
        """Take the set of a row back; what was typed stands there again."""
        number = self._model.number_of(patient)
        if number is None or not self._model.row(number).references:
            self._workplace.navigator.toast(tr("It cannot be taken back here any more."))
            return
        desk = self._workplace.desk
        ids = [reference.partition("/")[2] for reference in self._model.row(number).references]
        self._workplace.tasks.command(
            lambda: vital_signs.undo(desk, ids),
            done=partial(self._on_undone, patient),
            failed=partial(self._on_refused, patient),
            initiator=self.parent(),
            owner=self,
        )

    def _on_undone(self, patient: PatientId, _changes: Changes) -> None:
        number = self._model.number_of(patient)
        if number is not None:
            self._model.put(number, self._model.row(number).taken_back())
            self.returned.emit(number)
            self.note(number)

    @Slot()
    def keep_drafts(self) -> None:
        """Keep what was typed and is not saved, so that lock and crash lose nothing."""
        self._timer.stop()
        waiting, self._undrafted = self._undrafted, set()
        desk = self._workplace.desk
        for patient in waiting:
            number = self._model.number_of(patient)
            if number is not None:
                body = self._model.row(number).draft()
                self._workplace.tasks.command(
                    partial(vital_signs_round.keep_draft, desk, patient, body),
                    failed=self._on_undrafted,
                    initiator=self.parent(),
                )

    def _on_undrafted(self, error: WorkstationError) -> None:
        """A draft could not be kept: say so beside every row that is not saved."""
        for number, row in enumerate(self._model.rows()):
            if row.state == "typing":
                self._model.put(number, row.failed(error))
        self.told.emit()
