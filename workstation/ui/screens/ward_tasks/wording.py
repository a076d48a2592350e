"""The columns of the task list and their words."""

from __future__ import annotations

from datetime import datetime

from workstation.clinical.ward_tasks import State
from workstation.kernel.words import tr
from workstation.services.task_list import Line
from workstation.ui.toolkit.person_words import short_moment
from workstation.ui.toolkit.task_words import (
    TONES,
    kind_words,
    late_words,
    state_words,
    what_words,
)
from workstation.ui.toolkit.units import unbroken
from workstation.ui.toolkit.widgets.table import Column

_SIGNS: dict[State, str] = {"late": "▲▲ ", "due": "▲ ", "later": ""}


def columns(now: datetime) -> tuple[Column[Line], ...]:
    """When, how pressing, who, what, whose."""

    def when(line: Line) -> str:
        return tr("never yet") if line.never else short_moment(line.item.at, now)

    def state(line: Line) -> str:
        late = "" if line.never else late_words(line.item, now)
        return f"{_SIGNS[line.state]}{late or state_words(line.state)}"

    return (
        Column(tr("Time"), when, 118, role="strong", tone=_tone),
        Column(tr("State"), state, 160, tone=_tone),
        Column(tr("Bed"), lambda line: line.who.bed_name or "–", 78, role="strong"),
        Column(tr("Patient"), lambda line: line.who.name.formal or tr("Name unknown"), 190),
        Column(tr("Kind"), _kind, 150),
        Column(tr("What"), lambda line: unbroken(what_words(line.item))),
        Column(tr("Nurse"), lambda line: ", ".join(n.name for n in line.nurses) or "–", 160),
    )


def _kind(line: Line) -> str:
    words = kind_words(line.item.kind)
    return f"{words} ({line.item.count})" if line.item.count > 1 else words


def _tone(line: Line) -> str:
    return TONES[line.state]
