"""Names folded for search: no diacritics, ``đ`` as ``d``, small letters, single blanks."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_STROKES: Final = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
_NOT_WORD: Final = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Fold a name: ``"NGUYỄN Thị Đào"`` becomes ``"nguyen thi dao"``."""
    bare = unicodedata.normalize("NFKD", text.translate(_STROKES))
    plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", plain.casefold()).strip()
