"""The round's table as it looks: bed and name stay in sight while the values scroll beneath."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)

from workstation.ui.screens.vital_signs_round.model import (
    FIRST,
    LAST,
    PATIENT,
    SCORE,
    STATE,
    Index,
    RoundModel,
)
from workstation.ui.toolkit import theme

Hint = QAbstractItemView.ScrollHint
_NARROWEST: Final = 200
"""Pixels at 100 % for bed and name."""


class PatientColumn(QTableView):
    """A second view of the grid's rows that lies over its first column; takes no keys."""

    def __init__(self, grid: QTableView) -> None:
        """Lie hidden over a grid.

        Args:
            grid: Its model, selection and rows are shared. It calls `follow` when its sizes change.
        """
        super().__init__(grid)
        self._grid = grid
        self.setModel(grid.model())
        self.setSelectionModel(grid.selectionModel())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        edge = theme.colour("border").name()
        self.setStyleSheet(
            f"QTableView {{ border: none; border-right: 2px solid {edge}; border-radius: 0; }}"
        )
        self.setVerticalScrollMode(grid.verticalScrollMode())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column in range(self.model().columnCount()):
            self.setColumnHidden(column, column != PATIENT)
        self.verticalScrollBar().valueChanged.connect(grid.verticalScrollBar().setValue)
        grid.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.hide()

    @Slot()
    def follow(self) -> None:
        """Lie exactly over the grid's first column; only while the grid scrolls sideways."""
        grid, wide = self._grid, self._grid.columnWidth(PATIENT)
        head, frame = grid.horizontalHeader().height(), grid.frameWidth()
        self.verticalHeader().setDefaultSectionSize(grid.verticalHeader().defaultSectionSize())
        self.horizontalHeader().setFixedHeight(head)
        self.setColumnWidth(PATIENT, wide)
        self.setGeometry(frame, frame, wide, head + grid.viewport().height())
        self.setVisible(grid.horizontalScrollBar().maximum() > 0)
        self.verticalScrollBar().setValue(grid.verticalScrollBar().value())


class PatientsFrozen(QTableView):
    """A table of the round whose first column does not scroll sideways."""

    def __init__(self, model: RoundModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        take_sizes(self)
        self._patients = PatientColumn(self)
        self.horizontalScrollBar().rangeChanged.connect(self._patients.follow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name takes what the values leave, but never too little to be read."""
        super().resizeEvent(event)
        taken = sum(self.columnWidth(column) for column in range(FIRST, STATE + 1))
        self.setColumnWidth(PATIENT, max(theme.px(_NARROWEST), self.viewport().width() - taken))
        self._patients.follow()

    def paint_with(self, delegate: QAbstractItemDelegate) -> None:
        """Paint every cell with a delegate, bed and name that lie above the others too."""
        self.setItemDelegate(delegate)
        self._patients.setItemDelegate(delegate)

    def scrollTo(self, index: Index, hint: Hint = Hint.EnsureVisible) -> None:
        """Bring a cell out from under bed and name."""
        super().scrollTo(index, hint)
        hidden = self.columnWidth(PATIENT) - self.visualRect(index).left()
        if index.column() != PATIENT and hidden > 0:
            sideways = self.horizontalScrollBar()
            sideways.setValue(sideways.value() - hidden)

    def patients_rect(self) -> QRect:
        """Where bed and name lie over the values; empty while all columns fit."""
        return self._patients.geometry() if self._patients.isVisible() else QRect()


def take_sizes(grid: QTableView) -> None:
    """Give a grid the sizes of the scale in use."""
    grid.verticalHeader().setDefaultSectionSize(theme.px(44))
    header = grid.horizontalHeader()
    header.setFixedHeight(theme.px(40))
    # "Consciousness" must fit its column whole.
    header.setStyleSheet("QHeaderView::section { padding-left: 0; padding-right: 0; }")
    header.setMinimumSectionSize(theme.px(60))
    for column in range(FIRST, LAST + 1):
        grid.setColumnWidth(column, theme.px(92))
    grid.setColumnWidth(SCORE, theme.px(84))
    grid.setColumnWidth(STATE, theme.px(140))
