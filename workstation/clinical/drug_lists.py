"""Which drugs are high-risk, and which time-critical: by name, from lists that a hospital keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final

from workstation.clinical.medication_record import DUE_WINDOW, TIME_CRITICAL_WINDOW
from workstation.kernel.folding import fold

OFTEN: Final = timedelta(hours=4)
"""What is given more often than this is time-critical whatever it is (ISMP 2011)."""
_INJECTED: Final = (
    *("tinh mach", "tiem", "truyen", "duoi da", "bap", "intravenous", "injection", "infusion"),
    *("subcutaneous", "intramuscular", "iv", "im", "sc"),
)


@dataclass(frozen=True, slots=True)
class HighRisk:
    """A class of high-risk drugs.

    Attributes:
        id: Stable name.
        vietnamese: In words.
        english: In words.
        second_person: Whether another person has to check before it is given.
        names: Folded names of drugs.
        injected_only: Whether only what is injected or infused is meant.
    """

    id: str
    vietnamese: str
    english: str
    second_person: bool
    names: tuple[str, ...]
    injected_only: bool = False


@dataclass(frozen=True, slots=True)
class DrugLists:
    """The lists of a hospital."""

    high_risk: tuple[HighRisk, ...] = ()
    time_critical: tuple[str, ...] = ()

    def risk_of(self, drug: str, route: str) -> HighRisk | None:
        """The class of a drug that is high-risk by a route; None for any other.

        Args:
            drug: Name, with strength or without.
            route: In words.
        """
        for each in self.high_risk:
            if each.injected_only and not names_any(route, _INJECTED):
                continue
            if names_any(drug, each.names):
                return each
        return None

    def window(self, drug: str, interval: timedelta | None) -> timedelta:
        """How early or late a dose of a drug is still on time.

        Args:
            drug: Name, with strength or without.
            interval: Between two doses, if it is regular.
        """
        often = interval is not None and interval < OFTEN
        if often or names_any(drug, self.time_critical):
            return TIME_CRITICAL_WINDOW
        return DUE_WINDOW


def names_any(text: str, names: Iterable[str]) -> bool:
    """Whether a text names one of some drugs as words of its own, accents aside."""
    return _names_any(text, tuple(names))


@lru_cache(maxsize=4096)
def _names_any(text: str, names: tuple[str, ...]) -> bool:
    """A ward orders the same few hundred drugs again and again; none of them names a patient."""
    folded = fold(text)
    return any(_word(name).search(folded) for name in names)


@lru_cache(maxsize=1024)
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(fold(name))}(?![a-z])")
