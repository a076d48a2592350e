"""Forms of the numbers that identify people and diagnoses in Viet Nam: what is wrong, what odd.

Personal number: Decree 137/2015 and Circular 59/2021/TT-BCA. It has no check digit, and it can be
cancelled and issued again: odd is a warning, never a refusal, and never a key.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from workstation.kernel.errors import Refused

_CITIZEN: Final = re.compile(r"[0-9]{12}")
_CARD: Final = re.compile(r"[A-Z]{2}[1-5][0-9]{12}")
_SOCIAL: Final = re.compile(r"[0-9]{10}")
_ICD10: Final = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9]{1,2})?[†*]?")
_ICD10_BARE: Final = re.compile(r"([A-Z][0-9]{2})([0-9]{0,2})")
_SEPARATORS: Final = re.compile(r"[\s.\-]+")
_CENTURY: Final = 100


class Oddity(StrEnum):
    """What does not fit; the person looks at the card again."""

    SEX = "sex-does-not-match"
    CENTURY = "century-does-not-match"
    YEAR = "birth-year-does-not-match"


def citizen_id(text: str) -> str:
    """Read a citizen number (số định danh cá nhân): 12 digits; spaces, dots and dashes go.

    Raises:
        Refused: ``not-a-citizen-id``.
    """
    bare = _SEPARATORS.sub("", text)
    if not _CITIZEN.fullmatch(bare):
        raise Refused("not-a-citizen-id", field="national_id")
    return bare


def citizen_id_oddities(
    number: str,
    *,
    sex: Literal["male", "female", "other", "unknown"],
    birth_date: date | None,
) -> tuple[Oddity, ...]:
    """What in a citizen number does not fit the person.

    Args:
        number: 12 digits.
        sex: Administrative sex; ``other`` and ``unknown`` fit any number.
        birth_date: ``None`` fits any number.
    """
    code, year = int(number[3]), int(number[4:6])
    found = []
    if sex in ("male", "female") and (code % 2 == 1) != (sex == "female"):
        found.append(Oddity.SEX)
    if birth_date is not None:
        if birth_date.year // _CENTURY != 19 + code // 2:
            found.append(Oddity.CENTURY)
        if birth_date.year % _CENTURY != year:
            found.append(Oddity.YEAR)
    return tuple(found)


def insurance_number(text: str) -> str:
    """Read a health insurance number: the card's 15 characters or the 10 digits of newer cards.

    What the card entitles to is asked from the insurance, never read from its digits.

    Raises:
        Refused: ``not-an-insurance-number``.
    """
    bare = _SEPARATORS.sub("", text).upper()
    if not (_CARD.fullmatch(bare) or _SOCIAL.fullmatch(bare)):
        raise Refused("not-an-insurance-number", field="insurance_number")
    return bare


def social_number(number: str) -> str:
    """The 10-digit social insurance number inside either form, by which two forms are one."""
    return number[-10:]


def icd10(text: str) -> str:
    """Read an ICD-10 code, with point or without: ``J189`` becomes ``J18.9``.

    Raises:
        Refused: ``not-icd10``.
    """
    bare = text.strip().upper()
    without_point = _ICD10_BARE.fullmatch(bare)
    if without_point:
        category, rest = without_point.groups()
        return f"{category}.{rest}" if rest else category
    if not _ICD10.fullmatch(bare):
        raise Refused("not-icd10", field="diagnosis")
    return bare
