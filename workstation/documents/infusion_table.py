"""The infusions of a day on paper, with what the infusion form (07/BV2) asks of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents.fonts import Type, draw
from workstation.documents.page import BOTTOM, LEFT, RIGHT, Imprint, mm
from workstation.documents.text import lines

_TITLE: Final = 4.6 * mm
_LINE: Final = 3.2 * mm
_WIDES: Final = tuple((RIGHT - LEFT) * share for share in (0.27, 0.15, 0.18, 0.12, 0.12, 0.16))
_STRONG: Final = Type("bold", 6.8)
_PLAIN: Final = Type("regular", 7.5)
_Cells = Sequence[tuple[str, Type]]


@dataclass(frozen=True, slots=True)
class PrintedInfusion:
    """One infusion.

    Attributes:
        drug: What ran in.
        bags: Amount and unit of each bag.
        rates_ml_h: Each rate that was set.
        started_at: When it began, in the zone in which it is printed.
        ended_at: When it was ended; None while it runs.
        ran_ml: What ran in on this day.
        by: Who started it.
    """

    drug: str
    bags: tuple[tuple[Decimal, str], ...]
    rates_ml_h: tuple[Decimal, ...]
    started_at: datetime
    ended_at: datetime | None
    ran_ml: Decimal
    by: str


def decimal(imprint: Imprint, value: Decimal) -> str:
    """A number with the decimal mark of the language of a print."""
    text = format(value, "f")
    return text.replace(".", ",") if imprint.tr("decimal mark|.") == "," else text


class InfusionTable:
    """The table; it grows with its longest cell, nothing is cut."""

    def __init__(self, imprint: Imprint) -> None:
        """Take the language.

        Args:
            imprint: Of the paper.
        """
        self._imprint, self._tr = imprint, imprint.tr

    def fitting(self, infusions: Sequence[PrintedInfusion], top: float) -> int:
        """How many of some infusions find room from a height down to the foot."""
        count = 0
        y = top - _TITLE - _height(self._heads())
        for infusion in infusions:
            y -= _height(self._cells(infusion))
            if y < BOTTOM + 2 * mm:
                break
            count += 1
        return count

    def draw(self, canvas: Canvas, *, top: float, infusions: Sequence[PrintedInfusion]) -> None:
        """Draw title, headings and a row for each; nothing when there is none."""
        if not infusions:
            return
        draw(canvas, LEFT, top - 3 * mm, self._tr("Infusions of this day"), Type("bold", 9))
        y = _row(canvas, top - _TITLE, self._heads())
        for infusion in infusions:
            y = _row(canvas, y, self._cells(infusion))

    def _heads(self) -> _Cells:
        tr = self._tr
        texts = (
            tr("Infusion, strength"), tr("Bags"), tr("Rate (mL/h)"), tr("Begun"), tr("Ended"),
            tr("Started by"),
        )  # fmt: skip
        return [(text, _STRONG) for text in texts]

    def _cells(self, infusion: PrintedInfusion) -> _Cells:
        bags = " + ".join(
            f"{decimal(self._imprint, value)} {unit}" for value, unit in infusion.bags
        )
        rates = " → ".join(decimal(self._imprint, rate) for rate in infusion.rates_ml_h)
        volume = decimal(self._imprint, infusion.ran_ml)
        ran = self._tr("{volume} mL on this day", volume=volume)
        ended = infusion.ended_at
        texts = (
            infusion.drug, f"{bags}\n{ran}".strip(), rates, f"{infusion.started_at:%d/%m %H:%M}",
            f"{ended:%d/%m %H:%M}" if ended else self._tr("running"), infusion.by,
        )  # fmt: skip
        return [(text, _PLAIN) for text in texts]


def _height(cells: _Cells) -> float:
    counts = (
        len(lines(text, kind, wide - 2 * mm))
        for (text, kind), wide in zip(cells, _WIDES, strict=True)
    )
    return max(counts) * _LINE + 1.4 * mm


def _row(canvas: Canvas, y: float, cells: _Cells) -> float:
    x, bottom = LEFT, y - _height(cells)
    for (text, kind), wide in zip(cells, _WIDES, strict=True):
        base = y - _LINE
        for line in lines(text, kind, wide - 2 * mm):
            draw(canvas, x + 1 * mm, base, line, kind)
            base -= _LINE
        x += wide
    canvas.setStrokeColorRGB(0.2, 0.2, 0.2)
    canvas.setLineWidth(0.4)
    for edge in (y, bottom):
        canvas.line(LEFT, edge, RIGHT, edge)
    return bottom
