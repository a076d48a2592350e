"""The conflict screen: before, the record now, the version put aside; choose, say why, sign."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import conflicts
from workstation.services.conflicts import Choice, Detail
from workstation.ui.screens.conflict.comparison import Comparison
from workstation.ui.screens.conflict.heading import Heading
from workstation.ui.screens.conflict.signing import Signing
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.patient_facts import facts
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.banner import PatientBanner
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.workplace import Workplace


class ConflictScreen(Screen):
    """One conflict, whole."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._id = ""
        self._detail: Detail | None = None
        self._banner = PatientBanner()
        self._heading = Heading()
        self.comparison = Comparison()
        self.signing = Signing(workplace.desk.person.name, self._sign, self._later)
        self.comparison.changed.connect(self._on_chosen)
        self._pages = Pages(self._content())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._pages)
        self._pages.show_loading()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Conflict")

    def patient(self) -> PatientId | None:
        """Whose record it is about."""
        banner = self._detail.banner if self._detail else None
        return banner.patient if banner else None

    def arrive(self, **arguments: object) -> None:
        """Take the conflict to show.

        Args:
            arguments: ``conflict``: its id.
        """
        asked = str(arguments.get("conflict", self._id))
        if asked != self._id:
            self._id, self._detail = asked, None
            self.signing.clear()
            self._pages.show_loading()

    def activate(self) -> None:
        """Read it; the keyboard starts at the first thing to decide."""
        desk, id_ = self.workplace.desk, self._id
        self.workplace.tasks.query(
            lambda: conflicts.detail(desk, id_), done=self._on_read, failed=self._on_unreadable
        )

    def on_changed(self, changes: Changes) -> None:
        """Read again when somebody decides elsewhere; what is chosen here stays otherwise."""
        if f"Task/{self._id}" in changes.references:
            self.activate()

    def offers(self) -> frozenset[str]:
        """Signing, while it is open; reading again."""
        open_ = self._detail is not None and self._detail.open and self._detail.may_decide
        return frozenset({"sign", "refresh"} if open_ else {"refresh"})

    def perform(self, action_id: str) -> bool:
        """Sign, or read again."""
        if action_id == "sign" and action_id in self.offers():
            self._sign()
        elif action_id == "refresh":
            self.activate()
        return action_id in self.offers()

    def _content(self) -> QWidget:
        page, inside = QWidget(), QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._banner)
        box.addWidget(self._heading)
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(12))
        column.addWidget(self.comparison)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        box.addWidget(scroll, 1)
        box.addWidget(self.signing)
        return page

    @Slot(object)
    def _on_read(self, found: Detail) -> None:
        first = self._detail is None
        self._detail = found
        self._banner.setVisible(found.banner is not None)
        if found.banner is not None:
            self._banner.show_patient(facts(found.banner))
        self._heading.show_conflict(found)
        self.comparison.show_conflict(found)
        self.signing.show_conflict(found)
        self._pages.show_content()
        self._on_chosen()
        if first:
            self.comparison.start()

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self.activate)

    @Slot()
    def _on_chosen(self) -> None:
        self.signing.show_progress(self.comparison.missing())

    def _sign(self) -> None:
        choices = self.comparison.choices()
        if None in choices:
            self.signing.refuse(Refused("choice-missing", field="choice"))
            self.comparison.start()
            return
        chosen: list[Choice] = [choice for choice in choices if choice is not None]
        desk, id_, reason = self.workplace.desk, self._id, self.signing.reason()
        self.workplace.tasks.command(
            lambda: conflicts.decide(desk, id_, chosen, reason),
            done=self._on_decided,
            failed=self._on_refused,
            initiator=self,
        )

    @Slot(object)
    def _on_decided(self, _changes: Changes) -> None:
        self.signing.clear()
        self.workplace.navigator.toast(tr("Decided and signed. Saved on this terminal."))
        self._later()

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self.signing.refuse(error)
        if error.code == "already-decided":
            self.activate()

    def _later(self) -> None:
        self.workplace.navigator.open_screen("sync_centre")
