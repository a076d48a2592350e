"""Names of people: Vietnamese order on screen, sorting by the given name, search without marks."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from workstation.kernel.folding import fold

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTERS: Final = {letter: place for place, letter in enumerate(_ALPHABET, start=1)}
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Grave, hook, tilde, acute, dot below: the order of Vietnamese dictionaries."""
_UNKNOWN_LETTER: Final = len(_ALPHABET) + 1

SortKey = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in its parts, NFC.

    Attributes:
        family: Family name (họ), as written, not in capitals.
        middle: Middle names (đệm), possibly empty.
        given: Given name (tên), the last word: what people are called and sorted by.
    """

    family: str
    middle: str
    given: str

    @classmethod
    def of(cls, family: str | None, given: str | None) -> PersonName:
        """From a family name and all that follows it; runs of space become one."""
        words = nfc(given or "").split()
        return cls(
            one_line(family or ""),
            " ".join(words[:-1]),
            words[-1] if words else "",
        )

    @classmethod
    def from_text(cls, text: str) -> PersonName:
        """From a whole Vietnamese name: the first word is the family name."""
        family, _, rest = " ".join(text.split()).partition(" ")
        return cls.of(family, rest) if rest else cls.of(None, family)

    @property
    def formal(self) -> str:
        """For banners and lists: ``NGUYỄN Văn An``."""
        return _joined(self.family.upper(), self.middle, self.given)

    @property
    def plain(self) -> str:
        """For running text: ``Nguyễn Văn An``."""
        return _joined(self.family, self.middle, self.given)

    @property
    def folded(self) -> str:
        """For search and for comparing: ``nguyen van an``."""
        return fold(self.plain)

    @property
    def sort_key(self) -> tuple[SortKey, SortKey, SortKey]:
        """Sorts by given name, then family, then middle names, in Vietnamese order."""
        return collation(self.given), collation(self.family), collation(self.middle)

    def __bool__(self) -> bool:
        """Whether there is any name at all."""
        return bool(self.family or self.given)


def nfc(text: str) -> str:
    """The composed form in which every text is stored."""
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The composed form with single blanks and no line breaks: words of one line are so stored."""
    return " ".join(nfc(text).split())


def collation(text: str) -> SortKey:
    """Sort key of Vietnamese: letters first (``a ă â b … d đ e ê``), tone marks only after."""
    letters: list[int] = []
    tones: list[int] = []
    for mark in unicodedata.normalize("NFD", text.lower()):
        if mark in _TONES:
            _set_tone(tones, _TONES[mark])
        elif unicodedata.combining(mark):
            _change_letter(letters, mark)
        else:
            letters.append(_place(mark))
            tones.append(0)
    return tuple(letters), tuple(tones)


def _set_tone(tones: list[int], tone: int) -> None:
    if tones:
        tones[-1] = tone


def _change_letter(letters: list[int], mark: str) -> None:
    """Make ``a`` an ``ă``: a mark that makes another letter of the alphabet."""
    if letters and 1 <= letters[-1] <= len(_ALPHABET):
        composed = unicodedata.normalize("NFC", _ALPHABET[letters[-1] - 1] + mark)
        letters[-1] = _LETTERS.get(composed, letters[-1])


def _place(letter: str) -> int:
    if letter.isspace():
        return 0
    return _LETTERS.get(letter, _UNKNOWN_LETTER + ord(letter))


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
