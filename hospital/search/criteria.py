"""A search as plain values: what the query asks, ready for the store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenIs:
    """A coded value.

    Attributes:
        labels: Index paths, of which one must match.
        code: The code or value; empty for any of the system.
        system: The system; empty for none, absent for any.
    """

    labels: tuple[str, ...]
    code: str
    system: str | None


@dataclass(frozen=True, slots=True)
class RefersTo:
    """A reference, as ``Type/id`` or absolute; several when the type was left open."""

    labels: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefersToSuch:
    """A reference to something that is found by a search of its own (a chained parameter).

    Attributes:
        labels: Index paths, of which one must match.
        type: The type referred to.
        every: As in `Criteria`: what must hold of it.
    """

    labels: tuple[str, ...]
    type: str
    every: tuple[tuple[Test, ...], ...]


@dataclass(frozen=True, slots=True)
class During:
    """A date compared with a span, in milliseconds since 1970.

    Attributes:
        labels: Index paths, of which one must match.
        prefix: ``eq ne gt ge lt le sa eb``.
        low: First millisecond of the span asked for.
        high: Its last.
    """

    labels: tuple[str, ...]
    prefix: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Reads:
    """A text, folded.

    Attributes:
        labels: Index paths, of which one must match.
        text: What is looked for, folded.
        how: ``start``, ``contains`` or ``exact``.
    """

    labels: tuple[str, ...]
    text: str
    how: str


@dataclass(frozen=True, slots=True)
class IsMissing:
    """Whether an element is absent.

    Attributes:
        kind: The index that it would be in.
        labels: Index paths, none of which may be there.
        missing: False when one must be there.
    """

    kind: str
    labels: tuple[str, ...]
    missing: bool


@dataclass(frozen=True, slots=True)
class HasId:
    """One of these ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Updated:
    """The server's time of the last change, compared as in `During`."""

    prefix: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Not:
    """None of these."""

    tests: tuple[Test, ...]


Test = TokenIs | RefersTo | RefersToSuch | During | Reads | IsMissing | HasId | Updated | Not


@dataclass(frozen=True, slots=True)
class Order:
    """One key of a sort.

    Attributes:
        kind: ``updated``, ``id``, ``key`` (age of the resource) or an index kind.
        labels: For an index kind: its paths.
        descending: Largest first.
    """

    kind: str
    labels: tuple[str, ...] = ()
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Include:
    """Resources to add to a page.

    Attributes:
        labels: Index paths of the reference.
        target: The type to keep; empty for any.
        reverse: The referring ones are added, not the referred ones.
    """

    labels: tuple[str, ...]
    target: str
    reverse: bool


@dataclass(frozen=True, slots=True)
class Criteria:
    """A search of one type.

    Attributes:
        type: The resource type.
        every: Groups of tests: all groups must hold, in each at least one test.
        order: The sort; the key of the resource is always the last.
        count: Size of a page.
        after: Where the page before ended: one value for each order.
        includes: What to add.
        elements: Elements to keep; empty for all.
        summary: ``false``, ``count``, ``data``.
        total: Whether the number of all matches was asked for.
        understood: The parameters that were understood, for links.
    """

    type: str
    every: tuple[tuple[Test, ...], ...] = ()
    order: tuple[Order, ...] = ()
    count: int = 50
    after: tuple[object, ...] = ()
    includes: tuple[Include, ...] = ()
    elements: tuple[str, ...] = ()
    summary: str = "false"
    total: bool = False
    understood: tuple[tuple[str, str], ...] = ()
