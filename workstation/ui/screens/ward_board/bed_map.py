"""The board as a map: one card a bed, in the order the beds stand."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workstation.kernel.words import tr
from workstation.services.ward_board import Bed, Occupant
from workstation.ui.screens.ward_board import brush, wording
from workstation.ui.screens.ward_board.model import BED_ROLE, BoardModel, Index
from workstation.ui.toolkit import theme

LEAST_WIDTH = 208
HEIGHT = 102
MIME = "application/x-ward-bed"
"""A bed's id, while its person is dragged; no name leaves the window."""


class BedMap(QListView):
    """Cards of beds; arrow keys walk them.

    Signals:
        opened: Enter or a double click. arg 0: the Bed.
        dropped: Somebody was dragged. arg 0: the Bed they lay in; arg 1: the Bed below.
    """

    opened = Signal(object)
    dropped = Signal(object, object)

    def __init__(self, beds: BoardModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beds = beds
        self.setModel(beds)
        self.setItemDelegate(_CardPainter(beds, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.activated.connect(self._on_activated)
        self.carried = ""
        self._movable = False
        self._pressed: tuple[QPoint, Bed] | None = None
        self.viewport().setAcceptDrops(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many cards in a row as fit, all of the same width."""
        super().resizeEvent(event)
        room = self.viewport().width() - theme.px(12)
        count = max(1, room // theme.px(LEAST_WIDTH))
        self.setGridSize(QSize(room // count, theme.px(HEIGHT)))
        self.scrollTo(self.currentIndex())  # whoever is being moved stays in sight

    def set_movable(self, movable: bool) -> None:
        """Let people be dragged to other beds, or not."""
        self._movable = movable

    def carry(self, encounter: str) -> None:
        """Mark whose card is picked up; nobody's when empty."""
        self.carried = encounter
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag may begin."""
        super().mousePressEvent(event)
        bed: Bed | None = self.indexAt(event.position().toPoint()).data(BED_ROLE)
        held = bed is not None and bed.occupant is not None
        self._pressed = (event.position().toPoint(), bed) if held and bed is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin a drag once the hand has moved far enough."""
        far = QApplication.startDragDistance()
        if self._pressed is None or not self._movable:
            super().mouseMoveEvent(event)
            return
        start, bed = self._pressed
        if (event.position().toPoint() - start).manhattanLength() < far:
            return
        self._pressed = None
        if bed.occupant is not None:
            self.carry(bed.occupant.who.encounter)
        drag = QDrag(self)
        data = QMimeData()
        data.setData(MIME, bed.id.encode())
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.MoveAction)
        self.carry("")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Only beds of this map may be dropped here."""
        if event.mimeData().hasFormat(MIME) and event.source() is self:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The cursor shows where the drop would go."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.mimeData().hasFormat(MIME):
            self.setCurrentIndex(index)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell who was put where; nothing moves by itself."""
        below: Bed | None = self.indexAt(event.position().toPoint()).data(BED_ROLE)
        own = bytes(event.mimeData().data(MIME).data()).decode()
        source = next((bed for bed in self._beds.beds() if bed.id == own and bed.occupant), None)
        if below is not None and source is not None:
            event.acceptProposedAction()
            self.dropped.emit(source, below)

    @Slot(object)
    def _on_activated(self, index: Index) -> None:
        self.opened.emit(index.data(BED_ROLE))


class _CardPainter(QStyledItemDelegate):
    """Paints one card."""

    def __init__(self, beds: BoardModel, view: BedMap) -> None:
        super().__init__(view)
        self._beds = beds
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A cell of the map."""
        del option, index
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one bed."""
        bed: Bed = index.data(BED_ROLE)
        area: QRect = option.rect
        card = area.adjusted(theme.px(4), theme.px(4), -theme.px(4), -theme.px(4))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, card, bed, selected=selected)
        if bed.occupant is not None and self._view.carried == bed.occupant.who.encounter:
            _picked_up(painter, card)
        inside = card.adjusted(theme.px(12), theme.px(5), -theme.px(8), -theme.px(5))
        line = inside.height() // 4
        rows = [
            QRect(inside.left(), inside.top() + n * line, inside.width(), line) for n in range(4)
        ]
        brush.words(
            painter, rows[0], bed.name or "–", "heading", "text" if bed.occupant else "muted"
        )
        if bed.occupant is None:
            brush.words(painter, rows[1], tr("Empty"), "body", "muted")
        else:
            self._person(painter, rows, bed, bed.occupant)
        painter.restore()

    def _person(self, painter: QPainter, rows: list[QRect], bed: Bed, occupant: Occupant) -> None:
        now, who = self._beds.now, occupant.who
        if now is None:
            return
        top = rows[0]
        width, height = theme.px(38), theme.px(24)
        box = QRectF(top.right() - width, top.top() - theme.px(1), width, height)
        brush.score(painter, box, occupant)
        left = int(box.left()) - theme.px(20)
        brush.trend(painter, left, top, occupant)
        clock = QRect(left - theme.px(92), top.top(), theme.px(88), top.height())
        brush.words(painter, clock, wording.score_time(occupant, now), "caption", "muted",
                    align=brush.RIGHT)  # fmt: skip
        name_left = rows[1].left()
        if "name" in who.alike:
            name_left = brush.icon(painter, name_left, rows[1], "warning", "warn")
        brush.words(painter, rows[1].adjusted(name_left - rows[1].left(), 0, 0, 0),
                    wording.name_text(who), "strong")  # fmt: skip
        brush.words(painter, rows[2], _second_line(bed, occupant), "caption",
                    "danger" if bed.shared else "warn" if who.on_leave else "muted")  # fmt: skip
        self._signs(painter, rows[3], occupant)

    def _signs(self, painter: QPainter, line: QRect, occupant: Occupant) -> None:
        """What needs somebody's eye, as icons with the shortest words."""
        who, left, now = occupant.who, line.left(), self._beds.now
        painter.setClipRect(line)  # what does not fit stands in the list and the tool tip
        if occupant.critical_results:
            left = brush.icon(painter, left, line, "results", "danger")
            room = line.adjusted(left - line.left(), 0, 0, 0)
            mark = f"▲▲ {occupant.critical_results}"
            left += brush.words(painter, room, mark, "caption", "danger") + theme.px(8)
        words, symbol, tone = wording.allergy_words(who)
        if tone != "muted":
            left = brush.icon(painter, left, line, symbol, tone)
            room = QRect(left, line.top(), min(theme.px(74), line.right() - left), line.height())
            left += brush.words(painter, room, words, "caption", tone) + theme.px(8)
        if now is not None:
            left = brush.due_marks(painter, left, line, occupant, now)
        for _, symbol, tone in wording.alert_words(who):
            left = brush.icon(painter, left, line, symbol, tone)
        if occupant.new_results and not occupant.critical_results:
            tone = "danger" if occupant.abnormal_results else "accent"
            left = brush.icon(painter, left, line, "results", tone)
        if occupant.unreadable:
            left = brush.icon(painter, left, line, "error", "danger")
        if occupant.unsent:
            conflict = bool(occupant.conflicts)
            symbol, tone = ("conflict", "danger") if conflict else ("unsent", "warn")
            brush.icon(painter, left, line, symbol, tone)


def _second_line(bed: Bed, occupant: Occupant) -> str:
    if bed.shared:
        return tr("Two patients in this bed")
    who = occupant.who
    if who.on_leave:
        return tr("On leave; the bed is kept.")
    day = tr("day {day}", day=who.day) if who.day else ""
    parts = (wording.facts_text(who, short=True), day, who.diagnosis or "")
    return " · ".join(part for part in parts if part)


def _picked_up(painter: QPainter, card: QRect) -> None:
    """A dashed frame around the card of whoever is being moved."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("accent"), theme.px(2), Qt.PenStyle.DashLine))
    inner = QRectF(card).adjusted(3, 3, -3, -3)
    painter.drawRoundedRect(inner, theme.px(5), theme.px(5))


def _ground(painter: QPainter, card: QRect, bed: Bed, *, selected: bool) -> None:
    """Paper with a bar in the colour of the score; an empty bed is only outlined."""
    radius = theme.px(6)
    pen = QPen(theme.colour("focus"), theme.px(2)) if selected else QPen(theme.colour("line"), 1)
    if bed.occupant is None and not selected:
        pen = QPen(theme.colour("border"), 1, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    ground = "selected" if selected else "surface" if bed.occupant else "canvas"
    painter.setBrush(theme.colour(ground))
    painter.drawRoundedRect(QRectF(card), radius, radius)
    colour = wording.colour_of(bed.occupant) if bed.occupant else 0
    if colour:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(brush.BARS[colour]))
        bar = QRectF(card.left() + 2, card.top() + 4, theme.px(5), card.height() - 8)
        painter.drawRoundedRect(bar, 2, 2)
