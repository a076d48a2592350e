"""The words and columns of the assessments: results, what they mean, when the next is due."""

from __future__ import annotations

from datetime import datetime

from workstation.clinical.scores.scale import AssessmentScale
from workstation.kernel.words import tr
from workstation.services.assessments import Row, ScaleHistory
from workstation.ui.screens.chart.wording import status_text
from workstation.ui.toolkit.widgets.badge import Risk
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.table import Column

TONES = ("", "", "warn", "danger")
_SIGNS = ("", "▲ ", "▲▲ ", "▲▲▲ ")
"""So that a reader without colours sees how grave it is."""


def total_words(scale: AssessmentScale, total: int | None, formula: str) -> str:
    """The total with its range and its parts; what could not be tested has no total."""
    whole = f"{total}{scale.unit}" if total is not None else tr("no total")
    return f"{whole} · {formula}" if formula else whole


def result_words(row: Row) -> str:
    """What one assessment found."""
    found = row.record.assessment
    return total_words(found.scale, found.total, found.formula)


def meaning_words(row: Row) -> str:
    """What it means, with its sign."""
    meaning = row.record.assessment.meaning
    if meaning is None:
        return tr("A part could not be tested")
    return f"{_SIGNS[meaning.shade]}{tr(meaning.words)}"


def shade_of(row: Row) -> Risk:
    """The colour of what it means."""
    meaning = row.record.assessment.meaning
    return meaning.shade if meaning else 0


def due_words(history: ScaleHistory, now: datetime) -> str:
    """When the next one is due; a relative time never alone."""
    if history.due is None:
        return tr("when needed") if history.offered else tr("not made for this age")
    when = moment_text(history.due)
    return tr("late: {time}", time=when) if history.due <= now else when


def scale_columns(now: datetime) -> tuple[Column[ScaleHistory], ...]:
    """The columns of the list of scales."""
    return (
        Column(tr("Scale"), lambda each: tr(each.scale.words), 250, role="strong"),
        Column(
            tr("Newest"),
            lambda each: result_words(each.last) if each.last else "–",
            150,
            role="value",
        ),
        Column(
            tr("Meaning"),
            lambda each: meaning_words(each.last) if each.last else tr("never assessed"),
            tone=lambda each: TONES[shade_of(each.last)] if each.last else "muted",
        ),
        Column(
            tr("Assessed at"),
            lambda each: moment_text(each.last.record.assessment.at) if each.last else "",
            150,
        ),
        Column(
            tr("Next"),
            lambda each: due_words(each, now),
            210,
            tone=lambda each: "warn" if each.due is not None and each.due <= now else "",
        ),
    )


def history_columns() -> tuple[Column[Row], ...]:
    """The columns of the history of one scale."""
    return (
        Column(tr("Assessed at"), lambda row: moment_text(row.record.assessment.at), 150),
        Column(tr("Result"), result_words, 170, role="value", tone=_void),
        Column(tr("Meaning"), meaning_words, tone=lambda row: _void(row) or TONES[shade_of(row)]),
        Column(tr("By"), lambda row: row.record.by, 190),
        Column(tr("State"), state_words, 220, hint=state_words),
    )


def state_words(row: Row) -> str:
    """The state of a record: final, corrected with its reason, in error, unsent."""
    status = "" if row.record.status == "final" else status_text(row.record.status)
    unsent = tr("On this terminal only") if row.unsent else ""
    return " · ".join(filter(None, (status, row.record.reason, unsent)))


def _void(row: Row) -> str:
    return "" if row.record.valid else "muted"
