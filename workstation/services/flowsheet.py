"""Vital signs over time: one column a set, with its score, and the curves behind the graph."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import chain, repeat
from typing import Final

from workstation.clinical.early_warning import Facts, early_warning, mark, normal_band, of_set
from workstation.clinical.scores.warning import EarlyWarning, Part, Reading, Shade
from workstation.clinical.vital_signs import Mark, Sign, Value, VitalSigns
from workstation.fhir import vital_signs as mapping
from workstation.kernel.ids import PatientId
from workstation.services import patient_record
from workstation.services.desk import Desk
from workstation.store import Stored, View, assessments
from workstation.store import flowsheet as index

_CODES: Final = tuple(codes[0] for codes in mapping.CODES.values())
"""Under these the index has every value that can be read as a vital sign."""
_PIECE: Final = 600


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one sign.

    Attributes:
        sign: What was measured.
        value: In the unit of the program.
        mark: Where it lies against the normal band.
        points: What it adds to the early-warning score; None when it is not part of it.
        shade: The colour of those points.
        observation: Id of the Observation.
        amended: Whether it was corrected after it was first written.
        unsent: Whether the hospital has not received it yet.
    """

    sign: Sign
    value: Value
    mark: Mark
    points: int | None
    shade: Shade
    observation: str
    amended: bool
    unsent: bool


_Placed = tuple[mapping.SignReading, Cell]
"""A cell, with when and by whom it was measured."""


@dataclass(frozen=True, slots=True)
class Column:
    """One set, measured at one time.

    Attributes:
        vitals: The values that count.
        cells: What is shown of them, by sign.
        score: Early-warning score of this set alone.
        by: Who measured, as shown; empty when unknown.
    """

    vitals: VitalSigns
    cells: dict[Sign, Cell]
    score: EarlyWarning
    by: str

    @property
    def at(self) -> datetime:
        """When it was measured (aware)."""
        return self.vitals.at


@dataclass(frozen=True, slots=True)
class Curve:
    """One sign over time, for the graph and the sparklines.

    Attributes:
        sign: What was measured.
        points: Time and value, oldest first.
        normal: Normal band; None where there is none.
    """

    sign: Sign
    points: tuple[tuple[datetime, Decimal], ...]
    normal: tuple[Decimal, Decimal] | None


@dataclass(frozen=True, slots=True)
class Flowsheet:
    """The sets of a patient.

    Attributes:
        columns: Oldest first.
        curves: By sign, of numbers.
        now: Early-warning score of the newest value of each sign, as of the moment asked for.
        facts: What decides which score holds, and the normal bands.
        whole: Whether every set is in it, not the newest alone.
    """

    columns: tuple[Column, ...]
    curves: dict[Sign, Curve]
    now: EarlyWarning
    facts: Facts
    whole: bool = True

    def latest(self, sign: Sign) -> Cell | None:
        """The newest value of a sign."""
        return next(
            (column.cells[sign] for column in reversed(self.columns) if sign in column.cells), None
        )


def flowsheet(desk: Desk, patient: PatientId, *, newest: int | None = None) -> Flowsheet:
    """The sets of vital signs of a patient, scored.

    Args:
        desk: Who asks.
        patient: Whose.
        newest: Only so many, the newest; all when None.
    """
    with desk.store.read() as view:
        found = read_flowsheet(view, patient, desk.now(), newest=newest)
    if newest is None or len(found.columns) < newest:
        return found
    # What was read beyond these lacks whatever is measured more often: no sets to be shown.
    columns = found.columns[-newest:]
    return replace(found, columns=columns, curves=_curves(columns, found.facts), whole=False)


def read_flowsheet(
    view: View, patient: PatientId, now: datetime, *, newest: int | None = None
) -> Flowsheet:
    """The same, inside a transaction.

    Args:
        view: The transaction.
        patient: Whose.
        now: The moment of the score (aware).
        newest: Only so many values of each sign; as many columns are whole. None for all.
    """
    facts = patient_record.facts(view, patient, now)
    if newest is None:
        ids = assessments.ids_under(view, patient, _CODES)
    else:
        ids = index.newest_signs(view, patient, newest)
    sets = _sets(
        cell for stored in view.these("Observation", ids) for cell in _cells(stored, facts)
    )
    return _sheet([_column(at, sets[at], facts) for at in sorted(sets)], facts, now)


def in_pieces(
    desk: Desk, patient: PatientId, *, records: int = _PIECE
) -> Iterator[Flowsheet | None]:
    """All sets of a patient, as `flowsheet` gives them, but read so that a save may come between.

    Each step takes some 25 ms, in a transaction of its own. What is charted meanwhile is in it
    too; what is corrected meanwhile need not be: as ever, who shows it reads it again after that.

    Args:
        desk: Who asks.
        patient: Whose.
        records: How many Observations one step reads.

    Yields:
        None until all is read, of a short stay at once; then the flowsheet, at each further step.
    """
    with desk.store.read() as view:
        facts = patient_record.facts(view, patient, desk.now())
    sets = _sets((yield from _gathered(desk, patient, facts, records)))
    columns = []
    for place, at in enumerate(sorted(sets)):
        if place % records == records // 2:
            yield None
        columns.append(_column(at, sets[at], facts))
    yield from repeat(_sheet(columns, facts, desk.now()))


def _gathered(
    desk: Desk, patient: PatientId, facts: Facts, records: int
) -> Generator[None, None, Iterable[_Placed]]:
    """Every value of a vital sign, by the ids of the Observations, read in pieces."""
    cells: dict[str, tuple[_Placed, ...]] = {}
    while True:
        with desk.store.read() as view:
            ids = assessments.ids_under(view, patient, _CODES)
        left = [id_ for id_ in ids if id_ not in cells]
        if not left:
            return chain.from_iterable(cells[id_] for id_ in ids)
        for start in range(0, len(left), records):
            some = left[start : start + records]
            cells.update((id_, ()) for id_ in some)
            with desk.store.read() as view:
                for stored in view.these("Observation", some):
                    cells[stored.id] = tuple(_cells(stored, facts))
            if len(left) > records:
                yield None


def _sets(cells: Iterable[_Placed]) -> dict[datetime, dict[Sign, tuple[Cell, str]]]:
    """What was measured at one time put together; of two values of a sign the later one counts."""
    found: dict[datetime, dict[Sign, tuple[Cell, str]]] = {}
    for reading, cell in cells:
        found.setdefault(reading.at, {})[cell.sign] = (cell, reading.performer or "")
    return found


def _sheet(columns: Sequence[Column], facts: Facts, now: datetime) -> Flowsheet:
    latest = {
        sign: Reading(cell.value, column.at)
        for column in columns
        for sign, cell in column.cells.items()
    }
    return Flowsheet(
        columns=tuple(columns),
        curves=_curves(columns, facts),
        now=early_warning(facts, latest, at=now),
        facts=facts,
    )


def _cells(stored: Stored, facts: Facts) -> Iterable[_Placed]:
    for reading in mapping.read(stored.resource()):
        if reading.valid:
            yield (
                reading,
                Cell(
                    sign=reading.sign,
                    value=reading.value,
                    mark=mark(facts, reading.sign, reading.value),
                    points=None,
                    shade=0,
                    observation=stored.id,
                    amended=reading.status in ("amended", "corrected"),
                    unsent=stored.pending,
                ),
            )


def _column(at: datetime, cells: dict[Sign, tuple[Cell, str]], facts: Facts) -> Column:
    values = {sign.value: cell.value for sign, (cell, _) in cells.items()}
    vitals = VitalSigns(at=at, **values)  # type: ignore[arg-type]
    score = of_set(facts, vitals)
    parts = {part.sign: part for part in score.parts}
    people = [by for _, by in cells.values() if by]
    return Column(
        vitals=vitals,
        cells={sign: _pointed(cell, parts.get(sign)) for sign, (cell, _) in cells.items()},
        score=score,
        by=people[0] if people else "",
    )


def _pointed(cell: Cell, part: Part | None) -> Cell:
    return cell if part is None else replace(cell, points=part.points, shade=part.shade)


def _curves(columns: Iterable[Column], facts: Facts) -> dict[Sign, Curve]:
    points: dict[Sign, list[tuple[datetime, Decimal]]] = {}
    for column in columns:
        for sign, cell in column.cells.items():
            if isinstance(cell.value, Decimal):
                points.setdefault(sign, []).append((column.at, cell.value))
    return {
        sign: Curve(sign, tuple(found), normal_band(facts, sign)) for sign, found in points.items()
    }
