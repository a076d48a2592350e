"""The way in: set-up on a new terminal, else log-in; asks the terminal off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from workstation.kernel.errors import Damaged, WorkstationError
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.set_up import SetUpPage
from workstation.ui.shell.terminal import Front, SetUp
from workstation.ui.toolkit.widgets.stack import FrontLayout

if TYPE_CHECKING:
    from workstation.kernel.clock import Clock
    from workstation.kernel.ids import PersonId
    from workstation.ui.shell.terminal import Terminal
    from workstation.ui.toolkit.tasks import TaskRunner


class Entrance(QWidget):
    """Nothing of a patient shows here.

    Signals:
        opened: Somebody is in. arg 0: their Desk.
        damaged: The record cannot be opened. arg 0: the error.
    """

    opened = Signal(object)
    damaged = Signal(object)

    def __init__(
        self,
        terminal: Terminal,
        tasks: TaskRunner,
        clock: Clock,
        locked_by: PersonId | None,
        switch_language: Callable[[], object],
    ) -> None:
        """Prepare both pages.

        Args:
            terminal: What stands behind the window.
            tasks: The bridge to the store thread.
            clock: Where times come from.
            locked_by: Who locked the screen, if somebody did.
            switch_language: Changes the language of the program.
        """
        super().__init__()
        self._terminal, self._tasks, self._clock = terminal, tasks, clock
        self._locked_by = locked_by
        self._stack = FrontLayout(self)
        self._log_in = LogInPage(self._on_entered, switch_language)
        self._set_up = SetUpPage(self._on_test, self._on_set_up, switch_language)
        self._stack.addWidget(self._log_in)
        self._stack.addWidget(self._set_up)

    def start(self) -> None:
        """Look who uses this terminal."""
        self._tasks.query(self._terminal.front, done=self._on_front, failed=self._on_failed)

    @Slot(object)
    def _on_front(self, front: Front) -> None:
        if not front.people:
            self._stack.setCurrentWidget(self._set_up)
            self._set_up.start()
            return
        self._stack.setCurrentWidget(self._log_in)
        self._log_in.show_front(front, self._clock.now(), self._locked_by)

    def _on_entered(self, person: PersonId, pin: str) -> None:
        self._tasks.query(
            lambda: self._terminal.unlock(person, pin), done=self.opened.emit,
            failed=self._on_refused, owner=self,
        )  # fmt: skip

    def _on_refused(self, error: WorkstationError) -> None:
        if isinstance(error, Damaged):
            self.damaged.emit(error)
        else:
            self._log_in.show_refusal(error)

    def _on_failed(self, error: WorkstationError) -> None:
        self.damaged.emit(error)

    def _on_test(self, server: str) -> None:
        self._tasks.query(
            lambda: self._terminal.wards_of(server), done=self._set_up.show_wards,
            failed=self._set_up.show_no_server, owner=self,
        )  # fmt: skip

    def _on_set_up(self, choice: SetUp) -> None:
        self._tasks.query(
            lambda: self._enter_first(choice), done=self.opened.emit,
            failed=self._set_up.show_refusal, owner=self,
        )  # fmt: skip

    def _enter_first(self, choice: SetUp) -> object:
        return self._terminal.unlock(self._terminal.set_up(choice), choice.pin)
