"""The lists of the care tab: what lies in the body and every wound, and what was seen of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.services.care_sites import CareSites, LookRow, SiteRow
from workstation.ui.screens.chart.care_words import columns, look_columns, site_words
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, label

_NEWEST_LOOK = 4
_LESS_NEEDED = (2, 3)
"""Columns of what was seen that go first: by whom, state."""


class CareLists(QWidget):
    """Both lists below each other.

    Attributes:
        rows: What lies there, as a model.
        view: The list of it.
        looks: What was seen of the one in focus, as a model.
        look_view: The list of that.
    """

    def __init__(self, now: datetime, add: Callable[[], None]) -> None:
        """Start empty.

        Args:
            now: The aware present.
            add: Begins a new one.
        """
        super().__init__()
        self.rows: RowsModel[SiteRow] = RowsModel(columns(now), self)
        self.view = RowsView(self.rows)
        self.view.setAccessibleName(tr("Lines and wounds"))
        self.view.wrap_rows(34)
        self.looks: RowsModel[LookRow] = RowsModel(look_columns(None), self)
        self.look_view = RowsView(self.looks)
        self.look_view.setAccessibleName(tr("What was seen"))
        self.look_view.wrap_rows(34)
        self.look_view.setFixedHeight(theme.px(180))
        self._about = label("", "strong", wrap=True)
        self._none = label(tr("No line, drain, tube or wound is charted."), "body", "muted")
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        keys = tr("Enter: what is seen · Del: taken out or healed · F2: correct · Shift+Del: error")
        head.addWidget(label(keys, "caption", "muted", wrap=True), 1)
        head.addWidget(
            button(tr("New line or wound"), add, kind="primary", symbol="add", hint="Ctrl+B")
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(*map(theme.px, (12, 8, 12, 12)))
        box.setSpacing(theme.px(8))
        for widget in (self._head, self._none, self.view, self._about, self.look_view):
            box.addWidget(widget, 1 if widget is self.view else 0)

    def on_key(self, keys: str, deed: Callable[[], None]) -> None:
        """Let a key in the list do something with the one in focus."""
        shortcut = QShortcut(QKeySequence(keys), self.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(deed)

    def current(self) -> SiteRow | None:
        """The one in focus."""
        return self.view.currentIndex().data(ROW_ROLE)  # type: ignore[no-any-return]

    def show_found(self, found: CareSites, wanted: str) -> None:
        """Show all; the wanted one is in focus, else the first."""
        self.rows.columns = columns(found.now)
        self.rows.replace(found.rows)
        self._none.setVisible(not found.rows)
        references = [row.record.reference for row in found.rows]
        if references:
            self.view.selectRow(references.index(wanted) if wanted in references else 0)
        self.show_current()

    def clear(self) -> None:
        """Show nothing of anybody: no key reaches a line of the patient before."""
        self.rows.replace(())
        self.show_current()

    def show_current(self) -> None:
        """Show what was seen of the one in focus."""
        row = self.current()
        self._about.setText(site_words(row.record.site) if row else "")
        self.looks.columns = look_columns(row.record.site.kind if row else None)
        self.looks.replace(row.looks if row else ())

    def make_room(self, *, taken: bool) -> None:
        """Beside a form there is room for what counts alone."""
        self._head.setVisible(not taken)
        self.view.setColumnHidden(_NEWEST_LOOK, taken)
        for column in _LESS_NEEDED:
            self.look_view.setColumnHidden(column, taken)
