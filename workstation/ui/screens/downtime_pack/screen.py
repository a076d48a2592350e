"""The downtime pack: how old it is, its pages, printing it, making it anew."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services import downtime_pack
from workstation.services.documents import PageImage, page_image
from workstation.services.downtime_pack import Kept
from workstation.ui.screens.downtime_pack.choices import PackChoices
from workstation.ui.screens.downtime_pack.head import PackHead
from workstation.ui.screens.downtime_pack.pages import PackPages
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.pack_renewal import PackRenewal
from workstation.ui.toolkit.printing import Outgoing, Output
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.tasks import Task
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

_CLOCK_MS: Final = 20_000


class DowntimePackScreen(Screen):
    """Prints what the ward needs on paper, whether or not there is a server."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self.packs = workplace.packs or PackRenewal(
            workplace.desk, workplace.tasks, workplace.settings, self
        )
        self._shown: Kept | None = None
        self._task: Task | None = None
        self.choices, self.pages = PackChoices(), PackPages()
        self.output = Output(self, workplace.tasks, workplace.navigator.toast)
        self.count = label("", "caption", "muted")
        self.head = PackHead(self.packs, self.title(), self.perform)
        self._states = Pages(self._halves())
        self._lay_out()
        self._tie()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Downtime pack")

    def activate(self) -> None:
        """Show the pack that is kept; the first time, or when it is too old, one is made."""
        self.packs.look()
        self._show()
        if self._shown is not None:  # what is not in sight takes no keys
            self.choices.focus()

    def offers(self) -> frozenset[str]:
        """Making it anew; printing and saving once there is one."""
        return frozenset({"refresh"} | ({"print", "save"} if self._shown else set()))

    def perform(self, action_id: str) -> bool:
        """Do one of `offers`."""
        known = {"refresh": self.packs.renew, "print": self.print_it, "save": self.save_it}
        if action_id in self.offers():
            known[action_id]()
        return action_id in self.offers()

    def print_it(self) -> None:
        """Ask for a printer, then print."""
        paper = self.wanted()
        if paper is not None:
            self.output.ask_printer(paper)

    def save_it(self) -> None:
        """Ask where, then save."""
        paper = self.wanted()
        if paper is not None:
            self.output.ask_file(paper)

    def wanted(self) -> Outgoing | None:
        """The pages that are chosen now; None without a pack."""
        pack, desk = self._shown, self.workplace.desk
        if pack is None:
            return None
        parts, patients = self.choices.parts(), self.choices.patients()
        return Outgoing(
            pack.file_name,
            lambda: downtime_pack.chosen(pack, parts, patients),
            partial(downtime_pack.note_output, desk, pack),
        )

    def _halves(self) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(16))
        side = QVBoxLayout()
        side.addWidget(self.choices)
        side.addWidget(self.count)
        side.addStretch(1)
        row.addLayout(side)
        row.addWidget(self.pages, 1)
        return both

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        gap = theme.px(14)
        box.setContentsMargins(gap, theme.px(10), gap, theme.px(8))
        box.setSpacing(theme.px(8))
        box.addWidget(self.head)
        box.addWidget(self._states, 1)

    def _tie(self) -> None:
        self.packs.changed.connect(self._show)
        self.choices.changed.connect(self._show_pages)
        self.pages.turned.connect(self._on_turned)
        clock = QTimer(self, interval=_CLOCK_MS)
        clock.timeout.connect(self.say_age)
        clock.start()
        self.setFocusProxy(self.choices)

    @Slot()
    def _show(self) -> None:
        pack = self.packs.pack
        self.say_age()
        if pack is None:
            self._show_none()
        elif pack is not self._shown:
            first, self._shown = self._shown is None, pack
            self._states.show_content()
            self.choices.show_pack(pack)
            if first and self.isVisible():
                self.choices.focus()

    def _show_none(self) -> None:
        if self.packs.error is not None:
            self._states.show_error(self.packs.error, self.packs.renew)
        elif self.packs.progress is not None or not self.packs.looked:
            self._states.show_loading(tr("The pack is being made…"))
        else:
            again = button(tr("Make it now"), self.packs.renew, kind="primary", symbol="sync")
            self._states.show_empty(
                tr("There is no downtime pack on this terminal."),
                tr("It is made from what this terminal knows, also without a server."),
                again,
            )

    @Slot()
    def say_age(self) -> None:
        """Say how old the pack is now."""
        self.head.show_at(self.workplace.desk.now())

    @Slot()
    def _show_pages(self) -> None:
        pack = self._shown
        if pack is None:
            return
        numbers = [n for n, sheet in enumerate(pack.sheets) if self.choices.wants(sheet)]
        self.pages.show_list(pack, numbers)
        self.count.setText(tr("{count} of {total} pages", count=len(numbers),
                              total=len(pack.sheets)))  # fmt: skip

    @Slot(int)
    def _on_turned(self, number: int) -> None:
        pack = self._shown
        if pack is None:
            return
        if self._task is not None:
            self._task.cancel()
        dots = self.pages.dots_per_inch

        def draw(_progress: object) -> tuple[int, PageImage]:
            return number, page_image(pack.pdf, number, dots)

        self._task = self.workplace.tasks.slow(draw, done=self._on_drawn, failed=self._on_failed)

    @Slot(object)
    def _on_drawn(self, drawn: tuple[int, PageImage]) -> None:
        self.pages.show_page(*drawn)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._states.show_error(error, self.packs.renew)
