"""Pages of a PDF as pixels, for the preview on screen and for the printer."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2

POINTS_A_INCH = 72


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


def _image(page: pypdfium2.PdfPage, scale: float) -> PageImage:
    bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
    try:
        return PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    finally:
        bitmap.close()
        page.close()
