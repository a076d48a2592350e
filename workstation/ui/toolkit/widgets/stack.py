"""Pages behind each other, of which only the one in front is measured."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLayoutItem, QStackedLayout, QWidget


class FrontLayout(QStackedLayout):
    """Qt's stack of pages, as large as the page in front wants to be.

    Qt's own asks each page for its size, also those that nobody sees; that sets every wrapped
    line of all of them anew whenever anything grows.
    """

    def sizeHint(self) -> QSize:
        """What the page in front would like."""
        front = self._front()
        return front.sizeHint() if front is not None else QSize(0, 0)

    def minimumSize(self) -> QSize:
        """The least that the page in front needs."""
        front = self._front()
        return front.minimumSize() if front is not None else QSize(0, 0)

    def hasHeightForWidth(self) -> bool:
        """Whether the page in front has wrapped lines."""
        front = self._front()
        return front is not None and front.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        """What the page in front needs at a width, in pixels."""
        front = self._front()
        return front.heightForWidth(width) if front is not None else 0

    def bring(self, page: QWidget) -> None:
        """Bring a page to the front, and let it alone take the keys.

        What goes on behind may ask for the keyboard although nobody sees it, and what is typed
        in front would go there: a disabled widget cannot. Only two pages change; a page inside
        the one in front that is behind itself stays as it is.
        """
        before = self.currentWidget()
        page.setEnabled(True)
        self.setCurrentWidget(page)
        if before is not None and before is not page:
            before.setEnabled(False)

    def _front(self) -> QLayoutItem | None:
        return self.itemAt(self.currentIndex())


class Stack(QWidget):
    """A widget of such pages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = FrontLayout(self)

    def add(self, page: QWidget) -> None:
        """Put a page behind the others; the first one comes to the front."""
        page.setEnabled(self._pages.currentWidget() in (None, page))
        self._pages.addWidget(page)

    def remove(self, page: QWidget) -> None:
        """Take a page out; it is not deleted."""
        self._pages.removeWidget(page)

    def front(self) -> QWidget | None:
        """The page in front; None while there is none."""
        return self._pages.currentWidget()

    def bring(self, page: QWidget) -> None:
        """Bring a page to the front; it alone can take the keys."""
        self._pages.bring(page)
