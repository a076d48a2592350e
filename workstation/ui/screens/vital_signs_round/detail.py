"""What stands under the grid: who is being measured, what the cell wants, what made the score."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workstation.clinical.scores.warning import RED, EarlyWarning, Part, Scale
from workstation.clinical.vital_signs import Sign
from workstation.kernel.words import tr
from workstation.ui.screens.vital_signs_round.entry import Column
from workstation.ui.screens.vital_signs_round.paint import risk_colour, value_text
from workstation.ui.screens.vital_signs_round.row import Row, Verdict
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.monitoring_words import reason_text
from workstation.ui.toolkit.person_words import age_words, born_words, short_moment
from workstation.ui.toolkit.widgets.badge import Chip, ScoreBadge
from workstation.ui.toolkit.widgets.banner import sex_word
from workstation.ui.toolkit.widgets.moment import moment_text, time_text
from workstation.ui.toolkit.widgets.text import label, rule, set_property

_HINTS = {
    "heart_rate": "Beats in one minute.",
    "temperature": "375 is read as 37.5.",
    "blood_pressure": "120/80, 120 80 or 12080.",
    "respiratory_rate": "Breaths counted for one minute.",
    "spo2": "Per cent.",
    "oxygen_flow": "Litres a minute; 0 is room air.",
    "consciousness": "A alert · C new confusion · V voice · P pain · U unresponsive",
    "pain": "0 none to 10 worst.",
}
_SHORT = {
    Sign.RESPIRATORY_RATE: "Breaths",
    Sign.SPO2: "SpO₂",
    Sign.OXYGEN_FLOW: "Oxygen",
    Sign.SYSTOLIC: "Systolic",
    Sign.HEART_RATE: "Pulse",
    Sign.CONSCIOUSNESS: "Consciousness",
    Sign.TEMPERATURE: "Temperature",
    Sign.DIASTOLIC: "Diastolic",
    Sign.PAIN: "Pain",
    Sign.CAPILLARY_REFILL: "Capillary refill",
    Sign.RESPIRATORY_EFFORT: "Breathing effort",
}


class RoundDetail(QFrame):
    """Two identifiers of the person, a word about the cell, the parts of the score."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._name = label("", "heading", wrap=True)
        self._facts = label("", "caption", wrap=True)
        self._allergies = Chip("", "warn", "help")
        self._says = label("", "body", wrap=True)
        self._says.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._hint = label("", "caption", wrap=True)
        self._badge = ScoreBadge()
        self._parts = label("", "caption", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(8))
        row.setSpacing(theme.px(14))
        row.addLayout(_stack(self._name, self._facts, _left(self._allergies)), 4)
        row.addWidget(rule(vertical=True))
        row.addLayout(_stack(self._says, self._hint), 5)
        row.addWidget(rule(vertical=True))
        row.addWidget(self._badge)
        row.addWidget(self._parts, 4)

    def words(self) -> str:
        """What is said about the cell now."""
        return self._says.text()

    def show_row(
        self,
        row: Row,
        verdict: Verdict,
        column: Column | None,
        again: str | None,
        *,
        typing: bool = False,
    ) -> None:
        """Show a person and a cell.

        Args:
            row: The row with the cursor.
            verdict: What it means.
            column: The cell's column; none on name, score, state.
            again: What was typed so far the second time, when that is asked for.
            typing: Whether the cell is half typed, so that it is too early to judge it.
        """
        who = row.patient.who
        name = who.name.formal or tr("Name unknown")
        self._name.setText(" · ".join(filter(None, (who.bed_name, name))))
        number = tr("Record no. {number}", number=who.record_number or tr("Unknown"))
        born = born_words(who.birth_date, who.born)
        self._facts.setText(f"{sex_word(who.sex)} · {born} ({age_words(who.age)}) · {number}")
        self._show_allergies(row)
        says, tone = _about(row, verdict, column, again, typing=typing)
        self._says.setText(says)
        set_property(self._says, "tone", tone)
        self._hint.setText(tr(_HINTS[column.key]) if column else "")
        self._show_score(row, verdict)

    def _show_allergies(self, row: Row) -> None:
        who = row.patient.who
        if "name" in who.alike:
            self._allergies.say(tr("Another patient here has the same name"), "warn", "warning")
        elif who.allergy_state == "known":
            self._allergies.say(", ".join(who.allergies), "danger", "allergy")
        elif who.allergy_state == "none-known":
            self._allergies.say(tr("No known allergies"), "ok", "check")
        else:
            self._allergies.say(tr("Allergies not asked"), "warn", "help")

    def _show_score(self, row: Row, verdict: Verdict) -> None:
        score = verdict.score or row.patient.previous_score
        if score is None or score.total is None:
            self._badge.show_score(None, 0)
            self._parts.setText(tr("Nothing measured yet."))
            return
        self._badge.show_score(
            score.total, risk_colour(score), complete=score.complete, scale=score.scale
        )
        said = [_parts_text(score, typed=verdict.score is not None)]
        due = row.patient.due
        if due is not None and verdict.score is None:
            when = short_moment(due.at, row.patient.now)
            said.append(tr("Next set {time}, {why}", time=when, why=reason_text(due)))
        self._parts.setText("\n".join(said))


def _about(
    row: Row, verdict: Verdict, column: Column | None, again: str | None, *, typing: bool
) -> tuple[str, str]:
    """What to say about the cell with the cursor, and in which tone."""
    if row.problem is not None:
        return explain(row.problem).line, "danger"
    if column is None or typing:
        return (_before(row, column) if column else ""), "muted"
    cell, trouble = verdict.cells[column.key], verdict.trouble
    if cell.error is not None:
        return f"{tr(column.words)}: {explain(cell.error).line}", "danger"
    if cell.state == "doubtful":
        return _doubt(column, cell.text, again), "warn"
    if trouble is not None and row.state == "typing":
        return tr("Look at {cell}: it keeps this row unsaved.", cell=tr(trouble.words)), "danger"
    return _before(row, column), "muted"


def _doubt(column: Column, text: str, again: str | None) -> str:
    if again is None:
        return tr("{cell} {value} is very unusual. Press Enter, then type it again.",
                  cell=tr(column.words), value=text)  # fmt: skip
    return tr("Type {cell} once more to confirm {value}. Esc to change it.",
              cell=tr(column.words), value=text)  # fmt: skip


def _before(row: Row, column: Column) -> str:
    readings = [row.patient.previous[sign] for sign in column.signs if sign in row.patient.previous]
    if not readings:
        return tr("{cell}: never measured in this stay.", cell=tr(column.words))
    values = "/".join(value_text(reading.value) for reading in readings)
    at = moment_text(readings[0].at)
    return tr("{cell} before: {value} {unit} at {time}",
              cell=tr(column.words), value=values, unit=tr(column.unit), time=at)  # fmt: skip


def _parts_text(score: EarlyWarning, *, typed: bool) -> str:
    parts = [_part(part, score.scale) for part in score.parts if part.points is not None]
    missing = [tr(_SHORT[sign]) for sign in score.missing]
    lines = [f"{score.scale}: " + " · ".join(parts)]
    if not typed and score.at is not None:
        lines[0] = tr("At {time}", time=time_text(score.at)) + " · " + lines[0]
    if missing:
        lines.append(tr("Not complete, missing: {signs}", signs=", ".join(missing)))
    return "\n".join(lines)


def _part(part: Part, scale: Scale) -> str:
    sign = tr(_SHORT[part.sign])
    if scale is Scale.MEOWS:
        zones = {RED: tr("red"), 1: tr("yellow")}
        return f"{sign}: {zones.get(part.shade, tr('white'))}"
    return tr("{sign}: {count} points", sign=sign, count=part.points)


def _stack(*widgets: QWidget) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setSpacing(theme.px(2))
    for widget in widgets:
        box.addWidget(widget)
    return box


def _left(widget: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return holder
