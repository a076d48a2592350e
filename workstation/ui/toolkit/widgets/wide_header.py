"""The titles of a table with very many columns."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHeaderView, QWidget


class WideHeader(QHeaderView):
    """Titles of one height: the first and the last tell it.

    Qt's own measures two hundred of them, several times for each change of the columns.
    """

    def __init__(self, width: int, height: int, parent: QWidget) -> None:
        """Make the titles of columns of one width.

        Args:
            width: Of a column, in pixels.
            height: The least of the titles, in pixels.
            parent: The table.
        """
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setDefaultSectionSize(width)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumHeight(height)
        self.setHighlightSections(True)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        """As high as the first and the last title."""
        if not self.count():
            return super().sizeHint()
        ends = (self.sectionSizeFromContents(place) for place in {0, self.count() - 1})
        height = max(size.height() for size in ends)
        return QSize(self.length(), height)
