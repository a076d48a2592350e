"""The fields of an order below its name, line by line; only those show that are needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from workstation.clinical.ordering import OrderKind
from workstation.kernel.words import tr
from workstation.ui.screens.chart import order_fields
from workstation.ui.screens.chart.order_fields import MODES
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import label, set_property

_NARROW: Final = 56
"""A field may become as narrow as this, in pixels at 100 %."""
_MODE_LETTERS: Final = 12
_WIDE: Final = 3
_ROWS: Final = (
    ("amount", "unit"),
    ("route",),
    ("mode", "count"),
    ("on_days",),
    ("at",),
    ("needed_for",),
    ("apart", "most"),
    ("rate", "rate_unit"),
    ("starts_at", "days"),
    ("indication",),
    ("remark",),
)


class FieldRows(QWidget):
    """The fields.

    Signals:
        edited: One of them was changed, by hand or by `fill`.
    """

    edited = Signal()

    def __init__(self, form: QFormLayout, parent: QWidget | None = None) -> None:
        """Put the fields into a form.

        Args:
            form: Where each line of them is added.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.hide()
        self._form = form
        self._rows: list[tuple[tuple[str, ...], QWidget]] = []
        self._beside: dict[str, QLabel] = {}
        self.route, self.mode = _route(), _mode()
        self.lines = {name: QLineEdit() for name in _hints()}
        for name, hint in _hints().items():
            self.lines[name].setPlaceholderText(hint)
            self.lines[name].textChanged.connect(lambda _text: self.edited.emit())
        for names in _ROWS:
            self._add(names)
        self.route.currentTextChanged.connect(lambda _text: self.edited.emit())
        self.mode.currentIndexChanged.connect(lambda _index: self.edited.emit())

    def chosen_mode(self) -> str:
        """How often, one of `MODES`."""
        return str(self.mode.currentData())

    def texts(self, wanted: frozenset[str]) -> dict[str, str]:
        """What is typed in some fields."""
        found = {name: line.text() for name, line in self.lines.items() if name in wanted}
        if "route" in wanted:
            found |= {"route": self.route.currentText(), "mode": self.chosen_mode()}
        return found

    def fill(self, texts: Mapping[str, str]) -> None:
        """Put texts into the fields; what is not among them is emptied."""
        for name, line in self.lines.items():
            line.setText(texts.get(name, ""))
        mode = texts.get("mode") or MODES[0]
        self.mode.setCurrentIndex(MODES.index(mode) if mode in MODES else 0)
        self.route.setCurrentText(texts.get("route", ""))

    def offer_routes(self, routes: tuple[str, ...]) -> None:
        """Offer the routes of a drug."""
        self.route.clear()
        self.route.addItems(routes)

    def show_for(self, kind: OrderKind) -> None:
        """Show the fields that a kind of order needs."""
        mode = self.chosen_mode()
        wanted = order_fields.shown(kind, mode)
        for names, row in self._rows:
            self._form.setRowVisible(row, names[0] in wanted)
            for name in names[1:]:
                self.lines[name].setVisible(name in wanted)
                self._beside[name].setVisible(name in wanted)
        often = tr("field|Hours") if mode == "every" else tr("field|Times")
        self._beside["count"].setText(often)
        self.lines["count"].setAccessibleName(often)

    def mark(self, field: str) -> bool:
        """Mark a field as wrong and give it the keys; whether it is one of these."""
        for line in self.lines.values():
            set_property(line, "state", "")
        target = self._field(field)
        if target is None:
            return False
        if field in self.lines:
            set_property(target, "state", "invalid")
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _field(self, name: str) -> QWidget | None:
        special: dict[str, QWidget] = {"route": self.route, "mode": self.mode}
        return special.get(name) or self.lines.get(name)

    def _add(self, names: tuple[str, ...]) -> None:
        """One field, or two that belong together, on one line."""
        words, row = _words(), QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        for name in names:
            field = self._field(name)
            assert field is not None  # noqa: S101 - each name has a field
            field.setAccessibleName(words[name])
            field.setMinimumWidth(theme.px(_NARROW))
            if name != names[0]:
                self._beside[name] = label(words[name])
                line.addWidget(self._beside[name])
            line.addWidget(field, _WIDE if field is self.mode else 1)
        self._form.addRow(label(words[names[0]]), row)
        self._rows.append((names, row))


class _RouteEntry(QComboBox):
    """Routes to choose from or to type; one Enter takes what stands there and goes on."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let nothing be selected at Enter: Qt takes that for a completion and keeps the key."""
        line = self.lineEdit()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and line is not None:
            line.end(False)
        super().keyPressEvent(event)


def _route() -> QComboBox:
    made = _RouteEntry()
    made.setEditable(True)
    made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    return made


def _mode() -> QComboBox:
    made = QComboBox()
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(_MODE_LETTERS)
    words = (
        tr("so often a day"),
        tr("some days of the week"),
        tr("every so many hours"),
        tr("once"),
        tr("when needed"),
        tr("runs without pause"),
    )
    for mode, said in zip(MODES, words, strict=True):
        made.addItem(said, mode)
    return made


def _words() -> dict[str, str]:
    """Name of each field."""
    return {
        "amount": tr("Dose"),
        "unit": tr("Unit"),
        "route": tr("Route"),
        "mode": tr("How often"),
        "count": tr("field|Times"),
        "on_days": tr("Days of the week"),
        "at": tr("At the times"),
        "needed_for": tr("When"),
        "apart": tr("Hours apart at least"),
        "most": tr("Times a day at most"),
        "rate": tr("Rate"),
        "rate_unit": tr("Unit"),
        "starts_at": tr("Starts"),
        "days": tr("For days"),
        "indication": tr("What for"),
        "remark": tr("Remark"),
    }


def _hints() -> dict[str, str]:
    """What each field that is typed wants."""
    return {
        "amount": tr("each time"),
        "unit": "mg, g, mL…",
        "count": "",
        "on_days": tr("such as Mon, Thu"),
        "at": tr("empty: the ward's usual times"),
        "needed_for": tr("such as fever from 38.5 °C"),
        "apart": "",
        "most": "",
        "rate": tr("of an infusion"),
        "rate_unit": tr("mL/h"),
        "starts_at": tr("empty: now"),
        "days": tr("until stopped"),
        "indication": "",
        "remark": tr("how it is prepared or done"),
    }
