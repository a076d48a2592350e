"""Rows of text in columns side by side, ruled, that flow over as many pages as they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents.fonts import Type, draw, width
from workstation.documents.page import BOTTOM, GREY, LEFT, RIGHT, Imprint, PageBody

NOTE: Final = Type("regular", 7.5, GREY)
_KEEP: Final = 3
"""Fewer lines than this are not left alone at the foot of a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one column; what was entered in error is struck through, never left out."""

    text: str
    kind: Type
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Columns that stand side by side on one page; unless it `ends`, it goes on on the next."""

    columns: tuple[tuple[Line, ...], ...]
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Columns:
    """How a sheet sets its rows. All lengths in points.

    Attributes:
        imprint: Language and marks of the paper.
        edges: Where the columns begin, from the left, and where the last one ends.
        head: Height of the heads.
        heads: Draws them below the `top` that it is given.
        pad: Free space around the text of a column.
        lead: From line to line.
        drop: From the upper edge of a text to its first base line.
        repeated: Lines of the first column that stand again over what goes on on the next page.
    """

    imprint: Imprint
    edges: Sequence[float]
    head: float
    heads: Callable[[Canvas, float], None]
    pad: float
    lead: float
    drop: float
    repeated: int

    def rooms(self) -> list[float]:
        """How wide a text may be in each column."""
        return [right - left - 2 * self.pad for left, right in pairwise(self.edges)]

    def pages(self, rows: Iterable[Row], top: float) -> list[PageBody]:
        """The pages that the rows need below `top`; one empty page when there is none."""
        room = top - self.head - BOTTOM
        return [partial(self._draw, top, found) for found in self._paged(rows, room)]

    def _height(self, row: Row) -> float:
        return max(1, *(len(column) for column in row.columns)) * self.lead + 2 * self.pad

    def _paged(self, found: Iterable[Row], room: float) -> Iterator[list[Row]]:
        rows: list[Row] = []
        left = room
        for each in found:
            row: Row | None = each
            while row is not None:
                height = self._height(row)
                if height <= left:
                    rows.append(row)
                    left -= height
                    break
                fits = int((left - 2 * self.pad) // self.lead)
                if fits >= _KEEP:
                    part, row = self._split(row, fits)
                    rows.append(part)
                yield rows
                rows, left = [], room
        yield rows

    def _split(self, row: Row, fits: int) -> tuple[Row, Row]:
        """What fits, and the rest under the same time, marked as going on."""
        part = Row(tuple(column[:fits] for column in row.columns), ends=False)
        first, *others = row.columns
        on = Line(self.imprint.tr("(continued)"), NOTE)
        again = (*first[: self.repeated], on, *first[fits:])
        return part, Row((again, *(column[fits:] for column in others)))

    def _draw(self, top: float, rows: Sequence[Row], canvas: Canvas) -> None:
        """Draw heads, rows and the lines between them, down to the foot of the page."""
        self.heads(canvas, top)
        y = top - self.head
        _rule(canvas, y, 0.8)
        for row in rows:
            for left, said in zip(self.edges, row.columns, strict=False):
                self._column(canvas, left + self.pad, y - self.pad - self.drop, said)
            y -= self._height(row)
            if row.ends:
                _rule(canvas, y, 0.4)
        canvas.setLineWidth(0.8)
        canvas.setStrokeColorRGB(0, 0, 0)
        for x in self.edges:
            canvas.line(x, top, x, BOTTOM)
        _rule(canvas, top, 0.8)
        _rule(canvas, BOTTOM, 0.8)

    def _column(self, canvas: Canvas, x: float, y: float, said: Sequence[Line]) -> None:
        for line in said:
            draw(canvas, x, y, line.text, line.kind)
            if line.struck:
                canvas.setStrokeColorRGB(0, 0, 0)
                canvas.setLineWidth(0.6)
                canvas.line(x, y + 2.6, x + width(line.text, line.kind), y + 2.6)
            y -= self.lead


def _rule(canvas: Canvas, y: float, weight: float) -> None:
    canvas.setStrokeColorRGB(0, 0, 0)
    canvas.setLineWidth(weight)
    canvas.line(LEFT, y, RIGHT, y)
