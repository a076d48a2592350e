"""The patient banner: who this is, never scrolled away, never blank where something is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.flow import FlowLayout
from workstation.ui.toolkit.widgets.moment import date_text
from workstation.ui.toolkit.widgets.text import label

AllergyState = Literal["known", "none-known", "not-asked"]
FlagKind = Literal["fall", "isolation", "no-cpr", "spo2-scale-2", "maternity"]


@dataclass(frozen=True, slots=True)
class BannerFacts:
    """What the banner says.

    Attributes:
        family: Family name (HỌ).
        given: Middle and given names (TÊN ĐỆM TÊN).
        sex: ``male``, ``female``, ``other`` or ``unknown``.
        born: Date of birth, when known.
        age: Age in words, translated, such as ``74 tuổi``.
        record_number: The hospital's number.
        identity_tail: Last digits of the citizen's id or insurance number.
        bed: Name of the bed, when the patient has one.
        allergy_state: Three different things: known, none known, not asked.
        allergies: What they are, when known.
        flags: Alerts in force.
        died: When the patient died, if so.
        unreadable: How many of the patient's records cannot be read on this terminal.
    """

    family: str
    given: str
    sex: str = "unknown"
    born: date | None = None
    age: str = ""
    record_number: str = ""
    identity_tail: str = ""
    bed: str = ""
    allergy_state: AllergyState = "not-asked"
    allergies: tuple[str, ...] = ()
    flags: tuple[FlagKind, ...] = ()
    died: datetime | None = None
    unreadable: int = 0


def sex_word(sex: str) -> str:
    """Administrative gender in words."""
    words = {"male": tr("Male"), "female": tr("Female"), "other": tr("Other sex")}
    return words.get(sex, tr("Sex unknown"))


def flag_chip(kind: FlagKind) -> Chip:
    """An alert as icon and word."""
    words = {
        "fall": (tr("Fall risk"), "warn", "fall"),
        "isolation": (tr("Isolation"), "warn", "isolation"),
        "no-cpr": (tr("No resuscitation"), "danger", "no_cpr"),
        "spo2-scale-2": (tr("SpO₂ scale 2"), "accent", "flag"),
        "maternity": (tr("Maternity chart"), "accent", "flag"),
    }
    return Chip(*words[kind])


def unreadable_words(count: int) -> str:
    """That something of this patient is at the hospital and cannot be shown here."""
    return tr("{count} records cannot be read here", count=count)


class PatientBanner(QWidget):
    """One patient's identity in two lines; in more where there is little room, never cut off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._facts: BannerFacts | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._inside: QWidget | None = None

    def show_patient(self, facts: BannerFacts) -> None:
        """Show who this is."""
        self._facts = facts
        if self._inside is not None:
            self._box.removeWidget(self._inside)
            self._inside.deleteLater()
        self._inside = QWidget()
        lines = QVBoxLayout(self._inside)
        lines.setContentsMargins(theme.px(20), theme.px(8), theme.px(20), theme.px(8))
        lines.setSpacing(theme.px(5))
        lines.addLayout(self._identity(facts))
        lines.addLayout(self._warnings(facts))
        self._box.addWidget(self._inside)
        if self.isVisible():  # before that, its width says nothing
            self._fit()
        self.setAccessibleName(tr("Patient"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many rows as it needs."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        height = self._box.heightForWidth(self.width()) if self._inside is not None else 0
        if height > 0:
            self.setFixedHeight(height)

    def _identity(self, facts: BannerFacts) -> FlowLayout:
        row = FlowLayout(theme.px(18), last_right=True)
        born = f"{date_text(facts.born)}  {facts.age}" if facts.born else facts.age
        tail = f"…{facts.identity_tail}" if facts.identity_tail else tr("Unknown")
        name = f"{facts.family.upper()} {facts.given}".strip() or tr("Name unknown")
        for widget in (
            label(name, "title"),
            _pair(tr("Born"), born.rstrip() or tr("Unknown")),
            _pair(tr("Sex"), sex_word(facts.sex)),
            _pair(tr("Record no."), facts.record_number or tr("Unknown")),
            _pair(tr("Citizen / insurance no."), tail),
            _pair(tr("Bed"), facts.bed or tr("No bed")),
        ):
            row.addWidget(widget)
        return row

    def _warnings(self, facts: BannerFacts) -> FlowLayout:
        row = FlowLayout(theme.px(8))
        if facts.died is not None:
            row.addWidget(Chip(tr("Died {date}", date=date_text(facts.died)), "danger", "close"))
        row.addWidget(label(tr("Allergies"), "caption"))
        for chip in (*_allergies(facts), *map(flag_chip, facts.flags)):
            row.addWidget(chip)
        if facts.unreadable:
            row.addWidget(Chip(unreadable_words(facts.unreadable), "danger", "error"))
        return row

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground; a patient who died has a pattern as well as a colour."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, theme.colour("surface"))
        if self._facts is not None and self._facts.died is not None:
            painter.fillRect(area, theme.colour("danger_soft"))
            pattern = QBrush(theme.colour("line"), Qt.BrushStyle.BDiagPattern)
            painter.fillRect(area, pattern)
        painter.fillRect(QRectF(0, area.height() - 2, area.width(), 2), theme.colour("accent"))


def _pair(name: str, value: str) -> QWidget:
    pair = QWidget()
    box = QVBoxLayout(pair)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    box.addWidget(label(name, "caption"))
    box.addWidget(label(value, "strong"))
    return pair


def _allergies(facts: BannerFacts) -> tuple[Chip, ...]:
    if facts.allergy_state == "known":
        return tuple(Chip(each, "danger", "allergy") for each in facts.allergies)
    if facts.allergy_state == "none-known":
        return (Chip(tr("None known"), "ok", "check"),)
    return (Chip(tr("Not asked"), "warn", "help"),)
