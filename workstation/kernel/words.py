"""Every sentence the program says, in Vietnamese and English.

The English text is the key: ``tr("Ward board")``. ``resources/words/<feature>.json`` maps it to
Vietnamese, which counts without plurals. ``resources/counted.json`` is the one home of what English
says otherwise of one thing. A word that needs two translations carries its context before a bar:
``tr("verb|Order")``. Values are filled in by name: ``tr("{count} unsent", count=3)``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Literal

from workstation.kernel import resources

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")

_current: list[Language] = ["vi"]


def use(language: Language) -> None:
    """Speak this language from now on."""
    _current[0] = language


def language() -> Language:
    """The language spoken now."""
    return _current[0]


@cache
def vietnamese() -> dict[str, str]:
    """All Vietnamese words, by their English key.

    Raises:
        ValueError: Two files translate one key differently.
    """
    words: dict[str, str] = {}
    for file in sorted((resources.folder() / "words").glob("*.json")):
        for key, word in json.loads(file.read_text("utf-8")).items():
            if words.setdefault(key, word) != word:
                message = f"{file.name} translates {key!r} again, and differently"
                raise ValueError(message)
    return words


@cache
def counted() -> dict[str, dict[str, str]]:
    """What English says when one of its values is 1, by the English text and that value's name."""
    found: dict[str, dict[str, str]] = json.loads(
        (resources.folder() / "counted.json").read_text("utf-8")
    )
    return found


def tr(text: str, /, **values: object) -> str:
    """Say `text` in the current language, with `values` filled in."""
    return say(_current[0], text, **values)


def say(tongue: Language, text: str, /, **values: object) -> str:
    """Say `text` in a given language, with `values` filled in."""
    english = text.rpartition("|")[2]
    word = vietnamese().get(text, english) if tongue == "vi" else _counted(english, values)
    return word.format(**values) if values else word


def _counted(english: str, values: Mapping[str, object]) -> str:
    """A text as it is said of one thing, where one is what there is."""
    ones = counted().get(english, {}) if values else {}
    return next((one for name, one in ones.items() if str(values.get(name)) == "1"), english)
