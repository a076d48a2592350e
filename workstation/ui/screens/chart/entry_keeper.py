"""Keeps a set of vital signs that is typed: as a draft at a pause, in the record once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workstation.clinical.vital_signs import Sign, VitalSigns
from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import vital_signs, vital_signs_draft
from workstation.ui.toolkit.once import Once
from workstation.ui.toolkit.workplace import Workplace

PAUSE_MS: Final = 500
"""So long after the last key what is typed is kept."""
Texts = dict[str, str]


class EntryKeeper(QObject):
    """What the form is about, and what of it is kept.

    Signals:
        found: Something was typed before about this patient. arg 0: texts by field.
        saved: The set of this patient is charted.
        refused: It is not. arg 0: the error.
    """

    found = Signal(object)
    saved = Signal()
    refused = Signal(object)

    def __init__(self, workplace: Workplace, texts: Callable[[], Texts], form: QObject) -> None:
        """Be about nobody.

        Args:
            workplace: What it works with.
            texts: What is typed, by field; empty when nothing is.
            form: Whose it is.
        """
        super().__init__(form)
        self.patient: PatientId | None = None
        self._workplace, self._texts, self._kept = workplace, texts, Texts()
        self._once = Once(workplace, self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.flush)

    def begin(self, patient: PatientId) -> None:
        """Be about a patient, and look for what was typed before."""
        self.patient, self._kept = patient, {}
        desk = self._workplace.desk
        self._workplace.tasks.query(
            lambda: (patient, vital_signs_draft.kept(desk, patient)), done=self._on_found
        )

    def leave(self) -> None:
        """Keep what is typed, and be about nobody."""
        self.flush()
        self.patient = None

    def note(self) -> None:
        """Something was typed: keep it soon."""
        self._pause.start()

    @Slot()
    def flush(self) -> None:
        """Keep what is typed, now."""
        self._pause.stop()
        patient, typed, desk = self.patient, self._texts(), self._workplace.desk
        if patient is None or typed == self._kept or self._once.busy:
            return
        self._kept = typed
        self._workplace.tasks.command(
            lambda: vital_signs_draft.keep(desk, patient, typed), failed=self._workplace.tell
        )

    def save(self, vitals: VitalSigns, confirmed: Collection[Sign]) -> None:
        """Chart what is typed, once however often it is asked for."""
        self.flush()  # a refusal finds it kept, whatever is open by then
        patient, desk = self.patient, self._workplace.desk
        if patient is None:
            return
        draft = vital_signs_draft.draft_id(desk, patient)
        self._once.command(
            lambda: vital_signs.record(desk, patient, vitals, confirmed=confirmed, draft=draft),
            done=partial(self._on_saved, patient),
            failed=partial(self._on_refused, patient),
        )

    @Slot(object)
    def _on_found(self, answer: tuple[PatientId, Texts]) -> None:
        patient, typed = answer
        if patient == self.patient and typed and not self._texts():
            self._kept = typed
            self.found.emit(typed)

    def _on_saved(self, patient: PatientId, _changes: Changes) -> None:
        self._workplace.navigator.toast(tr("Saved on this terminal."))
        if patient == self.patient:
            self._kept = {}
            self.saved.emit()

    def _on_refused(self, patient: PatientId, error: WorkstationError) -> None:
        if patient == self.patient:
            self.refused.emit(error)
        else:  # left meanwhile
            self._workplace.tell(error)
