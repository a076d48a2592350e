"""The grid of the bedside chart: pulse and temperature as curves on one paper scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.documents.fonts import Type, draw, draw_right

RED: Final = (0.75, 0.08, 0.10)
BLUE: Final = (0.06, 0.25, 0.65)
BANDS: Final = 7
"""Bold lines of the grid: 40 to 160 by 20 beats, 35 to 41 by 1 degree, as Vietnamese wards do."""
_FINE: Final = 5
_FAINT: Final = (0.80, 0.80, 0.80)
_LINE: Final = (0.45, 0.45, 0.45)
_DOT: Final = 1.5
_OFF_SCALE: Final = Type("bold", 5.5)


@dataclass(frozen=True, slots=True)
class Scale:
    """What the lowest and the highest line of the grid mean."""

    low: Decimal
    high: Decimal


PULSE: Final = Scale(Decimal(40), Decimal(160))
TEMPERATURE: Final = Scale(Decimal(35), Decimal(41))


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the grid lies on the page, in points.

    Attributes:
        left: Left edge.
        bottom: The lowest line.
        column: Width of one column.
        columns: How many.
        height: From the lowest to the highest line.
    """

    left: float
    bottom: float
    column: float
    columns: int
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.column * self.columns

    def middle(self, column: int) -> float:
        """The middle of a column."""
        return self.left + (column + 0.5) * self.column

    def level(self, value: Decimal, scale: Scale) -> float:
        """How high a value lies; a value off the scale lies on its edge."""
        share = float((value - scale.low) / (scale.high - scale.low))
        return self.bottom + min(max(share, 0.0), 1.0) * self.height


def draw_grid(canvas: Canvas, grid: Grid, *, axes: float) -> None:
    """Draw lines and both axes.

    Args:
        canvas: The page.
        grid: Where.
        axes: Left end of the axis labels; pulse stands there, temperature beside the grid.
    """
    steps = (BANDS - 1) * _FINE
    for step in range(steps + 1):
        y = grid.bottom + grid.height * step / steps
        bold = step % _FINE == 0
        canvas.setStrokeColorRGB(*(_LINE if bold else _FAINT))
        canvas.setLineWidth(0.6 if bold else 0.25)
        canvas.line(grid.left, y, grid.right, y)
        if bold:
            band = step // _FINE
            middle = (axes + grid.left) / 2
            draw_right(canvas, middle - 5, y - 2.3, str(40 + 20 * band), Type("bold", 6.5, RED))
            draw_right(canvas, grid.left - 4, y - 2.3, str(35 + band), Type("bold", 6.5, BLUE))
    canvas.setStrokeColorRGB(*BLUE)
    canvas.setLineWidth(0.5)
    canvas.setDash(1, 2)
    fever = grid.level(Decimal(37), TEMPERATURE)
    canvas.line(grid.left, fever, grid.right, fever)
    canvas.setDash()


def draw_pulse(canvas: Canvas, grid: Grid, values: Sequence[Decimal | None]) -> None:
    """Draw pulse: red, a full line with round dots; a column without a value is left out."""
    _curve(canvas, grid, values, PULSE, dashed=False)


def draw_temperature(canvas: Canvas, grid: Grid, values: Sequence[Decimal | None]) -> None:
    """Draw temperature: blue, a dashed line with crosses, told apart in black and white too."""
    _curve(canvas, grid, values, TEMPERATURE, dashed=True)


def _curve(
    canvas: Canvas, grid: Grid, values: Sequence[Decimal | None], scale: Scale, *, dashed: bool
) -> None:
    colour = BLUE if dashed else RED
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    points = [(grid.middle(index), grid.level(value, scale)) for index, value in known]
    canvas.setStrokeColorRGB(*colour)
    canvas.setFillColorRGB(*colour)
    canvas.setLineWidth(0.9)
    if dashed:
        canvas.setDash(2.5, 1.5)
    for one, other in pairwise(points):
        canvas.line(*one, *other)
    canvas.setDash()
    for (x, y), (_, value) in zip(points, known, strict=True):
        _mark(canvas, x, y, cross=dashed)
        if not scale.low <= value <= scale.high:
            above = value > scale.high
            text = f"{'↑' if above else '↓'}{value}"
            kind = Type(_OFF_SCALE.face, _OFF_SCALE.size, colour)
            draw(canvas, x + 3, y + (-1.5 if above else -2.5), text, kind)
            canvas.setFillColorRGB(*colour)


def _mark(canvas: Canvas, x: float, y: float, *, cross: bool) -> None:
    if cross:
        canvas.line(x - _DOT, y - _DOT, x + _DOT, y + _DOT)
        canvas.line(x - _DOT, y + _DOT, x + _DOT, y - _DOT)
    else:
        canvas.circle(x, y, _DOT, stroke=0, fill=1)
