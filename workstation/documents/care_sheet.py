"""The care sheet (phiếu chăm sóc, 37/BV2 for level I, 38/BV2 for II and III): a row a round.

Columns follow the steps of Circular 31/2021/TT-BYT: what was found, problems and goals, what was
done, how it went, with the name of whoever did it. What was entered in error is struck through,
never left out. Long rows flow over pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents import page
from workstation.documents.fonts import Type, draw, draw_centred, width
from workstation.documents.page import (
    BOTTOM,
    GREY,
    LEFT,
    RIGHT,
    Imprint,
    Letterhead,
    Paper,
    PatientBox,
    mm,
)
from workstation.documents.text import lines

_WIDTHS: Final = (19 * mm, 46 * mm, 44 * mm, 45 * mm)
"""Time, findings, problems, done; the evaluation has what is left."""
_PAD: Final = 1.5 * mm
_LEAD: Final = 3.9 * mm
_HEAD: Final = 11 * mm
_BODY: Final = Type("regular", 8.5)
_STRONG: Final = Type("bold", 8.5)
_NOTE: Final = Type("regular", 7.5, GREY)
_HEADING: Final = Type("bold", 8.5)
_KEEP: Final = 3
"""Fewer lines than this are not left alone at the foot of a page."""


@dataclass(frozen=True, slots=True)
class CareLine:
    """One statement.

    Attributes:
        text: What it says.
        struck: Whether it was entered in error.
        strong: Whether it stands out, as the name of a problem does.
        remark: Why it was corrected or struck out; small, below it.
    """

    text: str
    struck: bool = False
    strong: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CareRound:
    """What one nurse charted at about one time.

    Attributes:
        at: When, aware, in the zone it is printed in.
        nurse: Who.
        found: Signs, scores, fluids, what was seen, notes.
        problems: Opened, changed or ended, with goals.
        done: Interventions.
        went: Evaluations.
    """

    at: datetime
    nurse: str
    found: tuple[CareLine, ...] = ()
    problems: tuple[CareLine, ...] = ()
    done: tuple[CareLine, ...] = ()
    went: tuple[CareLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CareSheet:
    """All that the sheet says; rounds in order of time.

    Attributes:
        title: With the care level, in the language of the print.
    """

    title: str
    letterhead: Letterhead
    patient: PatientBox
    rounds: Sequence[CareRound]
    imprint: Imprint


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    kind: Type
    struck: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """Five columns that stand side by side on one page."""

    columns: tuple[tuple[_Line, ...], ...]
    ends: bool = field(default=True)

    @property
    def height(self) -> float:
        return max(1, *(len(column) for column in self.columns)) * _LEAD + 2 * _PAD


def care_sheet(sheet: CareSheet) -> bytes:
    """Make the sheet.

    Returns:
        As many A4 pages as the rounds need; one empty page when there is none.
    """
    paper = Paper(sheet.title.upper(), sheet.letterhead, sheet.patient, sheet.imprint)
    top = paper.body_top()
    pages = [_Page(sheet.imprint, top, rows).draw for rows in _paged(sheet, top - _HEAD - BOTTOM)]
    return page.pdf(paper, pages)


def _edges() -> tuple[float, ...]:
    edges = [LEFT]
    for wide in _WIDTHS:
        edges.append(edges[-1] + wide)
    return (*edges, RIGHT)


def _paged(sheet: CareSheet, room: float) -> Iterator[list[_Row]]:
    rows: list[_Row] = []
    left = room
    for each in sheet.rounds:
        row: _Row | None = _row(each)
        while row is not None:
            if row.height <= left:
                rows.append(row)
                left -= row.height
                break
            fits = int((left - 2 * _PAD) // _LEAD)
            if fits >= _KEEP:
                part, row = _split(sheet.imprint, row, fits)
                rows.append(part)
            yield rows
            rows, left = [], room
    yield rows


def _split(imprint: Imprint, row: _Row, fits: int) -> tuple[_Row, _Row]:
    """What fits, and the rest under the same time, marked as going on."""
    first = _Row(tuple(column[:fits] for column in row.columns), ends=False)
    when, *others = row.columns
    again = (*when[:2], _Line(imprint.tr("(continued)"), _NOTE))
    return first, _Row((again, *(column[fits:] for column in others)))


def _row(each: CareRound) -> _Row:
    edges = _edges()
    rooms = [right - left - 2 * _PAD for left, right in pairwise(edges[1:])]
    when = (_Line(f"{each.at:%d/%m/%Y}", Type("bold", 7.5)), _Line(f"{each.at:%H:%M}", _STRONG))
    found, problems, done, went = (
        tuple(_lines(said, room))
        for said, room in zip((each.found, each.problems, each.done, each.went), rooms, strict=True)
    )
    signed = tuple(_Line(text, _STRONG) for text in lines(each.nurse, _STRONG, rooms[-1]))
    return _Row((when, found, problems, done, (*went, *signed)))


def _lines(said: Sequence[CareLine], room: float) -> Iterator[_Line]:
    for each in said:
        kind = _STRONG if each.strong else _BODY
        yield from (_Line(text, kind, each.struck) for text in lines(each.text, kind, room))
        yield from (_Line(text, _NOTE) for text in lines(each.remark, _NOTE, room))


class _Page:
    """One page of rows."""

    def __init__(self, imprint: Imprint, top: float, rows: Sequence[_Row]) -> None:
        self._tr = imprint.tr
        self._top = top
        self._rows = rows
        self._edges = _edges()

    def draw(self, canvas: Canvas) -> None:
        """Draw heads, rows and the lines between them, down to the foot of the page."""
        self._heads(canvas)
        y = self._top - _HEAD
        self._rule(canvas, y, 0.8)
        for row in self._rows:
            for left, said in zip(self._edges, row.columns, strict=False):
                self._column(canvas, left + _PAD, y - _PAD - 2.8 * mm, said)
            y -= row.height
            if row.ends:
                self._rule(canvas, y, 0.4)
        canvas.setLineWidth(0.8)
        canvas.setStrokeColorRGB(0, 0, 0)
        for x in self._edges:
            canvas.line(x, self._top, x, BOTTOM)
        self._rule(canvas, self._top, 0.8)
        self._rule(canvas, BOTTOM, 0.8)

    def _heads(self, canvas: Canvas) -> None:
        tr = self._tr
        heads = (
            tr("Day, time"),
            tr("Assessment"),
            tr("Nursing problem, goals"),
            tr("Interventions done"),
            tr("Evaluation, nurse"),
        )
        for left, right, text in zip(self._edges, self._edges[1:], heads, strict=False):
            said = lines(text, _HEADING, right - left - 2 * _PAD)
            y = self._top - 5.0 * mm + (len(said) - 1) * 1.2 * mm
            for line in said:
                draw_centred(canvas, (left + right) / 2, y, line, _HEADING)
                y -= 3.8 * mm

    def _column(self, canvas: Canvas, x: float, y: float, said: Sequence[_Line]) -> None:
        for line in said:
            draw(canvas, x, y, line.text, line.kind)
            if line.struck:
                canvas.setStrokeColorRGB(0, 0, 0)
                canvas.setLineWidth(0.6)
                canvas.line(x, y + 2.6, x + width(line.text, line.kind), y + 2.6)
            y -= _LEAD

    def _rule(self, canvas: Canvas, y: float, weight: float) -> None:
        canvas.setStrokeColorRGB(0, 0, 0)
        canvas.setLineWidth(weight)
        canvas.line(LEFT, y, RIGHT, y)
