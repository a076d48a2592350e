"""Text without case and diacritics, so that ``do`` finds ``Đỗ``: for search, never for display."""

from __future__ import annotations

import re
import unicodedata

_BARRED = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
_DIGITS = re.compile(r"(\d+)")


def fold(text: str) -> str:
    """Lower-case `text` and take every diacritic off, ``đ`` included; runs of space become one."""
    apart = unicodedata.normalize("NFD", text.translate(_BARRED).casefold())
    bare = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return " ".join(bare.split())


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Key that sorts bed ``2`` before bed ``10``: numbers by value, words without diacritics."""
    parts = _DIGITS.split(fold(text))
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p)
