"""Sends a paper to a printer: each page as large as its sheet, at the printer's own fineness."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from workstation.services.documents import PageImage, page_images

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


def print_paper(pdf: bytes, printer: QPrinter) -> int:
    """Print every page.

    Args:
        pdf: The paper.
        printer: Where to, as the person has set it up.

    Returns:
        How many pages were printed; 0 when the printer does not start.
    """
    painter = QPainter()
    if not painter.begin(printer):
        return 0
    pages = page_images(pdf, min(printer.resolution(), _MOST_DOTS))
    for number, page in enumerate(pages):
        if number:
            printer.newPage()
        sheet = printer.paperRect(QPrinter.Unit.DevicePixel)
        painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), image_of(page))
    painter.end()
    return len(pages)


def image_of(page: PageImage) -> QImage:
    """A page as an image that owns its pixels."""
    image = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB32)
    return image.copy()
