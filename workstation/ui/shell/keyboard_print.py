"""Prints the keyboard map: a page to hang beside the terminal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from workstation.kernel.words import tr
from workstation.services import keyboard_map
from workstation.ui.toolkit.plain_keys import every_key
from workstation.ui.toolkit.printing import a4_printer, print_paper

if TYPE_CHECKING:
    from workstation.ui.toolkit.tasks import TaskRunner


class KeyboardPrint(QObject):
    """Draws the page off the window's thread, then asks for a printer."""

    def __init__(self, over: QWidget, tasks: TaskRunner, say: Callable[[str], None]) -> None:
        """Wait to be asked.

        Args:
            over: What the printer's dialog lies on.
            tasks: The bridge to the other threads.
            say: Shows a quiet word.
        """
        super().__init__(over)
        self._over, self._tasks, self._say = over, tasks, say

    def start(self) -> None:
        """Draw the page and ask for a printer."""
        groups = every_key()
        self._tasks.query(lambda: keyboard_map.draw(groups), done=self._on_drawn)

    @Slot(object)
    def _on_drawn(self, pdf: bytes) -> None:
        printer = a4_printer()
        dialog = QPrintDialog(printer, self._over)
        dialog.accepted.connect(partial(self.print_on, printer, pdf))
        dialog.setModal(True)
        dialog.show()

    def print_on(self, printer: QPrinter, pdf: bytes) -> None:
        """Print on a printer that is set up."""
        count = print_paper(pdf, printer)
        said = tr("{count} pages sent to the printer", count=count)
        self._say(said if count else tr("The printer does not start."))
