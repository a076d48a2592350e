"""The pages of the pack: a list of them, and the one that is chosen; only that one is drawn."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QWidget,
)

from workstation.kernel.words import tr
from workstation.services.documents import PageImage
from workstation.services.downtime_pack import Kept, Part
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.printing import image_of

_PAPER_INCHES: Final = 8.27
_FEWEST_DOTS: Final = 72
_WIDE: Final = 330


class PackPages(QWidget):
    """Hundreds of pages would fill the memory as pictures: one at a time is drawn.

    Signals:
        turned: Another page is to be shown. arg 0: its number in the pack, from 0.
    """

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setFixedWidth(theme.px(_WIDE))
        self.list.setAccessibleName(tr("Pages"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._on_row)
        self._drawn = -1
        self._sheet = QLabel()
        self._sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName(tr("Preview"))
        self._scroll.setWidget(self._sheet)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        row.addWidget(self.list)
        row.addWidget(self._scroll, 1)

    def show_list(self, pack: Kept, numbers: list[int]) -> None:
        """Offer some pages of a pack; the one that shows stays if it is among them."""
        before = self.current()
        names = {each.patient: f"{each.bed or '–'} {each.name}" for each in pack.people}
        self.list.blockSignals(True)
        self.list.clear()
        for number in numbers:
            sheet = pack.sheets[number]
            said = [str(number + 1), names.get(sheet.patient, ""), _part(sheet.part)]
            item = QListWidgetItem(" · ".join(filter(None, said)))
            item.setToolTip(item.text())
            item.setData(Qt.ItemDataRole.UserRole, number)
            self.list.addItem(item)
        self.list.blockSignals(False)
        row = numbers.index(before) if before in numbers else 0
        self.list.setCurrentRow(row)
        if not numbers:
            self._sheet.clear()
            self._drawn = -1

    def current(self) -> int:
        """Number of the page that is chosen, from 0; -1 when none is."""
        row = self.list.currentRow()
        return -1 if row < 0 else int(self.list.item(row).data(Qt.ItemDataRole.UserRole))

    def show_page(self, number: int, page: PageImage) -> None:
        """Show the page that was drawn, if it is still the one that is chosen."""
        if number == self.current():
            picture = QPixmap.fromImage(image_of(page))
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            self._sheet.setPixmap(picture)
            self._drawn = number
            self._sheet.setAccessibleName(tr("Page {number}", number=number + 1))

    @property
    def shown(self) -> int:
        """Number of the page that is drawn, from 0; -1 when none is."""
        return self._drawn

    @property
    def dots_per_inch(self) -> float:
        """As large as the paper fits into the width that there is."""
        room = (self._scroll.viewport().width() - theme.px(6)) / _PAPER_INCHES
        return max(room, _FEWEST_DOTS) * self.devicePixelRatioF()

    @Slot(int)
    def _on_row(self, _row: int) -> None:
        number = self.current()
        if number >= 0:
            self.turned.emit(number)


def _part(part: Part) -> str:
    return {
        "cover": tr("Cover"),
        "census": tr("Census"),
        "medication": tr("Drugs"),
        "summary": tr("Handover"),
        "forms": tr("Blank form"),
        "labels": tr("Labels"),
    }[part]
