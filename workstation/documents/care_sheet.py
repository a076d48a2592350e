"""The care sheet (phiếu chăm sóc, 37/BV2 for level I, 38/BV2 for II and III): a row a round.

Columns follow the steps of Circular 31/2021/TT-BYT: what was found, problems and goals, what was
done, how it went, with the name of whoever did it. What was entered in error is struck through,
never left out. Long rows flow over pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

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

_WIDTHS: Final = (19 * mm, 46 * mm, 44 * mm, 45 * mm)
"""Time, findings, problems, done; the evaluation has what is left."""
_PAD: Final = 1.5 * mm
_LEAD: Final = 3.9 * mm
_HEAD: Final = 11 * mm
_BODY: Final = Type("regular", 8.5)
_STRONG: Final = Type("bold", 8.5)
_HEADING: Final = Type("bold", 8.5)


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


def care_sheet(sheet: CareSheet) -> bytes:
    """Make the sheet.

    Returns:
        As many A4 pages as the rounds need; one empty page when there is none.
    """
    paper = Paper(sheet.title.upper(), sheet.letterhead, sheet.patient, sheet.imprint)
    columns = Columns(
        sheet.imprint, _edges(), _HEAD, partial(_heads, sheet.imprint), _PAD, _LEAD, 2.8 * mm, 2
    )
    rooms = columns.rooms()
    rows = [_row(each, rooms) for each in sheet.rounds]
    return page.pdf(paper, columns.pages(rows, paper.body_top()))


def _edges() -> tuple[float, ...]:
    edges = [LEFT]
    for wide in _WIDTHS:
        edges.append(edges[-1] + wide)
    return (*edges, RIGHT)


def _row(each: CareRound, rooms: Sequence[float]) -> Row:
    when = (Line(f"{each.at:%d/%m/%Y}", Type("bold", 7.5)), Line(f"{each.at:%H:%M}", _STRONG))
    columns = (each.found, each.problems, each.done, each.went)
    found, problems, done, went = (
        tuple(_lines(said, room)) for said, room in zip(columns, rooms[1:], strict=True)
    )
    signed = tuple(Line(text, _STRONG) for text in lines(each.nurse, _STRONG, rooms[-1]))
    return Row((when, found, problems, done, (*went, *signed)))


def _lines(said: Sequence[CareLine], room: float) -> Iterator[Line]:
    for each in said:
        kind = _STRONG if each.strong else _BODY
        yield from (Line(text, kind, each.struck) for text in lines(each.text, kind, room))
        yield from (Line(text, NOTE) for text in lines(each.remark, NOTE, room))


def _heads(imprint: Imprint, canvas: Canvas, top: float) -> None:
    tr = imprint.tr
    heads = (
        tr("Day, time"),
        tr("Assessment"),
        tr("Nursing problem, goals"),
        tr("Interventions done"),
        tr("Evaluation, nurse"),
    )
    edges = _edges()
    for left, right, text in zip(edges, edges[1:], heads, strict=False):
        said = lines(text, _HEADING, right - left - 2 * _PAD)
        y = top - 5.0 * mm + (len(said) - 1) * 1.2 * mm
        for line in said:
            draw_centred(canvas, (left + right) / 2, y, line, _HEADING)
            y -= 3.8 * mm
