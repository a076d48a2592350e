"""Dates and times as people here read and type them: dd/MM/yyyy HH:mm, whatever the region."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.kernel.errors import Refused
from workstation.kernel.words import tr
from workstation.ui.toolkit.widgets.text import set_property

_MOMENT = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s+(\d{1,2})[:hH](\d{2})")
_TIME = re.compile(r"(\d{1,2})[:hH]?(\d{2})")
_HOUR, _DAY = 60, 24 * 60
"""In minutes."""


def moment_text(at: datetime) -> str:
    """Day and time on this terminal's clock."""
    return at.astimezone().strftime("%d/%m/%Y %H:%M")


def date_text(day: date) -> str:
    """The day; of an aware time, the day on this terminal's clock."""
    return (day.astimezone() if isinstance(day, datetime) else day).strftime("%d/%m/%Y")


def time_text(at: datetime) -> str:
    """The time of day on this terminal's clock."""
    return at.astimezone().strftime("%H:%M")


def age_text(age: timedelta) -> str:
    """How long ago in words; it never stands without the time itself."""
    minutes = max(int(age.total_seconds() // 60), 0)
    if not minutes:
        return tr("just now")
    if minutes < _HOUR:
        return tr("{count} min ago", count=minutes)
    if minutes < 2 * _DAY:
        return tr("{count} h ago", count=minutes // _HOUR)
    return tr("{count} days ago", count=minutes // _DAY)


def parse_moment(text: str, now: datetime) -> datetime:
    """Read a day and time, or a time of today alone (``0730``, ``7:30``).

    Args:
        text: What was typed.
        now: The aware present, for today's date and the terminal's offset.

    Returns:
        An aware time with the terminal's offset.

    Raises:
        Refused: ``not-a-date``.
    """
    local = now.astimezone()
    whole, short = _MOMENT.fullmatch(text.strip()), _TIME.fullmatch(text.strip())
    try:
        if whole:
            day, month, year, hour, minute = map(int, whole.groups())
            naive = local.replace(
                year=year, month=month, day=day, hour=hour, minute=minute, tzinfo=None
            )
        elif short:
            naive = local.replace(hour=int(short[1]), minute=int(short[2]), tzinfo=None)
        else:
            raise Refused("not-a-date")
    except ValueError as error:
        raise Refused("not-a-date") from error
    return naive.replace(second=0, microsecond=0).astimezone()


class MomentEntry(QLineEdit):
    """A field for day and time.

    Signals:
        changed: The text changed; ask `value` or `problem`.
    """

    changed = Signal()

    def __init__(self, name: str, now: datetime, parent: QWidget | None = None) -> None:
        """Start with the present.

        Args:
            name: Translated name, read out by screen readers.
            now: The aware present.
            parent: The widget around it.
        """
        super().__init__(moment_text(now), parent)
        self._now = now
        self.setAccessibleName(name)
        self.setPlaceholderText("dd/MM/yyyy HH:mm")
        self.textChanged.connect(self._on_text_changed)

    def begin(self, now: datetime, shown: datetime | None = None) -> None:
        """Show a time anew.

        Args:
            now: The aware present.
            shown: What to show; the present when None.
        """
        self._now = now
        self.setText(moment_text(shown or now))

    def value(self) -> datetime:
        """The aware time typed.

        Raises:
            Refused: ``not-a-date``.
        """
        return parse_moment(self.text(), self._now)

    def problem(self) -> Refused | None:
        """What is wrong with the text as it stands."""
        try:
            self.value()
        except Refused as refused:
            return refused
        return None

    @Slot(str)
    def _on_text_changed(self, _text: str) -> None:
        set_property(self, "state", "invalid" if self.problem() else "")
        self.changed.emit()
