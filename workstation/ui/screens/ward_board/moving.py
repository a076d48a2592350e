"""Moving people on the bed map: pick up with M, walk, put down with Enter; or drag and drop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import EncounterId
from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services import stay_corrections, stays
from workstation.services.ward_board import Bed, Occupant
from workstation.ui.screens.ward_board import wording
from workstation.ui.screens.ward_board.bed_map import BedMap
from workstation.ui.screens.ward_board.model import BED_ROLE
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.confirm import ConfirmPanel
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_RIGHT = "move-patients"


class BedMover(QFrame):
    """The line above the map that says who is being moved, and the keys that do it."""

    def __init__(self, workplace: Workplace, beds: BedMap, searching: Callable[[], bool]) -> None:
        """Watch a map.

        Args:
            workplace: What it works with.
            beds: The map.
            searching: Whether letters belong to the search now.
        """
        super().__init__()
        self.workplace = workplace
        self._map, self._searching = beds, searching
        self._from: Bed | None = None
        self.question: ConfirmPanel | None = None
        self.setProperty("card", True)
        self._words = label("", "strong", "accent", wrap=True)
        self._box = QVBoxLayout(self)
        gap = theme.px(8)
        self._box.setContentsMargins(gap, theme.px(4), gap, theme.px(4))
        self._box.addWidget(self._words)
        self.hide()
        beds.installEventFilter(self)
        beds.dropped.connect(self._on_dropped)
        beds.set_movable(self._may())

    def moving(self) -> bool:
        """Whether somebody is picked up."""
        return self._from is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """M picks up, A admits to an empty bed; while moving Enter puts down and Escape stops."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        bed: Bed | None = self._map.currentIndex().data(BED_ROLE)
        if event.modifiers() & ~_PLAIN:
            return False
        if self._from is not None:
            return self._carrying(event, bed)
        return bed is not None and not self._searching() and self._beginning(event, bed)

    def _beginning(self, event: QKeyEvent, bed: Bed) -> bool:
        """Begin what a letter stands for on this bed, if it stands for anything."""
        if event.key() == Qt.Key.Key_M and bed.occupant is not None and self._may():
            self.pick_up(bed)
        elif event.key() == Qt.Key.Key_A and bed.occupant is None and self._may():
            self.admit_to(bed)
        else:
            return False
        return True

    def admit_to(self, bed: Bed) -> None:
        """Ask who comes to an empty bed."""
        if not self._may():
            self.workplace.navigator.toast(tr("Bed {bed} is empty.", bed=bed.name))
            return
        self.workplace.navigator.open_screen("stays", bed=bed.id, bed_name=bed.name)

    def pick_up(self, bed: Bed) -> None:
        """Begin to move whoever lies in a bed."""
        if bed.occupant is None:
            return
        self._from = bed
        self._map.carry(bed.occupant.who.encounter)
        self._words.setText(
            tr(
                "Moving {name} from bed {bed}: arrows to another bed, Enter puts them there,"
                " Esc stops.",
                name=wording.name_text(bed.occupant.who),
                bed=bed.name or "–",
            )
        )
        self.show()

    def stop(self) -> None:
        """Put nobody anywhere."""
        self._from = None
        self._map.carry("")
        self._drop_question()
        self.hide()

    def _may(self) -> bool:
        return holds(self.workplace.desk.person.role, _RIGHT)

    def _carrying(self, event: QKeyEvent, bed: Bed | None) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.stop()
        elif event.key() in _ENTER and bed is not None and self._from is not None:
            self._on_dropped(self._from, bed)
        elif not event.text().strip():
            return False  # arrows walk
        return True

    @Slot(object, object)
    def _on_dropped(self, source: Bed, target: Bed) -> None:
        """Put somebody into a bed, or offer that both change beds."""
        who = source.occupant
        if who is None or target.id == source.id or not target.id:
            self.stop()
        elif target.occupant is None:
            self.stop()
            self._move(who, target)
        else:
            self._ask(source, who, target, target.occupant)

    def _move(self, who: Occupant, target: Bed) -> None:
        stay, desk = who.who.encounter, self.workplace.desk
        said = tr("{name} is in bed {bed} now.", name=wording.name_text(who.who), bed=target.name)
        self._do(lambda: stays.move(desk, stay, target.id), said, (stay,))

    def _ask(self, source: Bed, who: Occupant, target: Bed, other: Occupant) -> None:
        self._drop_question()
        mine, theirs = wording.name_text(who.who), wording.name_text(other.who)
        both = (who.who.encounter, other.who.encounter)
        desk = self.workplace.desk
        said = tr("{name} and {other} have changed beds.", name=mine, other=theirs)

        def swap() -> None:
            self.stop()
            self._do(lambda: stays.swap(desk, *both, seen_in=(source.id, target.id)), said, both)

        self.question = ConfirmPanel(
            tr("{other} lies in bed {bed}. Let both change beds?", other=theirs, bed=target.name),
            tr("Change beds"),
            swap,
            detail=tr("{name} goes to bed {bed}, {other} to bed {own}.", name=mine,
                      bed=target.name, other=theirs, own=source.name),
        )  # fmt: skip
        self._words.hide()
        self._box.addWidget(self.question)
        self.question.closed.connect(self._on_answered)
        self.show()
        self.question.ask()

    def _on_answered(self) -> None:
        self.stop()
        self._map.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_question(self) -> None:
        self._words.show()
        if self.question is not None:
            self._box.removeWidget(self.question)
            self.question.deleteLater()
            self.question = None

    def _do(self, write: Callable[[], Changes], said: str, taken: tuple[EncounterId, ...]) -> None:
        place, desk = self.workplace, self.workplace.desk

        def undo() -> None:
            place.tasks.command(lambda: stay_corrections.undo(desk, taken), failed=self._on_refused)

        place.tasks.command(
            write,
            done=lambda _changes: place.navigator.toast(said, undo),
            failed=self._on_refused,
            owner=self,
        )
        self._map.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self.workplace.navigator.toast(explain(error).line)
