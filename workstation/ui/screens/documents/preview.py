"""The pages of a paper on screen: a list of small ones, the large ones below each other, zoom."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.words import tr
from workstation.services.documents import PageImage
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.printing import image_of

ZOOMS = (50, 67, 80, 100, 125, 150, 200)
"""Per cent of the paper's own size at 96 dots an inch."""
DOTS_PER_INCH = 96
_SMALL = 96


class PaperPreview(QWidget):
    """Shows pages; Ctrl++ and Ctrl+- zoom.

    Signals:
        zoomed: Another size is wanted. arg 0: dots an inch.
    """

    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = ZOOMS.index(100)
        self._pages: list[QLabel] = []
        self._list = QListWidget()
        self._list.setFixedWidth(theme.px(164))
        self._list.setIconSize(QSize(theme.px(_SMALL), theme.px(_SMALL * 3 // 2)))
        self._list.setSpacing(theme.px(4))
        self._list.setAccessibleName(tr("Pages"))
        self._list.currentRowChanged.connect(self._on_page_chosen)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName(tr("Preview"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._list)
        row.addWidget(self._scroll, 1)

    @property
    def dots_per_inch(self) -> float:
        """The size that is wanted."""
        return DOTS_PER_INCH * ZOOMS[self._zoom] / 100

    @property
    def per_cent(self) -> int:
        """The size that is wanted, of the paper's own."""
        return ZOOMS[self._zoom]

    @property
    def page_count(self) -> int:
        """How many pages are shown."""
        return len(self._pages)

    def show_pages(self, pages: tuple[PageImage, ...]) -> None:
        """Show pages; the place in them is kept when there are as many as before."""
        place = self._list.currentRow() if len(pages) == len(self._pages) else 0
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setSpacing(theme.px(14))
        self._pages = []
        self._list.blockSignals(True)
        self._list.clear()
        for number, page in enumerate(pages, start=1):
            pixmap = QPixmap.fromImage(image_of(page))
            sheet = QLabel()
            sheet.setPixmap(pixmap)
            sheet.setAccessibleName(tr("Page {number}", number=number))
            box.addWidget(sheet, alignment=Qt.AlignmentFlag.AlignHCenter)
            self._pages.append(sheet)
            self._list.addItem(_small(pixmap, number, len(pages)))
        box.addStretch(1)
        self._scroll.setWidget(inside)
        self._list.blockSignals(False)
        self._list.setCurrentRow(max(place, 0))

    def zoom(self, steps: int) -> None:
        """Make it larger (positive) or smaller."""
        wanted = min(max(self._zoom + steps, 0), len(ZOOMS) - 1)
        if wanted != self._zoom:
            self._zoom = wanted
            self.zoomed.emit(self.dots_per_inch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom by keys."""
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(-1)
        else:
            super().keyPressEvent(event)

    @Slot(int)
    def _on_page_chosen(self, place: int) -> None:
        if 0 <= place < len(self._pages):
            top = self._pages[place].pos().y()
            self._scroll.verticalScrollBar().setValue(max(top - theme.px(8), 0))


def _small(pixmap: QPixmap, number: int, count: int) -> QListWidgetItem:
    small = pixmap.scaledToWidth(theme.px(_SMALL), Qt.TransformationMode.SmoothTransformation)
    return QListWidgetItem(QIcon(small), f"{number}/{count}")
