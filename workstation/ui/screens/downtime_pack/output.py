"""Brings the pack out of the program: on a printer, or as a file; each time is in the audit."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtPrintSupport import QPrinter

from workstation.kernel.errors import Damaged, WorkstationError
from workstation.kernel.words import tr
from workstation.services import downtime_pack
from workstation.services.documents import Way
from workstation.services.downtime_pack import Kept, Part
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.printing import print_paper
from workstation.ui.toolkit.tasks import Progress
from workstation.ui.toolkit.workplace import Workplace


class PackOutput(QObject):
    """Prints and saves beside the window's thread: a pack has hundreds of pages."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace

    def print_on(
        self, printer: QPrinter, pack: Kept, parts: Collection[Part], patients: Collection[str]
    ) -> None:
        """Print some pages on a printer that is set up."""

        def work(progress: Progress) -> int:
            pdf = downtime_pack.chosen(pack, parts, patients)
            return print_paper(pdf, printer, lambda done: progress.report(done, len(pack.sheets)))

        def told(count: int) -> None:
            if count:
                self._note(pack, "print")
            words = tr("{count} pages sent to the printer", count=count)
            self._workplace.navigator.toast(words if count else tr("The printer does not start."))

        self._workplace.navigator.toast(tr("The pages go to the printer…"))
        self._workplace.tasks.slow(work, done=told, failed=self._on_failed, owner=self)

    def save(
        self, name: str, pack: Kept, parts: Collection[Part], patients: Collection[str]
    ) -> None:
        """Save some pages as a file; it is not encrypted: the person is told."""

        def work(_progress: Progress) -> int:
            try:
                return Path(name).write_bytes(downtime_pack.chosen(pack, parts, patients))
            except OSError as error:
                raise Damaged("file-not-written", reason=type(error).__name__) from error

        def told(_size: int) -> None:
            self._note(pack, "save")
            words = tr("Saved as PDF. Keep the file as safe as the record.")
            self._workplace.navigator.toast(words)

        self._workplace.tasks.slow(work, done=told, failed=self._on_failed, owner=self)

    def _note(self, pack: Kept, way: Way) -> None:
        desk = self._workplace.desk
        self._workplace.tasks.command(
            lambda: downtime_pack.note_output(desk, pack, way), failed=self._on_failed
        )

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._workplace.navigator.toast(explain(error).line)
