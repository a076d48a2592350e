"""Every sentence the program says, in Vietnamese and English.

The English text is the key: ``tr("Ward board")``. ``resources/words/<feature>.json`` maps it to
Vietnamese. A word that needs two translations carries its context before a bar:
``tr("verb|Order")``. Values are filled in by name: ``tr("{count} unsent", count=3)``.
"""

from __future__ import annotations

import json
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


def tr(text: str, /, **values: object) -> str:
    """Say `text` in the current language, with `values` filled in."""
    return say(_current[0], text, **values)


def say(tongue: Language, text: str, /, **values: object) -> str:
    """Say `text` in a given language, with `values` filled in."""
    english = text.rpartition("|")[2]
    word = vietnamese().get(text, english) if tongue == "vi" else english
    return word.format(**values) if values else word
