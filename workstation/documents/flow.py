"""Blocks that stand below each other and flow over pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.pdfgen.canvas import Canvas

from workstation.documents.fonts import Type, draw
from workstation.documents.page import BOTTOM, LEFT, PageBody
from workstation.documents.text import lines

Drawn = Callable[[Canvas, float], object]
"""Draws a block whose upper edge is given, in points."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is not broken over two pages.

    Attributes:
        height: In points.
        draw: Draws it.
        keep: So much room must be left below it on its page, in points, as for a heading.
    """

    height: float
    draw: Drawn
    keep: float = 0.0


def paged(blocks: Iterable[Block], top: float, head: Block | None = None) -> tuple[PageBody, ...]:
    """Put blocks on pages.

    Args:
        blocks: From top to bottom; one that is taller than a page stands alone on one.
        top: Where a page begins, in points.
        head: Stands above the blocks of every page.

    Returns:
        A body for each page, at least one.
    """
    start = top - (head.height if head else 0.0)
    pages: list[list[Block]] = [[]]
    left = start - BOTTOM
    for block in blocks:
        if block.height + block.keep > left and pages[-1]:
            pages.append([])
            left = start - BOTTOM
        pages[-1].append(block)
        left -= block.height
    return tuple(partial(_draw, top, head, page) for page in pages)


def texts(text: str, kind: Type, lead: float, *, indent: float, room: float) -> list[Block]:
    """A block for each line of a text."""

    def block(line: str) -> Block:
        return Block(
            lead, lambda canvas, y: draw(canvas, LEFT + indent, y - lead * 0.78, line, kind)
        )

    return [block(line) for line in lines(text, kind, room)]


def gap(height: float) -> Block:
    """Nothing."""
    return Block(height, lambda _canvas, _y: None)


def _draw(top: float, head: Block | None, blocks: Sequence[Block], canvas: Canvas) -> None:
    y = top
    for block in ([head] if head else []) + list(blocks):
        block.draw(canvas, y)
        y -= block.height
