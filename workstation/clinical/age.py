"""How old a person is, in the unit that is said for that age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

MONTHS_UNTIL: Final = 72
"""Children under 72 months are written in months (Circular 26/2025/TT-BYT on prescriptions)."""
_DAYS_UNTIL_MONTHS: Final = 1
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Age:
    """An age as it is said.

    Attributes:
        count: How many.
        unit: ``days`` in the first month, ``months`` under 72 months, then ``years``.
        years: Whole years, for rules.
    """

    count: int
    unit: Literal["days", "months", "years"]
    years: int

    @property
    def months(self) -> int:
        """Whole months, for rules; from `MONTHS_UNTIL` on as far as the years tell."""
        if self.unit == "days":
            return 0
        return self.count if self.unit == "months" else self.years * _MONTHS_A_YEAR


def age(born: date, on: date) -> Age | None:
    """The age on a day; ``None`` before birth.

    Someone born on 29 February has the birthday on 1 March in other years.
    """
    if on < born:
        return None
    months = (on.year - born.year) * _MONTHS_A_YEAR + on.month - born.month
    months -= on.day < born.day
    years = months // _MONTHS_A_YEAR
    if months < _DAYS_UNTIL_MONTHS:
        return Age((on - born).days, "days", years)
    if months < MONTHS_UNTIL:
        return Age(months, "months", years)
    return Age(years, "years", years)
