"""Vital signs over time: one column a set, with its score, and the curves behind the graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from workstation.clinical import news2
from workstation.clinical.news2 import News2, Reading
from workstation.clinical.vital_signs import (
    Mark,
    Sign,
    Value,
    VitalSigns,
    mark,
    normal_band,
)
from workstation.fhir import safety
from workstation.fhir import vital_signs as mapping
from workstation.kernel.ids import PatientId
from workstation.services import patient_record
from workstation.services.desk import Desk
from workstation.store import Stored, View
from workstation.store import flowsheet as index


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one sign.

    Attributes:
        sign: What was measured.
        value: In the unit of the program.
        mark: Where it lies against the normal band.
        points: What it adds to NEWS2; None when it is not part of it.
        observation: Id of the Observation.
        amended: Whether it was corrected after it was first written.
        unsent: Whether the hospital has not received it yet.
    """

    sign: Sign
    value: Value
    mark: Mark
    points: int | None
    observation: str
    amended: bool
    unsent: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One set, measured at one time.

    Attributes:
        vitals: The values that count.
        cells: What is shown of them, by sign.
        score: NEWS2 of this set alone.
        by: Who measured, as shown; empty when unknown.
    """

    vitals: VitalSigns
    cells: dict[Sign, Cell]
    score: News2
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
    """Every set of a patient.

    Attributes:
        columns: Oldest first.
        curves: By sign, of numbers.
        now: NEWS2 of the newest value of each sign, as of the moment asked for.
        spo2_scale_2: Whether a doctor prescribed SpO2 scale 2.
    """

    columns: tuple[Column, ...]
    curves: dict[Sign, Curve]
    now: News2
    spo2_scale_2: bool

    def latest(self, sign: Sign) -> Cell | None:
        """The newest value of a sign."""
        return next(
            (column.cells[sign] for column in reversed(self.columns) if sign in column.cells), None
        )


def flowsheet(desk: Desk, patient: PatientId) -> Flowsheet:
    """Every set of vital signs of a patient, scored."""
    with desk.store.read() as view:
        return read_flowsheet(view, patient, desk.now())


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
    flags = patient_record.resources(view, "Flag", patient)
    scale_2 = patient_record.spo2_scale_2(safety.alerts(flags))
    found: dict[datetime, dict[Sign, tuple[Cell, str]]] = {}
    if newest is None:
        observations = view.find("Observation", patient=patient)
    else:
        observations = view.these("Observation", index.newest_signs(view, patient, newest))
    for stored in observations:
        for reading, cell in _cells(stored, scale_2=scale_2):
            found.setdefault(reading.at, {})[cell.sign] = (cell, reading.performer or "")
    columns = tuple(_column(at, found[at], scale_2=scale_2) for at in sorted(found))
    latest = {
        sign: Reading(cell.value, column.at)
        for column in columns
        for sign, cell in column.cells.items()
    }
    return Flowsheet(
        columns=columns,
        curves=_curves(columns, scale_2=scale_2),
        now=news2.score_latest(latest, at=now, spo2_scale_2=scale_2),
        spo2_scale_2=scale_2,
    )


def _cells(stored: Stored, *, scale_2: bool) -> Iterable[tuple[mapping.SignReading, Cell]]:
    for reading in mapping.read(stored.resource()):
        if reading.valid:
            yield (
                reading,
                Cell(
                    sign=reading.sign,
                    value=reading.value,
                    mark=mark(reading.sign, reading.value, spo2_scale_2=scale_2),
                    points=None,
                    observation=stored.id,
                    amended=reading.status in ("amended", "corrected"),
                    unsent=stored.pending,
                ),
            )


def _column(at: datetime, cells: dict[Sign, tuple[Cell, str]], *, scale_2: bool) -> Column:
    values = {sign.value: cell.value for sign, (cell, _) in cells.items()}
    vitals = VitalSigns(at=at, **values)  # type: ignore[arg-type]
    score = news2.score(vitals, spo2_scale_2=scale_2)
    points = {part.sign: part.points for part in score.parts}
    people = [by for _, by in cells.values() if by]
    return Column(
        vitals=vitals,
        cells={sign: replace(cell, points=points.get(sign)) for sign, (cell, _) in cells.items()},
        score=score,
        by=people[0] if people else "",
    )


def _curves(columns: Iterable[Column], *, scale_2: bool) -> dict[Sign, Curve]:
    points: dict[Sign, list[tuple[datetime, Decimal]]] = {}
    for column in columns:
        for sign, cell in column.cells.items():
            if isinstance(cell.value, Decimal):
                points.setdefault(sign, []).append((column.at, cell.value))
    return {
        sign: Curve(sign, tuple(found), normal_band(sign, spo2_scale_2=scale_2))
        for sign, found in points.items()
    }
