"""The words for every error code: what happened, and what to do; shown in the page, never a dialog.

`Refused` belongs beside the field (`FieldNote`), `Unavailable` in the strip, `Rejected` in the
sync centre, `Damaged` on a full page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from string import Formatter

from workstation.kernel.errors import Damaged, Refused, Rejected, Unavailable, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.toolkit.error_words import WORDS
from workstation.ui.toolkit.units import spoken_unit

_FAMILIES: tuple[tuple[type[WorkstationError], str, str], ...] = (
    (Refused, "This was not accepted.", "Reason: {code}"),
    (Unavailable, "This cannot be reached now.", "It is tried again by itself. Reason: {code}"),
    (Rejected, "The server refused this change.", "It is kept in the sync centre. Reason: {code}"),
    (Damaged, "The record on this terminal has a problem.", "Call hospital IT. Reason: {code}"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """What a person reads about an error."""

    title: str
    advice: str

    @property
    def line(self) -> str:
        """Both in one line."""
        return f"{self.title} {self.advice}".strip()


def explain(error: WorkstationError) -> Message:
    """The words for an error in the language spoken now."""
    title, advice = WORDS.get(error.code) or _general(error)
    facts = {"code": error.code} | error.data
    return Message(_filled(title, facts), _filled(advice, facts))


def _general(error: WorkstationError) -> tuple[str, str]:
    for family, title, advice in _FAMILIES:
        if isinstance(error, family):
            return title, advice
    return _FAMILIES[0][1:]


def _filled(text: str, facts: dict[str, object]) -> str:
    if not text:
        return ""
    wanted = {name for _, name, _, _ in Formatter().parse(text) if name}
    return tr(text, **{name: _plain(facts.get(name, "–"), name) for name in wanted})


def _plain(fact: object, name: str) -> object:
    if name in ("unit", "ours"):
        return spoken_unit(str(fact))
    if isinstance(fact, datetime):
        return fact.astimezone().strftime("%d/%m/%Y %H:%M")
    if isinstance(fact, float):
        return math.ceil(fact)
    return "; ".join(map(str, fact)) if isinstance(fact, tuple | list) else fact
