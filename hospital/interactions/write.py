"""Creating, updating and deleting, with and without conditions, inside one unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from hospital.interactions.call import Answer, Call, etag, number, raw
from hospital.interactions.content import invalid, named, problems
from hospital.outcome import Fault, bad_request
from hospital.schema.primitives import is_id
from hospital.schema.validate import Problem
from hospital.search.query import pairs_of, read_query
from hospital.store.unit import Unit
from hospital.store.view import Version
from workstation.fhir.json import parse
from workstation.kernel.identity import uuid7

_verbatim = msgspec.json.Encoder(decimal_format="number", order="sorted")


@dataclass(frozen=True, slots=True)
class Sent:
    """A resource as a client sent it, looked at before the writer's lock is taken.

    Attributes:
        content: The resource.
        problems: The rules of R4 that it breaks.
    """

    content: dict[str, Any]
    problems: frozenset[Problem]


def sent(content: Any, type_: str, id_: str | None) -> Sent:
    """Look at what was sent to an address.

    Raises:
        Fault: 400 when it is not what the address says.
    """
    resource = named(content, type_, id_)
    return Sent(resource, problems(resource))


def create(
    call: Call, unit: Unit, type_: str, new: Sent, *, query: str = "", id_: str = ""
) -> Answer:
    """Store a new resource under an id of ours.

    Args:
        call: The request.
        unit: What it is written into.
        type_: Its type.
        new: The resource; an id in it does not count.
        query: ``If-None-Exist``: create only if nothing matches.
        id_: The id to give, when it was decided before.

    Raises:
        Fault: 412 when several match, 422 when it breaks a rule.
    """
    call.allow(type_, "c")
    if query:
        known = matches(call, unit, type_, query)
        if known:
            return _done(HTTPStatus.OK, known[0])
    if new.problems:
        raise invalid(new.problems)
    content = {**new.content, "id": id_ or uuid7()}
    return _done(HTTPStatus.CREATED, unit.put(content, method="POST"))


def update(
    call: Call, unit: Unit, type_: str, new: Sent, *, if_match: str = "", if_none_match: str = ""
) -> Answer:
    """Store a new version, or create under the client's id.

    What equals the current version makes no new one. A rule that the current version breaks
    already (a record taken over from elsewhere) may still be broken.

    Raises:
        Fault: 412 when a condition does not hold, 422 when it breaks a rule.
    """
    known = unit.current(type_, new.content["id"])
    call.allow(type_, "u" if known else "c")
    _check_conditions(known, if_match, if_none_match)
    alive = known is not None and not known.deleted
    if new.problems and not (alive and known and _inherited(new.problems, known)):
        raise invalid(new.problems)
    if alive and known and _same(new.content, known):
        return _done(HTTPStatus.OK, known)
    written = unit.put(new.content, method="PUT")
    return _done(HTTPStatus.OK if alive else HTTPStatus.CREATED, written)


def update_matching(
    call: Call, unit: Unit, type_: str, new: Sent, query: str, *, if_match: str = ""
) -> Answer:
    """Update the one resource that matches, or create when none does.

    Raises:
        Fault: 400 when the id is another one's, 412 when several match.
    """
    known = matches(call, unit, type_, query)
    id_ = new.content.get("id")
    if known:
        if id_ not in (None, known[0].id):
            raise bad_request("the id in the body is not that of the match", "value")
        found = Sent({**new.content, "id": known[0].id}, new.problems)
        return update(call, unit, type_, found, if_match=if_match)
    if not is_id(id_):
        return create(call, unit, type_, new)
    if unit.current(type_, str(id_)):
        raise Fault(HTTPStatus.CONFLICT, "conflict", "the id is taken by one that does not match")
    return update(call, unit, type_, new, if_match=if_match)


def remove(call: Call, unit: Unit, type_: str, id_: str, *, if_match: str = "") -> Answer:
    """Delete a resource; its versions stay. Deleting what is not there is no failure.

    Raises:
        Fault: 412 when a condition does not hold.
    """
    call.allow(type_, "d")
    known = unit.current(type_, id_) if is_id(id_) else None
    _check_conditions(known, if_match, "")
    if known is None or known.deleted:
        return Answer(HTTPStatus.NO_CONTENT, None, known)
    return Answer(HTTPStatus.NO_CONTENT, None, unit.remove(type_, id_))


def matches(call: Call, unit: Unit, type_: str, query: str) -> list[Version]:
    """What a condition finds: nothing or one.

    Raises:
        Fault: 412 when it finds several, 400 when it names nothing to look for.
    """
    call.allow(type_, "s")
    pairs = pairs_of(query.split("?", 1)[-1])
    criteria = read_query(type_, [*pairs, ("_count", "2")], base=call.base)
    if not criteria.every:
        raise bad_request("the condition names nothing to look for")
    found = [version for version, _ in unit.view().search(criteria)]
    if len(found) > 1:
        raise Fault(HTTPStatus.PRECONDITION_FAILED, "multiple-matches", "several match")
    return found


def _check_conditions(known: Version | None, if_match: str, if_none_match: str) -> None:
    if if_match and if_match != "*" and (known is None or number(if_match) != known.version):
        raise _stale(known, "the version is not the current one")
    alive = known is not None and not known.deleted
    if if_match == "*" and not alive:
        raise _stale(known, "there is no current version")
    if alive and known and if_none_match and if_none_match in ("*", etag(known)):
        raise _stale(known, "it exists already")


def _stale(known: Version | None, why: str) -> Fault:
    headers = {"ETag": etag(known)} if known else {}
    return Fault(HTTPStatus.PRECONDITION_FAILED, "conflict", why, headers=headers)


def _inherited(found: frozenset[Problem], known: Version) -> bool:
    return found <= problems(parse(known.body or "{}"))


def _same(content: dict[str, Any], known: Version) -> bool:
    """Equal to the last digit, but for what the server itself writes into ``meta``."""
    stored = parse(known.body or "{}")
    return _verbatim.encode(_bare(content)) == _verbatim.encode(_bare(stored))


def _bare(content: dict[str, Any]) -> dict[str, Any]:
    meta = content.get("meta") or {}
    kept = {name: meta[name] for name in meta if name not in ("versionId", "lastUpdated")}
    return {**content, "meta": kept}


def _done(status: HTTPStatus, version: Version) -> Answer:
    return Answer(status, raw(version), version)
