"""The switch that lets the obstetric score hold for a woman, or no longer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import alerts
from workstation.ui.toolkit.icons import icon, icon_size
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.workplace import Workplace


class MaternitySwitch(QPushButton):
    """On or off for one patient; hidden where it makes no sense.

    Signals:
        changed: It was put on or off.
    """

    changed = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(tr("Maternity chart"), parent)
        self._workplace = workplace
        self._patient: PatientId | None = None
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setIcon(icon("flag", "text"))
        self.setIconSize(icon_size())
        self.setToolTip(tr("Pregnant, or up to six weeks after: MEOWS instead of NEWS2"))
        self.clicked.connect(self._on_clicked)
        self.hide()

    def show_state(self, patient: PatientId | None, on: bool | None) -> None:
        """Show whether a maternity chart is kept; nothing where none can be (None)."""
        self._patient = patient
        self.setVisible(on is not None)
        self.setChecked(bool(on))

    @Slot(bool)
    def _on_clicked(self, on: bool) -> None:
        patient = self._patient
        if patient is None:
            return

        def say() -> None:
            words = tr("Maternity chart: MEOWS holds now.") if on else tr("Maternity chart ended.")
            back = partial(self._set, patient, not on, self.changed.emit)
            self._workplace.navigator.toast(words, back, lasting=False)
            self.changed.emit()

        self._set(patient, on, say)

    def _set(self, patient: PatientId, on: bool, after: Callable[[], None]) -> None:
        desk = self._workplace.desk
        self._workplace.tasks.command(
            lambda: alerts.set_maternity(desk, patient, on=on),
            done=lambda _changes: after(),
            failed=self._on_failed,
        )

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._workplace.navigator.toast(explain(error).line)
        self.changed.emit()
