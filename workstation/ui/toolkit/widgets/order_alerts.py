"""The panel beside an order: what speaks against it, and a person's answer to each alert."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.flow import FlowLayout
from workstation.ui.toolkit.widgets.order_alert_card import OrderAlertCard
from workstation.ui.toolkit.widgets.order_alert_words import (
    severity_sign,
    severity_word,
    unchecked_words,
)
from workstation.ui.toolkit.widgets.second_person import SecondPerson
from workstation.ui.toolkit.widgets.text import label

if TYPE_CHECKING:  # the services bring the store along, which the log-in window does without
    from workstation.kernel.ids import PatientId
    from workstation.security.people import Person
    from workstation.services.order_safety import Alert, Checked
    from workstation.ui.toolkit.workplace import Workplace

_SECOND = "second-person"


@dataclass(frozen=True, slots=True)
class Answered:
    """A person's answer to one alert.

    Attributes:
        alert: As it was shown.
        reason: Why it is ordered all the same.
        second: Who confirmed with their PIN, where the alert asks for somebody.
    """

    alert: Alert
    reason: str
    second: Person | None


class OrderAlerts(QWidget):
    """Alerts about one order, the strongest first.

    Every field is reached by Tab; nothing here takes the keyboard away from the form by itself.

    Signals:
        changed: An answer changed; ask `missing`.
    """

    changed = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start with nothing.

        Args:
            workplace: Its threads and colleagues prove the second person.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._workplace = workplace
        self._cards: list[OrderAlertCard] = []
        self._typed: dict[str, str] = {}
        self._about: PatientId | None = None
        self._guarded: frozenset[str] = frozenset()
        self._second = SecondPerson(workplace)
        self._second.proved.connect(self.changed)
        self._head = QWidget()
        self._chips = FlowLayout(theme.px(6))
        self._head.setLayout(self._chips)
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.px(10))
        self._area = self._laid_out()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._area)
        self.setAccessibleName(tr("Safety of this order"))
        self.show_nothing()

    def _laid_out(self) -> QScrollArea:
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, theme.px(4), 0)
        box.setSpacing(theme.px(10))
        box.addWidget(self._head)
        box.addLayout(self._list)
        box.addWidget(self._second)
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def begin(self, patient: PatientId) -> None:
        """Be about a patient: no reason and no second person's word for another one counts."""
        if patient != self._about:
            self._about, self._typed, self._cards = patient, {}, []
            self._second.forget()
        self.show_nothing()

    def show_nothing(self) -> None:
        """Before there is an order to check."""
        self._renew(())
        self._say(label(tr("The order is checked as soon as drug or test is chosen."),
                        "body", "muted", wrap=True))  # fmt: skip

    def show_checking(self) -> None:
        """While the check runs longer than an eye blink; answers stay."""
        self._clear_head()
        self._mark(Chip(tr("Checking…"), "", "clock"))

    def show_error(self, error: WorkstationError) -> None:
        """The check could not be made: said loudly, for silence would look like safety."""
        self._renew(())
        self._mark(Chip(tr("Not checked"), "danger", "error"))
        self._say(label(explain(error).line, "body", wrap=True))

    def show_checked(self, checked: Checked) -> None:
        """Show what a check found; what was typed for an alert that still stands stays there."""
        self._renew(tuple(sorted(checked.alerts, key=lambda alert: -alert.severity.rank)))
        counts = Counter(alert.severity.value for alert in checked.alerts)
        for severity in (_SECOND, "reason", "inform"):
            if counts[severity]:
                tone, sign = severity_sign(severity)
                words = tr("{count} × {word}", count=counts[severity], word=severity_word(severity))
                self._mark(Chip(words, tone, sign))
        if "drug-unknown" in checked.unchecked:
            self._mark(Chip(tr("This drug is not known here"), "", "help"))
        elif not checked.alerts:
            self._mark(Chip(tr("No alert"), "ok", "check"))
        self._say_rest(checked)

    def answers(self) -> tuple[Answered, ...]:
        """The answers to the alerts that ask for one, as far as they are given."""
        second = self._second.person
        return tuple(
            Answered(card.alert, card.reason(), second if _guarded(card.alert) else None)
            for card in self._cards
            if card.alert.severity.interrupts and card.reason()
        )

    def missing(self) -> Refused | None:
        """What is still to be answered before the order can be signed; None when nothing is."""
        for card in self._cards:
            if card.alert.severity.interrupts and not card.reason():
                return Refused("reason-missing", field="reason")
        if self._guarded and self._second.person is None:
            drug = next(card.alert.proposed for card in self._cards if _guarded(card.alert))
            return Refused("second-person-missing", field="second_person", drug=drug)
        return None

    def focus_missing(self) -> bool:
        """Put the keyboard where an answer is missing, and say so there.

        Returns:
            Whether there was such a place.
        """
        for card in self._cards:
            if card.alert.severity.interrupts and not card.reason():
                card.ask()
                self._area.ensureWidgetVisible(card)
                return True
        missing = self.missing()
        if missing is not None:
            self._second.ask(missing)
            self._area.ensureWidgetVisible(self._second)
            return True
        return False

    def typed(self) -> dict[str, str]:
        """The reasons by cause of alert, for a draft; a PIN is never in it."""
        self._remember()
        return dict(self._typed)

    def restore(self, typed: Mapping[str, str]) -> None:
        """Put the reasons of a draft back, now and when its alerts are shown."""
        self._typed.update(typed)
        for card in self._cards:
            card.fill(self._typed.get(card.alert.key, ""))

    def _renew(self, alerts: tuple[Alert, ...]) -> None:
        self._remember()
        held = next((card for card in self._cards if card.has_keys()), None)
        self._clear_head()
        before = [item.widget() for item in iter(lambda: self._list.takeAt(0), None)]
        self._cards = []
        several = len({alert.proposed for alert in alerts}) > 1
        for alert in alerts:
            card = OrderAlertCard(alert, named=several)
            card.fill(self._typed.get(alert.key, ""))
            card.changed.connect(self.changed)
            self._say(card)
            self._cards.append(card)
            if held is not None and held.alert.key == alert.key:
                card.take_keys_from(held)
        for line in filter(None, before):  # hidden with the keys in it, it would lose them
            line.hide()
            line.deleteLater()
        guarded = frozenset(alert.key for alert in alerts if _guarded(alert))
        if not guarded <= self._guarded:
            self._second.forget()
        self._guarded = guarded
        self._second.setVisible(bool(guarded))
        _order_tabs(self._cards, self._second.stops() if guarded else [])
        self.changed.emit()

    def _remember(self) -> None:
        self._typed.update(
            {card.alert.key: card.reason() for card in self._cards if card.answerable}
        )

    def _clear_head(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _say_rest(self, checked: Checked) -> None:
        if checked.unchecked:
            lines = "\n".join(f"– {unchecked_words(each.value)}" for each in checked.unchecked)
            self._say(label(tr("Could not be checked:") + "\n" + lines, "caption", "muted",
                            wrap=True))  # fmt: skip
        problems = self._workplace.desk.knowledge.problems
        if problems:
            words = tr(
                "The hospital's own knowledge has {count} errors and is not used: the shipped one"
                " is. Tell the hospital's IT.",
                count=len(problems),
            )
            self._say(label(words, "caption", "warn", wrap=True))

    def _mark(self, chip: Chip) -> None:
        self._chips.addWidget(chip)
        chip.show()

    def _say(self, line: QWidget) -> None:
        """Add a line; shown at once and not with the next event, so that it can have the focus."""
        self._list.addWidget(line)
        line.show()


def _order_tabs(cards: Sequence[OrderAlertCard], second: Sequence[QWidget]) -> None:
    """From one reason to the next, then to the second person."""
    stops = [stop for card in cards for stop in card.stops()]
    for before, after in pairwise([*stops, *second]):
        QWidget.setTabOrder(before, after)


def _guarded(alert: Alert) -> bool:
    return alert.severity.value == _SECOND


__all__ = ["Answered", "OrderAlerts"]
