"""Searching one type, page by page, with what the matches refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

import msgspec

from hospital.interactions.bundles import Entry, address, bundle, found
from hospital.interactions.call import Answer, Call
from hospital.schema.r4 import resource_types
from hospital.search.criteria import Criteria, Include, RefersTo
from hospital.search.parameters import compartment_labels
from hospital.search.query import AFTER, Pairs, place_text, read_query
from hospital.store.view import CHUNK, Version, View
from workstation.fhir.json import parse

MOST_INCLUDED: Final = 5000
"""Included resources of one page."""

_outermost: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_SUBSETTED: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}


def search(call: Call, view: View, type_: str, pairs: Pairs, *, patient: str = "") -> Answer:
    """A page of matches.

    Args:
        call: The request.
        view: The record.
        type_: The resource type searched.
        pairs: The query, decoded.
        patient: Id of the patient in whose compartment to search; empty for no such limit.

    Raises:
        Fault: 400 for a parameter that is unknown or makes no sense.
    """
    call.allow(type_, "s")
    criteria = read_query(
        type_,
        pairs,
        base=call.base,
        lenient=call.prefers("handling=lenient"),
        largest=call.limits.page,
    )
    path = f"Patient/{patient}/{type_}" if patient else type_
    if patient:
        criteria = _within(criteria, patient)
    links = [("self", address(call.base, path, criteria.understood))]
    if criteria.summary == "count":
        return Answer(HTTPStatus.OK, bundle("searchset", [], links, view.count(criteria)))
    rows = view.search(criteria)
    page = [version for version, _ in rows[: criteria.count]]
    if len(rows) > criteria.count:
        place = place_text(rows[criteria.count - 1][1])
        links.append(("next", address(call.base, path, [*criteria.understood, (AFTER, place)])))
    entries = [found(call, version, _shaped(version, criteria)) for version in page]
    entries += _included(call, view, criteria.includes, page)
    total = view.count(criteria) if criteria.total else _known_total(criteria, rows)
    return Answer(HTTPStatus.OK, bundle("searchset", entries, links, total))


def _within(criteria: Criteria, patient: str) -> Criteria:
    member = RefersTo(compartment_labels(criteria.type), (f"Patient/{patient}",))
    return replace(criteria, every=(*criteria.every, (member,)))


def _known_total(criteria: Criteria, rows: Sequence[object]) -> int | None:
    """A first page that has everything tells the total for nothing."""
    return len(rows) if not criteria.after and len(rows) <= criteria.count else None


def _shaped(version: Version, criteria: Criteria) -> Mapping[str, Any] | None:
    """The part of a resource that was asked for; nothing when all of it was.

    Only the outermost elements are told apart; what they hold is handed on as it is written.
    """
    if not criteria.elements and criteria.summary == "false":
        return None
    resource: dict[str, Any] = _outermost(version.body or "{}")
    if criteria.elements:
        keep = _kept(criteria.elements)
        resource = {name: value for name, value in resource.items() if name in keep}
    else:
        resource.pop("text", None)
    meta = parse(bytes(resource["meta"]))
    resource["meta"] = {**meta, "tag": [*meta.get("tag", []), _SUBSETTED]}
    return resource


@lru_cache(64)
def _kept(elements: tuple[str, ...]) -> frozenset[str]:
    names = {"resourceType", "id", "meta", *elements}
    return frozenset(names | {f"_{name}" for name in names})


def _included(
    call: Call, view: View, includes: Sequence[Include], page: Sequence[Version]
) -> list[Entry]:
    seen = {version.key for version in page}
    entries: list[Entry] = []
    for include in includes:
        for version in _reached(view, include, page):
            may = call.principal.may(version.type, "r")
            if version.key not in seen and may and len(entries) < MOST_INCLUDED:
                seen.add(version.key)
                entries.append(found(call, version, mode="include"))
    return entries


def _reached(view: View, include: Include, page: Sequence[Version]) -> Iterator[Version]:
    if include.reverse:
        yield from _referring(view, include, page)
        return
    targets = view.reached(include.labels, [version.key for version in page])
    yield from referred(view, targets, include.target)


def referred(view: View, targets: set[str], only: str = "") -> Iterator[Version]:
    """The living resources behind relative references.

    Args:
        view: The record.
        targets: ``Type/id`` each.
        only: The type to keep; empty for any.
    """
    by_type: dict[str, list[str]] = {}
    for target in sorted(targets):
        type_, _, id_ = target.partition("/")
        if type_ in resource_types() and only in ("", type_):
            by_type.setdefault(type_, []).append(id_)
    for type_, ids in by_type.items():
        for version in view.several(type_, ids):
            if not version.deleted:
                yield version


def _referring(view: View, include: Include, page: Sequence[Version]) -> Iterator[Version]:
    for at in range(0, len(page), CHUNK):
        targets = tuple(f"{item.type}/{item.id}" for item in page[at : at + CHUNK])
        criteria = Criteria(
            include.target, ((RefersTo(include.labels, targets),),), count=MOST_INCLUDED
        )
        for version, _ in view.search(criteria):
            yield version
