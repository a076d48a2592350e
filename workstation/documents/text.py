"""Lines of a given width: text is broken between words, and inside a word only when it must."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workstation.documents.fonts import Type, width

_UNIT: Final = 10
"""Letters in the longest unit that stays with its number, such as ``lần/ngày``."""
_SIGNS: Final = frozenset("≥≤<>")
_NUMBER: Final = re.compile(r"[≥≤<>~]?[0-9][0-9.,/–-]*")


def lines(text: str, kind: Type, room: float) -> list[str]:
    """Break a text into lines; a line break in the text stays one.

    Args:
        text: Any text.
        kind: How it will be written.
        room: The width of a line, in points.

    Returns:
        The lines; none when there is no text. No line is wider than `room`, unless one single
        letter is.
    """
    if not text.strip():
        return []
    return [
        line
        for paragraph in text.strip("\n").splitlines()
        for line in _paragraph(paragraph, kind, room)
    ]


def shortened(text: str, kind: Type, room: float) -> str:
    """A text cut to one line, with an ellipsis where it was cut."""
    if width(text, kind) <= room:
        return text
    kept = text
    while kept and width(kept + "…", kind) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def balanced(text: str, kind: Type, room: float) -> list[str]:
    """Lines as in `lines`, no more of them, but of about the same length."""
    count = len(lines(text, kind, room))
    narrow = room
    while narrow > room / 2 and len(lines(text, kind, narrow - kind.size)) == count:
        narrow -= kind.size
    return lines(text, kind, narrow)


def _words(paragraph: str) -> list[str]:
    """The words that must stay whole; a number with its unit, or a limit's sign, is one."""
    words: list[str] = []
    for word in paragraph.split():
        before = words[-1].rpartition("\u00a0")[2] if words else ""
        is_unit = len(word) <= _UNIT and (word[0].isalpha() or word[0] in "°%µ/")
        is_unit = is_unit and _NUMBER.fullmatch(before) is not None
        if is_unit or (before in _SIGNS and _NUMBER.fullmatch(word)):
            words[-1] += f"\u00a0{word}"
        else:
            words.append(word)
    return words


def _paragraph(paragraph: str, kind: Type, room: float) -> Iterator[str]:
    line = ""
    for word in _words(paragraph):
        longer = f"{line} {word}" if line else word
        if width(longer, kind) <= room:
            line = longer
            continue
        if line:
            yield line
        *full, line = _broken(word, kind, room)
        yield from full
    yield line


def _broken(word: str, kind: Type, room: float) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and width(parts[-1] + letter, kind) > room:
            parts.append("")
        parts[-1] += letter
    return parts
