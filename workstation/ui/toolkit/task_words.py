"""How what is due is said and drawn, everywhere alike: word, icon, tone, and where it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from workstation.clinical.ward_tasks import DueItem, Kind, State
from workstation.kernel.words import tr

ICONS: Final[Mapping[Kind, str]] = {
    "escalation": "warning",
    "critical-result": "results",
    "dose": "medication",
    "vital-signs": "vitals",
    "order": "note",
    "assessment": "chart",
    "care-site": "care",
    "signature": "note",
    "task": "task",
}
TONES: Final[Mapping[State, str]] = {"later": "muted", "due": "warn", "late": "danger"}
PLACES: Final[Mapping[Kind, str]] = {
    "escalation": "vitals",
    "critical-result": "results",
    "dose": "medication",
    "vital-signs": "vitals",
    "order": "orders",
    "assessment": "scores",
    "care-site": "care",
    "signature": "notes",
    "task": "summary",
}
"""The chart's tab on which a thing of a kind is done."""
_HOUR: Final = 60
_WHOLE: Final = 10
"""Hours from which on minutes are not told any more."""
_DAYS: Final = 48
"""Hours from which on lateness is told in days."""


def kind_words(kind: Kind) -> str:
    """What sort of thing it is."""
    return {
        "escalation": tr("Escalation"),
        "critical-result": tr("Critical result"),
        "dose": tr("Drugs"),
        "vital-signs": tr("Vital signs"),
        "order": tr("New orders"),
        "assessment": tr("Scales"),
        "care-site": tr("Lines and wounds"),
        "signature": tr("Note to sign"),
        "task": tr("Task"),
    }[kind]


def item_words(item: DueItem) -> str:
    """The thing itself: its own words, and how many things it stands for."""
    own = item.kind in ("task", "escalation") and item.words
    name = item.words if own else kind_words(item.kind)
    return f"{name} ({item.count})" if item.count > 1 else name


def role_words(role: str) -> str:
    """Somebody of whom any will do who has a role."""
    words = {
        "doctor": tr("Any doctor"),
        "nurse": tr("Any nurse"),
        "head-nurse": tr("The head nurse"),
    }
    return words.get(role, role)


def what_words(item: DueItem) -> str:
    """What a list says beside the kind of thing: the words of the record, or who is asked."""
    return role_words(item.words) if item.kind == "signature" else item.words


def late_words(item: DueItem, now: datetime) -> str:
    """How long ago it was due; empty as long as it is not late."""
    if item.state(now) != "late":
        return ""
    hours, minutes = divmod(int((now - item.at).total_seconds()) // 60, _HOUR)
    if not hours:
        return tr("{count} min late", count=minutes)
    if hours >= _DAYS:
        return tr("{count} days late", count=hours // 24)
    if hours >= _WHOLE:
        return tr("{count} h late", count=hours)
    return tr("{hours} h {minutes} min late", hours=hours, minutes=f"{minutes:02d}")


def state_words(state: State) -> str:
    """A state in one word."""
    return {"later": tr("Later"), "due": tr("Due"), "late": tr("Late")}[state]
