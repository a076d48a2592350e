"""The progress sheet (tờ điều trị, form 36/BV2): time, course of the illness, orders.

Each entry keeps its author and time; an amended one says so, with the reason, and one entered in
error is struck through, never left out. Long texts flow over pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

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

_TIME: Final = 24 * mm
_ORDERS: Final = 70 * mm
_PAD: Final = 2 * mm
_LEAD: Final = 4.2 * mm
_HEAD: Final = 9 * mm
_BODY: Final = Type("regular", 9)
_TIME_KIND: Final = Type("bold", 8.5)
_SIGN: Final = Type("bold", 8.5)
_NOTE: Final = Type("regular", 7.5, GREY)
_KEEP: Final = 3
"""Fewer lines than this are not left alone at the foot of a page."""

EntryState = Literal["final", "amended", "entered-in-error"]


@dataclass(frozen=True, slots=True)
class ProgressEntry:
    """One entry.

    Attributes:
        at: When, aware, in the zone it is printed in.
        day: Day of treatment, 1 on admission; None when not known.
        course: Diễn biến bệnh.
        orders: Y lệnh.
        author: Who wrote it.
        role: What the author is, such as ``Bác sĩ``; may be empty.
        state: Whether it still stands as first written.
        changed_at: When it was amended or marked as an error.
        changed_by: By whom.
        reason: Why.
        signatures: Who signed it a second time and when, or that this is missing, in words.
    """

    at: datetime
    day: int | None
    course: str
    orders: str
    author: str
    role: str = ""
    state: EntryState = "final"
    changed_at: datetime | None = None
    changed_by: str = ""
    reason: str = ""
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgressSheet:
    """All that the sheet says; entries in order of time."""

    letterhead: Letterhead
    patient: PatientBox
    entries: Sequence[ProgressEntry]
    imprint: Imprint


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of one column."""

    text: str
    kind: Type
    struck: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """Three columns that stand side by side on one page."""

    when: tuple[_Line, ...]
    course: tuple[_Line, ...]
    orders: tuple[_Line, ...]
    ends: bool

    @property
    def height(self) -> float:
        count = max(len(self.when), len(self.course), len(self.orders), 1)
        return count * _LEAD + 2 * _PAD


def progress_sheet(sheet: ProgressSheet) -> bytes:
    """Make the sheet.

    Returns:
        As many A4 pages as the entries need; one empty page when there is none.
    """
    tr = sheet.imprint.tr
    paper = Paper(tr("Progress sheet").upper(), sheet.letterhead, sheet.patient, sheet.imprint)
    top = paper.body_top()
    pages = [_Page(sheet, top, rows).draw for rows in _paged(sheet, top - _HEAD - BOTTOM)]
    return page.pdf(paper, pages)


def _paged(sheet: ProgressSheet, room: float) -> Iterator[list[_Row]]:
    rows: list[_Row] = []
    left = room
    for entry in sheet.entries:
        row: _Row | None = _row(sheet.imprint, entry)
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
    first = _Row(row.when[:fits], row.course[:fits], row.orders[:fits], ends=False)
    when = (*row.when[:1], _Line(imprint.tr("(continued)"), _NOTE), *row.when[fits:])
    return first, _Row(when, row.course[fits:], row.orders[fits:], ends=True)


def _row(imprint: Imprint, entry: ProgressEntry) -> _Row:
    tr = imprint.tr
    struck = entry.state == "entered-in-error"
    when = [
        _Line(f"{entry.at:%d/%m/%Y}", _TIME_KIND),
        _Line(f"{entry.at:%H:%M}", _TIME_KIND),
    ]
    if entry.day is not None:
        when.append(_Line(tr("Day {number}", number=entry.day), _NOTE))
    course_room = RIGHT - LEFT - _TIME - _ORDERS - 2 * _PAD
    course = [_Line(text, _BODY, struck) for text in lines(entry.course, _BODY, course_room)]
    changed = lines(_change(imprint, entry), _NOTE, course_room)
    course += [_Line(text, _NOTE) for text in changed]
    orders_room = _ORDERS - 2 * _PAD
    orders = [_Line(text, _BODY, struck) for text in lines(entry.orders, _BODY, orders_room)]
    signature = f"{entry.role} {entry.author}".strip()
    course += [_Line(text, _SIGN) for text in lines(signature, _SIGN, course_room)]
    for second in entry.signatures:
        course += [_Line(text, _NOTE) for text in lines(second, _NOTE, course_room)]
    return _Row(tuple(when), tuple(course), tuple(orders), ends=True)


def _change(imprint: Imprint, entry: ProgressEntry) -> str:
    if entry.state == "final" or entry.changed_at is None:
        return ""
    said = {"when": page.moment(entry.changed_at), "who": entry.changed_by, "why": entry.reason}
    if entry.state == "amended":
        return imprint.tr("Amended {when} by {who}: {why}", **said)
    return imprint.tr("Entered in error, marked {when} by {who}: {why}", **said)


class _Page:
    """One page of rows."""

    def __init__(self, sheet: ProgressSheet, top: float, rows: Sequence[_Row]) -> None:
        self._tr = sheet.imprint.tr
        self._top = top
        self._rows = rows
        self._edges = (LEFT, LEFT + _TIME, RIGHT - _ORDERS, RIGHT)

    def draw(self, canvas: Canvas) -> None:
        """Draw heads, rows and the lines between them, down to the foot of the page."""
        tr = self._tr
        heads = (tr("Date and time"), tr("Course of the illness"), tr("Orders"))
        for index, text in enumerate(heads):
            middle = (self._edges[index] + self._edges[index + 1]) / 2
            draw_centred(canvas, middle, self._top - 5.8 * mm, text, Type("bold", 9))
        y = self._top - _HEAD
        self._rule(canvas, y, 0.8)
        for row in self._rows:
            for column, said in enumerate((row.when, row.course, row.orders)):
                self._column(canvas, self._edges[column] + _PAD, y - _PAD - 3.0 * mm, said)
            y -= row.height
            if row.ends:
                self._rule(canvas, y, 0.4)
        canvas.setLineWidth(0.8)
        canvas.setStrokeColorRGB(0, 0, 0)
        for x in self._edges:
            canvas.line(x, self._top, x, BOTTOM)
        self._rule(canvas, self._top, 0.8)
        self._rule(canvas, BOTTOM, 0.8)

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
