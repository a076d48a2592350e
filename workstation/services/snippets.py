"""Text snippets: those that come with the program for a role, and a person's own on this terminal.

Own ones lie with the person's drafts: encrypted, seen by nobody else, never sent.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from workstation.clinical.names import nfc
from workstation.kernel import resources
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.folding import fold
from workstation.kernel.ids import name_uuid
from workstation.kernel.words import language
from workstation.services.desk import Desk
from workstation.store import Unit, View, drafts

KIND: Final = "snippets"
LONGEST: Final = 2000
BLANK: Final = "___"
"""What a text leaves open for the writer."""
_KEY: Final = re.compile(r"[a-z0-9-]{1,12}")


@dataclass(frozen=True, slots=True)
class Snippet:
    """One snippet.

    Attributes:
        key: What is typed after the semicolon.
        text: What comes in its place; `BLANK` is to be filled in.
        own: Whether the person wrote it.
    """

    key: str
    text: str
    own: bool


def snippets(desk: Desk) -> tuple[Snippet, ...]:
    """All of the person, by key; one's own stands in place of a shipped one of the same key."""
    with desk.store.read() as view:
        own = _own(view, desk)
    role = "doctor" if desk.person.role == "doctor" else "nurse"
    found = {each["key"]: Snippet(each["key"], each[language()], own=False)
             for each in _shipped(role)}  # fmt: skip
    found |= {key: Snippet(key, text, own=True) for key, text in own.items()}
    return tuple(found[key] for key in sorted(found))


def keep(desk: Desk, key: str, text: str) -> Changes:
    """Keep one of the person's own, in place of the one with its key.

    Raises:
        Refused: ``snippet-key`` (field ``key``); ``empty-note``, ``words-too-long`` (field
            ``text``).
    """
    plain, said = fold(key.lstrip(";")), nfc(text).strip()
    if not _KEY.fullmatch(plain):
        raise Refused("snippet-key", field="key")
    if not said:
        raise Refused("empty-note", field="text")
    if len(said) > LONGEST:
        raise Refused("words-too-long", field="text", most=LONGEST)
    with desk.store.write() as unit:
        _put(unit, desk, {**_own(unit, desk), plain: said})
        return unit.changes


def forget(desk: Desk, key: str) -> Changes:
    """Forget one of the person's own; a shipped one of its key comes back."""
    with desk.store.write() as unit:
        _put(unit, desk, {own: text for own, text in _own(unit, desk).items() if own != key})
        return unit.changes


def _own(view: View, desk: Desk) -> dict[str, str]:
    kept = drafts.of_person(view, desk.person.id)
    found: dict[str, str] = next((json.loads(each.body) for each in kept if each.kind == KIND), {})
    return found


def _put(unit: Unit, desk: Desk, own: dict[str, str]) -> None:
    id = name_uuid(KIND, desk.person.id)
    body = json.dumps(own, ensure_ascii=False)
    drafts.keep(unit, drafts.Draft(id, desk.person.id, None, KIND, body, desk.clock.now()))


@cache
def _shipped(role: str) -> tuple[dict[str, str], ...]:
    file = resources.folder() / "snippets" / f"{role}.json"
    return tuple(json.loads(file.read_text("utf-8")))
