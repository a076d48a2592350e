"""What each tab of the chart is: a page that reads one patient's record when it is in front."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.ui.toolkit.tasks import Task
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.workplace import Workplace


@dataclass(frozen=True)
class ChartLinks:
    """Where a page sends the person inside the chart.

    Attributes:
        open_tab: Brings a tab to the front, by its id.
        open_history: Shows the history of one record, by type and id.
    """

    open_tab: Callable[[str], None]
    open_history: Callable[[str, str], None]


class Part(QWidget):
    """What stands behind one tab; how it comes by what it shows is its own matter."""

    paper: str = "vital-signs"
    """The kind of paper that printing from it offers first."""
    read_side: QWidget | None = None
    """What is hidden until a patient is read, where a form may open beside it before that."""

    def __init__(self, workplace: Workplace, links: ChartLinks) -> None:
        """Start without a patient.

        Args:
            workplace: What it works with.
            links: Ways to other parts of the chart.
        """
        super().__init__()
        self.workplace = workplace
        self.links = links
        self.subject: PatientId | None = None
        self.content = self.build()
        self.states = Pages(self.content)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.states)

    @abstractmethod
    def build(self) -> QWidget:
        """Make the widgets, once."""

    @abstractmethod
    def come_to_front(self) -> None:
        """Read if anything may have changed, then put the focus where work starts."""

    @abstractmethod
    def on_changed(self, changes: Changes) -> None:
        """Take note of what was written or synced."""

    @abstractmethod
    def refresh(self) -> None:
        """Read again."""

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient; nothing of the one before is in sight from now on."""
        if patient != self.subject:
            self.subject = patient
            self.states.show_nothing()
            if self.read_side is not None:
                self.read_side.hide()

    def point_at(self, record: str) -> None:
        """Show one record, ``Type/id``, where the page has a place for it."""

    def focus_start(self) -> None:
        """Put the focus where work starts."""

    def flush(self) -> None:
        """Keep whatever is typed; called before the page is left, locked or closed."""

    def perform(self, action_id: str) -> bool:
        """Do what an action asks for; whether this page knows it."""
        del action_id
        return False

    def offers(self) -> frozenset[str]:
        """Ids of the actions that `perform` would do now."""
        return frozenset()

    def guide(self) -> str:
        """The page of the guide about what is being done here; empty for the tab's own page."""
        return ""


class Page(Part):
    """A part that reads one patient's record. A subclass says what it reads and how it shows it.

    Signals:
        answered: There is something to show: what was asked for, or why it cannot be read.
    """

    answered = Signal()
    types: frozenset[str] = frozenset()
    """FHIR types whose changes concern it; empty: all."""
    _reading: Task | None = None
    _stale = True

    @abstractmethod
    def read(self, patient: PatientId) -> object:
        """Ask the services; runs on the store thread and touches no widget."""

    @abstractmethod
    def show_read(self, found: object) -> None:
        """Show what `read` returned."""

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient; nothing of the one before is in sight from now on."""
        if patient != self.subject:
            self._stale = True
        super().set_patient(patient)

    def come_to_front(self) -> None:
        """Read if anything may have changed, then put the focus where work starts."""
        self.catch_up()
        self.focus_start()

    def catch_up(self) -> None:
        """Read if anything may have changed, and leave the focus where it is."""
        if self._stale:
            self.refresh()

    def read_on(self) -> None:
        """Read what has not come yet, once what has come is painted, which reading would slow."""
        self._stale = True
        QTimer.singleShot(0, self, self._on_painted)

    def on_changed(self, changes: Changes) -> None:
        """Take note of what was written or synced.

        What the hospital has received changes its mark too, whosever it is.
        """
        wanted = not self.types or bool(self.types & changes.types)
        if not changes.queue and not (wanted and self.subject in changes.patients):
            return
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read again."""
        patient = self.subject
        if patient is None:
            return
        self._stale = False
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self.workplace.tasks.query(
            lambda: (patient, self.read(patient)), done=self._on_read, failed=self._on_failed
        )

    @Slot()
    def _on_painted(self) -> None:
        if self.isVisible():
            self.catch_up()

    @Slot(object)
    def _on_read(self, answer: tuple[PatientId, object]) -> None:
        patient, found = answer
        if patient == self.subject:
            self.states.show_content()
            if self.read_side is not None:
                self.read_side.show()
            self.answered.emit()
            self.show_read(found)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._stale = True
        self.states.show_error(error, self.refresh)
        self.answered.emit()
