"""The form beside the record: only what a deed still needs, in the order in which it is typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.giving.deed import Deed, Field, presets, verb_words
from workstation.ui.toolkit.giving.fields import DoseFields
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.order_words import amount_text
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label

_WIDTH: Final = 360
_OWN: Final[dict[str, Field]] = {"pin": "witness"}


class DoseForm(QWidget):
    """One deed at a time.

    Signals:
        submitted: Everything that was asked for is typed.
        closed: It was given up.
    """

    submitted = Signal()
    closed = Signal()

    def __init__(self, now: datetime, parent: QWidget | None = None) -> None:
        """Start without a deed.

        Args:
            now: The aware present.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.deed: Deed | None = None
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.setFixedWidth(theme.px(_WIDTH))
        self.fields = DoseFields(now)
        self.fields.entered.connect(self.submit)
        self._heading = label("", "heading", wrap=True)
        self._who = label("", "strong", wrap=True)
        self._drug = label("", "title", wrap=True)
        self._dose = label("", "heading", wrap=True)
        self._warning = label("", "strong", "danger", wrap=True)
        self._presets = label("", "body", "muted", wrap=True)
        self._note = FieldNote()
        self._save = button("", self.submit, kind="primary", symbol="check", hint="Ctrl+S")
        self._close = button(tr("Close"), self.close_form, hint="Esc")
        self._lay_out()

    def begin(self, deed: Deed, now: datetime, extra: Iterable[Field] = ()) -> None:
        """Ask for what a deed needs.

        Args:
            deed: What is to be done.
            now: The aware present.
            extra: What turned out to be needed too, such as why it is late.
        """
        self.deed = deed
        self.fields.ask(deed, now, tuple(dict.fromkeys((*deed.asks, *extra))))
        self._describe(deed)
        asks_why = "reason" in self.fields.asked
        self._presets.setVisible(bool(presets(deed.verb)) and asks_why)
        self._save.show()
        self._note.say(None)
        self.show()
        self.take_keys()

    def take_keys(self) -> None:
        """Put the keys on the first field that is asked for."""
        if not self.fields.take_keys():
            self._save.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Hand it on if everything is typed; else say what is missing."""
        try:
            self.fields.typed()
            self.fields.voucher()
        except Refused as refused:
            self.show_problem(refused)
        else:
            self.submitted.emit()

    def show_problem(self, error: WorkstationError) -> None:
        """Say what is wrong: beside the field, or loudly where no field can mend it."""
        if error.field and set(self.fields.asked) & {error.field, _OWN.get(error.field)}:
            self._note.say(error)
            self.fields.mark(error.field)
            return
        self._note.say(None)
        self._warning.setText(f"✕ {explain(error).line}")
        self._warning.show()
        self._save.hide()
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_again(self, error: WorkstationError) -> None:
        """Say what stands against it, and what charts it all the same."""
        said = explain(error)
        if error.code == "beside-plan" and "witness" in self.fields.asked:
            asked = tr("To give it all the same: reason, and the PIN of who checked")
            self._warning.setText(f"▲ {said.line} {asked}")
        elif error.code in ("too-soon", "beside-plan"):
            asked = tr("It was given all the same: reason, then Enter again")
            self._warning.setText(f"▲ {said.line} {asked}")
        else:
            asked = tr("It was given besides that one: reason, then Enter again")
            self._warning.setText(f"▲ {said.title} {asked}")
        self._note.say(None)
        self._warning.show()
        self._save.show()
        self.fields.mark("reason")

    def close_form(self) -> None:
        """Give it up."""
        self.deed = None
        self.fields.forget()
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        content = QWidget()
        box = QVBoxLayout(content)
        margin = theme.px(16)
        box.setContentsMargins(margin, theme.px(12), margin, theme.px(12))
        box.setSpacing(theme.px(8))
        for widget in (self._heading, self._who, self._drug, self._dose, self._warning):
            box.addWidget(widget)
        box.addWidget(self.fields)
        box.addWidget(self._presets)
        box.addWidget(self._note)
        row = QHBoxLayout()
        row.addWidget(self._save)
        row.addWidget(self._close)
        row.addStretch(1)
        box.addLayout(row)
        box.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(scroll)

    def _describe(self, deed: Deed) -> None:
        dose = amount_text(deed.amount)
        self._heading.setText(verb_words(deed.verb))
        self._who.setText(deed.who)
        self._who.setVisible(bool(deed.who))
        self._drug.setText(deed.drug)
        slot = tr("planned for {time}", time=moment_text(deed.slot)) if deed.slot else ""
        self._dose.setText(" · ".join(filter(None, (dose, deed.route, slot))))
        self._warning.setVisible("witness" in self.fields.asked)
        self._warning.setText(
            tr("High-risk drug: a second person checks patient, drug, dose and route.")
        )
        self._save.setText(tr("Save") if deed.verb == "effect" else verb_words(deed.verb))
        usual = presets(deed.verb)
        self._presets.setText("\n".join(f"{n}  {words}" for n, words in enumerate(usual, 1)))
