"""The beds of the board as Qt's views want them; list and map share it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workstation.kernel.words import tr
from workstation.services.ward_board import Bed, Occupant
from workstation.ui.screens.ward_board import wording

Index = QModelIndex | QPersistentModelIndex
BED_ROLE: Final = Qt.ItemDataRole.UserRole + 1

BED, NAME, DAY, DIAGNOSIS, SCORE, DUE, ALERTS, RESULTS, NURSE, UNSENT = range(10)
WIDTHS: Final = {
    BED: 84,
    NAME: 196,
    DAY: 66,
    DIAGNOSIS: 0,
    SCORE: 132,
    DUE: 222,
    ALERTS: 186,
    RESULTS: 112,
    NURSE: 92,
    UNSENT: 72,
}
"""Pixels at 100 %; the diagnosis takes what is left."""
_MINUTE: Final = timedelta(minutes=1)
_NO_PARENT: Final = QModelIndex()


class BoardModel(QAbstractTableModel):
    """One row a bed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._beds: tuple[Bed, ...] = ()
        self.now: datetime | None = None
        """The time the beds were read."""
        self.ticked: frozenset[str] = frozenset()
        """Ids of the stays that are ticked, to do something with them together."""

    def beds(self) -> tuple[Bed, ...]:
        """The beds shown, in order."""
        return self._beds

    def bed(self, number: int) -> Bed | None:
        """One of them."""
        return self._beds[number] if 0 <= number < len(self._beds) else None

    def tick(self, number: int) -> None:
        """Tick the person in a row, or take the tick away; an empty bed has none."""
        bed = self.bed(number)
        if bed is not None and bed.occupant is not None:
            self.ticked ^= {bed.occupant.who.encounter}
            self.dataChanged.emit(self.index(number, 0), self.index(number, UNSENT))

    def chosen(self, row: int) -> list[Occupant]:
        """Whoever is ticked; where nobody is, the person in a row."""
        people = [bed.occupant for bed in self._beds if bed.occupant is not None]
        ticked = [each for each in people if each.who.encounter in self.ticked]
        bed = self.bed(row)
        alone = [bed.occupant] if bed is not None and bed.occupant is not None else []
        return ticked or alone

    def show_ticks(self, stays: frozenset[str]) -> None:
        """Tick these and no others."""
        self.ticked = stays
        if self._beds:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._beds) - 1, UNSENT))

    def show_beds(self, beds: Sequence[Bed], now: datetime) -> None:
        """Show other beds, or the same in another state or order."""
        beds, old, before = tuple(beds), self._beds, self.now
        self.now = now
        if [bed.id for bed in beds] != [bed.id for bed in old] or before is None:
            self.beginResetModel()
            self._beds = beds
            self.endResetModel()
            return
        self._beds = beds
        for row, (bed, was) in enumerate(zip(beds, old, strict=True)):
            if bed != was or _by_time(bed, now) != _by_time(was, before):
                self.dataChanged.emit(self.index(row, 0), self.index(row, UNSENT))

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Number of beds shown."""
        return 0 if parent.isValid() else len(self._beds)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Number of columns of the list."""
        return 0 if parent.isValid() else UNSENT + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles of the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            tr("Bed"),
            tr("Patient"),
            tr("Day"),
            tr("Diagnosis"),
            "NEWS2",
            tr("Due"),
            tr("Allergies and alerts"),
            tr("New results"),
            tr("Nurse"),
            tr("Unsent"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The bed itself under `BED_ROLE`; its cell in words for everybody else."""
        if not index.isValid() or self.now is None:
            return None
        bed = self._beds[index.row()]
        if role == BED_ROLE:
            return bed
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(bed, index.column())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return wording.spoken(bed, self.now)
        return None

    def _text(self, bed: Bed, column: int) -> str:
        occupant, now = bed.occupant, self.now
        if column == BED:
            return bed.name
        if occupant is None or now is None:
            return tr("Empty") if column == NAME else ""
        who = occupant.who
        day = "" if who.day is None else str(who.day)
        texts = (
            bed.name,
            wording.name_text(who),
            day,
            wording.diagnosis_text(who),
            wording.score_text(occupant),
            wording.due_line(occupant, now),
            wording.allergy_words(who)[0],
            wording.results_text(occupant),
            wording.nurses_text(occupant),
            str(occupant.unsent or ""),
        )
        return texts[column]


def _by_time(bed: Bed, now: datetime) -> tuple[date, list[tuple[str, int]]]:
    """What makes other words or another colour of a bed's row by time alone.

    That is the day, what is due or late, and by how many minutes.
    """
    tasks = bed.occupant.tasks if bed.occupant is not None else ()
    states = ((item.state(now), (now - item.at) // _MINUTE) for item in tasks)
    return now.astimezone().date(), [
        (state, minutes if state == "late" else 0) for state, minutes in states
    ]
