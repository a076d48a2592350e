"""Takes the handover list out of the program: to a printer, or into a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workstation.kernel import words
from workstation.kernel.ids import PatientId
from workstation.services import handover_paper
from workstation.services.assignment import Shift
from workstation.services.handover_paper import Paper
from workstation.services.paper import house_of
from workstation.ui.toolkit.printing import Outgoing, Output
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
        self.output = Output(over, workplace.tasks, workplace.navigator.toast)

    def make(
        self, patients: list[PatientId], shift: Shift, ready: Callable[[Outgoing], None]
    ) -> None:
        """Read on the store's thread, then hand the list over.

        Args:
            patients: Whom the list is about.
            shift: The shift that hands over.
            ready: Gets the paper.
        """
        desk, tongue = self.workplace.desk, words.language()
        house = house_of(self.workplace.settings)

        def made(paper: Paper) -> None:
            note = partial(handover_paper.note_output, desk, paper)
            ready(Outgoing(paper.file_name, paper.pdf, note))

        self.workplace.tasks.query(
            lambda: handover_paper.gather(desk, patients, shift, tongue, house),
            done=made,
            failed=self.workplace.tell,
            owner=self,
        )
