"""Keeps the downtime pack of the ward young, in small steps between what people do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workstation.kernel import settings as table
from workstation.kernel.errors import Refused, WorkstationError
from workstation.ui.toolkit.pack_making import PackMaking

if TYPE_CHECKING:  # what makes papers takes long to import: not on the window's thread
    from workstation.kernel.settings import Settings
    from workstation.services.desk import Desk
    from workstation.services.downtime_pack import Kept
    from workstation.ui.toolkit.tasks import Progress, TaskRunner

_FIRST_LOOK_MS: Final = 20_000
"""After a log-in the person comes first."""
_LOOK_MS: Final = 60_000


class PackRenewal(QObject):
    """The pack of this terminal: what is kept, and the one that is being made.

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
        self.progress: tuple[int, int] | None = None
        """Steps done and in all of the pack that is being made; None when none is."""
        self._making: PackMaking | None = None

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
        safe = self._desk.safe
        if self.progress is not None:
            return
        if safe is None:
            self._on_failed(Refused("key-not-known"))
            return
        self.progress, self.error = (0, 1), None
        making = PackMaking(
            self._desk, self._tasks, safe, self._settings, data_as_of=self.data_as_of, parent=self
        )
        making.told.connect(self._on_told)
        making.kept.connect(self._on_kept)
        making.failed.connect(self._on_failed)
        self._making = making
        self.changed.emit()
        making.start()

    @Slot()
    def cancel(self) -> None:
        """Stop making one; what is kept stays."""
        self._end()
        self.changed.emit()

    def _renew_if_old(self) -> None:
        most = timedelta(minutes=self._settings.get(table.PACK_MINUTES))
        made = self.made_at
        if made is None or self._desk.now() - made >= most:
            self.renew()

    def _end(self) -> None:
        self.progress = None
        if self._making is not None:
            self._making.cancel()
            self._making.deleteLater()
            self._making = None

    @Slot(object)
    def _on_looked(self, found: Kept | None) -> None:
        if not self.looked:
            self.looked, self.pack = True, found
            self.changed.emit()
        self._renew_if_old()

    @Slot(int, int)
    def _on_told(self, done: int, total: int) -> None:
        self.progress = (done, total)
        self.changed.emit()

    @Slot(object)
    def _on_kept(self, pack: Kept) -> None:
        self.pack, self.looked = pack, True
        self._end()
        self.changed.emit()

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self.error, self.looked = error, True
        self._end()
        self.changed.emit()
