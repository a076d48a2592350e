"""Keeps the downtime pack of the ward young, in small steps between what people do."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workstation.kernel import settings as table
from workstation.kernel import words
from workstation.kernel.errors import Refused, WorkstationError

if TYPE_CHECKING:  # what makes papers takes long to import: not on the window's thread
    from workstation.kernel.settings import Settings
    from workstation.services.desk import Desk
    from workstation.services.downtime_pack import Census, Frame, Kept, PackMaker, PackPatient
    from workstation.services.paper import House
    from workstation.ui.toolkit.tasks import Progress, TaskRunner

_FIRST_LOOK_MS: Final = 20_000
"""After a log-in the person comes first."""
_LOOK_MS: Final = 60_000
_PAGES_A_STEP: Final = 4
"""So few that other slow work, such as a paper asked for, waits for a moment only."""


class PackRenewal(QObject):
    """The pack of this terminal: what is kept, and the one that is being made.

    Everything is asked for in steps: one patient at a time on the store thread, some pages at a
    time beside it, so that nobody waits.

    Signals:
        changed: Another pack is kept, or the making of one has come farther.
    """

    changed = Signal()

    def __init__(
        self, desk: Desk, tasks: TaskRunner, settings: Settings, parent: QObject | None = None
    ) -> None:
        """Do nothing yet.

        Args:
            desk: Who is logged in.
            tasks: The bridge to the threads.
            settings: How often, and who issues papers.
            parent: Ends it.
        """
        super().__init__(parent)
        self._desk, self._tasks, self._settings = desk, tasks, settings
        self.data_as_of: datetime | None = None
        self.pack: Kept | None = None
        self.looked = False
        self.error: WorkstationError | None = None
        self._round = 0
        self._progress: tuple[int, int] | None = None
        self._people: list[PackPatient] = []

    def start(self) -> None:
        """Look from time to time from now on."""
        timer = QTimer(self, interval=_LOOK_MS)
        timer.timeout.connect(self.look)
        timer.start()
        QTimer.singleShot(_FIRST_LOOK_MS, self, self.look)

    @property
    def made_at(self) -> datetime | None:
        """When the pack that is kept was made (aware); None without one."""
        return self.pack.made_at if self.pack is not None else None

    @property
    def progress(self) -> tuple[int, int] | None:
        """Steps done and in all of the pack that is being made; None when none is."""
        return self._progress

    @Slot()
    def look(self) -> None:
        """Read what is kept the first time; make another when it is too old."""
        safe = self._desk.safe
        if self._tasks.closed:
            return
        if safe is None:
            self._on_failed(Refused("key-not-known"))
            return
        if self.looked:
            self._renew_if_old()
            return

        def read(_progress: Progress) -> Kept | None:
            from workstation.services import downtime_pack

            return downtime_pack.kept(safe)

        self._tasks.slow(read, done=self._on_looked, failed=self._on_failed)

    @Slot()
    def renew(self) -> None:
        """Make another pack now, unless one is being made."""
        if self._progress is not None:
            return
        if self._desk.safe is None:
            self._on_failed(Refused("key-not-known"))
            return
        self._round += 1
        self._progress, self.error, self._people = (0, 1), None, []
        self.changed.emit()
        desk, own = self._desk, self._round

        def read() -> Census:
            from workstation.services import downtime_pack

            return downtime_pack.census(desk)

        self._tasks.query(
            read, done=lambda found: self._begin(own, found), failed=self._on_failed, owner=self
        )

    @Slot()
    def cancel(self) -> None:
        """Stop making one; what is kept stays."""
        self._round += 1
        self._progress = None
        self.changed.emit()

    def _renew_if_old(self) -> None:
        most = timedelta(minutes=self._settings.get(table.PACK_MINUTES))
        made = self.made_at
        if made is None or self._desk.now() - made >= most:
            self.renew()

    @Slot(object)
    def _on_looked(self, found: Kept | None) -> None:
        if not self.looked:
            self.looked, self.pack = True, found
            self.changed.emit()
        self._renew_if_old()

    def _begin(self, own: int, found: Census) -> None:
        if own == self._round:
            self._read_next(own, found, self._frame(), 0)

    def _read_next(self, own: int, found: Census, frame: Frame, place: int) -> None:
        """One patient on the store thread, then the next."""
        if place == len(found.occupants):
            self._lay_out(own, found, frame)
            return
        desk, occupant = self._desk, found.occupants[place]

        def read() -> PackPatient | None:
            from workstation.services import downtime_pack

            return downtime_pack.person(desk, occupant, frame)

        def go_on(person: PackPatient | None) -> None:
            if own != self._round:
                return
            if person is not None:
                self._people.append(person)
            self._tell(place + 1, 2 * len(found.occupants))
            self._read_next(own, found, frame, place + 1)

        self._tasks.query(read, done=go_on, failed=self._on_failed, owner=self)

    def _lay_out(self, own: int, found: Census, frame: Frame) -> None:
        desk, people = self._desk, tuple(self._people)

        def lay_out(_progress: Progress) -> PackMaker:
            from workstation.services import downtime_pack

            return downtime_pack.maker(desk, found, people, frame)

        self._tasks.slow(
            lay_out,
            done=lambda made: self._draw_next(own, found, frame, made),
            failed=self._on_failed,
            owner=self,
        )

    def _draw_next(self, own: int, found: Census, frame: Frame, made: PackMaker) -> None:
        """Some pages on the second thread, then the next."""
        if own != self._round:
            return
        count = len(made.sheets)
        self._tell(count + made.done, 2 * count)

        def go_on(more: bool) -> None:
            (self._draw_next if more else self._keep)(own, found, frame, made)

        self._tasks.slow(
            lambda _progress: made.step(_PAGES_A_STEP),
            done=go_on,
            failed=self._on_failed,
            owner=self,
        )

    def _keep(self, own: int, found: Census, frame: Frame, made: PackMaker) -> None:
        safe = self._desk.safe
        if own != self._round or safe is None:
            return

        def keep(_progress: Progress) -> Kept:
            from workstation.services import downtime_pack

            return downtime_pack.keep(safe, made, found, frame.data_as_of)

        self._tasks.slow(keep, done=self._on_kept, failed=self._on_failed)

    @Slot(object)
    def _on_kept(self, pack: Kept) -> None:
        self.pack, self.looked, self._progress, self._people = pack, True, None, []
        self.changed.emit()

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self.error, self._progress, self.looked = error, None, True
        self.changed.emit()

    def _tell(self, done: int, total: int) -> None:
        self._progress = (done, total)
        self.changed.emit()

    def _frame(self) -> Frame:
        from workstation.services.assignment import shifts_to_assign
        from workstation.services.downtime_pack import Frame

        asked = self._settings
        hours, starts = asked.get(table.SHIFT_HOURS), asked.get(table.DAY_STARTS)
        shift = shifts_to_assign(self._desk.now(), hours, starts)[0]
        return Frame(self._house(), shift, words.language(), self.data_as_of)

    def _house(self) -> House:
        from workstation.services.fluid_balance_sheet import Plan
        from workstation.services.paper import House

        asked = self._settings
        return House(
            authority=asked.get(table.AUTHORITY),
            hospital=asked.get(table.HOSPITAL),
            look_up=asked.get(table.LOOK_UP),
            plan=Plan(
                asked.get(table.SHIFT_HOURS), time.fromisoformat(asked.get(table.DAY_STARTS))
            ),
        )
