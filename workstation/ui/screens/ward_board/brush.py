"""Small strokes that list and map share: a line of words, an icon, the score with its trend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from workstation.clinical.ward_tasks import DueItem, Kind, counts
from workstation.kernel.words import tr
from workstation.services.ward_board import Occupant
from workstation.ui.screens.ward_board import wording
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.icons import pixmap
from workstation.ui.toolkit.task_words import ICONS, TONES
from workstation.ui.toolkit.widgets.badge import paint_score

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
BARS = ("line", "news_low", "news_medium", "news_high")
"""Tokens of the bar beside a bed, by the colour of the score."""


def upper_half(area: QRect) -> QRect:
    """The first of two lines."""
    return QRect(area.left(), area.top(), area.width(), area.height() // 2)


def words(
    painter: QPainter,
    area: QRect,
    text: str,
    role: str = "body",
    tone: str = "text",
    *,
    align: Qt.AlignmentFlag = LEFT,
) -> int:
    """Write one line, elided at its end.

    Args:
        painter: Where to.
        area: The room there is.
        text: Translated words.
        role: Font role of `theme.SIZES`.
        tone: Token of the colour.
        align: Where in the room.

    Returns:
        The width that the words took, in pixels.
    """
    painter.setFont(theme.font(role))
    painter.setPen(theme.colour(tone))
    shown, width = _elided(text, role, area.width(), theme.scale())
    painter.drawText(area, align, shown)
    return width


@lru_cache(maxsize=4_000)
def _elided(text: str, role: str, room: int, _scale: int) -> tuple[str, int]:
    """What of a line fits, and how wide it is; a board is painted with the same words all day."""
    metrics = QFontMetrics(theme.font(role))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    return shown, metrics.horizontalAdvance(shown)


def paragraph(painter: QPainter, area: QRect, text: str, tone: str, *, role: str = "body") -> None:
    """Write one line, or two smaller ones where one is too short for the text."""
    painter.setPen(theme.colour(tone))
    painter.setFont(theme.font(role))
    if painter.fontMetrics().horizontalAdvance(text) <= area.width():
        painter.drawText(area, LEFT, text)
        return
    painter.setFont(theme.font("caption"))
    painter.drawText(area, LEFT | Qt.TextFlag.TextWordWrap, text)


def fitting(widths: Sequence[int], room: int, reserve: int) -> int:
    """How many of a row's items fit whole; the first one always counts.

    Args:
        widths: Of each item with the gap behind it, in pixels.
        room: Of the row, in pixels.
        reserve: What the sign for "more" takes when not all fit, in pixels.
    """
    if sum(widths) <= room:
        return len(widths)
    count = next(
        n for n in range(len(widths), -1, -1) if sum(widths[:n]) + reserve <= room or not n
    )
    return max(count, min(1, len(widths)))


def icon(painter: QPainter, left: int, area: QRect, symbol: str, tone: str) -> int:
    """Draw an icon in the middle of the height of a line; the place to the right of it."""
    picture = pixmap(symbol, tone, 15)
    painter.drawPixmap(left, area.center().y() - picture.height() // 2 + 1, picture)
    return left + picture.width() + theme.px(4)


def score(painter: QPainter, box: QRectF, occupant: Occupant) -> None:
    """The early-warning score in the colour of the published chart."""
    points = wording.score_text(occupant)
    complete = occupant.score is None or occupant.score.complete
    paint_score(painter, box, points, wording.colour_of(occupant), complete=complete)


def trend(painter: QPainter, left: int, area: QRect, occupant: Occupant) -> int:
    """Where the score goes: up is worse."""
    symbol = wording.trend_symbol(occupant)
    if not symbol:
        return left
    tone = {"up": "danger", "down": "ok"}.get(symbol, "muted")
    return icon(painter, left, area, symbol, tone)


def due(painter: QPainter, area: QRect, occupant: Occupant, now: datetime) -> None:
    """What is due first, with how late it is; below it an icon and a number for each other kind.

    Nothing due is said quietly: the next thing and its time.
    """
    items = wording.due_items(occupant, now)
    if occupant.who.on_leave:
        words(painter, area, tr("On leave"), "strong", "warn")
        return
    if not items:
        return
    first, others = items[0], items[1:]
    state = first.state(now)
    late = wording.late_text(first, occupant, now)
    upper = upper_half(area) if late or others else area
    tone = TONES[state]
    left = icon(painter, area.left(), upper, ICONS[first.kind], tone)
    words(
        painter,
        upper.adjusted(left - upper.left(), 0, 0, 0),
        wording.due_text(first, occupant, now),
        "body" if state == "later" else "strong",
        tone,
    )
    lower = upper.translated(0, upper.height())
    left = lower.left()
    if late:
        left += words(painter, lower, late, "caption", tone) + theme.px(8)
    for kind, count, worst_tone in _others(others, now):
        left = icon(painter, left, lower, ICONS[kind], worst_tone)
        room = lower.adjusted(left - lower.left(), 0, 0, 0)
        left += words(painter, room, str(count), "caption", worst_tone) + theme.px(7)


def due_marks(painter: QPainter, left: int, line: QRect, occupant: Occupant, now: datetime) -> int:
    """What is due first with its time, then an icon and a number for each other kind.

    Critical results have a mark of their own.
    """
    due_now = [item for item in occupant.tasks if item.state(now) != "later"]
    due_now = [item for item in due_now if item.kind != "critical-result"]
    if not due_now:
        return left
    first, tone = due_now[0], TONES[due_now[0].state(now)]
    left = icon(painter, left, line, ICONS[first.kind], tone)
    room = line.adjusted(left - line.left(), 0, 0, 0)
    left += words(painter, room, wording.since_text(first, occupant, now), "caption", tone)
    left += theme.px(6)
    for kind, count, shade in _others(due_now[1:], now):
        left = icon(painter, left, line, ICONS[kind], shade)
        room = line.adjusted(left - line.left(), 0, 0, 0)
        left += words(painter, room, str(count) if count > 1 else "", "caption", shade)
        left += theme.px(6)
    return left


def _others(items: Sequence[DueItem], now: datetime) -> list[tuple[Kind, int, str]]:
    """Kind, number and tone of each kind of some things that are due."""
    return [
        (each.kind, each.due, TONES["late" if each.late else "due"]) for each in counts(items, now)
    ]
