"""The census of a downtime pack: everybody on the ward by bed, on as few pages as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents.flow import Block, paged
from workstation.documents.fonts import Type, draw
from workstation.documents.page import LEFT, RIGHT, Imprint, PageBody, mm
from workstation.documents.text import lines

_LEAD: Final = 3.5 * mm
_PAD: Final = 1.3 * mm
_NAME: Final = Type("bold", 8.8)
_TEXT: Final = Type("regular", 7.4)
_STRONG: Final = Type("bold", 7.4)
_HEAD: Final = Type("bold", 7.4)
_EDGES: Final = tuple(LEFT + share * (RIGHT - LEFT) for share in (0, 0.07, 0.37, 0.58, 0.83, 1))
"""Bed, person, diagnosis, warnings, score and nurse."""


@dataclass(frozen=True, slots=True)
class CensusRow:
    """One person.

    Attributes:
        bed: Name of the bed; empty without one.
        name: As on papers.
        facts: Birth date, age, sex, in words.
        number: Record number, in words.
        diagnosis: In words of the record.
        care: Care level and day of the stay, in words.
        allergies: One of three states, in words; what they are where there are some.
        allergic: Whether there are some.
        alerts: Flags that are up, in words.
        score: Newest early-warning score with its time, in words.
        urgent: Whether the score calls for somebody.
        nurses: Who cares for the person now, in words.
    """

    bed: str
    name: str
    facts: str
    number: str
    diagnosis: str
    care: str
    allergies: str
    allergic: bool
    alerts: str
    score: str
    urgent: bool
    nurses: str


def census(rows: Sequence[CensusRow], imprint: Imprint, top: float) -> tuple[PageBody, ...]:
    """The pages of the census, its head on each."""
    return paged((_block(row) for row in rows), top, _head(imprint))


def _head(imprint: Imprint) -> Block:
    tr = imprint.tr
    words = (
        tr("Bed"), tr("Patient"), tr("Diagnosis"), tr("Allergies and alerts"),
        tr("Score and nurse"),
    )  # fmt: skip

    def draw_head(canvas: Canvas, y: float) -> None:
        for edge, text in zip(_EDGES, words, strict=False):
            draw(canvas, edge + _PAD, y - 3.4 * mm, text, _HEAD)
        _rule(canvas, y - 5 * mm, 0.9)

    return Block(5 * mm, draw_head)


def _block(row: CensusRow) -> Block:
    cells = _cells(row)
    height = max(len(cell) for cell in cells) * _LEAD + 2 * _PAD
    return Block(height, partial(_draw, cells, height))


def _cells(row: CensusRow) -> list[list[tuple[str, Type]]]:
    warned, calls = ("▲ " if row.allergic else ""), ("▲ " if row.urgent else "")
    said = (
        ((row.bed or "–", _NAME),),
        ((row.name, _NAME), (row.facts, _TEXT), (row.number, _TEXT)),
        ((row.diagnosis or "–", _TEXT), (row.care, _TEXT)),
        (
            (warned + row.allergies, _STRONG if row.allergic else _TEXT),
            (f"■ {row.alerts}" if row.alerts else "", _STRONG),
        ),
        ((calls + row.score, _STRONG if row.urgent else _TEXT), (row.nurses, _TEXT)),
    )
    return [
        [
            (line, kind)
            for text, kind in cell
            for line in lines(text, kind, _EDGES[place + 1] - _EDGES[place] - 2 * _PAD)
        ]
        for place, cell in enumerate(said)
    ]


def _draw(cells: list[list[tuple[str, Type]]], height: float, canvas: Canvas, y: float) -> None:
    for edge, cell in zip(_EDGES, cells, strict=False):
        base = y - _PAD - 2.7 * mm
        for text, kind in cell:
            draw(canvas, edge + _PAD, base, text, kind)
            base -= _LEAD
    _rule(canvas, y - height, 0.4)


def _rule(canvas: Canvas, y: float, weight: float) -> None:
    canvas.setStrokeColorRGB(0, 0, 0)
    canvas.setLineWidth(weight)
    canvas.line(LEFT, y, RIGHT, y)
