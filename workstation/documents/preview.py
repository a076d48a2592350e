"""Pages of a PDF as pixels, for the preview on screen and for the printer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

POINTS_A_INCH = 72
Unreadable = pypdfium2.PdfiumError
"""What drawing raises on a file that is damaged, locked by a password, or no PDF at all."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page.

    Attributes:
        width: Pixels.
        height: Pixels.
        stride: Bytes a line.
        pixels: Blue, green, red, unused: four bytes a pixel.
    """

    width: int
    height: int
    stride: int
    pixels: bytes


def page_images(pdf: bytes, dots_per_inch: float) -> tuple[PageImage, ...]:
    """Draw every page.

    Args:
        pdf: The file.
        dots_per_inch: 72 gives one pixel a point.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(_image(page, dots_per_inch / POINTS_A_INCH) for page in document)


def each_page(pdf: bytes, dots_per_inch: float) -> Iterator[PageImage]:
    """As `page_images`, one page after the other: a long paper is never in memory as a whole."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            yield _image(page, dots_per_inch / POINTS_A_INCH)


def page_image(pdf: bytes, number: int, dots_per_inch: float) -> PageImage:
    """One page alone; the first is 0."""
    with pypdfium2.PdfDocument(pdf) as document:
        return _image(document[number], dots_per_inch / POINTS_A_INCH)


def _image(page: pypdfium2.PdfPage, scale: float) -> PageImage:
    bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
    try:
        return PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    finally:
        bitmap.close()
        page.close()
