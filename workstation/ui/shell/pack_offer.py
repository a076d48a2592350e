"""Prints the downtime pack where the record itself does not open: its file opens with the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.text import button, label

if TYPE_CHECKING:  # services bring the store along, which the log-in window does without
    from workstation.services.downtime_pack import Kept
    from workstation.services.safe import Safe
    from workstation.ui.toolkit.tasks import Progress, TaskRunner


class PackOffer(QWidget):
    """A button, and what came of it. There is no record to note it in: the print says who made it.

    Args:
        safe: Of this terminal.
        tasks: The bridge to the threads.
    """

    def __init__(self, safe: Safe, tasks: TaskRunner) -> None:
        super().__init__()
        self._safe, self._tasks = safe, tasks
        self._pack: Kept | None = None
        self.offer = button(tr("Print the downtime pack"), self._on_offered, symbol="print")
        self.result = label("", "caption", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        box.addWidget(label(tr("The ward on paper"), "caption"))
        box.addWidget(self.offer, alignment=Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self.result)
        self.result.hide()

    def print_on(self, printer: QPrinter) -> None:
        """Print the whole pack on a printer that is set up."""
        pack = self._pack
        if pack is None:
            return

        def work(_progress: Progress) -> int:
            from workstation.ui.toolkit.printing import print_paper

            return print_paper(pack.pdf, printer)

        self._tasks.slow(work, done=self._on_printed, failed=self._on_failed)

    def _on_offered(self) -> None:
        safe = self._safe

        def read(_progress: Progress) -> Kept | None:
            from workstation.services import downtime_pack

            return downtime_pack.kept(safe)

        self._tasks.slow(read, done=self._on_read, failed=self._on_failed)

    @Slot(object)
    def _on_read(self, pack: Kept | None) -> None:
        self._pack = pack
        if pack is None:
            self._say(tr("There is no downtime pack on this terminal."))
            return
        from workstation.ui.toolkit.printing import a4_printer

        self._say(tr("The pack was made {time}.", time=moment_text(pack.made_at)))
        printer = a4_printer()
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: self.print_on(printer))
        dialog.setModal(True)
        dialog.show()

    @Slot(object)
    def _on_printed(self, count: int) -> None:
        words = tr("{count} pages sent to the printer", count=count)
        self._say(words if count else tr("The printer does not start."))

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._say(explain(error).line)

    def _say(self, words: str) -> None:
        self.result.setText(words)
        self.result.show()
