"""The words for every error code: what happened, and what to do; shown in the page, never a dialog.

`Refused` belongs beside the field (`FieldNote`), `Unavailable` in the strip, `Rejected` in the
sync centre, `Damaged` on a full page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from string import Formatter

from workstation.kernel.errors import Damaged, Refused, Rejected, Unavailable, WorkstationError
from workstation.kernel.words import tr

WORDS: dict[str, tuple[str, str]] = {
    "not-a-number": ("This is not a number.", "Use digits and one comma or point."),
    "too-many-decimals": ("Too many digits after the decimal sign.", "At most {decimals}."),
    "out-of-range": ("This value is not possible.", "Between {least} and {most}."),
    "required": ("This is missing.", ""),
    "not-a-date": ("This is not a date and time.", "Write it as dd/MM/yyyy HH:mm."),
    "in-future": ("This time has not come yet.", "Check the date and the clock."),
    "wrong-pin": ("That PIN or password is not right.", ""),
    "wait": ("Please wait before the next try.", "Try again in {seconds} s."),
    "pins-differ": ("The two entries differ.", "Type the same PIN twice."),
    "weak-pin": ("This PIN is too easy.", "Use at least {minimum} characters, not all alike."),
    "store-exists": ("There is a record on this terminal already.", "Log in instead."),
    "unknown-person": (
        "This person is not known on this terminal.",
        "Let someone who works here add you.",
    ),
    "last-person": ("The last person cannot be removed.", "Add somebody else first."),
    "already-exists": ("This is there already.", ""),
    "damaged-keys": (
        "The keys of this terminal cannot be read.",
        "The record is not lost. Do not delete anything; call hospital IT.",
    ),
    "device-secret-missing": (
        "This terminal's own secret is missing.",
        "The record is not lost. Do not delete anything; call hospital IT.",
    ),
    "not-permitted": ("You may not do this.", "Ask someone with the right to do it."),
    "stale-edit": (
        "Somebody changed this while you were writing.",
        "Your text is kept. Look at the new version, then save again.",
    ),
    "gone": (
        "This is not on this terminal any more.",
        "It may have been decided or moved elsewhere.",
    ),
    "already-decided": (
        "This conflict is decided already.",
        "Nothing was changed. Read who decided, and how.",
    ),
    "choice-missing": ("A side must be chosen for each line.", "Use the arrow keys."),
    "reason-missing": ("A reason must be given.", "It is signed with your name."),
    "unreadable-conflict": (
        "The conflict cannot be read.",
        "Nothing was changed. Call hospital IT.",
    ),
    "cancelled": ("Stopped.", "Nothing was changed."),
    "offline": ("The hospital's server cannot be reached.", "Everything is saved here."),
    "timeout": ("The hospital's server did not answer in time.", "It is tried again by itself."),
    "busy": ("The hospital's server is busy.", "It is tried again by itself."),
    "sign-in": ("The server wants this terminal to sign in again.", "Call hospital IT."),
    "not-fhir": (
        "The address answers, but not as a FHIR server.",
        "Check the address; a portal or proxy may be in between.",
    ),
    "wrong-url": ("There is no server at this address.", "Check the address."),
    "wrong-key": (
        "This key does not open the record on this terminal.",
        "Nothing was changed. Log in as somebody else, or restore a backup.",
    ),
    "newer-store": (
        "The record was written by a newer version of the program.",
        "Nothing was changed. Install the newer version and start again.",
    ),
    "damaged-page": (
        "A part of the record on this terminal cannot be read.",
        "What the server has received is safe there. Do not delete anything; call hospital IT.",
    ),
    "no-store": ("There is no record on this terminal yet.", "Set up this terminal first."),
    "disk-full": (
        "The disk is full: this was not saved.",
        "Everything saved before is safe. Free some space, then save again.",
    ),
    "read-only": ("The disk cannot be written to: this was not saved.", "Call hospital IT."),
    "bad-settings": ("The settings on this terminal have errors.", "Correct them: {problems}"),
}
"""English title and advice by error code; both are keys of the translation."""

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
    return tr(text, **{name: _plain(facts.get(name, "–")) for name in wanted})


def _plain(fact: object) -> object:
    if isinstance(fact, float):
        return math.ceil(fact)
    return "; ".join(map(str, fact)) if isinstance(fact, tuple | list) else fact
