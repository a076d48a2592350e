"""Pictures of the screens as a person at a terminal of the drill would see them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from workstation.kernel import settings as table
from workstation.kernel.clock import Clock
from workstation.kernel.settings import Settings
from workstation.services.desk import Desk
from workstation.sync.status import SyncStatus

WIDTH: Final = 1366
HEIGHT: Final = 768
_SETTLE_S: Final = 1.2


class Camera:
    """Draws the workbench of a desk without a display.

    Args:
        folder: Of the terminal; its settings are read there.
        clock: Of the terminal.
        ward: Name of the ward, for the bar.
    """

    def __init__(self, folder: Path, clock: Clock, ward: str) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from PySide6.QtWidgets import QApplication

        from workstation.ui.toolkit import theme
        from workstation.ui.toolkit.tasks import TaskRunner

        running = QApplication.instance()
        self._application = (
            running if isinstance(running, QApplication) else QApplication(["drill"])
        )
        self._settings = Settings(folder / "settings")
        self._settings.put(table.WARD_NAME, ward)
        self._clock = clock
        self._tasks = TaskRunner()
        theme.use(self._application, "light")

    def take(
        self, desk: Desk, status: SyncStatus, screen: str, file: Path, **arguments: object
    ) -> None:
        """Draw one screen into a PNG file.

        Args:
            desk: Who looks.
            status: What the connection strip is to say.
            screen: Id of the screen.
            file: Where the picture goes; its name says nothing about a patient.
            arguments: What the screen is opened with.
        """
        from workstation.ui.shell.workbench import Workbench

        bench = Workbench(desk, self._tasks, self._settings, self._clock, lambda _spec: None)
        bench.resize(WIDTH, HEIGHT)
        bench.show()
        bench.area.take_up([(screen, arguments)])
        bench.show_status(status)
        self._settle()
        bench.grab().save(str(file), "PNG")
        bench.close()
        bench.deleteLater()
        self._settle(0.05)

    def close(self) -> None:
        """End the threads."""
        self._tasks.shutdown()

    def _settle(self, seconds: float = _SETTLE_S) -> None:
        """Let answers arrive and layouts come to rest."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._application.processEvents()
            time.sleep(0.005)
