"""The medication record of a downtime pack: what to give in the next hours, with room to sign.

A slot that is open has an empty box. What was given before the pack was made is said, so that no
dose is given twice; what is stopped or on hold is said too, so that none is given at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents.flow import Block, gap, paged, texts
from workstation.documents.fonts import Type, draw
from workstation.documents.page import GREY, LEFT, RIGHT, Imprint, PageBody, mm

_ROOM: Final = RIGHT - LEFT
_ACROSS: Final = 6
_BOX: Final = _ROOM / _ACROSS
_TALL: Final = 11.5 * mm
_DRUG: Final = Type("bold", 9.5)
_LINE: Final = Type("regular", 8.5)
_STRONG: Final = Type("bold", 8.5)
_SMALL: Final = Type("regular", 7)
_HEAD: Final = Type("bold", 9.5)
_LEAD: Final = 4.0 * mm
_HAND: Final = 4
"""Rows left for what is ordered during the outage."""


@dataclass(frozen=True, slots=True)
class PackDrug:
    """One order.

    Attributes:
        drug: Generic name with strength, never shortened.
        order: Dose, unit, route and frequency, in words.
        notes: What else must be known, each a line: on hold, high risk, not before.
        last: What happened to the last dose, in words; empty when nothing is known.
        boxes: The times at which a dose is due, in words, with their state where it is not
            plainly open; an empty word is a box without a time, for what is given when needed.
    """

    drug: str
    order: str
    notes: tuple[str, ...]
    last: str
    boxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackMedication:
    """The record of one patient.

    Attributes:
        span: From when to when, in words.
        drugs: Those that hold.
        stopped: What was stopped lately, in words, each a line.
    """

    span: str
    drugs: tuple[PackDrug, ...]
    stopped: tuple[str, ...]


def medication(found: PackMedication, imprint: Imprint, top: float) -> tuple[PageBody, ...]:
    """The pages of one patient."""
    return paged(_blocks(found, imprint), top, _head(found, imprint))


def _head(found: PackMedication, imprint: Imprint) -> Block:
    key = imprint.tr("In each box: time given, signature. Not given: the reason.")

    def draw_head(canvas: Canvas, y: float) -> None:
        draw(canvas, LEFT, y - 3.6 * mm, found.span, _HEAD)
        draw(canvas, LEFT, y - 7.6 * mm, key, _SMALL)
        _rule(canvas, y - 9 * mm, 0.9)

    return Block(10 * mm, draw_head)


def _blocks(found: PackMedication, imprint: Imprint) -> Iterator[Block]:
    tr = imprint.tr
    for drug in found.drugs:
        yield from _drug(drug)
    if not found.drugs:
        yield from texts(tr("No drug is ordered."), _LINE, _LEAD, indent=0, room=_ROOM)
    if found.stopped:
        yield gap(1.5 * mm)
        yield from texts(
            tr("Stopped in the last 24 hours, do not give:"), _STRONG, _LEAD, indent=0, room=_ROOM
        )
        for line in found.stopped:
            yield from texts(f"✕ {line}", _LINE, _LEAD, indent=2 * mm, room=_ROOM - 2 * mm)
    yield gap(3 * mm)
    yield from _by_hand(tr("Ordered during the outage (drug, dose, unit, route, times, doctor)"))


def _drug(drug: PackDrug) -> Iterator[Block]:
    lines = [*texts(drug.drug, _DRUG, 4.4 * mm, indent=0, room=_ROOM)]
    lines += texts(drug.order, _LINE, _LEAD, indent=0, room=_ROOM)
    for note in drug.notes:
        lines += texts(f"▲ {note}", _STRONG, _LEAD, indent=0, room=_ROOM)
    lines += texts(drug.last, _SMALL, 3.6 * mm, indent=0, room=_ROOM)
    rows = [_boxes(drug.boxes[at : at + _ACROSS]) for at in range(0, len(drug.boxes), _ACROSS)]
    together = lines + rows[:1]
    height = sum(each.height for each in together)
    yield Block(height + 1 * mm, partial(_stack, together))
    yield from rows[1:]
    yield Block(1.6 * mm, lambda canvas, y: _rule(canvas, y - 1 * mm, 0.4))


def _stack(blocks: Sequence[Block], canvas: Canvas, y: float) -> None:
    y -= 0.6 * mm
    for block in blocks:
        block.draw(canvas, y)
        y -= block.height


def _boxes(words: Sequence[str]) -> Block:
    def draw_boxes(canvas: Canvas, y: float) -> None:
        canvas.setLineWidth(0.6)
        for place, text in enumerate(words):
            x = LEFT + place * _BOX
            canvas.setStrokeColorRGB(0, 0, 0)
            canvas.rect(x + 0.5 * mm, y - _TALL, _BOX - 1 * mm, _TALL - 1 * mm)
            draw(canvas, x + 1.5 * mm, y - 4.2 * mm, text, Type("bold", 7.6))

    return Block(_TALL, draw_boxes)


def _by_hand(words: str) -> Iterator[Block]:
    def draw_row(canvas: Canvas, y: float) -> None:
        canvas.setLineWidth(0.6)
        canvas.setStrokeColorRGB(*GREY)
        canvas.rect(LEFT, y - 13 * mm, RIGHT - LEFT, 13 * mm)

    head = texts(words, _STRONG, _LEAD, indent=0, room=_ROOM)
    yield from (Block(each.height, each.draw, keep=14 * mm) for each in head)
    yield from (Block(13 * mm, draw_row) for _ in range(_HAND))


def _rule(canvas: Canvas, y: float, weight: float) -> None:
    canvas.setStrokeColorRGB(0, 0, 0)
    canvas.setLineWidth(weight)
    canvas.line(LEFT, y, RIGHT, y)
