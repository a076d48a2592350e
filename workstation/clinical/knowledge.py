"""What the ward knows, as one value: drugs, classes, limits, nursing problems, their sources.

The value is read from files (`workstation.knowledge`), so that a hospital may put its own in their
place. A list of names is never complete: the checks help people, they do not replace them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final, Literal

from workstation.clinical.monitoring import Intervals, VitalSignsInterval, intervals_of
from workstation.clinical.nursing_problem import NursingProblem
from workstation.clinical.order_safety import NO_WORDS, Severity, Source, Words
from workstation.kernel.folding import fold

Cited = tuple[str, str]
"""Key of a document among the sources of the file, and the section in it."""


@dataclass(frozen=True, slots=True)
class Drug:
    """One substance.

    Attributes:
        id: In this knowledge.
        names: Spellings, folded when read: international, Vietnamese, trade names in use.
        codes: ``system|code`` that mean it.
        repeatable: Whether two orders of it side by side are usual, as of infusion fluids.
        mg_per_mmol: Mass of the salt that holds 1 mmol of what is reckoned in mmol.
    """

    id: str
    names: tuple[str, ...]
    codes: tuple[str, ...] = ()
    repeatable: bool = False
    mg_per_mmol: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DrugClass:
    """Drugs that act, or provoke allergy, alike.

    Attributes:
        id: In this knowledge.
        names: Folded words by which an allergy means the class as a whole.
        words: For people.
        members: Ids of drugs.
        twice: What a second drug of the class asks for; None where two are usual.
        source: Of what `twice` says.
    """

    id: str
    names: tuple[str, ...]
    members: tuple[str, ...]
    words: Words = NO_WORDS
    twice: Severity | None = None
    source: Cited = ("", "")


@dataclass(frozen=True, slots=True)
class CrossAllergy:
    """That an allergy to one thing may be one to another.

    Attributes:
        id: In this knowledge.
        allergy: Ids of drugs or classes that the allergy is to.
        drugs: Ids of drugs or classes that are ordered.
        severity: After a reaction that threatened life.
        mild: After any other.
        effect: For people.
        source: Where it is from.
    """

    id: str
    allergy: tuple[str, ...]
    drugs: tuple[str, ...]
    severity: Severity
    mild: Severity
    source: Cited
    effect: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Interaction:
    """Two drugs or classes that together do harm.

    Attributes:
        id: In this knowledge.
        one: Ids of drugs or classes.
        two: The same of the other side.
        severity: What it asks for.
        effect: What may happen.
        advice: What to do.
        source: Where it is from.
        most_days: Only for a patient not older, in days.
    """

    id: str
    one: tuple[str, ...]
    two: tuple[str, ...]
    severity: Severity
    source: Cited
    effect: Words = NO_WORDS
    advice: Words = NO_WORDS
    most_days: int | None = None


@dataclass(frozen=True, slots=True)
class DoseLimit:
    """The most of a drug that is usual, for one age.

    Attributes:
        id: In this knowledge.
        drug: Its id.
        unit: Of every amount here: ``mg``, ``IU``, ``mmol``, ``mL``.
        source: Where it is from.
        routes: Kinds of route it holds for; all when empty.
        from_years: From this age on.
        to_years: Below this age.
        to_kg: Below this weight, in kg.
        single: For one time.
        day: In 24 hours.
        single_per_kg: For one time and kg of weight; never more than `single`.
        day_per_kg: In 24 hours for each kg; never more than `day`.
        hour: In one hour, by infusion.
    """

    id: str
    drug: str
    unit: str
    source: Cited
    routes: tuple[str, ...] = ()
    from_years: Decimal = Decimal(0)
    to_years: Decimal = Decimal(200)
    to_kg: Decimal | None = None
    single: Decimal | None = None
    day: Decimal | None = None
    single_per_kg: Decimal | None = None
    day_per_kg: Decimal | None = None
    hour: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RenalLimit:
    """What changes when the kidneys work less.

    Attributes:
        id: In this knowledge.
        drugs: Ids of drugs or classes.
        by: ``egfr`` in mL/min/1.73 m² (CKD-EPI 2021) or ``crcl`` in mL/min (Cockcroft–Gault).
        below: The limit holds below this.
        severity: What it asks for when the dose is above, or for any dose when none is said.
        source: Where it is from.
        unit: Of the amounts.
        day: Most in 24 hours.
        day_per_kg: Most in 24 hours for each kg.
        advice: What to do.
        routes: Kinds of route it holds for; all when empty.
    """

    id: str
    drugs: tuple[str, ...]
    by: Literal["egfr", "crcl"]
    below: Decimal
    severity: Severity
    source: Cited
    unit: str = "mg"
    day: Decimal | None = None
    day_per_kg: Decimal | None = None
    advice: Words = NO_WORDS
    routes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """A drug that is not for the young.

    Attributes:
        id: In this knowledge.
        drugs: Ids of drugs or classes.
        below_years: Not below this age.
        severity: What it asks for.
        source: Where it is from.
        effect: Why.
    """

    id: str
    drugs: tuple[str, ...]
    below_years: Decimal
    severity: Severity
    source: Cited
    effect: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class PregnancyLimit:
    """A drug that harms the unborn."""

    id: str
    drugs: tuple[str, ...]
    severity: Severity
    source: Cited
    effect: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class TestInterval:
    """How soon a test is repeated for a reason.

    Attributes:
        id: In this knowledge.
        codes: LOINC codes that measure the same thing.
        hours: Sooner than this is an oversight.
        source: Where it is from.
    """

    id: str
    codes: tuple[str, ...]
    hours: Decimal
    source: Cited


@dataclass(frozen=True, eq=False)
class Knowledge:
    """All of it. Compared by identity: two readings are two values.

    Attributes:
        sources: Documents, by ``file:key``.
        routes: Folded words of routes, by kind: ``oral``, ``iv``, ``im``, ``sc``, ``inhaled``,
            ``rectal``, ``topical``.
        problems: Why the hospital's own files are not used; empty when they are, or there are none.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drugs: tuple[Drug, ...] = ()
    classes: tuple[DrugClass, ...] = ()
    cross_allergies: tuple[CrossAllergy, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    doses: tuple[DoseLimit, ...] = ()
    renal: tuple[RenalLimit, ...] = ()
    ages: tuple[AgeLimit, ...] = ()
    pregnancy: tuple[PregnancyLimit, ...] = ()
    tests: tuple[TestInterval, ...] = ()
    nursing_problems: tuple[NursingProblem, ...] = ()
    vital_signs: tuple[VitalSignsInterval, ...] = ()
    problems: tuple[str, ...] = ()

    def source(self, rule: object) -> Source:
        """The document that an entry cites, with the section."""
        key, section = getattr(rule, "source", ("", ""))
        found = self.sources.get(key, Source(key))
        return Source(found.document, section, found.file, found.version, found.hospital)

    def drugs_in(self, words: str, codes: Iterable[str] = ()) -> frozenset[str]:
        """Ids of the drugs that a text or its codes name; empty for one that is not known."""
        return _drugs_in(self, fold(words)) | frozenset(
            self.by_code[code] for code in codes if code in self.by_code
        )

    def classes_in(self, words: str) -> frozenset[str]:
        """Ids of the classes that a text names as a whole."""
        return _classes_in(self, fold(words))

    def groups(self, drug: str) -> frozenset[str]:
        """A drug's id with those of its classes."""
        return self.classes_of.get(drug, frozenset()) | {drug}

    def route(self, words: str) -> str:
        """The kind of a route; empty when it is not known."""
        text = fold(words)
        for kind, names in self.routes.items():
            if any(_holds(text, name) for name in names):
                return kind
        return ""

    def test(self, code: str) -> TestInterval | None:
        """The entry of a test."""
        return self.tests_by_code.get(code)

    @cached_property
    def nursing_by_id(self) -> dict[str, NursingProblem]:
        """Nursing problems by id."""
        return {each.id: each for each in self.nursing_problems}

    @cached_property
    def monitoring(self) -> Intervals:
        """How often vital signs are measured; what no file sets is as usual."""
        own = {each.id for each in self.vital_signs if self.source(each).hospital}
        return intervals_of(self.vital_signs, own)

    @cached_property
    def tests_by_code(self) -> dict[str, TestInterval]:
        """Entries of tests by LOINC code."""
        return {code: test for test in self.tests for code in test.codes}

    @cached_property
    def classes_of(self) -> dict[str, frozenset[str]]:
        """Ids of the classes of each drug."""
        found: dict[str, set[str]] = {}
        for each in self.classes:
            for member in each.members:
                found.setdefault(member, set()).add(each.id)
        return {drug: frozenset(ids) for drug, ids in found.items()}

    @cached_property
    def class_by_id(self) -> dict[str, DrugClass]:
        """Classes by id."""
        return {each.id: each for each in self.classes}

    @cached_property
    def drug_by_id(self) -> dict[str, Drug]:
        """Drugs by id."""
        return {each.id: each for each in self.drugs}

    @cached_property
    def by_code(self) -> dict[str, str]:
        """Ids of drugs by ``system|code``."""
        return {code: each.id for each in self.drugs for code in each.codes}

    @cached_property
    def drug_names(self) -> _Names:
        """Finds drugs in a folded text."""
        return _Names((name, each.id) for each in self.drugs for name in each.names)

    @cached_property
    def class_names(self) -> _Names:
        """Finds classes in a folded text."""
        return _Names((name, each.id) for each in self.classes for name in each.names)


class _Names:
    """Names of things, found in a text: the longest name that stands there counts.

    They are looked up and not searched for by a pattern: of a list of a whole pharmacy that would
    have to be compiled first, for seconds, while somebody waits for an alert.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._ids: dict[str, set[str]] = {}
        for name, own in names:
            self._ids.setdefault(name, set()).add(own)
        self._lengths = sorted({len(name) for name in self._ids if name}, reverse=True)

    def find(self, text: str) -> frozenset[str]:
        """Ids of everything named in a folded text."""
        found: set[str] = set()
        place = 0
        while place < len(text):
            name = self._name_at(text, place)
            found |= self._ids.get(name, set())
            place += len(name) or 1
        return frozenset(found)

    def _name_at(self, text: str, place: int) -> str:
        """The longest name that begins at a place, as words of its own; empty for none."""
        if place and _is_letter(text[place - 1]):
            return ""
        for length in self._lengths:
            name = text[place : place + length]
            if name in self._ids and not _is_letter(text[place + length : place + length + 1]):
                return name
        return ""


def _is_letter(mark: str) -> bool:
    return "a" <= mark <= "z"


@lru_cache(maxsize=4096)
def _drugs_in(knowledge: Knowledge, text: str) -> frozenset[str]:
    return knowledge.drug_names.find(text)


@lru_cache(maxsize=4096)
def _classes_in(knowledge: Knowledge, text: str) -> frozenset[str]:
    return knowledge.class_names.find(text)


def _holds(text: str, name: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", text) is not None


DEFAULT_INTERVAL: Final = timedelta(hours=4)
"""Tests of the acutely ill are repeated several times a day; sooner than this is an oversight."""
