"""The ward board: beds as list or map, sorted by risk, bed or what is due; typing finds."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import MY_PATIENTS
from workstation.kernel.words import tr
from workstation.services import ward_board
from workstation.services.ward_board import Bed, WardBoard
from workstation.ui.screens.ward_board.assigning import AssignPanel
from workstation.ui.screens.ward_board.bed_list import BedList
from workstation.ui.screens.ward_board.bed_map import BedMap
from workstation.ui.screens.ward_board.head import BoardHead
from workstation.ui.screens.ward_board.keys import BoardKeys
from workstation.ui.screens.ward_board.model import BoardModel
from workstation.ui.screens.ward_board.moving import BedMover
from workstation.ui.screens.ward_board.order import Order, arrange, has_own
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.stack import Stack
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.workplace import Workplace

REFRESH_MS = 60_000
"""Lateness grows while nobody changes anything."""
_ORDERS: Final[dict[str, Order]] = {"sort_risk": "risk", "sort_bed": "bed", "sort_due": "due"}


class WardBoardScreen(Screen):
    """The board of the ward of a desk."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._board: WardBoard | None = None
        self._partial = False
        self._order: Order = "risk"
        self.model = BoardModel(self)
        self.head = BoardHead()
        self.list, self.map = BedList(self.model), BedMap(self.model)
        self.assigning = AssignPanel(workplace)
        self._keys = BoardKeys(self.head.search, self.model, self._view, self._open_row)
        self._views = Stack()
        for view in (self.list, self.map):
            self._views.add(view)
            view.opened.connect(self._on_opened)
            view.installEventFilter(self._keys)
        self.mover = BedMover(workplace, self.map, self._searching)
        self._tie()
        self._pages = Pages(self._views)
        box = QVBoxLayout(self)
        gap = theme.px(16)
        box.setContentsMargins(gap, theme.px(10), gap, theme.px(12))
        box.setSpacing(theme.px(10))
        box.addWidget(self.head)
        box.addWidget(self.assigning)
        box.addWidget(self.mover)
        box.addWidget(self._pages, 1)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._read)
        self.head.show_order(self._order)
        self.head.show_map(False)
        self.setFocusProxy(self.list)
        self._pages.show_loading()

    def _tie(self) -> None:
        self.head.order_chosen.connect(self.sort_by)
        self.head.map_chosen.connect(self.show_map)
        self.head.typed.connect(self._on_typed)
        self.head.mine_chosen.connect(self.show_mine)
        self.assigning.closed.connect(self._on_assigned)

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
        if changes.ward or changes.queue or self._people() & changes.patients:
            self._read()

    def patient(self) -> PatientId | None:
        """Who lies in the bed with the cursor."""
        bed = self.model.bed(self._view().currentIndex().row())
        return bed.occupant.who.patient if bed is not None and bed.occupant is not None else None

    def offers(self) -> frozenset[str]:
        """Orders, views, whose patients, reading again."""
        return frozenset({*_ORDERS, "toggle_view", "refresh", "my_patients", "assign"})

    def perform(self, action_id: str) -> bool:
        """Do one of `offers`."""
        if action_id in _ORDERS:
            self.sort_by(_ORDERS[action_id])
        elif action_id == "toggle_view":
            self.show_map(self._view() is self.list)
        elif action_id == "refresh":
            self._read()
        elif action_id == "my_patients":
            self.show_mine(not self.workplace.settings.get(MY_PATIENTS))
        elif action_id == "assign":
            self._assign()
        return action_id in self.offers()

    @Slot(str)
    def sort_by(self, order: Order) -> None:
        """Show the beds in another order."""
        self._order = order
        self.head.show_order(order)
        self._show()
        self._view().setFocus()

    @Slot(bool)
    def show_mine(self, shown: bool) -> None:
        """Show only one's own patients, here and on the other lists of the ward, or everybody."""
        self.workplace.settings.put(MY_PATIENTS, shown)
        if shown and self._board is not None and not has_own(self._board, self._person()):
            self.workplace.navigator.toast(tr("Nobody is assigned to you now: all are shown."))
        self._show()
        self._view().setFocus()

    @Slot(bool)
    def show_map(self, shown: bool) -> None:
        """Show the map (in the order of the beds) or the list; the cursor stays on its bed."""
        at = self._view().currentIndex().row()
        self._views.bring(self.map if shown else self.list)
        self.setFocusProxy(self._view())
        self.head.show_map(shown)
        self._put_cursor(max(at, 0))
        self.sort_by("bed" if shown else "risk")

    def _searching(self) -> bool:
        return bool(self.head.search.text())

    def _view(self) -> QAbstractItemView:
        return self.map if self._views.front() is self.map else self.list

    def _people(self) -> frozenset[PatientId]:
        """Everybody on the ward, in sight or not."""
        beds = self._board.beds if self._board is not None else ()
        return frozenset(bed.occupant.who.patient for bed in beds if bed.occupant is not None)

    def _person(self) -> str:
        return self.workplace.desk.person.id

    def _assign(self) -> None:
        """Ask for a nurse for the ticked patients, or for the one with the cursor."""
        chosen = self.model.chosen(self._view().currentIndex().row())
        if chosen:
            self.assigning.open_for(chosen)

    @Slot()
    def _on_assigned(self) -> None:
        self.model.show_ticks(frozenset())
        self._view().setFocus()

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
        """Arrange what was read; the cursor stays on its bed.

        While a terminal's first sync still brings the ward, the first line is whoever came first:
        there the cursor stays on the first line, which is the sickest of those who have come.
        """
        if self._board is None:
            return
        row, packs = self._view().currentIndex().row(), self.workplace.packs
        current = None if row == 0 and self._partial else self.model.bed(row)
        self._partial = packs is not None and packs.data_as_of is None
        typed = self.head.search.text()
        mine = self.workplace.settings.get(MY_PATIENTS)
        self.head.show_mine(mine)
        beds = arrange(self._board, self._order, typed, self._person() if mine else "")
        self.model.show_beds(beds, self._board.as_of)
        self.head.show_board(self._board, len(beds))
        if beds:
            self._pages.show_content()
            self._put_cursor(_place_of(current, beds))
        else:
            self._pages.show_empty(*_why_empty(self._board, typed))

    def _put_cursor(self, row: int) -> None:
        self._view().setCurrentIndex(self.model.index(row, 0))

    @Slot(str)
    def _on_typed(self, _text: str) -> None:
        self._show()
        if self.head.search.text() and self.model.rowCount():
            self._put_cursor(0)

    def _open_row(self, row: int) -> None:
        self._on_opened(self.model.bed(row))

    @Slot(object)
    def _on_opened(self, bed: Bed | None) -> None:
        if bed is not None and bed.occupant is not None:
            self.workplace.navigator.open_chart(bed.occupant.who.patient)
        elif bed is not None:
            self.mover.admit_to(bed)


def _why_empty(board: WardBoard, typed: str) -> tuple[str, str]:
    """What to say where no bed is in sight, and what to do about it."""
    if typed:
        return (
            tr("Nobody on this ward fits “{typed}”.", typed=typed),
            tr("Esc shows all beds again. Ctrl+F looks through the whole hospital."),
        )
    if not board.ward:  # nothing of it was ever pulled
        return (
            tr("The ward's record is still on its way."),
            tr("It comes with the first sync; the strip below says how that stands."),
        )
    return (
        tr("This ward has no beds yet."),
        tr("Beds come from the hospital's server with the first sync."),
    )


def _place_of(bed: Bed | None, beds: tuple[Bed, ...]) -> int:
    if bed is None:
        return 0
    who = bed.occupant.who.patient if bed.occupant else None
    found = [(other.id, other.occupant.who.patient if other.occupant else None) for other in beds]
    beds_alone = [own for own, _ in found]
    if (bed.id, who) in found:
        return found.index((bed.id, who))
    return beds_alone.index(bed.id) if bed.id in beds_alone else 0
