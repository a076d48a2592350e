"""What is new on the results page, and that it was seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from workstation.kernel.ids import PatientId
from workstation.services import result_table
from workstation.services.result_table import Baseline, ResultTable
from workstation.ui.toolkit.workplace import Workplace

STILL_NEW: Final = timedelta(minutes=10)
"""How long what was new when a page was opened stays marked on it, whatever is read again."""


class Looked:
    """Keeps, for the patient on the page, against what things are new."""

    def __init__(self, workplace: Workplace) -> None:
        """Nobody looked yet.

        Args:
            workplace: Where marks are kept.
        """
        self._workplace = workplace
        self._kept: tuple[PatientId, Baseline, datetime] | None = None

    def baseline(self, patient: PatientId) -> Baseline | None:
        """What counts as new as long as the page is looked at; None: what was not seen yet."""
        kept = self._kept
        if kept is None or kept[0] != patient:
            return None
        return kept[1] if self._workplace.clock.now() - kept[2] < STILL_NEW else None

    def note(self, patient: PatientId, table: ResultTable, *, visible: bool) -> None:
        """Remember what was shown and, if the person could see it, mark it as seen."""
        self._kept = (patient, table.baseline, table.as_of)
        if visible:
            desk, as_of = self._workplace.desk, table.as_of
            self._workplace.tasks.command(lambda: result_table.mark_seen(desk, patient, as_of))
