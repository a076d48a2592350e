"""Above the beds: how many and how sick, what is looked for, and in what order they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.clinical.ward_tasks import worst
from workstation.kernel.words import tr
from workstation.services.ward_board import Occupant, WardBoard
from workstation.ui.screens.ward_board import wording
from workstation.ui.screens.ward_board.order import ORDERS, Order
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.flow import FlowLayout
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.text import button, label

ROOMY_SCALE = 100
"""Per cent up to which title and counts fit in one line of a small monitor."""


class BoardHead(QWidget):
    """Title, counts, find, order, view.

    Signals:
        order_chosen: Another order. arg 0: the Order.
        map_chosen: arg 0: whether the map is to be shown.
        mine_chosen: arg 0: whether only one's own patients are to be shown.
        typed: What is looked for has changed. arg 0: the text.
    """

    order_chosen = Signal(str)
    map_chosen = Signal(bool)
    mine_chosen = Signal(bool)
    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", "title", wrap=True)
        self._counts = _counts_row()
        self._found = Chip("", "accent", "search")
        self._found.hide()
        self._as_of = label("", "caption", "muted")
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Type to find: name, bed, number, diagnosis"))
        self.search.setAccessibleName(tr("Find on this ward"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.typed)
        self._orders = self._order_buttons()
        self._views = self._view_buttons()
        self._mine = _choice(tr("My patients"), "Ctrl+Alt+M", "person")
        self._mine.clicked.connect(self.mine_chosen)
        self._lay_out()

    def show_board(self, board: WardBoard, shown: int) -> None:
        """Say what is on the ward, and how much of it is in sight."""
        people = [bed.occupant for bed in board.beds if bed.occupant is not None]
        self._title.setText(board.ward or tr("Ward board"))
        self._as_of.setText(tr("Read at {time}", time=time_text(board.as_of)))
        while (item := self._counts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        beds = len({bed.id for bed in board.beds if bed.name})
        chips = [Chip(tr("{count} of {beds} beds", count=len(people), beds=beds), "", "ward")]
        chips += _troubles(people, board.as_of)
        self._found.setVisible(shown < len(board.beds))
        self._found.say(
            tr("{shown} of {all} shown", shown=shown, all=len(board.beds)), "accent", "search"
        )
        for chip in chips:
            self._counts.addWidget(chip)

    def show_order(self, order: Order) -> None:
        """Mark the order in force."""
        self._orders[order].setChecked(True)

    def show_map(self, shown: bool) -> None:
        """Mark the view in front."""
        self._views[shown].setChecked(True)

    def show_mine(self, shown: bool) -> None:
        """Mark whether only one's own patients are in sight."""
        self._mine.setChecked(shown)

    def _order_buttons(self) -> dict[str, QPushButton]:
        names = {"risk": tr("By risk"), "bed": tr("By bed"), "due": tr("By due time")}
        keys = {"risk": "Ctrl+Alt+R", "bed": "Ctrl+Alt+B", "due": "Ctrl+Alt+D"}
        group = QButtonGroup(self)
        made: dict[str, QPushButton] = {}
        for order in ORDERS:
            made[order] = _choice(names[order], keys[order])
            made[order].clicked.connect(lambda _=False, o=order: self.order_chosen.emit(o))
            group.addButton(made[order])
        return made

    def _view_buttons(self) -> dict[bool, QPushButton]:
        group = QButtonGroup(self)
        made = {}
        for shown, words, symbol in ((False, tr("List"), "list"), (True, tr("Map"), "grid")):
            made[shown] = _choice(words, "Ctrl+M", symbol)
            made[shown].clicked.connect(lambda _=False, s=shown: self.map_chosen.emit(s))
            group.addButton(made[shown])
        return made

    def _lay_out(self) -> None:
        """Two lines; three where large letters leave no room for the counts beside the title."""
        roomy = _roomy()
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.setSpacing(theme.px(14))
        lower.setSpacing(theme.px(6))
        upper.addWidget(self._title, 1)
        if roomy:
            upper.addLayout(self._counts)
        looked = lower if roomy else upper
        looked.addWidget(self._found)
        looked.addWidget(self.search, 1)
        if roomy:
            lower.addSpacing(theme.px(10))
        upper.addWidget(self._as_of)
        for choice in (self._mine, *self._orders.values(), *self._views.values()):
            lower.addWidget(choice)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        for line in (upper, lower) if roomy else (upper, self._counts, lower):
            box.addLayout(line)


def _roomy() -> bool:
    return theme.scale() <= ROOMY_SCALE


def _counts_row() -> QLayout:
    """Beside the title one row; below it as many as large letters need."""
    if not _roomy():
        return FlowLayout(theme.px(8))
    row = QHBoxLayout()
    row.setSpacing(theme.px(8))
    return row


def _choice(words: str, key: str, symbol: str = "") -> QPushButton:
    made = button(words, lambda: None, symbol=symbol, hint=key)
    made.setCheckable(True)
    return made


def _troubles(people: Sequence[Occupant], now: datetime) -> list[Chip]:
    """How many are at risk, and of how many something is due or late."""
    high = sum(wording.colour_of(each) == 3 for each in people)  # noqa: PLR2004
    medium = sum(wording.colour_of(each) == 2 for each in people)  # noqa: PLR2004
    states = [worst(each.tasks, now) for each in people]
    late, due = states.count("late"), states.count("due")
    critical = sum(each.critical_results for each in people)
    chips = []
    if critical:
        chips.append(Chip(tr("{count} critical results", count=critical), "danger", "results"))
    if high:
        chips.append(Chip(tr("{count} high risk", count=high), "danger", "warning"))
    if medium:
        chips.append(Chip(tr("{count} medium risk", count=medium), "warn", "warning"))
    if due:
        chips.append(Chip(tr("{count} patients with tasks due", count=due), "warn", "clock"))
    if late:
        chips.append(Chip(tr("{count} patients with tasks late", count=late), "danger", "clock"))
    return chips
