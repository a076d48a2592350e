"""Above the results: table or reports, one group or all, taking note, history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QWidget

from workstation.clinical.results import Panel
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.result_words import panel_name
from workstation.ui.toolkit.widgets.flow import FlowLayout
from workstation.ui.toolkit.widgets.text import button

ROOMY_SCALE: Final = 125
"""Per cent up to which all groups stand beside each other."""


class ResultsBar(QWidget):
    """The bar.

    Signals:
        side_chosen: arg 0: whether the reports are wanted, else the table.
        panel_chosen: arg 0: id of a group, empty for all.
        acknowledge_wanted: The critical result in focus is to be taken note of.
        history_wanted: The history of the record in focus is to be shown.
    """

    side_chosen = Signal(bool)
    panel_chosen = Signal(str)
    acknowledge_wanted = Signal()
    history_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = ""
        self._order: tuple[str, ...] = ("",)
        self._sides = QButtonGroup(self)
        self._table = self._side(tr("Table (T)"), reports=False)
        self._reports = self._side(tr("Reports"), reports=True)
        self._panels = FlowLayout(theme.px(4))
        self.acknowledge = button(
            tr("Acknowledge (A)"), self.acknowledge_wanted.emit, kind="danger", symbol="check"
        )
        self.acknowledge.hide()
        history = button(tr("History"), self.history_wanted.emit, symbol="clock", hint="Ctrl+H")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self._table, alignment=top)
        row.addWidget(self._reports, alignment=top)
        row.addSpacing(theme.px(10))
        row.addLayout(self._panels, 1)
        row.addWidget(self.acknowledge, alignment=top)
        row.addWidget(history, alignment=top)
        self.show_side(reports=False)

    def show_side(self, *, reports: bool) -> None:
        """Mark which side is in front."""
        (self._reports if reports else self._table).setChecked(True)

    def show_news(self, reports: int) -> None:
        """Say how many reports are new."""
        words = tr("Reports ({new} new)", new=reports) if reports else tr("Reports")
        self._reports.setText(f"{words} (R)")

    def show_panels(self, panels: Sequence[Panel], chosen: str) -> None:
        """A button for each group that has a row, where there are several."""
        names = {"": tr("All (P)")} | {each.id: panel_name(each) for each in panels}
        self.panel = chosen if chosen in names else ""
        self._order = tuple(names)
        while (item := self._panels.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if len(panels) > 1 and theme.scale() > ROOMY_SCALE:
            self._panels.addWidget(self._menu(names))
            return
        for id_, words in names.items() if len(panels) > 1 else ():
            choice = button(words, partial(self.panel_chosen.emit, id_))
            choice.setCheckable(True)
            choice.setChecked(id_ == self.panel)
            self._panels.addWidget(choice)

    def next_panel(self) -> str:
        """The group after the one in front."""
        return self._order[(self._order.index(self.panel) + 1) % len(self._order)]

    def _menu(self, names: dict[str, str]) -> QPushButton:
        """All groups behind one button, where there is no room for a row of them."""
        menu = QMenu(self)
        for id_, words in names.items():
            menu.addAction(words).triggered.connect(partial(self._on_entry, id_))
        made = button(names[self.panel], lambda: None)
        made.setMenu(menu)
        return made

    def _on_entry(self, id: str, _checked: bool = False) -> None:
        self.panel_chosen.emit(id)

    def _side(self, words: str, *, reports: bool) -> QPushButton:
        made = button(words, partial(self.side_chosen.emit, reports))
        made.setCheckable(True)
        self._sides.addButton(made)
        return made
