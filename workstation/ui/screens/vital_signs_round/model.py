"""The rows of the round as Qt's views want them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workstation.clinical.scores.warning import EarlyWarning
from workstation.kernel.words import tr
from workstation.services.vital_signs_round import RoundPatient
from workstation.ui.screens.vital_signs_round.entry import COLUMNS, Column
from workstation.ui.screens.vital_signs_round.row import Row, Verdict, begin
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.person_words import short_moment
from workstation.ui.toolkit.widgets.moment import time_text

PATIENT: Final = 0
FIRST: Final = 1
LAST: Final = len(COLUMNS)
SCORE: Final = LAST + 1
STATE: Final = LAST + 2
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 1
VERDICT_ROLE: Final = Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT: Final = QModelIndex()


def column_of(index: Index) -> Column | None:
    """The vital sign of a cell; none for name, score and state."""
    return COLUMNS[index.column() - FIRST] if FIRST <= index.column() <= LAST else None


class RoundModel(QAbstractTableModel):
    """One row a person; rows are frozen values and are replaced, never changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._verdicts: dict[int, Verdict] = {}

    def rows(self) -> tuple[Row, ...]:
        """All rows, in order."""
        return tuple(self._rows)

    def row(self, number: int) -> Row:
        """One row."""
        return self._rows[number]

    def verdict(self, number: int) -> Verdict:
        """What one row means; worked out once for each change of the row."""
        if number not in self._verdicts:
            self._verdicts[number] = self._rows[number].verdict()
        return self._verdicts[number]

    def number_of(self, patient: str) -> int | None:
        """Where a person stands."""
        numbers = (n for n, row in enumerate(self._rows) if row.patient.who.patient == patient)
        return next(numbers, None)

    def show_patients(self, patients: Iterable[RoundPatient]) -> None:
        """Show other patients or newer values before; what was typed for them here stays."""
        known = {row.patient.who.patient: row for row in self._rows}
        rows = [
            known[p.who.patient].again(p) if p.who.patient in known else begin(p) for p in patients
        ]
        self._verdicts.clear()
        if len(rows) == len(self._rows) and all(map(_looks_as, rows, self._rows)):
            self._rows = rows
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def put(self, number: int, row: Row) -> None:
        """Replace one row."""
        self._rows[number] = row
        self._verdicts.pop(number, None)
        self.dataChanged.emit(self.index(number, 0), self.index(number, STATE))

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Number of people."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Name, vital signs, score, state."""
        return 0 if parent.isValid() else STATE + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Title and unit of a column."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if FIRST <= section <= LAST:
            column = COLUMNS[section - FIRST]
            return f"{tr(column.words)}\n{tr(column.unit)}"
        return {PATIENT: tr("Patient"), SCORE: self._score_title(), STATE: tr("State")}.get(section)

    def _score_title(self) -> str:
        """Name of the score, where everybody has the same."""
        scales = {row.patient.who.facts.scale for row in self._rows}
        return next(iter(scales)).value if len(scales) == 1 else tr("Score")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for people and for screen readers; row and verdict under their roles."""
        if not index.isValid():
            return None
        row, verdict = self._rows[index.row()], self.verdict(index.row())
        if role in (ROW_ROLE, VERDICT_ROLE):
            return row if role == ROW_ROLE else verdict
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, verdict, index)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            who, column = row.patient.who, column_of(index)
            words = tr(column.words) if column else ""
            return f"{who.bed_name} {who.name.plain} {words} {_text(row, verdict, index)}"
        return None


def _looks_as(row: Row, before: Row) -> bool:
    """Whether a row shows what it showed when it was read before, on the same day."""
    now, then = row.patient.now, before.patient.now
    same = replace(row, patient=replace(row.patient, now=then)) == before
    return same and now.astimezone().date() == then.astimezone().date()


def _text(row: Row, verdict: Verdict, index: Index) -> str:
    column = column_of(index)
    if column is not None:
        return row.typed.get(column.key, "")
    if index.column() == PATIENT:
        return f"{row.patient.who.bed_name} {row.patient.who.name.formal}"
    return score_text(verdict.score) if index.column() == SCORE else state_text(row, verdict)


def score_text(score: EarlyWarning | None) -> str:
    """The score as it is shown, starred when it is not complete."""
    if score is None or score.total is None:
        return ""
    return str(score.total) if score.complete else f"{score.total}*"


def state_text(row: Row, verdict: Verdict) -> str:
    """What became of a row, in words."""
    if row.problem is not None:
        return explain(row.problem).title
    if row.state == "saving":
        return tr("Saving…")
    if row.state == "saved" and row.saved_at is not None:
        return tr("Saved {time}", time=time_text(row.saved_at))
    if row.state == "typing":
        return tr("Not saved: check") if verdict.trouble else tr("Not saved yet")
    return due_text(row.patient)


def due_text(patient: RoundPatient) -> str:
    """When the next set is due; never a relative time alone."""
    if patient.due_at is None:
        return tr("Never measured")
    if patient.overdue_minutes:
        return tr("Due since {time}", time=short_moment(patient.due_at, patient.now))
    return tr("Due {time}", time=short_moment(patient.due_at, patient.now))
