"""Where screens stand while somebody is logged in: one in front, the way back behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.ui.shell import screens
from workstation.ui.toolkit.pack_renewal import PackRenewal
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.stack import FrontLayout
from workstation.ui.toolkit.workplace import Behind, Workplace

if TYPE_CHECKING:
    from workstation.kernel.clock import Clock
    from workstation.kernel.settings import Settings
    from workstation.services.desk import Desk
    from workstation.ui.toolkit.tasks import TaskRunner

_MOST_STEPS_BACK = 20
Place = tuple[str, dict[str, object]]
Toasting = Callable[[str, Callable[[], None] | None, bool], None]
"""Shows words with a way back, which lasts or does not."""


class WorkArea(QWidget):
    """The navigator of one logged-in person.

    Signals:
        moved: Another screen is in front. arg 0: its id.
    """

    moved = Signal(str)

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        settings: Settings,
        clock: Clock,
        toast: Toasting,
        *,
        behind: Behind | None = None,
    ) -> None:
        """Start without a screen.

        Args:
            desk: Who works here, on which record.
            tasks: The bridge to the store thread.
            settings: The values in force.
            clock: Where times come from.
            toast: Shows a quiet word with a way back.
            behind: What screens are given beside the record; None where there is nothing.
        """
        super().__init__()
        self.packs = PackRenewal(desk, tasks, settings, self)
        self.workplace = Workplace(
            desk, tasks, self, settings, clock,
            restorer=behind.restorer if behind else None,
            colleagues=behind.colleagues if behind else None,
            packs=self.packs,
        )  # fmt: skip
        self._toast = toast
        self._stack = FrontLayout(self)
        self._made: dict[str, Screen] = {}
        self._way: list[Place] = []
        tasks.changed.connect(self._on_changed)

    def open_chart(self, patient: PatientId, tab: str = "summary") -> None:
        """Show one patient's chart."""
        self.open_screen("chart", patient=patient, tab=tab)

    def open_screen(self, screen_id: str, **arguments: object) -> None:
        """Show a screen, unless the one in front must not be left."""
        current = self.current()
        if current is not None and not current.can_leave():
            return
        self._way = [*self.way()[-_MOST_STEPS_BACK:], (screen_id, arguments)]
        self._show(screen_id, arguments)

    def toast(
        self, text: str, undo: Callable[[], None] | None = None, *, lasting: bool = True
    ) -> None:
        """Say quietly that something was done."""
        self._toast(text, undo, lasting)

    def back(self) -> None:
        """Go where one was before."""
        current = self.current()
        if len(self._way) > 1 and (current is None or current.can_leave()):
            self._way.pop()
            self._show(*self._way[-1])

    def front(self) -> str:
        """Id of the screen in front; empty while there is none."""
        return self._way[-1][0] if self._way else ""

    def current(self) -> Screen | None:
        """The screen in front."""
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, Screen) else None

    def way(self) -> list[Place]:
        """Where one is and came from, to take up again after a change of language."""
        current = self.current()
        if current is None or not self._way:
            return list(self._way)
        screen_id, arguments = self._way[-1]
        return [*self._way[:-1], (screen_id, {**arguments, **current.place()})]

    def take_up(self, way: list[Place]) -> None:
        """Go on where `way` ended."""
        self._way = list(way)
        self._show(*self._way[-1])

    def resume(self) -> None:
        """Come back to the screen that was in front before the lock."""
        current = self.current()
        if current is not None:
            current.activate()
            self.moved.emit(self._way[-1][0])

    def keep_drafts(self) -> None:
        """Let every screen write down what is typed and not yet saved."""
        for screen in self._made.values():
            screen.can_leave()

    def _show(self, screen_id: str, arguments: dict[str, object]) -> None:
        screen = self._made.get(screen_id)
        if screen is None:
            screen = screens.make(screen_id, self.workplace, self)
            self._made[screen_id] = screen
            self._stack.addWidget(screen)
        screen.setEnabled(True)  # where it is sent may be a field
        screen.arrive(**arguments)
        self._stack.bring(screen)
        screen.activate()
        self.moved.emit(screen_id)

    @Slot(object, object)
    def _on_changed(self, changes: Changes, initiator: object) -> None:
        for screen in self._made.values():
            if screen is not initiator:
                screen.on_changed(changes)
