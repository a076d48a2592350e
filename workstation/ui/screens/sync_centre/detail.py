"""The matter under the cursor: what is wrong, the server's words, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services.collisions import Standing
from workstation.services.conflicts import Waiting
from workstation.services.sync_centre import Illegible, Stuck
from workstation.ui.screens.sync_centre.wording import Matter, Need
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.text import button, label


class Detail(QFrame):
    """A card beneath the list."""

    def __init__(
        self,
        handle: Callable[[Matter], None],
        retry: Callable[[str], None],
        ask_again: Callable[[str], None],
        open_chart: Callable[[PatientId], None],
    ) -> None:
        """Start empty.

        Args:
            handle: Goes where the matter is dealt with.
            retry: Sends a refused change again.
            ask_again: Asks the hospital anew for a record that cannot be read.
            open_chart: Shows the patient.
        """
        super().__init__()
        self.setProperty("card", True)
        self._handle, self._retry, self._open_chart = handle, retry, open_chart
        self._ask_again = ask_again
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        self._inside: QWidget | None = None
        self._shown: Need | None = None

    def show_need(self, need: Need | None) -> None:
        """Show one matter, or nothing; the same one stays, with the keyboard on its button."""
        if need == self._shown and self._inside is not None:
            return
        self._shown = need
        if self._inside is not None:
            self._box.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
            self._inside = None
        self.setVisible(need is not None)
        if need is None:
            return
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addLayout(_head(need))
        if need.first:
            column.addWidget(label(need.first, "heading", "danger", wrap=True))
        column.addWidget(label(f"{need.problem}. {need.advice}", "body", wrap=True))
        if need.number:
            column.addWidget(_selectable(need.number))
        words = need.matter.words if isinstance(need.matter, Stuck) else ""
        if words:
            column.addWidget(_selectable(tr("The server's own words: “{words}”", words=words)))
        column.addLayout(self._actions(need.matter))
        self._box.addWidget(self._inside)

    def _actions(self, matter: Matter) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        if isinstance(matter, Waiting):
            words = tr("Compare and decide") if matter.may_decide else tr("Look at both versions")
            row.addWidget(self._main(words, lambda: self._handle(matter), "conflict"))
        elif isinstance(matter, Standing):
            words = tr("Open the alert")
            row.addWidget(self._main(words, lambda: self._handle(matter), "collision"))
        elif isinstance(matter, Illegible):
            odd = matter.reference
            words = tr("Ask the hospital again")
            row.addWidget(self._main(words, lambda: self._ask_again(odd), "sync"))
        elif not matter.waits_for:
            reference = matter.reference
            row.addWidget(self._main(tr("Send again"), lambda: self._retry(reference), "sync"))
        patient = matter.patient
        if patient is not None:
            row.addWidget(
                button(tr("Open the chart"), lambda: self._open_chart(patient), symbol="chart")
            )
        row.addStretch(1)
        return row

    def _main(self, words: str, does: Callable[[], None], symbol: str) -> QWidget:
        return button(words, does, kind="primary", symbol=symbol)


def _selectable(words: str) -> QLabel:
    said = label(words, "body", wrap=True)
    said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return said


def _head(need: Need) -> QHBoxLayout:
    head = QHBoxLayout()
    head.setSpacing(theme.px(10))
    head.addWidget(Chip(need.kind, need.tone, "warning"))
    head.addWidget(label(f"{need.name} · {need.what}".strip(" ·"), "heading", wrap=True), 1)
    since = tr("since {when}", when=moment_text(need.since)) if need.since else ""
    head.addWidget(label(since, "body", "muted"))
    return head
