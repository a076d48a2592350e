"""The board as a list: one line a bed, everything about it side by side."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, Signal, Slot
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workstation.kernel.words import tr
from workstation.services.ward_board import Bed, Occupant
from workstation.ui.screens.ward_board import brush, model, wording
from workstation.ui.screens.ward_board.model import BED_ROLE, BoardModel, Index
from workstation.ui.toolkit import theme

_Painter = Callable[[QPainter, QRect, Bed, Occupant], None]


class BedList(QTableView):
    """A list of beds.

    Signals:
        opened: Enter or a double click. arg 0: the Bed.
    """

    opened = Signal(object)

    def __init__(self, beds: BoardModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(beds)
        self.setItemDelegate(_LinePainter(beds, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(46))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(brush.LEFT)
        for column, width in model.WIDTHS.items():
            self.setColumnWidth(column, theme.px(width or 140))
        self.activated.connect(self._on_activated)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The diagnosis takes what the others leave, but never too little to be read."""
        super().resizeEvent(event)
        others = sum(self.columnWidth(c) for c, width in model.WIDTHS.items() if width)
        left = self.viewport().width() - others
        self.setColumnWidth(model.DIAGNOSIS, max(theme.px(140), left))

    @Slot(object)
    def _on_activated(self, index: Index) -> None:
        self.opened.emit(index.data(BED_ROLE))


class _LinePainter(QStyledItemDelegate):
    """Paints the cells of the list."""

    def __init__(self, beds: BoardModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._beds = beds
        self._cells: dict[int, _Painter] = {
            model.NAME: self._name,
            model.DAY: self._day,
            model.DIAGNOSIS: self._diagnosis,
            model.SCORE: self._score,
            model.DUE: self._due,
            model.ALERTS: _alerts,
            model.RESULTS: _results,
            model.NURSE: _nurse,
            model.UNSENT: _unsent,
        }

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        bed: Bed = index.data(BED_ROLE)
        area: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(area, theme.colour("selected" if selected else "surface"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        inside = area.adjusted(theme.px(8), theme.px(3), -theme.px(4), -theme.px(4))
        if index.column() == model.BED:
            ticked = bed.occupant is not None and bed.occupant.who.encounter in self._beds.ticked
            _bed(painter, area, inside, bed, ticked=ticked)
        elif bed.occupant is not None:
            self._cells[index.column()](painter, inside, bed, bed.occupant)
        elif index.column() == model.NAME:
            brush.words(painter, inside, tr("Empty"), "body", "muted")
        painter.restore()

    def _name(self, painter: QPainter, area: QRect, bed: Bed, occupant: Occupant) -> None:
        who = occupant.who
        upper = brush.upper_half(area)
        left = area.left()
        if "name" in who.alike:
            left = brush.icon(painter, left, upper, "warning", "warn")
        brush.words(
            painter, upper.adjusted(left - area.left(), 0, 0, 0), wording.name_text(who), "strong"
        )
        lower = upper.translated(0, upper.height())
        facts = tr("Two patients in this bed") if bed.shared else wording.facts_text(who)
        brush.words(painter, lower, facts, "caption", "danger" if bed.shared else "muted")

    def _day(self, painter: QPainter, area: QRect, _bed: Bed, occupant: Occupant) -> None:
        """Day of the stay above, care level below."""
        level = occupant.who.care_level
        upper = brush.upper_half(area) if level else area
        brush.words(painter, upper, str(occupant.who.day or "–"))
        if level:
            lower = upper.translated(0, upper.height())
            words = tr("Level {level}", level=level.value)
            brush.words(painter, lower, words, "caption", "muted")

    def _diagnosis(self, painter: QPainter, area: QRect, _bed: Bed, occupant: Occupant) -> None:
        who = occupant.who
        brush.paragraph(
            painter, area, wording.diagnosis_text(who), "text" if who.diagnosis else "muted"
        )

    def _score(self, painter: QPainter, area: QRect, _bed: Bed, occupant: Occupant) -> None:
        now = self._beds.now
        if now is None:
            return
        height = theme.px(26)
        box = QRectF(area.left(), area.center().y() - height / 2 + 1, theme.px(40), height)
        brush.score(painter, box, occupant)
        left = int(box.right()) + theme.px(6)
        doubt = wording.score_doubt(occupant)
        upper = (
            area if not doubt else QRect(area.left(), area.top(), area.width(), area.height() // 2)
        )
        left = brush.trend(painter, left, upper, occupant)
        rest = upper.adjusted(left - upper.left(), 0, 0, 0)
        brush.words(painter, rest, wording.score_time(occupant, now), "caption", "muted")
        if doubt:
            lower = rest.translated(0, upper.height())
            brush.words(painter, lower, doubt, "caption", "warn")

    def _due(self, painter: QPainter, area: QRect, _bed: Bed, occupant: Occupant) -> None:
        if self._beds.now is not None:
            brush.due(painter, area, occupant, self._beds.now)


def _bed(painter: QPainter, area: QRect, inside: QRect, bed: Bed, *, ticked: bool = False) -> None:
    """The bed's name behind a bar in the colour of the score; a tick before it when chosen."""
    colour = wording.colour_of(bed.occupant) if bed.occupant else 0
    if colour:
        bar = QRect(area.left(), area.top(), theme.px(5), area.height() - 1)
        painter.fillRect(
            bar, theme.colour(("line", "news_low", "news_medium", "news_high")[colour])
        )
    tone = "text" if bed.occupant else "muted"
    left = inside.left() + theme.px(4)
    if ticked:
        left = brush.icon(painter, left, inside, "task", "accent")
    room = inside.adjusted(left - inside.left(), 0, 0, 0)
    brush.words(painter, room, bed.name or "–", "heading", tone)


def _alerts(painter: QPainter, area: QRect, _bed: Bed, occupant: Occupant) -> None:
    """Allergies above, alerts below: each with icon and words."""
    alerts = wording.alert_words(occupant.who)
    upper = brush.upper_half(area) if alerts else area
    words, symbol, tone = wording.allergy_words(occupant.who)
    left = brush.icon(painter, area.left(), upper, symbol, tone)
    rest = upper.adjusted(left - area.left(), 0, 0, 0)
    if tone == "danger" and alerts:
        brush.words(painter, rest, words, "strong", tone)
    elif tone == "danger":
        brush.paragraph(painter, rest, words, tone, role="strong")
    else:
        brush.words(painter, rest, words, "caption", tone)
    _alert_line(painter, upper.translated(0, upper.height()), alerts)


def _alert_line(painter: QPainter, area: QRect, alerts: list[tuple[str, str, str]]) -> None:
    """As many alerts as there is room for, the gravest first; ``+2`` says that two more exist."""
    painter.setFont(theme.font("caption"))
    metrics, left = painter.fontMetrics(), area.left()
    widths = [theme.px(29) + metrics.horizontalAdvance(words) for words, _, _ in alerts]
    count = brush.fitting(widths, area.width() + theme.px(10), theme.px(26))
    for words, symbol, tone in alerts[:count]:
        left = brush.icon(painter, left, area, symbol, tone)
        room = area.adjusted(left - area.left(), 0, 0, 0)
        left += brush.words(painter, room, words, "caption", tone) + theme.px(10)
    if count < len(alerts):
        room = area.adjusted(left - area.left(), 0, 0, 0)
        brush.words(painter, room, f"+{len(alerts) - count}", "caption", "danger")


def _results(painter: QPainter, area: QRect, _bed: Bed, occupant: Occupant) -> None:
    if occupant.critical_results:
        _critical(painter, area, occupant)
        return
    if not occupant.new_results:
        return
    tone = "danger" if occupant.abnormal_results else "accent"
    upper = brush.upper_half(area) if occupant.abnormal_results else area
    left = brush.icon(painter, area.left(), upper, "results", tone)
    rest = upper.adjusted(left - area.left(), 0, 0, 0)
    brush.words(painter, rest, tr("{count} new", count=occupant.new_results), "body", "text")
    if occupant.abnormal_results:
        lower = upper.translated(0, upper.height())
        words = tr("{count} abnormal", count=occupant.abnormal_results)
        brush.words(painter, lower, f"▲ {words}", "caption", "danger")


def _critical(painter: QPainter, area: QRect, occupant: Occupant) -> None:
    """What waits for somebody stands above what is merely new."""
    upper = brush.upper_half(area) if occupant.new_results else area
    words = tr("{count} critical", count=occupant.critical_results)
    brush.words(painter, upper, words, "strong", "danger")
    if occupant.new_results:
        lower = upper.translated(0, upper.height())
        words = tr("{count} new", count=occupant.new_results)
        brush.words(painter, lower, words, "caption", "text")


def _nurse(painter: QPainter, area: QRect, _bed: Bed, occupant: Occupant) -> None:
    """Who cares for the person now; two below each other."""
    names = [wording.called(nurse.name) for nurse in occupant.nurses]
    if not names:
        brush.words(painter, area, "–", "body", "muted")
        return
    upper = brush.upper_half(area) if names[1:] else area
    brush.words(painter, upper, names[0])
    if names[1:]:
        rest = ", ".join(names[1:])
        brush.words(painter, upper.translated(0, upper.height()), rest, "caption", "muted")


def _unsent(painter: QPainter, area: QRect, _bed: Bed, occupant: Occupant) -> None:
    if occupant.conflicts:
        brush.icon(painter, area.left(), area, "conflict", "danger")
        brush.words(painter, area.adjusted(theme.px(20), 0, 0, 0), str(occupant.conflicts),
                    "body", "danger")  # fmt: skip
    elif occupant.unreadable:
        brush.icon(painter, area.left(), area, "error", "danger")
    elif occupant.unsent:
        brush.icon(painter, area.left(), area, "unsent", "warn")
        brush.words(painter, area.adjusted(theme.px(20), 0, 0, 0), str(occupant.unsent),
                    "body", "warn")  # fmt: skip
