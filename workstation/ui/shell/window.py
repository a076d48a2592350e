"""The window: entrance, work area, bar and strip; it ties them and knows no patient."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSizePolicy, QWidget

from workstation.kernel import settings as table
from workstation.kernel import words
from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.ui.shell import commands, faults, rescue, screens
from workstation.ui.shell.entrance import Entrance
from workstation.ui.shell.idle_lock import IdleLock
from workstation.ui.shell.settings_screen import SettingsScreen
from workstation.ui.shell.terminal_screen import TerminalScreen
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import ACTIONS, ActionSpec
from workstation.ui.toolkit.widgets.stack import Stack

if TYPE_CHECKING:  # the workbench brings the store along, which the log-in window does without
    from workstation.kernel.clock import Clock
    from workstation.kernel.settings import Settings
    from workstation.services.desk import Desk
    from workstation.sync.status import SyncStatus
    from workstation.ui.shell.terminal import Terminal
    from workstation.ui.shell.work_area import Place
    from workstation.ui.shell.workbench import Workbench
    from workstation.ui.toolkit.tasks import TaskRunner
    from workstation.ui.toolkit.tokens import ThemeName

_TICK_MS = 15_000


class Window(QMainWindow):
    """One terminal's only window.

    While somebody works the workbench is in front. A lock lays the entrance over it and keeps it
    as it is, so that what was typed is there when the same person comes back.

    Signals:
        closed: The person wants to end the program; drafts are kept already.
    """

    closed = Signal()

    def __init__(
        self, terminal: Terminal, tasks: TaskRunner, settings: Settings, clock: Clock
    ) -> None:
        """Show the entrance.

        Args:
            terminal: What stands behind the window.
            tasks: The bridge to the store thread.
            settings: The values in force.
            clock: Where times come from.
        """
        super().__init__()
        self._terminal, self._tasks, self._settings, self._clock = terminal, tasks, settings, clock
        self._desk: Desk | None = None
        self._bench: Workbench | None = None
        self._way: list[Place] = []
        self._pages = Stack()
        self.setCentralWidget(self._pages)
        self._idle = IdleLock(_application(), self.lock, self)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(lambda: self.show_status(self._terminal.status()))
        self._tick.start()
        commands.install(self, self.do)
        self.dress()

    @property
    def bench(self) -> Workbench | None:
        """What somebody works on now; None before log-in, while locked and on a fault page."""
        front = self._pages.front()
        return self._bench if front is self._bench else None

    def dress(self) -> None:
        """Take language, theme and size from the settings and build all that shows anew."""
        working = self.bench is not None
        _wear(self._settings)
        self._drop_bench()
        if working and self._desk is not None:
            self._work(self._desk)
        else:
            self._enter()

    def lock(self) -> None:
        """Hide everything and ask for a PIN; what was typed stays as it is."""
        if self.bench is not None:
            self.bench.put_away()
            self.bench.area.keep_drafts()
            self._enter()

    def show_status(self, status: SyncStatus) -> None:
        """Say where sync stands."""
        if self._bench is not None:
            self._bench.show_status(status)

    def show_damage(self, error: WorkstationError) -> None:
        """Fill the window with what is wrong with the record."""
        self._drop_bench()
        self._desk = None
        more = rescue.offers(error, self._terminal.safe, self._tasks)
        self._front(faults.damaged_page(error, self._enter, self._end, *more))

    def show_crash(self, number: str) -> None:
        """Fill the window with a bug's number; work goes on at the log-in."""
        self._idle.stop()
        self._front(faults.crash_page(number, self._after_crash, self._end))

    def do(self, spec: ActionSpec) -> None:
        """Do an action, if it makes sense now."""
        obstacle = self._obstacle(spec)
        own = None if obstacle else self._own_actions().get(spec.id)
        if own is not None:
            own()
        elif self.bench is not None:
            self.bench.do(spec, obstacle)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep drafts, then let the program end."""
        self._drop_bench()
        super().closeEvent(event)
        self.closed.emit()

    def _own_actions(self) -> dict[str, Callable[[], object]]:
        return {
            "lock": self.lock,
            "language": lambda: self._turn(table.LANGUAGE, "vi", "en"),
            "theme": lambda: self._turn(table.THEME, "light", "dark"),
            "sync_now": self._sync_now,
            "palette": self._offer,
        }

    def _obstacle(self, spec: ActionSpec) -> str:
        bench = self.bench
        role = self._desk.person.role if bench and self._desk else None
        screen = bench.area.current() if bench else None
        return commands.obstacle(spec, screen, role, frozenset(screens.SCREENS))

    def _offer(self) -> None:
        if self.bench is not None:
            self.bench.offer([(spec, self._obstacle(spec)) for spec in ACTIONS])

    def _turn(self, setting: table.Setting[str], one: str, other: str) -> None:
        self._settings.put(setting, other if self._settings.get(setting) == one else one)
        self.dress()

    def _sync_now(self) -> None:
        self._tasks.query(self._terminal.sync_now, done=lambda _: None, owner=self)

    def _enter(self) -> None:
        self._idle.stop()
        locked_by = self._desk.person.id if self._desk is not None else None
        turn_language = self._own_actions()["language"]
        entrance = Entrance(self._terminal, self._tasks, self._clock, locked_by, turn_language)
        entrance.opened.connect(self._on_opened)
        entrance.damaged.connect(self.show_damage)
        self._front(entrance)
        self.setWindowTitle(tr("Locked · Ward Workstation") if locked_by else "Ward Workstation")
        entrance.start()

    def _work(self, desk: Desk) -> None:
        self._desk = desk
        if self._bench is None:
            surroundings = (desk, self._tasks, self._settings, self._clock, self.do)
            from workstation.ui.shell.workbench import Workbench

            bench = Workbench(*surroundings, behind=self._terminal)
            self._bench = bench
            bench.area.moved.connect(self._on_moved)
            self._front(bench)
            bench.area.take_up(self._way or [(_first(self._settings), {})])
        else:
            self._front(self._bench)
            self._bench.area.resume()
        self._bench.show_status(self._terminal.status())
        self._idle.start(self._settings.get(table.IDLE_LOCK))

    def _front(self, page: QWidget) -> None:
        _bring(self._pages, page, self._bench)

    def _drop_bench(self) -> None:
        bench, self._bench = self._bench, None
        if bench is not None:
            bench.area.keep_drafts()
            self._way = bench.area.way()
            self._pages.remove(bench)
            bench.deleteLater()

    def _end(self) -> None:
        self.close()

    def _after_crash(self) -> None:
        self._drop_bench()
        self._way = []
        self._enter()

    def _on_opened(self, desk: Desk) -> None:
        if self._desk is None or desk.person.id != self._desk.person.id:
            self._drop_bench()
            self._way = []
        before = _dress_code(self._settings)
        self._settings.become(desk.person.id)
        if _dress_code(self._settings) != before:
            _wear(self._settings)
            self._drop_bench()
        self._work(desk)

    def _on_moved(self, screen_id: str) -> None:
        if self._bench is None:
            return
        self._bench.bar.mark(screen_id)
        screen = self._bench.area.current()
        if screen is not None:
            self.setWindowTitle(f"{screen.title()} · Ward Workstation")
        if isinstance(screen, SettingsScreen):
            screen.applied = self._on_applied
        if isinstance(screen, TerminalScreen):
            screen.attach(self._terminal, self._on_joined)

    def _on_joined(self) -> None:
        # The desk was laid for no ward; the next log-in lays it for the one chosen.
        QTimer.singleShot(0, self, self._log_out)

    def _log_out(self) -> None:
        self._desk = None
        self._after_crash()

    def _on_applied(self) -> None:
        # The screen that asks is deleted by it: let its call return first.
        QTimer.singleShot(0, self, self.dress)


def _wear(settings: Settings) -> None:
    words.use("en" if settings.get(table.LANGUAGE) == "en" else "vi")
    name: ThemeName = "dark" if settings.get(table.THEME) == "dark" else "light"
    theme.use(_application(), name, settings.get(table.SCALE))


def _first(settings: Settings) -> str:
    """Where a person starts; with a server and no ward yet, at the enrolment."""
    joins = settings.get(table.SERVER) and not settings.get(table.WARD)
    return "terminal" if joins else screens.home()


def _bring(pages: Stack, page: QWidget, kept: QWidget | None) -> None:
    """Put a page in front; the one before it goes, unless it is kept: then it can take no keys."""
    before = pages.front()
    # However large the text is, the window keeps to the screen: the pages adapt.
    page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    pages.add(page)
    pages.bring(page)
    if before is not None and before is not kept and before is not page:
        pages.remove(before)
        before.deleteLater()


def _application() -> QApplication:
    running = QApplication.instance()
    if not isinstance(running, QApplication):
        raise TypeError("a window needs a QApplication")
    return running


def _dress_code(values: Settings) -> tuple[str, str, int]:
    return values.get(table.LANGUAGE), values.get(table.THEME), values.get(table.SCALE)
