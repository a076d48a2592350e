"""Takes the handover list out of the program: to a printer, or into a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from workstation.kernel import settings as table
from workstation.kernel import words
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import handover_paper
from workstation.services.assignment import Shift
from workstation.services.documents import House, Way
from workstation.services.handover_paper import Paper
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.printing import a4_printer, print_paper
from workstation.ui.toolkit.workplace import Workplace


class ListPrinter(QObject):
    """Makes the list anew each time: what hangs on paper is as old as its foot says."""

    def __init__(self, workplace: Workplace, over: QWidget) -> None:
        """Print for a page.

        Args:
            workplace: What it works with.
            over: Where dialogs open.
        """
        super().__init__(over)
        self.workplace = workplace
        self._over = over

    def make(
        self, patients: list[PatientId], shift: Shift, ready: Callable[[Paper, bytes], None]
    ) -> None:
        """Read on the store's thread, draw beside it, then hand the file over.

        Args:
            patients: Whom the list is about.
            shift: The shift that hands over.
            ready: Gets the paper and its file.
        """
        desk, tasks, tongue = self.workplace.desk, self.workplace.tasks, words.language()
        house = _house(self.workplace)

        def draw(paper: Paper) -> None:
            tasks.slow(
                lambda _progress: paper.pdf(),
                done=lambda pdf: ready(paper, pdf),
                failed=self._on_failed,
                owner=self,
            )

        tasks.query(
            lambda: handover_paper.gather(desk, patients, shift, tongue, house),
            done=draw,
            failed=self._on_failed,
            owner=self,
        )

    def print_it(self, paper: Paper, pdf: bytes) -> None:
        """Ask for a printer, then print."""
        printer = a4_printer()
        dialog = QPrintDialog(printer, self._over)
        dialog.accepted.connect(lambda: self.print_on(printer, paper, pdf))
        dialog.setModal(True)
        dialog.show()

    def print_on(self, printer: QPrinter, paper: Paper, pdf: bytes) -> None:
        """Print on a printer that is set up."""
        count = print_paper(pdf, printer)
        if count:
            self._note(paper, "print")
        said = tr("{count} pages sent to the printer", count=count)
        self.workplace.navigator.toast(said if count else tr("The printer does not start."))

    def save_it(self, paper: Paper, pdf: bytes) -> None:
        """Ask where, then save; the name proposed says nothing about anybody."""
        dialog = QFileDialog(self._over, tr("Save as PDF"), paper.file_name, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda name: self.write(Path(name), paper, pdf))
        dialog.open()

    def write(self, file: Path, paper: Paper, pdf: bytes) -> None:
        """Save into a file."""
        try:
            file.write_bytes(pdf)
        except OSError:
            self.workplace.navigator.toast(tr("The file could not be written."))
            return
        self._note(paper, "save")
        self.workplace.navigator.toast(tr("Saved as PDF. Keep the file as safe as the record."))

    def _note(self, paper: Paper, way: Way) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.command(lambda: handover_paper.note_output(desk, paper, way))

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self.workplace.navigator.toast(explain(error).line)


def _house(workplace: Workplace) -> House:
    asked = workplace.settings
    return House(
        authority=asked.get(table.AUTHORITY),
        hospital=asked.get(table.HOSPITAL),
        look_up=asked.get(table.LOOK_UP),
    )
