"""The handover list: every patient of a shift with the four texts, to carry in a pocket.

A patient stays on one page as long as one page holds them; nothing is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents import page
from workstation.documents.fonts import Type, draw, draw_right, width
from workstation.documents.page import BOTTOM, GREY, LEFT, RIGHT, Imprint, Letterhead, Paper, mm
from workstation.documents.text import lines

_LEAD: Final = 3.9 * mm
_PAD: Final = 1.6 * mm
_MIDDLE: Final = (LEFT + RIGHT) / 2
_COLUMN: Final = (RIGHT - LEFT) / 2 - 2 * _PAD
_NAME: Final = Type("bold", 10)
_FACTS: Final = Type("regular", 8)
_HEAD: Final = Type("bold", 7.5, GREY)
_TEXT: Final = Type("regular", 8.5)
_KEEP: Final = 3
"""Fewer lines than this are not left alone at the foot of a page."""


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """One patient.

    Attributes:
        bed: Name of the bed; may be empty.
        name: As on banners.
        facts: Sex, age, record number, in words.
        state: Where the handover stands, in words.
        situation: S.
        background: B.
        assessment: A.
        recommendation: R.
    """

    bed: str
    name: str
    facts: str
    state: str
    situation: str
    background: str
    assessment: str
    recommendation: str


@dataclass(frozen=True, slots=True)
class HandoverList:
    """All that the list says.

    Attributes:
        letterhead: Who issues it.
        shift: Which shift, in words.
        rows: The patients, by bed.
        imprint: The foot.
    """

    letterhead: Letterhead
    shift: str
    rows: Sequence[HandoverRow]
    imprint: Imprint


@dataclass(frozen=True, slots=True)
class _Band:
    """What stands across the page: two texts side by side, or the name of a patient."""

    left: tuple[tuple[str, Type], ...]
    right: tuple[tuple[str, Type], ...]
    name: bool = False
    ends: bool = False

    @property
    def height(self) -> float:
        count = max(len(self.left), len(self.right), 1)
        return count * _LEAD + _PAD


def handover_list(content: HandoverList) -> bytes:
    """Make the list.

    Returns:
        As many A4 pages as the patients need; one empty page when there is none.
    """
    tr = content.imprint.tr
    paper = Paper(tr("Shift handover").upper(), content.letterhead, None, content.imprint)
    top = paper.body_top()
    pages = [_Page(content, top, bands).draw for bands in _paged(content, top - _LEAD - BOTTOM)]
    return page.pdf(paper, pages)


def _paged(content: HandoverList, room: float) -> Iterator[list[_Band]]:
    rows: list[_Band] = []
    left = room
    for patient in content.rows:
        bands = list(_bands(content.imprint, patient))
        whole = sum(band.height for band in bands)
        if left < whole <= room and rows:
            yield rows
            rows, left = [], room
        for band in bands:
            rest: _Band | None = band
            while rest is not None:
                if rest.height <= left:
                    rows.append(rest)
                    left -= rest.height
                    break
                fits = int((left - _PAD) // _LEAD)
                if fits >= _KEEP and not rest.name:
                    part, rest = _split(rest, fits)
                    rows.append(part)
                yield rows
                rows, left = [], room
    signing = _signing(content.imprint)
    if signing.height > left:
        yield rows
        rows = []
    yield [*rows, signing]


def _split(band: _Band, fits: int) -> tuple[_Band, _Band]:
    first = _Band(band.left[:fits], band.right[:fits])
    return first, _Band(band.left[fits:], band.right[fits:], ends=band.ends)


def _bands(imprint: Imprint, row: HandoverRow) -> Iterator[_Band]:
    tr = imprint.tr
    name = ((f"{row.bed or '–'}   {row.name}", _NAME), (row.facts, _FACTS))
    yield _Band(name, ((row.state, _FACTS),), name=True)
    yield _Band(
        _text(tr("S · Situation"), row.situation), _text(tr("B · Background"), row.background)
    )
    yield _Band(
        _text(tr("A · Assessment and changes"), row.assessment),
        _text(tr("R · To do and to watch"), row.recommendation),
        ends=True,
    )


def _text(head: str, text: str) -> tuple[tuple[str, Type], ...]:
    said = lines(text, _TEXT, _COLUMN)
    return ((head, _HEAD), *((line, _TEXT) for line in said))


def _signing(imprint: Imprint) -> _Band:
    tr = imprint.tr
    dots = "." * 46
    return _Band(
        (("", _TEXT), (f"{tr('Handed over by')} {dots}", _TEXT)),
        (("", _TEXT), (f"{tr('Taken over by')} {dots}", _TEXT)),
    )


class _Page:
    """One page of patients."""

    def __init__(self, content: HandoverList, top: float, bands: Sequence[_Band]) -> None:
        self._content = content
        self._top = top
        self._bands = bands

    def draw(self, canvas: Canvas) -> None:
        """Draw the bands below each other, a rule under each patient."""
        draw(canvas, LEFT, self._top, self._content.shift, _FACTS)
        y = self._top - _LEAD
        canvas.setStrokeColorRGB(*GREY)
        for band in self._bands:
            if band.name:
                canvas.setFillColorRGB(0.93, 0.93, 0.93)
                canvas.rect(LEFT, y - band.height, RIGHT - LEFT, band.height, stroke=0, fill=1)
                self._name(canvas, y, band)
            else:
                self._column(canvas, LEFT + _PAD, y, band.left)
                self._column(canvas, _MIDDLE + _PAD, y, band.right)
            y -= band.height
            if band.ends:
                canvas.setStrokeColorRGB(*GREY)
                canvas.setLineWidth(0.5)
                canvas.line(LEFT, y, RIGHT, y)

    def _name(self, canvas: Canvas, y: float, band: _Band) -> None:
        (name, kind), (facts, small) = band.left
        base = y - _PAD - 2.4 * mm
        draw(canvas, LEFT + _PAD, base, name, kind)
        draw(canvas, LEFT + _PAD, base - _LEAD, facts, small)
        ((state, small),) = band.right
        if width(state, small) < RIGHT - LEFT - width(name, kind) - 6 * _PAD:
            draw_right(canvas, RIGHT - _PAD, base, state, small)
        else:
            draw_right(canvas, RIGHT - _PAD, base - _LEAD, state, small)

    def _column(self, canvas: Canvas, x: float, y: float, said: Sequence[tuple[str, Type]]) -> None:
        y -= _PAD + 2.0 * mm
        for text, kind in said:
            draw(canvas, x, y, text, kind)
            y -= _LEAD
