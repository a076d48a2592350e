"""The progress sheet (tờ điều trị, form 36/BV2): time, course of the illness, orders.

Each entry keeps its author and time; an amended one says so, with the reason, and one entered in
error is struck through, never left out. Long texts flow over pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Literal

from reportlab.pdfgen.canvas import Canvas

from workstation.documents import page
from workstation.documents.columns import NOTE, Columns, Line, Row
from workstation.documents.fonts import Type, draw_centred
from workstation.documents.page import (
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
_EDGES: Final = (LEFT, LEFT + _TIME, RIGHT - _ORDERS, RIGHT)

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


def progress_sheet(sheet: ProgressSheet) -> bytes:
    """Make the sheet.

    Returns:
        As many A4 pages as the entries need; one empty page when there is none.
    """
    tr = sheet.imprint.tr
    paper = Paper(tr("Progress sheet").upper(), sheet.letterhead, sheet.patient, sheet.imprint)
    columns = Columns(
        sheet.imprint, _EDGES, _HEAD, partial(_heads, sheet.imprint), _PAD, _LEAD, 3.0 * mm, 1
    )
    rows = [_row(sheet.imprint, entry) for entry in sheet.entries]
    return page.pdf(paper, columns.pages(rows, paper.body_top()))


def _row(imprint: Imprint, entry: ProgressEntry) -> Row:
    tr = imprint.tr
    struck = entry.state == "entered-in-error"
    when = [
        Line(f"{entry.at:%d/%m/%Y}", _TIME_KIND),
        Line(f"{entry.at:%H:%M}", _TIME_KIND),
    ]
    if entry.day is not None:
        when.append(Line(tr("Day {number}", number=entry.day), NOTE))
    course_room = RIGHT - LEFT - _TIME - _ORDERS - 2 * _PAD
    course = [Line(text, _BODY, struck) for text in lines(entry.course, _BODY, course_room)]
    changed = lines(_change(imprint, entry), NOTE, course_room)
    course += [Line(text, NOTE) for text in changed]
    orders_room = _ORDERS - 2 * _PAD
    orders = [Line(text, _BODY, struck) for text in lines(entry.orders, _BODY, orders_room)]
    signature = f"{entry.role} {entry.author}".strip()
    course += [Line(text, _SIGN) for text in lines(signature, _SIGN, course_room)]
    for second in entry.signatures:
        course += [Line(text, NOTE) for text in lines(second, NOTE, course_room)]
    return Row((tuple(when), tuple(course), tuple(orders)))


def _change(imprint: Imprint, entry: ProgressEntry) -> str:
    if entry.state == "final" or entry.changed_at is None:
        return ""
    said = {"when": page.moment(entry.changed_at), "who": entry.changed_by, "why": entry.reason}
    if entry.state == "amended":
        return imprint.tr("Amended {when} by {who}: {why}", **said)
    return imprint.tr("Entered in error, marked {when} by {who}: {why}", **said)


def _heads(imprint: Imprint, canvas: Canvas, top: float) -> None:
    tr = imprint.tr
    heads = (tr("Date and time"), tr("Course of the illness"), tr("Orders"))
    for index, text in enumerate(heads):
        middle = (_EDGES[index] + _EDGES[index + 1]) / 2
        draw_centred(canvas, middle, top - 5.8 * mm, text, Type("bold", 9))
