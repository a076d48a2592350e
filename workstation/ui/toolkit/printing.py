"""The one way papers leave the program: on a printer or as a file, beside the window's thread.

Each page is printed as large as its sheet, at the printer's own fineness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMarginsF, QObject, QRectF, Slot
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import Damaged, WorkstationError
from workstation.kernel.words import tr
from workstation.services.documents import PageImage, Way, each_page
from workstation.ui.toolkit.messages import explain

if TYPE_CHECKING:
    from workstation.ui.toolkit.tasks import Progress, TaskRunner

_MOST_DOTS: Final = 300
"""Fine enough for 6-point letters; more only makes the spool file larger."""


def a4_printer() -> QPrinter:
    """A printer set to A4 without margins of its own: the papers have theirs."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))
    printer.setFullPage(True)
    return printer


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A paper that is to leave the program.

    Attributes:
        file_name: What is proposed for saving; says nothing about anybody.
        pdf: Makes or gives the file; needs no store.
        note: Puts into the audit how it left; None for a paper about nobody.
    """

    file_name: str
    pdf: Callable[[], bytes]
    note: Callable[[Way], Changes] | None = None


class Output(QObject):
    """Asks where to, prints or writes there, notes it, and says what came of it."""

    def __init__(self, over: QWidget, tasks: TaskRunner, say: Callable[[str], None]) -> None:
        """Wait to be asked.

        Args:
            over: What the dialogs lie on.
            tasks: The bridge to the other threads.
            say: Shows a quiet word.
        """
        super().__init__(over)
        self._over, self._tasks, self._say = over, tasks, say

    def ask_printer(self, paper: Outgoing) -> None:
        """Ask for a printer, then print."""
        printer = a4_printer()
        dialog = QPrintDialog(printer, self._over)
        dialog.accepted.connect(partial(self.print_on, printer, paper))
        dialog.setModal(True)
        dialog.show()

    def ask_file(self, paper: Outgoing) -> None:
        """Ask where, then save."""
        dialog = QFileDialog(self._over, tr("Save as PDF"), paper.file_name, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda name: self.save(Path(name), paper))
        dialog.open()

    def print_on(self, printer: QPrinter, paper: Outgoing) -> None:
        """Print on a printer that is set up."""

        def work(_progress: Progress) -> int:
            return print_paper(paper.pdf(), printer)

        def told(count: int) -> None:
            if count:
                self._note(paper, "print")
            words = tr("{count} pages sent to the printer", count=count)
            self._say(words if count else tr("The printer does not start."))

        self._say(tr("The pages go to the printer…"))
        self._tasks.slow(work, done=told, failed=self._on_failed, owner=self)

    def save(self, file: Path, paper: Outgoing) -> None:
        """Save as a file; it is not encrypted: the person is told."""

        def work(_progress: Progress) -> int:
            try:
                return file.write_bytes(paper.pdf())
            except OSError as error:
                raise Damaged("file-not-written", reason=type(error).__name__) from error

        def told(_size: int) -> None:
            self._note(paper, "save")
            self._say(tr("Saved as PDF. Keep the file as safe as the record."))

        self._tasks.slow(work, done=told, failed=self._on_failed, owner=self)

    def _note(self, paper: Outgoing, way: Way) -> None:
        note = paper.note
        if note is not None:
            self._tasks.command(lambda: note(way), failed=self._on_failed)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._say(explain(error).line)


def print_paper(pdf: bytes, printer: QPrinter) -> int:
    """Print every page; may run beside the window's thread, as Qt paints on a printer there too.

    Args:
        pdf: The paper.
        printer: Where to, as the person has set it up.

    Returns:
        How many pages were printed; 0 when the printer does not start.
    """
    painter = QPainter()
    if not painter.begin(printer):
        return 0
    count = 0
    for page in each_page(pdf, min(printer.resolution(), _MOST_DOTS)):
        if count:
            printer.newPage()
        sheet = printer.paperRect(QPrinter.Unit.DevicePixel)
        painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), image_of(page))
        count += 1
    painter.end()
    return count


def image_of(page: PageImage) -> QImage:
    """A page as an image that owns its pixels."""
    image = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB32)
    return image.copy()
