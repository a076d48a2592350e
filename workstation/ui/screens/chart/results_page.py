"""The results tab: one row a test, newest value with flag, range, trend and where it was made."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import results
from workstation.services.results import Test
from workstation.ui.screens.chart.page import Page
from workstation.ui.screens.chart.wording import (
    range_text,
    result_text,
    status_text,
    unit_text,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.number_entry import number_text
from workstation.ui.toolkit.widgets.sparkline import paint_sparkline
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView

_TREND_COLUMN: Final = 5
_EARLIER: Final = 4


class ResultsPage(Page):
    """Laboratory results."""

    types = frozenset({"Observation"})

    def build(self) -> QWidget:
        """Make the table."""
        self._model: RowsModel[Test] = RowsModel(_columns(), self)
        self._view = RowsView(self._model)
        self._view.setItemDelegateForColumn(_TREND_COLUMN, _TrendDelegate(self._view))
        self._view.opened.connect(self._on_opened)
        self._view.setAccessibleName(tr("Results"))
        whole = QWidget()
        box = QVBoxLayout(whole)
        gap = theme.px(12)
        box.setContentsMargins(gap, gap, gap, gap)
        box.addWidget(self._view)
        return whole

    def read(self, patient: PatientId) -> tuple[Test, ...]:
        """Ask for the results."""
        return results.results(self.workplace.desk, patient)

    def show_read(self, found: object) -> None:
        """Show them."""
        assert isinstance(found, tuple)  # noqa: S101 - what `read` returns
        self._model.replace(found)
        if not found:
            self.states.show_empty(
                tr("No results yet"), tr("They appear here as soon as the hospital has them.")
            )
        elif not self._view.currentIndex().isValid():
            self._view.selectRow(0)

    def focus_start(self) -> None:
        """The table is walked by arrow keys."""
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def perform(self, action_id: str) -> bool:
        """The history of the result in focus."""
        if action_id not in self.offers():
            return False
        self._on_opened(self._view.currentIndex().data(ROW_ROLE))
        return True

    def offers(self) -> frozenset[str]:
        """The history when there is a row."""
        return frozenset({"history"} if self._view.currentIndex().isValid() else ())

    @Slot(object)
    def _on_opened(self, test: Test) -> None:
        self.links.open_history("Observation", test.latest.id)


def _columns() -> tuple[Column[Test], ...]:
    return (
        Column(tr("Test"), lambda test: test.latest.name, role="strong"),
        Column(
            tr("Result"),
            lambda test: result_text(test.latest),
            130,
            right=True,
            role="value",
            tone=lambda test: "danger" if test.latest.flag else "",
        ),
        Column(tr("Unit"), lambda test: unit_text(test.latest.unit), 90),
        Column(tr("Normal"), lambda test: range_text(test.latest), 110),
        Column(tr("Taken"), _moment, 150),
        Column(tr("Trend"), lambda _test: "", 140, hint=_earlier),
        Column(tr("Earlier"), _earlier, 170),
        Column(tr("Made by"), lambda test: test.latest.origin, 150),
        Column(tr("State"), lambda test: status_text(test.latest.status), 90),
    )


def _moment(test: Test) -> str:
    return moment_text(test.latest.at) if test.latest.at else tr("Unknown")


def _earlier(test: Test) -> str:
    older = test.results[1 : 1 + _EARLIER]
    return "  ".join(
        number_text(each.value) if each.value is not None else each.words for each in older
    )


class _TrendDelegate(QStyledItemDelegate):
    """The trend of a test, with its normal range."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the ground, then the curve."""
        super().paint(painter, option, index)
        test: Test = index.data(ROW_ROLE)
        points = [
            (each.at, each.value)
            for each in reversed(test.results)
            if each.at is not None and isinstance(each.value, Decimal)
        ]
        if len(points) > 1:
            band = (test.latest.low, test.latest.high)
            paint_sparkline(painter, QRectF(option.rect).adjusted(2, 3, -2, -3), points, band)
