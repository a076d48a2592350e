"""How seldom a drug is given, as people write it: "1 lần/tuần", "thứ 2-4-6", "once a week".

Only what is plain is read. What is not read asks nothing; what is read wrongly asks once too often.
"""

from __future__ import annotations

import re
from typing import Final

from workstation.clinical.seldom import WEEK

_NUMBERS: Final = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "once": 1, "twice": 2,
}  # fmt: skip
_MANY: Final = r"(?P<{}>\d+|một|hai|ba|bốn|năm|sáu)"
_COUNTED: Final = re.compile(
    rf"(?<!ngày\s)\b{_MANY.format('a')}\s*lần\s*(?:/|mỗi|một|hằng|hàng)\s*(?:1\s*|một\s*)?tuần\b"
    rf"|\btuần\s*(?:uống\s*|tiêm\s*|dùng\s*)?{_MANY.format('b')}\s*lần\b"
    r"|\b(?P<c>once|twice|\d+\s*(?:times|x))\s*(?:weekly|(?:a|per|every|each)\s+week|/\s*w(?:ee)?k)\b",
    re.IGNORECASE,
)
_WEEKLY: Final = re.compile(
    r"\b(?:mỗi|hằng|hàng)\s*tuần\b|\b(?:weekly|(?:per|every|each)\s+week)\b", re.IGNORECASE
)
_SOME_WEEKS: Final = re.compile(
    r"\b(?:mỗi|every)\s*(?P<weeks>\d+)\s*(?:tuần|weeks)\b", re.IGNORECASE
)
_DAY: Final = r"(?:hai|ba|tư|năm|sáu|bảy|[2-7](?!\s*(?:viên|ống|gói|lần|giờ|mg|ml|g|h)\b|\d))\b"
_DAYS: Final = re.compile(
    r"(?P<other>\b(?:từ|đến|sau|trước|tuần|ngày|lần|liều|mũi|đợt|kỳ|from|until|since|before|after)\s+)?"
    rf"\b(?:(?P<vi>thứ\s*{_DAY}(?:\s*(?:[,\-–/&+]|và)\s*(?:thứ\s*)?{_DAY})*)|(?P<sun>chủ\s*nhật)"
    r"|(?P<en>mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
_ANY_DAY: Final = rf"(?:thứ\s*{_DAY}|chủ\s*nhật|(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b)"
_PART: Final = re.compile(
    rf"[;.()\n]+|,(?!\s*(?:(?:và|and)\s+)?(?:{_ANY_DAY}|{_DAY}))", re.IGNORECASE
)
"""What parts a remark; a comma between days of the week does not."""
_WATCHING: Final = re.compile(
    r"\b(?:xét\s*nghiệm|kiểm\s*tra|theo\s*dõi|đo|cân|thử|chụp|siêu\s*âm|điện\s*tim|tái\s*khám"
    r"|thay|INR|CTM|check|monitor\w*|tests?|measure|weigh|review|change)\b",
    re.IGNORECASE,
)
_GIVING: Final = re.compile(r"\b(?:uống|tiêm|dùng|truyền|take|give|inject)\b", re.IGNORECASE)
_DAYS_OFF: Final = re.compile(
    r"\b(?:trừ|nghỉ|ngừng|ngưng|bỏ|không(?:\s+(?:uống|tiêm|dùng))?|except|not|off|skip|stop)\s+"
    rf"(?:(?:vào|ngày|on)\s+)*{_ANY_DAY}(?:\s*(?:[,\-–/&+]|và|and)\s*(?:{_ANY_DAY}|{_DAY}))*",
    re.IGNORECASE,
)
_VI: Final = {
    "hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5,
    "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5,
}  # fmt: skip
_EN: Final = {"mon": 0, "tues": 1, "wednes": 2, "thurs": 3, "fri": 4, "satur": 5, "sun": 6}
_SUNDAY: Final = 6


def about_giving(said: str) -> str:
    """What a text says of giving the drug, without what is only watched: a weekly count."""
    parts = _PART.split(said)
    return "; ".join(p for p in parts if _GIVING.search(p) or not _WATCHING.search(p))


def counted(said: str) -> tuple[int, int] | None:
    """So many doses in so many days, where the words count them; None when they do not."""
    found = _COUNTED.search(said)
    if found is None:
        return None
    word = next(filter(None, found.groups())).casefold().split()[0].removesuffix("x")
    times = _NUMBERS.get(word) or int(re.sub(r"\D", "", word) or 0)
    return (times, WEEK) if 1 <= times < WEEK else None


def often(said: str) -> tuple[int, int] | None:
    """As `counted`, also where the words only say that it is weekly, or every so many weeks."""
    weeks = _SOME_WEEKS.search(said)
    if weeks is not None and int(weeks["weeks"]) > 0:
        return 1, int(weeks["weeks"]) * WEEK
    return counted(said) or ((1, WEEK) if _WEEKLY.search(said) else None)


def weekdays(said: str) -> frozenset[int]:
    """The days of the week that are named as days on which it is given; Monday is 0."""
    found: set[int] = set()
    for each in _DAYS.finditer(_DAYS_OFF.sub(" ", said)):
        if each["other"]:
            continue
        if each["vi"]:
            words = re.findall(_DAY, each["vi"], re.IGNORECASE)
            found |= {_VI[word.casefold()] for word in words}
        else:
            found.add(_SUNDAY if each["sun"] else _EN[each["en"].casefold()])
    return frozenset(found)
