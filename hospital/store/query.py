"""Turns a search into SQL that every database understands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from hospital.search.criteria import (
    Criteria,
    During,
    HasId,
    IsMissing,
    Not,
    Order,
    Reads,
    RefersTo,
    RefersToSuch,
    Test,
    TokenIs,
    Updated,
)
from hospital.search.times import EARLIEST, LATEST
from hospital.store.tables import link, moment, resource, token, word

Condition = ColumnElement[bool]

_TABLES: Final[dict[str, Table]] = {
    "token": token,
    "uri": token,
    "reference": link,
    "date": moment,
    "string": word,
}
_LAST_CHARACTER: Final = "\U0010ffff"


def matching(asked: Select[Any], criteria: Criteria) -> Select[Any]:
    """One page of `criteria`, and one row more; the sort values follow the columns of `asked`.

    The page is found and sorted before `asked` is joined to it, so that only the bodies of the
    page are read, not those of every match.

    Args:
        asked: Columns of `resource` and of what is joined to it.
        criteria: What to look for.
    """
    order = (*criteria.order, Order("key"))
    values = [_sort_value(key) for key in order]
    labelled = [value.label(f"sort_{at}") for at, value in enumerate(values)]
    page = select(resource.c.key.label("found"), *labelled).where(*_conditions(criteria))
    if criteria.after:
        page = page.where(_beyond(order, values, criteria.after))
    rows = page.order_by(*_sorted(order, values)).limit(criteria.count + 1).subquery("page")
    keys = [rows.c[label.name] for label in labelled]
    asked = asked.join(rows, rows.c.found == resource.c.key).add_columns(*keys)
    return asked.order_by(*_sorted(order, keys))


def _sorted(
    order: Sequence[Order], values: Sequence[ColumnElement[Any]]
) -> list[ColumnElement[Any]]:
    return [
        value.desc() if key.descending else value.asc()
        for key, value in zip(order, values, strict=True)
    ]


def counting(criteria: Criteria) -> Select[Any]:
    """The number of matches."""
    return select(func.count()).select_from(resource).where(*_conditions(criteria))


def reaching(keys: Sequence[int]) -> Select[Any]:
    """Everything that resources refer to, with the path: few rows each, found by their key."""
    return select(link.c.label, link.c.target).where(link.c.key.in_(keys))


def _conditions(criteria: Criteria) -> list[Condition]:
    """All tests; the one that leaves least is looked up, the others are asked of its rows.

    An index label names its type and the index has living resources only, so that a look-up there
    needs no condition on either: with one, SQLite would rather walk through the whole type.
    """
    groups = sorted(criteria.every, key=lambda group: _SELECTIVE.index(type(group[0])))
    every = [
        or_(*(_condition(test, leads=at == 0) for test in _joined(group)))
        for at, group in enumerate(groups)
    ]
    if groups and isinstance(groups[0][0], RefersTo | RefersToSuch | Reads | TokenIs | During):
        return every
    return [resource.c.type == criteria.type, resource.c.deleted == false(), *every]


def _joined(group: Sequence[Test]) -> Sequence[Test]:
    """One look-up for all the patients that a search names, instead of one for each."""
    targets: dict[tuple[str, ...], tuple[str, ...]] = {}
    others: list[Test] = []
    for test in group:
        if isinstance(test, RefersTo):
            targets[test.labels] = targets.get(test.labels, ()) + test.targets
        else:
            others.append(test)
    return [*(RefersTo(labels, found) for labels, found in targets.items()), *others]


def _condition(test: Test, *, leads: bool) -> Condition:
    asked = _CONDITIONS[type(test)](test)
    if not isinstance(asked, _Indexed):
        return asked
    rows = asked.table.c.label.in_(asked.labels), *asked.tests
    if leads:
        return resource.c.key.in_(select(asked.table.c.key).where(*rows))
    return exists().where(asked.table.c.key == resource.c.key, *rows)


@dataclass(frozen=True, slots=True)
class _Indexed:
    """Rows of an index of which one must be there."""

    table: Table
    labels: Sequence[str]
    tests: tuple[Condition, ...] = ()


def _token(test: TokenIs) -> _Indexed:
    tests = [token.c.code == test.code] if test.code else []
    if test.system is not None:
        tests.append(token.c.system == test.system)
    return _Indexed(token, test.labels, tuple(tests))


def _reference(test: RefersTo) -> _Indexed:
    return _Indexed(link, test.labels, (link.c.target.in_(test.targets),))


def _chain(test: RefersToSuch) -> _Indexed:
    such = select(literal(f"{test.type}/") + resource.c.id).correlate(None)
    such = such.where(*_conditions(Criteria(test.type, test.every)))
    return _Indexed(link, test.labels, (link.c.target.in_(such),))


def _date(test: During) -> _Indexed:
    return _Indexed(moment, test.labels, (_compared(moment.c.low, moment.c.high, test),))


def _compared(
    low: ColumnElement[int], high: ColumnElement[int], test: During | Updated
) -> Condition:
    """The prefixes of https://hl7.org/fhir/R4/search.html#prefix over spans."""
    inside = and_(low >= test.low, high <= test.high)
    return {
        "eq": inside,
        "ne": not_(inside),
        "gt": high > test.high,
        "ge": high >= test.low,
        "lt": low < test.low,
        "le": low <= test.high,
        "sa": low > test.high,
        "eb": high < test.low,
    }[test.prefix]


def _updated(test: Updated) -> Condition:
    return _compared(resource.c.at, resource.c.at, test)


def _string(test: Reads) -> _Indexed:
    if test.how == "exact":
        tests: tuple[Condition, ...] = (word.c.value == test.text,)
    elif test.how == "start":
        tests = word.c.value >= test.text, word.c.value < test.text + _LAST_CHARACTER
    else:
        tests = (word.c.value.contains(test.text, autoescape=True),)
    return _Indexed(word, test.labels, tests)


def _missing(test: IsMissing) -> Condition:
    table = _TABLES[test.kind]
    present = exists().where(table.c.key == resource.c.key, table.c.label.in_(test.labels))
    return not_(present) if test.missing else present


def _id(test: HasId) -> Condition:
    return resource.c.id.in_(test.ids)


def _none_of(test: Not) -> Condition:
    return not_(or_(*(_condition(inner, leads=False) for inner in test.tests)))


_CONDITIONS: Final = cast(
    "dict[type[Test], Callable[[Test], Condition | _Indexed]]",
    {
        TokenIs: _token,
        RefersTo: _reference,
        RefersToSuch: _chain,
        During: _date,
        Updated: _updated,
        Reads: _string,
        IsMissing: _missing,
        HasId: _id,
        Not: _none_of,
    },
)


_SELECTIVE: Final[tuple[type[Test], ...]] = (
    HasId,
    RefersTo,
    RefersToSuch,
    Reads,
    TokenIs,
    During,
    Updated,
    IsMissing,
    Not,
)
"""Kinds of tests, those that usually leave least first."""


def _sort_value(order: Order) -> ColumnElement[Any]:
    if order.kind == "updated":
        return resource.c.seq
    if order.kind == "id":
        return resource.c.id
    if order.kind == "key":
        return resource.c.key
    table = _TABLES[order.kind]
    column = {"token": "code", "uri": "code", "reference": "target", "string": "value"}.get(
        order.kind, "high" if order.descending else "low"
    )
    pick = func.max if order.descending else func.min
    value = (
        select(pick(table.c[column]))
        .where(table.c.key == resource.c.key, table.c.label.in_(order.labels))
        .correlate(resource)
        .scalar_subquery()
    )
    if order.kind == "date":
        return func.coalesce(value, EARLIEST if order.descending else LATEST)
    return func.coalesce(value, "" if order.descending else _LAST_CHARACTER)


def _beyond(
    order: Sequence[Order], values: Sequence[ColumnElement[Any]], after: Sequence[object]
) -> Condition:
    """Rows after a place in the order: ``a > x or (a = x and (b > y or …))``."""
    beyond: Condition = false()
    for key, value, place in reversed(list(zip(order, values, after, strict=True))):
        further = value < place if key.descending else value > place
        beyond = or_(further, and_(value == place, beyond))
    return beyond


def belonging(
    asked: Select[Any],
    labels: Sequence[str],
    patient: str,
    *,
    types: Sequence[str],
    since: int,
    after: int,
    count: int,
) -> Select[Any]:
    """A patient and what belongs to him or her, by key.

    Args:
        asked: Columns of `resource` and of what is joined to it.
        labels: The index paths by which something belongs to a patient.
        patient: Id of the patient.
        types: Only these resource types; empty for all.
        since: Only what changed from this time on, in ms since 1970.
        after: Only resources whose key is greater.
        count: At most so many.
    """
    belongs = select(link.c.key).where(
        link.c.label.in_(labels), link.c.target == f"Patient/{patient}", link.c.key > after
    )
    person = select(resource.c.key).where(
        resource.c.type == "Patient", resource.c.id == patient, resource.c.key > after
    )
    page = select(resource.c.key.label("found")).where(
        resource.c.key.in_(union_all(belongs, person)),
        resource.c.deleted == false(),
        resource.c.at >= since,
    )
    if types:
        page = page.where(resource.c.type.in_(types))
    rows = page.order_by(resource.c.key).limit(count).subquery("page")
    return asked.join(rows, rows.c.found == resource.c.key).order_by(resource.c.key)
