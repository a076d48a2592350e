"""One form about a stay: its fields, what is to be known before, its button; nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import EncounterId, PatientId
from workstation.services import patient_record, stay_corrections, stay_drafts
from workstation.services.admissions import Ground
from workstation.services.patient_record import Banner
from workstation.ui.screens.stays.alike import AlikePanel
from workstation.ui.screens.stays.deeds import Subject
from workstation.ui.screens.stays.sheet import Sheet
from workstation.ui.toolkit.once import Once
from workstation.ui.toolkit.workplace import Workplace

DRAFT_DELAY_MS = 400
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class StayForm(Sheet):
    """The form of one deed on one person.

    Signals:
        closed: It was done or given up.
        known: The newcomer is somebody known (arg 0: id), with what was typed (arg 1: dict).

    Attributes:
        about: The deed and on whom.
    """

    closed = Signal()
    known = Signal(str, object)

    def __init__(
        self, workplace: Workplace, deed: str, patient: PatientId | None, ground: Ground
    ) -> None:
        """Show it, empty or with what is usual.

        Args:
            workplace: What it works with.
            deed: A key of `DEEDS`.
            patient: On whom; None for a newcomer.
            ground: What was read before.
        """
        super().__init__(workplace, deed, ground)
        self._patient = patient
        self.about = deed, patient
        stay = ground.stay.encounter if ground.stay is not None else EncounterId("")
        self._subject = Subject(patient, stay)
        self._alike: AlikePanel | None = None
        self._once = Once(workplace, self)
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_DELAY_MS)
        self._timer.timeout.connect(self.keep)

    @Slot()
    def keep(self) -> None:
        """Keep what is typed as a draft; what is being done is none any more."""
        self._timer.stop()
        if self._once.busy:
            return
        desk, deed, patient = self.workplace.desk, self.deed_id, self._patient
        typed = self.typed()
        self.workplace.tasks.command(
            lambda: stay_drafts.keep(desk, deed, patient, typed), failed=self.workplace.tell
        )

    def put_away(self) -> None:
        """Stop keeping drafts: the form is done, or another takes its place."""
        self._timer.stop()
        self.hide()

    def save(self) -> None:
        """Do it, or say beside the field what is wrong."""
        self.say(None)
        values = self.values()
        if values is None or not self.button.isEnabled():
            return
        desk, subject, deed = self.workplace.desk, self._subject, self.deed
        own, patient = self.deed_id, self._patient

        def write() -> Changes:
            changes = deed.do(desk, subject, values)
            stay_drafts.keep(desk, own, patient, {})
            return changes

        self.keep()  # a refusal finds it kept, whatever is open by then
        self._once.command(write, done=self._on_done, failed=self._on_refused)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on the button does it; Escape closes, what is typed is kept."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        elif event.key() in _ENTER and self.button.hasFocus():
            self.save()
        else:
            super().keyPressEvent(event)

    def on_edited(self) -> None:
        """What was looked at again is to be looked at once more; keep a draft soon."""
        self._subject = replace(self._subject, confirmed=False, despite_duplicates=False)
        if self._alike is not None:
            self._alike.hide()
        self._timer.start()

    def close_form(self) -> None:
        """Close it; what is typed is kept."""
        self.keep()
        self.closed.emit()

    @Slot(object)
    def _on_done(self, changes: Changes) -> None:
        # The stay that was written: who is admitted again has an earlier one too.
        taken = [
            EncounterId(each.partition("/")[2])
            for each in changes.references
            if each.startswith("Encounter/")
        ]
        desk, place = self.workplace.desk, self.workplace

        def undo() -> None:
            place.tasks.command(
                lambda: stay_corrections.undo(desk, taken),
                failed=place.tell,
            )

        place.navigator.toast(self.deed.said(), undo if self.deed.undoable else None)
        self.closed.emit()

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        box = self.fields.get(error.field or "")
        if error.code == "unusual-time":
            self._subject = replace(self._subject, confirmed=True)
        if error.code == "possible-duplicate":
            self._show_alike(error)
        if box is not None:
            box.say(error)
            self.turn_to(box)
        else:
            self.say(error)

    def _show_alike(self, error: WorkstationError) -> None:
        desk, found = self.workplace.desk, error.data.get("patients", ())
        ids = [PatientId(str(each)) for each in found] if isinstance(found, tuple) else []
        self.workplace.tasks.query(
            lambda: [patient_record.banner(desk, each) for each in ids],
            done=self._on_alike, failed=self.say, owner=self,
        )  # fmt: skip

    @Slot(object)
    def _on_alike(self, people: list[Banner]) -> None:
        if self._alike is not None:
            self.column.removeWidget(self._alike)
            self._alike.deleteLater()
        self._alike = AlikePanel(people, self._on_known, self._on_nobody)
        self.column.insertWidget(1, self._alike)
        self.to_the_top()
        self._alike.findChildren(QPushButton)[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_known(self, patient: PatientId) -> None:
        self.known.emit(patient, self.typed())

    def _on_nobody(self) -> None:
        self._subject = replace(self._subject, despite_duplicates=True)
        self.save()
