"""Sends a paper to a printer: each page as large as its sheet, at the printer's own fineness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from workstation.services.documents import PageImage, each_page

_MOST_DOTS: Final = 300
"""Fine enough for 6-point letters; more only makes the spool file larger."""


def a4_printer() -> QPrinter:
    """A printer set to A4 without margins of its own: the papers have theirs."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))
    printer.setFullPage(True)
    return printer


def print_paper(
    pdf: bytes, printer: QPrinter, printed: Callable[[int], object] = lambda _count: None
) -> int:
    """Print every page; may run beside the window's thread, as Qt paints on a printer there too.

    Args:
        pdf: The paper.
        printer: Where to, as the person has set it up.
        printed: Told after each page how many there are.

    Returns:
        How many pages were printed; 0 when the printer does not start.
    """
    painter = QPainter()
    if not painter.begin(printer):
        return 0
    count = 0
    for page in each_page(pdf, min(printer.resolution(), _MOST_DOTS)):
        if count:
            printer.newPage()
        sheet = printer.paperRect(QPrinter.Unit.DevicePixel)
        painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), image_of(page))
        count += 1
        printed(count)
    painter.end()
    return count


def image_of(page: PageImage) -> QImage:
    """A page as an image that owns its pixels."""
    image = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB32)
    return image.copy()
