"""How often vital signs are to be measured by an order, out of the words that doctors write.

Only what is plain is read: "6 giờ một lần", "mỗi giờ", "30 phút/lần", "4 lần/ngày", "every 2 h".
What is not read shortens nothing, and the order stands in its own words where it always stood.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from workstation.kernel.folding import fold

_SHORTEST: Final = timedelta(minutes=5)
_LONGEST: Final = timedelta(hours=24)
_NUMBER: Final = r"(?P<{0}>\d{{1,2}})"
_UNIT: Final = r"(?P<{0}>gio|h|hours?|phut|ph|minutes?|min)"
_EVERY: Final = re.compile(
    rf"\b(?:moi|every|q)\s*(?:{_NUMBER.format('a')}\s*)?{_UNIT.format('au')}\b"
    rf"|\b{_NUMBER.format('b')}\s*{_UNIT.format('bu')}\s*(?:/|mot|1|\bmoi)?\s*lan\b"
    r"|(?P<hourly>\bhourly\b)"
)
_A_DAY: Final = re.compile(
    r"\b(?P<a>\d{1,2})\s*lan\s*(?:/|mot|moi)?\s*(?:ngay|24\s*(?:gio|h))\b|\bngay\s*(?P<b>\d{1,2})\s*lan\b"
)
_SIGNS: Final = re.compile(
    r"\b(?:sinh hieu|sinh ton|dhst|(?<!mao )mach|huyet ap|nhiet do|than nhiet|nhip tho|spo2|spo₂"
    r"|vital signs?|blood pressure|heart rate|pulse|temperature)\b"
)


def names_vital_signs(words: str) -> bool:
    """Whether an order is about vital signs; one of blood glucose, pain or urine is not."""
    return _SIGNS.search(fold(words)) is not None


def interval(words: str) -> timedelta | None:
    """The time between two sets that words ask for; the shortest of several; None for none."""
    text = fold(words)
    found: list[timedelta] = []
    for each in _EVERY.finditer(text):
        if each["hourly"]:
            found.append(timedelta(hours=1))
            continue
        number, unit = each["a"] or each["b"] or "1", each["au"] or each["bu"]
        hours = unit.startswith(("gio", "h"))
        found.append(timedelta(hours=int(number)) if hours else timedelta(minutes=int(number)))
    for each in _A_DAY.finditer(text):
        times = int(each["a"] or each["b"])
        found += [timedelta(hours=24) / times] if times else []
    return min((each for each in found if possible(each)), default=None)


def possible(every: timedelta) -> bool:
    """Whether a ward can measure so often, and at least once a day."""
    return _SHORTEST <= every <= _LONGEST
