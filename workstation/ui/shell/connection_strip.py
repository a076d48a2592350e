"""The connection strip: what sync honestly knows, always on screen; one click opens the centre."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.icons import icon
from workstation.ui.toolkit.widgets.moment import age_text, date_text, moment_text, time_text
from workstation.ui.toolkit.widgets.text import button, label, set_property

if TYPE_CHECKING:
    from workstation.sync.status import SyncStatus


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that the strip says.

    Attributes:
        words: Translated words.
        tone: ``ok``, ``warn``, ``danger``, ``accent`` or ``muted``.
        symbol: Name of its icon.
        short: The same where there is little room, if it can be said shorter.
    """

    words: str
    tone: str
    symbol: str
    short: str = ""

    @property
    def brief(self) -> str:
        """The words where there is little room."""
        return self.short or self.words


def link_mark(status: SyncStatus, now: datetime) -> Mark:
    """The one status: Synced, Sending, Offline since, Needs you, Sign in again, Error."""
    if status.link != "online":
        away = tr("Offline since {time}", time=_hour(status.since, now))
        again = status.next_try
        if again is not None and again > now:
            offline = f"{away} · {tr('next try at {time}', time=_second(again))}"
        else:
            offline = away
        signing = tr("Sign in again") if status.data_as_of else tr("Not enrolled yet")
        return {
            "stopped": Mark(tr("Sync stopped: call IT"), "danger", "error"),
            "sign-in": Mark(signing, "danger" if status.data_as_of else "warn", "lock"),
            "offline": Mark(offline, "warn", "offline", away),
            "never": Mark(tr("Not connected yet"), "muted", "offline"),
        }[status.link]
    if status.sending is not None:
        sent, total = status.sending
        return Mark(tr("Sending {sent} of {total}", sent=sent, total=total), "accent", "sync")
    if status.parked or status.conflicts or status.collisions or status.unreadable:
        return Mark(tr("Online, needs you"), "warn", "warning")
    return Mark(tr("Synced") if status.synced else tr("Online"), "ok", "online")


def age_mark(status: SyncStatus, now: datetime, stale: timedelta, old: timedelta) -> Mark:
    """How old the ward's data is, by its time and in words.

    Args:
        status: Where sync stands.
        now: The present.
        stale: From this age on it is marked.
        old: From this age on it is alarming.
    """
    if status.data_as_of is None:
        return Mark(tr("No data from the server yet"), "muted", "clock")
    if status.ahead_of(now):
        words = tr("Data as of {time}", time=_hour(status.data_as_of, now))
        return Mark(words, "danger", "error", _hour(status.data_as_of, now))
    age = now - status.data_as_of
    words = tr("Data as of {time} ({age})", time=_hour(status.data_as_of, now), age=age_text(age))
    tone, symbol = ("warn", "warning") if age >= stale else ("muted", "clock")
    if age >= old:
        tone, symbol = "danger", "error"
    return Mark(words, tone, symbol, _hour(status.data_as_of, now))


def count_marks(status: SyncStatus) -> tuple[Mark, ...]:
    """What waits, is refused, or needs a person; nothing for zero."""
    conflicts = tr("{count} conflicts", count=status.conflicts)
    alerts = tr("{count} alerts", count=status.collisions)
    rows = (
        (status.unsent, tr("{count} unsent", count=status.unsent), "accent", "unsent"),
        (status.parked, tr("{count} refused", count=status.parked), "danger", "parked"),
        (status.unreadable, tr("{count} unreadable", count=status.unreadable), "danger", "error"),
        (status.conflicts, conflicts, "warn", "conflict"),
        (status.collisions, alerts, "danger", "collision"),
    )
    return tuple(
        Mark(words, tone, symbol, str(count)) for count, words, tone, symbol in rows if count
    )


def pack_line(made_at: datetime | None, now: datetime) -> str:
    """The pack in a line: when it was made, and how old it is; nothing as long as nobody looked."""
    if made_at is None:
        return ""
    age = age_text(now - made_at)
    return tr("Downtime pack of {time} ({age})", time=moment_text(made_at), age=age)


def _hour(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "–"
    same_day = at.astimezone().date() == now.astimezone().date()
    return time_text(at) if same_day else f"{date_text(at)} {time_text(at)}"


def _second(at: datetime) -> str:
    """A time with its seconds: the next try may be a few of them away."""
    return f"{at.astimezone():%H:%M:%S}"


class ConnectionStrip(QWidget):
    """The strip at the window's foot. Every mark opens the sync centre."""

    def __init__(
        self,
        opened: Callable[[], None],
        sync_now: Callable[[], None],
        limits: tuple[timedelta, timedelta],
        parent: QWidget | None = None,
    ) -> None:
        """Start without a status.

        Args:
            opened: Opens the sync centre.
            sync_now: Looks at the server now.
            limits: Ages of data that are marked, and alarming.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._opened = opened
        self._limits = limits
        self._shown: tuple[Mark, ...] = ()
        self._beside = ""
        self.setProperty("strip", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(12), theme.px(3), theme.px(12), theme.px(3))
        row.setSpacing(theme.px(6))
        self._marks = [self._mark_button() for _ in range(6)]
        for mark in self._marks:
            row.addWidget(mark)
        row.addStretch(1)
        self._skew = label("", "caption", "warn")
        row.addWidget(self._skew)
        self._now = button(tr("Sync now"), sync_now, kind="quiet", symbol="sync", hint="F9")
        row.addWidget(self._now)

    def show_status(self, status: SyncStatus, now: datetime) -> None:
        """Say where sync stands."""
        stale, old = self._limits
        marks = (
            link_mark(status, now), age_mark(status, now, stale, old), *count_marks(status),
        )  # fmt: skip
        self._shown = marks
        for place, mark in zip(self._marks, marks, strict=False):
            place.setIcon(icon(mark.symbol, mark.tone))
            place.setAccessibleName(mark.words)
            set_property(place, "tone", mark.tone)
        minutes = round(abs(status.skew_seconds) / 60)
        self._skew.setText(
            tr("This clock is {count} min off the server's", count=minutes) if minutes else ""
        )
        self._fit()

    def say_beside(self, words: str) -> None:
        """What the tool tips say besides, as of the downtime pack; nothing when empty."""
        if words != self._beside:
            self._beside = words
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the marks again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room the button goes, then words; tool tips have them."""
        for brief in (False, True):
            for number, place in enumerate(self._marks):
                mark = self._shown[number] if number < len(self._shown) else None
                place.setVisible(mark is not None)
                if mark is not None:
                    place.setText(mark.brief if brief else mark.words)
                    said = (mark.words, self._beside, tr("Open the sync centre"))
                    place.setToolTip(" · ".join(filter(None, said)))
            for button_shown in (not brief, False):
                self._now.setVisible(button_shown)
                if self._row.sizeHint().width() <= self.width():
                    return

    def words(self) -> tuple[str, ...]:
        """What the strip says now."""
        return tuple(mark.words for mark in self._shown)

    def _mark_button(self) -> QPushButton:
        mark = button("", self._opened, hint=tr("Open the sync centre"), symbol="online")
        mark.setProperty("mark", True)
        return mark
