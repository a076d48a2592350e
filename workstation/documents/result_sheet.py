"""The cumulative sheet of results: analytes down, samples to the right, eight of them on a page.

A flag stands as a sign and in bold, so that it survives a copy in black and white; what another
facility made says so above its column. Words too long for a cell stand whole below the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents import page
from workstation.documents.fonts import Type, draw, draw_centred, draw_right, width
from workstation.documents.page import (
    BOTTOM,
    GREY,
    LEFT,
    RIGHT,
    Imprint,
    Letterhead,
    PatientBox,
    mm,
)
from workstation.documents.text import lines, shortened

COLUMNS: Final = 8
"""Samples on one page."""

_NAMES: Final = 60 * mm
_RANGES: Final = 29 * mm
_COLUMN: Final = (RIGHT - LEFT - _NAMES) / COLUMNS
_HEAD: Final = 13 * mm
_ROW: Final = 5.4 * mm
_FOOT: Final = 6 * mm
_NAME: Final = Type("regular", 7.5)
_PANEL: Final = Type("bold", 8)
_SMALL: Final = Type("regular", 6.3, GREY)
_TIME: Final = Type("bold", 6.3)
_NOTE: Final = Type("regular", 7)
_PLAIN: Final = Type("regular", 7.5)
_FLAGGED: Final = Type("bold", 7.5)


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """One cell: its words, and whether they are flagged."""

    words: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One row; without values it is the heading of a panel.

    Attributes:
        name: Of the analyte or panel.
        limits: Range and unit.
        values: By the number of the sample in `ResultSheet.samples`.
    """

    name: str
    limits: str = ""
    values: tuple[tuple[int, PrintedValue], ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedSample:
    """One column: when it was taken, in the zone it carries, and by whom, if elsewhere."""

    at: datetime | None
    facility: str


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """All that the sheet says."""

    letterhead: Letterhead
    patient: PatientBox
    samples: Sequence[PrintedSample]
    lines: Sequence[PrintedLine]
    imprint: Imprint


def result_sheet(sheet: ResultSheet) -> bytes:
    """Make the sheet: the oldest samples first, all rows of eight samples on pages together."""
    title = sheet.imprint.tr("Cumulative results").upper()
    paper = page.Paper(title, sheet.letterhead, sheet.patient, sheet.imprint)
    top = paper.body_top()
    fit = int((top - _HEAD - _FOOT - BOTTOM) // _ROW)
    bodies = [
        _Page(sheet, top, start, rows).draw
        for start in range(0, max(len(sheet.samples), 1), COLUMNS)
        for rows in _chunks(_rows(sheet.lines, start), start, fit)
    ]
    return page.pdf(paper, bodies)


def _rows(rows: Sequence[PrintedLine], start: int) -> list[PrintedLine]:
    """The rows that have a value in these samples, and the headings above them."""
    found: list[PrintedLine] = []
    for row in rows:
        if row.values and not any(start <= n < start + COLUMNS for n, _ in row.values):
            continue
        if not row.values and found and not found[-1].values:
            found.pop()
        found.append(row)
    if found and not found[-1].values:
        found.pop()
    return found


def _chunks(rows: list[PrintedLine], start: int, fit: int) -> Iterator[list[PrintedLine]]:
    """Rows by page, with room below for the notes of each."""
    chunk: list[PrintedLine] = []
    used = 0
    for row in rows:
        height = 1 + sum(len(note) for _, note in _notes([row], start))
        if chunk and used + height > fit:
            yield chunk
            chunk, used = [], 0
        chunk.append(row)
        used += height
    yield chunk


def _too_long(value: PrintedValue) -> bool:
    return width(value.words, _FLAGGED) > _COLUMN - 2


def _notes(rows: Sequence[PrintedLine], start: int) -> list[tuple[tuple[int, int], list[str]]]:
    """Row, sample and lines of each value that is too long for its cell, in order."""
    return [
        ((place, number), lines(f"{row.name}: {value.words}", _NOTE, RIGHT - LEFT - 6 * mm))
        for place, row in enumerate(rows)
        for number, value in row.values
        if start <= number < start + COLUMNS and _too_long(value)
    ]


class _Page:
    """Up to eight samples of some rows."""

    def __init__(
        self, sheet: ResultSheet, top: float, start: int, rows: Sequence[PrintedLine]
    ) -> None:
        self._sheet = sheet
        self._top = top
        self._start = start
        self._rows = rows
        self._notes = _notes(rows, start)

    def draw(self, canvas: Canvas) -> None:
        """Draw head, rows and key."""
        self._head(canvas)
        y = self._top - _HEAD
        for place, row in enumerate(self._rows):
            self._row(canvas, y, place, row)
            y -= _ROW
        self._columns(canvas, y)
        canvas.setLineWidth(0.6)
        canvas.setStrokeColorRGB(0, 0, 0)
        canvas.rect(LEFT, y, RIGHT - LEFT, self._top - y)
        canvas.line(LEFT + _NAMES, self._top, LEFT + _NAMES, y)
        words = self._sheet.imprint.tr("▲ high · ▼ low · two of a kind: critical · † corrected")
        draw(canvas, LEFT, y - 3.6 * mm, words, _SMALL)
        self._below(canvas, y - 3.6 * mm)

    def _columns(self, canvas: Canvas, bottom: float) -> None:
        canvas.setStrokeColorRGB(0.75, 0.75, 0.75)
        canvas.setLineWidth(0.3)
        for place in range(1, COLUMNS):
            x = LEFT + _NAMES + place * _COLUMN
            canvas.line(x, self._top, x, bottom)

    def _below(self, canvas: Canvas, y: float) -> None:
        for number, (_, said) in enumerate(self._notes, start=1):
            for first, words in enumerate(said):
                y -= 3.4 * mm
                draw(canvas, LEFT, y, f"({number})" if not first else "", _NOTE)
                draw(canvas, LEFT + 6 * mm, y, words, _NOTE)

    def _head(self, canvas: Canvas) -> None:
        tr = self._sheet.imprint.tr
        draw(canvas, LEFT + 1.5 * mm, self._top - 4 * mm, tr("Test"), _PANEL)
        samples = self._sheet.samples[self._start : self._start + COLUMNS]
        for place, sample in enumerate(samples):
            middle = LEFT + _NAMES + (place + 0.5) * _COLUMN
            at = sample.at
            day, hour = (page.day(at), f"{at:%H:%M}") if at else (tr("Unknown"), "")
            draw_centred(canvas, middle, self._top - 3 * mm, day, _TIME)
            draw_centred(canvas, middle, self._top - 5.8 * mm, hour, _TIME)
            said = lines(sample.facility, Type("regular", 4.8), _COLUMN - 2)[:3]
            for number, words in enumerate(said):
                y = self._top - (8 + 1.9 * number) * mm
                draw_centred(canvas, middle, y, words, Type("regular", 4.8))

    def _row(self, canvas: Canvas, y: float, place: int, row: PrintedLine) -> None:
        canvas.setStrokeColorRGB(0.6, 0.6, 0.6)
        canvas.setLineWidth(0.3)
        canvas.line(LEFT, y, RIGHT, y)
        base = y - _ROW / 2 - 2.6
        left = LEFT + 1.5 * mm
        if not row.values:
            draw(canvas, left, base, row.name, _PANEL)
            return
        room = _NAMES - _RANGES - 3 * mm
        draw(canvas, left, base, shortened(row.name, _NAME, room), _NAME)
        limits = shortened(row.limits, _SMALL, _RANGES)
        draw_right(canvas, LEFT + _NAMES - 1.5 * mm, base, limits, _SMALL)
        for number, value in row.values:
            column = number - self._start
            if 0 <= column < COLUMNS:
                kind = _FLAGGED if value.flagged else _PLAIN
                words = self._note_mark(place, number) if _too_long(value) else value.words
                draw_centred(canvas, LEFT + _NAMES + (column + 0.5) * _COLUMN, base, words, kind)

    def _note_mark(self, place: int, number: int) -> str:
        keys = [key for key, _ in self._notes]
        return f"({keys.index((place, number)) + 1})"
