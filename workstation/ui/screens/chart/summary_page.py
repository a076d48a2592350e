"""The summary tab: how sick, why here, what is given, what is new, on one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import chart
from workstation.services.chart import Summary
from workstation.services.notes import Note
from workstation.services.results import Test
from workstation.ui.screens.chart import note_rows
from workstation.ui.screens.chart.page import Page
from workstation.ui.screens.chart.signature_words import state_words
from workstation.ui.screens.chart.summary_signs import signs_card
from workstation.ui.screens.chart.wording import (
    drug_dose,
    result_text,
    status_text,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.result_words import code_name, range_text, unit_text
from workstation.ui.toolkit.widgets.moment import date_text, moment_text
from workstation.ui.toolkit.widgets.text import button, card, label, rule

_RESULTS = 9
_NOTE_LETTERS = 260
_THREE_COLUMNS = 1150
"""Width from which on three columns stand beside each other, in pixels at 100 %."""


class SummaryPage(Page):
    """What a person wants to know first."""

    def build(self) -> QWidget:
        """Make an empty page; `show_read` fills it."""
        self._found: Summary | None = None
        self._rest: list[Callable[[], None]] = []
        self._filling = QTimer(self, interval=0)
        self._filling.timeout.connect(self._fill_next)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        return self._scroll

    def shown(self) -> PatientId | None:
        """Whose summary is on the page; None while there is none yet."""
        return self._found.banner.patient if self._found is not None else None

    def read(self, patient: PatientId) -> Summary:
        """Ask for the summary."""
        return chart.summary(self.workplace.desk, patient)

    def show_read(self, found: object) -> None:
        """Lay the cards out in three columns, one after the other, the signs at once."""
        assert isinstance(found, Summary)  # noqa: S101 - what `read` returns
        if self._found is not None and replace(found, as_of=self._found.as_of) == self._found:
            return
        self._found = found
        inside = QWidget()
        row = QHBoxLayout(inside)
        gap = theme.px(12)
        row.setContentsMargins(gap, gap, gap, gap)
        row.setSpacing(gap)
        kept = self._scroll.verticalScrollBar().value()
        three = self.width() >= theme.px(_THREE_COLUMNS)
        boxes = []
        for share in (40, 30, 34) if three else (1, 1):
            column = QWidget()
            boxes.append(QVBoxLayout(column))
            boxes[-1].setContentsMargins(0, 0, 0, 0)
            boxes[-1].setSpacing(gap)
            boxes[-1].addStretch(1)
            row.addWidget(column, share)
        _put(boxes[0], signs_card(found, lambda: self.links.open_tab("vitals")))
        self._rest = [
            lambda: _put(boxes[1], _stay_card(found), _drugs_card(found)),
            lambda: _put(boxes[-1], self._results_card(found), self._notes_card(found)),
            lambda: self._scroll.verticalScrollBar().setValue(kept),
        ]
        self._scroll.setWidget(inside)
        self._filling.start()

    @Slot()
    def _fill_next(self) -> None:
        """One column more; a hundred labels at once would keep the window from the next key."""
        if self._rest:
            self._rest.pop(0)()
        else:
            self._filling.stop()

    def focus_start(self) -> None:
        """Arrow keys scroll."""
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    def _results_card(self, found: Summary) -> QWidget:
        words = QWidget()
        grid = QGridLayout(words)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(3))
        for place, test in enumerate(found.tests[:_RESULTS]):
            _result_row(grid, place, test)
        grid.setColumnStretch(0, 1)
        empty = label(tr("No results yet"), "body", "muted")
        more = button(
            tr("All results"), lambda: self.links.open_tab("results"), kind="quiet", hint="Alt+6"
        )
        return _titled(tr("Latest results"), words if found.tests else empty, action=more)

    def _notes_card(self, found: Summary) -> QWidget:
        contents: list[QWidget] = []
        for note in found.notes[:3]:
            if contents:
                contents.append(rule())
            contents.append(_note(note))
        if not contents:
            contents.append(label(tr("No notes yet"), "body", "muted"))
        more = button(
            tr("All notes"), lambda: self.links.open_tab("notes"), kind="quiet", hint="Alt+3"
        )
        return _titled(tr("Recent notes"), *contents, action=more)


def _put(column: QVBoxLayout, *cards: QWidget) -> None:
    """Put cards at the end of a column, before what keeps them at its top."""
    for each in cards:
        column.insertWidget(column.count() - 1, each)


def _titled(title: str, *contents: QWidget, action: QWidget | None = None) -> QWidget:
    head = QWidget()
    row = QHBoxLayout(head)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label(title, "heading"), 1)
    if action is not None:
        row.addWidget(action)
    return card(head, *contents, margin=14, spacing=6)


def _stay_card(found: Summary) -> QWidget:
    contents: list[QWidget] = []
    for place, diagnosis in enumerate(found.diagnoses):
        text = f"{diagnosis.code}  {diagnosis.words}".strip()
        contents.append(label(text, "strong" if place == 0 else "body", wrap=True))
    if not contents:
        contents.append(label(tr("No diagnosis recorded"), "body", "warn"))
    contents.append(rule())
    contents += [_fact(name, value) for name, value in _stay_facts(found)]
    return _titled(tr("Diagnosis and stay"), *contents)


def _stay_facts(found: Summary) -> list[tuple[str, str]]:
    stay = found.stay
    if stay is None:
        return [(tr("Stay"), tr("Not admitted"))]
    unknown = tr("Unknown")
    if stay.expected:
        names = [place.display for place in stay.places if place.planned and place.display]
        when = moment_text(stay.started_at) if stay.started_at else unknown
        return [(tr("Expected"), when), (tr("Ward"), " · ".join(names) or unknown)]
    admitted = moment_text(stay.started_at) if stay.started_at else unknown
    facts = [(tr("Admitted"), admitted)]
    if found.day is not None:
        facts.append((tr("Day of stay"), str(found.day)))
    if stay.ended_at is not None:
        facts.append((tr("Discharged"), moment_text(stay.ended_at)))
    facts.append((tr("Ward"), found.banner.ward or unknown))
    facts.append((tr("Care level"), stay.care_level.value if stay.care_level else unknown))
    if stay.attending:
        facts.append((tr("Doctor"), stay.attending))
    return facts


def _fact(name: str, value: str) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label(name, "caption"))
    row.addStretch(1)
    row.addWidget(label(value, "strong"))
    return line


def _drugs_card(found: Summary) -> QWidget:
    contents: list[QWidget] = []
    for drug in found.drugs:
        if contents:
            contents.append(rule())
        contents.append(label(drug.name, "strong", wrap=True))
        since = tr("since {day}", day=date_text(drug.since)) if drug.since else ""
        dose = drug_dose(drug)
        contents.append(label(" · ".join(filter(None, (dose, since))), "body", wrap=True))
    if not contents:
        contents.append(label(tr("No current drug orders"), "body", "muted"))
    return _titled(tr("Current drugs"), *contents)


def _result_row(grid: QGridLayout, place: int, test: Test) -> None:
    result = test.latest
    tone = "danger" if result.flag else ""
    name = QLabel(code_name(result.code, result.name))
    name.setTextFormat(Qt.TextFormat.PlainText)
    name.setWordWrap(True)
    value = label(
        f"{result_text(result)} {unit_text(result.unit)}".strip(),
        "strong" if result.flag else "body",
        tone,
    )
    value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    when = label(_short(result.at), "caption")
    when.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    limits = range_text(result)
    value.setToolTip(tr("Normal {range}", range=limits) if limits else "")
    grid.addWidget(name, place, 0)
    grid.addWidget(value, place, 1)
    grid.addWidget(when, place, 2)


def _short(at: datetime | None) -> str:
    return f"{at.astimezone():%d/%m/%Y}" if at else ""


def _note(note: Note) -> QWidget:
    text = " ".join(f"{note.text.course} {note.text.orders}".split())
    if len(text) > _NOTE_LETTERS:
        text = f"{text[:_NOTE_LETTERS].rstrip()}…"
    kind = note_rows.kind_words(note.kind) if note.kind != "other" else note.title
    state = status_text(note.state) if note.state != "final" else ""
    signed = state_words(note.under)
    when = moment_text(note.at) if note.at else tr("Unknown")
    head = " · ".join(filter(None, (when, kind, note.author, state, signed)))
    box = QWidget()
    lines = QVBoxLayout(box)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(theme.px(2))
    lines.addWidget(label(head, "caption", wrap=True))
    words = label(text, "body", wrap=True)
    if note.state == "entered-in-error":
        font = words.font()
        font.setStrikeOut(True)
        words.setFont(font)
    lines.addWidget(words)
    return box
