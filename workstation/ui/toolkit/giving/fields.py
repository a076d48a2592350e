"""The fields that a deed may need, in the order in which they are typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from workstation.clinical.as_needed import Effect
from workstation.clinical.dosage import Amount
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PersonId
from workstation.kernel.words import tr
from workstation.security.people import Person
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.drug_words import effect_text, plain
from workstation.ui.toolkit.giving.deed import Deed, Field, Typed, presets
from workstation.ui.toolkit.widgets.moment import MomentEntry
from workstation.ui.toolkit.widgets.number_entry import NumberEntry
from workstation.ui.toolkit.widgets.text import label, set_property


class DoseFields(QWidget):
    """The fields; Enter goes from one to the next.

    Signals:
        entered: Enter on the last field that is asked for.
    """

    entered = Signal()

    def __init__(self, now: datetime, parent: QWidget | None = None) -> None:
        """Ask for nothing yet.

        Args:
            now: The aware present.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.asked: tuple[Field, ...] = ()
        self._deed: Deed | None = None
        self._make_entries(now)
        self._make_rows()

    def ask(self, deed: Deed, now: datetime, asked: tuple[Field, ...]) -> None:
        """Ask for what a deed needs; what is typed for the same deed stays.

        Args:
            deed: What is to be done.
            now: The aware present.
            asked: The fields to show.
        """
        known, self._deed, self.asked = self._deed == deed, deed, asked
        if not known:
            self._fill(deed, now)
        for name, row in self._rows.items():
            for widget in row:
                widget.setVisible(name in asked)
        usual = presets(deed.verb)
        self._reason.setPlaceholderText(tr("Number or words") if usual else "")
        unit = deed.amount.unit if deed.amount else tr("mL")
        self._unit.setText(unit if "amount" in asked else "")

    def forget(self) -> None:
        """Keep nothing of the deed, least of all a PIN."""
        self._deed = None
        self._pin.clear()

    def take_keys(self) -> bool:
        """Put the keys on the first field that is asked for; whether there is one."""
        first = self._open_entries()
        if first:
            first[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(first)

    def offer(self, people: Iterable[Person]) -> None:
        """Name who may check too."""
        self._witness.clear()
        for person in people:
            self._witness.addItem(person.name, person.id)

    def typed(self) -> Typed:
        """What is typed; the second person has proved nothing yet.

        Raises:
            Refused: A field says nothing, or something that it cannot mean.
        """
        deed = self._deed
        if deed is None:
            raise Refused("required")
        asked = set(self.asked)
        amount = None
        if "amount" in asked:
            unit = deed.amount.unit if deed.amount else "mL"
            amount = Amount(_needed(self._amount, "amount"), unit)
        return Typed(
            amount=amount,
            rate_ml_h=_needed(self._rate, "rate") if "rate" in asked else None,
            at=self._at_typed() if "at" in asked else None,
            effect=_chosen(self._effect) if "effect" in asked else None,
            reason=_reason(self._reason.text().strip(), deed) if "reason" in asked else "",
        )

    def voucher(self) -> tuple[PersonId, str] | None:
        """Who checks too, with what they typed; None where nobody has to.

        Raises:
            Refused: ``second-person-missing``.
        """
        if "witness" not in self.asked:
            return None
        person, pin = self._witness.currentData(), self._pin.text()
        if person is None or not pin:
            raise Refused("second-person-missing", field="witness")
        return PersonId(person), pin

    def mark(self, field: str) -> None:
        """Mark the field that something is wrong with, and put the keys there."""
        if field in ("pin", "witness"):
            self._pin.clear()
        wrong = (
            self._pin
            if field == "pin"
            else next((entry for name, entry in self._entries.items() if name == field), None)
        )
        for entry in self._entries.values():
            set_property(entry, "state", "invalid" if entry is wrong else "")
        if wrong is not None and not wrong.isHidden():
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next field that is shown; on the last one it saves."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        plain_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not plain_enter or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        shown = self._open_entries()
        place = next((n for n, each in enumerate(shown) if each is watched), -1)
        if 0 <= place < len(shown) - 1:
            shown[place + 1].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.entered.emit()
        return True

    def _make_entries(self, now: datetime) -> None:
        self._amount = NumberEntry(tr("Amount"), decimals=4)
        self._rate = NumberEntry(tr("Rate"), decimals=2)
        self._at, self._at_shown = MomentEntry(tr("At"), now), ""
        self._effect, self._witness = QComboBox(), QComboBox()
        self._reason, self._pin = QLineEdit(), QLineEdit()
        self._unit = label("")
        _offer_effects(self._effect)
        self._effect.setAccessibleName(tr("Did it help?"))
        self._reason.setAccessibleName(tr("Reason"))
        self._witness.setAccessibleName(tr("Checked by"))
        self._pin.setAccessibleName(tr("Their PIN"))
        self._pin.setEchoMode(QLineEdit.EchoMode.Password)
        self._pin.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText)
        self._entries: dict[Field, QWidget] = {
            "amount": self._amount,
            "rate": self._rate,
            "at": self._at,
            "effect": self._effect,
            "reason": self._reason,
            "witness": self._pin,
        }
        first = tuple(self._entries.items())
        self._order = (*first[:-1], ("witness", self._witness), first[-1])
        for _, entry in self._order:
            entry.installEventFilter(self)

    def _make_rows(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(theme.px(6))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        amount = QWidget()
        row = QHBoxLayout(amount)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._amount, 1)
        row.addWidget(self._unit)
        self._rows: dict[Field, list[QWidget]] = {}
        lines: tuple[tuple[Field, str, QWidget], ...] = (
            ("amount", tr("Amount"), amount),
            ("rate", tr("Rate (mL/h)"), self._rate),
            ("at", tr("At"), self._at),
            ("effect", tr("Did it help?"), self._effect),
            ("reason", tr("Reason"), self._reason),
            ("witness", tr("Checked by"), self._witness),
            ("witness", tr("Their PIN"), self._pin),
        )
        for field, words, widget in lines:
            name = label(words)
            form.addRow(name, widget)
            self._rows.setdefault(field, []).extend((name, widget))

    def _fill(self, deed: Deed, now: datetime) -> None:
        self._amount.set_value(plain(deed.amount.value) if deed.amount else None)
        self._rate.set_value(plain(deed.rate_ml_h) if deed.rate_ml_h is not None else None)
        self._at.begin(now, deed.given_at)
        self._at_shown = self._at.text()
        self._reason.clear()
        self._pin.clear()
        self._effect.setCurrentIndex(0)
        for entry in self._entries.values():
            set_property(entry, "state", "")
        self._amount.selectAll()
        self._rate.selectAll()

    def _open_entries(self) -> list[QWidget]:
        return [entry for field, entry in self._order if field in self.asked]

    def _at_typed(self) -> datetime | None:
        """The time typed; None when nobody has touched it: now, or as it was."""
        if self._at.text() == self._at_shown:
            return None
        try:
            return self._at.value()
        except Refused as refused:
            raise Refused(refused.code, field="at") from refused


def _offer_effects(effects: QComboBox) -> None:
    """Nothing is chosen at first: two Enters must not say that a drug helped."""
    effects.addItem(tr("Choose…"), None)
    for effect in Effect:
        effects.addItem(effect_text(effect), effect.value)


def _chosen(effects: QComboBox) -> Effect:
    if effects.currentData() is None:
        raise Refused("required", field="effect")
    return Effect(effects.currentData())


def _needed(entry: NumberEntry, field: Field) -> Decimal:
    try:
        value = entry.value()
    except Refused as refused:
        raise Refused(refused.code, field=field, **refused.data) from refused
    if value is None:
        raise Refused("required", field=field)
    return value


def _reason(text: str, deed: Deed) -> str:
    """Words, or the usual reason of a number."""
    usual = presets(deed.verb)
    if text.isdecimal() and 1 <= int(text) <= len(usual):
        return usual[int(text) - 1]
    if not text and deed.verb != "effect":
        raise Refused("reason-missing", field="reason")
    return text
