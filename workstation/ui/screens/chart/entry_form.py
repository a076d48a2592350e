"""One set of vital signs, typed in the chart: its fields, the score as one types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.clinical.early_warning import Facts, of_set
from workstation.clinical.plausibility import refuse_impossible
from workstation.clinical.scores.warning import Scale
from workstation.clinical.vital_signs import (
    Sign,
    Value,
    VitalSigns,
    parse_blood_pressure,
    parse_consciousness,
    parse_number,
)
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.ui.screens.chart.entry_keeper import EntryKeeper, Texts
from workstation.ui.screens.chart.wording import gaps_text, risk_shade, risk_text, sign_name
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.badge import ScoreBadge
from workstation.ui.toolkit.widgets.moment import MomentEntry, moment_text
from workstation.ui.toolkit.widgets.number_entry import number_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label, set_property
from workstation.ui.toolkit.workplace import Workplace

FIELDS: Final[tuple[tuple[Sign, ...], ...]] = (
    (Sign.HEART_RATE,),
    (Sign.TEMPERATURE,),
    (Sign.SYSTOLIC, Sign.DIASTOLIC),
    (Sign.RESPIRATORY_RATE,),
    (Sign.SPO2,),
    (Sign.OXYGEN_FLOW,),
    (Sign.CONSCIOUSNESS,),
    (Sign.PAIN,),
    (Sign.GLUCOSE,),
    (Sign.RESPIRATORY_EFFORT,),
    (Sign.CAPILLARY_REFILL,),
    (Sign.WEIGHT,),
    (Sign.HEIGHT,),
)
"""In the order in which a nurse measures and writes."""
_ASKED_TWICE: Final = ("implausible-value", "weight-changed")
CHILDREN: Final = ((Sign.RESPIRATORY_EFFORT,), (Sign.CAPILLARY_REFILL,))
"""Asked of those alone who have the score of children."""


def read_field(signs: tuple[Sign, ...], text: str) -> dict[Sign, Value]:
    """What a person typed in one field.

    Raises:
        Refused: It says nothing; the field is the sign.
    """
    if len(signs) > 1:
        pair = zip(signs, parse_blood_pressure(text), strict=True)
        return {sign: value for sign, value in pair if value is not None}
    sign = signs[0]
    value: Value | None
    if sign is Sign.CONSCIOUSNESS:
        value = parse_consciousness(text)
    else:
        value = parse_number(text, field=sign)
    return {} if value is None else {sign: value}


def _scrolled(fields: QFormLayout) -> QScrollArea:
    """The fields, which scroll where a low window does not hold all those of a child."""
    inside, outside = QWidget(), QScrollArea()
    fields.setContentsMargins(0, 0, theme.px(4), 0)
    inside.setLayout(fields)
    inside.setProperty("ground", "surface")
    outside.setWidget(inside)
    outside.setWidgetResizable(True)
    outside.setFrameShape(QFrame.Shape.NoFrame)
    outside.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    outside.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return outside


class EntryForm(QWidget):
    """The form.

    Signals:
        closed: It was saved or given up.
    """

    closed = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.workplace = workplace
        self._facts = Facts()
        self._keeper = EntryKeeper(workplace, self._texts, self)
        self._keeper.found.connect(self._on_found)
        self._keeper.saved.connect(self.clear)
        self._keeper.saved.connect(self.closed)
        self._keeper.refused.connect(self._on_refused)
        self._doubtful, self._offered = frozenset[Sign](), ""
        self._entries: dict[tuple[Sign, ...], QLineEdit] = {}
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.setFixedWidth(theme.px(330))
        self._badge, self._scale = ScoreBadge(), label("", "strong")
        self._risk = label("", "caption", wrap=True)
        self._risk.setMinimumHeight(theme.px(48))
        self._at = MomentEntry(tr("Measured at"), workplace.clock.now())
        self._note = FieldNote()
        box = QVBoxLayout(self)
        margin = theme.px(16)
        box.setContentsMargins(margin, theme.px(12), margin, theme.px(12))
        box.addWidget(label(tr("New vital signs"), "heading"))
        box.addWidget(_scrolled(self._fields()), 1)
        box.addLayout(self._score())
        box.addWidget(self._note)
        box.addLayout(_buttons(self))

    def begin(self, patient: PatientId, facts: Facts) -> None:
        """Begin a set for a patient, now, or go on with what was typed before."""
        self._facts = facts
        self._scale.setText(facts.scale.value)
        for signs in CHILDREN:
            self._form.setRowVisible(self._entries[signs], facts.scale is Scale.PEWS)
        self._doubtful = frozenset()
        self._at.setText(moment_text(self.workplace.clock.now()))
        self.clear()
        self._note.say(None)
        self._keeper.begin(patient)
        self._on_edited()
        self._entries[FIELDS[0]].setFocus(Qt.FocusReason.OtherFocusReason)

    def dirty(self) -> bool:
        """Whether anything is typed."""
        return any(entry.text().strip() for entry in self._entries.values())

    def put_away(self) -> None:
        """Be about nobody any more; what is typed is kept."""
        self._keeper.leave()
        self.hide()
        self.clear()

    @Slot()
    def clear(self) -> None:
        """Have nothing typed."""
        for entry in self._entries.values():
            entry.clear()

    def flush(self) -> None:
        """Keep what is typed, now."""
        self._keeper.flush()

    def save(self) -> None:
        """Save what is typed, or say what is wrong with it."""
        at = self._measured_at()
        vitals = None if at is None else self._read(at, quiet=False)
        if vitals is not None:
            self._keeper.save(vitals, self._doubtful)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field or takes the unit offered; Escape leaves an empty form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        elif event.key() == Qt.Key.Key_Escape and not self.dirty():
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """To the next field; a value of another unit is first put into ours, and stays in focus."""
        for signs, entry in self._entries.items():
            if entry.hasFocus():
                try:
                    refuse_impossible(self._alone(signs, entry))
                except Refused as refused:
                    self._note.say(refused)
                    offered = refused.data.get("instead")
                    if offered is None or self._offered != entry.text():
                        self._offered = entry.text()
                        return
                    entry.setText(number_text(Decimal(str(offered))))
                    return
                entry.focusNextChild()  # from inside, so that the field comes into sight
                return
        self.focusNextChild()

    def _alone(self, signs: tuple[Sign, ...], entry: QLineEdit) -> VitalSigns:
        now = self.workplace.clock.now()
        return VitalSigns(at=now, **_named(read_field(signs, entry.text())))

    def _fields(self) -> QFormLayout:
        form = self._form = QFormLayout()
        form.setVerticalSpacing(theme.px(6))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(label(tr("Measured at")), self._at)
        for signs in FIELDS:
            name, hint = _name_and_hint(signs)
            entry = QLineEdit()
            entry.setAccessibleName(name)
            entry.setPlaceholderText(hint)
            entry.textChanged.connect(self._on_edited)
            self._entries[signs] = entry
            form.addRow(label(name), entry)
        return form

    def _score(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for part in (self._scale, self._badge):
            row.addWidget(part)
        row.addWidget(self._risk, 1)
        return row

    def _measured_at(self) -> datetime | None:
        try:
            return self._at.value()
        except Refused as refused:
            self._note.say(refused)
            self._at.setFocus()
            return None

    def _read(self, at: datetime, *, quiet: bool) -> VitalSigns | None:
        """What is typed; None when a field says nothing or something impossible."""
        values: dict[str, Any] = {}
        wrong: Refused | None = None
        for signs, entry in self._entries.items():
            problem = None
            try:
                found = read_field(signs, entry.text())
                refuse_impossible(VitalSigns(at=at, **_named(found)))
                values |= _named(found)
            except Refused as refused:
                problem = wrong = wrong or refused
            doubtful = bool(self._doubtful & set(signs))
            set_property(entry, "state", "invalid" if problem else "doubtful" * doubtful)
        if not quiet or wrong is None:
            self._note.say(wrong)
        return VitalSigns(at=at, **values) if wrong is None else None

    @Slot()
    def _on_edited(self) -> None:
        self._doubtful = frozenset()
        self._keeper.note()
        vitals = self._read(self.workplace.clock.now(), quiet=True)
        if vitals is None:
            return
        score = of_set(self._facts, vitals)
        self._badge.show_score(
            score.total, risk_shade(score.risk), complete=score.complete, scale=score.scale
        )
        gaps = gaps_text(score) if score.total is not None else ""
        self._risk.setText("\n".join(filter(None, (risk_text(score), gaps))))

    def _texts(self) -> Texts:
        """What is typed, by field, with its time; empty when nothing is."""
        typed = {signs[0].value: entry.text() for signs, entry in self._entries.items()}
        return {**typed, "at": self._at.text()} if self.dirty() else {}

    @Slot(object)
    def _on_found(self, typed: Texts) -> None:
        self._at.setText(typed.get("at", ""))
        for signs, entry in self._entries.items():
            entry.setText(typed.get(signs[0].value, ""))

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self._note.say(error)
        if error.code in _ASKED_TWICE:
            signs = error.data.get("signs", ())
            self._doubtful |= frozenset(signs if isinstance(signs, tuple) else (error.field,))
        if error.code == "implausible-value":
            self._note.setText(f"▲ {tr('This value is very rare. Save again if it is right.')}")
        for fields, entry in self._entries.items():
            if error.field in fields or self._doubtful & set(fields):
                set_property(entry, "state", "doubtful" if self._doubtful else "invalid")
                entry.setFocus()


def _buttons(form: EntryForm) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(button(tr("Save"), form.save, kind="primary", symbol="save", hint="Ctrl+S"))
    row.addWidget(button(tr("Close"), form.closed.emit, hint="Esc"))
    row.addStretch(1)
    return row


def _named(values: dict[Sign, Value]) -> dict[str, Any]:
    return {sign.value: value for sign, value in values.items()}


def _name_and_hint(signs: tuple[Sign, ...]) -> tuple[str, str]:
    if len(signs) > 1:
        return tr("Blood pressure"), "120/80 mmHg"
    hints: dict[Sign, Callable[[], str]] = {
        Sign.HEART_RATE: lambda: tr("beats a minute"),
        Sign.TEMPERATURE: lambda: "°C",
        Sign.RESPIRATORY_RATE: lambda: tr("breaths a minute"),
        Sign.SPO2: lambda: "%",
        Sign.OXYGEN_FLOW: lambda: tr("L/min, 0 is room air"),
        Sign.CONSCIOUSNESS: lambda: "A C V P U",
        Sign.PAIN: lambda: "0–10",
        Sign.GLUCOSE: lambda: "mmol/L",
        Sign.RESPIRATORY_EFFORT: lambda: tr("0 normal, 1 mild, 2 moderate, 3 severe"),
        Sign.CAPILLARY_REFILL: lambda: tr("seconds"),
        Sign.WEIGHT: lambda: "kg",
        Sign.HEIGHT: lambda: "cm",
    }
    return sign_name(signs[0]), hints[signs[0]]()
