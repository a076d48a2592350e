"""The list of orders: by kind, what and how in two lines, state, who acknowledged it."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workstation.kernel.words import tr
from workstation.services.order_list import OrderLine
from workstation.ui.toolkit import order_words as say
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.once import held
from workstation.ui.toolkit.units import unbroken
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView

WHAT = 1
"""The column with two lines."""
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def columns() -> tuple[Column[OrderLine], ...]:
    """Kind, order, since, state, acknowledged."""
    return (
        Column(tr("Kind"), _kind, 102, tone=_tone),
        Column(tr("Order"), say.title, role="strong", hint=_hint, tone=_tone),
        Column(tr("Ordered"), _since, 150, tone=_tone),
        Column(tr("State"), lambda row: say.state_text(row.order), 138, tone=_state_tone),
        Column(
            tr("Acknowledged"),
            say.acknowledged_text,
            206,
            tone=lambda row: "warn" if row.to_acknowledge else "muted",
        ),
    )


class OrdersView(RowsView):
    """The table; plain letters act on the order with the cursor.

    Signals:
        letter: A letter was typed. arg 0: in lower case.
    """

    letter = Signal(str)

    def __init__(
        self, model: RowsModel[OrderLine], letters: str, parent: QWidget | None = None
    ) -> None:
        """Show a model.

        Args:
            model: Its rows.
            letters: Those that act; any other is ignored.
            parent: The widget around it.
        """
        super().__init__(model, parent)
        self._letters = letters
        self.setItemDelegateForColumn(WHAT, TwoLines(self))
        self.wrap_rows(46)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter acts; all else walks or opens."""
        typed = event.text().lower()
        if typed and typed in self._letters and not event.modifiers():
            if not held(event):
                self.letter.emit(typed)
        elif not typed or not typed.isalnum():
            super().keyPressEvent(event)


class TwoLines(QStyledItemDelegate):
    """What is ordered, and below it how."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the ground as the table does, then both lines."""
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        paint_ground(painter, plain)
        row = index.data(ROW_ROLE)
        tone = "muted" if _ended(row) else "text"
        two_lines(painter, QRectF(option.rect), say.title(row), say.details(row.order.item), tone)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as both need."""
        row = index.data(ROW_ROLE)
        return two_lines_size(option, say.title(row), say.details(row.order.item))


def paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Draw an item as the table does, without its words."""
    option.text = ""
    style = option.widget.style()
    style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)


def two_lines(painter: QPainter, area: QRectF, upper: str, lower: str, tone: str) -> None:
    """Write a heading with smaller words below it, wrapped, both in the middle."""
    upper, lower = unbroken(upper), unbroken(lower)
    inside = area.adjusted(theme.px(8), theme.px(4), -theme.px(6), -theme.px(4))
    width = int(inside.width())
    heights = [_height(text, role, width) for text, role in ((upper, "strong"), (lower, "caption"))]
    y = inside.top() + max(inside.height() - sum(heights), 0) / 2
    painter.save()
    painter.setPen(theme.colour(tone))
    for text, role, height in zip((upper, lower), ("strong", "caption"), heights, strict=True):
        painter.setFont(theme.font(role))
        painter.drawText(QRectF(inside.left(), y, inside.width(), height), _WRAPPED, text)
        y += height
    painter.restore()


def two_lines_size(option: QStyleOptionViewItem, upper: str, lower: str) -> QSize:
    """What `two_lines` needs in the width that there is; nothing of an order is cut."""
    upper, lower = unbroken(upper), unbroken(lower)
    width = option.rect.width() - theme.px(8) - theme.px(6)
    height = _height(upper, "strong", width) + _height(lower, "caption", width)
    return QSize(width, height + 2 * theme.px(4))


def _height(text: str, role: str, width: int) -> int:
    return _measured(text, role, width, theme.scale()) if text else 0


@lru_cache(maxsize=4_000)
def _measured(text: str, role: str, width: int, _scale: int) -> int:
    metrics = QFontMetrics(theme.font(role))
    return metrics.boundingRect(QRect(0, 0, max(width, 1), 0), _WRAPPED, text).height()


def _kind(row: OrderLine) -> str:
    return say.kind_name(row.order.kind)


def _since(row: OrderLine) -> str:
    return moment_text(row.order.since) if row.order.since else tr("Unknown")


def _hint(row: OrderLine) -> str:
    return f"{say.title(row)}\n{say.details(row.order.item)}"


def _ended(row: OrderLine) -> bool:
    return not row.order.current


def _tone(row: OrderLine) -> str:
    return "muted" if _ended(row) else "text"


def _state_tone(row: OrderLine) -> str:
    return say.status_mark(row.order.status)[0]
