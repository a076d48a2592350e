"""The ward board: beds as list or map, sorted by risk, bed or what is due; typing finds."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import ward_board
from workstation.services.ward_board import Bed, WardBoard
from workstation.ui.screens.ward_board.bed_list import BedList
from workstation.ui.screens.ward_board.bed_map import BedMap
from workstation.ui.screens.ward_board.head import BoardHead
from workstation.ui.screens.ward_board.model import BoardModel
from workstation.ui.screens.ward_board.order import Order, arrange
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.workplace import Workplace

REFRESH_MS = 60_000
"""Lateness grows while nobody changes anything."""
_ORDERS: Final[dict[str, Order]] = {"sort_risk": "risk", "sort_bed": "bed", "sort_due": "due"}
_WALKING: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

_TOLD_BY: Final = frozenset({"Task", "DiagnosticReport"})
"""Types that change the board though they are not of the ward itself."""


class WardBoardScreen(Screen):
    """The board of the ward of a desk."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._board: WardBoard | None = None
        self._order: Order = "risk"
        self.model = BoardModel(self)
        self.head = BoardHead()
        self.list, self.map = BedList(self.model), BedMap(self.model)
        self._views = QStackedWidget()
        for view in (self.list, self.map):
            self._views.addWidget(view)
            view.opened.connect(self._on_opened)
            view.installEventFilter(self)
        self.head.search.installEventFilter(self)
        self.head.order_chosen.connect(self.sort_by)
        self.head.map_chosen.connect(self.show_map)
        self.head.typed.connect(self._on_typed)
        self._pages = Pages(self._views)
        box = QVBoxLayout(self)
        gap = theme.px(16)
        box.setContentsMargins(gap, theme.px(10), gap, theme.px(12))
        box.setSpacing(theme.px(10))
        box.addWidget(self.head)
        box.addWidget(self._pages, 1)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._read)
        self.head.show_order(self._order)
        self.head.show_map(False)
        self.setFocusProxy(self.list)
        self._pages.show_loading()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Ward board")

    def activate(self) -> None:
        """Read the ward; the beds have the keys."""
        self._read()
        self._timer.start()
        self._view().setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again when anything of the ward, or what is unsent, has changed."""
        if changes.ward or changes.queue or not changes.types.isdisjoint(_TOLD_BY):
            self._read()

    def patient(self) -> PatientId | None:
        """Who lies in the bed with the cursor."""
        bed = self.model.bed(self._view().currentIndex().row())
        return bed.occupant.who.patient if bed is not None and bed.occupant is not None else None

    def offers(self) -> frozenset[str]:
        """Orders, views, reading again."""
        return frozenset({*_ORDERS, "toggle_view", "refresh"})

    def perform(self, action_id: str) -> bool:
        """Do one of `offers`."""
        if action_id in _ORDERS:
            self.sort_by(_ORDERS[action_id])
        elif action_id == "toggle_view":
            self.show_map(self._view() is self.list)
        elif action_id == "refresh":
            self._read()
        return action_id in self.offers()

    @Slot(str)
    def sort_by(self, order: Order) -> None:
        """Show the beds in another order."""
        self._order = order
        self.head.show_order(order)
        self._show()
        self._view().setFocus()

    @Slot(bool)
    def show_map(self, shown: bool) -> None:
        """Show the map (in the order of the beds) or the list; the cursor stays on its bed."""
        at = self._view().currentIndex().row()
        self._views.setCurrentWidget(self.map if shown else self.list)
        self.setFocusProxy(self._view())
        self.head.show_map(shown)
        self._put_cursor(max(at, 0))
        self.sort_by("bed" if shown else "risk")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Letters typed on the beds go to the search; arrows typed in it go to the beds."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.head.search:
                return self._key_in_find(event)
            return self._key_on_beds(event)
        return super().eventFilter(watched, event)

    def _view(self) -> QAbstractItemView:
        return self.map if self._views.currentWidget() is self.map else self.list

    def _key_on_beds(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self.head.search.text():
            self.head.search.clear()
            return True
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if plain and event.text().strip() and event.text().isprintable():
            self.head.search.setFocus()
            self.head.search.insert(event.text())
            return True
        return False

    def _key_in_find(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.head.search.clear()
            self._view().setFocus()
            return True
        if event.key() in _WALKING:
            self._view().setFocus()
            self._put_cursor(max(self._view().currentIndex().row(), 0))
            return True
        if event.key() in _ENTER:
            self._on_opened(self.model.bed(max(self._view().currentIndex().row(), 0)))
            return True
        return False

    @Slot()
    def _read(self) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: ward_board.board(desk), done=self._on_read, failed=self._on_unreadable
        )

    @Slot(object)
    def _on_read(self, board: WardBoard) -> None:
        self._board = board
        self._show()

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self._read)

    def _show(self) -> None:
        """Arrange what was read; the cursor stays on its bed."""
        if self._board is None:
            return
        current = self.model.bed(self._view().currentIndex().row())
        typed = self.head.search.text()
        beds = arrange(self._board, self._order, typed)
        self.model.show_beds(beds, self._board.as_of)
        self.head.show_board(self._board, len(beds))
        if beds:
            self._pages.show_content()
            self._put_cursor(_place_of(current, beds))
        elif typed:
            self._pages.show_empty(
                tr("Nobody on this ward fits “{typed}”.", typed=typed),
                tr("Esc shows all beds again. Ctrl+F looks through the whole hospital."),
            )
        elif not self._board.ward:  # nothing of it was ever pulled
            self._pages.show_empty(
                tr("The ward's record is still on its way."),
                tr("It comes with the first sync; the strip below says how that stands."),
            )
        else:
            self._pages.show_empty(
                tr("This ward has no beds yet."),
                tr("Beds come from the hospital's server with the first sync."),
            )

    def _put_cursor(self, row: int) -> None:
        self._view().setCurrentIndex(self.model.index(row, 0))

    @Slot(str)
    def _on_typed(self, _text: str) -> None:
        self._show()
        if self.head.search.text() and self.model.rowCount():
            self._put_cursor(0)

    @Slot(object)
    def _on_opened(self, bed: Bed | None) -> None:
        if bed is not None and bed.occupant is not None:
            self.workplace.navigator.open_chart(bed.occupant.who.patient)
        elif bed is not None:
            self.workplace.navigator.toast(tr("Bed {bed} is empty.", bed=bed.name))


def _place_of(bed: Bed | None, beds: tuple[Bed, ...]) -> int:
    if bed is None:
        return 0
    who = bed.occupant.who.patient if bed.occupant else None
    for row, other in enumerate(beds):
        if other.id == bed.id and (other.occupant.who.patient if other.occupant else None) == who:
            return row
    return 0
