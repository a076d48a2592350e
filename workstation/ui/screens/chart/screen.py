"""The chart of one patient: the banner never leaves, below it the tabs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services import patient_record
from workstation.services.patient_record import Banner
from workstation.ui.screens.chart.history_page import HistoryPage
from workstation.ui.screens.chart.page import ChartLinks, Part
from workstation.ui.screens.chart.tabs import PARTS, TAB_IDS, TABS, WRITES
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import BY_ID
from workstation.ui.toolkit.icons import icon
from workstation.ui.toolkit.patient_facts import facts
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.banner import PatientBanner
from workstation.ui.toolkit.widgets.stack import Stack
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.text import button
from workstation.ui.toolkit.workplace import Workplace

_ACTIONS: Final = {tab.action: tab.id for tab in TABS}
_ON_TABS: Final = {**WRITES, **PARTS}
_ELSEWHERE: Final = {"print": "documents", "chart_documents": "documents", "add_task": "ward_tasks"}
"""Actions about this patient that other screens do."""


class ChartScreen(Screen):
    """One patient's chart. `arrive(patient=…, tab=…, record=…)` says whose, and what to show."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._patient: PatientId | None = None
        self._to_note: PatientId | None = None
        self._banner = PatientBanner()
        self._banner_facts: Banner | None = None
        self._links = ChartLinks(self.open_tab, self._open_history)
        self._pages: dict[str, Part] = {}
        self._history = HistoryPage(workplace, self._links)
        self._stack, self._tabs = Stack(), QTabBar()
        self._stack.add(self._history)
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._banner)
        box.addLayout(self._bar())
        box.addWidget(self._stack, 1)
        self._states = Pages(whole)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self._states)

    def title(self) -> str:
        """The window never names a patient."""
        return tr("Chart")

    def patient(self) -> PatientId | None:
        """Whose chart it is."""
        return self._patient

    def about(self) -> str:
        """Bed and tab, as soon as the banner is that of this patient."""
        found = self._banner_facts
        if found is None or found.patient != self._patient:
            return ""
        bed = found.bed or found.name.plain
        return f"{bed} · {TABS[TAB_IDS.index(self._tab_in_front())].label()}"

    def arrive(self, **arguments: object) -> None:
        """Take patient and tab."""
        patient, tab = arguments.get("patient"), str(arguments.get("tab") or "summary")
        if isinstance(patient, str):
            self._be_about(PatientId(patient))
        self._tabs.setCurrentIndex(TAB_IDS.index(tab) if tab in TAB_IDS else 0)
        self._stack.bring(self._page_in_front())
        record = arguments.get("record")
        if isinstance(record, str):
            self._page_in_front().point_at(record)

    def place(self) -> dict[str, object]:
        """The tab in front."""
        return {"tab": self._tab_in_front()}

    def activate(self) -> None:
        """Read again, and put the focus where work starts."""
        self._read_banner()
        self._front().come_to_front()
        if self._to_note is not None:  # the disk need not keep the eye waiting
            patient, desk, self._to_note = self._to_note, self.workplace.desk, None
            self.workplace.tasks.command(lambda: patient_record.note_opening(desk, patient))

    def on_changed(self, changes: Changes) -> None:
        """Read again what was touched."""
        if self._patient in changes.patients:
            self._read_banner()
        for page in (*self._pages.values(), self._history):
            page.on_changed(changes)

    def can_leave(self) -> bool:
        """Always: what is typed is kept as a draft."""
        for page in self._pages.values():
            page.flush()
        return True

    def perform(self, action_id: str) -> bool:
        """Tabs, printing, and what the page in front knows."""
        front = self._front()
        of_before = front.states.blank and action_id in front.offers() - {*_ON_TABS}
        if of_before or front.perform(action_id):
            return True
        if action_id in _ACTIONS:
            self.open_tab(_ACTIONS[action_id])
        elif action_id in _ELSEWHERE:
            self._go_to(_ELSEWHERE[action_id])
        elif action_id in _ON_TABS:
            self.open_tab(_ON_TABS[action_id])
            return self._front().perform(action_id)
        elif action_id == "refresh":
            self.activate()
        else:
            return False
        return True

    def offers(self) -> frozenset[str]:
        """Every tab, every way to write, and what the page in front knows."""
        always = {*_ACTIONS, *_ELSEWHERE, *_ON_TABS, "refresh"}
        return frozenset(always) | self._front().offers()

    def guide(self) -> str:
        """That of the page in front."""
        return self._front().guide()

    def open_tab(self, tab: str) -> None:
        """Bring a tab to the front."""
        place = TAB_IDS.index(tab)
        if self._tabs.currentIndex() == place:
            self._on_tab(place)
        else:
            self._tabs.setCurrentIndex(place)

    def _bar(self) -> QHBoxLayout:
        for tab in TABS:
            self._tabs.setTabToolTip(self._tabs.addTab(tab.label()), tab.keys())
        self._tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._tabs.currentChanged.connect(self._on_tab)
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(10), theme.px(4), theme.px(12), 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self._tabs, 1)
        row.addWidget(_new(self.workplace.desk.person.role, self._do, self))
        row.addWidget(
            button(tr("Print…"), partial(self._do, "print"), symbol="print", hint="Ctrl+P")
        )
        return row

    def _do(self, action: str, _checked: bool = False) -> None:
        self.perform(action)

    def _front(self) -> Part:
        page = self._stack.front()
        return page if isinstance(page, Part) else self._page_in_front()

    def _page_in_front(self) -> Part:
        return self._page(self._tab_in_front())

    def _tab_in_front(self) -> str:
        return TAB_IDS[max(self._tabs.currentIndex(), 0)]

    def _page(self, tab: str) -> Part:
        """A page is built when it is first looked at, so that a chart opens at once."""
        if tab not in self._pages:
            made = TABS[TAB_IDS.index(tab)].make(self.workplace, self._links)
            self._pages[tab] = made
            self._stack.add(made)
            if self._patient is not None:
                made.set_patient(self._patient)
        return self._pages[tab]

    def _be_about(self, patient: PatientId) -> None:
        if patient != self._patient:
            self.can_leave()
            self._banner.hide()
            self._to_note = patient
        self._patient = patient
        for page in (*self._pages.values(), self._history):
            page.set_patient(patient)

    def _read_banner(self) -> None:
        patient, desk = self._patient, self.workplace.desk
        if patient is not None:
            self.workplace.tasks.query(
                lambda: patient_record.banner(desk, patient),
                done=self._on_banner,
                failed=self._on_failed,
            )

    def _open_history(self, type: str, id: str) -> None:
        self._history.open_record(type, id, back=self._tab_in_front())
        self._stack.bring(self._history)
        self._history.come_to_front()

    def _go_to(self, screen: str) -> None:
        kind = self._front().paper
        self.workplace.navigator.open_screen(screen, patient=self._patient, kind=kind)

    @Slot(int)
    def _on_tab(self, place: int) -> None:
        page = self._page(TAB_IDS[place])
        if self._stack.front() is not page:
            self._front().flush()
            self._stack.bring(page)
        page.come_to_front()

    @Slot(object)
    def _on_banner(self, found: Banner) -> None:
        if found.patient != self._patient:
            return
        self._states.show_content()
        self._banner.show()
        if found != self._banner_facts:
            self._banner_facts = found
            self._banner.show_patient(facts(found))

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._states.show_error(error, self.activate)


def _new(role: str, do: Callable[[str], None], over: QWidget) -> QPushButton:
    """Everything that can be written anew, whatever tab is in front."""
    menu = QMenu(over)
    for spec in (BY_ID[each] for each in WRITES):
        if holds(role, spec.right):
            entry = menu.addAction(f"{spec.label()}	{spec.keys()}")
            entry.setIcon(icon(spec.icon, "text"))
            entry.triggered.connect(partial(do, spec.id))
    made = button(tr("New…"), lambda: None, symbol="add")
    made.setMenu(menu)
    return made
