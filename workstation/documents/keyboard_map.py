"""The keyboard map: one page to hang beside the terminal, with every key there is.

No patient stands on it and it is no part of the record: it has no code and no QR.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents.fonts import Type, draw, draw_right, width
from workstation.documents.page import GREY, HEIGHT, LEFT, RIGHT, mm
from workstation.documents.text import lines

_COLUMNS: Final = 2
_GAP: Final = 8 * mm
_ROOM: Final = (RIGHT - LEFT - _GAP * (_COLUMNS - 1)) / _COLUMNS
_KEYS: Final = 27 * mm
_TOP: Final = HEIGHT - 24 * mm
_FOOT: Final = 12 * mm
_TOGETHER: Final = 12
"""Groups of so many keys are not divided."""
_SIZES: Final = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5)
"""In points; the largest with which all stands on one page is taken."""


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that belong together, each with what it does, under a heading."""

    heading: str
    keys: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeyboardMap:
    """All that the page says.

    Attributes:
        title: The heading.
        system: Name and version of the program.
        notes: Sentences under the heading.
        groups: In the order of reading, down the columns.
    """

    title: str
    system: str
    notes: Sequence[str]
    groups: Sequence[KeyGroup]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line as it is drawn: a heading has no words."""

    keys: str
    words: Sequence[str]
    height: float
    opens: float = 0.0
    """Room that must be left below for a heading not to stand alone."""


def keyboard_map(sheet: KeyboardMap) -> bytes:
    """Make the page, in letters as large as let all of it stand there.

    Raises:
        ValueError: There is more than fits even in the smallest letters.
    """
    for size in _SIZES:
        columns = _placed(list(_rows(sheet.groups, size)), _TOP - _FOOT)
        if columns is not None:
            return _drawn(sheet, columns, size)
    raise ValueError("the keyboard map has outgrown its page")


def _rows(groups: Sequence[KeyGroup], size: float) -> Iterator[_Row]:
    step = size * 1.32
    for group in groups:
        together = len(group.keys) if len(group.keys) <= _TOGETHER else 2
        yield _Row(group.heading, (), step * 1.9, opens=step * together)
        for keys, words in group.keys:
            said = lines(words, Type(size=size), _ROOM - _KEYS)
            yield _Row(keys, said, step * max(len(said), 1))


def _placed(rows: Sequence[_Row], room: float) -> list[list[_Row]] | None:
    """The rows in columns; None when they do not fit."""
    columns: list[list[_Row]] = [[]]
    left = room
    for row in rows:
        if row.height + row.opens > left:
            columns.append([])
            left = room
        columns[-1].append(row)
        left -= row.height
    return columns if len(columns) <= _COLUMNS else None


def _drawn(sheet: KeyboardMap, columns: Sequence[Sequence[_Row]], size: float) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1)
    canvas.setPageSize((RIGHT + 10 * mm, HEIGHT))
    canvas.setTitle(sheet.title)
    canvas.setCreator(sheet.system)
    draw(canvas, LEFT, HEIGHT - 13 * mm, sheet.title, Type("bold", 14))
    draw_right(canvas, RIGHT, HEIGHT - 13 * mm, sheet.system, Type(size=8, colour=GREY))
    draw(canvas, LEFT, HEIGHT - 19 * mm, "  ".join(sheet.notes), Type(size=8))
    for number, column in enumerate(columns):
        _column(canvas, LEFT + number * (_ROOM + _GAP), column, size)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _column(canvas: Canvas, x: float, rows: Sequence[_Row], size: float) -> None:
    y = _TOP
    bold, plain = Type("bold", size), Type(size=size)
    for row in rows:
        base = y - size
        if not row.words:
            base = y - row.height + size * 0.5
            draw(canvas, x, base, row.keys, Type("bold", size + 0.5))
            canvas.setStrokeColorRGB(*GREY)
            canvas.setLineWidth(0.4)
            canvas.line(x, base - size * 0.3, x + _ROOM, base - size * 0.3)
        else:
            indent = max(_KEYS, width(row.keys, bold) + 2 * mm)
            draw(canvas, x, base, row.keys, bold)
            for line in row.words:
                draw(canvas, x + indent, base, line, plain)
                base -= size * 1.32
        y -= row.height
