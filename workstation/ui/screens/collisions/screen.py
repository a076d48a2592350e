"""The safety alerts of the ward, the unseen and dangerous first."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import collisions
from workstation.services.collisions import Standing
from workstation.ui.screens.collisions.card import AlertCard
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace

_PLACES: Final = {"nursing-problem-twice": ("care", "CarePlan/")}
"""Tab, and what stands in front on it, where a collision is mended, by its rule."""


class CollisionsScreen(Screen):
    """A list of cards."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._cards: list[AlertCard] = []
        self._shown: tuple[Standing, ...] | None = None
        self._as_of = label("", "caption", "muted")
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(10))
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._inside)
        self._pages = Pages(self._scroll)
        head = QHBoxLayout()
        head.addWidget(label(self.title(), "title"))
        head.addStretch(1)
        head.addWidget(self._as_of)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        box.setSpacing(theme.px(10))
        box.addLayout(head)
        box.addWidget(self._pages, 1)
        self._pages.show_loading()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Safety alerts")

    def activate(self) -> None:
        """Read the alerts; the keys scroll, and Tab leads to the first alert."""
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read()

    def _read(self) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: collisions.standing(desk), done=self._on_read, failed=self._on_unreadable
        )

    def on_changed(self, changes: Changes) -> None:
        """Read again when an alert came, went or was seen elsewhere."""
        if "DetectedIssue" in changes.types:
            self._read()

    def offers(self) -> frozenset[str]:
        """Reading again."""
        return frozenset({"refresh"})

    def perform(self, action_id: str) -> bool:
        """Read again."""
        if action_id == "refresh":
            self._read()
        return action_id in self.offers()

    def cards(self) -> list[AlertCard]:
        """The alerts as shown, from the top."""
        return self._cards

    @Slot(object)
    def _on_read(self, found: tuple[Standing, ...]) -> None:
        now = self.workplace.clock.now()
        self._as_of.setText(tr("Read at {time}", time=time_text(now)))
        if not found:
            self._pages.show_empty(
                tr("No safety alerts on this ward."),
                tr("Records are compared after every sync: doses, allergies, beds, persons."),
            )
        else:
            self._pages.show_content()
        if found != self._shown:
            self._show(found)

    def _show(self, found: tuple[Standing, ...]) -> None:
        """Make the cards anew; a reason that is being typed is typed on, where the cursor was."""
        typed = {card.alert.id: card.reason.text() for card in self._cards}
        writing = next((card for card in self._cards if card.reason.hasFocus()), None)
        cursor = writing.reason.cursorPosition() if writing is not None else 0
        for card in self._cards:
            self._column.removeWidget(card)
            card.deleteLater()
        self._shown = found
        self._cards = [
            AlertCard(
                alert, partial(self._open_chart, alert.rule), self._acknowledge, self._open_stay
            )
            for alert in found
        ]
        for place, card in enumerate(self._cards):
            card.reason.setText(typed.get(card.alert.id, ""))
            self._column.insertWidget(place, card)
        if writing is not None:
            self._write_on(writing.alert.id, cursor)

    def _write_on(self, alert: str, cursor: int) -> None:
        """Give the keyboard to the reason of an alert or, once it is dealt with, to the next."""
        waiting = [card for card in self._cards if not card.alert.acknowledged_by]
        same = [card for card in waiting if card.alert.id == alert]
        for card in (same or waiting)[:1]:
            card.reason.show()
            card.reason.setFocus()
            card.reason.setCursorPosition(cursor if same else len(card.reason.text()))

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self._read)

    def _open_chart(self, rule: str, patient: PatientId) -> None:
        """Show a patient; where a tab is the place to mend it, that tab."""
        if rule in _PLACES:
            tab, record = _PLACES[rule]
            self.workplace.navigator.open_screen("chart", patient=patient, tab=tab, record=record)
        else:
            self.workplace.navigator.open_chart(patient)

    def _open_stay(self, patient: PatientId, deed: str) -> None:
        self.workplace.navigator.open_screen("stays", patient=patient, deed=deed)

    def _acknowledge(self, id_: str, reason: str) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.command(
            lambda: collisions.acknowledge(desk, id_, reason),
            done=self._on_acknowledged,
            failed=partial(self._on_refused, id_),
            initiator=self,
            owner=self,
        )

    def _on_acknowledged(self, _changes: Changes) -> None:
        self.workplace.navigator.toast(tr("Noted with your name. Saved on this terminal."))
        self.activate()

    def _on_refused(self, id_: str, error: WorkstationError) -> None:
        for card in self._cards:
            if card.alert.id == id_:
                card.refuse(error)
