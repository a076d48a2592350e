"""Three-way merge of resources: what it started from, what is meant here, what the server has.

Pure functions. A part changed on one side is taken, changed to the same on both sides is taken,
changed differently is a clash; what a part is, `workstation.sync.policy` says. Decimals compare by
value, generated narrative and the server's ``meta`` do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from workstation.fhir import conflict, detected_issue
from workstation.fhir.fields import Field, keyed, part, same, stem
from workstation.fhir.json import Resource, canonical, equal, is_generated
from workstation.sync import policy
from workstation.sync.policy import Rule

Reason = Literal["both-changed", "other-subject", "deleted-here", "deleted-there"]
RuleOf = Callable[[str], Rule]

_FRAME: Final = frozenset({"resourceType", "id", "meta", "text"})
_META_LISTS: Final = ("profile", "security", "tag")


@dataclass(frozen=True, slots=True)
class Merged:
    """Both sides together.

    Attributes:
        resource: The result; None when it is deleted.
        mine: Fields taken from this side.
        theirs: Fields taken from the other side.
    """

    resource: Resource | None
    mine: tuple[Field, ...] = ()
    theirs: tuple[Field, ...] = ()

    @property
    def fields_taken(self) -> tuple[str, ...]:
        """Names of the fields taken from this side."""
        return tuple(dict.fromkeys(field.name for field in self.mine))


@dataclass(frozen=True, slots=True)
class Clash:
    """Both sides contradict each other; a person has to decide.

    Attributes:
        fields: Where they contradict.
        mine: Every field changed here since the base, the contradicting ones included.
        theirs: Every field changed there since the base.
        reason: Why nothing was merged.
    """

    fields: tuple[Field, ...]
    mine: tuple[Field, ...]
    theirs: tuple[Field, ...]
    reason: Reason = "both-changed"


def merge(
    base: Resource | None,
    mine: Resource | None,
    theirs: Resource | None,
    rule_of: RuleOf = policy.rule,
) -> Merged | Clash:
    """Merge two descendants of one base.

    Args:
        base: What both started from; None when both sides created it.
        mine: What is meant here; None when deleted here.
        theirs: What the server has; None when deleted there.
        rule_of: The policy of a type.

    Returns:
        The result with the fields taken from each side, or the clash.

    Raises:
        ValueError: The sides are not versions of one record.
    """
    if mine is None or theirs is None:
        return _with_deletion(base, mine, theirs, rule_of)
    _check_one_record(mine, theirs)
    settled = _settled(mine, theirs)
    if settled is not None:
        return settled
    rule = rule_of(mine["resourceType"])
    sides = _Sides(base or {}, mine, theirs)
    parts = _parts(sides, rule)
    ours = tuple(f for p in parts for f in p.mine)
    others = tuple(f for p in parts for f in p.theirs)
    if ours and others and _subject(mine) != _subject(theirs):
        return Clash(_subject_fields(sides), ours, others, "other-subject")
    clashing = tuple(f for p in parts for f in p.clashing) or _guard(parts, rule)
    if clashing:
        return Clash(clashing, ours, others)
    merged_mine = tuple(f for p in parts for f in p.mine if f not in p.theirs)
    return Merged(_assemble(sides, parts), merged_mine, others)


def changed(
    base: Resource | None, edited: Resource, rule_of: RuleOf = policy.rule
) -> tuple[Field, ...]:
    """The fields in which an edited resource differs from its base."""
    start = base or {}
    parts = _parts(_Sides(start, edited, start), rule_of(edited["resourceType"]))
    return tuple(f for p in parts for f in p.mine)


@dataclass(frozen=True, slots=True)
class _Sides:
    base: Mapping[str, Any]
    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]

    def each(self, cut: Callable[[Mapping[str, Any]], Any]) -> tuple[Any, Any, Any]:
        return cut(self.base), cut(self.mine), cut(self.theirs)


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the resource, merged: its elements, and who changed which field of it."""

    name: str
    elements: Mapping[str, Any]
    mine: tuple[Field, ...] = ()
    theirs: tuple[Field, ...] = ()
    clashing: tuple[Field, ...] = ()


def _parts(sides: _Sides, rule: Rule) -> list[_Part]:
    parts = [_part(name, stems, sides, rule) for name, stems in _names(sides, rule).items()]
    return parts + [_meta_part(element, sides, rule) for element in _META_LISTS]


def _names(sides: _Sides, rule: Rule) -> dict[str, tuple[str, ...]]:
    """The parts that occur on any side, in the order of the server's elements."""
    elements = dict.fromkeys(
        name
        for side in (sides.theirs, sides.mine, sides.base)
        for name in side
        if name not in _FRAME or (name == "text" and not is_generated(side[name]))
    )
    stems = tuple(dict.fromkeys(stem(element) for element in elements))
    if not rule.known:
        return {"whole-record": stems} if stems else {}
    found: dict[str, tuple[str, ...]] = {}
    for one in stems:
        group = rule.group_of.get(one)
        found[group or one] = rule.groups[group] if group else (one,)
    return found


def _part(name: str, stems: tuple[str, ...], sides: _Sides, rule: Rule) -> _Part:
    cut = sides.each(lambda side: part(side, stems))
    keys = rule.lists.get(name, ()) if rule.known and name not in rule.groups else None
    if keys is not None and all(set(elements) <= {name} for elements in cut):
        listed = _list_part(name, keys, _Sides(*cut), name, "")
        if listed is not None:
            return listed
    return _atomic_part(Field(name, stems), *cut)


def _meta_part(element: str, sides: _Sides, rule: Rule) -> _Part:
    cut = sides.each(lambda side: part(side.get("meta") or {}, (element,)))
    name = f"meta.{element}"
    listed = _list_part(name, rule.lists.get(name, ()), _Sides(*cut), element, "meta")
    return listed or _atomic_part(Field(name, (element,), inside="meta"), *cut)


def _atomic_part(field: Field, base: Any, mine: Any, theirs: Any) -> _Part:
    here = () if same(base, mine) else (field,)
    there = () if same(base, theirs) else (field,)
    agreed = same(mine, theirs)
    value = theirs if there and not agreed else mine
    return _Part(field.name, value, here, there, here if here and there and not agreed else ())


def _list_part(
    name: str, keys: Iterable[tuple[str, ...]], lists: _Sides, element: str, inside: str
) -> _Part | None:
    """Merge a list entry by entry; None when nothing tells its entries apart."""
    if not all(isinstance(side.get(element, []), list) for side in lists.each(lambda s: s)):
        return None
    for by in (("id",), *keys):
        cut = lists.each(lambda side, by=by: keyed(side.get(element, []), by))  # type: ignore[misc]
        if all(side is not None for side in cut):
            field = Field(name, (element,), by, inside=inside)
            return _entries_part(field, element, *cut)
    return None


def _entries_part(
    field: Field,
    element: str,
    base: dict[str, Any],
    mine: dict[str, Any],
    theirs: dict[str, Any],
) -> _Part:
    def touched(side: Mapping[str, Any]) -> tuple[Field, ...]:
        keys = dict.fromkeys((*base, *side))
        return tuple(
            Field(field.name, field.elements, field.by, key, field.inside)
            for key in keys
            if not same(base.get(key), side.get(key))
        )

    here, there = touched(mine), touched(theirs)
    clashing = tuple(f for f in here if f in there and not same(mine.get(f.key), theirs.get(f.key)))
    order = _order(base, mine, theirs)
    if order is None:
        whole = Field(field.name, field.elements, inside=field.inside)
        return _Part(field.name, {}, here or (whole,), there or (whole,), clashing or (whole,))
    theirs_keys = {f.key for f in there}
    entries = []
    for key in order:
        side = theirs if key in theirs_keys and not same(mine.get(key), theirs.get(key)) else mine
        if key in side:
            entries.append(side[key])
    here, there = _reordered(field, base, mine, here), _reordered(field, base, theirs, there)
    return _Part(field.name, {element: entries} if entries else {}, here, there, clashing)


def _reordered(
    field: Field, base: Mapping[str, Any], side: Mapping[str, Any], touched: tuple[Field, ...]
) -> tuple[Field, ...]:
    """The fields touched; the whole list when only its order has changed."""
    if touched or list(base) == list(side):
        return touched
    return (Field(field.name, field.elements, inside=field.inside),)


def _order(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[str] | None:
    """Keys of both sides in one order that does not depend on which side is which.

    None when both sides changed the order of what they have in common.
    """
    common = [key for key in mine if key in theirs]
    other = [key for key in theirs if key in mine]
    start = [key for key in base if key in mine and key in theirs]
    if other in (common, start):
        spine = common
    elif common == start:
        spine = other
    else:
        return None
    runs = [_runs(side, frozenset(spine)) for side in (mine, theirs)]
    order: list[str] = []
    for anchor in ("", *spine):
        if anchor:
            order.append(anchor)
        for run in sorted(run[anchor] for run in runs if anchor in run):
            order += run
    return order


def _runs(side: Mapping[str, Any], spine: frozenset[str]) -> dict[str, list[str]]:
    """What only this side has, by the common entry that it follows."""
    runs: dict[str, list[str]] = {}
    anchor = ""
    for key in side:
        if key in spine:
            anchor = key
        else:
            runs.setdefault(anchor, []).append(key)
    return runs


def _guard(parts: list[_Part], rule: Rule) -> tuple[Field, ...]:
    """The fields that must not be merged with each other although they are different ones."""
    ours = [f for p in parts for f in p.mine if f not in p.theirs]
    others = [f for p in parts for f in p.theirs if f not in p.mine]
    found = [
        field
        for here in ours
        for there in others
        if here.name != there.name and rule.clinical(here.name) and rule.clinical(there.name)
        if here.name in rule.guarded or there.name in rule.guarded
        for field in (here, there)
    ]
    return tuple(sorted(set(found), key=lambda field: (field.name, field.key)))


def _assemble(sides: _Sides, parts: list[_Part]) -> Resource:
    """The resource, its elements in the server's order, ours that are new after them."""
    values: dict[str, Any] = {}
    meta = {k: v for k, v in (sides.theirs.get("meta") or {}).items() if k not in _META_LISTS}
    for one in parts:
        (meta if one.name.startswith("meta.") else values).update(one.elements)
    values |= {"resourceType": sides.mine["resourceType"], "id": sides.mine.get("id")}
    if meta:
        values["meta"] = meta
    order = dict.fromkeys((*sides.theirs, *sides.mine, *values))
    result = {name: values[name] for name in order if values.get(name) is not None}
    return _with_narrative(result, sides)


def _with_narrative(result: Resource, sides: _Sides) -> Resource:
    """Keep a generated narrative only where it still describes the content."""
    if "text" not in result:
        for side in (sides.theirs, sides.mine):
            if is_generated(side.get("text")) and canonical(side) == canonical(result):
                return {**result, "text": side["text"]}
    return result


def _with_deletion(
    base: Resource | None, mine: Resource | None, theirs: Resource | None, rule_of: RuleOf
) -> Merged | Clash:
    """Deleting is a change of everything: it goes through when the other side changed nothing."""
    gone = Field("record-deleted", ())
    if mine is None and theirs is None:
        return Merged(None)
    edited = theirs if mine is None else mine
    touched = changed(base, edited, rule_of) if edited is not None else ()
    if mine is None:
        return (
            Clash((gone,), (gone,), touched, "deleted-here")
            if touched
            else Merged(None, mine=(gone,))
        )
    if touched:
        return Clash((gone,), touched, (gone,), "deleted-there")
    return Merged(None, theirs=(gone,))


def _settled(mine: Resource, theirs: Resource) -> Merged | None:
    """What the terminals tell each other is never put to a person as a conflict of its own."""
    if conflict.is_conflict(mine) and conflict.is_conflict(theirs):
        result = conflict.reconcile(mine, theirs)
    elif detected_issue.is_alert(mine) and detected_issue.is_alert(theirs):
        result = detected_issue.reconcile(mine, theirs)
    else:
        return None
    field = Field("whole-record", tuple(dict.fromkeys(stem(name) for name in result)))
    return Merged(
        result,
        mine=() if equal(result, theirs) else (field,),
        theirs=() if equal(result, mine) else (field,),
    )


def _check_one_record(mine: Resource, theirs: Resource) -> None:
    if (mine["resourceType"], mine.get("id")) != (theirs["resourceType"], theirs.get("id")):
        message = "two different records cannot be merged"
        raise ValueError(message)


def _subject(resource: Mapping[str, Any]) -> list[str | None]:
    return [_reference(resource.get(name)) for name in policy.SUBJECTS]


def _reference(value: Any) -> str | None:
    return value.get("reference") if isinstance(value, dict) else None


def _subject_fields(sides: _Sides) -> tuple[Field, ...]:
    names = [
        name
        for name in policy.SUBJECTS
        if _reference(sides.mine.get(name)) != _reference(sides.theirs.get(name))
    ]
    return tuple(Field(name, (name,)) for name in names)
