"""How a cell of the round looks: the value typed, the value before behind it, marks and cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from workstation.clinical.scores.warning import RED, EarlyWarning, Reading, Risk
from workstation.clinical.vital_signs import Consciousness, Mark, Sign, Value
from workstation.ui.screens.vital_signs_round.entry import Column
from workstation.ui.screens.vital_signs_round.grid import RoundGrid
from workstation.ui.screens.vital_signs_round.model import (
    PATIENT,
    ROW_ROLE,
    SCORE,
    STATE,
    VERDICT_ROLE,
    Index,
    column_of,
    score_text,
    state_text,
)
from workstation.ui.screens.vital_signs_round.row import Cell, Row, Verdict
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.icons import pixmap
from workstation.ui.toolkit.person_words import age_words, born_words
from workstation.ui.toolkit.widgets.badge import Risk as Colour
from workstation.ui.toolkit.widgets.badge import paint_score
from workstation.ui.toolkit.widgets.banner import sex_word
from workstation.ui.toolkit.widgets.number_entry import number_text

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter
_SIGNS: Final = {Mark.LOW: "▼", Mark.HIGH: "▲", Mark.NORMAL: ""}
_GROUNDS: Final = ("news_none", "news_low", "news_medium", "news_high")
_RISKS: Final[dict[Risk, Colour]] = {
    Risk.LOW: 0,
    Risk.LOW_MEDIUM: 1,
    Risk.MEDIUM: 2,
    Risk.HIGH: 3,
}


def risk_colour(score: EarlyWarning | None) -> Colour:
    """The colour of a whole score on the published chart."""
    return _RISKS[score.risk] if score is not None and score.risk is not None else 0


def value_text(value: Value) -> str:
    """One value as it is read."""
    return value.value if isinstance(value, Consciousness) else number_text(value)


def cell_text(cell: Cell) -> str:
    """A cell as it was understood; as it was typed when it was not."""
    if cell.state not in ("fine", "doubtful"):
        return cell.text
    return "/".join(value_text(value) for value in cell.values.values())


def previous_text(column: Column, previous: Mapping[Sign, Reading]) -> str:
    """The values before of one cell."""
    values = [value_text(previous[sign].value) for sign in column.signs if sign in previous]
    return "/".join(values)


class RoundPainter(QStyledItemDelegate):
    """Paints every cell of the grid."""

    def __init__(self, grid: RoundGrid) -> None:
        super().__init__(grid)
        self._grid = grid

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        row: Row = index.data(ROW_ROLE)
        verdict: Verdict = index.data(VERDICT_ROLE)
        area: QRect = option.rect
        current = self._grid.currentIndex()
        painter.save()
        painter.fillRect(area, theme.colour(_ground(row, index.row() == current.row())))
        painter.setPen(theme.colour("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        column = column_of(index)
        if column is not None:
            self._value(painter, area, row, verdict, column, here=index == current)
        elif index.column() == PATIENT:
            _patient(painter, area, row)
        elif index.column() == SCORE:
            _score(painter, area, row, verdict)
        elif index.column() == STATE:
            _state(painter, area, row, verdict)
        painter.restore()

    def _value(
        self,
        painter: QPainter,
        area: QRect,
        row: Row,
        verdict: Verdict,
        column: Column,
        *,
        here: bool,
    ) -> None:
        cell, shade = verdict.cells[column.key], verdict.shade(column)
        if here and self._grid.typing:
            cell, shade = Cell(cell.text, "empty"), 0
        box = area.adjusted(theme.px(4), theme.px(3), -theme.px(4), -theme.px(4))
        again = self._grid.again if here else None
        _ground_of_value(painter, box, cell, shade)
        upper = QRect(box.left(), box.top(), box.width(), box.height() * 3 // 5)
        lower = QRect(box.left(), upper.bottom(), box.width(), box.bottom() - upper.bottom())
        shown = cell_text(cell) if again is None else again
        painter.setFont(theme.font("heading"))
        painter.setPen(theme.colour(_ink(shade, "text")))
        mark = "" if here and again is not None else _SIGNS[cell.mark]
        painter.drawText(upper, _CENTRE, f"{shown} {mark}".strip())
        if here:
            _cursor(painter, box, upper, shown if self._grid.typing or again is not None else None)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour(_ink(shade, "muted")))
        painter.drawText(lower, _CENTRE, previous_text(column, row.patient.previous))


def _ground(row: Row, here: bool) -> str:
    if here:
        return "hover"
    return "ok_soft" if row.state == "saved" else "surface"


def _ground_of_value(painter: QPainter, box: QRect, cell: Cell, shade: int) -> None:
    """A frame in the colour of the published chart; dashed when the value is in doubt."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen, brush = QPen(theme.colour("line"), 1), theme.colour("surface")
    if cell.state == "wrong":
        pen, brush = QPen(theme.colour("danger"), 2), theme.colour("danger_soft")
    elif cell.state == "doubtful":
        pen, brush = QPen(theme.colour("warn"), 2, Qt.PenStyle.DashLine), theme.colour("warn_soft")
    elif shade:
        pen = QPen(theme.colour("border"), 1)
        brush = theme.colour(_GROUNDS[shade])
    painter.setPen(pen)
    painter.setBrush(brush)
    painter.drawRoundedRect(QRectF(box), theme.px(4), theme.px(4))


def _ink(shade: int, plain: str) -> str:
    if shade == RED:
        return "on_news_high"
    return "on_news" if shade else plain


def _cursor(painter: QPainter, box: QRect, upper: QRect, words: str | None) -> None:
    """A ring round the cell; a caret behind what is being typed."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("focus"), max(2, theme.px(2))))
    painter.drawRoundedRect(QRectF(box).adjusted(-1, -1, 1, 1), theme.px(4), theme.px(4))
    if words is None:
        return
    width = painter.fontMetrics().horizontalAdvance(words)
    caret = upper.center().x() + width // 2 + theme.px(2)
    painter.drawLine(caret, upper.top() + theme.px(4), caret, upper.bottom() - theme.px(2))


def _patient(painter: QPainter, area: QRect, row: Row) -> None:
    who = row.patient.who
    inside = area.adjusted(theme.px(10), theme.px(4), -theme.px(8), -theme.px(4))
    bed_width = theme.px(58)
    painter.setPen(theme.colour("text"))
    painter.setFont(theme.font("heading"))
    bed = QRect(inside.left(), inside.top(), bed_width, inside.height())
    painter.drawText(bed, _LEFT, who.bed_name or "–")
    upper = QRect(
        inside.left() + bed_width, inside.top(), inside.width() - bed_width, inside.height() // 2
    )
    painter.setFont(theme.font("strong"))
    metrics = painter.fontMetrics()
    room = upper.width() - (theme.px(21) if "name" in who.alike else 0)
    # The given name comes last and tells people apart: what is cut is cut in the middle.
    name = metrics.elidedText(who.name.formal, Qt.TextElideMode.ElideMiddle, room)
    painter.drawText(upper, _LEFT, name)
    if "name" in who.alike:
        sign = pixmap("warning", "warn", 15)
        at = upper.left() + metrics.horizontalAdvance(name) + theme.px(6)
        painter.drawPixmap(at, upper.top() + (upper.height() - sign.height()) // 2, sign)
    lower = upper.translated(0, upper.height())
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.colour("muted"))
    words = f"{sex_word(who.sex)} · {age_words(who.age)} · {born_words(who.birth_date, who.born)}"
    painter.drawText(
        lower,
        _LEFT,
        painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, lower.width()),
    )


def _score(painter: QPainter, area: QRect, row: Row, verdict: Verdict) -> None:
    """The score as typed; while nothing is typed, the last one in grey words."""
    score = verdict.score
    centre = area.center()
    if score is None:
        _previous_score(painter, area, row.patient.previous_score)
        return
    width, height = theme.px(44), theme.px(28)
    box = QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
    paint_score(painter, box, str(score.total), risk_colour(score), complete=score.complete)


def _previous_score(painter: QPainter, area: QRect, score: EarlyWarning | None) -> None:
    """Greyed: a number with a bar in the colour of its risk."""
    colour = risk_colour(score)
    painter.setFont(theme.font("strong" if colour else "caption"))
    painter.setPen(theme.colour("text" if colour else "muted"))
    painter.drawText(area, _CENTRE, score_text(score))
    if colour:
        width = theme.px(20)
        bar = QRect(area.center().x() - width // 2, area.bottom() - theme.px(9), width, theme.px(4))
        painter.fillRect(bar, theme.colour(_GROUNDS[colour]))


def _state(painter: QPainter, area: QRect, row: Row, verdict: Verdict) -> None:
    inside = area.adjusted(theme.px(8), 0, -theme.px(6), 0)
    symbol, tone = _state_sign(row, verdict)
    if symbol:
        sign = pixmap(symbol, tone, 16)
        painter.drawPixmap(inside.left(), area.center().y() - sign.height() // 2, sign)
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.colour(tone))
    words = inside.adjusted(theme.px(22), 0, 0, 0)
    painter.drawText(
        words,
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap,
        state_text(row, verdict),
    )


def _state_sign(row: Row, verdict: Verdict) -> tuple[str, str]:
    if row.problem is not None or (row.state == "typing" and verdict.trouble):
        return "warning", "danger"
    if row.state == "saved":
        return "check", "ok"
    if row.state == "typing":
        return "save", "warn"
    return (
        ("clock", "warn") if row.patient.overdue_minutes and row.state == "idle" else ("", "muted")
    )
