"""The one way to type a number: comma or point, never groups, digits kept as typed."""

from __future__ import annotations

import re
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.kernel.errors import Refused
from workstation.kernel.words import language
from workstation.ui.toolkit.widgets.text import set_property

_NUMBER = re.compile(r"-?(\d{1,7})(?:[.,](\d+))?")


def parse_number(text: str, decimals: int) -> Decimal | None:
    """Read a number as people type it.

    Args:
        text: With a comma or a point before the decimals; ``1.234,5`` and ``1 234`` are refused.
        decimals: How many digits may follow the decimal sign; ``1.234`` is refused below three,
            so that a thousand is never read as one.

    Returns:
        The number with the digits that were typed, or None for an empty text.

    Raises:
        Refused: ``not-a-number`` or ``too-many-decimals``.
    """
    text = text.strip()
    if not text:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None or not text.isascii():
        raise Refused("not-a-number")
    if len(match[2] or "") > decimals:
        raise Refused("too-many-decimals", decimals=decimals)
    return Decimal(text.replace(",", "."))


def number_text(value: Decimal | int | None) -> str:
    """Show a number without groups, with the decimal sign of the language spoken now."""
    if value is None:
        return ""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text.replace(".", ",") if language() == "vi" else text


class NumberEntry(QLineEdit):
    """A field for one number.

    Signals:
        changed: The text changed; ask `value` or `problem`.
    """

    changed = Signal()

    def __init__(self, name: str, *, decimals: int = 0, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            name: Translated name, read out by screen readers.
            decimals: How many digits may follow the decimal sign.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._decimals = decimals
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.textChanged.connect(self._on_text_changed)

    def value(self) -> Decimal | None:
        """The number typed, or None when empty.

        Raises:
            Refused: What is typed is not a number that this field takes.
        """
        return parse_number(self.text(), self._decimals)

    def set_value(self, value: Decimal | int | None) -> None:
        """Show a number."""
        self.setText(number_text(value))

    def problem(self) -> Refused | None:
        """What is wrong with the text as it stands."""
        try:
            self.value()
        except Refused as refused:
            return refused
        return None

    def mark(self, state: str) -> None:
        """Mark the field: ``invalid``, ``doubtful`` or nothing."""
        set_property(self, "state", state)

    @Slot(str)
    def _on_text_changed(self, _text: str) -> None:
        self.mark("invalid" if self.problem() else "")
        self.changed.emit()
