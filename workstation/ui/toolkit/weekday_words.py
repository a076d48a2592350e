"""Days of the week, as they are said and typed: ``2, 4, 6``, ``thứ Năm, CN``, ``Mon, Thu``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

from workstation.kernel.errors import Refused
from workstation.kernel.folding import fold
from workstation.kernel.words import language, tr

_DAY: Final = re.compile(
    r"(?P<before>\b(?:thu|t))?\s*\b(?P<bare>hai|ba|tu|nam|sau|bay)\b"
    r"|(?P<with>\b(?:thu|t))?\s*(?<!\d)(?P<digit>[2-7])(?!\d)"
    r"|\b(?P<sun>chu\s*nhat|cn)\b"
    r"|\b(?P<en>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:days?)?\b"
)
_SINCE: Final = re.compile(r"\b(?:từ|đến)\b", re.IGNORECASE)
"""Not folded: without its mark this is a Wednesday."""
_BETWEEN: Final = re.compile(r"[\s,;&+/.\-–]+|\b(?:va|and|on)\b")
_VIETNAMESE: Final = ("hai", "ba", "tu", "nam", "sau", "bay")
_ENGLISH: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SUNDAY: Final = 6
_TWO: Final = 2


def weekdays_text(days: Iterable[int]) -> str:
    """Names of days of the week, from Monday (0) on."""
    names = (
        tr("Monday"), tr("Tuesday"), tr("Wednesday"), tr("Thursday"), tr("Friday"),
        tr("Saturday"), tr("Sunday"),
    )  # fmt: skip
    return ", ".join(names[day] for day in sorted(days))


def parse_weekdays(text: str) -> frozenset[int]:
    """The days that are typed; Monday is 0.

    A bare 2 is Monday in Vietnamese only, as an English reader may count otherwise. Two days with
    a dash between them are refused: they may be meant as all from one to the other.

    Raises:
        Refused: ``not-weekdays``: none, one that cannot be read, or one that may mean another.
    """
    typed = fold(text)
    found = list(_DAY.finditer(typed))
    rest = _BETWEEN.sub("", _DAY.sub(" ", typed))
    span = len(found) == _TWO and re.search(r"[-–]", typed[found[0].end() : found[1].start()])
    counted = [each for each in found if each["digit"] or each["bare"]]
    named = language() == "vi" or not counted or counted[0]["with"] or counted[0]["before"]
    if not found or rest or span or not named or _SINCE.search(normalize("NFC", text)):
        raise Refused("not-weekdays")
    return frozenset(map(_day, found))


def _day(each: re.Match[str]) -> int:
    if each["digit"]:
        return int(each["digit"]) - 2
    if each["bare"]:
        return _VIETNAMESE.index(each["bare"])
    return _SUNDAY if each["sun"] else _ENGLISH.index(each["en"])
