"""One row of the round: what was typed for one person, what it means, and whether it is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal

from workstation.clinical.early_warning import mark, of_set
from workstation.clinical.plausibility import doubts, refuse_impossible
from workstation.clinical.scores.warning import EarlyWarning
from workstation.clinical.vital_signs import Mark, Sign, Value, VitalSigns
from workstation.kernel.errors import Refused, WorkstationError
from workstation.services.vital_signs_round import RoundPatient
from workstation.ui.screens.vital_signs_round.entry import COLUMNS, Column, read

CellState = Literal["empty", "fine", "doubtful", "wrong"]
RowState = Literal["idle", "typing", "saving", "saved"]

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says.

    Attributes:
        text: As typed.
        state: ``doubtful`` is possible but so rare that it has to be typed twice.
        values: What was understood.
        mark: Whether the value is out of its normal band.
        error: Why the cell is wrong.
    """

    text: str
    state: CellState
    values: Mapping[Sign, Value] = field(default_factory=dict)
    mark: Mark = Mark.NORMAL
    error: Refused | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a whole row means.

    Attributes:
        cells: Each cell by the key of its column.
        vitals: All values that can be believed; wrong and doubtful cells are left out.
        score: The early-warning score of those.
        trouble: The first column that keeps the row from being saved.
    """

    cells: Mapping[str, Cell]
    vitals: VitalSigns
    score: EarlyWarning | None
    trouble: Column | None

    def shade(self, column: Column) -> int:
        """The colour of what a cell adds to the score; the worst of its signs."""
        parts = self.score.parts if self.score else ()
        return max((part.shade for part in parts if part.sign in column.signs), default=0)


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the round.

    Attributes:
        patient: Who, and what was measured before.
        typed: Text of each cell by the key of its column.
        confirmed: Cells whose doubtful text was typed twice.
        began_at: When the first character was typed: the time of the set.
        state: ``typing`` is not saved yet; typing into a ``saved`` row corrects its set.
        references: Observations of the set that was saved in this round.
        saved_at: When it was saved.
        saved_typed: The texts that were saved.
        problem: Why the last attempt to save failed.
    """

    patient: RoundPatient
    typed: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    confirmed: frozenset[str] = frozenset()
    began_at: datetime | None = None
    state: RowState = "idle"
    references: frozenset[str] = frozenset()
    saved_at: datetime | None = None
    saved_typed: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    problem: WorkstationError | None = None

    def write(self, key: str, text: str, at: datetime) -> Row:
        """The row after `text` stands in the cell `key`.

        Args:
            key: Key of the column.
            text: The whole text of the cell.
            at: The time now, which becomes the time of a set that begins with this.
        """
        typed = {**self.typed, key: text}
        if not text.strip():
            del typed[key]
        begun = bool(typed) or bool(self.references)
        return replace(
            self,
            typed=MappingProxyType(typed),
            confirmed=self.confirmed - {key},
            began_at=(self.began_at or at) if begun else None,
            state=self._state(typed),
            problem=None,
        )

    def _state(self, typed: Mapping[str, str]) -> RowState:
        if typed != self.saved_typed:
            return "typing"
        return "saved" if self.references else "idle"

    def confirm(self, key: str) -> Row:
        """The row after the doubtful text of a cell was typed a second time."""
        return replace(self, confirmed=self.confirmed | {key})

    def cell(self, column: Column) -> Cell:
        """What the cell of a column says."""
        text = self.typed.get(column.key, "")
        try:
            values = read(column, text)
            vitals = self._vitals(values)
            refuse_impossible(vitals)
        except Refused as error:
            return Cell(text, "wrong", error=error)
        if not values:
            return Cell(text, "empty")
        doubtful = doubts(vitals, self.patient.who.facts) and column.key not in self.confirmed
        return Cell(
            text,
            "doubtful" if doubtful else "fine",
            values,
            self._mark(values),
        )

    def verdict(self) -> Verdict:
        """What the whole row means."""
        cells = {column.key: self.cell(column) for column in COLUMNS}
        values: dict[Sign, Value] = {}
        for cell in cells.values():
            if cell.state == "fine":
                values.update(cell.values)
        vitals = self._vitals(values)
        score = of_set(self.patient.who.facts, vitals) if vitals else None
        trouble = (c for c in COLUMNS if cells[c.key].state in ("wrong", "doubtful"))
        return Verdict(MappingProxyType(cells), vitals, score, next(trouble, None))

    def saving(self) -> Row:
        """The row while its save is under way."""
        return replace(self, state="saving", problem=None)

    def failed(self, problem: WorkstationError) -> Row:
        """The row after its save was refused."""
        return replace(self, state="typing", problem=problem)

    def was_saved(self, sent: Mapping[str, str], references: frozenset[str], at: datetime) -> Row:
        """The row after the texts `sent` were saved at `at`; what was typed since stays typed."""
        return replace(
            self,
            references=self.references | references,
            saved_at=at,
            saved_typed=sent,
            state="saved" if self.typed == sent else "typing",
        )

    def taken_back(self) -> Row:
        """The row after its set was undone: its texts stand there again, unsaved."""
        return replace(
            self,
            references=frozenset(),
            saved_at=None,
            saved_typed=_NOTHING,
            state="typing" if self.typed else "idle",
        )

    def again(self, patient: RoundPatient) -> Row:
        """The row after the record was read again: newer values before, typed texts as they are."""
        return replace(self, patient=patient)

    def confirmed_signs(self) -> frozenset[Sign]:
        """The signs whose doubtful value was typed twice."""
        return frozenset(s for c in COLUMNS if c.key in self.confirmed for s in c.signs)

    def draft(self) -> str:
        """What was typed and is not saved, as text to keep; empty when there is nothing."""
        if self.state in ("idle", "saved"):
            return ""
        kept = {
            "typed": dict(self.typed),
            "confirmed": sorted(self.confirmed),
            "began_at": _text(self.began_at),
            "references": sorted(self.references),
            "saved_at": _text(self.saved_at),
            "saved_typed": dict(self.saved_typed),
        }
        return json.dumps(kept)

    def _vitals(self, values: Mapping[Sign, Value]) -> VitalSigns:
        fields: dict[str, Any] = {sign.value: value for sign, value in values.items()}
        return VitalSigns(at=self.began_at or self.patient.now, **fields)

    def _mark(self, values: Mapping[Sign, Value]) -> Mark:
        marks = (mark(self.patient.who.facts, sign, value) for sign, value in values.items())
        return next((found for found in marks if found is not Mark.NORMAL), Mark.NORMAL)


def begin(patient: RoundPatient) -> Row:
    """The row as the round opens: with the draft that was kept, if there is one."""
    if not patient.draft:
        return Row(patient)
    kept = json.loads(patient.draft)
    return Row(
        patient,
        typed=MappingProxyType(kept["typed"]),
        confirmed=frozenset(kept["confirmed"]),
        began_at=_moment(kept["began_at"]),
        state="typing",
        references=frozenset(kept["references"]),
        saved_at=_moment(kept["saved_at"]),
        saved_typed=MappingProxyType(kept["saved_typed"]),
    )


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
