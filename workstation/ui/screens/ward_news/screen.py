"""What changed on the ward: whose chart has something new to the person, the newest first."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel import settings as table
from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import assignment, changes_since
from workstation.services.changes_since import PatientNews
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.record_words import kind_text
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace


class WardNewsScreen(Screen):
    """One line a patient; Enter opens the timeline, where each new thing is marked."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self.model: RowsModel[PatientNews] = RowsModel(_columns(), self)
        self.view = RowsView(self.model)
        self.view.setAccessibleName(self.title())
        self.view.opened.connect(self._on_opened)
        self._pages = Pages(self.view)
        head = QHBoxLayout()
        head.addWidget(label(self.title(), "title"), 1)
        head.addWidget(label(tr("Since you last opened each chart"), "body", "muted"))
        box = QVBoxLayout(self)
        gap = theme.px(16)
        box.setContentsMargins(gap, theme.px(12), gap, theme.px(12))
        box.setSpacing(theme.px(8))
        box.addLayout(head)
        box.addWidget(self._pages, 1)
        self.setFocusProxy(self.view)
        self._pages.show_loading()

    def title(self) -> str:
        """What this screen is called."""
        return tr("What changed on the ward")

    def activate(self) -> None:
        """Read again; the list has the keys."""
        self._read()
        self.view.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again when anything of a patient was written or came."""
        if changes.patients and self.isVisible():
            self._read()

    def patient(self) -> PatientId | None:
        """Whose line the cursor is on."""
        index = self.view.currentIndex()
        row: PatientNews | None = index.data(ROW_ROLE) if index.isValid() else None
        return row.who.patient if row is not None else None

    def offers(self) -> frozenset[str]:
        """Reading again."""
        return frozenset({"refresh"})

    def perform(self, action_id: str) -> bool:
        """Read again."""
        if action_id == "refresh":
            self._read()
        return action_id in self.offers()

    @Slot()
    def _read(self) -> None:
        desk, settings = self.workplace.desk, self.workplace.settings
        shift, _ = assignment.shifts_to_assign(
            desk.now(), settings.get(table.SHIFT_HOURS), settings.get(table.DAY_STARTS)
        )
        self.workplace.tasks.query(
            lambda: changes_since.of_ward(desk, shift.start),
            done=self._on_read,
            failed=self._on_failed,
        )

    @Slot(object)
    def _on_read(self, found: tuple[PatientNews, ...]) -> None:
        row = max(self.view.currentIndex().row(), 0)
        self.model.replace(found)
        if not found:
            self._pages.show_empty(
                tr("Nothing new on the ward."),
                tr("You have seen every chart since it last changed."),
            )
            return
        hidden = not self.view.isVisible()
        self._pages.show_content()
        self.view.selectRow(min(row, len(found) - 1))
        if hidden:
            self.view.setFocus()

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self._read)

    @Slot(object)
    def _on_opened(self, news: PatientNews) -> None:
        self.workplace.navigator.open_chart(news.who.patient, "timeline")


def _columns() -> tuple[Column[PatientNews], ...]:
    return (
        Column(tr("Bed"), lambda news: news.who.bed_name or "–", 90, role="strong"),
        Column(tr("Patient"), lambda news: news.who.name.formal or tr("Name unknown"), 250),
        Column(tr("Newest"), lambda news: moment_text(news.newest), 160),
        Column(tr("New"), _what),
        Column(tr("Last seen"), lambda news: moment_text(news.since), 160),
    )


def _what(news: PatientNews) -> str:
    counts = sorted(news.counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return " · ".join(f"{kind_text(kind)} {count}" for kind, count in counts)
