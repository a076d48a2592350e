"""The sync centre: what needs a person, what waits, how the last rounds went."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QTabWidget, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services import sync_centre
from workstation.services.conflicts import Waiting
from workstation.services.sync_centre import Centre, Illegible, Kind, Round, Stuck
from workstation.ui.screens.sync_centre.accident import AccidentCard
from workstation.ui.screens.sync_centre.detail import Detail
from workstation.ui.screens.sync_centre.safety import SafetyPanel
from workstation.ui.screens.sync_centre.server_page import ServerPage
from workstation.ui.screens.sync_centre.wording import Matter, Need, needs, outcome_words
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace


class SyncCentreScreen(Screen):
    """Three lists one behind the other, and the copies that leave this machine."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._needs = RowsModel(_need_columns(), self)
        self._kinds = RowsModel(_kind_columns(), self)
        self._rounds = RowsModel(_round_columns(), self)
        self._arrived = False
        self.list = RowsView(self._needs)
        self.detail = Detail(
            self._handle, self._retry, self._ask_again, workplace.navigator.open_chart
        )
        self.list.opened.connect(self._on_opened)
        self.list.selectionModel().currentRowChanged.connect(self._on_current)
        self.accident = AccidentCard(workplace)
        self._unsent, self._as_of = Chip("", ""), label("", "caption", "muted")
        self.tabs = QTabWidget()
        self._need_pages, self._kind_pages = Pages(self._need_page()), Pages(RowsView(self._kinds))
        self.tabs.addTab(self._need_pages, "")
        self.tabs.addTab(self._kind_pages, "")
        self.tabs.addTab(RowsView(self._rounds), tr("History"))
        self.server = ServerPage(workplace)
        self.tabs.addTab(self.server, tr("This server"))
        self.safety = SafetyPanel(workplace)
        self.tabs.addTab(self.safety, tr("Rescue and backup"))
        self._pages = Pages(self.tabs)
        self._lay_out()
        self._pages.show_loading()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Sync centre")

    def activate(self) -> None:
        """Count anew; the keyboard is on the list, or on the tabs when another is in front."""
        self._read()
        self._take_focus()

    def on_changed(self, changes: Changes) -> None:
        """Read again when the queue moved."""
        if changes.queue or not changes.types.isdisjoint({"Task", "DetectedIssue"}):
            self._read()

    def offers(self) -> frozenset[str]:
        """Reading again."""
        return frozenset({"refresh"})

    def perform(self, action_id: str) -> bool:
        """Read again."""
        if action_id == "refresh":
            self._read()
        return action_id in self.offers()

    def _read(self) -> None:
        """Count anew and leave the keyboard where it is: somebody may be typing a passphrase."""
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: sync_centre.read(desk), done=self._on_read, failed=self._on_unreadable
        )

    def _take_focus(self) -> None:
        (self.list if self.list.isVisibleTo(self) else self.tabs.tabBar()).setFocus()

    def _need_page(self) -> QWidget:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, theme.px(10), 0, 0)
        box.setSpacing(theme.px(10))
        box.addWidget(self.list, 1)
        box.addWidget(self.detail)
        return page

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(label(self.title(), "title"))
        head.addWidget(self._unsent)
        head.addStretch(1)
        head.addWidget(self._as_of)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        box.setSpacing(theme.px(8))
        box.addLayout(head)
        box.addWidget(self.accident)
        box.addWidget(self._pages, 1)

    @Slot(object)
    def _on_read(self, found: Centre) -> None:
        arrived, self._arrived = self._arrived, True
        self._pages.show_content()
        self.accident.show_accident(found.accident)
        self._show_head(found)
        self._show_needs(needs(found))
        self._kinds.replace(found.kinds)
        self.tabs.setTabText(1, tr("Waiting to be sent ({count})", count=found.unsent))
        if found.kinds:
            self._kind_pages.show_content()
        else:
            self._kind_pages.show_empty(
                tr("Nothing waits."), tr("Everything saved here is at the hospital.")
            )
        self._rounds.replace(found.rounds)
        self.server.show_server()
        if not arrived and not isinstance(QApplication.focusWidget(), QLineEdit):
            self._take_focus()  # the list could not have it while there was none

    def _show_head(self, found: Centre) -> None:
        if found.unsent:
            words = tr("{count} saved here, not yet at the hospital", count=found.unsent)
            self._unsent.say(words, "warn", "unsent")
        else:
            self._unsent.say(tr("Everything saved here is at the hospital."), "ok", "check")
        when = moment_text(found.as_of) if found.as_of else tr("never")
        self._as_of.setText(tr("Last complete sync: {when}", when=when))

    def _show_needs(self, found: tuple[Need, ...]) -> None:
        row = max(self.list.currentIndex().row(), 0)
        self._needs.replace(found)
        self.tabs.setTabText(0, tr("Needs you ({count})", count=len(found)))
        if not found:
            self._need_pages.show_empty(
                tr("Nothing needs you."),
                tr("Conflicts, safety alerts and refused changes would stand here."),
            )
            self.detail.show_need(None)
            return
        self._need_pages.show_content()
        row = min(row, len(found) - 1)
        self.list.selectRow(row)
        self.detail.show_need(found[row])

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self._read)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        rows = self._needs.rows
        self.detail.show_need(rows[current.row()] if 0 <= current.row() < len(rows) else None)

    @Slot(object)
    def _on_opened(self, need: Need) -> None:
        self._handle(need.matter)

    def _handle(self, matter: Matter) -> None:
        navigator = self.workplace.navigator
        if isinstance(matter, Waiting):
            navigator.open_screen("conflict", conflict=matter.id)
        elif not isinstance(matter, Stuck | Illegible):
            navigator.open_screen("collisions")
        elif matter.patient is not None:
            navigator.open_chart(matter.patient)

    def _retry(self, reference: str) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.command(
            lambda: sync_centre.retry(desk, reference),
            done=self._on_retried,
            failed=self._on_unreadable,
            initiator=self,
            owner=self,
        )

    def _ask_again(self, reference: str) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.command(
            lambda: sync_centre.ask_again(desk, reference),
            done=self._on_asked,
            failed=self._on_unreadable,
            initiator=self,
            owner=self,
        )

    def _on_asked(self, _changes: Changes) -> None:
        self.workplace.navigator.toast(tr("The hospital is asked again with the next sync."))
        self._read()
        if self.list.isVisibleTo(self):  # the button that was pressed is gone
            self.list.setFocus()

    def _on_retried(self, _changes: Changes) -> None:
        self.workplace.navigator.toast(tr("It is sent again with the next sync."))
        self._read()
        if self.list.isVisibleTo(self):  # the button that was pressed is gone
            self.list.setFocus()


def _need_columns() -> tuple[Column[Need], ...]:
    return (
        Column(tr("Kind"), lambda n: n.kind, 150, role="strong", tone=lambda n: n.tone),
        Column(tr("Patient"), lambda n: n.name, 240, role="strong"),
        Column(tr("Record"), lambda n: n.what, 260),
        Column(tr("What is wrong"), lambda n: n.problem),
        Column(tr("Since"), lambda n: moment_text(n.since) if n.since else "", 150),
    )


def _kind_columns() -> tuple[Column[Kind], ...]:
    return (
        Column(tr("Record"), lambda k: tr(k.record)),
        Column(tr("Waiting"), lambda k: str(k.count), 160, right=True),
    )


def _round_columns() -> tuple[Column[Round], ...]:
    def number(count: int) -> str:
        return str(count) if count else "·"

    return (
        Column(tr("When"), lambda r: moment_text(r.at), 160),
        Column(
            tr("How it ended"),
            outcome_words,
            tone=lambda r: "ok" if r.outcome == "complete" else "warn",
        ),
        Column(tr("Sent"), lambda r: number(r.sent), 90, right=True),
        Column(tr("Received"), lambda r: number(r.pulled), 90, right=True),
        Column(tr("Merged"), lambda r: number(r.merged), 90, right=True),
        Column(tr("Conflicts"), lambda r: number(r.conflicts), 90, right=True),
        Column(tr("Refused"), lambda r: number(r.parked), 90, right=True),
    )
