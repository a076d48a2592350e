"""The letters of every paper: embedded faces, and another face for any letter that one lacks.

ReportLab leaves out a letter that its font does not have, without a word. Here a text is cut into
runs, each in a face that has all its letters; a letter that no face has is printed as its code
point, such as ``[U+6F22]``, so that a reader sees that something stood there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from workstation.kernel import resources

Face = Literal["regular", "bold"]
Run = tuple[str, str]
"""Name of a font that ReportLab knows, and text all of whose letters it has."""

_FILES: Final[dict[Face, tuple[str, ...]]] = {
    "regular": ("InterWard-Regular", "DejaVuSans"),
    "bold": ("InterWard-Bold", "DejaVuSans-Bold", "DejaVuSans"),
}


@dataclass(frozen=True, slots=True)
class Type:
    """How a piece of text looks.

    Attributes:
        face: Weight.
        size: Size in points.
        colour: Red, green and blue, each 0 to 1.
    """

    face: Face = "regular"
    size: float = 8.5
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)


def runs(text: str, face: Face) -> list[Run]:
    """Cut a text into runs that can be drawn without losing a letter.

    Args:
        text: Any text; it is brought to NFC, and white space of any kind becomes a space.
        face: The face wanted.

    Returns:
        Runs in order; joined they say all of `text`.
    """
    found: list[Run] = []
    for font, piece in _pieces(text, face):
        if found and found[-1][0] == font:
            found[-1] = (font, found[-1][1] + piece)
        else:
            found.append((font, piece))
    return found


def width(text: str, kind: Type) -> float:
    """How wide a text is on paper, in points."""
    return sum(
        float(pdfmetrics.stringWidth(piece, font, kind.size))
        for font, piece in runs(text, kind.face)
    )


def draw(canvas: Canvas, x: float, y: float, text: str, kind: Type) -> None:
    """Write one line with its left end at `x` and its base line at `y`, in points."""
    canvas.setFillColorRGB(*kind.colour)
    for font, piece in runs(text, kind.face):
        canvas.setFont(font, kind.size)
        canvas.drawString(x, y, piece)
        x += float(pdfmetrics.stringWidth(piece, font, kind.size))


def draw_right(canvas: Canvas, x: float, y: float, text: str, kind: Type) -> None:
    """Write one line with its right end at `x`."""
    draw(canvas, x - width(text, kind), y, text, kind)


def draw_centred(canvas: Canvas, x: float, y: float, text: str, kind: Type) -> None:
    """Write one line with its middle at `x`."""
    draw(canvas, x - width(text, kind) / 2, y, text, kind)


def _pieces(text: str, face: Face) -> Iterator[Run]:
    names = _FILES[face]
    for letter in unicodedata.normalize("NFC", text):
        if letter.isspace():
            yield names[0], " "
            continue
        font = next((name for name in names if ord(letter) in _letters(name)), None)
        if font is not None:
            yield font, letter
        elif unicodedata.category(letter) not in ("Cf", "Mn"):
            yield names[0], f"[U+{ord(letter):04X}]"


@cache
def _letters(name: str) -> frozenset[int]:
    """The code points that a font has; loads and registers it."""
    font = TTFont(name, str(resources.folder() / "fonts" / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)
