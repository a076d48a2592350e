"""What fills the window while somebody works: bar, thin banner, screens, strip, panels on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workstation.kernel import settings as table
from workstation.kernel.words import tr
from workstation.services import keyboard_map
from workstation.ui.shell import commands
from workstation.ui.shell.connection_strip import ConnectionStrip, pack_line
from workstation.ui.shell.keyboard_help import KeyboardHelp, Place
from workstation.ui.shell.palette import Palette, Ways
from workstation.ui.shell.top_bar import TopBar
from workstation.ui.shell.undoing import Undoing
from workstation.ui.shell.work_area import WorkArea
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import BY_ID, ActionSpec
from workstation.ui.toolkit.plain_keys import every_key
from workstation.ui.toolkit.printing import Outgoing, Output
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.widgets.toast import Toast

if TYPE_CHECKING:
    from workstation.kernel.clock import Clock
    from workstation.kernel.ids import PatientId
    from workstation.kernel.settings import Settings
    from workstation.services.desk import Desk
    from workstation.sync.status import SyncStatus
    from workstation.ui.toolkit.tasks import TaskRunner
    from workstation.ui.toolkit.workplace import Behind

_BANNER_STAYS_MS = 12_000


class Workbench(QWidget):
    """Built anew for each person, and when language, theme or size change."""

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        settings: Settings,
        clock: Clock,
        do: Callable[[ActionSpec], None],
        *,
        behind: Behind | None = None,
    ) -> None:
        """Lay everything out, with no screen in front yet.

        Args:
            desk: Who works here, on which record.
            tasks: The bridge to the store thread.
            settings: The values in force.
            clock: Where times come from.
            do: Does an action.
            behind: What screens are given beside the record; None where there is nothing.
        """
        super().__init__()
        self._clock, self._role = clock, desk.person.role
        self._link = ""
        self.toast = Toast(self, self._feet)
        self.undoing = Undoing(self.toast, tasks, clock, self._where)
        self.area = WorkArea(desk, tasks, settings, clock, self.undoing.say, behind=behind)
        self.bar = TopBar(desk.person, settings.get(table.WARD_NAME), do)
        self._news, self._news_timer = self._thin_banner()
        self._strip = ConnectionStrip(
            lambda: do(BY_ID["sync_centre"]), lambda: do(BY_ID["sync_now"]), _limits(settings)
        )
        self.area.packs.changed.connect(self._on_pack_changed)
        self.area.packs.start()
        self._lay_out()
        self.palette_panel = Palette(self, desk, tasks, Ways(do, self.open_patient))
        self._output = Output(self, tasks, self.undoing.say)
        self.help = KeyboardHelp(self, self._print_map)

    def _thin_banner(self) -> tuple[QLabel, QTimer]:
        news = label("", "strong", "warn")
        news.setProperty("news", True)
        news.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4))
        news.hide()
        timer = QTimer(self, singleShot=True, interval=_BANNER_STAYS_MS)
        timer.timeout.connect(news.hide)
        return news, timer

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._news)
        column.addWidget(self.area, 1)
        column.addWidget(self._strip)

    def _feet(self) -> tuple[QWidget | None, ...]:
        screen = self.area.current()
        return self._strip, screen.foot() if screen is not None else None

    def _where(self) -> str:
        screen = self.area.current()
        return "" if screen is None else screen.about() or screen.title()

    def do(self, spec: ActionSpec, obstacle: str = "") -> None:
        """Do what concerns the screens and the panels on top of them, or say who may not."""
        if obstacle:
            if obstacle == "right":
                self.area.toast(tr("Your role may not do this"))
            return
        own: dict[str, Callable[[], object]] = {
            "help": self._help,
            "keyboard_map": self.help.print_map,
            "undo": self.undoing.undo,
            "back": self.area.back,
        }
        screen = self.area.current()
        if spec.id in own:
            own[spec.id]()
        elif spec.opens:
            patient = screen.patient() if screen is not None and spec.needs_patient else None
            what = {"deed": spec.deed, "patient": patient} if spec.deed else {}
            self.area.open_screen(spec.opens, **what)
        elif screen is not None:
            screen.perform(spec.id)

    def _print_map(self) -> None:
        groups = every_key()
        self._output.ask_printer(Outgoing("keyboard-map.pdf", lambda: keyboard_map.draw(groups)))

    def _help(self) -> None:
        screen = self.area.current()
        if screen is not None:
            self.palette_panel.put_away()
            tab = str(screen.place().get("tab") or "")
            front, page = self.area.front(), screen.guide()
            self.help.open_help(Place(screen.title(), front, tab, screen.offers(), page))

    def offer(self, every: Sequence[tuple[ActionSpec, str]]) -> None:
        """Show the palette with these commands and what is in their way."""
        self.help.put_away()
        there = [each for each in every if each[0].id != "palette" and each[1] != "absent"]
        self.palette_panel.open_with(there, commands.of_a_patient(self._role))

    def open_patient(self, patient: PatientId, spec: ActionSpec | None = None) -> None:
        """Show somebody's chart, or what a command shows of them."""
        if spec is not None and spec.opens:
            self.area.open_screen(spec.opens, deed=spec.deed, patient=patient)
            return
        tab = spec.id.removeprefix("chart_") if spec is not None else "summary"
        self.area.open_chart(patient, tab)
        screen = self.area.current()
        # The screen before may not let go; then nothing is done to the patient who is on it.
        if spec is None or screen is None or screen.patient() != patient:
            return
        if screen.place().get("tab") != tab:
            screen.perform(spec.id)

    def show_status(self, status: SyncStatus) -> None:
        """Say where sync stands; going offline is said once in a thin banner, never a dialog."""
        self.area.packs.data_as_of = status.data_as_of
        self._on_pack_changed()
        self._strip.show_status(status, self._clock.now())
        if status.link == "offline" and self._link == "online":
            since = time_text(status.since or self._clock.now())
            self._news.setText(
                tr("Offline since {time}. Go on working: everything is saved here.", time=since)
            )
            self._news.show()
            self._news_timer.start()
        elif status.link == "online":
            self._news.hide()
        self._link = status.link

    @Slot()
    def _on_pack_changed(self) -> None:
        self._strip.say_beside(pack_line(self.area.packs.made_at, self._clock.now()))

    def put_away(self) -> None:
        """Close what lies on top of the screens."""
        self.palette_panel.put_away()
        self.help.put_away()
        self.toast.hide()
        self.undoing.clear()

    def strip_words(self) -> tuple[str, ...]:
        """What the connection strip says now."""
        return self._strip.words()

    def news(self) -> str:
        """What the thin banner says now, or nothing."""
        return "" if self._news.isHidden() else self._news.text()


def _limits(settings: Settings) -> tuple[timedelta, timedelta]:
    """After how long without the server what is shown counts as stale, and as old."""
    minutes = settings.get(table.STALE_MINUTES), settings.get(table.OLD_MINUTES)
    stale, old = (timedelta(minutes=each) for each in minutes)
    return stale, old
