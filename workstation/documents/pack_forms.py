"""Blank forms of a downtime pack: ruled columns to be filled by hand, written in later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents.fonts import Type, draw_centred
from workstation.documents.page import BOTTOM, GREY, LEFT, RIGHT, Imprint, PageBody, mm, stamped
from workstation.documents.text import lines

_HEAD: Final = 10 * mm
_WORDS: Final = Type("bold", 8)
_LEAD: Final = 3.6 * mm


@dataclass(frozen=True, slots=True)
class _Column:
    words: str
    share: float


@dataclass(frozen=True, slots=True)
class Form:
    """One blank form.

    Attributes:
        name: Stable.
        title: Translated.
        row: Height of a row, in points.
        columns: Words and share of the width of each.
    """

    name: str
    title: str
    row: float
    columns: tuple[_Column, ...]


def forms(imprint: Imprint) -> tuple[Form, ...]:
    """The ruled forms, in the language of a print."""
    tr = imprint.tr
    time, sign = tr("Date and time"), tr("Signature")
    fluids = (
        (time, 0.15), (tr("Taken in: what"), 0.25), (tr("In, mL"), 0.1),
        (tr("Given off: what"), 0.25), (tr("Out, mL"), 0.1), (sign, 0.15),
    )  # fmt: skip
    progress = ((time, 0.14), (tr("Course of the illness"), 0.44), (tr("Orders"), 0.28),
                (sign, 0.14))  # fmt: skip
    incident = (
        (time, 0.14), (tr("What happened"), 0.36), (tr("What was done, who was told"), 0.36),
        (sign, 0.14),
    )  # fmt: skip
    return (
        _form("fluid-balance", tr("Fluid balance sheet"), 8 * mm, fluids),
        _form("progress", tr("Progress sheet"), 16 * mm, progress),
        _form("incident", tr("Incident notes"), 16 * mm, incident),
    )


def _form(name: str, title: str, row: float, columns: Sequence[tuple[str, float]]) -> Form:
    return Form(name, title, row, tuple(_Column(*each) for each in columns))


def ruled(form: Form, top: float) -> PageBody:
    """The page of a form; pages that begin at the same height share it."""

    def body(canvas: Canvas) -> None:
        count = int((top - _HEAD - BOTTOM) // form.row)
        bottom = top - _HEAD - count * form.row
        canvas.setLineWidth(0.4)
        canvas.setStrokeColorRGB(*GREY)
        for number in range(1, count):
            y = top - _HEAD - number * form.row
            canvas.line(LEFT, y, RIGHT, y)
        canvas.setLineWidth(0.8)
        canvas.setStrokeColorRGB(0, 0, 0)
        canvas.rect(LEFT, bottom, RIGHT - LEFT, top - bottom)
        canvas.line(LEFT, top - _HEAD, RIGHT, top - _HEAD)
        x = LEFT
        for column in form.columns:
            wide = column.share * (RIGHT - LEFT)
            _words(canvas, column.words, x, wide, top)
            if x > LEFT:
                canvas.line(x, top, x, bottom)
            x += wide

    return stamped(f"{form.name}-{top:.2f}", body)


def _words(canvas: Canvas, words: str, x: float, wide: float, top: float) -> None:
    said = lines(words, _WORDS, wide - 2 * mm)
    y = top - _HEAD / 2 + (len(said) - 1) * _LEAD / 2 - 1 * mm
    for line in said:
        draw_centred(canvas, x + wide / 2, y, line, _WORDS)
        y -= _LEAD
