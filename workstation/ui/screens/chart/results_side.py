"""The table with the trend and the words of the value in focus below it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from workstation.services.result_table import ResultTable
from workstation.ui.screens.chart.results_rows import hint
from workstation.ui.screens.chart.results_table import ResultsModel, ResultsView, Spot
from workstation.ui.screens.chart.results_trend import ResultTrend
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import label

_ROOMY: Final = 400
"""Pixels at 100 % from which on table and trend both have room."""


class TableSide(QWidget):
    """Table, trend, words.

    Signals:
        moved: The cursor stands elsewhere.
    """

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roomy = True
        self.model = ResultsModel(self)
        self.view = ResultsView(self.model)
        self.view.moved.connect(self._on_moved)
        self.trend = ResultTrend()
        self.words = label("", "caption", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._below = QWidget()
        row = QHBoxLayout(self._below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        row.addWidget(self.trend, 3)
        row.addWidget(self.words, 2)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.addWidget(self.view)
        halves.addWidget(self._below)
        halves.setStretchFactor(0, 1)
        halves.setStretchFactor(1, 0)
        halves.setChildrenCollapsible(False)
        halves.setSizes([theme.px(360), theme.px(150)])
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(halves)

    def show_table(self, table: ResultTable, panel: str) -> None:
        """Show a table, of one group or (empty) of all; stand where one stood, if that is there."""
        spot = self.view.spot()
        self.model.replace(table, panel)
        if not (spot and spot.value and self.view.stand_on(spot.value.observation)):
            self.view.stand_on_newest()

    def spot(self) -> Spot | None:
        """Where the cursor stands."""
        return self.view.spot()

    def toggle_trend(self) -> None:
        """Show the trend, or give its room to the table."""
        self._below.setVisible(self._below.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the table has it all."""
        super().resizeEvent(event)
        roomy = event.size().height() >= theme.px(_ROOMY)
        if roomy != self._roomy:
            self._roomy = roomy
            self._below.setVisible(roomy)

    @Slot(object)
    def _on_moved(self, spot: Spot | None) -> None:
        value = spot.value if spot else None
        self.trend.show_line(spot.line if spot else None, value)
        self.words.setText(hint(spot.line, value) if spot and value else "")
        self.moved.emit()
