"""The form of one order: kind first, then what, then only the fields that this kind needs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.clinical.ordering import Item, OrderKind, kind_of
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.services import formulary
from workstation.services.formulary import Choice
from workstation.ui.screens.chart import order_fields
from workstation.ui.screens.chart.order_field_rows import FieldRows
from workstation.ui.screens.chart.order_fields import Known
from workstation.ui.screens.chart.order_search import ENTER, OrderSearch
from workstation.ui.toolkit import order_words as say
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import label, set_property


class OrderForm(QWidget):
    """One order being written.

    Signals:
        edited: Something was typed or chosen.
        finished: Enter on the last field.
    """

    edited = Signal()
    finished = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        """Start empty, with a drug.

        Args:
            clock: Where the present comes from.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._clock = clock
        self._known: Known | None = None
        self._silent = False
        self.kind, self._search = QComboBox(), OrderSearch()
        for kind in OrderKind:
            self.kind.addItem(say.kind_name(kind), kind.value)
        self._form = QFormLayout()
        self._form.addRow(label(tr("Kind")), self.kind)
        self._form.addRow(label(tr("Order")), self._search)
        self.rows = FieldRows(self._form, self)
        self.urgent, self._note = QCheckBox(tr("Urgent, the first time at once")), FieldNote()
        self._lay_out()
        self.kind.setAccessibleName(tr("Kind"))
        self.kind.currentIndexChanged.connect(self._on_kind)
        self._search.picked.connect(self._on_picked)
        self.words.textChanged.connect(self._on_edited)
        self.rows.edited.connect(self._on_edited)
        self.rows.mode.currentIndexChanged.connect(self._on_mode)
        self.urgent.toggled.connect(self._on_edited)
        self.setFocusProxy(self._search)
        self._on_kind()

    @property
    def words(self) -> QLineEdit:
        """Where it is said what is ordered."""
        return self._search.words

    def kind_chosen(self) -> OrderKind:
        """Of what kind the order is."""
        return OrderKind(str(self.kind.currentData()))

    def item(self) -> Item:
        """What is ordered, as far as the fields can be read.

        Raises:
            Refused: A field says nothing that can be read.
        """
        now = self._clock.now().astimezone()
        return order_fields.item_of(self.kind_chosen(), self.texts(), self._known, now)

    def typed(self) -> bool:
        """Whether something is ordered in it."""
        return bool(self.words.text().strip())

    def texts(self) -> dict[str, str]:
        """What is typed in the fields that show."""
        wanted = order_fields.shown(self.kind_chosen(), self.rows.chosen_mode())
        urgent = "1" if self.urgent.isChecked() else ""
        return {"words": self.words.text(), **self.rows.texts(wanted), "urgent": urgent}

    def draft(self) -> dict[str, str]:
        """What is to be kept of it; empty while nothing is ordered."""
        return {**self.texts(), "kind": self.kind_chosen().value} if self.typed() else {}

    def restore(self, texts: dict[str, str]) -> None:
        """Put a draft back; a name that stands in the list gets its codes back."""
        kind = OrderKind(texts.get("kind") or OrderKind.DRUG.value)
        name = texts.get("words", "").strip()
        found = next((each for each in formulary.choices(kind) if each.name == name), None)
        self._show(kind, Known(found.name, found.item.codes) if found else None, texts)

    def write_on(self, item: Item) -> None:
        """Show an order, to be changed."""
        known = Known(say.name(item), item.codes)
        self._show(kind_of(item), known, order_fields.texts_of(item, self._clock.now()))

    def clear(self) -> None:
        """Begin a new one of the same kind."""
        self._show(self.kind_chosen(), None, {})

    def say(self, error: WorkstationError | None) -> None:
        """Say what is wrong beside its field, and put the keys there."""
        self._note.say(error)
        self._note.setVisible(error is not None)
        field = order_fields.field_of(error) if isinstance(error, Refused) else ""
        found = self.rows.mark(field)
        set_property(self.words, "state", "invalid" if field == "words" else "")
        if field == "words" and not found:
            self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first(self) -> None:
        """Put the keys on what is most often changed: a drug's dose, else the words."""
        drug = self.kind_chosen() is OrderKind.DRUG
        field = self.rows.lines["amount"] if drug else self.words
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field, and from the last one finishes."""
        if event.key() in ENTER and not event.modifiers():
            if self.urgent.hasFocus():
                self.finished.emit()
            else:
                self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        form = self._form
        form.setVerticalSpacing(theme.px(6))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("", self.urgent)
        form.addRow(self._note)
        inner = QWidget()
        inner.setProperty("ground", "surface")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        inner.setLayout(form)
        form.setContentsMargins(0, 0, theme.px(4), 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(area)

    def _show(self, kind: OrderKind, known: Known | None, texts: dict[str, str]) -> None:
        self._silent = True
        self.kind.setCurrentIndex(list(OrderKind).index(kind))
        self._known = known
        self.words.setText(texts.get("words", ""))
        self.rows.fill(texts)
        self.urgent.setChecked(bool(texts.get("urgent")))
        self._silent = False
        self.say(None)
        self._on_mode()

    @Slot(object)
    def _on_picked(self, choice: Choice) -> None:
        self.rows.offer_routes(choice.routes)
        self.write_on(choice.item)
        self.focusNextChild()

    @Slot()
    def _on_kind(self) -> None:
        self._search.look_for(self.kind_chosen())
        self._on_mode()

    @Slot()
    def _on_mode(self) -> None:
        self.rows.show_for(self.kind_chosen())
        self._on_edited()

    @Slot()
    def _on_edited(self) -> None:
        if not self._silent:
            self.edited.emit()
