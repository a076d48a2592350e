"""A patient's record number as bars (Code 128, ISO/IEC 15417), and the labels that carry it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.pdfgen.canvas import Canvas

from workstation.documents.fonts import Type, draw, draw_right, width
from workstation.documents.page import mm
from workstation.documents.text import shortened

_NARROWEST: Final = 0.19 * mm
"""Of one bar. What is thinner is lost on an office printer of 300 dots an inch (2 dots)."""
_WIDEST: Final = 0.33 * mm
_QUIET: Final = 10
"""White modules that Code 128 asks for on each side."""


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a patient's label.

    Attributes:
        name: As on papers.
        facts: Birth date and sex, in words.
        bed: Ward and bed, in words.
        number: Record number; empty when there is none yet: then there are no bars.
        number_words: The number in words, or that there is none.
    """

    name: str
    facts: str
    bed: str
    number: str
    number_words: str


def bars(number: str, room: float, height: float) -> Code128 | None:
    """The bars of a record number.

    Args:
        number: The number.
        room: Width that they must keep to with their quiet zones, in points.
        height: Of the bars, in points.

    Returns:
        None when there is no number, when a letter of it has no bars, or when they would be too
        thin to be read: no bars are better than bars that lie.
    """
    if not number or not number.isascii() or not number.isprintable():
        return None
    modules = _barcode(number, 1, height).width
    thin = min(room / modules, _WIDEST)
    return _barcode(number, thin, height) if thin >= _NARROWEST else None


def _barcode(number: str, thin: float, height: float) -> Code128:
    return Code128(
        number, barWidth=thin, barHeight=height, quiet=1, lquiet=_QUIET * thin, rquiet=_QUIET * thin
    )


def draw_bars(
    canvas: Canvas, number: str, *, right: float, bottom: float, room: float, height: float
) -> None:
    """Draw the bars with their right end at `right`; nothing when there are none."""
    made = bars(number, room, height)
    if made is not None:
        canvas.setFillColorRGB(0, 0, 0)
        made.drawOn(canvas, right - made.width, bottom)


def draw_label(
    canvas: Canvas, label: Label, *, left: float, top: float, wide: float, tall: float
) -> None:
    """Draw one label; a name that is too long is set smaller, and only then cut."""
    pad = 2.2 * mm
    room = wide - 2 * pad
    size = next((s for s in (10.5, 9.5, 8.5, 7.5) if _fits(label.name, s, room)), 7.5)
    kind = Type("bold", size)
    y = top - pad - 3 * mm
    draw(canvas, left + pad, y, shortened(label.name, kind, room), kind)
    y -= 4.2 * mm
    draw(canvas, left + pad, y, shortened(label.facts, Type(size=8), room), Type(size=8))
    y -= 3.8 * mm
    bed = Type("bold", 8)
    number_wide = width(label.number_words, Type(size=8))
    draw(canvas, left + pad, y, shortened(label.bed, bed, room - number_wide - 4), bed)
    draw_right(canvas, left + wide - pad, y, label.number_words, Type(size=8))
    height = y - 1.8 * mm - (top - tall + pad)
    made = bars(label.number, room, height)
    if made is not None:
        canvas.setFillColorRGB(0, 0, 0)
        made.drawOn(canvas, left + (wide - made.width) / 2, top - tall + pad)


def _fits(name: str, size: float, room: float) -> bool:
    return width(name, Type("bold", size)) <= room
