"""The card with the early-warning score and the vital signs that made it, each with its trend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workstation.clinical.vital_signs import Mark, Sign
from workstation.kernel.words import tr
from workstation.services.chart import TREND, Summary
from workstation.services.escalation import Call
from workstation.services.flowsheet import Cell, Flowsheet
from workstation.ui.screens.chart.wording import (
    gaps_text,
    marked,
    monitoring_text,
    risk_shade,
    risk_text,
    sign_name,
    unit,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.monitoring_words import reason_text
from workstation.ui.toolkit.person_words import short_moment
from workstation.ui.toolkit.widgets.badge import ScoreBadge
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.sparkline import Sparkline
from workstation.ui.toolkit.widgets.text import button, card, label, rule

SIGNS: Final = (
    Sign.RESPIRATORY_RATE,
    Sign.SPO2,
    Sign.OXYGEN_FLOW,
    Sign.SYSTOLIC,
    Sign.HEART_RATE,
    Sign.CONSCIOUSNESS,
    Sign.TEMPERATURE,
    Sign.PAIN,
)


def signs_card(found: Summary, open_vitals: Callable[[], None]) -> QWidget:
    """Make the card.

    Args:
        found: What to show.
        open_vitals: Opens the tab with all of it.
    """
    head = QWidget()
    row = QHBoxLayout(head)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label(tr("Early warning and vital signs"), "heading"), 1)
    row.addWidget(button(tr("All vital signs"), open_vitals, kind="quiet", hint="Alt+2"))
    return card(head, _score(found), rule(), _table(found.signs), margin=14, spacing=8)


def _score(found: Summary) -> QWidget:
    score = found.signs.now
    badge = ScoreBadge()
    badge.show_score(
        score.total, risk_shade(score.risk), complete=score.complete, scale=score.scale
    )
    words = QVBoxLayout()
    words.setSpacing(theme.px(1))
    words.addWidget(label(f"{score.scale} · {risk_text(score)}", "strong"))
    monitoring = monitoring_text(score)
    if monitoring:
        words.addWidget(label(monitoring, "body", wrap=True))
    if found.due is not None:
        when = short_moment(found.due.at, found.as_of)
        said = tr("Next set {time}, {why}", time=when, why=reason_text(found.due))
        words.addWidget(label(said, "body", wrap=True))
    gaps = gaps_text(score)
    if gaps:
        words.addWidget(label(f"▲ {gaps}", "body", "warn", wrap=True))
    if found.call is not None:
        words.addWidget(label(_called(found.call), "body", wrap=True))
    words.addWidget(label(_since(found), "caption", wrap=True))
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(12))
    row.addWidget(badge, alignment=Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return box


def _called(call: Call) -> str:
    """Who was called last, and what came of it."""
    at = moment_text(call.called_at) if call.called_at else "–"
    said = tr("Called {time}: {whom}", time=at, whom=call.whom)
    if call.open:
        return f"▲ {said} · {tr('no answer yet')}"
    return f"{said} · {call.answer}"


def _since(found: Summary) -> str:
    score, before = found.signs.now, found.previous
    said = [tr("measured {when}", when=moment_text(score.at))] if score.at else []
    if before is not None and before.total is not None and before.at is not None:
        when = moment_text(before.at)
        said.append(tr("before that {score} ({when})", score=before.total, when=when))
    if score.spo2_scale == 2:  # noqa: PLR2004 - the name of the scale
        said.append(tr("SpO₂ scale 2"))
    return " · ".join(said)


def _table(sheet: Flowsheet) -> QWidget:
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(10))
    grid.setVerticalSpacing(theme.px(5))
    for column, name in enumerate(
        ("", tr("Last value"), tr("Points"), tr("Measured"), tr("Trend"))
    ):
        grid.addWidget(label(name, "caption"), 0, column)
    for row, sign in enumerate(SIGNS, start=1):
        _row(grid, row, sign, sheet)
    grid.setColumnStretch(4, 1)
    return table


def _row(grid: QGridLayout, row: int, sign: Sign, sheet: Flowsheet) -> None:
    name = tr("Blood pressure") if sign is Sign.SYSTOLIC else sign_name(sign)
    grid.addWidget(label(name), row, 0)
    cell = sheet.latest(sign)
    if cell is None:
        grid.addWidget(label(tr("Not measured"), "body", "muted"), row, 1)
        return
    abnormal = cell.mark is not Mark.NORMAL or bool(cell.points)
    value = label(_value(sign, cell, sheet), "value" if abnormal else "strong")
    grid.addWidget(value, row, 1)
    if sheet.now.part(sign) is not None:
        grid.addWidget(_points(sheet, sign), row, 2)
    at = next((column.at for column in reversed(sheet.columns) if sign in column.cells), None)
    grid.addWidget(label(moment_text(at) if at else "", "caption"), row, 3)
    curve = sheet.curves.get(sign)
    if curve is not None:
        spark = Sparkline()
        spark.show_trend(curve.points[-TREND:], curve.normal or (None, None))
        grid.addWidget(spark, row, 4)


def _value(sign: Sign, cell: Cell, sheet: Flowsheet) -> str:
    text = marked(cell)
    if sign is Sign.SYSTOLIC:
        lower = sheet.latest(Sign.DIASTOLIC)
        return f"{text}/{marked(lower) if lower else '–'} {unit(sign)}"
    if sign is Sign.OXYGEN_FLOW and text == "0":
        return tr("Room air")
    return f"{text} {unit(sign)}".rstrip()


def _points(sheet: Flowsheet, sign: Sign) -> QWidget:
    part = sheet.now.part(sign)
    points = part.points if part else None
    badge = ScoreBadge()
    badge.show_score(points, part.shade if part else 0)
    words = tr("{points} points", points="–" if points is None else points)
    badge.setToolTip(words)
    badge.setAccessibleName(words)
    return badge
