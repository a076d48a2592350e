"""Papers of one patient: choose one, look at its pages, print it or save it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import documents, patient_record
from workstation.services.documents import Kind, PageImage, Printable
from workstation.services.paper import house_of
from workstation.services.patient_record import Banner
from workstation.ui.screens.documents.choices import PaperChoices
from workstation.ui.screens.documents.preview import PaperPreview
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.patient_facts import facts
from workstation.ui.toolkit.printing import Outgoing, Output
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.tasks import Task
from workstation.ui.toolkit.widgets.banner import PatientBanner
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

_TAB_OF: Final[Mapping[Kind, str]] = {
    "vital-signs": "vitals",
    "progress": "notes",
    "consultation": "notes",
    "care": "care",
    "medication": "medication",
    "fluid-balance": "fluids",
    "results": "results",
}
"""The tab of the chart that a paper is a print of."""
_Ready = tuple[Printable, tuple[PageImage, ...]]


class DocumentsScreen(Screen):
    """Preview of a paper. `arrive(patient=…, kind=…)` says whose and which."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._patient: PatientId | None = None
        self._paper: Printable | None = None
        self._task: Task | None = None
        self.output = Output(self, workplace.tasks, workplace.navigator.toast)
        self._choices = PaperChoices()
        self._choices.changed.connect(self._make)
        self._preview = PaperPreview()
        self._preview.zoomed.connect(self._on_zoomed)
        self._zoom_words = label("100 %")
        self._states = Pages(self._preview)
        self._banner = PatientBanner()
        inside = QVBoxLayout()
        gap = theme.px(12)
        inside.setContentsMargins(gap, theme.px(8), gap, gap)
        inside.setSpacing(theme.px(8))
        inside.addLayout(self._bar())
        inside.addWidget(self._states, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._banner)
        box.addLayout(inside, 1)

    def title(self) -> str:
        """The window never names a patient."""
        return tr("Print")

    def patient(self) -> PatientId | None:
        """Whose paper it is."""
        return self._patient

    def arrive(self, **arguments: object) -> None:
        """Take patient and paper."""
        patient, kind = arguments.get("patient"), arguments.get("kind")
        if isinstance(patient, str):
            if patient != self._patient:  # nothing of the one before under another's banner
                self._states.show_loading()
            self._patient = PatientId(patient)
            self._banner.hide()
        self._choices.begin(kind)
        self._paper = None

    def activate(self) -> None:
        """Make the paper."""
        patient, desk = self._patient, self.workplace.desk
        if patient is not None:
            self.workplace.tasks.query(
                lambda: patient_record.banner(desk, patient),
                done=self._on_banner,
                failed=self._on_failed,
            )
        self._make()
        self._choices.focus()

    def on_changed(self, changes: Changes) -> None:
        """A paper on screen is renewed when its record changes."""
        if self._patient in changes.patients and self.isVisible():
            self._make()

    def perform(self, action_id: str) -> bool:
        """Print, save, back to the chart, read again."""
        known = {"print": self.print_it, "save": self.save_it, "refresh": self._make}
        if action_id not in known:
            return False
        known[action_id]()
        return True

    def offers(self) -> frozenset[str]:
        """Printing and saving once there is a paper."""
        return frozenset({"refresh"} | ({"print", "save"} if self._paper else set()))

    def print_it(self) -> None:
        """Ask for a printer, then print."""
        paper = self.outgoing()
        if paper is not None:
            self.output.ask_printer(paper)

    def save_it(self) -> None:
        """Ask where, then save; the name proposed says nothing about the patient."""
        paper = self.outgoing()
        if paper is not None:
            self.output.ask_file(paper)

    def outgoing(self) -> Outgoing | None:
        """The paper in sight, on its way out; None while there is none."""
        paper, patient, desk = self._paper, self._patient, self.workplace.desk
        if paper is None or patient is None:
            return None
        note = partial(documents.note_output, desk, patient, paper)
        return Outgoing(paper.file_name, lambda: paper.pdf, note)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back to the chart, as it leaves a form there."""
        if event.key() == Qt.Key.Key_Escape:
            self._go_back()
        else:
            super().keyPressEvent(event)

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(button(tr("Back to the chart"), self._go_back, symbol="back", hint="Esc"))
        row.addWidget(self._choices)
        row.addStretch(1)
        row.addWidget(button("−", lambda: self._preview.zoom(-1), hint=tr("Smaller")))
        row.addWidget(self._zoom_words)
        row.addWidget(button("+", lambda: self._preview.zoom(1), hint=tr("Larger")))
        row.addWidget(button(tr("Save as PDF"), self.save_it, symbol="save", hint="Ctrl+S"))
        row.addWidget(
            button(tr("Print"), self.print_it, kind="primary", symbol="print", hint="Ctrl+P")
        )
        return row

    def _go_back(self) -> None:
        if self._patient is not None:
            tab = _TAB_OF[self._choices.kind]
            self.workplace.navigator.open_chart(self._patient, tab)

    @Slot()
    def _make(self) -> None:
        """Read on the store thread, then make and draw beside it."""
        patient, desk = self._patient, self.workplace.desk
        if patient is None:
            return
        if self._task is not None:
            self._task.cancel()
        today = self.workplace.clock.now().astimezone().date()
        request, house = self._choices.request(today), house_of(self.workplace.settings)
        self._task = self.workplace.tasks.query(
            lambda: documents.gather(desk, patient, request, house),
            done=self._on_gathered,
            failed=self._on_failed,
        )

    @Slot(object)
    def _on_banner(self, found: Banner) -> None:
        if found.patient == self._patient:
            self._banner.show_patient(facts(found))
            self._banner.show()

    @Slot(object)
    def _on_gathered(self, draft: documents.Draft) -> None:
        dots = self._preview.dots_per_inch * self.devicePixelRatioF()

        def work(_progress: object) -> _Ready:
            paper = documents.make(draft)
            return paper, documents.page_images(paper.pdf, dots)

        self._task = self.workplace.tasks.slow(work, done=self._on_ready, failed=self._on_failed)

    @Slot(object)
    def _on_ready(self, ready: _Ready) -> None:
        self._paper, pages = ready
        self._states.show_content()
        self._preview.show_pages(pages)
        self._zoom_words.setText(f"{self._preview.per_cent} %")

    @Slot(float)
    def _on_zoomed(self, _dots: float) -> None:
        paper = self._paper
        if paper is None:
            return
        dots = self._preview.dots_per_inch * self.devicePixelRatioF()
        self._task = self.workplace.tasks.slow(
            lambda _progress: (paper, documents.page_images(paper.pdf, dots)),
            done=self._on_ready,
            failed=self._on_failed,
        )

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._states.show_error(error, self._make)
