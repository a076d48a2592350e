"""Results of tests: what belongs together, what may be compared, what is critical, what changed.

All is told by two lists that a hospital may replace (``resources/knowledge``): the analytes, with
the units in which each may be compared, and the critical limits. A value in a unit that the list
does not name is shown and never compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

Flag = Literal["", "low", "high", "critical-low", "critical-high", "critical", "abnormal"]
Direction = Literal["", "up", "down", "level"]
CRITICAL: Final[frozenset[Flag]] = frozenset({"critical-low", "critical-high", "critical"})
OTHER: Final = "other"
"""The panel of what no list names."""

_TWO_SIDED_95: Final = Decimal("1.96")
_CHANGE: Final = _TWO_SIDED_95 * Decimal(2).sqrt() * Decimal("1.25").sqrt()
"""Reference change value in within-subject variations: 1.96 · √2 · √(CVi² + (CVi/2)²) / CVi.

Fraser CG, Harris EK. Crit Rev Clin Lab Sci 1989;27:409-437, with the desirable imprecision of half
the within-subject variation. A change beyond it is, with 95 %, more than chance."""


@dataclass(frozen=True, slots=True)
class Analyte:
    """What is measured, by whatever code.

    Attributes:
        id: Stable name.
        panel: Id of the group that it is shown in.
        vi: Vietnamese name.
        en: English name.
        codes: LOINC codes that name it.
        unit: UCUM unit in which values are compared.
        factors: Factor to `unit`, by the unit as laboratories write it.
        variation: Within-subject biological variation in per cent; None when it is not known.
        place: Order of showing.
    """

    id: str
    panel: str
    vi: str
    en: str
    codes: tuple[str, ...]
    unit: str
    factors: Mapping[str, Decimal]
    variation: Decimal | None = None
    place: int = 0

    def comparable(self, value: Decimal, unit: str) -> Decimal | None:
        """A value in `unit` of the analyte; None in a unit that cannot be compared."""
        factor = self.factors.get(unit)
        return None if factor is None else value * factor


def below(value: Decimal, edge: Decimal | None, comparator: str, *, at: bool = False) -> bool:
    """Whether a result certainly lies below an edge.

    Args:
        value: The number of the result.
        edge: The edge; None where there is none.
        comparator: FHIR's, when the number is only what the result is beyond: ``> 33.3`` says
            nothing of what lies below, ``< 1.0`` is below 1.0 itself.
        at: Whether the edge itself counts.
    """
    if edge is None or comparator.startswith(">"):
        return False
    return value < edge or (value == edge and (at or comparator == "<"))


def above(value: Decimal, edge: Decimal | None, comparator: str, *, at: bool = False) -> bool:
    """Whether a result certainly lies above an edge; arguments as of `below`."""
    if edge is None or comparator.startswith("<"):
        return False
    return value > edge or (value == edge and (at or comparator == ">"))


@dataclass(frozen=True, slots=True)
class Limit:
    """When a value of an analyte is critical, in the unit of the analyte; None at an open end."""

    analyte: str
    source: str
    below: Decimal | None = None
    above: Decimal | None = None
    at_most: Decimal | None = None
    at_least: Decimal | None = None

    def judge(self, value: Decimal, comparator: str = "") -> Flag:
        """``critical-low``, ``critical-high``, or empty; arguments as of `below`."""
        if below(value, self.below, comparator) or below(value, self.at_most, comparator, at=True):
            return "critical-low"
        if above(value, self.above, comparator) or above(value, self.at_least, comparator, at=True):
            return "critical-high"
        return ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A group of analytes, as laboratories report them together."""

    id: str
    vi: str
    en: str


@dataclass(frozen=True)
class Catalogue:
    """The two lists.

    Attributes:
        panels: In the order of showing.
        analytes: In the order of showing.
        limits: Critical limits of adults.
        adult_from_years: From which age on they hold.
    """

    panels: tuple[Panel, ...] = ()
    analytes: tuple[Analyte, ...] = ()
    limits: tuple[Limit, ...] = ()
    adult_from_years: int = 16
    _by_code: dict[str, Analyte] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look up by code."""
        self._by_code.update({code: each for each in self.analytes for code in each.codes})

    @cached_property
    def _limit_of(self) -> dict[str, Limit]:
        return {each.analyte: each for each in self.limits}

    def analyte(self, code: str) -> Analyte | None:
        """What a LOINC code names, if the list has it."""
        return self._by_code.get(code)

    def key(self, code: str) -> str:
        """What makes one row: the analyte, else the code itself."""
        found = self.analyte(code)
        return found.id if found else code

    def critical(self, code: str, value: Decimal | None, unit: str, comparator: str = "") -> Flag:
        """Whether a value of an adult is beyond a critical limit of the list; empty if not.

        Args:
            code: LOINC.
            value: The number.
            unit: Of the number.
            comparator: FHIR's, when the number is only what the result is beyond.
        """
        found = self.analyte(code)
        limit = self._limit_of.get(found.id) if found else None
        if found is None or limit is None or value is None:
            return ""
        compared = found.comparable(value, unit)
        return "" if compared is None else limit.judge(compared, comparator)

    def bounds(self) -> Iterator[tuple[str, str, float | None, float | None]]:
        """Code, unit, and what to look beyond in that unit, for a search in an index.

        A little is added at either side, for an index holds no exact numbers: `critical` decides.
        """
        for limit in self.limits:
            low, high = limit.below or limit.at_most, limit.above or limit.at_least
            for analyte in (each for each in self.analytes if each.id == limit.analyte):
                for code in analyte.codes:
                    for unit, factor in analyte.factors.items():
                        yield code, unit, _edge(low, factor, 1.001), _edge(high, factor, 0.999)


def _edge(limit: Decimal | None, factor: Decimal, slack: float) -> float | None:
    return None if limit is None else float(limit / factor) * slack


def stronger(told: Flag, found: Flag) -> Flag:
    """Of what the laboratory says and what the list finds, that which is critical.

    The laboratory's own word counts, but a value beyond a critical limit is critical even where
    the laboratory marks it as merely high, or not at all.
    """
    return found if found in CRITICAL and told not in CRITICAL else told


@dataclass(frozen=True, slots=True)
class Change:
    """How a value stands to the one before.

    Attributes:
        direction: Up, down or level; empty when the two cannot be compared.
        notable: Whether it is more than biological and analytical chance (95 %).
    """

    direction: Direction = ""
    notable: bool = False


NOT_COMPARED: Final = Change()


def change(
    analyte: Analyte | None, before: tuple[Decimal, str] | None, now: tuple[Decimal, str]
) -> Change:
    """Compare a value with the one before; each with its unit.

    Values in one unit are compared as they are, others only where the analyte tells how.
    """
    if before is None:
        return NOT_COMPARED
    old, new = _alike(analyte, before, now)
    if old is None or new is None:
        return NOT_COMPARED
    direction: Direction = "level" if new == old else "up" if new > old else "down"
    return Change(direction, _notable(analyte, old, new))


def _alike(
    analyte: Analyte | None, before: tuple[Decimal, str], now: tuple[Decimal, str]
) -> tuple[Decimal | None, Decimal | None]:
    if before[1] == now[1]:
        return before[0], now[0]
    if analyte is None:
        return None, None
    return analyte.comparable(*before), analyte.comparable(*now)


def _notable(analyte: Analyte | None, old: Decimal, new: Decimal) -> bool:
    if analyte is None or analyte.variation is None or old == 0:
        return False
    return abs(new - old) / abs(old) * 100 > _CHANGE * analyte.variation


def series(
    analyte: Analyte | None, values: Sequence[tuple[Decimal, str]], unit: str
) -> list[Decimal | None]:
    """Values in one unit, for one curve; None where a value cannot be brought into it."""
    found: list[Decimal | None] = []
    for value, own in values:
        if own == unit:
            found.append(value)
            continue
        compared = analyte.comparable(value, own) if analyte else None
        factor = analyte.factors.get(unit) if analyte else None
        found.append(None if compared is None or not factor else compared / factor)
    return found
