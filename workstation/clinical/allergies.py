"""Allergies have three states that are never mixed up: known, none known, not asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workstation.kernel.folding import fold


class AllergyState(StrEnum):
    """What is known about a patient's allergies."""

    KNOWN = "known"
    NONE_KNOWN = "none-known"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class Allergy:
    """One allergy, or the statement that there is none.

    Attributes:
        id: Id of the record.
        substance: In words.
        none_known: Whether this is the statement "no known allergy".
        active: Whether it still holds.
        high_risk: Whether a reaction may threaten life.
        reactions: In words.
        codes: ``system|code`` of the substance.
    """

    id: str
    substance: str
    none_known: bool
    active: bool
    high_risk: bool = False
    reactions: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()


def state(allergies: Iterable[Allergy]) -> AllergyState:
    """The state that the records of one patient add up to.

    One allergy that holds outweighs any "none known"; somebody was asked once an answer stands,
    whatever its clinical status; no answer at all is "not asked", never "none".
    """
    rows = tuple(allergies)
    if any(row.active and not row.none_known for row in rows):
        return AllergyState.KNOWN
    if any(row.none_known for row in rows):
        return AllergyState.NONE_KNOWN
    return AllergyState.NOT_ASKED


def known(allergies: Iterable[Allergy]) -> tuple[Allergy, ...]:
    """The allergies that hold, those that threaten life first, then by name."""
    rows = (row for row in allergies if row.active and not row.none_known)
    return tuple(sorted(rows, key=lambda row: (not row.high_risk, fold(row.substance))))
