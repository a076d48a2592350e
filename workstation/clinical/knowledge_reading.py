"""Reads knowledge out of parsed files: every problem is named, a file with one is not used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Final

import msgspec

from workstation.clinical.care_level import CareLevel
from workstation.clinical.drug_amount import is_unit
from workstation.clinical.knowledge import (
    AgeLimit,
    CrossAllergy,
    DoseLimit,
    Drug,
    DrugClass,
    Interaction,
    Knowledge,
    PregnancyLimit,
    RenalLimit,
    TestInterval,
)
from workstation.clinical.monitoring import CARE, VitalSignsInterval
from workstation.clinical.nursing_problem import Hint, KnownCare, KnownGoal, NursingProblem
from workstation.clinical.order_safety import Source
from workstation.clinical.scores.warning import Monitoring
from workstation.kernel.folding import fold

TABLES: Final[Mapping[str, Mapping[str, type[Any]]]] = {
    "drugs.json": {"drugs": Drug, "classes": DrugClass},
    "allergies.json": {"cross_allergies": CrossAllergy},
    "interactions.json": {"interactions": Interaction},
    "doses.json": {
        "doses": DoseLimit,
        "renal": RenalLimit,
        "ages": AgeLimit,
        "pregnancy": PregnancyLimit,
    },
    "tests.json": {"tests": TestInterval},
    "nursing_problems.json": {"nursing_problems": NursingProblem},
    "monitoring.json": {"vital_signs": VitalSignsInterval},
}
"""What each file may hold."""
_HEAD: Final = ("version", "date", "licence", "sources", "replaces_all", "removed", "routes")
_NAMED: Final = ("one", "two", "drugs", "allergy", "members")
"""Parts of an entry that name drugs or classes."""
_ONLY_DRUGS: Final = ("drug", "members")
"""Parts that name drugs and no classes: a class in a class would be nobody's."""
_AMOUNTS: Final = ("single", "day", "single_per_kg", "day_per_kg", "hour")
_UNITS: Final = ("mg", "IU", "mmol", "mL")
_MOST: Final = Decimal(1_000_000_000)
"""No amount of a drug, no age and no interval is as great."""
_INTERVALS: Final = (
    *(step.value for step in Monitoring), *(CARE + level.value for level in CareLevel)
)  # fmt: skip
_FEWEST_MINUTES: Final = 5
_MOST_MINUTES: Final = 24 * 60
"""Somebody in a hospital is measured once a day at least."""
_FEWEST_LETTERS: Final = 2
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """Knowledge as far as it could be read, and ``file: place: code`` for each problem."""

    knowledge: Knowledge
    problems: tuple[str, ...] = ()


def read(
    files: Mapping[str, Any], *, hospital: bool = False, base: Knowledge | None = None
) -> Reading:
    """Read parsed files, on top of what is known already.

    An entry with the id of an earlier one takes its place; ``removed`` names ids to take away;
    ``replaces_all`` leaves nothing of what stood in the tables of the file.

    Args:
        files: Parsed JSON by file name; numbers as Decimal.
        hospital: Whether they are the hospital's own.
        base: What they come on top of.

    Returns:
        The whole; if there are problems it is `base`, untouched.
    """
    before = base or Knowledge()
    problems: list[str] = []
    knowledge = before
    for name, content in files.items():
        wrong = [f"{name}: {problem}" for problem in _shape(name, content)]
        problems += wrong
        if not wrong:
            knowledge = _file(name, content, problems, hospital=hospital).laid_over(knowledge)
    problems += [] if problems else _dangling(knowledge)
    return Reading(before, tuple(problems)) if problems else Reading(knowledge)


def _shape(name: str, content: Any) -> Iterator[str]:
    """What is wrong with a file as a whole."""
    if name not in TABLES:
        yield "unknown-file"
    elif not isinstance(content, dict):
        yield "not-an-object"
    else:
        yield from (f"{key}: unknown" for key in content if key not in {*_HEAD, *TABLES[name]})
        yield from (
            f"{key}: not-a-list"
            for key in (*TABLES[name], "removed")
            if not isinstance(content.get(key, []), list)
        )
        yield from (
            "removed: not-words" for own in _listed(content, "removed") if not isinstance(own, str)
        )
        if not isinstance(content.get("replaces_all", False), bool):
            yield "replaces_all: not-true-or-false"
        yield from (
            f"{key}: not-an-object"
            for key in ("sources", "routes")
            if not isinstance(content.get(key, {}), dict)
        )
        yield from (
            f"routes: {kind}: not-a-list"
            for kind, words in _routes(content).items()
            if not (isinstance(words, list) and all(isinstance(word, str) for word in words))
        )
        yield from (
            f"routes: {kind}: empty"
            for kind, words in _routes(content).items()
            if isinstance(words, list)
            and not (words and all(fold(word) for word in words if isinstance(word, str)))
        )
        yield from (f"{key}: missing" for key in ("version", "date", "licence", "sources")
                    if not content.get(key))  # fmt: skip


def _listed(content: Mapping[str, Any], key: str) -> list[Any]:
    found = content.get(key, [])
    return found if isinstance(found, list) else []


def _routes(content: Mapping[str, Any]) -> dict[str, Any]:
    found = content.get("routes", {})
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class _File:
    """One file while it is read; `problems` fills."""

    name: str
    content: Mapping[str, Any]
    sources: Mapping[str, Source]
    problems: list[str]

    def laid_over(self, knowledge: Knowledge) -> Knowledge:
        """The knowledge with the file's entries in the place of what they replace."""
        changed: dict[str, Any] = {"sources": {**knowledge.sources, **self.sources}}
        whole = self.content.get("replaces_all", False)
        if "routes" in self.content:
            own = {kind: tuple(map(fold, words)) for kind, words in self.content["routes"].items()}
            changed["routes"] = own if whole else {**knowledge.routes, **own}
        gone = set(self.content.get("removed", ()))
        for table, kind in TABLES[self.name].items():
            kept = () if whole else getattr(knowledge, table)
            entries = {entry.id: entry for entry in kept if entry.id not in gone}
            new: set[str] = set()
            for number, raw in enumerate(self.content.get(table, ())):
                place = f"{self.name}: {table}[{number}]"
                entry = self._entry(raw, kind, place)
                if entry is None:
                    continue
                if entry.id in new:
                    self.problems.append(f"{place}: {entry.id}: there-already")
                new.add(entry.id)
                entries[entry.id] = entry
            changed[table] = tuple(entries.values())
        return replace(knowledge, **changed)

    def _entry(self, raw: Any, kind: type[Any], place: str) -> Any:
        """One entry, or None with a problem told."""
        try:
            entry = msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            self.problems.append(f"{place}: {error}")
            return None
        known = {each.name for each in fields(kind)}
        self.problems.extend(f"{place}: {key}: unknown" for key in raw if key not in known)
        if hasattr(entry, "names"):
            entry = replace(entry, names=tuple(map(fold, entry.names)))
        odd = list(_odd_numbers(entry)) or _never_meant(entry)  # what is no number compares to none
        self.problems.extend(f"{place}: {problem}" for problem in odd)
        document, section = getattr(entry, "source", ("", ""))
        if document:
            key = f"{self.name}:{document}"
            if key not in self.sources:
                self.problems.append(f"{place}: source: unknown")
            return replace(entry, source=(key, section))
        if kind not in (Drug, DrugClass):
            self.problems.append(f"{place}: source: missing")
        return entry


def _never_meant(entry: Any) -> Iterator[str]:
    """What makes an entry speak never, or of everything, so that others fall silent."""
    yield from (f"{part}: empty" for part in _NAMED if getattr(entry, part, None) == ())
    if isinstance(entry, Drug) and not (entry.names or entry.codes):
        yield "names: empty"
    if isinstance(entry, TestInterval) and not entry.codes:
        yield "codes: empty"
    yield from (
        f"names: {name[:_LONGEST_NAME]!r}: no-name"
        for name in getattr(entry, "names", ())
        if not _is_name(name)
    )
    yield from _odd_interval(entry)
    if hasattr(entry, "unit") and entry.unit not in _UNITS:
        yield f"unit: {entry.unit}: unknown"
    if isinstance(entry, DoseLimit):
        if entry.from_years >= entry.to_years:
            yield "to_years: not-above-from_years"
        if all(getattr(entry, amount) is None for amount in _AMOUNTS):
            yield "no-amount"


def _odd_interval(entry: Any) -> Iterator[str]:
    if isinstance(entry, VitalSignsInterval):
        if entry.id not in _INTERVALS:
            yield f"id: {entry.id}: unknown"
        if not _FEWEST_MINUTES <= entry.minutes <= _MOST_MINUTES:
            yield "minutes: not-possible"


def _is_name(folded: str) -> bool:
    letters = sum(mark.isalpha() for mark in folded)
    return letters >= _FEWEST_LETTERS and len(folded) <= _LONGEST_NAME and not is_unit(folded)


def _odd_numbers(entry: Any) -> Iterator[str]:
    """Amounts, ages and hours that are none; an age may begin at 0."""
    for each in fields(entry):
        value = getattr(entry, each.name)
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            continue
        number = Decimal(value)
        if not number.is_finite() or number > _MOST:
            yield f"{each.name}: too-large"
        elif number < 0 or (number == 0 and each.name != "from_years"):
            yield f"{each.name}: not-positive"


def _file(name: str, content: Mapping[str, Any], problems: list[str], *, hospital: bool) -> _File:
    version = str(content["version"])
    sources = {
        f"{name}:{key}": Source(str(document), "", name, version, hospital)
        for key, document in content["sources"].items()
    }
    return _File(name, content, sources, problems)


def _dangling(knowledge: Knowledge) -> list[str]:
    """Entries that name a drug, a class or a kind of route that there is not."""
    drugs = {each.id for each in knowledge.drugs}
    known = drugs | {each.id for each in knowledge.classes}
    found = []
    for table in (table for tables in TABLES.values() for table in tables):
        for entry in getattr(knowledge, table):
            named = [(own, drugs) for part in _ONLY_DRUGS for own in _ids(entry, part)]
            named += [(own, known) for part in _NAMED for own in _ids(entry, part)]
            found += [
                f"{table}: {entry.id}: {own}: unknown-drug"
                for own in dict.fromkeys(own for own, there in named if own not in there)
            ]
            found += [
                f"{table}: {entry.id}: {route}: unknown-route"
                for route in getattr(entry, "routes", ())
                if route not in knowledge.routes
            ]
    return found + [problem for each in knowledge.nursing_problems for problem in _nursing(each)]


def _ids(entry: Any, part: str) -> tuple[str, ...]:
    named = getattr(entry, part, ())
    return (named,) if isinstance(named, str) else named


def _nursing(entry: NursingProblem) -> Iterator[str]:
    """What is wrong with a nursing problem: words, times, a code twice, a hint that is none."""
    place = f"nursing_problems: {entry.id}"
    parts: tuple[KnownGoal | KnownCare, ...] = (*entry.goals, *entry.interventions)
    said = (entry.words, *(each.words for each in parts))
    if not all(words.vi and words.en for words in said):
        yield f"{place}: words: missing"
    hours = [each.every_hours for each in entry.interventions if each.every_hours is not None]
    if any(each <= 0 for each in hours):
        yield f"{place}: hours: not-positive"
    if len({each.id for each in parts}) < len(parts):
        yield f"{place}: id: twice"
    yield from (f"{place}: {hint}: unknown-hint" for hint in entry.suggested_by
                if hint not in set(Hint))  # fmt: skip
