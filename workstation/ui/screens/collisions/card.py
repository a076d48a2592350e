"""One safety alert: what, who, which records, what to do, and a person's word on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services.collisions import Involved, Standing
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.alert_words import (
    alert_advice,
    alert_title,
    severity_tone,
    severity_word,
)
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.flow import FlowLayout
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label

OpenChart = Callable[[PatientId], None]
Acknowledge = Callable[[str, str], None]
OpenStay = Callable[[PatientId, str], None]
_MENDS = {
    "two-patients-in-one-bed": "move",
    "one-patient-in-two-beds": "move",
    "two-open-stays": "discharge",
}
"""What is done to a stay to mend a collision, by its rule."""


class AlertCard(QFrame):
    """One alert, with a bar in the tone of its severity."""

    def __init__(
        self,
        alert: Standing,
        open_chart: OpenChart,
        acknowledge: Acknowledge,
        open_stay: OpenStay,
    ) -> None:
        """Show an alert.

        Args:
            alert: What collided.
            open_chart: Shows a patient.
            acknowledge: Takes the alert's id and the person's words.
            open_stay: Opens the form that moves or discharges a patient.
        """
        super().__init__()
        self.alert = alert
        self.setProperty("card", True)
        self._note = FieldNote()
        self.reason = QLineEdit()
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(20), theme.px(12), theme.px(16), theme.px(12))
        box.setSpacing(theme.px(8))
        box.addLayout(self._head())
        box.addWidget(label(alert_advice(alert.rule), "strong", wrap=True))
        box.addLayout(_records(alert.involved))
        box.addLayout(_charts(alert, open_chart, open_stay))
        box.addLayout(self._foot(acknowledge))
        box.addWidget(self._note)
        self._note.hide()

    def refuse(self, error: WorkstationError) -> None:
        """Say why it was not acknowledged."""
        self._note.say(error)
        self._note.show()
        self.reason.setFocus()

    def _head(self) -> QHBoxLayout:
        alert = self.alert
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        tone = severity_tone(alert.severity)
        row.addWidget(Chip(severity_word(alert.severity), tone, "collision"))
        row.addWidget(label(alert_title(alert.rule), "heading"))
        row.addWidget(label(", ".join(_people(alert)), "body", wrap=True), 1)
        if alert.since is not None:
            row.addWidget(label(moment_text(alert.since), "body", "muted"))
        return row

    def _foot(self, acknowledge: Acknowledge) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        alert = self.alert
        if alert.acknowledged_by:
            row.addWidget(label(_seen(alert), "body", "muted", wrap=True), 1)
            return row
        self.reason.setPlaceholderText(tr("What was done, for example: doctor told, bed corrected"))
        self.reason.setAccessibleName(tr("What was done"))
        self.reason.setMaxLength(400)

        def done() -> None:
            acknowledge(alert.id, self.reason.text())

        self.reason.returnPressed.connect(done)
        row.addWidget(self.reason, 1)
        row.addWidget(button(tr("Seen and dealt with"), done, kind="primary", symbol="check"))
        return row

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar: wide for what is dangerous, so that it shows in black and white too."""
        super().paintEvent(event)
        painter = QPainter(self)
        wide = theme.px(8 if self.alert.severity == "high" else 4)
        tone = "line" if self.alert.acknowledged_by else severity_tone(self.alert.severity)
        painter.fillRect(1, 1, wide, self.height() - 2, theme.colour(tone))


def _records(involved: tuple[Involved, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(18))
    grid.setVerticalSpacing(theme.px(2))
    for row, each in enumerate(involved):
        words = each.about if each.here else tr("not on this terminal")
        grid.addWidget(label(tr(each.record), "body", "muted"), row, 0)
        grid.addWidget(label(words, "strong", wrap=True), row, 1)
        grid.addWidget(label(moment_text(each.at) if each.at else "", "body"), row, 2)
        grid.addWidget(label(each.by, "body", "muted"), row, 3, Qt.AlignmentFlag.AlignLeft)
    grid.setColumnStretch(3, 1)
    return grid


def _charts(alert: Standing, open_chart: OpenChart, open_stay: OpenStay) -> FlowLayout:
    """Buttons for each person: what mends it, and the chart; no two say the same."""
    row = FlowLayout(theme.px(10))
    mends = _MENDS.get(alert.rule)
    for patient, person in zip(_patients(alert), _people(alert), strict=False):
        if mends is not None:
            verb = (
                tr("Move {name} to another bed", name=person)
                if mends == "move"
                else tr("End a stay of {name}", name=person)
            )
            row.addWidget(button(verb, partial(open_stay, patient, mends), symbol="forward"))
        words = tr("Open chart of {name}", name=person)
        row.addWidget(button(words, partial(open_chart, patient), symbol="chart"))
    return row


def _people(alert: Standing) -> list[str]:
    """Each with the bed; by the record number where name and bed do not tell them apart."""
    known = list(zip(alert.names, alert.beds, alert.numbers, strict=False))
    alike = Counter((name, bed) for name, bed, _ in known)
    told = []
    for name, bed, number in known:
        person = tr("{name} (bed {bed})", name=name, bed=bed) if bed else name
        if number and alike[name, bed] > 1:
            person = tr("{name}, record no. {number}", name=person, number=number)
        told.append(person)
    return told


def _patients(alert: Standing) -> list[PatientId]:
    return list(dict.fromkeys(each.patient for each in alert.involved if each.patient))


def _seen(alert: Standing) -> str:
    when = moment_text(alert.acknowledged_at) if alert.acknowledged_at else ""
    return tr(
        "Seen by {name} {when}: {reason}",
        name=alert.acknowledged_by,
        when=when,
        reason=alert.reason,
    )
