"""Reading one resource, or one of its versions."""

from __future__ import annotations

from http import HTTPStatus

from hospital.interactions.call import Answer, Call, etag, location, number, raw
from hospital.outcome import Fault, not_found
from hospital.store.view import Version, View


def read(call: Call, view: View, type_: str, id_: str) -> Answer:
    """The current version.

    Raises:
        Fault: 404 when it is unknown, 410 when it was deleted.
    """
    call.allow(type_, "r")
    return _shown(call, view.current(type_, id_), f"{type_}/{id_}"[:100])


def vread(call: Call, view: View, type_: str, id_: str, tag: str) -> Answer:
    """One version, current or not.

    Raises:
        Fault: 404 when it is unknown, 410 when it is a deletion.
    """
    call.allow(type_, "r")
    version = number(tag)
    found = None if version is None else view.version(type_, id_, version)
    return _shown(call, found, f"{type_}/{id_}/_history/{tag}"[:160])


def _shown(call: Call, found: Version | None, what: str) -> Answer:
    if found is None:
        raise not_found(what)
    if found.deleted:
        headers = {"ETag": etag(found), "Location": location(call, found)}
        raise Fault(HTTPStatus.GONE, "deleted", f"{what} was deleted", headers=headers)
    seen = call.headers.get("if-none-match", "")
    if seen == "*" or etag(found) in [part.strip() for part in seen.split(",")]:
        return Answer(HTTPStatus.NOT_MODIFIED, None, found)
    return Answer(HTTPStatus.OK, raw(found), found)
