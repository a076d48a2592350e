"""A scale that a person fills in: items with answers, a total, and what the total means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from workstation.clinical.scores.warning import Shade
from workstation.kernel.errors import Refused

NOT_TESTABLE: Final = "NT"
"""Key of the answer that something hinders the test, such as a tube or a swollen eye."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to an item.

    Attributes:
        key: What is typed for it: one digit, or N for not testable.
        points: What it adds; ``None`` when the item could not be tested.
        words: English words, key of the translation.
    """

    key: str
    points: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a scale.

    Attributes:
        id: Stable name.
        words: English words, key of the translation.
        options: The answers, in the order of the publication.
        letter: What the total is written with, such as E for eyes; may be empty.
    """

    id: str
    words: str
    options: tuple[Option, ...]
    letter: str = ""

    def option(self, key: str) -> Option | None:
        """The answer that a key stands for."""
        wanted = key.strip().upper()
        return next((option for option in self.options if option.key == wanted), None)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a total says.

    Attributes:
        words: English words, key of the translation.
        shade: Colour, 0 without concern to 3.
        again: How soon to assess again at the latest; ``None`` when there is no need.
    """

    words: str
    shade: Shade
    again: timedelta | None = None


@dataclass(frozen=True, slots=True)
class AssessmentScale:
    """One published scale.

    Attributes:
        id: Stable name.
        words: English name, key of the translation.
        items: Its lines.
        meanings: Highest total of each band with its meaning, from below.
        on_admission: Whether everybody for whom it is made gets one on admission.
        unit: What stands behind the total, such as ``/15``.
    """

    id: str
    words: str
    items: tuple[Item, ...]
    meanings: tuple[tuple[int, Meaning], ...]
    on_admission: bool = False
    unit: str = ""

    def total(self, answers: Mapping[str, str]) -> int | None:
        """The sum; ``None`` while an item is missing or could not be tested.

        Args:
            answers: Key of the answer by id of the item.
        """
        found = [self._points(item, answers) for item in self.items]
        known = [points for points in found if points is not None]
        return sum(known) if len(known) == len(found) else None

    def at_best(self, answers: Mapping[str, str]) -> int:
        """The sum if what could not be tested, or is missing, had the most points.

        Args:
            answers: Key of the answer by id of the item.
        """
        return sum(
            max(option.points or 0 for option in item.options)
            if (points := self._points(item, answers)) is None
            else points
            for item in self.items
        )

    def meaning(self, total: int | None) -> Meaning | None:
        """What a total says; ``None`` without one."""
        if total is None:
            return None
        return next((meaning for top, meaning in self.meanings if total <= top), None)

    def check(self, answers: Mapping[str, str]) -> None:
        """Refuse what is not a whole filled-in scale.

        Raises:
            Refused: ``answer-missing`` or ``no-such-answer``, with the item as field.
        """
        for item in self.items:
            key = answers.get(item.id, "").strip()
            if not key:
                raise Refused("answer-missing", field=item.id)
            if item.option(key) is None:
                keys = ", ".join(option.key for option in item.options)
                raise Refused("no-such-answer", field=item.id, keys=keys)

    def formula(self, answers: Mapping[str, str]) -> str:
        """The parts with their letters, such as ``E4 V5 M6``; empty where items have none."""
        said = []
        for item in self.items:
            option = item.option(answers.get(item.id, ""))
            if item.letter and option is not None:
                shown = NOT_TESTABLE if option.points is None else str(option.points)
                said.append(f"{item.letter}{shown}")
        return " ".join(said)

    def _points(self, item: Item, answers: Mapping[str, str]) -> int | None:
        option = item.option(answers.get(item.id, ""))
        return option.points if option else None


def counted(*words: str, first: int = 0) -> tuple[Option, ...]:
    """Answers whose key is their points, counted from `first`."""
    return tuple(Option(str(points), points, text) for points, text in enumerate(words, first))
