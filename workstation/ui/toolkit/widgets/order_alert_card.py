"""One alert about an order: what it asks for, what it is about, why, and the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.errors import Refused
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets import order_alert_words as say
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label

if TYPE_CHECKING:
    from workstation.services.order_safety import Alert

_LONGEST = 400
_WIDE = 560
"""From this width on, in pixels at 100 %, the answer stands beside the alert."""


class OrderAlertCard(QFrame):
    """One alert, with a bar in its tone: wide for what is dangerous.

    Signals:
        changed: The reason changed.
    """

    changed = Signal()

    def __init__(self, alert: Alert, *, named: bool = False, parent: QWidget | None = None) -> None:
        """Show an alert.

        Args:
            alert: What it is.
            named: Whether it says which order it is about, as where several are checked.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.alert = alert
        self.answerable = alert.severity.interrupts
        self.setProperty("card", True)
        self.setAccessibleName(say.title(alert))
        self._source = label(say.source_line(alert), "caption", "muted", wrap=True)
        self._source.hide()
        self._show = button(tr("Source"), self._toggle, kind="quiet")
        self._show.setCheckable(True)
        self._show.setAccessibleDescription(say.source_line(alert))
        self._reason = QComboBox()
        self._note = FieldNote()
        self._note.hide()
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._body.setContentsMargins(theme.px(18), theme.px(10), theme.px(14), theme.px(10))
        self._body.setSpacing(theme.px(5))
        self._body.addLayout(self._said(named=named), 3)
        if self.answerable:
            self._body.addLayout(self._answer(), 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the answer beside what it answers where there is room, else below."""
        wide = event.size().width() >= theme.px(_WIDE)
        directions = QBoxLayout.Direction
        self._body.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._body.setSpacing(theme.px(18 if wide else 5))
        super().resizeEvent(event)

    def _said(self, *, named: bool) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(theme.px(5))
        box.addLayout(self._head())
        for line in self._lines(named=named):
            box.addWidget(line)
        box.addWidget(self._source)
        return box

    def _answer(self) -> QVBoxLayout:
        self._make_reason()
        box = QVBoxLayout()
        box.setSpacing(theme.px(5))
        box.addWidget(self._reason)
        box.addWidget(self._note)
        box.addStretch(1)
        return box

    def _lines(self, *, named: bool) -> Iterator[QLabel]:
        """What the alert says, from its order to what to do."""
        alert = self.alert
        of = f"{alert.proposed} – " if named and alert.kind != "same-test" else ""
        yield label(of + say.title(alert), "strong", wrap=True)
        for line in say.details(alert):
            yield label(line, "body", wrap=True)
        if advice := say.advice(alert):
            yield label(f"→ {advice}", "strong", wrap=True)
        if accepted := say.accepted(alert):
            yield label(accepted, "body", "muted", wrap=True)

    def reason(self) -> str:
        """What was typed or chosen, without blanks around it."""
        return self._reason.currentText().strip() if self.answerable else ""

    def fill(self, reason: str) -> None:
        """Put a reason into the field."""
        if self.answerable and reason:
            self._reason.setEditText(reason)

    def ask(self) -> None:
        """Put the keyboard into the field, and say what it wants."""
        self._note.say(Refused("reason-missing", field="reason"))
        self._note.show()
        self._reason.setFocus()

    def has_keys(self) -> bool:
        """Whether one types in it."""
        return self.answerable and self._reason.hasFocus()

    def take_keys_from(self, other: OrderAlertCard) -> None:
        """Go on where somebody types in the card of the same alert that this one replaces."""
        if self.answerable:
            self.ask() if other._note.isVisible() else self._reason.setFocus()

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        return [self._reason, self._show] if self.answerable else [self._show]

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        severity = self.alert.severity.value
        tone, sign = say.severity_sign(severity)
        row.addWidget(Chip(say.severity_word(severity), tone, sign))
        row.addStretch(1)
        row.addWidget(self._show)
        return row

    def _make_reason(self) -> None:
        """Free words; the arrows offer the usual ones, so that a reason takes one key."""
        field = self._reason
        field.setEditable(True)
        field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        field.addItems(_usual(self.alert.kind.value))
        field.setCurrentIndex(-1)
        field.setMinimumContentsLength(10)
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        name = tr("Why it is ordered all the same")
        field.setAccessibleName(f"{name}: {say.title(self.alert)}")
        line = field.lineEdit()
        if line is not None:
            line.setMaxLength(_LONGEST)
            line.setPlaceholderText(name)
        field.editTextChanged.connect(self._on_reason_changed)

    def _on_reason_changed(self) -> None:
        self._note.hide()
        self.changed.emit()

    def _toggle(self) -> None:
        self._source.setVisible(self._show.isChecked())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar: its width says the severity in black and white too."""
        super().paintEvent(event)
        widths = {"second-person": 8, "reason": 5}
        severity = self.alert.severity.value
        painter = QPainter(self)
        wide = theme.px(widths.get(severity, 2))
        tone, _ = say.severity_sign(severity)
        painter.fillRect(1, 1, wide, self.height() - 2, theme.colour(tone))


def _usual(kind: str) -> list[str]:
    """The reasons that are given most often for one kind of alert."""
    if kind in ("allergy", "cross-allergy"):
        return [
            tr("Tolerated since without a reaction"),
            tr("Was not a true allergy"),
            tr("No other drug; watched closely"),
        ]
    if kind == "same-test":
        return [tr("State has changed"), tr("Course is followed"), tr("Earlier result is doubted")]
    if kind in ("same-drug", "same-class"):
        return [
            tr("Takes the place of the other order, which I stop"),
            tr("Both are wanted"),
            tr("Tapering from one to the other"),
        ]
    return [
        tr("Benefit outweighs the risk; watched closely"),
        tr("Taken before and tolerated"),
        tr("As advised by a specialist"),
    ]
