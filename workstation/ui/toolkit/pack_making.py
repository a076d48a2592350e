"""One downtime pack in the making: patient after patient, then page after page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from workstation.kernel import settings as table
from workstation.kernel import words
from workstation.kernel.errors import WorkstationError

if TYPE_CHECKING:  # what makes papers takes long to import: not on the window's thread
    from workstation.kernel.settings import Settings
    from workstation.services.desk import Desk
    from workstation.services.downtime_pack import Census, Frame, Kept, PackMaker, PackPatient
    from workstation.services.safe import Safe
    from workstation.ui.toolkit.tasks import Progress, TaskRunner

_PAGES_A_STEP: Final = 4
"""So few that other slow work, such as a paper asked for, waits for a moment only."""


class PackMaking(QObject):
    """Reads on the store thread, draws beside it; what is kept is replaced at the very end.

    Signals:
        told: It has come farther. arg 0: steps done; arg 1: in all.
        kept: It is finished and kept. arg 0: the `Kept`.
        failed: It ended. arg 0: the error.
    """

    told = Signal(int, int)
    kept = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        safe: Safe,
        settings: Settings,
        *,
        data_as_of: datetime | None,
        parent: QObject,
    ) -> None:
        """Do nothing yet.

        Args:
            desk: Who is logged in.
            tasks: The bridge to the threads.
            safe: Where the pack is kept, and the key.
            settings: Who issues papers, how the ward divides its day.
            data_as_of: When the ward's data was last complete (aware); None if it never was.
            parent: Ends it.
        """
        super().__init__(parent)
        self._desk, self._tasks, self._safe, self._settings = desk, tasks, safe, settings
        self._data_as_of = data_as_of
        self._wanted = True
        self._people: list[PackPatient] = []
        self._found: Census | None = None
        self._frame: Frame | None = None

    def start(self) -> None:
        """Read who is on the ward, and go on from there."""
        desk = self._desk

        def read() -> Census:
            from workstation.services import downtime_pack

            return downtime_pack.census(desk)

        self._tasks.query(read, done=self._on_census, failed=self._on_failed)

    def cancel(self) -> None:
        """Stop after the step that runs."""
        self._wanted = False

    @Slot(object)
    def _on_census(self, found: Census) -> None:
        self._found, self._frame = found, self._framed()
        self._read_next(0)

    def _read_next(self, place: int) -> None:
        """One patient on the store thread, then the next."""
        found, frame, desk = self._found, self._frame, self._desk
        if not self._wanted or found is None or frame is None:
            return
        if place == len(found.occupants):
            self._lay_out(found, frame)
            return
        count = len(found.occupants)

        def read() -> PackPatient | None:
            from workstation.services import downtime_pack

            return downtime_pack.person(desk, found.occupants[place], frame)

        def go_on(person: PackPatient | None) -> None:
            self._people += [person] if person is not None else []
            if self._wanted:
                self.told.emit(place + 1, 2 * count)
            self._read_next(place + 1)

        self._tasks.query(read, done=go_on, failed=self._on_failed, owner=self)

    def _lay_out(self, found: Census, frame: Frame) -> None:
        desk, people = self._desk, tuple(self._people)

        def lay_out(_progress: Progress) -> PackMaker:
            from workstation.services import downtime_pack

            return downtime_pack.maker(desk, found, people, frame)

        self._tasks.slow(lay_out, done=self._draw_next, failed=self._on_failed)

    @Slot(object)
    def _draw_next(self, made: PackMaker) -> None:
        """Some pages on the second thread, then the next."""
        if not self._wanted:
            return
        count = len(made.sheets)
        self.told.emit(count + made.done, 2 * count)

        def go_on(more: bool) -> None:
            (self._draw_next if more else self._keep)(made)

        self._tasks.slow(
            lambda _progress: made.step(_PAGES_A_STEP),
            done=go_on,
            failed=self._on_failed,
            owner=self,
        )

    def _keep(self, made: PackMaker) -> None:
        safe, found, as_of = self._safe, self._found, self._data_as_of
        if not self._wanted or found is None:
            return

        def keep(_progress: Progress) -> Kept:
            from workstation.services import downtime_pack

            return downtime_pack.keep(safe, made, found, as_of)

        self._tasks.slow(keep, done=self.kept.emit, failed=self._on_failed, owner=self)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        if self._wanted:
            self.failed.emit(error)

    def _framed(self) -> Frame:
        from workstation.services.assignment import shifts_to_assign
        from workstation.services.downtime_pack import Frame
        from workstation.services.paper import house_of

        asked = self._settings
        hours, starts = asked.get(table.SHIFT_HOURS), asked.get(table.DAY_STARTS)
        shift = shifts_to_assign(self._desk.now(), hours, starts)[0]
        return Frame(house_of(asked), shift, words.language(), self._data_as_of)
