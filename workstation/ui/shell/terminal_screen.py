"""This terminal: whether the hospital knows it, which ward it keeps, who may work at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.ui.shell.enrolment_card import EnrolmentCard
from workstation.ui.shell.people_card import PeopleCard
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace

if TYPE_CHECKING:
    from workstation.ui.shell.terminal import Terminal


class TerminalScreen(Screen):
    """Enrolment above, people below; the window says what stands behind it."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self.enrolment: EnrolmentCard | None = None
        self.people: PeopleCard | None = None
        page = QWidget()
        page.setProperty("ground", "canvas")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(theme.px(28), theme.px(20), theme.px(28), theme.px(20))
        self._column.setSpacing(theme.px(14))
        self._column.addWidget(label(tr("This terminal"), "title"))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def title(self) -> str:
        """Its name."""
        return tr("This terminal")

    def attach(self, terminal: Terminal, joined: Callable[[], None]) -> None:
        """Say what stands behind the window, and look anew.

        Args:
            terminal: What stands behind the window.
            joined: Told once a ward is chosen.
        """
        if self.enrolment is None or self.people is None:
            tasks, person = self.workplace.tasks, self.workplace.desk.person.id
            self.enrolment = EnrolmentCard(terminal, tasks)
            self.enrolment.joined = joined
            self.people = PeopleCard(terminal, tasks, person)
            for each in (self.enrolment, self.people):
                each.setMaximumWidth(theme.px(860))
                self._column.addWidget(each)
            self._column.addStretch(1)
        self.enrolment.look()
        self.people.look()
