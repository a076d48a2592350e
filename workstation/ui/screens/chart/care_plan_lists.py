"""The lists of the nursing problems: all of them, what is done about one, and how it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.services.care_plans import CarePlans, CareRow, FactRow
from workstation.ui.screens.chart.care_plan_words import (
    Listed,
    about,
    care_columns,
    columns,
    fact_columns,
    hinted,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, label

_LESS_NEEDED = (2, 3)
"""Columns of the problems that go first beside a form: since, last done."""
_OFTEN_OR_BY = 2
"""Below, how often something is done, and by whom it was, go first."""
_ROOMY_SCALE = 125
"""Per cent up to which the lists below have room for all their columns."""
_CARE_LESS = (2, 4)
_FACT_LESS = (2,)


class PlanLists(QWidget):
    """Problems above; below, side by side, what is done and what was done.

    Attributes:
        rows: The problems and hints, as a model.
        view: The list of them.
        care: What is done about the one in focus.
        care_view: The list of that.
        facts: What was done and how it went.
        fact_view: The list of that.
    """

    def __init__(self, now: datetime, add: Callable[[], None]) -> None:
        """Start empty.

        Args:
            now: The aware present.
            add: Begins a new problem.
        """
        super().__init__()
        self.rows: RowsModel[Listed] = RowsModel(columns(now), self)
        self.view = RowsView(self.rows)
        self.view.setAccessibleName(tr("Nursing problems"))
        self.care: RowsModel[CareRow] = RowsModel(care_columns(now), self)
        self.care_view = RowsView(self.care)
        self.care_view.setAccessibleName(tr("Interventions"))
        self.facts: RowsModel[FactRow] = RowsModel(fact_columns(now), self)
        self.fact_view = RowsView(self.facts)
        self.fact_view.setAccessibleName(tr("What was done, how it went"))
        for view in (self.view, self.care_view, self.fact_view):
            view.wrap_rows(34)
        self._about = label("", "strong", wrap=True)
        self._none = label(tr("No nursing problem is open, and the chart hints at none."),
                           "body", "muted")  # fmt: skip
        self._head = self._make_head(add)
        below = QHBoxLayout()
        below.setSpacing(theme.px(12))
        below.addWidget(self.care_view, 5)
        below.addWidget(self.fact_view, 4)
        box = QVBoxLayout(self)
        box.setContentsMargins(*map(theme.px, (12, 8, 12, 12)))
        box.setSpacing(theme.px(8))
        box.addWidget(self._head)
        box.addWidget(self._none)
        box.addWidget(self.view, 4)
        box.addWidget(self._about)
        box.addLayout(below, 5)
        self.make_room(taken=False)

    def views(self) -> tuple[RowsView, ...]:
        """All three lists."""
        return self.view, self.care_view, self.fact_view

    def on_key(self, keys: Qt.Key | str, deed: Callable[[], None], *where: QWidget) -> None:
        """Let a key in some lists do something.

        Args:
            keys: The key.
            deed: What it does.
            where: The lists; that of the problems when none is named.
        """
        for view in where or (self.view,):
            shortcut = QShortcut(QKeySequence(keys), view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(deed)

    def current(self) -> Listed | None:
        """The problem or hint in focus."""
        return self.view.currentIndex().data(ROW_ROLE)  # type: ignore[no-any-return]

    def show_found(self, found: CarePlans, wanted: str) -> None:
        """Show what is open, hints, what is over; the wanted one is in focus, else the first."""
        there = [Listed(row) for row in found.rows if row.going]
        over = [Listed(row) for row in found.rows if not row.going]
        listed = [*there, *(Listed(hint=each) for each in found.suggestions), *over]
        self.rows.columns = columns(found.now)
        self.care.columns = care_columns(found.now)
        self.facts.columns = fact_columns(found.now)
        self.rows.replace(listed)
        self._none.setVisible(not listed)
        references = [each.reference for each in listed]
        if references:
            self.view.selectRow(references.index(wanted) if wanted in references else 0)
        self.show_current()

    def clear(self) -> None:
        """Show nothing of anybody: no key reaches a problem of the patient before."""
        self.rows.replace(())
        self.show_current()

    def show_current(self) -> None:
        """Show what is done about the one in focus."""
        listed = self.current()
        row = listed.row if listed is not None else None
        hint = listed.hint if listed is not None else None
        self._about.setText(about(row) if row else hinted(hint) if hint else "")
        self.care.replace(row.care if row else ())
        self.facts.replace(row.facts if row else ())
        if row is not None and row.care and not self.care_view.currentIndex().isValid():
            self.care_view.selectRow(0)

    def make_room(self, *, taken: bool) -> None:
        """Beside a form, and in large letters, there is room for what counts alone."""
        self._head.setVisible(not taken)
        large = theme.scale() > _ROOMY_SCALE
        for view, less in (
            (self.view, _LESS_NEEDED), (self.care_view, _CARE_LESS), (self.fact_view, _FACT_LESS),
        ):  # fmt: skip
            for column in less:
                often_or_by = view is not self.view and column == _OFTEN_OR_BY
                view.setColumnHidden(column, taken or (large and often_or_by))

    def _make_head(self, add: Callable[[], None]) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        keys = tr(
            "1–9: done now · Enter: how it goes · Del: solved or taken back · F2: change ·"
            " Shift+Del: error"
        )
        row.addWidget(label(keys, "caption", "muted", wrap=True), 1)
        made = button(tr("New nursing problem"), add, kind="primary", symbol="add", hint="Ctrl+B")
        row.addWidget(made)
        return head
